//! The devices of an account.

use leptos::{ev, prelude::*};

use super::{
    card::card,
    desk::{Desk, Dialog},
    dialog::dialogs,
    login::who,
};
use crate::{
    store::{Millis, clock::relative},
    things::store::{Wish, device::Device},
    view::{
        labels::counted,
        list::{Item, list},
        live::{live, on, when},
        part::{Part, part},
    },
};

/// What it shows.
pub(super) const LEAD: &str = "A device has credentials of its own, and rights to the channels that you choose. Whether it is there, \
                               and what it sent last, stands beside it, live.";

/// The whole page.
pub(super) fn devices(desk: Desk) -> Part {
    let count = move || {
        desk.read(|things| {
            let limit = things.limits().devices;
            things.devices().map_or_else(String::new, |devices| format!("{} of {limit}", devices.len()))
        })
    };
    let items = move || {
        let item = |device: &Device| {
            let id = device.id.clone();
            Item::new(id.to_string(), move |_| card(desk, id))
        };
        desk.read(|things| things.devices().unwrap_or_default().iter().map(item).collect())
    };
    let is_empty = move || desk.read(|things| things.devices().is_some_and(<[Device]>::is_empty));
    let is_awaited = move || desk.read(|things| things.devices().is_none() && things.list_error().is_empty());
    part(view! {
        <div class="use-actions things-bar">
            <h3 class="panel-title">
                "Your devices " <span class="panel-count">{live(count)}</span>
            </h3>
            <button
                type="button"
                class="button things-first"
                data-kind="primary"
                on:click=on(move |_: ev::MouseEvent| desk.show(Dialog::Add))
            >
                "Add device"
            </button>
            {who(desk)}
        </div>
        {notes(desk)}
        {list("ul", "list", items)}
        {when(is_awaited, || part(view! { <p class="use-empty" role="status">"Asking the broker…"</p> }))}
        {when(is_empty, || part(view! {
            <p class="use-empty">
                "No devices yet. Add one, save its credentials, and run the code that comes with them."
            </p>
        }))}
        {errors(desk)}
        {dialogs(desk)}
    })
}

/// Why the list may not be what is so.
pub(super) fn notes(desk: Desk) -> Part {
    let error = move || desk.read(|things| things.list_error().to_owned());
    let draw = move || {
        let title = if error().starts_with("This realm has no devices") {
            "No devices here. Log out to choose another realm."
        } else {
            "The list could not be fetched."
        };
        part(view! {
            <div class="use-note" role="alert">
                <p class="use-note-title">{title}</p>
                <p dir="auto">{live(error)}</p>
                <button type="button" class="button" on:click=on(move |_: ev::MouseEvent| desk.wish(Wish::List))>
                    "Ask again"
                </button>
            </div>
        })
    };
    let is_away = move || desk.read(|things| things.devices().is_some() && !things.is_live());
    let away = || {
        part(view! {
            <p class="use-note" role="status">"Not connected: this is what was known when the page was."</p>
        })
    };
    part(view! {
        {when(move || !error().is_empty(), draw)}
        {when(is_away, away)}
    })
}

/// What the broker refused to the account and its devices.
fn errors(desk: Desk) -> Part {
    let items = move || {
        let item = |(at, words): &(Millis, std::sync::Arc<str>)| {
            let (at, words) = (*at, words.to_string());
            Item::new(format!("{} {words}", at.0), move |_| {
                part(view! {
                    <li class="device-event">
                        <time datetime=at.iso()>{live(move || relative(desk.now(), at))}</time>
                        <span dir="auto">{words}</span>
                    </li>
                })
            })
        };
        desk.read(|things| things.errors().map(item).collect())
    };
    let count = move || desk.read(|things| things.errors().count());
    let draw = move || {
        let said = move || counted(count() as u64, "refusal", "refusals");
        part(view! {
            <section class="panel" aria-labelledby="refusals">
                <h3 class="panel-title" id="refusals">
                    "What was refused " <span class="panel-count">{live(said)}</span>
                </h3>
                {list("ul", "list", items)}
            </section>
        })
    };
    part(view! { {when(move || count() > 0, draw)} })
}
