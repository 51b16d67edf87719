//! The demos: which one the address asks for.

use leptos::prelude::*;

use crate::view::{place, styles};

/// Draws the demo that the page's address names.
pub fn mount() {
    styles::adopt(include_str!("../style/demos.css"));
    place::page(|| view! { <main class="demo"></main> });
}
