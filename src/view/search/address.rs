//! What is searched stands in the page's address, so that a reload and a link show the same.
//!
//! What is typed takes the place of what the address said, and so does a connection, which Back does not break; a click
//! that changes what is shown is a step that the browser's Back takes again. Browsers let a page change its address some two hundred times in half a minute: who types fast, or drags a
//! span over the lanes, finds it there a second later at the latest.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsValue;

use crate::{
    store::{Intent, query},
    view::{
        board::Board,
        live::{effect, memo},
    },
};

/// The name in the query string.
const NAME: &str = "search";

/// Bytes of a query string at most: servers and messengers cut what is longer.
const QUERY_MAX: usize = 8_000;

/// Milliseconds between two changes while one types.
const PAUSE: i64 = 250;

/// Names that never stand in a link to share: whom one is is nobody else's, and two pages of one client id would fight.
const OWN: [&str; 5] = ["client", "user", "username", "user_name", "password"];

/// What the page's address asks for.
pub(super) fn asked() -> String {
    let pairs = query::parse(&query_string()).into_iter();
    pairs.filter(|(name, _)| name == NAME).map(|(_, value)| value).next().unwrap_or_default()
}

/// Keeps the address in step with the search, and the search with the way back.
pub(super) fn follow(board: Board) {
    let text = memo(move || board.timeline(|timeline| timeline.search().text().to_owned()));
    let mut written = board.clock();
    effect(move || {
        let text = text.get();
        // Runs each second as well, for what was typed too fast.
        board.now();
        let now = board.clock();
        // What is too long for an address never gets there.
        if now.since(written) >= PAUSE && text != asked() && with(&text) != query_string() {
            show(&text);
            written = now;
        }
    });
    window_event_listener(ev::popstate, move |_| {
        let asked = asked();
        if board.peek(|store| store.timeline().search().text() != asked) {
            board.send(Intent::Search(asked));
        }
    });
}

/// Asks for something else by a click: a step that Back takes again.
pub(in crate::view) fn step(board: Board, text: String) {
    // What was typed so fast that it is not there yet.
    let before = board.peek(|store| store.timeline().search().text().to_owned());
    if text != before {
        show(&before);
        push_query(&with(&text));
        board.send(Intent::Search(text));
    }
}

/// Puts a query string into the page's address, as a step that Back takes again.
pub(crate) fn push_query(query: &str) {
    // A browser may refuse it to a page in a sandbox: then there is no step to take again.
    let _ = window()
        .history()
        .and_then(|history| history.push_state_with_url(&JsValue::NULL, "", Some(&address_of(query))));
}

/// A link to what this page shows, for others: without user name, password and client id.
pub(in crate::view) fn link(text: &str) -> String {
    let location = window().location();
    let pairs = query::parse(&query::with(&query_string(), NAME, text));
    let shared = pairs.iter().filter(|(name, _)| !OWN.contains(&name.as_str()));
    let query = query::format(shared.map(|(name, value)| (name.as_str(), value.as_str())));
    // Neither is refused to a page that has a window.
    [location.origin().unwrap_or_default(), location.pathname().unwrap_or_default(), query].concat()
}

/// Puts a query string into the page's address, in the place of the one that is there.
pub(crate) fn show_query(query: &str) {
    // A browser may refuse it to a page in a sandbox: then it lasts as long as the page.
    let _ = window()
        .history()
        .and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&address_of(query))));
}

fn show(text: &str) {
    show_query(&with(text));
}

/// The query string with this search; without one where it is too long for an address.
fn with(text: &str) -> String {
    let query = query::with(&query_string(), NAME, text);
    if query.len() > QUERY_MAX { query::with(&query, NAME, "") } else { query }
}

/// An empty query string would leave the one that is there.
fn address_of(query: &str) -> String {
    [window().location().pathname().unwrap_or_default().as_str(), query].concat()
}

/// The query string of the page's address.
pub(crate) fn query_string() -> String {
    window().location().search().unwrap_or_default()
}
