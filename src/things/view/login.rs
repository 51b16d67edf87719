//! Who one is: an account of the realm that knows accounts.

use leptos::{ev, prelude::*};

use super::desk::Desk;
use crate::{
    store::Connection,
    view::{
        form::TextField,
        live::{live, on},
        login,
        part::{Part, part},
    },
};

/// The form.
pub(super) fn form(desk: Desk) -> Part {
    let refusal = move || {
        let error = desk.error.get();
        if !error.is_empty() {
            return error;
        }
        desk.read(|things| match things.connection() {
            Connection::Refused(refusal) => {
                format!("The broker refused {}: {}. {}", things.account(), refusal.words, refusal.advice)
            }
            _ => String::new(),
        })
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        desk.submit();
    };
    part(view! {
        <form class="login" novalidate autocomplete="on" on:submit=on(submit)>
            <h3 class="login-title">"Log in"</h3>
            {login::name("login", desk.name)}
            {login::password("login", desk.password)}
            <p class="field-error" id="login-note" role="alert" dir="auto">{live(refusal)}</p>
            <button type="submit" class="button" data-kind="primary">"Log in"</button>
            {TextField { mono: true, input_mode: "url", ..TextField::text("login-address", "Realm’s address") }
                .draw(desk.address, || (false, "Devices belong to an account of a realm that has them.".to_owned()))}
            {login::accounts(desk.name, desk.password, desk.error)}
        </form>
    })
}

/// Who is logged in, and the way out.
pub(super) fn who(desk: Desk) -> Part {
    let account = move || desk.read(|things| things.account().to_owned());
    part(view! {
        <p class="things-who">
            "Logged in as " <bdi><strong>{live(account)}</strong></bdi> " "
            <button type="button" class="button" data-kind="quiet" on:click=on(move |_: ev::MouseEvent| desk.log_out())>
                "Log out"
            </button>
        </p>
    })
}
