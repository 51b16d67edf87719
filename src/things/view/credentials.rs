//! Credentials, shown once.

use std::sync::Arc;

use leptos::{ev, prelude::*};

use super::{desk::Desk, dialog::modal, snippets::snippets};
use crate::{
    chat::store::write::Writing,
    store::pretty,
    things::store::{Wish, device::Credentials},
    view::{
        copy::copy_button,
        live::{live, on, when},
        part::{Part, part},
        save::save,
    },
};

/// The dialog that is left when they are saved, or given up.
pub(super) fn credentials(desk: Desk) -> Part {
    let Some(credentials) = desk.peek(|things| things.credentials().cloned()) else { return Part::none() };
    let id = Arc::clone(&credentials.client_id);
    let name =
        desk.peek(|things| things.device(&id).map(|device| device.name.to_string())).unwrap_or_default();
    // Whether one means to leave without them.
    let is_leaving = RwSignal::new(false);
    let is_failed = RwSignal::new(false);
    let done = move || {
        desk.wish(Wish::Forget);
        desk.close();
    };
    let file = {
        let credentials = credentials.clone();
        move |_: ev::MouseEvent| {
            let name = format!("headcount-{}.json", credentials.client_id);
            is_failed.set(save(&name, "application/json", &text(desk, &credentials)).is_err());
        }
    };
    let unsaved =
        move || if is_failed.get() { "This browser let no file be saved: copy them." } else { "" }.to_owned();
    let warning = move || {
        part(view! {
            <div class="dialog-warning" role="alert">
                <p>"The password is shown only here. Without it the device cannot connect, and needs a new one."</p>
                <div class="dialog-end">
                    <button type="button" class="button" on:click=on(move |_: ev::MouseEvent| is_leaving.set(false))>
                        "Stay"
                    </button>
                    <button type="button" class="button" on:click=on(move |_: ev::MouseEvent| done())>
                        "Leave without it"
                    </button>
                </div>
            </div>
        })
    };
    let rows = [
        ("Client id", "client-id", Arc::clone(&credentials.client_id)),
        ("User name", "user-name", Arc::clone(&credentials.user_name)),
        ("Password", "secret", Arc::clone(&credentials.password)),
    ]
    .map(|(label, element, value)| {
        view! {
            <div class="credential">
                <dt class="field-label">{label}</dt>
                <dd><code id=element>{value.to_string()}</code></dd>
                <dd>{copy_button(move || desk.now(), element, &format!("the {}", label.to_lowercase()))}</dd>
            </div>
        }
    });
    let body = part(view! {
        <div class="use-form">
            <p>
                <strong>"Save the password: it is shown only this once."</strong>
                " The broker keeps a hash of it, and cannot tell it again."
            </p>
            <dl class="credentials">{rows}</dl>
            <details class="code" open="true">
                <summary>"Code with these credentials"</summary>
                {snippets(desk, id, Some(credentials.password))}
            </details>
            <p class="field-error" role="alert">{live(unsaved)}</p>
            {when(move || is_leaving.get(), warning)}
            <div class="dialog-end">
                <button type="button" class="button" data-kind="primary" on:click=on(move |_: ev::MouseEvent| done())>
                    "I have saved it"
                </button>
                <button type="button" class="button" on:click=on(file)>"Save as file"</button>
            </div>
        </div>
    });
    modal(format!("Credentials of “{name}”"), move || is_leaving.set(true), body)
}

/// The file: all that a program needs to connect.
fn text(desk: Desk, credentials: &Credentials) -> String {
    let device = desk.peek(|things| things.device(&credentials.client_id).cloned()).unwrap_or_default();
    let place = untrack(|| desk.place());
    let mut channels = Writing::list();
    for right in &device.channels {
        let flag = |flag: bool| if flag { "true" } else { "false" };
        let id = i64::from(right.id.unwrap_or_default());
        let channel = Writing::object().number("id", id).json("publish", flag(right.publish));
        channels.item(&channel.json("subscribe", flag(right.subscribe)).end());
    }
    let mut file = Writing::object()
        .text("name", &device.name)
        .text("client_id", &credentials.client_id)
        .text("user_name", &credentials.user_name)
        .text("password", &credentials.password)
        .text("host", &place.tcp_host);
    if let Some(port) = place.tcp_port {
        file = file.number("port", port.into()).json("tls", if place.is_tls { "true" } else { "false" });
    }
    pretty::indent(file.text("websocket", &desk.address()).json("channels", &channels.end()).end().as_bytes())
        + "\n"
}
