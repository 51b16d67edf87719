//! Files that one chooses, and what is in them.

use js_sys::{Promise, Uint8Array};
use leptos::{ev, html::Input, prelude::*};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::{
    live::on,
    part::{Part, part},
};

/// A button that lets one choose a file of lines of JSON. `what` it is tells those who hear the field behind it.
pub(super) fn open_button(
    label: &'static str,
    title: &'static str,
    what: &'static str,
    open: impl Fn(File) + 'static,
) -> Part {
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
            open(file);
        }
    };
    part(view! {
        <button type="button" class="button" title=title on:click=on(choose)>
            {label}
        </button>
        <input
            type="file"
            class="unseen"
            tabindex="-1"
            aria-label=what
            accept=".ndjson,.jsonl,.txt"
            node_ref=input
            on:change=on(open)
        />
    })
}

/// The bytes of a file; of one that has more than `max`, as many as tell that it has. None where the browser cannot read
/// it.
pub(super) async fn read(file: &File, max: usize) -> Option<Vec<u8>> {
    let end = i32::try_from(max + 1).unwrap_or(i32::MAX);
    let beginning = file
        .slice_with_i32_and_i32(0, end)
        .map_or_else(|error| Promise::reject(&error), |blob| blob.array_buffer());
    JsFuture::from(beginning).await.ok().map(|bytes| Uint8Array::new(&bytes).to_vec())
}
