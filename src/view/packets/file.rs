//! The record as a file: saved, and opened again.

use leptos::{ev, prelude::*};
use web_sys::File;

use super::desk::Desk;
use crate::{
    view::{
        file,
        live::{live, on, when},
        part::{Part, part},
        save,
    },
    wire::{FILE_MAX, Wire},
};

/// The buttons to save and to open.
pub(super) fn buttons(desk: Desk) -> Part {
    let save = move |_: ev::MouseEvent| {
        if save::save("headcount-wire.ndjson", "application/x-ndjson", &desk.peek(Wire::export)).is_err() {
            desk.change(|wire| wire.complain("This browser let no file be saved.".to_owned()));
        }
    };
    let open = move |file| leptos::task::spawn_local(import(desk, file));
    part(view! {
        <button
            type="button"
            class="button"
            title="Save all packets that are kept, hidden ones too, a line of JSON each"
            on:click=on(save)
        >
            "Export"
        </button>
        {file::open_button("Import", "Show the packets of a saved file", "File of packets", open)}
    })
}

/// Says that a file is shown, or what is wrong with one.
pub(super) fn notice(desk: Desk) -> Part {
    let name = move || desk.read(|wire| wire.recorded().map(|recorded| recorded.name.clone()));
    let recorded = move || {
        part(view! {
            <p class="packets-notice">
                <span>
                    <strong>"A recorded session: "</strong>
                    <bdi>{live(move || name().unwrap_or_default())}</bdi>
                </span>
                <button
                    type="button"
                    class="button"
                    on:click=on(move |_: ev::MouseEvent| {
                        desk.cursor.set(None);
                        desk.change(Wire::go_live);
                        desk.follows.set(true);
                    })
                >
                    "Back to live"
                </button>
            </p>
        })
    };
    let complaint = move || {
        part(view! {
            <p class="packets-notice" data-kind="complaint" role="alert">
                <span dir="auto">{live(move || desk.read(|wire| wire.complaint().to_owned()))}</span>
                <button
                    type="button"
                    class="button"
                    on:click=on(move |_: ev::MouseEvent| desk.change(|wire| wire.complain(String::new())))
                >
                    "Dismiss"
                </button>
            </p>
        })
    };
    part(view! {
        {when(move || name().is_some(), recorded)}
        {when(move || desk.read(|wire| !wire.complaint().is_empty()), complaint)}
    })
}

async fn import(desk: Desk, file: File) {
    let name = file.name();
    let Some(bytes) = file::read(&file, FILE_MAX).await else {
        desk.change(|wire| wire.complain(format!("The browser could not read {name}.")));
        return;
    };
    let before = desk.peek(Wire::generation);
    desk.change(|wire| wire.import(&name, &bytes));
    if desk.peek(Wire::generation) != before {
        desk.is_opened.set(false);
        desk.cursor.set(None);
    }
}
