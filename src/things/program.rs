//! The things: which one the address asks for.

use leptos::prelude::*;

use super::view;
use crate::{
    store::query,
    view::{
        part::{Part, part},
        place, styles,
    },
};

/// Draws the view that the page's address names.
pub fn mount() {
    styles::adopt(include_str!("../../style/demos.css"));
    styles::adopt(include_str!("../../style/uses.css"));
    let query = window().location().search().unwrap_or_default();
    let name = query::parse(&query).into_iter().find(|(name, _)| name == "use").map(|(_, value)| value);
    match name.as_deref() {
        Some("presence") => open("Presence"),
        Some("channels") => view::mount(view::Page::Channels),
        _ => view::mount(view::Page::Devices),
    }
}

fn open(title: &'static str) {
    document().set_title(&format!("Headcount: {title}"));
    place::page(move || frame(title));
}

fn frame(title: &'static str) -> Part {
    part(view! {
        <main class="demo use">
            <h2 class="use-title">{title}</h2>
        </main>
    })
}
