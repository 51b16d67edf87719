//! The wire view: what the connections of the page said.

/// Draws the wire view at the foot of the page.
pub fn mount() {
    crate::view::styles::adopt(include_str!("../style/wire.css"));
}
