//! A row of the timeline: an event on the rail, or a time of which nothing is known.

use std::sync::Arc;

use leptos::{
    html::{Button, Td},
    prelude::*,
};

use super::{
    board::{Board, offset_minutes},
    details::Details,
    face::Face,
    icon::{Icon, icon},
    labels::{is_abrupt, short_id, why, word},
    viewport::Viewport,
};
use crate::store::{
    Millis, clock,
    event::{Event, Kind},
    row::{Body, Gap, Row as Recorded},
};

/// Columns of the table, the details of an opened row included.
pub(super) const COLUMNS: [&str; 8] =
    ["Time", "Mark", "Client", "Status and reason", "Session length", "Transport", "Age", "Details"];

/// An event younger than this is new to the eye, too.
const FRESH: i64 = 2_000;

/// One row.
#[component]
pub(super) fn Row(
    /// The way to the clock.
    board: Board,
    /// Where the reader stands.
    viewport: Viewport,
    /// Place in the whole list, 0 being the newest that is shown.
    index: Signal<usize>,
    /// The row.
    row: Arc<Recorded>,
) -> impl IntoView {
    match &row.body {
        Body::Event(_) => view! { <Happening board viewport index row /> }.into_any(),
        Body::Gap(gap) => {
            let gap = gap.clone();
            view! {
                <Silence viewport index number=row.number kind="gap">
                    {move || gap_words(&gap, board)}
                </Silence>
            }
            .into_any()
        }
        Body::Started(at) => {
            let at = *at;
            view! {
                <Silence viewport index number=row.number kind="started">
                    "Watching since "
                    <time datetime=at.iso()>{clock_words(at)}</time>
                </Silence>
            }
            .into_any()
        }
    }
}

/// A row that no client made. The keyboard stops on it all the same, so that nobody misses it.
#[component]
fn Silence(
    viewport: Viewport,
    index: Signal<usize>,
    number: u64,
    kind: &'static str,
    children: Children,
) -> impl IntoView {
    let stop = NodeRef::<Td>::new();
    let tab = viewport.stop(number, index, stop);
    view! {
        <tr class="gap" role="row" data-kind=kind aria-rowindex=aria_index(index)>
            <td
                role="cell"
                class="row-stop"
                colspan=COLUMNS.len().to_string()
                node_ref=stop
                tabindex=tab
                on:focus=move |event| viewport.on_focus(&event, number)
                on:blur=move |_| viewport.on_blur()
            >
                {children()}
            </td>
        </tr>
    }
}

fn gap_words(gap: &Gap, board: Board) -> String {
    let Gap { from, to, why } = gap;
    let tail = if why.is_empty() { String::new() } else { format!(": {why}") };
    match to {
        Some(to) => format!("Not watching for {}{tail}", clock::duration(to.since(*from))),
        None => format!("Not watching for {} so far{tail}", clock::duration(board.now().since(*from))),
    }
}

/// Counted from 1, and the heading is the first.
fn aria_index(index: Signal<usize>) -> impl Fn() -> String {
    move || (index.get() + 2).to_string()
}

fn clock_words(at: Millis) -> String {
    at.clock(offset_minutes(at))
}

/// An event.
#[component]
fn Happening(board: Board, viewport: Viewport, index: Signal<usize>, row: Arc<Recorded>) -> impl IntoView {
    let number = row.number;
    let Some(event) = row.event() else { return ().into_any() };
    let at = event.at;
    let fresh = index.get_untracked() == 0 && board.clock().since(at) < FRESH;
    let is_open = Memo::new(move |_| viewport.opened.get() == Some(number));
    let button = NodeRef::<Button>::new();
    let tab = viewport.stop(number, index, button);
    let client = &event.client;
    let id = short_id(&client.id);
    let title = id.clone();
    let transport = client.transport.as_ref().map(|transport| transport.label().to_owned());
    let kind = event.kind.name().to_owned();
    let details = {
        let row = Arc::clone(&row);
        move || {
            let event = row.event().filter(|_| is_open.get())?;
            Some(view! {
                <td role="cell" class="row-details">
                    <Details board event />
                </td>
            })
        }
    };
    view! {
        <tr
            class="row"
            role="row"
            data-kind=kind
            data-reason=event.reason.as_deref().map(str::to_owned)
            data-end=is_abrupt(event).then_some("abrupt")
            data-open=move || is_open.get().to_string()
            data-fresh=fresh.then_some("true")
            aria-rowindex=aria_index(index)
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
                <Face client_id=&client.id />
                <button
                    type="button"
                    class="row-open row-stop"
                    node_ref=button
                    data-empty=client.id.is_empty().then_some("true")
                    title=title
                    tabindex=tab
                    aria-expanded=move || is_open.get().to_string()
                    on:click=move |_| viewport.toggle(number)
                    on:focus=move |event| viewport.on_focus(&event, number)
                    on:blur=move |_| viewport.on_blur()
                >
                    {id}
                </button>
            </td>
            <td role="cell" class="row-status">
                <span class="row-word">{word(&event.kind).to_owned()}</span>
                <span class="row-reason">{why(event)}</span>
            </td>
            <td role="cell" class="row-lasted">
                {event.lasted.map(|ms| format!("after {}", clock::duration(ms)))}
            </td>
            <td role="cell" class="row-transport">
                {transport}
            </td>
            <td role="cell" class="row-ago">
                {move || clock::relative(board.now(), at)}
            </td>
            {details}
        </tr>
    }
    .into_any()
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
