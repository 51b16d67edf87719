//! Where one writes.

use std::sync::Arc;

use leptos::{ev, html, prelude::*};

use super::seat::Seat;
use crate::{
    chat::store::{Chat, DRAFT_MAX, Wish, With, stage::Feature},
    link::random,
    view::{
        live::{live, memo, on},
        part::{Part, part},
    },
};

/// From how many characters before its end on the room that is left is told.
const TELL_FROM: usize = 200;

/// A field and a button: Enter sends, Shift and Enter begin a line.
pub(super) fn composer(seat: Seat, with: &With) -> Part {
    let room = match with {
        With::Between(..) => return none("You may read this, and not write here."),
        With::Person(_) => return field(seat, with),
        With::Room(id) => Arc::clone(id),
    };
    let is_open = memo(move || {
        seat.read(|chat| {
            let is_open = chat.room(&room).is_some_and(|room| room.is_open);
            is_open && chat.stage().has(Feature::Rooms)
        })
    });
    let with = with.clone();
    let draw = move || {
        if is_open.get() { field(seat, &with) } else { none("You are not a member of this room.") }
    };
    part(view! { {live(draw)} })
}

fn none(why: &'static str) -> Part {
    part(view! { <p class="composer-none">{why}</p> })
}

fn field(seat: Seat, with: &With) -> Part {
    let place = NodeRef::<html::Textarea>::new();
    let draft = seat.peek(|chat| chat.thread(with).map(|thread| thread.draft.clone())).unwrap_or_default();
    let text = RwSignal::new(draft);
    let send = {
        let with = with.clone();
        move || {
            let content = text.get_untracked();
            let count = content.chars().count();
            if content.trim().is_empty() || count > DRAFT_MAX || !seat.peek(Chat::holds) {
                return;
            }
            let random = u128::from(random()) << 64 | u128::from(random());
            seat.wish(&Wish::Draft { with: with.clone(), text: String::new() });
            seat.wish(&Wish::Send { with: with.clone(), content, random });
            text.set(String::new());
        }
    };
    let submit = {
        let send = send.clone();
        move |event: ev::SubmitEvent| {
            event.prevent_default();
            send();
            if let Some(place) = place.get_untracked() {
                let _ = place.focus();
            }
        }
    };
    let key = move |event: ev::KeyboardEvent| match event.key().as_str() {
        // While a letter is composed of several keys, Enter ends that.
        "Enter" if !event.shift_key() && !event.is_composing() => {
            event.prevent_default();
            send();
        }
        "Escape" => seat.close(),
        _ => {}
    };
    let input = {
        let with = with.clone();
        move |event: ev::Event| {
            let value = event_target_value(&event);
            text.set(value.clone());
            seat.window().wish(&Wish::Draft { with: with.clone(), text: value });
        }
    };
    let room = move || {
        let count = text.get().chars().count();
        match DRAFT_MAX.checked_sub(count) {
            Some(left) if left > TELL_FROM => String::new(),
            Some(left) => format!("{left} characters left"),
            None => format!("{} characters too many", count - DRAFT_MAX),
        }
    };
    let cannot = move || seat.read(|chat| !chat.holds());
    let label = seat.peek(|chat| format!("Message to {}", chat.title(with)));
    part(view! {
        <form class="composer" on:submit=on(submit)>
            <textarea
                class="field-input composer-text"
                rows="1"
                dir="auto"
                aria-label=label
                placeholder="Write a message"
                node_ref=place
                prop:value=live(move || text.get())
                on:input=on(input)
                on:keydown=on(key)
            ></textarea>
            <button type="submit" class="button" data-kind="primary" prop:disabled=live(cannot)>"Send"</button>
            <p class="composer-room">{live(room)}</p>
        </form>
    })
}
