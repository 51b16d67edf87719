//! What is shown, for others: a link to it, a record of it, a table of it.

use leptos::{ev, prelude::*};

use super::{
    board::Board,
    copy::copy_button,
    demo::demo_button,
    labels::counted,
    live::{live, on},
    menu::menu,
    part::{Part, part},
    record, save,
    search::link,
};
use crate::store::{Intent, Store, Timeline};

/// The button and what it opens.
pub(super) fn share(board: Board) -> Part {
    let link = move || board.timeline(|timeline| link(timeline.search().text()));
    let shown = move || {
        let rows = board.timeline(Timeline::len) as u64;
        format!("What is shown, {}", counted(rows, "row", "rows"))
    };
    let content = view! {
        <h3 class="menu-title">"A link to this view"</h3>
        <div class="share-link">
            <code id="share-link" tabindex="0">{live(link)}</code>
            {copy_button(move || board.now(), "share-link", "the link")}
        </div>
        <p class="menu-note">"It holds what is searched, and neither user name nor password."</p>
        <h3 class="menu-title">{live(shown)}</h3>
        <div class="menu-buttons">
            {save(board, "Save as NDJSON", "ndjson", "application/x-ndjson", Store::export)}
            {save(board, "Save as CSV", "csv", "text/csv", Store::export_csv)}
        </div>
        <p class="menu-note">
            "NDJSON holds the messages themselves, and opens here again. CSV is for a spreadsheet."
        </p>
        <div class="menu-buttons">
            {record::open_button(board)}
            <span class="share-demo">{demo_button(board, "plain")}</span>
        </div>
    };
    menu("share", "Share", "Share and files", part(content))
}

fn save(
    board: Board,
    label: &'static str,
    ending: &'static str,
    kind: &'static str,
    write: fn(&Store) -> String,
) -> Part {
    let save = move |_: ev::MouseEvent| {
        // A colon is no part of a file's name everywhere.
        let now = board.clock().iso().replace(':', "-");
        let name = format!("headcount-{}Z.{ending}", now.split('.').next().unwrap_or_default());
        if save::save(&name, kind, &board.peek(write)).is_err() {
            board.send(Intent::Complain("This browser let no file be saved.".to_owned()));
        }
    };
    part(view! {
        <button type="button" class="button" on:click=on(save)>
            {label}
        </button>
    })
}
