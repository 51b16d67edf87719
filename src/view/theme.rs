//! Which theme: the system's, light or dark. The choice outlives the page; index.html applies it before the first paint.

use leptos::prelude::*;

use super::{
    icon::{Icon, icon},
    live::{live, on},
    shortcuts::storage,
};

/// Name in `localStorage`; index.html reads it, too.
const KEY: &str = "headcount.theme";

const CHOICES: [(&str, &str, Icon); 3] = [
    ("auto", "System theme", Icon::System),
    ("light", "Light theme", Icon::Sun),
    ("dark", "Dark theme", Icon::Moon),
];

/// Three radio buttons.
#[component]
pub(super) fn Theme() -> impl IntoView {
    let chosen = RwSignal::new(remembered());
    let choices = CHOICES.map(|(value, name, picture)| {
        view! {
            <label class="theme-choice" title=name>
                <input
                    type="radio"
                    name="theme"
                    value=value
                    aria-label=name
                    prop:checked=live(move || chosen.get() == value)
                    on:change=on(move |_| {
                        chosen.set(value);
                        apply(value);
                    })
                />
                {icon(picture)}
            </label>
        }
    });
    view! {
        <fieldset class="theme">
            <legend class="unseen">"Theme"</legend>
            {choices}
        </fieldset>
    }
}

/// The choice of an earlier visit. Storage may be locked down: then the system's theme it is.
fn remembered() -> &'static str {
    let stored = storage().and_then(|storage| storage.get_item(KEY).ok().flatten()).unwrap_or_default();
    CHOICES.iter().map(|&(value, ..)| value).find(|&value| value == stored).unwrap_or("auto")
}

fn apply(value: &str) {
    let Some(root) = document().document_element() else { return };
    // Neither call has a way to fail that would leave the page worse: the theme then lasts as long as the page.
    if value == "auto" {
        let _ = root.remove_attribute("data-theme");
        let _ = storage().map(|storage| storage.remove_item(KEY));
    } else {
        let _ = root.set_attribute("data-theme", value);
        let _ = storage().map(|storage| storage.set_item(KEY, value));
    }
}
