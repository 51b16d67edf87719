//! The view of presence by channel.

// Leptos' component macro writes the properties' struct as `pub`, whatever the component is.
#![allow(unreachable_pub)]

mod clients;
mod explained;
mod line;
mod messages;
mod room;

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::store::{CLIENTS_MAX, Seat, channel::Channel};
use crate::{
    link::{Beat, random},
    store::{Millis, Settings},
    view::{
        part::{Part, part},
        place,
        standing::standing,
        styles,
    },
};
use line::Line;

/// The names that a visitor finds, as in the article that this is after.
const NAMES: [&str; 3] = ["Alan", "Margaret", "Grace"];

/// What every part has at hand; a copy of it is the same one.
#[derive(Clone, Copy)]
struct Hall {
    channel: Channel,
    watcher: Line,
    /// Clients, as many as have a name.
    names: RwSignal<Vec<String>>,
    clients: StoredValue<Vec<Line>>,
    settings: StoredValue<Settings>,
    now: RwSignal<Millis>,
}

/// Draws the page in the place of index.html's frame.
pub fn mount() {
    styles::adopt(include_str!("../../../style/presence-channel.css"));
    document().set_title("Headcount: Presence");
    place::page(page);
}

fn page() -> Part {
    let now = RwSignal::new(crate::link::clock());
    StoredValue::new_local(Beat::new(move || now.set(crate::link::clock())));
    let channel = Channel::of(&window().location().search().unwrap_or_default(), random());
    // A browser may refuse it to a page in a sandbox: then each opening has a channel of its own.
    let _ = window()
        .history()
        .and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&channel.query())));
    let settings = Settings::preset(&window().location().origin().unwrap_or_default(), 0, "");
    let address = settings.address.clone();
    let watcher = Line::open(Seat::watcher(channel), &address);
    let clients = (0..CLIENTS_MAX).map(|_| Line::open(Seat::client(channel), &address)).collect();
    let hall = Hall {
        channel,
        watcher,
        names: RwSignal::new(NAMES.map(str::to_owned).into()),
        clients: StoredValue::new(clients),
        settings: StoredValue::new(settings),
        now,
    };
    let connect = move || watcher.connect(&format!("presence-{:08x}", random() >> 32));
    connect();
    place::fill("standing", move || {
        standing(move || watcher.read(|seat| seat.connection().clone()), connect)
    });
    part(view! {
        <main class="demo use presence-channel">
            <div class="use-head">
                <h2 class="use-title">"Presence by channel"</h2>
                <p class="use-lead">
                    "A channel knows who is on it. This page watches one: the broker tells it who joins and who leaves, \
                     whichever way they go."
                </p>
            </div>
            <div class="use-columns">
                <div class="use-main">{room::room(hall)} {messages::messages(hall)}</div>
                <div class="use-side">{clients::clients(hall)} {explained::explained(hall)}</div>
            </div>
        </main>
    })
}
