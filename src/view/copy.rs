//! The button that copies a text.

use leptos::{ev, prelude::*};
use wasm_bindgen_futures::JsFuture;

use super::{
    live::{live, on},
    part::{Part, part},
};
use crate::{link, store::Millis};

/// How long the button says what came of it, in milliseconds.
const SAYS: i64 = 2_500;

/// Copies the text of the element of this id; where the browser allows no clipboard, it selects the text for the reader
/// to copy. `what` it is tells those who hear the button without its surroundings; `now` follows the moment.
pub(crate) fn copy_button(
    now: impl Fn() -> Millis + Send + 'static,
    id: impl Into<String>,
    what: &str,
) -> Part {
    copy_boxed(Box::new(now), id.into(), what)
}

fn copy_boxed(now: Box<dyn Fn() -> Millis + Send>, id: String, what: &str) -> Part {
    let said = RwSignal::new(("", Millis::default()));
    let label = move || {
        let (said, at) = said.get();
        if said.is_empty() || now().since(at) >= SAYS { "Copy" } else { said }.to_owned()
    };
    let copy = move |_: ev::MouseEvent| {
        let Some(element) = document().get_element_by_id(&id) else { return };
        leptos::task::spawn_local(async move {
            let outcome = if write(&element).await { "Copied" } else { select(&element) };
            said.set((outcome, link::clock()));
        });
    };
    part(view! {
        <button type="button" class="button" data-kind="quiet" on:click=on(copy)>
            <span aria-live="polite">{live(label)}</span>
            <span class="unseen">{format!(" {what}")}</span>
        </button>
    })
}

async fn write(element: &web_sys::Node) -> bool {
    write_text(&element.text_content().unwrap_or_default()).await
}

/// Whether the clipboard was there to take the text, and took it. A page that came by plain HTTP from another machine
/// has none.
pub(crate) async fn write_text(text: &str) -> bool {
    window().is_secure_context()
        && JsFuture::from(window().navigator().clipboard().write_text(text)).await.is_ok()
}

/// Selects the text of an element, and says how to go on.
pub(super) fn select(element: &web_sys::Node) -> &'static str {
    if let Ok(Some(selection)) = window().get_selection() {
        // It fails for nodes of another document only.
        let _ = selection.select_all_children(element);
    }
    "Selected: press Ctrl+C"
}
