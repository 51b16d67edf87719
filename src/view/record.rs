//! Records from files: opened by a button or dropped onto the page, and shown as what they are.

use leptos::{ev, prelude::*};
use web_sys::File;

use super::{
    board::Board,
    file,
    labels::counted,
    live::{live, on, when},
    part::{Part, part},
};
use crate::store::{Intent, Store, record::FILE_MAX};

/// The button that opens a record.
pub(super) fn open_button(board: Board) -> Part {
    file::open_button("Open a record…", "Show the rows of a saved file", "File of a record", move |chosen| {
        open(board, chosen);
    })
}

/// Says that a record is shown, or what is wrong with a file.
pub(super) fn notice(board: Board) -> Part {
    let read = move |text: fn(&Store) -> String| {
        move || {
            board.timeline(|_| ());
            board.peek(text)
        }
    };
    let name = read(|store| store.record_name().unwrap_or_default().to_owned());
    let rows = read(|store| {
        let events = store.timeline().recorded() as u64;
        format!(", {}. The live timeline records on meanwhile.", counted(events, "row", "rows"))
    });
    let complaint = read(|store| store.complaint().to_owned());
    let recorded = move || {
        part(view! {
            <p class="banner record" data-tone="recorded">
                <span class="banner-words">
                    "Showing "
                    <strong class="banner-title">
                        <bdi>{live(name)}</bdi>
                    </strong>
                    {live(rows)}
                </span>
                {button(board, "Back to live", || Intent::BackToLive)}
            </p>
        })
    };
    let complained = move || {
        part(view! {
            <p class="banner" data-tone="refused" role="alert">
                <span class="banner-words" dir="auto">
                    {live(complaint)}
                </span>
                {button(board, "Dismiss", || Intent::Complain(String::new()))}
            </p>
        })
    };
    listen(board);
    part(view! {
        {when(move || !name().is_empty(), recorded)}
        {when(move || !complaint().is_empty(), complained)}
    })
}

fn button(board: Board, label: &'static str, intent: fn() -> Intent) -> Part {
    part(view! {
        <button type="button" class="button" on:click=on(move |_: ev::MouseEvent| board.send(intent()))>
            {label}
        </button>
    })
}

/// Takes files that are dropped anywhere on the page, as long as it lives.
fn listen(board: Board) {
    let has_file = |event: &ev::DragEvent| {
        event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0))
    };
    window_event_listener(ev::dragover, move |event| {
        if has_file(&event) {
            // Or the browser would go to the file.
            event.prevent_default();
        }
    });
    window_event_listener(ev::drop, move |event| {
        if !has_file(&event) {
            return;
        }
        event.prevent_default();
        let files = event.data_transfer().and_then(|data| data.files());
        if let Some(file) = files.and_then(|files| files.get(0)) {
            open(board, file);
        }
    });
}

fn open(board: Board, chosen: File) {
    leptos::task::spawn_local(async move {
        let name = chosen.name();
        board.send(match file::read(&chosen, FILE_MAX).await {
            Some(file) => Intent::OpenRecord { name, file },
            None => Intent::Complain(format!("The browser could not read {name}.")),
        });
    });
}
