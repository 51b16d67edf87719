//! The list of packets, oldest first: what is new comes at its end, and nothing above it moves.

use leptos::{ev, html::Div, prelude::*};

use super::{desk::Desk, row, viewport::Viewport};
use crate::{
    view::{
        cursor::Move,
        list::{Item, list},
        live::{live, memo, on, when},
        part::{Part, part},
    },
    wire::Wire,
};

/// The list.
pub(super) fn packets(desk: Desk, scroller: NodeRef<Div>) -> Part {
    let viewport = Viewport::new(desk, scroller);
    let scene = memo(move || viewport.window());
    let rows = move || {
        let range = scene.get().range;
        desk.read(|wire| {
            let item = |packet: &std::sync::Arc<crate::wire::Packet>| {
                let packet = std::sync::Arc::clone(packet);
                let key = format!("{}/{}", packet.number, wire.generation());
                let place = move |index: RwSignal<usize>| scene.get().range.start + index.get();
                Item::new(key, move |index| row::draw(desk, &packet, move || place(index)))
            };
            wire.window(range.clone()).map(item).collect()
        })
    };
    let track = move || {
        let scene = scene.get();
        format!("padding-block: {}px {}px", scene.above, scene.below)
    };
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
