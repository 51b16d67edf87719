//! Fields of a form, each with its label and its error.

use leptos::prelude::*;

/// A line of text.
#[component]
pub(super) fn TextField(
    /// Name in the form, and the element's id after `field-`.
    name: &'static str,
    /// What to enter.
    label: &'static str,
    /// The input's type.
    kind: &'static str,
    /// Whether it holds an identifier.
    #[prop(optional)]
    mono: bool,
    /// Whether it takes a whole line of a narrow page.
    #[prop(optional)]
    wide: bool,
    /// A word of help, while nothing is wrong.
    #[prop(optional)]
    hint: &'static str,
    /// The text.
    value: Signal<String>,
    /// What is wrong with it.
    error: Signal<Option<String>>,
    /// The text was changed.
    on_input: impl Fn(String) + 'static,
) -> impl IntoView {
    let id = format!("field-{name}");
    let note = format!("{id}-note");
    let autocomplete = match name {
        "username" => "username",
        "password" => "current-password",
        _ => "off",
    };
    let has_error = Memo::new(move |_| error.with(Option::is_some));
    let note_class = move || if has_error.get() { "field-error" } else { "field-hint" };
    view! {
        <div class="field" data-wide=wide.then_some("true")>
            <label class="field-label" for=id.clone()>
                {label}
            </label>
            <input
                class="field-input"
                data-mono=mono.then_some("true")
                id=id
                name=name
                type=kind
                autocomplete=autocomplete
                autocapitalize="off"
                spellcheck="false"
                aria-invalid=move || has_error.get().then_some("true")
                aria-describedby=note.clone()
                prop:value=move || value.get()
                on:input=move |event| on_input(event_target_value(&event))
            />
            <p class=note_class id=note>
                {move || error.get().unwrap_or_else(|| hint.to_owned())}
            </p>
        </div>
    }
}

/// One of a few.
#[component]
pub(super) fn Choice(
    /// Name in the form, and the element's id after `field-`.
    name: &'static str,
    /// What to choose.
    label: &'static str,
    /// Values and their names.
    options: &'static [(&'static str, &'static str)],
    /// The value chosen.
    value: Signal<String>,
    /// Another value was chosen.
    on_choose: impl Fn(String) + 'static,
) -> impl IntoView {
    let id = format!("field-{name}");
    let options = options.iter().map(|&(option, shown)| {
        view! {
            <option value=option prop:selected=move || value.with(|value| value == option)>
                {shown}
            </option>
        }
    });
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>
                {label}
            </label>
            <select
                class="field-input"
                id=id
                name=name
                on:change=move |event| on_choose(event_target_value(&event))
            >
                {options.collect_view()}
            </select>
        </div>
    }
}
