//! The channels of an account: their values as they come.

use leptos::{ev, prelude::*};

use super::{
    chart::chart,
    desk::{Desk, Dialog},
    devices::notes,
    dialog::dialogs,
    entries::entries,
    login::who,
    publish::publish,
};
use crate::{
    store::query,
    things::store::Wish,
    view::{
        labels::counted,
        list::{Item, list},
        live::{effect, flag, live, memo, on, when},
        part::{Part, part},
        search::{push_query, query_string},
    },
};

/// What it shows.
pub(super) const LEAD: &str = "What your devices measure, as it comes: eight fields a channel, each in its own picture, and every \
                               entry as it was sent.";

/// The whole page.
pub(super) fn channels(desk: Desk) -> Part {
    let wanted = RwSignal::new(asked());
    let back = window_event_listener(ev::popstate, move |_| wanted.set(asked()));
    on_cleanup(move || back.remove());
    let all =
        memo(move || desk.read(|things| things.channels().map(|channel| channel.id).collect::<Vec<_>>()));
    // The first where the address asks for none that is there.
    let shown = memo(move || {
        let all = all.get();
        wanted.get().filter(|id| all.contains(id)).or(all.first().copied())
    });
    let items = move || {
        let item = |id: u32| Item::new(id.to_string(), move |_| choice(desk, id, shown, wanted));
        all.get().into_iter().map(item).collect()
    };
    let is_empty = move || all.with(Vec::is_empty) && desk.read(|things| things.devices().is_some());
    let is_awaited = move || desk.read(|things| things.devices().is_none() && things.list_error().is_empty());
    effect(move || {
        if let Some(id) = shown.get() {
            untrack(|| desk.wish(Wish::Show(id)));
        }
    });
    let draw = move || shown.get().map_or_else(Part::none, |id| channel(desk, id));
    part(view! {
        <div class="use-actions things-bar">
            <h3 class="panel-title">"Your channels"</h3>
            {list("ul", "list", items)}
            {who(desk)}
        </div>
        {notes(desk)}
        {live(draw)}
        {when(is_awaited, || part(view! { <p class="use-empty" role="status">"Asking the broker…"</p> }))}
        {when(is_empty, || part(view! {
            <p class="use-empty">
                "No channels yet: a device brings its own. " <a href="?use=devices">"Add a device"</a> "."
            </p>
        }))}
        {dialogs(desk)}
    })
}

/// The channel that the page's address names.
fn asked() -> Option<u32> {
    let query = window().location().search().unwrap_or_default();
    let mut pairs = query::parse(&query).into_iter();
    pairs.find(|(name, _)| name == "channel").and_then(|(_, value)| value.parse().ok())
}

/// A channel to choose.
fn choice(desk: Desk, id: u32, shown: Memo<Option<u32>>, wanted: RwSignal<Option<u32>>) -> Part {
    let choose = move |_: ev::MouseEvent| {
        if shown.get_untracked() != Some(id) {
            push_query(&query::with(&query_string(), "channel", &id.to_string()));
        }
        wanted.set(Some(id));
    };
    let count = move || {
        desk.read(|things| {
            things.channels().find(|channel| channel.id == id).map_or(0, |channel| channel.count)
        })
    };
    part(view! {
        <li>
            <button
                type="button"
                class="button"
                aria-pressed=flag(move || shown.get() == Some(id))
                on:click=on(choose)
            >
                {format!("Channel {id}")}
                <span class="panel-count">{live(move || counted(count(), "entry", "entries"))}</span>
            </button>
        </li>
    })
}

/// One of them.
fn channel(desk: Desk, id: u32) -> Part {
    let held = move || desk.read(|things| things.held(id));
    let pause = move |_: ev::MouseEvent| {
        let is_paused = untrack(held).is_some();
        desk.wish(if is_paused { Wish::Resume } else { Wish::Pause(id) });
    };
    let label = move || if held().is_some() { "Resume" } else { "Pause" }.to_owned();
    let said = move || match held() {
        None => String::new(),
        Some(0) => "Paused.".to_owned(),
        Some(more) => format!("Paused, {} since.", counted(more, "new entry", "new entries")),
    };
    let users = move || {
        desk.read(|things| {
            let names: Vec<_> = things.users(id).iter().map(|device| device.name.to_string()).collect();
            if names.is_empty() { "no device".to_owned() } else { names.join(", ") }
        })
    };
    let is_free = move || desk.read(|things| things.users(id).is_empty());
    let remove = move || {
        part(view! {
            <button
                type="button"
                class="button"
                data-kind="quiet"
                on:click=on(move |_: ev::MouseEvent| desk.show(Dialog::RemoveChannel(id)))
            >
                "Remove the channel"
            </button>
        })
    };
    part(view! {
        <div class="channel">
            <div class="use-actions">
                <h3 class="panel-title">{format!("Channel {id}")}</h3>
                <button
                    type="button"
                    class="button things-first"
                    aria-pressed=flag(move || held().is_some())
                    on:click=on(pause)
                >
                    {live(label)}
                </button>
                <p class="field-hint" role="status">{live(said)}</p>
                {when(is_free, remove)}
            </div>
            <p class="field-hint">"Used by " <bdi>{live(users)}</bdi></p>
            <div class="channel-columns">
                {chart(desk, id)}
                <div class="channel-side">
                    {publish(desk, id)}
                    {entries(desk, id)}
                </div>
            </div>
        </div>
    })
}
