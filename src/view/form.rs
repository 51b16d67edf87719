//! Fields of the small forms.

use leptos::{ev, prelude::*};

use super::{
    live::{flag, live, on},
    part::{Part, part},
};

/// A line of text with its label, and below it a sentence: what is wrong, or what it means.
pub(crate) struct TextField {
    pub(crate) id: &'static str,
    pub(crate) label: &'static str,
    /// Whether it holds a topic or a filter.
    pub(crate) mono: bool,
    /// The id of a list of proposals.
    pub(crate) list: &'static str,
    pub(crate) input_mode: &'static str,
}

impl TextField {
    pub(crate) fn text(id: &'static str, label: &'static str) -> Self {
        Self { id, label, mono: false, list: "", input_mode: "text" }
    }

    /// `note` gives the sentence, and whether it is about a mistake.
    pub(crate) fn draw(
        &self,
        value: RwSignal<String>,
        note: impl Fn() -> (bool, String) + Clone + Send + Sync + 'static,
    ) -> Part {
        let (id, note_id) = (self.id, format!("{}-note", self.id));
        let invalid = {
            let note = note.clone();
            move || note().0
        };
        let class = {
            let invalid = invalid.clone();
            move || if invalid() { "field-error" } else { "field-hint" }.to_owned()
        };
        part(view! {
            <div class="field">
                <label class="field-label" for=id>{self.label}</label>
                <input
                    class="field-input"
                    id=id
                    type="text"
                    dir=if self.mono { "ltr" } else { "auto" }
                    data-mono=self.mono.then_some("true")
                    list=Some(self.list).filter(|list| !list.is_empty())
                    inputmode=self.input_mode
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    aria-invalid=flag(invalid)
                    aria-describedby=note_id.clone()
                    prop:value=live(move || value.get())
                    on:input=on(move |event: ev::Event| value.set(event_target_value(&event)))
                />
                <p class=live(class) id=note_id>{live(move || note().1)}</p>
            </div>
        })
    }
}

/// One of a few numbers, each with its words.
pub(crate) fn choice(
    id: &'static str,
    label: &'static str,
    value: RwSignal<u32>,
    options: &[(u32, &'static str)],
) -> Part {
    let options: Vec<_> = options
        .iter()
        .map(|&(number, words)| {
            view! {
                <option value=number.to_string() prop:selected=live(move || value.get() == number)>
                    {words}
                </option>
            }
        })
        .collect();
    let change = move |event: ev::Event| {
        if let Ok(number) = event_target_value(&event).parse() {
            value.set(number);
        }
    };
    part(view! {
        <div class="field">
            <label class="field-label" for=id>{label}</label>
            <select class="field-input" id=id on:change=on(change)>{options}</select>
        </div>
    })
}

/// Nothing to say about a field.
pub(crate) fn no_note() -> (bool, String) {
    (false, String::new())
}
