//! One lane: the client's name, its pin, and its bars.

use std::sync::Arc;

use leptos::{ev, prelude::*};

use super::{bars::Bars, draw as picture, words};
use crate::{
    store::{
        lanes::{Lane, Scene},
        search::{Key, Term},
    },
    view::{
        board::offset_minutes,
        face::avatar,
        icon::{Icon, icon},
        labels::short_id,
        live::{flag, live, memo, on},
        part::{Part, part},
        search::step,
    },
};

/// What is said of a lane, and the number of a row.
type Read<'a> = &'a dyn Fn(&Scene, &Lane) -> Option<(String, Option<u64>)>;

/// The lane with this key, which stands at `place` among all.
pub(super) fn draw(
    bars: &Bars,
    key: u64,
    id: &Arc<str>,
    place: impl Fn() -> usize + Copy + Send + Sync + 'static,
) -> Part {
    let bars = *bars;
    let sight = bars.sight;
    // What was drawn last, and of what: most events are about other lanes.
    let (mut drawn, mut of) = (String::new(), None::<(Arc<Lane>, _)>);
    let bars_of = move || {
        let place = place();
        sight.scene.with(|scene| {
            let Some(lane) = find(scene, place, key) else { return String::new() };
            let frame = (scene.scale, scene.edge, scene.first);
            if of.as_ref().is_none_or(|(before, then)| !Arc::ptr_eq(before, lane) || *then != frame) {
                drawn = picture::lane(scene, lane);
                of = Some((Arc::clone(lane), frame));
            }
            drawn.clone()
        })
    };
    // What the pointer or the focus is on.
    let here = move |read: Read<'_>| {
        let place = untrack(place);
        sight.scene.with_untracked(|scene| read(scene, find(scene, place, key)?))
    };
    let at = move |event: &ev::MouseEvent| {
        let x = i64::from(event.offset_x());
        here(&|scene, lane| words::at(scene, lane, x, offset_minutes(scene.edge)))
    };
    let point = move |event: ev::PointerEvent| {
        sight.told.set(at(&event).map(|(words, _)| words).unwrap_or_default());
    };
    let open = move |event: ev::MouseEvent| {
        let row = at(&event).and_then(|(_, row)| row);
        if let Some(row) = row.filter(|_| !bars.dragged.get_untracked()) {
            sight.show(false);
            bars.list.open_soon(row);
        }
    };
    let focus = move |_: ev::FocusEvent| {
        bars.focused.set(Some(key));
        let told =
            here(&|scene, lane| Some((words::lane(lane, scene.edge, offset_minutes(scene.edge)), None)));
        sight.told.set(told.map(|(words, _)| words).unwrap_or_default());
    };
    let is_pinned = memo(move || sight.pins.with(|pins| pins.contains(&key)));
    let term = Term::exact(Key::Client, id);
    let is_searched = {
        let term = term.clone();
        memo(move || sight.board.timeline(|timeline| timeline.search().has(&term)))
    };
    let search = move |_| {
        let text = sight.board.peek(|store| store.timeline().search().toggled(&term));
        step(sight.board, text);
    };
    let name = short_id(id);
    let title = format!("Show only {name}");
    let pin_label = format!("Keep {name} on top");
    let pin_stop = live(move || if bars.focused.get() == Some(key) { "0" } else { "-1" }.to_owned());
    part(view! {
        <li class="lane" data-pinned=flag(move || is_pinned.get())>
            <div class="lane-head">
                {avatar(id)}
                <button
                    type="button"
                    class="lane-name"
                    tabindex="-1"
                    title=title
                    dir="auto"
                    aria-pressed=flag(move || is_searched.get())
                    on:click=on(search)
                    on:focus=on(focus)
                >
                    {name}
                </button>
                <button
                    type="button"
                    class="lane-pin"
                    tabindex=pin_stop
                    aria-label=pin_label.clone()
                    title=pin_label
                    aria-pressed=flag(move || is_pinned.get())
                    on:click=on(move |_| sight.pin(key))
                >
                    {icon(Icon::Up)}
                </button>
            </div>
            <div class="lane-track" on:pointermove=on(point) on:click=on(open)>
                <svg class="lane-bars" aria-hidden="true" inner_html=live(bars_of)></svg>
            </div>
        </li>
    })
}

/// The lane with this key: most likely at this place.
fn find(scene: &Scene, place: usize, key: u64) -> Option<&Arc<Lane>> {
    let lanes = &scene.lanes.lanes;
    lanes.get(place).filter(|lane| lane.key == key).or_else(|| lanes.iter().find(|lane| lane.key == key))
}
