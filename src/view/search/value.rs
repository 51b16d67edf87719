//! Values to click: whatever bears a term in `data-term` adds it to the search or takes it out again; with Alt it hides
//! what it finds. One listener serves all of them, so that a row costs no closure for each of its values.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};

use super::{address, search_field};
use crate::{
    store::search::{Search, Term},
    view::{
        board::Board,
        part::{Part, part},
    },
};

const HINT: &str = "Click: show these only. With Alt: hide them.";

/// A value that a click searches for, where there is a term for it. `tab_index` keeps it out of the way of Tab where a
/// list has one stop.
pub(in crate::view) fn value(
    class: &'static str,
    text: String,
    term: Option<&Term>,
    tab_index: Option<&'static str>,
) -> Part {
    match term {
        Some(term) => part(view! {
            <button
                type="button"
                class=format!("value {class}")
                title=HINT
                tabindex=tab_index
                data-term=term.write()
            >
                {text}
            </button>
        }),
        None => part(view! { <span class=class>{text}</span> }),
    }
}

/// Listens as long as the page lives.
pub(super) fn listen(board: Board) {
    window_event_listener(ev::click, move |event| {
        if let Some(term) = term_of(&event) {
            ask(board, &term, event.alt_key());
        }
    });
    // A browser makes no click of Alt and Enter.
    window_event_listener(ev::keydown, move |event| {
        if event.alt_key()
            && event.key() == "Enter"
            && let Some(term) = term_of(&event)
        {
            event.prevent_default();
            ask(board, &term, true);
            // What is hidden takes the focus with it.
            if let Some(field) = search_field() {
                // It fails for detached elements only.
                let _ = field.focus();
            }
        }
    });
}

fn ask(board: Board, term: &Term, is_excluded: bool) {
    let text = board.peek(|store| {
        let search = store.timeline().search();
        if is_excluded { search.toggled(&term.opposite()) } else { search.toggled(term) }
    });
    address::step(board, text);
}

fn term_of(event: &web_sys::Event) -> Option<Term> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let bearer: HtmlElement = target.closest("[data-term]").ok()??.dyn_into().ok()?;
    Search::new(&bearer.get_attribute("data-term")?).terms().next().cloned()
}
