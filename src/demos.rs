//! The demos: which one the address asks for.

use leptos::prelude::*;

use crate::{
    chat,
    store::query,
    uses,
    view::{place, styles},
};

/// Draws the demo that the page's address names.
pub fn mount() {
    styles::adopt(include_str!("../style/demos.css"));
    let query = window().location().search().unwrap_or_default();
    for (name, value) in query::parse(&query) {
        match name.as_str() {
            "stage" => return chat::view::mount(),
            "use" => return uses::view::mount(&value),
            _ => {}
        }
    }
    place::page(|| view! { <main class="demo"></main> });
}
