//! What of the lanes outlives the page: whether they are shown stands in its address, the pins in the browser.

use crate::{
    store::query,
    view::{
        search::{push_query, query_string},
        shortcuts::storage,
    },
};

/// Name in the page's query, and what it is for lanes.
const SHOW: (&str, &str) = ("show", "lanes");

/// Name in `localStorage`.
const PINS: &str = "headcount.pins";

/// Whether the page's address asks for lanes.
pub(super) fn shows_lanes() -> bool {
    query::parse(&query_string()).iter().any(|(name, value)| (&**name, &**value) == SHOW)
}

/// Puts into the page's address whether lanes are shown, as a step that Back takes again; all else in it stays.
pub(super) fn show(lanes: bool) {
    if lanes != shows_lanes() {
        push_query(&query::with(&query_string(), SHOW.0, if lanes { SHOW.1 } else { "" }));
    }
}

/// The lanes that were pinned at an earlier visit. Names are kept as fingerprints, since they may be long, and anybody's.
pub(super) fn pins() -> Vec<u64> {
    let stored = storage().and_then(|storage| storage.get_item(PINS).ok().flatten()).unwrap_or_default();
    stored.split(' ').filter_map(|pin| pin.parse().ok()).collect()
}

/// Keeps the pins. Where storage is locked down they last as long as the page.
pub(super) fn pin(pins: &[u64]) {
    let words: Vec<String> = pins.iter().map(u64::to_string).collect();
    let _ = storage().map(|storage| storage.set_item(PINS, &words.join(" ")));
}
