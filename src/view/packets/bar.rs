//! What one does to the list: ask for some of the packets, hold still, keep a file of them.

use headcount_mqtt::PacketType;
use leptos::{ev, prelude::*};

use super::{desk::Desk, file};
use crate::{
    view::{
        icon::{Icon, icon},
        labels::{counted, thousands},
        live::{flag, live, memo, on},
        part::{Part, part},
    },
    wire::Filter,
};

/// The bar.
pub(super) fn bar(desk: Desk) -> Part {
    part(view! {
        <header class="packets-bar">
            <h2 id="wire-title">"Wire"</h2>
            <p class="packets-count" role="status">
                {live(move || count(desk))}
            </p>
            <div class="packets-ask" role="search" aria-label="Packets">
                {field("wire-text", "Find in packets", "Find…", desk, |filter| &mut filter.text)}
                {field("wire-topic", "Topic or Topic Filter", "Topic, or a/+/b", desk, |filter| &mut filter.topic)}
                {types(desk)}
                {connections(desk)}
            </div>
            <div class="packets-ways" role="group" aria-label="Shown">
                {toggle("↑ out", "What this page sent", desk, |filter| &mut filter.sent)}
                {toggle("↓ in", "What this page received", desk, |filter| &mut filter.received)}
                {toggle("pings", "PINGREQ and PINGRESP", desk, |filter| &mut filter.pings)}
            </div>
            <div class="packets-end">
                {pause(desk)}
                {file::buttons(desk)}
            </div>
            <button
                type="button"
                class="button packets-close"
                data-kind="icon"
                aria-label="Close the wire view"
                on:click=on(move |_: ev::MouseEvent| desk.is_open.set(false))
            >
                {icon(Icon::Clear)}
            </button>
        </header>
    })
}

/// `12 of 340 packets · 2,000 older let go`
fn count(desk: Desk) -> String {
    desk.read(|wire| {
        let record = wire.record();
        let all = counted(record.len() as u64, "packet", "packets");
        let mut text = if wire.len() == record.len() {
            all
        } else {
            format!("{} of {all}", thousands(wire.len() as u64))
        };
        if record.trimmed() > 0 {
            text.push_str(" · ");
            text.push_str(&thousands(record.trimmed()));
            text.push_str(" older let go");
        }
        text
    })
}

fn field(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    desk: Desk,
    of: fn(&mut Filter) -> &mut String,
) -> Part {
    let value = move || desk.read(|wire| of(&mut wire.filter().clone()).clone());
    let change = move |event: ev::Event| {
        let text = event_target_value(&event);
        desk.ask(|filter| *of(filter) = text);
    };
    part(view! {
        <input
            class="packets-field"
            type="search"
            id=id
            aria-label=label
            placeholder=hint
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            dir="auto"
            prop:value=live(value)
            on:input=on(change)
        />
    })
}

fn toggle(label: &'static str, title: &'static str, desk: Desk, of: fn(&mut Filter) -> &mut bool) -> Part {
    let is_on = memo(move || desk.read(|wire| *of(&mut wire.filter().clone())));
    let turn = move |_: ev::MouseEvent| desk.ask(|filter| *of(filter) ^= true);
    part(view! {
        <button
            type="button"
            class="button packets-way"
            title=title
            aria-pressed=flag(move || is_on.get())
            on:click=on(turn)
        >
            {label}
        </button>
    })
}

fn types(desk: Desk) -> Part {
    let options = (1..=15_u8).filter_map(|number| {
        let name = PacketType::from_first_byte(number << 4)?.to_string();
        let is_chosen =
            move || desk.read(|wire| wire.filter().packet_type.is_some_and(|chosen| chosen as u8 == number));
        Some(view! {
            <option value=number.to_string() prop:selected=live(is_chosen)>
                {name}
            </option>
        })
    });
    let options = options.collect_view();
    let choose = move |event: ev::Event| {
        let number = event_target_value(&event).parse::<u8>().unwrap_or_default();
        desk.ask(|filter| filter.packet_type = PacketType::from_first_byte(number << 4));
    };
    part(view! {
        <select class="packets-field" aria-label="Packet type" on:change=on(choose)>
            <option value="0" prop:selected=live(move || desk.read(|wire| wire.filter().packet_type.is_none()))>
                "All types"
            </option>
            {options}
        </select>
    })
}

fn connections(desk: Desk) -> Part {
    let known = memo(move || {
        let all = desk.read(crate::wire::Wire::connections).into_iter();
        all.map(|(number, client)| (u64::from(number), client.to_string())).collect::<Vec<_>>()
    });
    let options = move || {
        let all = option(desk, None, "All connections".to_owned());
        let one = |(number, client): (u64, String)| {
            let name = if client.is_empty() { "unnamed" } else { &client };
            // Counted from 1, for people.
            option(desk, u32::try_from(number).ok(), format!("{}: {name}", number + 1))
        };
        let all: Vec<Part> = std::iter::once(all).chain(known.get().into_iter().map(one)).collect();
        part(all)
    };
    let choose = move |event: ev::Event| {
        let connection = event_target_value(&event).parse().ok();
        desk.ask(|filter| filter.connection = connection);
    };
    part(view! {
        <select class="packets-field" aria-label="Connection" on:change=on(choose)>
            {live(options)}
        </select>
    })
}

fn option(desk: Desk, connection: Option<u32>, label: String) -> Part {
    let is_chosen = move || desk.read(|wire| wire.filter().connection == connection);
    let value = connection.map_or_else(String::new, |number| number.to_string());
    part(view! {
        <option value=value prop:selected=live(is_chosen)>
            {label}
        </option>
    })
}

fn pause(desk: Desk) -> Part {
    let is_paused = memo(move || desk.read(crate::wire::Wire::is_paused));
    let label = move || match (is_paused.get(), desk.read(crate::wire::Wire::held)) {
        (false, _) => "Pause".to_owned(),
        (true, 0) => "Paused".to_owned(),
        (true, held) => format!("Paused · {} held", thousands(held)),
    };
    let turn = move |_: ev::MouseEvent| desk.change(|wire| wire.pause(!wire.is_paused()));
    part(view! {
        <button
            type="button"
            class="button"
            title="Hold still; recording goes on"
            aria-pressed=flag(move || is_paused.get())
            on:click=on(turn)
        >
            {live(move || icon(if is_paused.get() { Icon::Play } else { Icon::Pause }))}
            {live(label)}
        </button>
    })
}
