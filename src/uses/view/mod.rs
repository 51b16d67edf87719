//! The view of the three uses.

// Leptos' component macro writes the properties' struct as `pub`, whatever the component is.
#![allow(unreachable_pub)]

mod auctions;
mod desk;
mod item;
mod news;
mod tasks;
mod ticker;
mod watcher;
mod worker;

use leptos::prelude::*;

use super::store::{Subject, auctions::Auctions, news::News, tasks::Tasks};
use crate::{
    link::{Beat, random},
    view::{
        part::{Part, part},
        place,
        standing::standing,
        styles,
    },
};
use desk::Desk;

/// What is read when the news are opened.
const FIRST_FILTERS: [&str; 2] = ["news/sport/#", "news/politics/#"];

/// Draws a use in the place of index.html's frame: `news`, `tasks` or `auctions`.
pub fn mount(name: &str) {
    styles::adopt(include_str!("../../../style/uses.css"));
    match name {
        "news" => styles::adopt(include_str!("../../../style/news.css")),
        "tasks" => styles::adopt(include_str!("../../../style/tasks.css")),
        "auctions" => styles::adopt(include_str!("../../../style/auctions.css")),
        _ => {}
    }
    let name = name.to_owned();
    place::page(move || page(&name));
}

fn page(name: &str) -> Part {
    let now = RwSignal::new(crate::link::clock());
    StoredValue::new_local(Beat::new(move || now.set(crate::link::clock())));
    match name {
        "news" => news(now),
        "tasks" => {
            let desk = Desk::open("tasks", Subject::Tasks(Tasks::default()), now);
            frame(desk, "Progress of tasks", tasks::LEAD, tasks::tasks(desk))
        }
        "auctions" => {
            let me = format!("guest-{:04x}", random() & 0xffff);
            let desk = Desk::open("auctions", Subject::Auctions(Auctions::new(&me)), now);
            frame(desk, "Auctions", auctions::LEAD, auctions::auctions(desk))
        }
        _ => part(view! {
            <main class="demo use">
                <h2 class="use-title">"There is no such use"</h2>
                <p class="use-lead">"There are "<a href="?use=news">"news"</a>", "<a href="?use=tasks">"tasks"</a>
                    " and "<a href="?use=auctions">"auctions"</a>"."</p>
            </main>
        }),
    }
}

fn news(now: RwSignal<crate::store::Millis>) -> Part {
    let desk = Desk::open("news", Subject::News(News::new(&FIRST_FILTERS, random())), now);
    frame(desk, "News ticker", news::LEAD, news::news(desk))
}

fn frame(desk: Desk, title: &'static str, lead: &'static str, body: Part) -> Part {
    place::fill("standing", move || {
        standing(move || desk.read(|room| room.connection().clone()), move || desk.connect())
    });
    document().set_title(&format!("Headcount: {title}"));
    part(view! {
        <main class="demo use">
            <div class="use-head">
                <h2 class="use-title">{title}</h2>
                <p class="use-lead">{lead}</p>
            </div>
            {worker::note(desk)}
            {body}
        </main>
    })
}
