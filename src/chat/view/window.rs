//! The windows: each with its user, the conversations beside and the messages of one of them.

use leptos::prelude::*;

use super::{badge, composer, hall::Hall, log, login, notes, people, rooms, rules, seat::Seat, tools};
use crate::{
    chat::store::With,
    view::{
        face::avatar,
        icon::{Icon, icon},
        live::{live, memo, on, when},
        part::{Part, part},
    },
};

/// The first window, and the second beside it while it is open.
pub(super) fn windows(hall: Hall, seats: &[Seat; 2]) -> Part {
    let [first, second] = *seats;
    let tabs = move || {
        let tabs = [first, second].map(|seat| {
            let name = move || {
                let name = seat.name.get();
                if name.is_empty() { format!("Window {}", seat.number) } else { name }
            };
            view! {
                <button
                    type="button"
                    class="button"
                    aria-pressed=live(move || (hall.shown.get() == seat.number).to_string())
                    on:click=on(move |_| hall.shown.set(seat.number))
                >
                    <span dir="auto">{live(name)}</span>
                </button>
            }
        });
        part(view! { <div class="window-tabs" role="group" aria-label="Windows">{tabs}</div> })
    };
    let shown = move || hall.shown.get().to_string();
    part(view! {
        {when(move || hall.second.get(), tabs)}
        <div class="windows" data-shown=live(shown)>
            {one(first)}
            {when(move || hall.second.get(), move || one(second))}
        </div>
    })
}

fn one(seat: Seat) -> Part {
    let is_in = memo(move || seat.is_in());
    let draw = live(move || if is_in.get() { chat(seat) } else { login::form(seat) });
    let label = format!("Window {}", seat.number);
    part(view! {
        <section class="window" data-number=seat.number.to_string() aria-label=label>
            {draw}
        </section>
    })
}

fn chat(seat: Seat) -> Part {
    let user = seat.peek(|chat| chat.user().to_owned());
    let open = memo(move || seat.read(|chat| chat.open().map(|thread| thread.with.clone())));
    let pane = move || if open.get().is_some() { "thread" } else { "people" }.to_owned();
    let thread = live(move || open.get().map_or_else(nobody, |with| thread(seat, &with)));
    part(view! {
        <header class="window-head">
            {avatar(&user)}
            <h3 class="window-user" dir="auto">{user.clone()}</h3>
            {notes::standing(seat)}
            {tools::leave(seat)}
        </header>
        {notes::notes(seat)}
        <div class="window-body" data-pane=live(pane)>
            {rules::rules(seat)}
            {people::people(seat)}
            {thread}
        </div>
    })
}

fn nobody() -> Part {
    part(view! {
        <div class="thread" data-empty="true">
            <p class="thread-empty">"Choose a conversation, or start one with any name."</p>
        </div>
    })
}

/// One conversation: whose it is, its messages, and where to write.
fn thread(seat: Seat, with: &With) -> Part {
    let title = {
        let with = with.clone();
        move || seat.read(|chat| chat.title(&with))
    };
    let person = match with {
        With::Person(name) => Some(name.to_string()),
        With::Room(_) | With::Between(..) => None,
    };
    let pretend = person.clone().map(|name| tools::pretend(seat, name));
    let badge = person.map(|name| badge::words(seat, name));
    let room = match with {
        With::Room(id) => Some(rooms::members(seat, id)),
        With::Person(_) | With::Between(..) => None,
    };
    part(view! {
        <div class="thread">
            <header class="thread-head">
                <button
                    type="button"
                    class="button thread-back"
                    data-kind="icon"
                    aria-label="Back to the conversations"
                    on:click=on(move |_| seat.close())
                >
                    {icon(Icon::Chevron)}
                </button>
                <h4 class="thread-title" dir="auto">{live(title)}</h4>
                {badge}
                {pretend}
            </header>
            {room}
            {log::log(seat, with)}
            {composer::composer(seat, with)}
        </div>
    })
}
