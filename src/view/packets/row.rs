//! A row of the list.

use std::sync::Arc;

use leptos::{ev, prelude::*};

use super::desk::Desk;
use crate::{
    view::{
        board::offset_minutes,
        live::{flag, live, on},
        part::{Part, part},
    },
    wire::Packet,
};

/// The row of a packet. `index` is its place in the list, counted from 0.
pub(super) fn draw(desk: Desk, packet: &Arc<Packet>, index: impl Fn() -> usize + Send + 'static) -> Part {
    let number = packet.number;
    let take = move |_: ev::MouseEvent| {
        desk.follows.set(false);
        desk.cursor.set(Some(number));
        desk.is_opened.set(true);
    };
    let note = match packet.id {
        Some(id) if packet.note.is_empty() => format!("id {id}"),
        Some(id) => format!("id {id} · {}", packet.note),
        None => packet.note.clone(),
    };
    part(view! {
        <div
            class="packet"
            role="option"
            id=id(number)
            data-way=if packet.is_sent() { "out" } else { "in" }
            data-faulty=packet.is_faulty.then_some("true")
            aria-selected=flag(move || desk.cursor.get() == Some(number))
            aria-posinset=live(move || (index() + 1).to_string())
            aria-setsize=live(move || desk.read(crate::wire::Wire::len).to_string())
            on:click=on(take)
        >
            <time class="packet-time" datetime=packet.at.iso()>
                {packet.at.clock(offset_minutes(packet.at))}
            </time>
            <span class="packet-way">{way(packet)}</span>
            <span class="packet-type">{packet.type_name()}</span>
            <span class="packet-client" dir="auto">{packet.client.to_string()}</span>
            <span class="packet-topic" dir="auto">{packet.topic.clone()}</span>
            <span class="packet-note" dir="auto">{note}</span>
            <span class="packet-size">{size(packet.bytes.len())}</span>
        </div>
    })
}

/// The id of a row's element.
pub(super) fn id(number: u64) -> String {
    format!("wire-packet-{number}")
}

/// `↑ out`
pub(super) fn way(packet: &Packet) -> &'static str {
    if packet.is_sent() { "↑ out" } else { "↓ in" }
}

/// `12 B`
pub(super) fn size(bytes: usize) -> String {
    format!("{} B", crate::view::labels::thousands(bytes as u64))
}
