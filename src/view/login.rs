//! Fields of a login form, and the accounts that fill it in.

use leptos::{ev, prelude::*};

use super::{
    live::{live, on},
    part::{Part, part},
};
use crate::chat::login::DEMO_ACCOUNTS;

/// Who logs in. What is wrong with the form of this name stands in the element `<form>-note`.
pub(crate) fn name(form: &str, value: RwSignal<String>) -> Part {
    field(form, ["name", "Name", "text", "username"], value)
}

/// The password.
pub(crate) fn password(form: &str, value: RwSignal<String>) -> Part {
    field(form, ["password", "Password", "password", "current-password"], value)
}

fn field(form: &str, [name, label, kind, autocomplete]: [&'static str; 4], value: RwSignal<String>) -> Part {
    let id = format!("{form}-{name}");
    part(view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{label}</label>
            <input
                class="field-input"
                id=id
                name=name
                type=kind
                dir="auto"
                autocomplete=autocomplete
                autocapitalize="off"
                spellcheck="false"
                aria-describedby=format!("{form}-note")
                prop:value=live(move || value.get())
                on:input=on(move |event: ev::Event| value.set(event_target_value(&event)))
            />
        </div>
    })
}

/// The demo accounts, to fill the form in; what was wrong with it is gone then.
pub(crate) fn accounts(name: RwSignal<String>, secret: RwSignal<String>, error: RwSignal<String>) -> Part {
    let buttons = DEMO_ACCOUNTS.map(|(user, password)| {
        let fill = move |_| {
            name.set(user.to_owned());
            secret.set(password.to_owned());
            error.set(String::new());
        };
        view! {
            <button
                type="button"
                class="button"
                aria-label=format!("{user}, password {password}")
                on:click=on(fill)
            >
                {user}
            </button>
        }
    });
    part(view! {
        <div class="accounts" role="group" aria-label="Demo accounts">
            <p class="field-hint">"Demo accounts; the password is “test”, and admin's is “admin”."</p>
            {buttons}
        </div>
    })
}
