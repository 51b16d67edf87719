//! The field that one types into.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast as _;

use super::{address::step, help::help};
use crate::{
    store::{Intent, Timeline},
    view::{
        board::Board,
        icon::{Icon, icon},
        labels::counted,
        live::{flag, live, memo, on, when},
        part::part,
    },
};

/// The search field's id.
const SEARCH: &str = "search";

/// The search field, once it is in the page.
pub(in crate::view) fn search_field() -> Option<web_sys::HtmlInputElement> {
    document().get_element_by_id(SEARCH)?.dyn_into().ok()
}

/// The field, how much it finds, and its help.
#[component]
pub(in crate::view) fn SearchBar(
    /// The way to the store.
    board: Board,
    /// Whether single keys do something.
    shortcuts: RwSignal<bool>,
) -> impl IntoView {
    let text = memo(move || board.timeline(|timeline| timeline.search().text().to_owned()));
    let is_searching = move || !text.get().is_empty();
    let found = move || {
        if board.timeline(|timeline| timeline.search().is_empty()) {
            return String::new();
        }
        counted(board.timeline(Timeline::len) as u64, "row", "rows")
    };
    let is_faulty = move || board.timeline(|timeline| timeline.search().faults().next().is_some());
    let type_search = move |event: ev::Event| board.send(Intent::Search(event_target_value(&event)));
    let clear = move |_| {
        step(board, String::new());
        if let Some(field) = search_field() {
            // A focus call fails for detached elements only.
            let _ = field.focus();
        }
    };
    let clear_button = move || {
        part(view! {
            <button
                type="button"
                class="button search-clear"
                data-kind="icon"
                aria-label="Clear the search"
                on:click=on(clear)
            >
                {icon(Icon::Clear)}
            </button>
        })
    };
    let key = || part(view! { <kbd class="search-key" aria-hidden="true">"/"</kbd> });
    view! {
        <div class="search" role="search">
            {icon(Icon::Search)}
            <input
                class="search-field"
                type="search"
                placeholder="Search id, reason, client:…, /regex/"
                aria-label="Search the timeline"
                aria-describedby="search-found search-faults"
                aria-invalid=flag(is_faulty)
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                dir="auto"
                id=SEARCH
                prop:value=live(move || text.get())
                on:input=on(type_search)
            />
            <span class="search-end">
                <span id="search-found">{live(found)}</span>
                {when(is_searching, clear_button)}
                {when(move || !is_searching() && shortcuts.get(), key)}
            </span>
        </div>
        {help()}
    }
}
