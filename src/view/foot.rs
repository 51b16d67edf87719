//! The line below the timeline: how much is kept, and which keys do what.

use leptos::{ev, prelude::*};

use super::{
    board::Board,
    labels::{counted, thousands},
    live::{live, on},
    shortcuts,
};

/// The line.
#[component]
pub(super) fn Foot(
    /// The way to the store.
    board: Board,
    /// Whether single keys do something.
    shortcuts: RwSignal<bool>,
) -> impl IntoView {
    let kept = move || {
        let (kept, trimmed, cap) = board
            .timeline(|timeline| (timeline.recorded() as u64, timeline.trimmed(), timeline.cap() as u64));
        if board.peek(|store| store.record_name().is_some()) {
            return format!("{} in the record", counted(kept, "row", "rows"));
        }
        if trimmed == 0 {
            return format!("{} kept, {} at most", counted(kept, "row", "rows"), thousands(cap));
        }
        format!(
            "{} of {} events kept; {} trimmed",
            thousands(kept),
            thousands(kept + trimmed),
            thousands(trimmed)
        )
    };
    let unreadable = move || {
        let count = board.status(crate::store::Store::unreadable);
        if count == 0 {
            return String::new();
        }
        format!("{} could not be read", counted(count, "message", "messages"))
    };
    view! {
        <footer class="foot">
            <span>{live(kept)}</span>
            <span>{live(unreadable)}</span>
            <label class="foot-keys">
                <input
                    type="checkbox"
                    prop:checked=live(move || shortcuts.get())
                    on:change=on(move |event: ev::Event| {
                        let enabled = event_target_checked(&event);
                        shortcuts.set(enabled);
                        shortcuts::remember(enabled);
                    })
                />
                " Keys: "
                <kbd>"/"</kbd>
                " search "
                <kbd>"p"</kbd>
                " pause "
                <kbd>"l"</kbd>
                " lanes "
                <kbd>"↑"</kbd>
                <kbd>"↓"</kbd>
                " rows "
                <kbd>"Enter"</kbd>
                " open"
            </label>
        </footer>
    }
}
