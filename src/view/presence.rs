//! Who is here: how many, and who they are.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    board::{Board, offset_minutes},
    face::Face,
    icon::{Icon, icon},
    labels::{short_id, thousands},
};
use crate::store::{Connection, Intent, clock, present::Here};

/// Clients listed; beyond it the list is for a search, not for reading, and a phone should not hold the nodes.
const LISTED: usize = 200;

/// The panel. On a narrow page it is a bar whose button opens the list.
#[component]
pub(super) fn Presence(
    /// The way to the store.
    board: Board,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let count = Memo::new(move |_| board.present(|present| present.count() as u64));
    let here = Memo::new(move |_| board.present(|present| present.list(LISTED)));
    let as_of = Memo::new(move |_| board.present(crate::store::Present::as_of));
    let stale = move || {
        as_of.get().map(|at| {
            let at = at.clock(offset_minutes(at));
            view! { <p class="presence-stale">{format!("As of {}: the page is not connected.", at.get(..8).unwrap_or(&at))}</p> }
        })
    };
    let rest = move || count.get().saturating_sub(here.with(|here| here.len() as u64));
    let own_id = Memo::new(move |_| {
        board.status(|store| match store.connection() {
            Connection::Live(live) => Some(Arc::clone(&live.client_id)),
            _ => None,
        })
    });
    view! {
        <aside class="presence" aria-labelledby="presence-title" data-open=move || open.get().to_string()>
            <div class="presence-head">
                <h2 class="presence-title" id="presence-title">
                    <span class="presence-count">{move || thousands(count.get())}</span>
                    " "
                    <span class="presence-words">"here now"</span>
                </h2>
                <button
                    type="button"
                    class="button presence-toggle"
                    data-kind="icon"
                    aria-expanded=move || open.get().to_string()
                    aria-controls="presence-body"
                    aria-label="List of who is here"
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    {icon(Icon::Up)}
                </button>
            </div>
            {stale}
            <div class="presence-body" id="presence-body">
                <ul>
                    <For
                        each=move || here.get()
                        key=|here| (Arc::clone(&here.client.account), Arc::clone(&here.client.id), here.since)
                        children=move |here| view! { <Guest board own_id here /> }
                    />
                </ul>
                <Show when=move || { rest() > 0 }>
                    <p class="presence-rest">{move || format!("and {} more", thousands(rest()))}</p>
                </Show>
                <Show when=move || count.get() == 0>
                    <p class="presence-nobody">"Nobody is known to be here."</p>
                </Show>
            </div>
        </aside>
    }
}

/// One who is here; a click shows what is known of them.
#[component]
fn Guest(board: Board, own_id: Memo<Option<Arc<str>>>, here: Arc<Here>) -> impl IntoView {
    let id = Arc::clone(&here.client.id);
    let since = here.since;
    let is_searched = {
        let id = Arc::clone(&id);
        Memo::new(move |_| !id.is_empty() && board.timeline(|timeline| timeline.search().text() == &*id))
    };
    let is_own = {
        let id = Arc::clone(&id);
        move || own_id.with(|own| own.as_deref() == Some(&*id)).then_some("this page")
    };
    let transport = here.client.transport.as_ref().map(|transport| transport.label().to_owned());
    let account = Some(here.client.account.to_string()).filter(|account| account != "anonymous");
    let way = move || {
        let parts = [transport.clone(), account.clone(), is_own().map(str::to_owned)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    let search = {
        let id = Arc::clone(&id);
        move |_| {
            let text = if is_searched.get_untracked() { String::new() } else { id.to_string() };
            board.send(Intent::Search(text));
        }
    };
    view! {
        <li>
            <button
                type="button"
                class="here"
                aria-pressed=move || is_searched.get().to_string()
                title=format!("Show the events of {}", short_id(&id))
                on:click=search
            >
                <Face client_id=&id />
                <span class="here-id">{short_id(&id)}</span>
                <time class="here-since" datetime=since.iso()>
                    {move || clock::relative(board.now(), since)}
                </time>
                <span class="here-way">{way}</span>
            </button>
        </li>
    }
}
