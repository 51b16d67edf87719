//! The tree of an opened packet's fields.

use headcount_mqtt::dissect::{Dissection, Field};
use leptos::{ev, prelude::event_target};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};

use super::{opened::range, still::Still};

/// The tree: arrows move, and the bytes of the field in focus are lit.
pub(super) fn tree(read: &Dissection) -> Still {
    let items = read.fields.iter().enumerate().map(|(index, field)| {
        let is_group =
            read.fields.get(index + 1).is_some_and(|next| next.depth > field.depth && next.bits == 0);
        let item = Still::new("li", "field-row")
            .with("role", "treeitem")
            .with("aria-level", &(field.depth + 1).to_string())
            .with("tabindex", if index == 0 { "0" } else { "-1" })
            .with("data-from", &field.bytes.start.to_string())
            .with("data-to", &field.bytes.end.to_string());
        let item = if is_group { item.with("data-group", "true") } else { item };
        let bits = (field.bits != 0).then(|| Still::new("code", "field-bits").says(&pattern(field.bits)));
        item.holds(bits).holds([
            Still::new("span", "field-name").says(field.name),
            Still::new("span", "field-value").with("dir", "auto").says(value(field, is_group)),
        ])
    });
    Still::new("ul", "fields").with("role", "tree").with("aria-label", "Fields").holds(items)
}

fn value(field: &Field, is_group: bool) -> &str {
    if field.value.is_empty() && !is_group { "empty" } else { &field.value }
}

/// `··11 ····`: which bits of the byte.
fn pattern(bits: u8) -> String {
    let mut text = String::new();
    for bit in (0..8).rev() {
        text.push(if bits >> bit & 1 == 1 { '1' } else { '·' });
        if bit == 4 {
            text.push(' ');
        }
    }
    text
}

/// Moves the focus among the fields.
pub(super) fn press(event: &ev::KeyboardEvent) {
    let Ok(Some(item)) = event_target::<Element>(event).closest(".field-row") else { return };
    let to = match event.key().as_str() {
        "ArrowDown" => item.next_element_sibling(),
        "ArrowUp" => item.previous_element_sibling(),
        "Home" => item.parent_element().and_then(|tree| tree.first_element_child()),
        "End" => item.parent_element().and_then(|tree| tree.last_element_child()),
        _ => return,
    };
    event.prevent_default();
    if let Some(to) = to {
        stand_on(&to);
    }
}

/// Gives the focus to the field whose byte was clicked.
pub(super) fn point_at(target: &Element) {
    let Ok(Some(span)) = target.closest("[data-from]") else { return };
    let (Some(bytes), Ok(Some(opened))) = (range(&span), span.closest(".packet-opened")) else { return };
    if span.tag_name() != "SPAN" {
        return stand_on(&span);
    }
    let Ok(items) = opened.query_selector_all(".field-row") else { return };
    let same = (0..items.length())
        .filter_map(|index| items.item(index)?.dyn_into::<Element>().ok())
        // A group of one field has the same bytes.
        .filter(|item| range(item) == Some(bytes) && !item.has_attribute("data-group"));
    if let Some(item) = same.into_iter().next() {
        stand_on(&item);
    }
}

/// Tab stops on one field, which is the one in focus last.
fn stand_on(item: &Element) {
    if let Ok(Some(before)) = item
        .closest(".fields")
        .map(|tree| tree.and_then(|tree| tree.query_selector("[tabindex='0']").ok().flatten()))
    {
        let _ = before.set_attribute("tabindex", "-1");
    }
    // Neither fails for an element of a page.
    let _ = item.set_attribute("tabindex", "0");
    let _ = item.unchecked_ref::<HtmlElement>().focus();
}
