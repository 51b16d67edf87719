//! What one does to the timeline: search it, pause it, share it, and bring a demo client.

use leptos::prelude::*;

use super::{
    board::Board,
    demo::demo_button,
    icon::{Icon, icon},
    labels::thousands,
    live::{flag, live, memo, on, when},
    part::part,
    search::{SearchBar, terms},
    share::share,
};
use crate::store::Intent;

/// The toolbar.
#[component]
pub(super) fn Toolbar(
    /// The way to the store.
    board: Board,
    /// Whether single keys do something.
    shortcuts: RwSignal<bool>,
) -> impl IntoView {
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
    let is_live = move || {
        board.timeline(|_| ());
        board.peek(|store| store.record_name().is_none())
    };
    // Nothing comes into a record, so there is nothing to hold.
    let pause = move || {
        part(view! {
            <button
                type="button"
                class="button"
                aria-pressed=flag(move || is_paused.get())
                title=live(pause_title)
                on:click=on(toggle_pause)
            >
                {live(pause_icon)}
                <span class="toolbar-word">{live(pause_label)}</span>
            </button>
        })
    };
    view! {
        <div class="toolbar">
            <SearchBar board shortcuts />
            <div class="toolbar-end">
                {when(is_live, pause)}
                {share(board)}
                {demo_button(board, "plain")}
            </div>
            {terms(board)}
        </div>
    }
}
