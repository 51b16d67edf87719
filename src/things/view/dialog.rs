//! A dialog in front of the page.

use leptos::{ev, html, prelude::*};

use super::desk::{Desk, Dialog};
use crate::{
    things::{
        store::{Wish, draft::Ask, request::Stage},
        view::{credentials, form},
    },
    view::{
        live::{effect, live, memo, on},
        part::{Part, part},
    },
};

/// Whatever dialog is to be in front.
pub(super) fn dialogs(desk: Desk) -> Part {
    effect(move || desk.follow());
    let shown = memo(move || desk.dialog());
    let draw = move || match shown.get() {
        None => Part::none(),
        Some(Dialog::Add) => form::add(desk),
        Some(Dialog::Edit(id)) => form::edit(desk, &id),
        Some(Dialog::Credentials) => credentials::credentials(desk),
        Some(Dialog::Rotate(id)) => {
            let name = desk.peek(|things| things.device(&id).map(|device| device.name.to_string()));
            let words = "It gets a new password. The old one is of no use from then on, and a connection under it ends at once.";
            let title = format!("Rotate the password of “{}”?", name.unwrap_or_default());
            confirm(desk, title, words, "Rotate the password", Ask::Rotate(id))
        }
        Some(Dialog::Remove(id)) => {
            let name = desk.peek(|things| things.device(&id).map(|device| device.name.to_string()));
            let words = "It is disconnected at once, and its credentials never work again. What it published stays in its channels.";
            let title = format!("Remove “{}”?", name.unwrap_or_default());
            confirm(desk, title, words, "Remove the device", Ask::Remove(id))
        }
        Some(Dialog::RemoveChannel(id)) => {
            let words = "The broker forgets its entries and its number. No device uses it.";
            let title = format!("Remove channel {id}?");
            confirm(desk, title, words, "Remove the channel", Ask::RemoveChannel(id))
        }
    };
    part(view! { {live(draw)} })
}

/// A dialog with this title; Escape asks to leave it.
pub(super) fn modal(title: String, leave: impl Fn() + 'static, body: Part) -> Part {
    let dialog = NodeRef::<html::Dialog>::new();
    effect(move || {
        if let Some(dialog) = dialog.get() {
            // Drawn and in the page by the next frame.
            request_animation_frame(move || {
                if dialog.is_connected() && !dialog.open() {
                    let _ = dialog.show_modal();
                }
            });
        }
    });
    let cancel = move |event: ev::Event| {
        event.prevent_default();
        leave();
    };
    part(view! {
        <dialog class="dialog" aria-labelledby="dialog-title" node_ref=dialog on:cancel=on(cancel)>
            <h2 class="dialog-title" id="dialog-title" dir="auto">{title}</h2>
            {body}
        </dialog>
    })
}

/// What the broker said to the request, where that is no answer to a field.
pub(super) fn outcome(desk: Desk) -> Part {
    let words = move || {
        desk.read(|things| match things.stage() {
            Some(Stage::Refused(words, _)) => words.to_string(),
            Some(Stage::Unanswered(words)) => words.clone(),
            _ => String::new(),
        })
    };
    part(view! { <p class="field-error" role="alert" dir="auto">{live(words)}</p> })
}

/// Whether an answer is awaited.
pub(super) fn is_waiting(desk: Desk) -> bool {
    desk.read(|things| things.stage() == Some(&Stage::Waiting))
}

/// Both buttons at the end of a dialog: the one that does it, by which the form is sent, and the one that does not.
pub(super) fn buttons(desk: Desk, label: &'static str) -> Part {
    let label = move || if is_waiting(desk) { "Waiting for the broker…" } else { label }.to_owned();
    part(view! {
        <div class="dialog-end">
            <button type="submit" class="button" data-kind="primary" prop:disabled=live(move || is_waiting(desk))>
                {live(label)}
            </button>
            <button type="button" class="button" on:click=on(move |_| desk.close())>"Cancel"</button>
        </div>
    })
}

fn confirm(desk: Desk, title: String, words: &'static str, label: &'static str, ask: Ask) -> Part {
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        desk.wish(Wish::Ask(ask.clone()));
    };
    let body = part(view! {
        <form class="use-form" on:submit=on(submit)>
            <p>{words}</p>
            {outcome(desk)}
            {buttons(desk, label)}
        </form>
    });
    modal(title, move || desk.close(), body)
}
