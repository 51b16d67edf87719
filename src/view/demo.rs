//! The button that connects a demo client from the page.

use leptos::prelude::*;

use super::board::Board;
use crate::store::{Connection, DemoState, Intent};

/// Connects a demo client, or lets it leave.
#[component]
pub(super) fn DemoButton(
    /// The way to the store.
    board: Board,
    /// `primary` where it is the one thing to do.
    #[prop(default = "plain")]
    kind: &'static str,
) -> impl IntoView {
    let is_there = Memo::new(move |_| {
        board.status(|store| matches!(store.demo(), DemoState::Connecting(_) | DemoState::Connected(_)))
    });
    let is_live = Memo::new(move |_| board.status(|store| matches!(store.connection(), Connection::Live(_))));
    let label = move || if is_there.get() { "Disconnect demo client" } else { "Connect a demo client" };
    let toggle = move |_| {
        board.send(if is_there.get_untracked() { Intent::StopDemo } else { Intent::StartDemo });
    };
    view! {
        <button
            type="button"
            class="button"
            data-kind=kind
            disabled=move || !is_live.get() && !is_there.get()
            on:click=toggle
        >
            {label}
        </button>
    }
}
