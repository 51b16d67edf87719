//! The login form of a window.

use leptos::{ev, prelude::*};

use super::seat::Seat;
use crate::{
    chat::{login::DEMO_ACCOUNTS, store::stage::Feature},
    store::Connection,
    view::{
        live::{flag, live, memo, on, when},
        part::{Part, part},
    },
};

/// A name, a password where the stage asks for one, and what the broker said to them.
pub(super) fn form(seat: Seat) -> Part {
    let with_password = memo(move || seat.hall.stage().has(Feature::Authentication));
    let refusal = move || {
        let error = seat.error.get();
        if !error.is_empty() {
            return error;
        }
        seat.read(|chat| match chat.connection() {
            Connection::Refused(refusal) => {
                format!("The broker refused {}: {}. {}", chat.user(), refusal.words, refusal.advice)
            }
            _ => String::new(),
        })
    };
    let is_wrong = move || !refusal().is_empty();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        seat.submit();
    };
    let number = seat.number;
    let note = format!("login-{number}-note");
    let hint = move || {
        if with_password.get() {
            "The realm “secure” believes nobody without a password."
        } else {
            "Any name will do: at this stage, names are believed."
        }
        .to_owned()
    };
    part(view! {
        <form class="login" novalidate autocomplete="on" on:submit=on(submit)>
            <h3 class="login-title">{if number == 1 { "Log in" } else { "Log in as somebody else" }}</h3>
            {field(number, "name", "Name", "text", "username", seat.name)}
            {when(
                move || with_password.get(),
                move || field(number, "password", "Password", "password", "current-password", seat.password),
            )}
            <p class="field-error" id=note role="alert" data-wrong=flag(is_wrong)>{live(refusal)}</p>
            <button type="submit" class="button" data-kind="primary">"Log in"</button>
            <p class="field-hint">{live(hint)}</p>
            {when(move || with_password.get(), move || accounts(seat))}
        </form>
    })
}

fn field(
    number: usize,
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    value: RwSignal<String>,
) -> Part {
    let id = format!("login-{number}-{name}");
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
                aria-describedby=format!("login-{number}-note")
                prop:value=live(move || value.get())
                on:input=on(move |event: ev::Event| value.set(event_target_value(&event)))
            />
        </div>
    })
}

/// The demo accounts, to fill the form in.
fn accounts(seat: Seat) -> Part {
    let buttons = DEMO_ACCOUNTS.map(|(user, password)| {
        let fill = move |_| {
            seat.name.set(user.to_owned());
            seat.password.set(password.to_owned());
            seat.error.set(String::new());
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
