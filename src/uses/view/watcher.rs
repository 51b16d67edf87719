//! Tasks as one connection sees them.

use std::sync::Arc;

use leptos::prelude::*;

use super::desk::Desk;
use crate::{
    store::{Connection, clock},
    uses::store::{
        Wish,
        tasks::{Asked, Task, Tasks},
    },
    view::{
        labels::counted,
        list::{Item, list},
        live::{live, memo, on, when},
        part::{Part, part},
    },
};

fn read<R>(desk: Desk, read: impl FnOnce(&Tasks) -> R) -> Option<R> {
    desk.read(|room| room.tasks().map(read))
}

/// A panel of all tasks.
pub(super) fn watcher(desk: Desk, title: &'static str) -> Part {
    let id = title.to_lowercase().replace(' ', "-");
    let named = id.clone();
    let who = move || {
        desk.read(|room| match room.connection() {
            Connection::Live(live) => live.client_id.to_string(),
            other => other.label(super::desk::moment()),
        })
    };
    let at_once = move || match read(desk, Tasks::told_at_once).flatten() {
        None | Some(0) => String::new(),
        Some(count) => format!("{} told at once, retained", counted(count as u64, "task", "tasks")),
    };
    let asked = move || {
        let line = |asked: &Asked| {
            let asked = asked.clone();
            // Its words change: another key, another drawing.
            let key = format!("{}{}{}", asked.id, asked.is_sent, asked.refused);
            Item::new(key, move |_| request(desk, &asked))
        };
        read(desk, |tasks| tasks.asked().iter().rev().map(line).collect()).unwrap_or_default()
    };
    let tasks = move || {
        let line = |task: &Task| {
            let id = Arc::clone(&task.id);
            Item::new(id.to_string(), move |_| draw(desk, &id))
        };
        read(desk, |tasks| tasks.tasks().iter().map(line).collect()).unwrap_or_default()
    };
    let is_empty =
        move || read(desk, |tasks| tasks.tasks().is_empty() && tasks.asked().is_empty()).unwrap_or_default();
    let empty = || part(view! { <p class="use-empty">"No task is known."</p> });
    part(view! {
        <section class="panel watcher" aria-labelledby=named>
            <h3 class="panel-title" id=id>{title}</h3>
            <p class="watcher-who">
                <code>{live(who)}</code>
                " "
                <span>{live(at_once)}</span>
            </p>
            {list("ul", "list", asked)}
            {list("ul", "list", tasks)}
            {when(is_empty, empty)}
        </section>
    })
}

fn request(desk: Desk, asked: &Asked) -> Part {
    let words = if !asked.refused.is_empty() {
        format!("The broker refused it: {}", asked.refused)
    } else if asked.is_sent {
        "The broker has it; no worker has taken it yet.".to_owned()
    } else {
        "On its way to the broker.".to_owned()
    };
    let _ = desk;
    part(view! {
        <li class="task" data-state="asked">
            <p class="task-head">
                <span class="task-title" dir="auto">{asked.title.to_string()}</span>
                <span class="task-word">"asked for"</span>
            </p>
            <p class="task-step">{words}</p>
        </li>
    })
}

fn draw(desk: Desk, id: &Arc<str>) -> Part {
    let find = {
        let id = Arc::clone(id);
        memo(move || {
            read(desk, |tasks| tasks.task(&id).map(|task| (task.clone(), tasks.word(task)))).flatten()
        })
    };
    let text = move |pick: fn(&Task) -> String| {
        live(move || find.get().map(|(task, _)| pick(&task)).unwrap_or_default())
    };
    let word = move || find.get().map_or("", |(_, word)| word).to_owned();
    let step = move || match find.get() {
        Some((task, "interrupted")) => format!("interrupted: {}", task.step),
        Some((task, _)) if !task.reason.is_empty() => task.reason.to_string(),
        Some((task, _)) => task.step.to_string(),
        None => String::new(),
    };
    let updated =
        move || find.get().map(|(task, _)| clock::relative(desk.now(), task.updated)).unwrap_or_default();
    let may_cancel = move || find.get().is_some_and(|(task, _)| !task.status.is_over());
    let title = find.get_untracked().map(|(task, _)| task.title.to_string()).unwrap_or_default();
    let label = format!("Progress of {title}");
    let cancel = {
        let (id, title) = (Arc::clone(id), title.clone());
        move || {
            let id = Arc::clone(&id);
            part(view! {
                <button
                    type="button"
                    class="button"
                    data-kind="quiet"
                    aria-label=format!("Cancel {title}")
                    on:click=on(move |_| desk.wish(Wish::Cancel(Arc::clone(&id))))
                >
                    "Cancel"
                </button>
            })
        }
    };
    part(view! {
        <li class="task" data-state=live(word)>
            <p class="task-head">
                <span class="task-title" dir="auto">{title}</span>
                <span class="task-word">{live(word)}</span>
                <span class="task-percent">{text(|task| format!("{} %", task.percent))}</span>
                {when(may_cancel, cancel)}
            </p>
            <progress class="task-bar" max="100" aria-label=label prop:value=text(|task| task.percent.to_string())></progress>
            <p class="task-step">
                <span dir="auto">{live(step)}</span>
                <span class="task-updated">{live(updated)}</span>
            </p>
        </li>
    })
}
