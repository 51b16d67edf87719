//! Wiring: the store, the link that feeds it, and the view that shows it.

use leptos::prelude::*;

use crate::{
    link::{Beat, Link},
    store::{Intent, Settings, Store},
    view::{
        Page, Standing,
        board::{Board, Signals},
        connects_by_itself,
        place::{self, fill},
    },
};

/// Draws the page into index.html's frame, and connects where the settings allow it.
pub fn mount() {
    place::page(App);
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
    fill("standing", move || view! { <Standing board /> });
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
