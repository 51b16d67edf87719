//! Wiring: the store, the link that feeds it, and the view that shows it.

use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen::JsCast as _;

use crate::{
    link::{Beat, Link},
    store::{Intent, Settings, Store},
    view::{
        Page,
        board::{Board, Signals},
        connects_by_itself,
    },
};

/// Draws the page in the place of index.html's frame, and connects where the settings allow it.
pub fn mount() {
    let frame = document().get_element_by_id("page").and_then(|element| element.dyn_into().ok());
    let frame: web_sys::HtmlElement = frame.expect("index.html has an element with the id `page`");
    // Within one task, so that no paint shows the page without a frame.
    frame.set_text_content(None);
    mount_to(frame, App).forget();
}

/// The page's owner: what is made here lives until the page ends.
#[component]
fn App() -> impl IntoView {
    let signals = Signals::new();
    let link = Link::start(Store::default(), move |versions| signals.notify(versions));
    let board = Board::new(link, signals);
    let settings = preset();
    if connects_by_itself(&settings) {
        board.send(Intent::Connect(settings.clone()));
    }
    StoredValue::new_local(Beat::new(move || signals.tick()));
    view! { <Page board settings /> }
}

/// The connect form for the broker that this page came from, with what the page's address asks for.
fn preset() -> Settings {
    let location = window().location();
    // Neither is refused to a page that has a window.
    let origin = location.origin().unwrap_or_default();
    let query = location.search().unwrap_or_default();
    Settings::preset(&origin, random(), &query)
}

/// 32 bits for the client id. Not a secret: two pages must differ, no more.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "within 0 and 2^32 by its factor"
)]
fn random() -> u32 {
    (js_sys::Math::random() * 4_294_967_296.0) as u32
}
