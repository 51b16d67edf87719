//! A row of the timeline: an event on the rail, or a time of which nothing is known.

use std::sync::Arc;

use leptos::{ev, prelude::*};

use super::{
    board::{Board, offset_minutes},
    details::details,
    face::avatar,
    icon::{Icon, icon},
    labels::{is_abrupt, short_id, why, word},
    live::{Live, flag, live, memo, on, when},
    part::{Part, part},
    search::value,
    trouble,
    viewport::Viewport,
};
use crate::store::{
    Millis, clock,
    event::{Event, Kind, Source, Transport},
    row::{Body, Gap, Row},
    search::{Key, Term},
};

/// The list has one stop for Tab; by keyboard, values are clicked in the details.
const OFF_TAB: Option<&str> = Some("-1");

/// An event younger than this is new to the eye, too.
const FRESH: i64 = 2_000;

/// A row. `stop` is the number of the row that the keyboard stops at, `index` this one's place in the whole list, 0 being
/// the newest that is shown.
pub(super) fn draw(
    board: Board,
    viewport: Viewport,
    stop: Memo<Option<u64>>,
    row: &Arc<Row>,
    index: impl Fn() -> usize + Send + 'static,
) -> Part {
    let is_first = untrack(&index) == 0;
    // Counted from 1, and the heading is the first.
    let aria_index = live(move || (index() + 2).to_string());
    let number = row.number;
    let tab_index = live(move || if stop.get() == Some(number) { "0" } else { "-1" }.to_owned());
    match &row.body {
        Body::Event(event) => happening(board, viewport, row, event, [aria_index, tab_index], is_first),
        Body::Gap(gap) => {
            let gap = gap.clone();
            let words = part(live(move || gap_words(&gap, board)));
            silence(viewport, number, "gap", [aria_index, tab_index], words)
        }
        Body::Started(at) => {
            let at = *at;
            let words = view! {
                "Watching since "
                <time datetime=at.iso()>{clock_words(at)}</time>
            };
            silence(viewport, number, "started", [aria_index, tab_index], part(words))
        }
    }
}

/// A row that no client made. The keyboard stops on it all the same, so that nobody misses it.
fn silence(
    viewport: Viewport,
    number: u64,
    kind: &'static str,
    [aria_index, tab_index]: [Live<String>; 2],
    words: Part,
) -> Part {
    part(view! {
        <tr class="gap" role="row" data-kind=kind aria-rowindex=aria_index>
            <td
                role="cell"
                class="row-stop"
                colspan="8"
                tabindex=tab_index
                on:focus=on(move |event: ev::FocusEvent| viewport.on_focus(&event, number))
                on:blur=on(move |_| viewport.on_blur())
            >
                {words}
            </td>
        </tr>
    })
}

fn gap_words(gap: &Gap, board: Board) -> String {
    let Gap { from, to, why } = gap;
    let tail = if why.is_empty() { String::new() } else { format!(": {why}") };
    match to {
        Some(to) => format!("Not watching for {}{tail}", clock::duration(to.since(*from))),
        None if board.peek(|store| store.record_name().is_some()) => {
            format!("Not watching, to the end of the record{tail}")
        }
        None => format!("Not watching for {} so far{tail}", clock::duration(board.now().since(*from))),
    }
}

fn clock_words(at: Millis) -> String {
    at.clock(offset_minutes(at))
}

/// An event.
fn happening(
    board: Board,
    viewport: Viewport,
    row: &Arc<Row>,
    event: &Event,
    [aria_index, tab_index]: [Live<String>; 2],
    is_first: bool,
) -> Part {
    let number = row.number;
    let at = event.at;
    let fresh = is_first && board.clock().since(at) < FRESH;
    let is_open = memo(move || viewport.opened.get() == Some(number));
    let client = &event.client;
    let id = short_id(&client.id);
    let title = id.clone();
    let transport = client.transport.as_ref();
    let status = Term::exact(Key::Status, event.kind.name());
    let reason = event.reason.as_deref().map(|reason| Term::exact(Key::Reason, reason));
    let way = |transport: &Transport| Term::exact(Key::Transport, transport.label());
    let opened = {
        let row = Arc::clone(row);
        move || row.event().map_or_else(Part::none, |event| details(board, event))
    };
    part(view! {
        <tr
            class="row"
            role="row"
            data-kind=event.kind.name().to_owned()
            data-reason=event.reason.as_deref().map(str::to_owned)
            data-end=is_abrupt(event).then_some("abrupt")
            data-open=flag(move || is_open.get())
            data-fresh=fresh.then_some("true")
            aria-rowindex=aria_index
        >
            <td role="cell" class="row-time">
                <time datetime=at.iso() title=at.date_and_clock(offset_minutes(at))>
                    {clock_words(at)}
                </time>
            </td>
            <td role="cell" class="row-mark">
                {icon(mark(event))}
            </td>
            <td role="cell" class="row-client">
                {avatar(&client.id)}
                <button
                    type="button"
                    class="row-open row-stop"
                    data-empty=client.id.is_empty().then_some("true")
                    title=title
                    tabindex=tab_index
                    aria-expanded=flag(move || is_open.get())
                    on:click=on(move |_| viewport.toggle(number))
                    on:focus=on(move |event: ev::FocusEvent| viewport.on_focus(&event, number))
                    on:blur=on(move |_| viewport.on_blur())
                >
                    {id}
                </button>
                {trouble::mark(board, &client.account, &client.id)}
            </td>
            <td role="cell" class="row-status">
                {value("row-word", word(event).to_owned(), Some(&status), OFF_TAB)}
                {value("row-reason", why(event), reason.as_ref(), OFF_TAB)}
            </td>
            <td role="cell" class="row-lasted">
                {event.lasted.map(|ms| format!("after {}", clock::duration(ms)))}
            </td>
            <td role="cell" class="row-transport">
                {transport.map(|transport| value("", transport.label().to_owned(), Some(&way(transport)), OFF_TAB))}
                {other_teller(event)}
            </td>
            <td role="cell" class="row-ago">
                {live(move || clock::relative(board.now(), at))}
            </td>
            {when(move || is_open.get(), opened)}
        </tr>
    })
}

/// Who told it, where that is neither this broker's events nor its clients feed.
fn other_teller(event: &Event) -> &'static str {
    if let Source::Other(adapter) = event.source { adapter.label() } else { "" }
}

fn mark(event: &Event) -> Icon {
    match event.kind {
        Kind::Connected => Icon::Came,
        Kind::Disconnected if is_abrupt(event) => Icon::Lost,
        Kind::Disconnected => Icon::Left,
        Kind::Refused | Kind::Unreadable(_) => Icon::Refused,
        Kind::Denied => Icon::Denied,
        Kind::Conflict => Icon::Conflict,
        Kind::Other(_) => Icon::Other,
    }
}
