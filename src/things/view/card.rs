//! One device: how it is, what it may do, what happened to it last.

use std::sync::Arc;

use leptos::{ev, prelude::*};

use super::{
    desk::{Desk, Dialog},
    snippets::snippets,
};
use crate::{
    store::{Millis, clock::relative, event::Event, reason},
    things::store::{State, device::Right},
    view::{
        board::offset_minutes,
        labels::{why, word},
        list::{Item, list},
        live::{live, memo, on, when},
        part::{Part, part},
    },
};

/// A card of the list.
pub(super) fn card(desk: Desk, id: Arc<str>) -> Part {
    let device = {
        let id = Arc::clone(&id);
        memo(move || desk.read(|things| things.device(&id).cloned()).unwrap_or_default())
    };
    let title = format!("name-{id}");
    let (named, about) = (title.clone(), title.clone());
    let rights = move || {
        let right = |right: &Right| {
            let right = *right;
            let key = format!("{:?}", (right.id, right.publish, right.subscribe));
            Item::new(key, move |_| channel(desk, right))
        };
        device.with(|device| device.channels.iter().map(right).collect())
    };
    let events = {
        let id = Arc::clone(&id);
        move || {
            let item = |event: Arc<Event>| {
                Item::new(format!("{:?} {}", event.seq, event.at.0), move |_| line(desk, &event))
            };
            desk.read(|things| things.events(&id)).into_iter().map(item).collect::<Vec<_>>()
        }
    };
    let is_quiet = {
        let id = Arc::clone(&id);
        move || desk.read(|things| things.events(&id).is_empty())
    };
    let code = RwSignal::new(false);
    let open = move |event: ev::Event| {
        use wasm_bindgen::JsCast as _;
        let details = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlDetailsElement>().ok());
        code.set(details.is_some_and(|details| details.open()));
    };
    let draw_code = {
        let id = Arc::clone(&id);
        move || snippets(desk, Arc::clone(&id), None)
    };
    part(view! {
        <li class="panel device" aria-labelledby=named>
            <div class="device-head">
                <h3 class="device-name" id=title dir="auto">{live(move || device.with(|device| device.name.to_string()))}</h3>
                {badge(desk, Arc::clone(&id))}
                <code class="device-id">{id.to_string()}</code>
                <div class="device-ways" role="group" aria-labelledby=about>
                    {way(desk, "Edit", Dialog::Edit(Arc::clone(&id)))}
                    {way(desk, "Rotate password", Dialog::Rotate(Arc::clone(&id)))}
                    {way(desk, "Remove", Dialog::Remove(id))}
                </div>
            </div>
            <p class="device-about" dir="auto">{live(move || device.with(|device| device.description.to_string()))}</p>
            <div class="device-columns">
                <div>
                    <h4 class="device-part">"Channels"</h4>
                    {list("ul", "list", rights)}
                    {when(
                        move || device.with(|device| device.channels.is_empty()),
                        || part(view! { <p class="use-empty">"None: it may publish and subscribe nowhere."</p> }),
                    )}
                </div>
                <div>
                    <h4 class="device-part">"Last events"</h4>
                    {list("ol", "list", events)}
                    {when(is_quiet, || part(view! { <p class="use-empty">"None in the broker's journal."</p> }))}
                </div>
            </div>
            <details class="code" on:toggle=on(open)>
                <summary>"Code for this device"</summary>
                {when(move || code.get(), draw_code)}
            </details>
        </li>
    })
}

fn way(desk: Desk, label: &'static str, dialog: Dialog) -> Part {
    let act = move |_: ev::MouseEvent| desk.show(dialog.clone());
    part(view! { <button type="button" class="button" data-kind="quiet" on:click=on(act)>{label}</button> })
}

/// Whether it is there: in a shape and words.
fn badge(desk: Desk, id: Arc<str>) -> Part {
    let state = memo(move || desk.read(|things| (things.is_live(), things.state(&id))));
    let name = move || match state.get() {
        (true, State::Online(..)) => "online",
        (true, State::Offline(..) | State::Unseen) => "offline",
        (false, _) => "unknown",
    };
    let words = move || match state.get() {
        (false, State::Online(..)) => "Unknown, was online".to_owned(),
        (false, _) => "Unknown".to_owned(),
        (true, State::Unseen) => "Not seen yet".to_owned(),
        (true, State::Online(since, from)) => {
            let since = since.map(|since| format!(" since {}", clock(since))).unwrap_or_default();
            let from = from.map(|from| format!(", {from}")).unwrap_or_default();
            format!("Online{since}{from}")
        }
        (true, State::Offline(since, why)) => {
            let since = since.map(|since| format!(", {}", relative(desk.now(), since))).unwrap_or_default();
            let why = why.map(|why| format!(", {}", reason::words(&why))).unwrap_or_default();
            format!("Offline{why}{since}")
        }
    };
    part(view! {
        <span class="badge" data-badge=live(move || name().to_owned())>
            <span class="badge-dot" aria-hidden="true"></span>
            <span class="badge-words">{live(words)}</span>
        </span>
    })
}

/// A channel of a device, and its newest entry.
fn channel(desk: Desk, right: Right) -> Part {
    let id = right.id.unwrap_or_default();
    let last = memo(move || desk.read(|things| things.last(id).cloned()));
    let words = move || match last.get() {
        Some(entry) => format!("#{}, {}: ", entry.id, relative(desk.now(), entry.at)),
        None => "no entry yet".to_owned(),
    };
    let values = move || last.get().map(|entry| entry.words()).unwrap_or_default();
    part(view! {
        <li class="device-channel">
            <a href=format!("?use=channels&channel={id}")>{format!("Channel {id}")}</a>
            " " {right.words()}
            <span class="device-last">{live(words)} <bdi>{live(values)}</bdi></span>
        </li>
    })
}

/// An event on one line.
fn line(desk: Desk, event: &Event) -> Part {
    let (at, kind) = (event.at, event.kind.name().to_owned());
    let ago = live(move || relative(desk.now(), at));
    part(view! {
        <li class="device-event" data-kind=kind>
            <time datetime=at.iso() title=at.date_and_clock(offset_minutes(at))>{ago}</time>
            <strong>{word(event).to_owned()}</strong>
            <span>{why(event)}</span>
        </li>
    })
}

/// The time of day without milliseconds; with its date where that is another.
pub(super) fn clock(at: Millis) -> String {
    let text = at.date_and_clock(offset_minutes(at));
    let today = crate::link::clock().date_and_clock(offset_minutes(at));
    let text = text.split_once('.').map_or(&*text, |(text, _)| text);
    match text.split_once(' ') {
        Some((date, time)) if today.starts_with(date) => time.to_owned(),
        _ => text.to_owned(),
    }
}
