//! The list of packets, oldest first: what is new comes at its end, and nothing above it moves.

use leptos::{ev, html::Div, prelude::*};

use web_sys::Element;

use super::{desk::Desk, row, still::still, viewport::Viewport};
use crate::{
    view::{
        cursor::Move,
        list::{Item, list},
        live::{effect, live, on, when},
        part::{Part, part},
    },
    wire::Wire,
};

/// The list.
pub(super) fn packets(desk: Desk, scroller: NodeRef<Div>) -> Part {
    let viewport = Viewport::new(desk, scroller);
    let rows = move || {
        let range = viewport.window().range;
        desk.read(|wire| {
            let item = |packet: &std::sync::Arc<crate::wire::Packet>| {
                let packet = std::sync::Arc::clone(packet);
                let key = format!("{}/{}", packet.number, wire.generation());
                Item::new(key, move |index| {
                    let place = range.start + index.get_untracked();
                    still(move || {
                        let is_selected = desk.cursor.get_untracked() == Some(packet.number);
                        row::draw(&packet, place, is_selected)
                    })
                })
            };
            wire.window(range.clone()).map(item).collect()
        })
    };
    let track = move || {
        let scene = viewport.window();
        format!("padding-block: {}px {}px", scene.above, scene.below)
    };
    select(desk);
    let active = move || desk.cursor.get().map_or_else(String::new, row::id);
    // The page's policy forbids the attribute `style`; the property is another thing to it.
    part(view! {
        <div class="packets-stage">
            <div
                class="packets-list"
                role="listbox"
                aria-label="Packets, oldest first"
                aria-activedescendant=live(active)
                tabindex="0"
                node_ref=scroller
                on:scroll=on(move |_: ev::Event| viewport.on_scroll())
                on:keydown=on(move |event| press(desk, viewport, &event))
                on:click=on(move |event: ev::MouseEvent| take(desk, &event_target(&event)))
            >
                <div class="packets-track" role="presentation" prop:style=live(track)>
                    {list("div", "presentation", rows)}
                </div>
            </div>
            {when(move || desk.read(Wire::is_empty), move || empty(desk))}
            {when(move || !desk.follows.get() && viewport.is_above_the_end(), move || newest(desk))}
        </div>
    })
}

/// Opens the packet whose row was clicked.
fn take(desk: Desk, target: &Element) {
    let row = target.closest(".packet").ok().flatten();
    let number = row.and_then(|row| row.get_attribute("data-number")?.parse().ok());
    if number.is_some() {
        desk.follows.set(false);
        desk.cursor.set(number);
        desk.is_opened.set(true);
    }
}

/// Marks the row that the reader stands on, among those that are drawn.
fn select(desk: Desk) {
    effect(move || {
        let cursor = desk.cursor.get().map(row::id);
        if let Ok(Some(before)) = document().query_selector(".packet[aria-selected='true']") {
            let _ = before.set_attribute("aria-selected", "false");
        }
        if let Some(row) = cursor.and_then(|id| document().get_element_by_id(&id)) {
            let _ = row.set_attribute("aria-selected", "true");
        }
    });
}

/// Arrows move, Enter opens.
fn press(desk: Desk, viewport: Viewport, event: &ev::KeyboardEvent) {
    let key = event.key();
    if key == "Enter" && desk.cursor.get_untracked().is_some() {
        desk.is_opened.set(true);
        return;
    }
    let Some(by) = Move::from_key(&key) else { return };
    event.prevent_default();
    let (len, from) = desk.peek(|wire| {
        let from = desk.cursor.get_untracked().and_then(|number| wire.position(number));
        (wire.len(), from)
    });
    let to = match (from, by) {
        (Some(from), _) => by.target(from, len, viewport.page()),
        (None, Move::Newest) => by.target(0, len, 0),
        // Who has not been here begins where the list is new.
        (None, _) => len.checked_sub(1),
    };
    let number =
        to.and_then(|to| desk.peek(|wire| wire.window(to..to + 1).next().map(|packet| packet.number)));
    if number.is_some() {
        desk.cursor.set(number);
        desk.reveal();
    }
}

fn empty(desk: Desk) -> Part {
    let words = move || {
        if desk.read(|wire| wire.record().is_empty()) {
            "Nothing was sent or received yet. What this page and the broker say to each other stands here, packet by packet."
        } else {
            "No packet is as you ask."
        }
        .to_owned()
    };
    part(view! { <p class="packets-empty">{live(words)}</p> })
}

fn newest(desk: Desk) -> Part {
    part(view! {
        <button
            type="button"
            class="button packets-newest"
            on:click=on(move |_: ev::MouseEvent| desk.follows.set(true))
        >
            "↓ Newest"
        </button>
    })
}
