//! Rooms: who is in one, and the administrator's ways to change that.

use std::sync::Arc;

use leptos::{ev, prelude::*};

use super::seat::Seat;
use crate::{
    chat::store::{Wish, rooms::Room, stage::Feature},
    link::random,
    view::{
        list::{Item, list},
        live::{live, on, when},
        part::{Part, part},
    },
};

/// The field that makes a room: the administrator's, from the stage on that has rooms.
pub(super) fn make(seat: Seat) -> Part {
    let may = move || seat.read(|chat| chat.is_admin() && chat.stage().has(Feature::Rooms));
    let draw = move || {
        one_field(seat, "room", "Make a room called", "New room…", "Make", move |name| {
            seat.wish(&Wish::MakeRoom { name, random: random().into() });
        })
    };
    part(view! { {when(may, draw)} })
}

/// Who is in a room, what that is worth, and the ways to change it.
pub(super) fn members(seat: Seat, id: &str) -> Part {
    let id: Arc<str> = id.into();
    let is_admin = seat.peek(crate::chat::store::Chat::is_admin);
    let names = {
        let id = Arc::clone(&id);
        move || {
            let line = |room: &Room| {
                room.members.iter().map(|name| member(seat, &room.id, name, is_admin)).collect()
            };
            seat.read(|chat| chat.room(&id).map_or_else(Vec::new, line))
        }
    };
    let tools = is_admin.then(|| admin_tools(seat, &id));
    part(view! {
        <div class="room">
            <p class="field-hint">
                "Members alone read and write here. A name beside a message is what the message says: inside a room \
                the broker does not prove it."
            </p>
            <div class="room-members">{list("ul", "list", names)}</div>
            {tools}
        </div>
    })
}

fn admin_tools(seat: Seat, id: &Arc<str>) -> Part {
    let room = id.to_string();
    let add = {
        let room = room.clone();
        move |user| seat.wish(&Wish::AddMember { room: room.clone(), user })
    };
    let end = move |_| seat.wish(&Wish::EndRoom(room.clone()));
    part(view! {
        <div class="room-tools">
            {one_field(seat, "member", "Let in", "Let in…", "Add", add)}
            <button type="button" class="button" data-kind="quiet" on:click=on(end)>"End the room"</button>
        </div>
    })
}

fn member(seat: Seat, room: &Arc<str>, name: &Arc<str>, is_admin: bool) -> Item {
    let (room, name) = (room.to_string(), name.to_string());
    Item::new(name.clone(), move |_| {
        let label = format!("Remove {name}");
        let user = name.clone();
        let remove = is_admin.then(|| {
            let act = move |_| seat.wish(&Wish::RemoveMember { room: room.clone(), user: user.clone() });
            view! {
                <button type="button" class="message-tool" aria-label=label on:click=on(act)>"Remove"</button>
            }
        });
        part(view! { <li class="room-member"><span dir="auto">{name}</span> {remove}</li> })
    })
}

/// A field and its button.
pub(super) fn one_field(
    seat: Seat,
    name: &'static str,
    label: &'static str,
    placeholder: &'static str,
    button: &'static str,
    act: impl Fn(String) + 'static,
) -> Part {
    let value = RwSignal::new(String::new());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let text = value.get_untracked().trim().to_owned();
        if !text.is_empty() && text.len() <= crate::chat::store::NAME_MAX && !text.contains('\0') {
            act(text);
            value.set(String::new());
        }
    };
    let id = format!("{name}-{}", seat.number);
    part(view! {
        <form class="start" on:submit=on(submit)>
            <label class="unseen" for=id.clone()>{label}</label>
            <input
                class="field-input"
                id=id
                name=name
                type="text"
                dir="auto"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                placeholder=placeholder
                prop:value=live(move || value.get())
                on:input=on(move |event: ev::Event| value.set(event_target_value(&event)))
            />
            <button type="submit" class="button">{button}</button>
        </form>
    })
}
