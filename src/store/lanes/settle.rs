//! What the list of who is here adds to the rows: sessions of which no row tells, and ends that nobody saw.

use std::sync::Arc;

use super::{
    End, Gap, Lane, Session,
    fold::{Fold, SAME},
};
use crate::store::{
    clock::Millis,
    present::{Present, mark},
};

/// Clients without a row that get a lane; a broker may have more of them than anybody scrolls through.
const QUIET_MAX: usize = 1_000;

impl Fold {
    /// Adds clients who are here and of whom no row tells.
    pub(super) fn add_quiet(&self, lanes: &mut Vec<Arc<Lane>>, present: &Present) {
        for here in present.list(QUIET_MAX) {
            let client = &here.client;
            let key = mark(client, here.by);
            if !self.places.contains_key(&key) {
                let mut lane = Lane::new(key, client, here.by);
                lane.matches = true;
                lane.sessions.push(Session {
                    start: Some(here.since).filter(|_| !here.earlier),
                    end: End::Open,
                    row: None,
                });
                lanes.push(Arc::new(lane));
            }
        }
    }
}

impl Lane {
    /// Sets right what the rows could not tell, by whether the client is here and since when.
    ///
    /// A session that stood when the page looked away, and whose client is not here, ended while nobody looked. A client
    /// who is here and of whom the rows tell no standing session has one.
    pub(super) fn settle(lane: &mut Arc<Self>, since: Option<Millis>, gaps: &[Gap]) {
        let open = lane.sessions.last().filter(|session| session.end == End::Open);
        let stands = open.map(|open| open.start);
        let begun = |since| Session { start: Some(since), end: End::Open, row: None };
        match (stands, since) {
            // It stands since then, as far as anybody knows.
            (Some(None), Some(since)) => {
                if let Some(open) = Arc::make_mut(lane).open() {
                    open.start = Some(since);
                }
            }
            (Some(Some(start)), None) => {
                // It may have ended in any absence since its beginning, the last one included.
                if let Some(to) =
                    gaps.iter().filter(|gap| start <= gap.from).filter_map(|gap| gap.to).next_back()
                {
                    Arc::make_mut(lane).lose_sight(gaps, to);
                }
            }
            // Another one, which began in an absence.
            (Some(Some(start)), Some(since)) => {
                if gaps.iter().any(|gap| start <= gap.from && gap.from <= since) && since.since(start) > SAME
                {
                    let lane = Arc::make_mut(lane);
                    lane.lose_sight(gaps, since);
                    lane.sessions.push(begun(since));
                }
            }
            (None, Some(since)) => {
                let last = lane.sessions.last().and_then(|session| session.end.latest());
                // The list may be a moment behind the rows: then it speaks of the session that has just ended.
                if last.is_none_or(|last| last <= since) {
                    Arc::make_mut(lane).sessions.push(begun(since));
                }
            }
            (Some(None) | None, None) => {}
        }
    }
}
