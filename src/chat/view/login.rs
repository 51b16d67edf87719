//! The login form of a window.

use leptos::{ev, prelude::*};

use super::seat::Seat;
use crate::{
    chat::store::stage::Feature,
    store::Connection,
    view::{
        live::{flag, live, memo, on, when},
        login,
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
    let form = format!("login-{number}");
    let (note, secret) = (format!("{form}-note"), form.clone());
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
            {login::name(&form, seat.name)}
            {when(
                move || with_password.get(),
                move || login::password(&secret, seat.password),
            )}
            <p class="field-error" id=note role="alert" data-wrong=flag(is_wrong)>{live(refusal)}</p>
            <button type="submit" class="button" data-kind="primary">"Log in"</button>
            <p class="field-hint">{live(hint)}</p>
            {when(move || with_password.get(), move || login::accounts(seat.name, seat.password, seat.error))}
        </form>
    })
}
