//! Who is here: how many, and who they are.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    board::{Board, offset_minutes},
    face::avatar,
    icon::{Icon, icon},
    labels::{short_id, thousands},
    list::{Item, list},
    live::{flag, live, memo, on, when},
    part::{Part, part},
    search::step,
    trouble,
};
use crate::store::{
    Connection, Millis, clock,
    event::Source,
    present::Here,
    search::{Key, Term},
};

/// Clients listed; beyond it the list is for a search, not for reading, and a phone should not hold the nodes.
const LISTED: usize = 200;

/// The panel. On a narrow page it is a bar whose button opens the list.
#[component]
pub(super) fn Presence(
    /// The way to the store.
    board: Board,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let count = move || board.present(crate::store::Present::count);
    let rest = move || count().saturating_sub(LISTED);
    let as_of = move || board.present(crate::store::Present::as_of);
    let stale = move || {
        let since = move || {
            let at = as_of().map(|at| at.clock(offset_minutes(at))).unwrap_or_default();
            format!("As of {}: the page is not connected.", at.get(..8).unwrap_or(&at))
        };
        part(view! { <p class="presence-stale">{live(since)}</p> })
    };
    let searched = memo(move || board.timeline(|timeline| timeline.search().text().to_owned()));
    let guests = move || {
        let here = board.present(|present| present.list(LISTED));
        here.into_iter().map(|here| Item::new(key(&here), move |_| guest(board, searched, &here))).collect()
    };
    let more = move || {
        part(
            view! { <p class="presence-rest">{live(move || format!("and {} more", thousands(rest() as u64)))}</p> },
        )
    };
    let nobody = || part(view! { <p class="presence-nobody">"Nobody is known to be here."</p> });
    view! {
        <aside class="presence" aria-labelledby="presence-title" data-open=flag(move || open.get())>
            <div class="presence-head">
                <h2 class="presence-title" id="presence-title">
                    <span class="presence-count">{live(move || thousands(count() as u64))}</span>
                    " "
                    <span class="presence-words">"here now"</span>
                </h2>
                <button
                    type="button"
                    class="button presence-toggle"
                    data-kind="icon"
                    aria-expanded=flag(move || open.get())
                    aria-controls="presence-body"
                    aria-label="List of who is here"
                    on:click=on(move |_| open.set(!open.get_untracked()))
                >
                    {icon(Icon::Up)}
                </button>
            </div>
            {when(move || as_of().is_some(), stale)}
            <div class="presence-body" id="presence-body">
                {list("ul", "list", guests)}
                {when(move || rest() > 0, more)}
                {when(move || count() == 0, nobody)}
            </div>
        </aside>
    }
}

/// An account's name has no NUL, so that no two clients make the same key.
fn key(here: &Here) -> String {
    format!("{}\0{}\0{}\0{}", here.client.account, here.client.id, here.since.0, here.by.label())
}

/// One who is here; a click shows what is known of them.
fn guest(board: Board, searched: Memo<String>, here: &Here) -> Part {
    let id = Arc::clone(&here.client.id);
    let since = here.since;
    let term = Arc::new(Term::exact(Key::Client, &id));
    let is_searched = {
        let term = Arc::clone(&term);
        move || {
            // A memo that nobody reads follows nothing.
            drop(searched.get());
            board.peek(|store| store.timeline().search().has(&term))
        }
    };
    let transport = here.client.transport.as_ref().map_or("", |transport| transport.label()).to_owned();
    let told_by = if let Source::Other(adapter) = here.by { adapter.label() } else { "" };
    let earlier = here.earlier;
    let account = if &*here.client.account == "anonymous" { "" } else { &here.client.account }.to_owned();
    let way = {
        let id = Arc::clone(&id);
        move || {
            let is_own = board.status(|store| match store.connection() {
                Connection::Live(live) => live.client_id == id,
                _ => false,
            });
            let parts = [&*transport, &*account, told_by, if is_own { "this page" } else { "" }];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
        }
    };
    let search = move |_| {
        let text = board.peek(|store| store.timeline().search().toggled(&term));
        step(board, text);
    };
    part(view! {
        <li>
            <button
                type="button"
                class="here"
                aria-pressed=flag(is_searched)
                title=format!("Show the events of {}", short_id(&id))
                on:click=on(search)
            >
                {avatar(&id)}
                <span class="here-id">{short_id(&id)}</span>
                <time class="here-since" datetime=since.iso()>
                    {live(move || since_words(board, since, earlier))}
                </time>
                <span class="here-way">
                    {trouble::mark(board, &here.client.account, &id)} " " {live(way)}
                </span>
            </button>
        </li>
    })
}

/// Since when; of one who was here before the page heard of it, that alone.
fn since_words(board: Board, since: Millis, earlier: bool) -> String {
    if earlier {
        return format!("before {}", since.clock(offset_minutes(since)).get(..5).unwrap_or_default());
    }
    clock::relative(board.now(), since)
}
