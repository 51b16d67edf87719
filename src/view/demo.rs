//! The button that connects a demo client from the page.

use leptos::prelude::*;

use super::{
    board::Board,
    live::{live, on},
    part::{Part, part},
};
use crate::store::{Connection, DemoState, Intent};

/// Connects a demo client, or lets it leave.
/// `kind` is `primary` where it is the one thing to do, and else `plain`.
pub(super) fn demo_button(board: Board, kind: &'static str) -> Part {
    let is_there = move || {
        board.status(|store| matches!(store.demo(), DemoState::Connecting(_) | DemoState::Connected(_)))
    };
    let is_live = move || board.status(|store| matches!(store.connection(), Connection::Live(_)));
    let label =
        move || if is_there() { "Disconnect demo client" } else { "Connect a demo client" }.to_owned();
    let toggle = move |_| {
        let is_there = untrack(is_there);
        board.send(if is_there { Intent::StopDemo } else { Intent::StartDemo });
    };
    part(view! {
        <button
            type="button"
            class="button"
            data-kind=kind
            prop:disabled=live(move || !is_live() && !is_there())
            on:click=on(toggle)
        >
            {live(label)}
        </button>
    })
}
