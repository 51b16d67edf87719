//! The channel: its name, a link to it, and who is there by the broker's messages.

use leptos::{ev, prelude::*};

use super::Hall;
use crate::{
    presence::store::{
        Seat,
        watcher::{Present, Watcher},
    },
    view::{
        copy::write_text,
        face::avatar,
        list::{Item, list},
        live::{live, on, when},
        part::{Part, part},
    },
};

pub(super) fn room(hall: Hall) -> Part {
    let Hall { watcher, channel, .. } = hall;
    let present = move || watcher.read(|seat| seat.heard().and_then(|heard| heard.present().cloned()));
    let number = move || present().map_or_else(|| "–".to_owned(), |present| present.occupancy.to_string());
    let words = move || match present().map(|present| present.occupancy) {
        None => "nobody tells at present",
        Some(1) => "client on this channel",
        Some(_) => "clients on this channel",
    };
    let nobody = move || present().is_some_and(|present| present.occupancy == 0);
    let hidden = move || present().is_some_and(|present| unnamed(&present) > 0);
    let more = move || {
        let count = present().map_or(0, |present| unnamed(&present));
        part(view! { <p class="use-empty">{format!("and {count} more, not named")}</p> })
    };
    let people = move || {
        let present = present().unwrap_or_default();
        let person = |name: &std::sync::Arc<str>| {
            let name = std::sync::Arc::clone(name);
            Item::new(name.to_string(), move |_| {
                part(view! {
                    <li class="member">
                        {avatar(&name)}
                        <bdi class="member-name">{name.to_string()}</bdi>
                    </li>
                })
            })
        };
        present.who.iter().map(person).collect()
    };
    let complaint = move || watcher.read(|seat| seat.heard().and_then(Watcher::complaint));
    let is_told = move || complaint().is_some();
    let note = move || {
        part(view! {
            <p class="use-note" role="alert">{complaint().unwrap_or_default().to_string()}</p>
        })
    };
    let away = move || watcher.read(is_away);
    let stale = move || {
        part(view! {
            <p class="use-note" role="note">
                "The watcher is not connected: who is on the channel is not known until it is back."
            </p>
        })
    };
    part(view! {
        <section class="panel" aria-labelledby="room-title">
            <div class="room-head">
                <h3 class="panel-title" id="room-title">"Who is there"</h3>
                <code class="room-channel" id="channel">{channel.to_string()}</code>
                {link_button()}
            </div>
            <p class="room-count" role="status" aria-label="Occupancy">
                <strong class="room-number" id="occupancy">{live(number)}</strong>" "
                <span class="room-words">{live(move || words().to_owned())}</span>
            </p>
            {when(is_told, note)}
            {when(away, stale)}
            <div class="members" aria-label="Clients on the channel" role="group">{list("ul", "list", people)}</div>
            {when(nobody, || part(view! {
                <p class="use-empty">"Nobody. Connect Alan, or open the link in another browser."</p>
            }))}
            {when(hidden, more)}
        </section>
    })
}

fn is_away(seat: &Seat) -> bool {
    !matches!(seat.connection().name(), "live" | "connecting")
}

fn unnamed(present: &Present) -> u64 {
    present.occupancy.saturating_sub(present.who.len() as u64)
}

/// Copies the page's address, which names the channel.
fn link_button() -> Part {
    let said = RwSignal::new("Copy link");
    let copy = move |_: ev::MouseEvent| {
        leptos::task::spawn_local(async move {
            let address = window().location().href().unwrap_or_default();
            said.set(if write_text(&address).await { "Link copied" } else { "Copy the address above" });
        });
    };
    part(view! {
        <button type="button" class="button" on:click=on(copy)>
            <span aria-live="polite">{live(move || said.get().to_owned())}</span>
        </button>
    })
}
