//! The lines of errors and throttle, beside the timeline, and who has most of them. Narrow: a bar that opens upwards.

use std::sync::Arc;

use leptos::prelude::*;

use super::{cards::seconds, show_only};
use crate::{
    store::trouble::{
        Topic, advice,
        complaints::{Item as Kept, Line},
        conduct::Record,
    },
    view::{
        board::Board,
        icon::{Icon, icon},
        labels::{counted, short_id, thousands},
        list::{Item, list},
        live::{flag, live, memo, on, when},
        part::{Part, part},
    },
};

/// Who misbehaves most: as many as one looks after.
const WORST: usize = 3;

/// The panel.
pub(in crate::view) fn panel(board: Board) -> Part {
    let open = RwSignal::new(false);
    let counts = memo(move || board.trouble(|trouble| trouble.complaints().counts()));
    let count = move || {
        let [errors, throttles] = counts.get();
        if errors + throttles == 0 {
            return String::new();
        }
        format!("{} · {} throttled", counted(errors, "error", "errors"), thousands(throttles))
    };
    let is_empty = memo(move || board.trouble(|trouble| trouble.complaints().list().next().is_none()));
    let has_worst = move || board.trouble(|trouble| !trouble.conduct().is_empty());
    let standing = memo(move || board.status(|store| advice::hearing(store.plan(), store.trust())));
    let words = move || {
        let said = standing.get();
        let since = board.trouble(|trouble| trouble.complaints().since());
        match (said.is_empty(), since) {
            (true, Some(since)) if is_empty.get() => format!("None since {}.", seconds(since)),
            _ => said.to_owned(),
        }
    };
    // Where there is nothing to tell, a phone has no room for it.
    let is_quiet = move || is_empty.get() && !has_worst();
    let lines = move || {
        board.trouble(|trouble| {
            trouble
                .complaints()
                .list()
                .cloned()
                .map(|it| Item::new(it.number().to_string(), move |_| kept(board, &it)))
                .collect()
        })
    };
    let worst = move || {
        board.trouble(|trouble| {
            let worst = trouble.conduct().worst(WORST).into_iter().cloned();
            worst
                .map(|it| {
                    Item::new(format!("{}\0{}\0{}", it.account, it.id, it.total()), move |_| {
                        culprit(board, &it)
                    })
                })
                .collect()
        })
    };
    let rest = move || {
        let more = board.trouble(|trouble| trouble.conduct().len().saturating_sub(WORST));
        if more == 0 { String::new() } else { format!("and {more} more") }
    };
    let culprits = move || {
        part(view! {
            <h3 class="trouble-sub">"Who misbehaves most"</h3>
            <div class="culprits">{list("ul", "list", worst)}</div>
            <p class="trouble-words">{live(rest)}</p>
        })
    };
    part(view! {
        <section
            class="trouble"
            aria-labelledby="trouble-title"
            data-open=flag(move || open.get())
            data-quiet=flag(is_quiet)
        >
            <div class="trouble-head">
                <h2 class="trouble-title" id="trouble-title">"Errors and throttle"</h2>
                <span class="trouble-count">{live(count)}</span>
                <button
                    type="button"
                    class="button trouble-toggle"
                    data-kind="icon"
                    aria-expanded=flag(move || open.get())
                    aria-controls="trouble-body"
                    aria-label="Lines of errors and throttle"
                    on:click=on(move |_| open.set(!open.get_untracked()))
                >
                    {icon(Icon::Up)}
                </button>
            </div>
            <div class="trouble-body" id="trouble-body" role="group" aria-label="Lines, newest first" tabindex="0">
                {when(has_worst, culprits)}
                <p class="trouble-words">{live(words)}</p>
                {list("ul", "list", lines)}
            </div>
        </section>
    })
}

fn kept(board: Board, it: &Kept) -> Part {
    match it {
        Kept::Line(line) => drawn(board, line),
        Kept::Gap { from, to, .. } => {
            let (from, to) = (seconds(*from), to.map(seconds));
            let words = match to {
                Some(to) => format!("Nothing is known of {from} to {to}: the page was not connected."),
                None => format!("Nothing is known from {from} on: the page is not connected."),
            };
            part(view! { <li class="line" data-topic="gap">{words}</li> })
        }
    }
}

/// A line. What changes when it comes again follows the store, so that its button stays.
fn drawn(board: Board, line: &Line) -> Part {
    let number = line.number;
    let at = move || {
        board.trouble(|trouble| {
            trouble.complaints().line(number).map(|line| seconds(line.at)).unwrap_or_default()
        })
    };
    let times =
        move || board.trouble(|trouble| trouble.complaints().line(number).map(times).unwrap_or_default());
    let (name, word, picture) = match line.topic {
        Topic::Errors => ("errors", "error", Icon::Denied),
        Topic::Throttle => ("throttle", "throttle", Icon::Throttle),
    };
    let text = Arc::clone(&line.text);
    let client = memo(move || {
        board.trouble(|trouble| trouble.complaints().line(number).and_then(|line| line.client.clone()))
    });
    let said = move || {
        let text = Arc::clone(&text);
        let Some(id) = client.get() else {
            return part(view! { <span dir="auto">{text.to_string()}</span> });
        };
        // A long identifier is cut with its line.
        let rest = text.strip_prefix(&*id).unwrap_or_default().to_owned();
        let shown = short_id(&id);
        let title = format!("Show the events of {shown}");
        part(view! {
            <button type="button" class="line-client" title=title on:click=on(move |_| show_only(board, &id))>
                {shown}
            </button>
            <span dir="auto">{rest}</span>
        })
    };
    let account = line.account.to_string();
    part(view! {
        <li class="line" data-topic=name>
            <p class="line-head">
                {icon(picture)} <span class="line-word">{word}</span>
                <span class="line-account">{account}</span>
                <span class="line-times">{live(times)}</span> <time>{live(at)}</time>
            </p>
            <p class="line-text">{live(said)}</p>
        </li>
    })
}

/// `× 12, 7 left out`; empty for one that came once.
fn times(line: &Line) -> String {
    match (line.times, line.unsaid) {
        (1, 0) => String::new(),
        (times, 0) => format!("× {}", thousands(times)),
        (times, unsaid) => format!("× {}, {} left out", thousands(times), thousands(unsaid)),
    }
}

fn culprit(board: Board, record: &Record) -> Part {
    let id = Arc::clone(&record.id);
    let shown = short_id(&id);
    let title = format!("Show the events of {shown}");
    part(view! {
        <li>
            <button type="button" class="culprit" title=title on:click=on(move |_| show_only(board, &id))>
                <span class="culprit-id">{shown}</span>
                <span class="culprit-words">{record.words()}</span>
            </button>
        </li>
    })
}
