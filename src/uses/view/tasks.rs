//! The tasks: a form that starts one, and one or two watchers.

use leptos::{ev, prelude::*};

use super::{
    desk::{Desk, chance},
    watcher::watcher,
};
use crate::{
    uses::store::{Subject, Wish, tasks::Tasks},
    view::{
        form::{TextField, choice, no_note},
        live::{flag, live, on, when},
        part::{Part, part},
    },
};

/// What it shows.
pub(super) const LEAD: &str = "A worker tells the progress of each task by retained messages: whoever subscribes, \
                               however late, sees the newest state at once and every change after it.";

const TARGETS: [(u32, &str); 4] =
    [(100_000, "100,000"), (1_000_000, "1 million"), (10_000_000, "10 million"), (50_000_000, "50 million")];
const PACES: [(u32, &str); 5] = [
    (0, "as fast as it can"),
    (10, "10 seconds"),
    (30, "30 seconds"),
    (120, "2 minutes"),
    (600, "10 minutes"),
];

/// The whole use.
pub(super) fn tasks(desk: Desk) -> Part {
    let second: RwSignal<Option<Desk>> = RwSignal::new(None);
    let is_open = RwSignal::new(false);
    let page = Owner::current().expect("the page draws");
    let toggle = move |_| {
        let open = !is_open.get_untracked();
        is_open.set(open);
        match second.get_untracked() {
            Some(watcher) if open => watcher.connect(),
            Some(watcher) => watcher.disconnect(),
            // Made once, in the page's own keeping: it comes and goes by its connection.
            None => page.with(|| {
                let tasks = Subject::Tasks(Tasks::default());
                second.set(Some(Desk::open("watcher", tasks, desk.clock())));
            }),
        }
    };
    let label =
        move || if is_open.get() { "Close the second watcher" } else { "Open a second watcher" }.to_owned();
    let draw_second = move || second.get().map_or_else(Part::none, |late| watcher(late, "Second watcher"));
    part(view! {
        {form(desk)}
        <div class="use-actions">
            <button type="button" class="button" aria-expanded=flag(move || is_open.get()) on:click=on(toggle)>
                {live(label)}
            </button>
            <p class="field-hint">"It has a connection of its own, and knows what the broker tells it."</p>
        </div>
        <div class="watchers" data-both=flag(move || is_open.get())>
            {watcher(desk, "Watcher")}
            {when(move || is_open.get() && second.get().is_some(), draw_second)}
        </div>
    })
}

fn form(desk: Desk) -> Part {
    let title = RwSignal::new("Count primes".to_owned());
    let (below, seconds) = (RwSignal::new(10_000_000), RwSignal::new(30));
    let cannot = move || title.get().trim().is_empty();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if !untrack(cannot) {
            let title = title.get_untracked();
            desk.wish(Wish::Start(title, below.get_untracked(), seconds.get_untracked(), chance()));
        }
    };
    part(view! {
        <section class="panel" aria-labelledby="start-title">
            <h3 class="panel-title" id="start-title">"Start a task"</h3>
            <form class="use-form task-form" on:submit=on(submit)>
                {TextField::text("task-title", "Title").draw(title, no_note)}
                {choice("task-below", "Count primes below", below, &TARGETS)}
                {choice("task-seconds", "Take at least", seconds, &PACES)}
                <button type="submit" class="button" data-kind="primary" prop:disabled=live(cannot)>
                    "Start"
                </button>
            </form>
        </section>
    })
}
