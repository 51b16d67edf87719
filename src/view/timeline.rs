//! The timeline: who came, who left and why, newest first.

use leptos::{ev, prelude::*};

use super::{
    board::Board,
    cursor::Move,
    empty::{Empty, NothingFound},
    foot::Foot,
    icon::{Icon, icon},
    labels::thousands,
    lanes::{Lanes, Moments, Sight},
    list::{Item, list},
    live::{live, memo, on, when},
    part::part,
    record,
    row::draw,
    search, shortcuts,
    toolbar::Toolbar,
    viewport::Viewport,
};
use crate::store::Settings;

/// Rows that are looked at to find out whether anything happened: a page that lost its broker a few times over has a
/// few rows of gaps, and still nothing to show.
const MAYBE_EMPTY: usize = 16;

/// The main landmark.
#[component]
pub(super) fn Timeline(
    /// The way to the store.
    board: Board,
    /// The connect form, for the command that an empty timeline shows.
    settings: RwSignal<Settings>,
) -> impl IntoView {
    let viewport = Viewport::new(board);
    let sight = Sight::new(board);
    let enabled = RwSignal::new(shortcuts::remembered());
    shortcuts::listen(board, viewport, sight, enabled);
    search::start(board);
    viewport.rest_while(sight.shown);
    let is_empty = move || {
        board.timeline(|timeline| {
            timeline.search().is_empty()
                && board.peek(|store| store.record_name().is_none())
                && timeline.recorded() <= MAYBE_EMPTY
                && timeline.window(0..MAYBE_EMPTY).iter().all(|row| row.event().is_none())
        })
    };
    let is_fruitless =
        move || board.timeline(|timeline| !timeline.search().is_empty() && timeline.is_empty());
    view! {
        <main class="timeline" aria-label="Timeline">
            <Toolbar board shortcuts=enabled />
            {record::notice(board)}
            {when(move || !is_empty(), move || part(view! { <Moments sight /> }))}
            <div class="stage">
                {when(move || !sight.shown.get(), move || {
                    part(
                        view! {
                            <Arrivals board viewport />
                            <Rows board viewport />
                        },
                    )
                })}
                {when(move || sight.shown.get(), move || part(view! { <Lanes sight list=viewport /> }))}
                {when(is_empty, move || part(view! { <Empty board settings /> }))}
                {when(is_fruitless, move || part(view! { <NothingFound board /> }))}
            </div>
            <Foot board shortcuts=enabled />
        </main>
    }
}

/// What came while the rows hold still.
#[component]
fn Arrivals(board: Board, viewport: Viewport) -> impl IntoView {
    let new = move || {
        // A click is over before anybody reads what came meanwhile.
        let is_hidden = viewport.pressed.get();
        board.timeline(|timeline| if is_hidden || timeline.is_paused() { 0 } else { timeline.new_count() })
    };
    let button = move || {
        part(view! {
            <button
                type="button"
                class="button"
                data-kind="primary"
                on:click=on(move |_| viewport.follow())
            >
                {live(move || format!("{} new", thousands(new())))}
                {icon(Icon::Up)}
            </button>
        })
    };
    view! { <div class="arrivals">{when(move || new() > 0, button)}</div> }
}

/// The scroller and the rows in sight.
#[component]
fn Rows(board: Board, viewport: Viewport) -> impl IntoView {
    let scene = memo(move || viewport.window());
    let stop = memo(move || viewport.stop());
    let rows = move || {
        let rows = board.timeline(|timeline| timeline.window(scene.get().range));
        rows.into_iter()
            .map(|row| {
                Item::new(format!("{}.{}", row.number, row.revision), move |index| {
                    draw(board, viewport, stop, &row, move || scene.get().range.start + index.get())
                })
            })
            .collect()
    };
    let on_key = move |event: ev::KeyboardEvent| {
        let plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key() && !event.shift_key();
        if let Some(by) = Move::from_key(&event.key()).filter(|_| plain && is_row(&event)) {
            event.prevent_default();
            viewport.go(by);
        }
    };
    let lengths = move || {
        let heights = viewport.heights();
        format!("--row: {}px; --details: {}px", heights.row, heights.details)
    };
    let paddings = move || {
        let scene = scene.get();
        format!("padding-top: {}px; padding-bottom: {}px", scene.above, scene.below)
    };
    // The page's policy forbids the attribute `style`; the property is another thing to it.
    view! {
        <div
            class="scroller"
            node_ref=viewport.scroller
            prop:style=live(lengths)
            on:scroll=on(move |_| viewport.on_scroll())
            on:keydown=on(on_key)
            on:pointerdown=on(move |_| viewport.pressed.set(true))
            on:pointerup=on(move |_| viewport.pressed.set(false))
            on:pointercancel=on(move |_| viewport.pressed.set(false))
            on:pointerleave=on(move |_| viewport.pressed.set(false))
        >
            <div class="track" prop:style=live(paddings)>
                <table
                    class="rows"
                    role="table"
                    aria-label="Events, newest first"
                    aria-rowcount=live(move || board.timeline(|timeline| timeline.len() + 1).to_string())
                >
                    <thead class="unseen" role="rowgroup">
                        <tr role="row" aria-rowindex="1">
                            <th role="columnheader" scope="col">"Time"</th>
                            <th role="columnheader" scope="col">"Mark"</th>
                            <th role="columnheader" scope="col">"Client"</th>
                            <th role="columnheader" scope="col">"Status and reason"</th>
                            <th role="columnheader" scope="col">"Session length"</th>
                            <th role="columnheader" scope="col">"Transport"</th>
                            <th role="columnheader" scope="col">"Age"</th>
                            <th role="columnheader" scope="col">"Details"</th>
                        </tr>
                    </thead>
                    {list("tbody", "rowgroup", rows)}
                </table>
            </div>
        </div>
    }
}

/// Whether the key was pressed on a row, and not inside an opened one, where keys scroll.
fn is_row(event: &ev::KeyboardEvent) -> bool {
    event_target::<web_sys::Element>(event).matches(".row-stop").unwrap_or(false)
}
