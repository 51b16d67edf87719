//! The opened packet: its fields, its bytes, and what it belongs to.

use std::sync::Arc;

use headcount_mqtt::dissect::Dissection;
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::Element;

use super::{desk::Desk, dock::focus, fields, row};
use crate::{
    store::clock,
    view::{
        board::offset_minutes,
        copy,
        icon::{Icon, icon},
        live::{live, memo, on},
        part::{Part, part},
    },
    wire::{Packet, dump, offset, version_name},
};

/// Bytes of the hex dump at first, and with each step more.
const SHOWN: usize = 2_048;

/// The packet that the reader stands on.
pub(super) fn opened(desk: Desk) -> Part {
    let draw = move || match desk.packet() {
        Some(packet) => draw(desk, &packet),
        None => part(view! { <p class="packets-empty">"The record let go of this packet."</p> }),
    };
    part(view! {
        <div
            class="packet-opened"
            role="region"
            aria-label="Opened packet"
            on:pointerover=on(|event: ev::PointerEvent| light(&event_target(&event)))
            on:focusin=on(|event: ev::FocusEvent| light(&event_target(&event)))
            on:click=on(|event: ev::MouseEvent| fields::point_at(&event_target(&event)))
        >
            {live(draw)}
        </div>
    })
}

fn draw(desk: Desk, packet: &Arc<Packet>) -> Part {
    let read = packet.dissect();
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
    let fault = read.fault.as_ref().map(|fault| {
        view! {
            <p class="packet-fault" role="note">
                <strong>{format!("Byte {}: ", fault.at)}</strong>
                {fault.rule.clone()}
            </p>
        }
    });
    let limit = RwSignal::new(SHOWN);
    part(view! {
        <div class="packet-head">
            <h3>{title}</h3>
            <span class="packet-facts" dir="auto">{facts}</span>
            {copy_hex(packet)}
            <button
                type="button"
                class="button"
                data-kind="icon"
                aria-label="Close the packet"
                on:click=on(move |_: ev::MouseEvent| {
                    desk.is_opened.set(false);
                    focus(".packets-list");
                })
            >
                {icon(Icon::Clear)}
            </button>
        </div>
        {flow(desk, packet)}
        {fault}
        <div class="packet-parts">
            {fields::tree(&read)}
            {bytes(Arc::clone(packet), read, limit)}
        </div>
    })
}

/// The packets of the same flow, one click away; those that come later too.
fn flow(desk: Desk, packet: &Arc<Packet>) -> Part {
    let (own, packet) = (packet.number, Arc::clone(packet));
    let flow = memo(move || {
        let all = desk.read(|wire| wire.record().flow_of(&packet));
        let begun = all.first().map_or(packet.at, |first| first.at);
        let step = |other: &Arc<Packet>| {
            let later = other.at.since(begun);
            let later = if later == 0 { String::new() } else { format!(" +{}", clock::duration(later)) };
            (other.number, format!("{} {}{later}", row::way(other), other.type_name()))
        };
        all.iter().map(step).collect::<Vec<_>>()
    });
    let step = move |(number, label): (u64, String)| {
        view! {
            <li>
                <button
                    type="button"
                    class="packet-step"
                    aria-current=(number == own).then_some("true")
                    on:click=on(move |_: ev::MouseEvent| desk.go_to(number))
                >
                    {label}
                </button>
            </li>
        }
    };
    let steps = move || {
        let all = flow.get();
        if all.len() < 2 {
            return Part::none();
        }
        let steps = all.into_iter().map(step).collect_view();
        part(view! {
            <ol class="packet-flow" aria-label="Belongs together">
                {steps}
            </ol>
        })
    };
    part(live(steps))
}

fn bytes(packet: Arc<Packet>, read: Dissection, limit: RwSignal<usize>) -> Part {
    let len = packet.bytes.len();
    let rows = move || {
        let rows = dump(&packet.bytes, &read, limit.get()).into_iter().map(|row| {
            let span = |part: &crate::wire::DumpPart, text: String| {
                view! {
                    <span data-from=part.field.start.to_string() data-to=part.field.end.to_string()>
                        {text}
                    </span>
                }
            };
            let hex = row.parts.iter().map(|part| span(part, part.hex.clone())).collect_view();
            let ascii = row.parts.iter().map(|part| span(part, part.ascii.clone())).collect_view();
            view! {
                <div class="dump-row">
                    <span class="dump-offset">{offset(row.offset)}</span>
                    <span class="dump-hex">{hex}</span>
                    <span class="dump-ascii">{ascii}</span>
                </div>
            }
        });
        part(rows.collect_view())
    };
    let more = move || {
        let rest = len.saturating_sub(limit.get());
        if rest == 0 {
            return Part::none();
        }
        part(view! {
            <button
                type="button"
                class="button"
                data-kind="quiet"
                on:click=on(move |_: ev::MouseEvent| limit.update(|limit| *limit *= 4))
            >
                {format!("More: {rest} bytes are not shown")}
            </button>
        })
    };
    part(view! {
        <div class="dump" role="group" aria-label="Bytes in hex" tabindex="0">
            {live(rows)}
            {live(more)}
        </div>
    })
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

fn copy_hex(packet: &Packet) -> Part {
    let hex = packet.hex();
    let said = RwSignal::new("Copy hex");
    let copy = move |_: ev::MouseEvent| {
        let hex = hex.clone();
        leptos::task::spawn_local(async move {
            let Ok(Some(dump)) = document().query_selector(".dump") else { return };
            said.set(if copy::write_text(&hex).await { "Copied" } else { copy::select(&dump) });
        });
    };
    part(view! {
        <button type="button" class="button" data-kind="quiet" on:click=on(copy)>
            <span aria-live="polite">{live(move || said.get())}</span>
        </button>
    })
}
