//! The state pill: how the page's own connection stands.

use leptos::prelude::*;

use super::{
    board::Board,
    live::{live, on, when},
    part::part,
};
use crate::store::{Connection, Intent};

/// The pill, and beside it the button that does not wait.
#[component]
pub fn Standing(
    /// The way to the store.
    board: Board,
) -> impl IntoView {
    let name = move || board.status(|store| store.connection().name().to_owned());
    let label = move || board.status(|store| store.connection().label(board.now()));
    // The live region says the state; the seconds, which would be read out one by one, stay out of it.
    let words = move || split_countdown(&label()).0.to_owned();
    let countdown = move || split_countdown(&label()).1.to_owned();
    let is_waiting =
        move || board.status(|store| matches!(store.connection(), Connection::Reconnecting { .. }));
    let try_now = move || {
        part(view! {
            <button
                type="button"
                class="button"
                data-kind="quiet"
                on:click=on(move |_| board.send(Intent::RetryNow))
            >
                "Try now"
            </button>
        })
    };
    view! {
        <p class="pill" role="status" data-state=live(name) title=live(label)>
            <span class="pill-lamp" aria-hidden="true"></span>
            <span class="pill-words">
                {live(words)} <span aria-hidden="true">{live(countdown)}</span>
            </span>
        </p>
        {when(is_waiting, try_now)}
    }
}

/// `Reconnecting in 5 s` as `Reconnecting` and ` in 5 s`.
fn split_countdown(label: &str) -> (&str, &str) {
    match label.strip_prefix("Reconnecting") {
        Some(countdown) if countdown.starts_with(" in ") => ("Reconnecting", countdown),
        _ => (label, ""),
    }
}
