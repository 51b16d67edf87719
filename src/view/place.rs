//! The places of index.html's frame that a program draws into.

use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

/// Draws a view in the place of everything in the frame but the masthead.
pub fn page<N: IntoView + 'static>(draw: impl FnOnce() -> N + 'static) {
    let frame = element("page");
    // Within one task, so that no paint shows the page without a frame.
    while let Some(placeholder) = frame.last_element_child().filter(|last| last.tag_name() != "HEADER") {
        placeholder.remove();
    }
    mount_to(frame, draw).forget();
}

/// Draws a view in the place of what an element of the frame holds.
pub fn fill<N: IntoView + 'static>(id: &str, draw: impl FnOnce() -> N + 'static) {
    let place = element(id);
    place.set_text_content(None);
    mount_to(place, draw).forget();
}

fn element(id: &str) -> HtmlElement {
    let found = document().get_element_by_id(id).and_then(|element| element.dyn_into().ok());
    found.expect("index.html has an element with this id")
}
