//! Single keys that work wherever one does not type. They can be turned off (WCAG 2.1.4), and that is remembered.

use leptos::{ev, prelude::*};

use super::{
    board::Board,
    lanes::Sight,
    search::{search_field, step},
    viewport::Viewport,
};
use crate::store::Intent;

/// Name in `localStorage`.
const KEY: &str = "headcount.shortcuts";

/// Whether single keys are welcome, from an earlier visit; they are at first.
pub(super) fn remembered() -> bool {
    let stored = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
    stored.as_deref() != Some("off")
}

/// Keeps the choice. Where storage is locked down it lasts as long as the page.
pub(super) fn remember(enabled: bool) {
    let _ = storage().map(|storage| storage.set_item(KEY, if enabled { "on" } else { "off" }));
}

/// `localStorage`, where the browser grants it.
pub(super) fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// Listens as long as the page lives: `/` searches, `p` pauses, `l` turns to lanes and back, Escape steps back.
pub(super) fn listen(board: Board, viewport: Viewport, sight: Sight, enabled: RwSignal<bool>) {
    window_event_listener(ev::keydown, move |event| {
        if event.default_prevented() || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let typing = is_typing(&event);
        match event.key().as_str() {
            "/" if !typing && enabled.get_untracked() => {
                event.prevent_default();
                if let Some(field) = search_field() {
                    // A focus call fails for detached elements only.
                    let _ = field.focus();
                    field.select();
                }
            }
            "p" if !typing && enabled.get_untracked() => {
                let is_paused = board.peek(|store| store.timeline().is_paused());
                board.send(if is_paused { Intent::Resume } else { Intent::Pause });
            }
            "l" if !typing && enabled.get_untracked() => sight.show(!sight.shown.get_untracked()),
            "Escape" => step_back(board, viewport),
            _ => {}
        }
    });
}

/// Escape: clears the search where one types it, else closes the opened row, else goes back to the newest.
fn step_back(board: Board, viewport: Viewport) {
    let Some(field) = search_field() else { return };
    let focused = document().active_element();
    if focused.as_ref() == Some(field.as_ref()) {
        step(board, String::new());
        let _ = field.blur();
    } else if !viewport.close() && !board.peek(|store| store.timeline().is_paused()) {
        viewport.follow();
    }
}

fn is_typing(event: &ev::KeyboardEvent) -> bool {
    event_target::<web_sys::Element>(event)
        .closest("input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]")
        .ok()
        .flatten()
        .is_some()
}
