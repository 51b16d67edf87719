//! The record as a file: saved, and opened again.

use js_sys::{Promise, Uint8Array};
use leptos::{ev, html::Input, prelude::*};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::desk::Desk;
use crate::{
    view::{
        live::{live, on, when},
        part::{Part, part},
        save::save,
    },
    wire::{FILE_MAX, Wire},
};

/// The buttons to save and to open.
pub(super) fn buttons(desk: Desk) -> Part {
    let input = NodeRef::<Input>::new();
    let choose = move |_: ev::MouseEvent| {
        if let Some(input) = input.get_untracked() {
            // Chosen once more, the same file is read once more.
            input.set_value("");
            input.click();
        }
    };
    let open = move |_: ev::Event| {
        let files = input.get_untracked().and_then(|input| input.files());
        if let Some(file) = files.and_then(|files| files.get(0)) {
            leptos::task::spawn_local(import(desk, file));
        }
    };
    let save = move |_: ev::MouseEvent| {
        if save("headcount-wire.ndjson", "application/x-ndjson", &desk.peek(Wire::export)).is_err() {
            desk.change(|wire| wire.complain("This browser let no file be saved.".to_owned()));
        }
    };
    part(view! {
        <button
            type="button"
            class="button"
            title="Save all packets that are kept, hidden ones too, a line of JSON each"
            on:click=on(save)
        >
            "Export"
        </button>
        <button type="button" class="button" title="Show the packets of a saved file" on:click=on(choose)>
            "Import"
        </button>
        <input
            type="file"
            class="unseen"
            tabindex="-1"
            aria-label="File of packets"
            accept=".ndjson,.jsonl,.txt"
            node_ref=input
            on:change=on(open)
        />
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
    match JsFuture::from(beginning(&file)).await {
        Ok(bytes) => {
            let bytes = Uint8Array::new(&bytes).to_vec();
            let before = desk.peek(Wire::generation);
            desk.change(|wire| wire.import(&name, &bytes));
            if desk.peek(Wire::generation) != before {
                desk.is_opened.set(false);
                desk.cursor.set(None);
            }
        }
        Err(_) => desk.change(|wire| wire.complain(format!("The browser could not read {name}."))),
    }
}

/// The bytes of a file, as many as tell that it is too large.
fn beginning(file: &File) -> Promise {
    let end = i32::try_from(FILE_MAX + 1).unwrap_or(i32::MAX);
    file.slice_with_i32_and_i32(0, end)
        .map_or_else(|error| Promise::reject(&error), |blob| blob.array_buffer())
}
