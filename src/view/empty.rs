//! Nothing to show: what this page is for and how to make something happen, or why a search found nothing.

use leptos::prelude::*;

use super::{
    board::Board,
    copy::copy_button,
    demo::demo_button,
    live::{live, on},
    search::step,
};
use crate::store::Settings;

/// What stands in the place of rows.
#[component]
pub(super) fn Empty(
    /// The way to the store.
    board: Board,
    /// The form, whose address the command names.
    settings: RwSignal<Settings>,
) -> impl IntoView {
    let command = move || board.status(|store| store.mosquitto_command(&settings.get()));
    view! {
        <div class="empty">
            <div class="empty-card">
                <h2 class="empty-title">"Nobody has come or gone yet."</h2>
                <p class="empty-words">
                    "Whenever an MQTT client connects to this broker or leaves it, a row appears here within a moment, \
                    with its client id and the reason. Each row is an MQTT message that you may subscribe to yourself."
                </p>
                <section class="empty-step">
                    <h3>"Read the same feed in a terminal, and be the first client to appear"</h3>
                    <div class="command">
                        <code class="command-text" id="command">
                            {live(command)}
                        </code>
                        {copy_button(move || board.now(), "command", "the command")}
                    </div>
                </section>
                <section class="empty-step">
                    <h3>"Or without a terminal"</h3>
                    <div>{demo_button(board, "primary")}</div>
                </section>
            </div>
        </div>
    }
}

/// A search that no row matches.
#[component]
pub(super) fn NothingFound(
    /// The way to the store.
    board: Board,
) -> impl IntoView {
    let title =
        move || board.timeline(|timeline| format!("No event matches “{}”.", timeline.search().text()));
    view! {
        <div class="empty">
            <div class="empty-card">
                <h2 class="empty-title">{live(title)}</h2>
                <p class="empty-words">
                    "All of it has to be found: words in the client id, the account, the status, the reason, the transport \
                    or the address, and terms such as status:refused in what they name. What comes from now on is searched \
                    as well."
                </p>
                <div>
                    <button
                        type="button"
                        class="button"
                        on:click=on(move |_| step(board, String::new()))
                    >
                        "Clear the search"
                    </button>
                </div>
            </div>
        </div>
    }
}
