//! The button that copies a text.

use leptos::{html::Code, prelude::*};
use wasm_bindgen_futures::JsFuture;

use super::board::Board;
use crate::store::Millis;

/// How long the button says what came of it, in milliseconds.
const SAYS: i64 = 2_500;

/// What came of a click.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Copied,
    /// No clipboard (a page that came by plain HTTP from another machine has none): the text is selected instead.
    Selected,
}

/// Copies `text`; where the browser allows no clipboard, it selects the text in `shown_in` for the reader to copy.
#[component]
pub(super) fn Copy(
    /// The way to the clock.
    board: Board,
    /// What to copy.
    #[prop(into)]
    text: Signal<String>,
    /// The element that shows it.
    shown_in: NodeRef<Code>,
    /// What is copied, for those who hear the button without its surroundings.
    what: &'static str,
) -> impl IntoView {
    let outcome = RwSignal::new(None::<(Outcome, Millis)>);
    let recent = Memo::new(move |_| {
        let (outcome, at) = outcome.get()?;
        (board.now().since(at) < SAYS).then_some(outcome)
    });
    let label = move || match recent.get() {
        None => "Copy",
        Some(Outcome::Copied) => "Copied",
        Some(Outcome::Selected) => "Selected: press Ctrl+C",
    };
    let copy = move |_| {
        let text = text.get_untracked();
        leptos::task::spawn_local(async move {
            let done = if write(&text).await { Outcome::Copied } else { select(shown_in) };
            outcome.set(Some((done, board.clock())));
        });
    };
    view! {
        <button type="button" class="button" data-kind="quiet" on:click=copy>
            <span aria-live="polite">{label}</span>
            <span class="unseen">{format!(" {what}")}</span>
        </button>
    }
}

/// Whether the clipboard was there to take the text, and took it.
async fn write(text: &str) -> bool {
    if !window().is_secure_context() {
        return false;
    }
    JsFuture::from(window().navigator().clipboard().write_text(text)).await.is_ok()
}

fn select(shown_in: NodeRef<Code>) -> Outcome {
    if let (Some(element), Ok(Some(selection))) = (shown_in.get_untracked(), window().get_selection()) {
        // It fails for nodes of another document only.
        let _ = selection.select_all_children(&element);
    }
    Outcome::Selected
}
