//! The things: which one the address asks for.

use leptos::prelude::*;

use super::view;
use crate::{presence, store::query, view::styles};

/// Draws the view that the page's address names.
pub fn mount() {
    styles::adopt(include_str!("../../style/demos.css"));
    styles::adopt(include_str!("../../style/uses.css"));
    let query = window().location().search().unwrap_or_default();
    let name = query::parse(&query).into_iter().find(|(name, _)| name == "use").map(|(_, value)| value);
    match name.as_deref() {
        Some("presence") => presence::view::mount(),
        Some("channels") => view::mount(view::Page::Channels),
        _ => view::mount(view::Page::Devices),
    }
}
