//! The demos: which one the address asks for.

use leptos::prelude::*;

use crate::{
    chat,
    store::query,
    view::{place, styles},
};

/// Draws the demo that the page's address names.
pub fn mount() {
    styles::adopt(include_str!("../style/demos.css"));
    let query = window().location().search().unwrap_or_default();
    if query::parse(&query).iter().any(|(name, _)| name == "stage") {
        return chat::view::mount();
    }
    place::page(|| view! { <main class="demo"></main> });
}
