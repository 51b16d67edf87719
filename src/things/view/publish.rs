//! An entry of one's own, to try a channel at once.

use leptos::{ev, prelude::*};

use super::desk::Desk;
use crate::{
    things::store::{
        Wish,
        channel::{FIELDS, name},
    },
    view::{
        live::{live, on},
        part::{Part, part},
    },
};

/// The form. It publishes as the account itself.
pub(super) fn publish(desk: Desk, id: u32) -> Part {
    let values = [(); FIELDS].map(|()| RwSignal::new(String::new()));
    let status = RwSignal::new(String::new());
    let fields: Vec<_> =
        (0..FIELDS).map(|at| field(format!("publish-{}", name(at)), name(at), values[at])).collect();
    let cannot = move || {
        let is_empty =
            values.iter().all(|value| value.with(String::is_empty)) && status.with(String::is_empty);
        is_empty || desk.read(|things| !things.is_live())
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if !untrack(cannot) {
            let fields = values.iter().map(|value| value.get_untracked()).collect();
            desk.wish(Wish::Publish(id, fields, status.get_untracked()));
        }
    };
    let said = move || desk.read(|things| things.said().map(|said| said.answer.clone())).unwrap_or_default();
    let is_refused = move || desk.read(|things| things.said().is_some_and(|said| said.is_refused));
    let class = move || if is_refused() { "field-error" } else { "field-hint" }.to_owned();
    part(view! {
        <section class="panel" aria-labelledby="publish-title">
            <h4 class="panel-title" id="publish-title">"Publish an entry"</h4>
            <form class="use-form" on:submit=on(submit)>
                <div class="publish-fields">{fields}</div>
                {field("publish-status".to_owned(), "status".to_owned(), status)}
                <div class="use-actions">
                    <button type="submit" class="button" data-kind="primary" prop:disabled=live(cannot)>"Publish"</button>
                    <p class=live(class) role="status" dir="auto">{live(said)}</p>
                </div>
            </form>
        </section>
    })
}

fn field(id: String, label: String, value: RwSignal<String>) -> Part {
    part(view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{label}</label>
            <input
                class="field-input"
                id=id
                type="text"
                dir="auto"
                autocomplete="off"
                prop:value=live(move || value.get())
                on:input=on(move |event: ev::Event| value.set(event_target_value(&event)))
            />
        </div>
    })
}
