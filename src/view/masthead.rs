//! The line at the top: whose page it is, how the connection stands, which theme.

use leptos::prelude::*;

use super::{board::Board, pill::Standing, theme::Theme};

/// The banner landmark.
#[component]
pub(super) fn Masthead(
    /// The way to the store.
    board: Board,
) -> impl IntoView {
    view! {
        <header class="masthead">
            <h1 class="wordmark">
                <svg class="wordmark-tally" viewBox="0 0 24 24" aria-hidden="true">
                    <path d="M5 4v16M9.7 4v16M14.3 4v16M19 4v16M2 17 22 7" />
                </svg>
                <span class="wordmark-name">"Headcount"</span>
            </h1>
            <Standing board />
            <div class="masthead-end">
                <Theme />
            </div>
        </header>
    }
}
