//! The timeline: who came, who left and why, newest first.

use std::ops::Range;

use leptos::{ev, html::Input, prelude::*};

use super::{
    board::Board,
    cursor::Move,
    empty::{Empty, NothingFound},
    foot::Foot,
    icon::{Icon, icon},
    labels::thousands,
    row::{COLUMNS, Row},
    shortcuts,
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
    let search = NodeRef::<Input>::new();
    let enabled = RwSignal::new(shortcuts::remembered());
    shortcuts::listen(board, viewport, search, enabled);
    let is_empty = Memo::new(move |_| {
        board.timeline(|timeline| {
            timeline.search().is_empty()
                && timeline.recorded() <= MAYBE_EMPTY
                && timeline.window(0..MAYBE_EMPTY).iter().all(|row| row.event().is_none())
        })
    });
    let is_fruitless =
        Memo::new(move |_| board.timeline(|timeline| !timeline.search().is_empty() && timeline.is_empty()));
    view! {
        <main class="timeline" aria-label="Timeline">
            <Toolbar board search shortcuts=enabled />
            <div class="stage">
                <Arrivals board viewport />
                <Rows board viewport />
                <Show when=move || is_empty.get()>
                    <Empty board settings />
                </Show>
                <Show when=move || is_fruitless.get()>
                    <NothingFound board />
                </Show>
            </div>
            <Foot board shortcuts=enabled />
        </main>
    }
}

/// What came while the rows hold still.
#[component]
fn Arrivals(board: Board, viewport: Viewport) -> impl IntoView {
    let new = Memo::new(move |_| {
        board.timeline(|timeline| if timeline.is_paused() { 0 } else { timeline.new_count() })
    });
    view! {
        <div class="arrivals">
            <Show when=move || { new.get() > 0 }>
                <button type="button" class="button" data-kind="primary" on:click=move |_| viewport.follow()>
                    {move || format!("{} new", thousands(new.get()))}
                    {icon(Icon::Up)}
                </button>
            </Show>
        </div>
    }
}

/// The scroller and the rows in sight.
#[component]
fn Rows(board: Board, viewport: Viewport) -> impl IntoView {
    let scene = Memo::new(move |_| viewport.window());
    let range = Memo::new(move |_| scene.with(|scene| Range::clone(&scene.range)));
    let rows = Memo::new(move |_| {
        let range = range.get();
        board.timeline(|timeline| timeline.window(range))
    });
    let count = Memo::new(move |_| board.timeline(crate::store::Timeline::len));
    let on_key = move |event: ev::KeyboardEvent| {
        let plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key() && !event.shift_key();
        if let Some(by) = Move::from_key(&event.key()).filter(|_| plain && is_row(&event)) {
            event.prevent_default();
            viewport.go(by);
        }
    };
    let pixels = |length: f64| format!("{length}px");
    view! {
        <div
            class="scroller"
            node_ref=viewport.scroller
            style:--row=move || pixels(viewport.heights.get().row)
            style:--details=move || pixels(viewport.heights.get().details)
            on:scroll=move |_| viewport.on_scroll()
            on:keydown=on_key
        >
            <div
                class="track"
                style:padding-top=move || pixels(scene.with(|scene| scene.above))
                style:padding-bottom=move || pixels(scene.with(|scene| scene.below))
            >
                <table
                    class="rows"
                    role="table"
                    aria-label="Events, newest first"
                    aria-rowcount=move || (count.get() + 1).to_string()
                >
                    <thead class="unseen" role="rowgroup">
                        <tr role="row" aria-rowindex="1">
                            {COLUMNS
                                .map(|name| {
                                    view! {
                                        <th role="columnheader" scope="col">
                                            {name}
                                        </th>
                                    }
                                })
                                .into_iter()
                                .collect_view()}
                        </tr>
                    </thead>
                    <tbody role="rowgroup">
                        <ForEnumerate
                            each=move || rows.get()
                            key=|row| row.key()
                            children=move |index, row| {
                                let index = Signal::derive(move || range.read().start + index.get());
                                view! { <Row board viewport index row /> }
                            }
                        />
                    </tbody>
                </table>
            </div>
        </div>
    }
}

/// Whether the key was pressed on a row, and not inside an opened one, where keys scroll.
fn is_row(event: &ev::KeyboardEvent) -> bool {
    event_target::<web_sys::Element>(event).matches(".row-stop").unwrap_or(false)
}
