//! The state pill: how the page's own connection stands.

use leptos::prelude::*;

use super::board::Board;
use crate::store::{Connection, Intent};

/// The pill, and beside it the button that does not wait.
#[component]
pub(super) fn Standing(
    /// The way to the store.
    board: Board,
) -> impl IntoView {
    let connection = Memo::new(move |_| board.status(|store| store.connection().clone()));
    let is_waiting = Memo::new(move |_| matches!(*connection.read(), Connection::Reconnecting { .. }));
    // The live region says the state; the seconds, which would be read out one by one, stay out of it.
    let label = move || connection.read().label(board.now());
    let words = move || split_countdown(&label()).0.to_owned();
    let countdown = move || split_countdown(&label()).1.to_owned();
    view! {
        <div class="standing">
            <p class="pill" role="status" data-state=move || connection.read().name() title=label>
                <span class="pill-lamp" aria-hidden="true"></span>
                <span class="pill-words">
                    {words} <span aria-hidden="true">{countdown}</span>
                </span>
            </p>
            <Show when=move || is_waiting.get()>
                <button
                    type="button"
                    class="button"
                    data-kind="quiet"
                    on:click=move |_| board.send(Intent::RetryNow)
                >
                    "Try now"
                </button>
            </Show>
        </div>
    }
}

/// `Reconnecting in 5 s` as `Reconnecting` and ` in 5 s`.
fn split_countdown(label: &str) -> (&str, &str) {
    match label.strip_prefix("Reconnecting") {
        Some(countdown) if countdown.starts_with(" in ") => ("Reconnecting", countdown),
        _ => (label, ""),
    }
}
