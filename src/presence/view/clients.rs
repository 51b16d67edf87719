//! The clients of this window, each a connection of its own.

use leptos::{ev, prelude::*};

use super::Hall;
use crate::{
    presence::store::{CLIENTS_MAX, name_mistake},
    view::{
        list::{Item, list},
        live::{flag, live, on, when},
        part::{Part, part},
    },
};

pub(super) fn clients(hall: Hall) -> Part {
    let rows = move || {
        let names = hall.names.get().into_iter().enumerate();
        names.map(|(at, name)| Item::new(name.clone(), move |_| client(hall, at, &name))).collect()
    };
    part(view! {
        <section class="panel" aria-labelledby="clients-title">
            <h3 class="panel-title" id="clients-title">"Clients in this window"</h3>
            <p class="use-lead">"Each is a connection of its own, with the name as its Client Identifier."</p>
            {list("ul", "list", rows)}
            {one_more(hall)}
        </section>
    })
}

fn client(hall: Hall, at: usize, name: &str) -> Part {
    let line = hall.clients.with_value(|lines| lines[at]);
    let standing = move || line.read(|seat| seat.standing(hall.now.get()));
    let is_wanted = move || line.read(|seat| seat.connection().is_wanted());
    let is_taken = move || standing().0 == "taken-over";
    let (id, toggled, back) = (format!("client-{at}"), name.to_owned(), name.to_owned());
    let toggle = move |event: ev::Event| {
        if event_target_checked(&event) {
            line.connect(&toggled);
        } else {
            line.disconnect();
        }
    };
    let take_back = move || {
        let name = back.clone();
        part(view! {
            <button type="button" class="button" on:click=on(move |_| line.connect(&name))>"Take it back"</button>
        })
    };
    part(view! {
        <li class="seat" data-state=live(move || standing().0.to_owned())>
            <label class="seat-name" for=id.clone()>
                <input
                    type="checkbox"
                    role="switch"
                    id=id.clone()
                    aria-describedby=format!("{id}-state")
                    prop:checked=live(is_wanted)
                    on:change=on(toggle)
                />
                <bdi>{name.to_owned()}</bdi>
            </label>
            <span class="seat-state" id=format!("{id}-state")>{live(move || standing().1)}</span>
            {when(is_taken, take_back)}
        </li>
    })
}

fn one_more(hall: Hall) -> Part {
    let entry = RwSignal::new(String::new());
    let mistake =
        move |name: &str| hall.names.with(|names| name_mistake(name, names.iter().map(String::as_str)));
    let is_full = move || hall.names.with(Vec::len) >= CLIENTS_MAX;
    let wrong = move || {
        let name = entry.get();
        let name = name.trim();
        if is_full() {
            return (true, "As many as one window has.");
        }
        match mistake(name).filter(|_| !name.is_empty()) {
            Some(mistake) => (true, mistake),
            None => (false, "Whoever uses the same name elsewhere takes the connection over."),
        }
    };
    let cannot = move || wrong().0 || entry.get().trim().is_empty();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if untrack(cannot) {
            return;
        }
        let name = entry.get_untracked().trim().to_owned();
        let at = hall.names.with_untracked(Vec::len);
        hall.clients.with_value(|lines| lines[at].connect(&name));
        hall.names.update(|names| names.push(name));
        entry.set(String::new());
    };
    let class = move || if wrong().0 { "field-error" } else { "field-hint" }.to_owned();
    part(view! {
        <form class="use-form" data-inline="true" on:submit=on(submit)>
            <div class="field">
                <label class="field-label" for="client-name">"One more"</label>
                <input
                    class="field-input"
                    id="client-name"
                    type="text"
                    dir="auto"
                    autocomplete="off"
                    spellcheck="false"
                    aria-describedby="client-name-note"
                    aria-invalid=flag(move || wrong().0)
                    prop:value=live(move || entry.get())
                    on:input=on(move |event: ev::Event| entry.set(event_target_value(&event)))
                />
                <p class=live(class) id="client-name-note">{live(move || wrong().1.to_owned())}</p>
            </div>
            <button type="submit" class="button" prop:disabled=live(cannot)>"Connect"</button>
        </form>
    })
}
