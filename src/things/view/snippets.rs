//! Ready-made code for a device, a tab each.

use std::sync::Arc;

use leptos::{ev, prelude::*};

use super::{desk::Desk, focus};
use crate::{
    things::store::snippet::Snippet,
    view::{
        copy::copy_button,
        live::{flag, live, memo, on},
        part::{Part, part},
    },
};

/// The tabs, with the password where it is known.
pub(super) fn snippets(desk: Desk, id: Arc<str>, password: Option<Arc<str>>) -> Part {
    let chosen = RwSignal::new(0_usize);
    // The same device may stand in a dialog and behind it.
    let prefix = format!("{}-{}", if password.is_some() { "new" } else { "code" }, id);
    let tab = |at: usize, snippet: Snippet| {
        let is_chosen = move || chosen.get() == at;
        view! {
            <button
                type="button"
                class="tab"
                role="tab"
                id=format!("{prefix}-{}", snippet.name())
                aria-selected=flag(is_chosen)
                aria-controls=format!("{prefix}-panel")
                tabindex=live(move || if is_chosen() { "0" } else { "-1" }.to_owned())
                on:click=on(move |_: ev::MouseEvent| chosen.set(at))
            >
                {snippet.label()}
            </button>
        }
    };
    let tabs: Vec<_> = Snippet::ALL.into_iter().enumerate().map(|(at, snippet)| tab(at, snippet)).collect();
    let keys = {
        let prefix = prefix.clone();
        move |event: ev::KeyboardEvent| {
            let count = Snippet::ALL.len();
            let at = chosen.get_untracked();
            let next = match event.key().as_str() {
                "ArrowRight" => (at + 1) % count,
                "ArrowLeft" => (at + count - 1) % count,
                "Home" => 0,
                "End" => count - 1,
                _ => return,
            };
            event.prevent_default();
            chosen.set(next);
            focus(&format!("{prefix}-{}", Snippet::ALL[next].name()));
        }
    };
    let shown = memo(move || {
        let snippet = Snippet::ALL[chosen.get()];
        let (place, password) = (desk.place(), password.as_deref());
        desk.read(|things| {
            let device = things.device(&id).cloned().unwrap_or_default();
            (snippet.fill(&place, &device, password), snippet.notes(&place, &device, password).join(" "))
        })
    });
    let labelled = {
        let prefix = prefix.clone();
        move || format!("{prefix}-{}", Snippet::ALL[chosen.get()].name())
    };
    let code = format!("{prefix}-text");
    part(view! {
        <div class="tabs" role="tablist" aria-label="Languages" on:keydown=on(keys)>{tabs}</div>
        <div class="tab-panel" role="tabpanel" id=format!("{prefix}-panel") aria-labelledby=live(labelled)>
            <p class="field-hint">{live(move || shown.get().1)}</p>
            <pre class="snippet" tabindex="0"><code id=code.clone()>{live(move || shown.get().0)}</code></pre>
            {copy_button(move || desk.now(), code, "the code")}
        </div>
    })
}
