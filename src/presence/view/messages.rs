//! The messages as they came.

use leptos::prelude::*;

use super::Hall;
use crate::{
    presence::store::watcher::{MESSAGES_MAX, Said, Watcher},
    view::{
        board::offset_minutes,
        list::{Item, list},
        live::{live, when},
        part::{Part, part},
    },
};

pub(super) fn messages(hall: Hall) -> Part {
    let watcher = hall.watcher;
    let count = move || watcher.read(|seat| seat.heard().map_or(0, Watcher::count));
    let rows = move || {
        let said: Vec<Said> = watcher.read(|seat| {
            seat.heard().map_or_else(Vec::new, |heard| heard.messages().iter().cloned().collect())
        });
        said.into_iter().map(|said| Item::new(said.number.to_string(), move |_| message(&said))).collect()
    };
    let is_long = move || count() > MESSAGES_MAX as u64;
    part(view! {
        <section class="panel" aria-labelledby="messages-title">
            <h3 class="panel-title" id="messages-title">
                "Messages, newest first "<span class="panel-count">{live(move || count().to_string())}</span>
            </h3>
            <p class="use-lead">
                "As they come to "<code>"emitter/presence/"</code>
                ", to this connection alone. The list and the number above are made of them, and of nothing else."
            </p>
            {list("ol", "list", rows)}
            {when(is_long, || part(view! {
                <p class="use-empty">{format!("The newest {MESSAGES_MAX} are kept.")}</p>
            }))}
        </section>
    })
}

fn message(said: &Said) -> Part {
    let time = said.at.clock(offset_minutes(said.at));
    part(view! {
        <li class="said" data-event=said.event.to_string()>
            <time class="said-time" datetime=said.at.iso()>{time}</time>
            <code class="said-text">{said.text.to_string()}</code>
        </li>
    })
}
