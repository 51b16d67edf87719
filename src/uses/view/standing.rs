//! How the connection of a use stands.

use leptos::prelude::*;

use super::desk::Desk;
use crate::{
    store::Connection,
    view::{
        live::{live, on, when},
        part::{Part, part},
    },
};

/// The pill in the masthead, and beside it the button that does not wait.
pub(super) fn standing(desk: Desk) -> Part {
    let name = move || desk.read(|room| room.connection().name().to_owned());
    let words = move || desk.read(|room| room.connection().label(crate::store::Millis(0)));
    // The live region says the state without the seconds, which would be read out one by one.
    let words = move || if name() == "reconnecting" { "Reconnecting".to_owned() } else { words() };
    let why = move || {
        desk.read(|room| match room.connection() {
            Connection::Reconnecting { error, .. } => error.to_string(),
            other => other.label(moment()),
        })
    };
    let may_try = move || {
        desk.read(|room| {
            matches!(
                room.connection(),
                Connection::Reconnecting { .. }
                    | Connection::Refused(_)
                    | Connection::TakenOver
                    | Connection::Offline
            )
        })
    };
    let again = move || {
        part(view! {
            <button type="button" class="button" data-kind="quiet" on:click=on(move |_| desk.connect())>
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

fn moment() -> crate::store::Millis {
    super::desk::moment()
}
