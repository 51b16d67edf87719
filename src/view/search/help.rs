//! How to search, in as many words as fit a glance; `docs/search.md` has the rest.

use leptos::prelude::*;

use crate::view::{
    menu::menu,
    part::{Part, part},
};

const LINES: [(&str, &str); 9] = [
    ("lamp \"two words\"", "anywhere in the row"),
    ("client:lamp", "in the client id; likewise account: status: reason: transport: address:"),
    ("client:\"lamp\"", "this one and no other"),
    ("topic:home/+/lamp", "the message’s topic, or the one that was refused; + and # as in MQTT"),
    ("since:2026-11-22T08:00", "from then on, UTC"),
    ("until:2026-11-22", "before then"),
    ("/^lamp-\\d+$/", "a regular expression, also client:/…/; case counts with /…/c"),
    ("-status:connected", "hides what it finds"),
    ("status:refused status:denied", "of one key either, of different keys all"),
];

/// The button and what it opens.
pub(super) fn help() -> Part {
    let lines = LINES.map(|(term, words)| {
        part(view! {
            <dt>
                <code>{term}</code>
            </dt>
            <dd>{words}</dd>
        })
    });
    let lines: Vec<Part> = lines.into_iter().collect();
    let content = view! {
        <dl class="help-lines">{lines}</dl>
        <p class="menu-note">
            "A click on a value in a row or its details adds its term, Alt and a click or Alt and Enter exclude it."
        </p>
    };
    menu("search-help", "?", "How to search", part(content))
}
