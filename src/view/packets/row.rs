//! A row of the list.

use super::still::Still;
use crate::{view::board::offset_minutes, wire::Packet};

/// The row of a packet, at this place of the list, counted from 0.
pub(super) fn draw(packet: &Packet, index: usize, is_selected: bool) -> Still {
    let note = match packet.id {
        Some(id) if packet.note.is_empty() => format!("id {id}"),
        Some(id) => format!("id {id} · {}", packet.note),
        None => packet.note.clone(),
    };
    let cell = |class: &str, text: &str| Still::new("span", class).with("dir", "auto").says(text);
    let row = Still::new("div", "packet")
        .with("role", "option")
        .with("id", &id(packet.number))
        .with("data-number", &packet.number.to_string())
        .with("data-way", if packet.is_sent() { "out" } else { "in" })
        .with("aria-selected", if is_selected { "true" } else { "false" })
        .with("aria-posinset", &(index + 1).to_string())
        // How many there are changes with every packet; the head of the view tells.
        .with("aria-setsize", "-1");
    let row = if packet.is_faulty { row.with("data-faulty", "true") } else { row };
    let time = packet.at.clock(offset_minutes(packet.at));
    row.holds([
        Still::new("time", "packet-time").with("datetime", &packet.at.iso()).says(&time),
        Still::new("span", "packet-way").says(way(packet)),
        Still::new("span", "packet-type").says(&packet.type_name()),
        cell("packet-client", &packet.client),
        cell("packet-topic", &packet.topic),
        cell("packet-note", &note),
        Still::new("span", "packet-size").says(&size(packet.bytes.len())),
    ])
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
