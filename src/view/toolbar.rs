//! What one does to the timeline: search it, pause it, empty it, and bring a demo client.

use leptos::{html::Input, prelude::*};

use super::{
    board::Board,
    demo::DemoButton,
    icon::{Icon, icon},
    labels::{counted, thousands},
};
use crate::store::Intent;

/// The toolbar. `search` is the search field, which a shortcut focuses.
#[component]
pub(super) fn Toolbar(
    /// The way to the store.
    board: Board,
    /// The search field.
    search: NodeRef<Input>,
    /// Whether single keys do something.
    shortcuts: RwSignal<bool>,
) -> impl IntoView {
    let text = Memo::new(move |_| board.timeline(|timeline| timeline.search().text().to_owned()));
    let found = Memo::new(move |_| {
        board.timeline(|timeline| (!timeline.search().is_empty()).then(|| timeline.len() as u64))
    });
    let is_paused = Memo::new(move |_| board.timeline(crate::store::Timeline::is_paused));
    let held = Memo::new(move |_| board.timeline(crate::store::Timeline::new_count));
    let pause_label = move || match (is_paused.get(), held.get()) {
        (false, _) => "Pause".to_owned(),
        (true, 0) => "Paused".to_owned(),
        (true, held) => format!("Paused · {} held", thousands(held)),
    };
    let pause_title =
        move || if is_paused.get() { "Show what was held" } else { "Hold still; recording goes on" };
    let pause_icon = move || if is_paused.get() { icon(Icon::Play) } else { icon(Icon::Pause) };
    let toggle_pause = move |_| {
        board.send(if is_paused.get_untracked() { Intent::Resume } else { Intent::Pause });
    };
    let clear = move |_| {
        board.send(Intent::Search(String::new()));
        if let Some(field) = search.get_untracked() {
            // A focus call fails for detached elements only.
            let _ = field.focus();
        }
    };
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
                    node_ref=search
                    prop:value=move || text.get()
                    on:input=move |event| board.send(Intent::Search(event_target_value(&event)))
                />
                <span class="search-end">
                    <span id="search-found">{move || found.get().map(|found| counted(found, "row", "rows"))}</span>
                    <Show when=move || found.get().is_some()>
                        <button
                            type="button"
                            class="button search-clear"
                            data-kind="icon"
                            aria-label="Clear the search"
                            on:click=clear
                        >
                            {icon(Icon::Clear)}
                        </button>
                    </Show>
                    <Show when=move || found.get().is_none() && shortcuts.get()>
                        <kbd class="search-key" aria-hidden="true">"/"</kbd>
                    </Show>
                </span>
            </div>
            <div class="toolbar-end">
                <button
                    type="button"
                    class="button"
                    aria-pressed=move || is_paused.get().to_string()
                    title=pause_title
                    on:click=toggle_pause
                >
                    {pause_icon}
                    {pause_label}
                </button>
                <DemoButton board />
            </div>
        </div>
    }
}
