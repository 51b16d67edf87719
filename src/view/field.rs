//! Fields of the connect form, each with its label and its error.

use leptos::{ev, prelude::*};

use super::{
    connect::page_is_secure,
    live::{flag, live, on},
    part::{Part, part},
};
use crate::store::{Settings, settings::Field};

/// A line of text.
pub(super) struct TextField {
    pub(super) field: Field,
    /// Name in the form, and the element's id after `field-`.
    pub(super) name: &'static str,
    /// What to enter.
    pub(super) label: &'static str,
    /// The input's type.
    pub(super) kind: &'static str,
    /// Whether it holds an identifier.
    pub(super) mono: bool,
    /// Whether it takes a whole line of a narrow page.
    pub(super) wide: bool,
    /// What the browser may fill in.
    pub(super) autocomplete: &'static str,
    /// A word of help, while nothing is wrong.
    pub(super) hint: &'static str,
}

/// One of a few.
pub(super) struct Choice {
    /// Name in the form, and the element's id after `field-`.
    pub(super) name: &'static str,
    /// What to choose.
    pub(super) label: &'static str,
    /// Values and their names.
    pub(super) options: [(&'static str, &'static str); 3],
    /// The value chosen.
    pub(super) chosen: fn(&Settings) -> &'static str,
    /// Chooses a value.
    pub(super) choose: fn(&mut Settings, &str),
}

impl TextField {
    /// Draws it. Errors show once one has `tried`, so that nobody is scolded while typing.
    pub(super) fn draw(&self, settings: RwSignal<Settings>, tried: RwSignal<bool>) -> Part {
        let &Self { field, name, label, kind, hint, .. } = self;
        let error = move || {
            let errors = if tried.get() { settings.get().errors(page_is_secure()) } else { Vec::new() };
            errors.into_iter().find(|error| error.field == field).map(|error| error.message)
        };
        let invalid = move || error().is_some();
        let note_class = move || if invalid() { "field-error" } else { "field-hint" }.to_owned();
        let change = move |event: ev::Event| {
            let text = event_target_value(&event);
            settings.update(|form| *form.text_mut(field) = text);
        };
        let id = format!("field-{name}");
        let note = format!("{id}-note");
        part(view! {
            <div class="field" data-wide=self.wide.then_some("true")>
                <label class="field-label" for=id.clone()>
                    {label}
                </label>
                <input
                    class="field-input"
                    data-mono=self.mono.then_some("true")
                    id=id
                    name=name
                    type=kind
                    autocomplete=self.autocomplete
                    autocapitalize="off"
                    spellcheck="false"
                    aria-invalid=flag(invalid)
                    aria-describedby=note.clone()
                    prop:value=live(move || settings.get().text(field).to_owned())
                    on:input=on(change)
                />
                <p class=live(note_class) id=note>
                    {live(move || error().unwrap_or_else(|| hint.to_owned()))}
                </p>
            </div>
        })
    }
}

impl Choice {
    /// Draws it.
    pub(super) fn draw(&self, settings: RwSignal<Settings>) -> Part {
        let &Self { name, label, options, chosen, choose } = self;
        let options = options.map(|(option, shown)| {
            view! {
                <option value=option prop:selected=live(move || chosen(&settings.get()) == option)>
                    {shown}
                </option>
            }
        });
        let change = move |event: ev::Event| {
            let value = event_target_value(&event);
            settings.update(|form| choose(form, &value));
        };
        let id = format!("field-{name}");
        part(view! {
            <div class="field">
                <label class="field-label" for=id.clone()>
                    {label}
                </label>
                <select class="field-input" id=id name=name on:change=on(change)>
                    {options}
                </select>
            </div>
        })
    }
}
