//! A row of the timeline: an event on the rail, or a time of which nothing is known.

use std::sync::Arc;

use leptos::{html::Button, prelude::*};

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
    // Counted from 1, and the heading is the first.
    let aria_index = move || (index.get() + 2).to_string();
    match &row.body {
        Body::Event(_) => view! { <Happening board viewport index row /> }.into_any(),
        Body::Gap(gap) => {
            let words = gap_words(board, gap.clone());
            view! {
                <tr class="gap" role="row" data-kind="gap" aria-rowindex=aria_index>
                    <td role="cell" colspan=COLUMNS.len().to_string()>
                        {words}
                    </td>
                </tr>
            }
            .into_any()
        }
        Body::Started(at) => {
            let at = *at;
            view! {
                <tr class="gap" role="row" data-kind="started" aria-rowindex=aria_index>
                    <td role="cell" colspan=COLUMNS.len().to_string()>
                        "Watching since "
                        <time datetime=at.iso()>{clock_words(at)}</time>
                    </td>
                </tr>
            }
            .into_any()
        }
    }
}

fn gap_words(board: Board, gap: Gap) -> impl Fn() -> String {
    move || {
        let Gap { from, to, why } = &gap;
        let tail = if why.is_empty() { String::new() } else { format!(": {why}") };
        match to {
            Some(to) => format!("Not watching for {}{tail}", clock::duration(to.since(*from))),
            None => format!("Not watching for {} so far{tail}", clock::duration(board.now().since(*from))),
        }
    }
}

fn clock_words(at: Millis) -> String {
    at.clock(offset_minutes(at))
}

/// An event.
#[component]
fn Happening(board: Board, viewport: Viewport, index: Signal<usize>, row: Arc<Recorded>) -> impl IntoView {
    let number = row.number;
    let Some(event) = row.event().cloned() else { return ().into_any() };
    let at = event.at;
    let fresh = index.get_untracked() == 0 && board.clock().since(at) < FRESH;
    let is_open = Memo::new(move |_| viewport.opened.get() == Some(number));
    let is_current = Memo::new(move |_| viewport.is_current(number, index.get()));
    let button = NodeRef::<Button>::new();
    Effect::new(move |_| {
        if viewport.to_focus.get() == Some(number)
            && let Some(button) = button.get()
        {
            viewport.to_focus.set(None);
            // The row is brought into view by the viewport; a focus that scrolls as well would fight it. It fails never.
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = button.focus_with_options(&options);
        }
    });
    let on_focus = move |event: leptos::ev::FocusEvent| {
        let by_keyboard = event_target::<web_sys::Element>(&event).matches(":focus-visible").unwrap_or(false);
        viewport.on_focus(by_keyboard, number);
    };
    let client = &event.client;
    let id = short_id(&client.id);
    let title = id.clone();
    let transport = client.transport.as_ref().map(|transport| transport.label().to_owned());
    let kind = event.kind.name().to_owned();
    let details = {
        let event = event.clone();
        move || {
            is_open.get().then(|| {
                view! {
                    <td role="cell" class="row-details">
                        <Details board event=&event />
                    </td>
                }
            })
        }
    };
    view! {
        <tr
            class="row"
            role="row"
            data-kind=kind
            data-reason=event.reason.as_deref().map(str::to_owned)
            data-end=is_abrupt(&event).then_some("abrupt")
            data-open=move || is_open.get().to_string()
            data-fresh=fresh.then_some("true")
            aria-rowindex=move || (index.get() + 2).to_string()
        >
            <td role="cell" class="row-time">
                <time datetime=at.iso() title=at.date_and_clock(offset_minutes(at))>
                    {clock_words(at)}
                </time>
            </td>
            <td role="cell" class="row-mark">
                {icon(mark(&event))}
            </td>
            <td role="cell" class="row-client">
                <Face client_id=&client.id />
                <button
                    type="button"
                    class="row-open"
                    node_ref=button
                    data-empty=client.id.is_empty().then_some("true")
                    title=title
                    tabindex=move || if is_current.get() { "0" } else { "-1" }
                    aria-expanded=move || is_open.get().to_string()
                    on:click=move |_| viewport.toggle(number)
                    on:focus=on_focus
                    on:blur=move |_| viewport.on_blur()
                >
                    {id}
                </button>
            </td>
            <td role="cell" class="row-status">
                <span class="row-word">{word(&event.kind).to_owned()}</span>
                <span class="row-reason">{why(&event)}</span>
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
