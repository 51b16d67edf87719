//! The conversations of a window, and the way to a new one.

use std::sync::Arc;

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};

use super::{badge, rooms, seat::Seat};
use crate::{
    chat::store::{With, message::Message, thread::Thread},
    view::{
        face::avatar,
        list::{Item, list},
        live::{flag, live, memo, on, when},
        part::{Part, part},
    },
};

/// The list beside the messages.
pub(super) fn people(seat: Seat) -> Part {
    let threads = move || {
        let line = |thread: &Thread| {
            let with = thread.with.clone();
            Item::new(with.key(), move |_| conversation(seat, with))
        };
        seat.read(|chat| chat.threads().iter().map(line).collect())
    };
    let others = move || {
        let line = |name: &Arc<str>| {
            let with = With::Person(Arc::clone(name));
            Item::new(with.key(), move |_| conversation(seat, with))
        };
        seat.read(|chat| chat.others().iter().map(line).collect())
    };
    let others_label = format!("others-{}", seat.number);
    let draw_others = move || {
        let label = others_label.clone();
        part(view! {
            <h4 class="people-title" id=label>"Also known here"</h4>
            {list("ul", "list", others)}
        })
    };
    part(view! {
        <nav class="people" aria-label="Conversations" on:keydown=on(|event| walk(&event))>
            {start(seat)}
            {rooms::make(seat)}
            <div class="people-list" tabindex="-1">
                {list("ul", "list", threads)}
                {when(move || seat.read(|chat| !chat.others().is_empty()), draw_others)}
            </div>
        </nav>
    })
}

/// A field for any name.
fn start(seat: Seat) -> Part {
    let open = move |name: String| seat.open(With::Person(name.into()));
    rooms::one_field(seat, "with", "Start a conversation with", "Write to…", "Start", open)
}

fn conversation(seat: Seat, with: With) -> Part {
    let name = {
        let with = with.clone();
        memo(move || seat.read(|chat| chat.title(&with)))
    };
    let face = avatar(&name.get_untracked());
    let badge = match &with {
        With::Person(name) => Some(badge::dot(seat, name.to_string())),
        With::Room(_) | With::Between(..) => None,
    };
    let unread = {
        let with = with.clone();
        move || seat.read(|chat| chat.thread(&with).map_or(0, |thread| thread.unread))
    };
    let count = {
        let unread = unread.clone();
        move || match unread() {
            0 => String::new(),
            1 => "1 new".to_owned(),
            unread => format!("{unread} new"),
        }
    };
    let is_group = !matches!(with, With::Person(_));
    let latest = {
        let with = with.clone();
        let line = move |message: &Message| {
            let who = match &message.sender {
                None => "You: ".to_owned(),
                Some(sender) if is_group => format!("{sender}: "),
                Some(_) => String::new(),
            };
            // A line of the list shows no more of it.
            let start: String = message.content.chars().take(80).collect();
            format!("{who}{start}")
        };
        move || {
            seat.read(|chat| {
                let thread = chat.thread(&with)?;
                if thread.draft.is_empty() {
                    thread.latest().map(line)
                } else {
                    Some(format!("Draft: {}", thread.draft.chars().take(80).collect::<String>()))
                }
            })
            .unwrap_or_default()
        }
    };
    let is_open = {
        let with = with.clone();
        move || seat.read(|chat| chat.open().is_some_and(|thread| thread.with == with))
    };
    part(view! {
        <li>
            <button
                type="button"
                class="conversation"
                aria-current=flag(is_open)
                data-unread=flag(move || unread() > 0)
                on:click=on(move |_| seat.open(with.clone()))
            >
                {face}
                <span class="conversation-name" dir="auto">{live(move || name.get())}</span>
                {badge}
                <span class="conversation-latest" dir="auto">{live(latest)}</span>
                <span class="conversation-unread">{live(count)}</span>
            </button>
        </li>
    })
}

/// The arrow keys walk among the conversations.
fn walk(event: &ev::KeyboardEvent) {
    let step: i32 = match event.key().as_str() {
        "ArrowDown" => 1,
        "ArrowUp" => -1,
        _ => return,
    };
    let Some(nav) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) else {
        return;
    };
    let Ok(buttons) = nav.query_selector_all(".conversation") else { return };
    let focused = document().active_element();
    let at = (0..buttons.length()).find(|at| {
        buttons
            .item(*at)
            .is_some_and(|node| focused.as_ref().is_some_and(|focused| node.is_same_node(Some(focused))))
    });
    let next = match at {
        Some(at) => i64::from(at) + i64::from(step),
        None if step > 0 => 0,
        None => return,
    };
    let next = u32::try_from(next).ok().and_then(|next| buttons.item(next));
    if let Some(button) = next.and_then(|node| node.dyn_into::<HtmlElement>().ok()) {
        event.prevent_default();
        // It fails for detached elements only.
        let _ = button.focus();
    }
}
