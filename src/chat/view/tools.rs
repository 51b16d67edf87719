//! The ways out of a window.

use leptos::prelude::*;

use super::{rooms, seat::Seat};
use crate::{
    chat::{login::Leave, store::Wish},
    link::random,
    view::{
        live::on,
        part::{Part, part},
    },
};

/// Log out, and forget me.
pub(super) fn leave(seat: Seat) -> Part {
    part(view! {
        <div class="window-ways">
            <button
                type="button"
                class="button"
                data-kind="quiet"
                on:click=on(move |_| seat.log_out(Leave::KeepSession))
            >
                "Log out"
            </button>
            <button
                type="button"
                class="button"
                data-kind="quiet"
                title="Logs out, ends the session at the broker, and deletes these conversations from this browser"
                on:click=on(move |_| seat.forget())
            >
                "Forget me"
            </button>
        </div>
    })
}

/// Writes to somebody in the name of somebody else, to see what comes of it.
pub(super) fn pretend(seat: Seat, to: String) -> Part {
    let act = move |sender: String| {
        let random = u128::from(random()) << 64 | u128::from(random());
        seat.wish(&Wish::Pretend { to: to.clone(), sender, random });
    };
    part(view! {
        <details class="pretend">
            <summary class="pretend-title">"Write as somebody else"</summary>
            {rooms::one_field(seat, "pretend", "In the name of", "In the name of…", "Try", act)}
        </details>
    })
}
