//! Whether a worker answers, and how to start one.

use leptos::prelude::*;

use super::desk::Desk;
use crate::{
    store::{Millis, clock},
    uses::store::worker::State,
    view::{
        live::{live, memo, when},
        part::{Part, part},
    },
};

/// A sentence, where no worker answers; nothing where one does, or where none is needed.
pub(super) fn note(desk: Desk) -> Part {
    let state = memo(move || desk.read(|room| room.worker().map(|worker| (worker.name(), worker.state()))));
    let is_away = move || matches!(state.get(), Some((_, State::Absent | State::Offline(_))));
    let words = move || match state.get() {
        Some((_, State::Absent)) => "What you send is heard by nobody.".to_owned(),
        Some((_, State::Offline(at))) => {
            let since = |at: Millis| format!("It was last here {}. ", clock::relative(desk.now(), at));
            format!("{}What you send waits for it at the broker.", at.map(since).unwrap_or_default())
        }
        _ => String::new(),
    };
    let draw = move || {
        let name = state.get_untracked().map_or("", |(name, _)| name);
        let host = window().location().hostname().unwrap_or_default();
        let command = format!("headcount-worker {name} --broker mqtt://{host}:1883");
        part(view! {
            <div class="use-note" role="note">
                <p>
                    <strong class="use-note-title">"No worker answers here. "</strong>
                    {live(words)}
                </p>
                <p>"Start one: "<code>{command}</code></p>
            </div>
        })
    };
    let answers = move || matches!(state.get(), Some((_, State::Online)));
    let here = || part(view! { <p class="use-worker">"A worker is here."</p> });
    part(view! {
        <div class="use-worker-place" aria-live="polite">{when(is_away, draw)} {when(answers, here)}</div>
    })
}
