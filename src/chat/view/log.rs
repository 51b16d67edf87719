//! The messages of a conversation.

use leptos::{html, prelude::*};

use super::seat::Seat;
use crate::{
    chat::store::{Wish, With, message::Message, stage::Feature, thread::Thread},
    store::Millis,
    view::{
        board::offset_minutes,
        list::{Item, list},
        live::{effect, live, on, when},
        part::{Part, part},
        wire,
    },
};

/// How far from the end the reader may be and still follow it, in CSS pixels: about two messages.
const NEAR: i32 = 120;

/// The log; the newest is at its end.
pub(super) fn log(seat: Seat, with: &With) -> Part {
    let place = NodeRef::<html::Div>::new();
    let items = {
        let with = with.clone();
        move || {
            let removes = seat.hall.removes_duplicates();
            seat.read(|chat| chat.thread(&with).map_or_else(Vec::new, |thread| items(seat, thread, removes)))
        }
    };
    let dropped = {
        let with = with.clone();
        move || seat.read(|chat| chat.thread(&with).map_or(0, |thread| thread.dropped))
    };
    let older = {
        let dropped = dropped.clone();
        move || format!("{} older messages are not kept here.", dropped())
    };
    // Follows the end, unless the reader has scrolled away from it.
    let is_first = StoredValue::new(true);
    effect(move || {
        seat.read(|_| ());
        let Some(place) = place.get() else { return };
        let below = place.scroll_height() - place.scroll_top() - place.client_height();
        if below < NEAR || is_first.get_value() {
            is_first.set_value(false);
            request_animation_frame(move || place.set_scroll_top(place.scroll_height()));
        }
    });
    let title = seat.peek(|chat| chat.title(with));
    let label = match with {
        With::Person(_) => format!("Messages with {title}"),
        With::Room(_) => format!("Messages in {title}"),
        With::Between(..) => format!("Messages of {title}"),
    };
    part(view! {
        <div class="log" tabindex="0" role="group" aria-label=label node_ref=place>
            {when(
                move || dropped() > 0,
                move || {
                    let older = older.clone();
                    part(view! { <p class="log-older">{live(older)}</p> })
                },
            )}
            {list("div", "log", items)}
        </div>
    })
}

fn items(seat: Seat, thread: &Thread, removes: bool) -> Vec<Item> {
    let shown = thread.messages().filter(|message| !(removes && message.is_copy));
    shown
        .map(|message| {
            let message = message.clone();
            // What changes draws it anew.
            let key = format!("{} {}", message.serial, message.mark.name());
            let is_group = !matches!(thread.with, With::Person(_));
            Item::new(key, move |_| draw(seat, &message, is_group))
        })
        .collect()
}

fn draw(seat: Seat, message: &Message, is_group: bool) -> Part {
    let (serial, id) = (message.serial, message.id.to_string());
    let sender = message.sender.as_ref().filter(|_| is_group).map(|sender| {
        let sender = sender.to_string();
        view! { <span class="message-sender" dir="auto">{sender}</span> }
    });
    let is_mine = message.sender.is_none();
    let repeats = is_mine && seat.peek(|chat| chat.stage().has(Feature::Qos1));
    let repeat = repeats.then(|| {
        view! {
            <button
                type="button"
                class="message-tool"
                title="Sends the same message once more, as a client does that missed its PUBACK"
                on:click=on(move |_| seat.wish(&Wish::Repeat(serial)))
            >
                "Repeat"
            </button>
        }
    });
    let packets = (!id.is_empty()).then(|| {
        view! {
            <button
                type="button"
                class="message-tool"
                title="Shows the Control Packets that carried this message"
                on:click=on(move |_| wire::open(&id))
            >
                "Packets"
            </button>
        }
    });
    let content = message.content.to_string();
    let content = if message.is_copy {
        part(view! { <del class="message-content" dir="auto">{content}</del> })
    } else {
        part(view! { <span class="message-content" dir="auto">{content}</span> })
    };
    let note = message.is_copy.then(|| view! { <span class="message-mark">"duplicate"</span> });
    part(view! {
        <article
            class="message"
            data-mine=is_mine.then_some("true")
            data-mark=message.mark.name()
            data-copy=message.is_copy.then_some("true")
        >
            {sender}
            {content}
            <footer class="message-foot">
                <time datetime=message.at.iso() title=full(message.at)>{short(message.at)}</time>
                <span class="message-mark">{message.mark.words()}</span>
                {note}
                {repeat}
                {packets}
            </footer>
        </article>
    })
}

/// `2026-11-21 16:08:38.552`, by the reader's clock.
fn full(at: Millis) -> String {
    at.date_and_clock(offset_minutes(at))
}

/// `16:08`, and the date before it where it is another day.
pub(super) fn short(at: Millis) -> String {
    let now = crate::link::clock();
    let (written, today) = (full(at), full(now));
    let day = written.split_once(' ').map_or("", |(day, _)| day);
    let clock: String = written.split_once(' ').map_or("", |(_, clock)| clock).chars().take(5).collect();
    if today.starts_with(day) { clock } else { format!("{day} {clock}") }
}
