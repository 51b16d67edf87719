//! The chat's view: the stage above, one or two windows below.

// Leptos' component macro writes the properties' struct as `pub`, whatever the component is.
#![allow(unreachable_pub)]

mod badge;
mod composer;
mod hall;
mod log;
mod login;
mod notes;
mod people;
mod rooms;
mod rules;
mod seat;
mod stage;
mod tools;
mod window;

use std::rc::Rc;

use leptos::prelude::*;

use crate::{
    chat::store::address::Address,
    link::{Beat, random},
    view::{
        live::effect,
        part::{Part, part},
        place, styles,
    },
};
use hall::Hall;
use seat::Seat;

/// Draws the chat in the place of index.html's frame, and logs in whoever was logged in before a reload.
pub fn mount() {
    styles::adopt(include_str!("../../../style/login.css"));
    styles::adopt(include_str!("../../../style/badge.css"));
    styles::adopt(include_str!("../../../style/check.css"));
    styles::adopt(include_str!("../../../style/chat.css"));
    styles::adopt(include_str!("../../../style/chat-window.css"));
    styles::adopt(include_str!("../../../style/chat-thread.css"));
    styles::adopt(include_str!("../../../style/chat-rights.css"));
    place::fill("standing", || ());
    place::page(page);
}

fn page() -> Part {
    let location = window().location();
    let address = Address::read(&location.search().unwrap_or_default());
    let hall = Hall::new(address, &location.origin().unwrap_or_default());
    StoredValue::new_local(Beat::new(move || hall.tick()));
    let page: Rc<str> = format!("{:x}", random()).into();
    let seats = [1, 2].map(|number| Seat::take(hall, number, &page));
    for seat in seats {
        seat.come_back();
        effect(move || {
            seat.read(|_| ());
            seat.window().claim();
        });
    }
    hall.second.set(seats[1].is_wanted());
    effect(move || {
        let unread: u32 = seats.iter().map(|seat| seat.read(crate::chat::store::Chat::unread)).sum();
        let title =
            if unread > 0 { format!("({unread}) Headcount chat") } else { "Headcount chat".to_owned() };
        document().set_title(&title);
    });
    // A window is looked at while the page is, and on a narrow page only while it is the one that is shown.
    let look = move || {
        let (shown, both) = (hall.shown.get(), hall.second.get());
        for seat in seats {
            seat.look(!document().hidden() && (!both || is_wide() || shown == seat.number));
        }
    };
    effect(look);
    window_event_listener_untyped("visibilitychange", move |_| untrack(look));
    part(view! {
        <main class="chat">
            {stage::stage(hall, &seats)}
            {window::windows(hall, &seats)}
        </main>
    })
}

/// Whether both windows, and the lesson above them, have room beside each other; style/chat.css says the same.
fn is_wide() -> bool {
    window().match_media("(min-width: 720px)").ok().flatten().is_some_and(|query| query.matches())
}
