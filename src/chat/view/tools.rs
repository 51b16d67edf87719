//! The ways out of a window.

use leptos::prelude::*;

use super::seat::Seat;
use crate::{
    chat::login::Leave,
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
