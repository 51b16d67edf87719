//! How the one connection of a view stands.

use leptos::prelude::*;

use super::{
    live::{live, on, when},
    part::{Part, part},
};
use crate::{
    link,
    store::{Connection, Millis},
};

/// The pill in the masthead, and beside it the button that does not wait.
pub(crate) fn standing(
    connection: impl Fn() -> Connection + Copy + Send + Sync + 'static,
    connect: impl Fn() + Copy + Send + 'static,
) -> Part {
    let name = move || connection().name().to_owned();
    // The live region says the state without the seconds, which would be read out one by one.
    let words = move || match connection() {
        Connection::Reconnecting { .. } => "Reconnecting".to_owned(),
        other => other.label(Millis(0)),
    };
    let why = move || match connection() {
        Connection::Reconnecting { error, .. } => error.to_string(),
        other => other.label(link::clock()),
    };
    let may_try = move || !matches!(connection(), Connection::Connecting { .. } | Connection::Live(_));
    let again = move || {
        part(view! {
            <button type="button" class="button" data-kind="quiet" on:click=on(move |_| connect())>
                "Try now"
            </button>
        })
    };
    part(view! {
        <p class="pill" role="status" data-state=live(name) title=live(why)>
            <span class="pill-lamp" aria-hidden="true"></span>
            <span class="pill-words">{live(words)}</span>
        </p>
        {when(may_try, again)}
    })
}
