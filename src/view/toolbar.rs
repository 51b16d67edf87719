//! What one does to the timeline: search it, pause it, empty it, and bring a demo client.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast as _;

use super::{
    board::Board,
    demo::demo_button,
    icon::{Icon, icon},
    labels::{counted, thousands},
    live::{flag, live, memo, on, when},
    part::part,
};
use crate::store::Intent;

/// The search field's id.
const SEARCH: &str = "search";

/// The search field, once it is in the page.
pub(super) fn search_field() -> Option<web_sys::HtmlInputElement> {
    document().get_element_by_id(SEARCH)?.dyn_into().ok()
}

/// The toolbar.
#[component]
pub(super) fn Toolbar(
    /// The way to the store.
    board: Board,
    /// Whether single keys do something.
    shortcuts: RwSignal<bool>,
) -> impl IntoView {
    let text = move || board.timeline(|timeline| timeline.search().text().to_owned());
    let is_searching = move || board.timeline(|timeline| !timeline.search().is_empty());
    let found = move || {
        if !is_searching() {
            return String::new();
        }
        counted(board.timeline(crate::store::Timeline::len) as u64, "row", "rows")
    };
    let is_paused = memo(move || board.timeline(crate::store::Timeline::is_paused));
    let pause_label = move || match (is_paused.get(), board.timeline(crate::store::Timeline::new_count)) {
        (false, _) => "Pause".to_owned(),
        (true, 0) => "Paused".to_owned(),
        (true, held) => format!("Paused · {} held", thousands(held)),
    };
    let pause_title = move || {
        if is_paused.get() { "Show what was held" } else { "Hold still; recording goes on" }.to_owned()
    };
    let pause_icon = move || icon(if is_paused.get() { Icon::Play } else { Icon::Pause });
    let toggle_pause = move |_| {
        board.send(if is_paused.get_untracked() { Intent::Resume } else { Intent::Pause });
    };
    let type_search = move |event: ev::Event| board.send(Intent::Search(event_target_value(&event)));
    let clear = move |_| {
        board.send(Intent::Search(String::new()));
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
        <div class="toolbar">
            <div class="search" role="search">
                {icon(Icon::Search)}
                <input
                    class="search-field"
                    type="search"
                    placeholder="Search id, reason, transport…"
                    aria-label="Search the timeline"
                    aria-describedby="search-found"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    id=SEARCH
                    prop:value=live(text)
                    on:input=on(type_search)
                />
                <span class="search-end">
                    <span id="search-found">{live(found)}</span>
                    {when(is_searching, clear_button)}
                    {when(move || !is_searching() && shortcuts.get(), key)}
                </span>
            </div>
            <div class="toolbar-end">
                <button
                    type="button"
                    class="button"
                    aria-pressed=flag(move || is_paused.get())
                    title=live(pause_title)
                    on:click=on(toggle_pause)
                >
                    {live(pause_icon)}
                    {live(pause_label)}
                </button>
                {demo_button(board, "plain")}
            </div>
        </div>
    }
}
