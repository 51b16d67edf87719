//! The opened packet: its fields, its bytes, and what it belongs to.

use std::sync::Arc;

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::Element;

use super::{
    desk::Desk,
    dock::focus,
    fields, row,
    still::{Still, still},
};
use crate::{
    store::clock,
    view::{
        board::offset_minutes,
        copy,
        live::{effect, live, memo, on},
        part::{Part, part},
    },
    wire::{DumpPart, Packet, dump, offset, version_name},
};

/// Bytes of the hex dump at first, and four times as many with each step more.
const SHOWN: usize = 2_048;

/// The packet that the reader stands on.
pub(super) fn opened(desk: Desk) -> Part {
    let limit = RwSignal::new(SHOWN);
    effect(move || {
        desk.cursor.track();
        limit.set(SHOWN);
    });
    let whenever = move |draw: fn(&Packet) -> Still| {
        live(move || desk.packet().map_or_else(Part::none, |packet| still(move || draw(&packet))))
    };
    let bytes = move || {
        let limit = limit.get();
        desk.packet().map_or_else(Part::none, |packet| still(move || bytes(&packet, limit)))
    };
    part(view! {
        <div
            class="packet-opened"
            role="region"
            aria-label="Opened packet"
            on:pointerover=on(|event: ev::PointerEvent| light(&event_target(&event)))
            on:focusin=on(|event: ev::FocusEvent| light(&event_target(&event)))
            on:keydown=on(|event: ev::KeyboardEvent| fields::press(&event))
            on:click=on(move |event: ev::MouseEvent| act(desk, limit, &event_target(&event)))
        >
            {whenever(head)}
            {flow(desk)}
            <div class="packet-parts">
                {whenever(|packet| fields::tree(&packet.dissect()))}
                {live(bytes)}
            </div>
        </div>
    })
}

/// Does what the button or the byte is for that was clicked.
fn act(desk: Desk, limit: RwSignal<usize>, target: &Element) {
    let Ok(Some(button)) = target.closest("[data-act]") else { return fields::point_at(target) };
    match button.get_attribute("data-act").as_deref() {
        Some("close") => {
            desk.is_opened.set(false);
            focus(".packets-list");
        }
        Some("copy") => {
            let Some(hex) = untrack(|| desk.packet()).map(|packet| packet.hex()) else { return };
            leptos::task::spawn_local(async move {
                let Ok(Some(dump)) = document().query_selector(".dump") else { return };
                let said = if copy::write_text(&hex).await { "Copied" } else { copy::select(&dump) };
                button.set_text_content(Some(said));
            });
        }
        Some("more") => limit.update(|limit| *limit *= 4),
        Some(number) => {
            if let Ok(number) = number.parse() {
                desk.go_to(number);
            }
        }
        None => {}
    }
}

/// A button that does this.
fn button(class: &str, act: &str, label: &str) -> Still {
    Still::new("button", class).with("type", "button").with("data-act", act).says(label)
}

fn head(packet: &Packet) -> Still {
    let at = packet.at;
    let title = format!("{} {}", row::way(packet), packet.type_name());
    let facts = format!(
        "{} · MQTT {} · connection {}{}{} · {}",
        at.date_and_clock(offset_minutes(at)),
        version_name(packet.version),
        packet.connection + 1,
        if packet.client.is_empty() { "" } else { ", " },
        packet.client,
        row::size(packet.bytes.len()),
    );
    let head = Still::new("div", "packet-head").holds([
        Still::new("h3", "").says(&title),
        Still::new("span", "packet-facts").with("dir", "auto").says(&facts),
        button("button", "copy", "Copy hex").with("data-kind", "quiet").with("aria-live", "polite"),
        button("button", "close", "✕").with("data-kind", "icon").with("aria-label", "Close the packet"),
    ]);
    let fault = packet.dissect().fault.map(|fault| {
        let words = format!("Byte {}: {}", fault.at, fault.rule);
        Still::new("p", "packet-fault").with("role", "note").says(&words)
    });
    Still::new("div", "").holds([head]).holds(fault)
}

/// The packets of the same flow, one click away; those that come later too.
fn flow(desk: Desk) -> Part {
    let flow = memo(move || {
        let Some(packet) = desk.packet() else { return Vec::new() };
        let all = desk.read(|wire| wire.record().flow_of(&packet));
        let begun = all.first().map_or(packet.at, |first| first.at);
        let step = |other: &Arc<Packet>| {
            let later = other.at.since(begun);
            let later = if later == 0 { String::new() } else { format!(" +{}", clock::duration(later)) };
            (other.number, format!("{} {}{later}", row::way(other), other.type_name()))
        };
        all.iter().map(step).collect::<Vec<_>>()
    });
    let draw = |steps: Vec<(u64, String)>, own: Option<u64>| {
        let steps = steps.into_iter().map(|(number, label)| {
            let step = button("packet-step", &number.to_string(), &label);
            let step = if own == Some(number) { step.with("aria-current", "true") } else { step };
            Still::new("li", "").holds([step])
        });
        Still::new("ol", "packet-flow").with("aria-label", "Belongs together").holds(steps)
    };
    part(live(move || {
        let (steps, own) = (flow.get(), desk.cursor.get());
        if steps.len() < 2 { Part::none() } else { still(move || draw(steps, own)) }
    }))
}

fn bytes(packet: &Packet, limit: usize) -> Still {
    let rows = dump(&packet.bytes, &packet.dissect(), limit).into_iter().map(|row| {
        let part = |part: &DumpPart, text: &str| {
            let span = Still::new("span", "").with("data-from", &part.field.start.to_string());
            span.with("data-to", &part.field.end.to_string()).says(text)
        };
        Still::new("div", "dump-row").holds([
            Still::new("span", "dump-offset").says(&offset(row.offset)),
            Still::new("span", "dump-hex").holds(row.parts.iter().map(|it| part(it, &it.hex))),
            Still::new("span", "dump-ascii").holds(row.parts.iter().map(|it| part(it, &it.ascii))),
        ])
    });
    let rest = packet.bytes.len().saturating_sub(limit);
    let more = (rest > 0).then(|| {
        button("button", "more", &format!("More: {rest} bytes are not shown")).with("data-kind", "quiet")
    });
    let dump = Still::new("div", "dump").with("role", "group").with("aria-label", "Bytes in hex");
    dump.with("tabindex", "0").holds(rows).holds(more)
}

/// Lights a field and its bytes, from either.
fn light(target: &Element) {
    let Ok(Some(opened)) = target.closest(".packet-opened") else { return };
    let span = target.closest("[data-from]").ok().flatten().and_then(|element| range(&element));
    let Ok(all) = opened.query_selector_all("[data-from]") else { return };
    for index in 0..all.length() {
        let Some(element) = all.item(index).and_then(|node| node.dyn_into::<Element>().ok()) else {
            continue;
        };
        let is_lit = match (span, range(&element)) {
            // A group lights all bytes of its fields, and bytes their own field alone.
            (Some((from, to)), Some((start, end))) if element.tag_name() == "SPAN" => {
                start < to && end > from
            }
            (Some(span), Some(own)) => span == own,
            _ => false,
        };
        // It fails for a name that is none.
        let _ = element.toggle_attribute_with_force("data-lit", is_lit);
    }
}

/// The bytes that an element of the tree or the dump is about.
pub(super) fn range(element: &Element) -> Option<(usize, usize)> {
    let number = |name: &str| element.get_attribute(name)?.parse().ok();
    Some((number("data-from")?, number("data-to")?))
}
