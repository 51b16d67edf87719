//! What the list of who is here adds to the rows: sessions of which no row tells, and ends that nobody saw.

use std::sync::Arc;

use super::{End, Gap, Lane, Lanes, Session, fold::SAME};
use crate::store::{
    clock::Millis,
    fingerprint::Table,
    present::{Here, Present, mark},
};

/// Clients without a row that get a lane; a broker may have more of them than anybody scrolls through.
const QUIET_MAX: usize = 1_000;

impl Lanes {
    /// Sets right what the rows could not tell, by who is here. For rows of a live connection only.
    ///
    /// A session that stood when the page looked away, and whose client is not here, ended while nobody looked. A client
    /// who is here and of whom the rows tell no standing session has one. `all` says whether clients of whom no row
    /// tells get a lane; a search finds rows, and those have none.
    pub fn settle(&mut self, present: &Present, all: bool) {
        // The list is as stale as the rows, and says nothing of them.
        if present.as_of().is_some() {
            return;
        }
        for lane in &mut self.lanes {
            let since = present.told(&lane.account, &lane.id, lane.by).map(|here| here.since);
            lane.settle(since, &self.gaps);
        }
        if all {
            self.add_quiet(&present.list(QUIET_MAX));
        }
    }

    fn add_quiet(&mut self, here: &[Arc<Here>]) {
        let known: Table = self.lanes.iter().map(|lane| (lane.key, 0)).collect();
        for here in here {
            let client = &here.client;
            let key = mark(client, here.by);
            if !known.contains_key(&key) {
                let mut lane = Lane::new(key, client, here.by);
                lane.matches = true;
                lane.sessions.push(Session {
                    start: Some(here.since).filter(|_| !here.earlier),
                    end: End::Open,
                    row: None,
                });
                self.lanes.push(lane);
            }
        }
    }
}

impl Lane {
    fn settle(&mut self, since: Option<Millis>, gaps: &[Gap]) {
        let stands = self.open().map(|open| open.start);
        match (stands, since) {
            // It stands since then, as far as anybody knows.
            (Some(None), Some(since)) => {
                if let Some(open) = self.open() {
                    open.start = Some(since);
                }
            }
            (Some(Some(start)), None) => {
                // It may have ended in any absence since its beginning, the last one included.
                if let Some(to) =
                    gaps.iter().filter(|gap| start <= gap.from).filter_map(|gap| gap.to).next_back()
                {
                    self.lose_sight(gaps, to);
                }
            }
            // Another one, which began in an absence.
            (Some(Some(start)), Some(since)) => {
                if gaps.iter().any(|gap| start <= gap.from && gap.from <= since) && since.since(start) > SAME
                {
                    self.lose_sight(gaps, since);
                    self.sessions.push(Session { start: Some(since), end: End::Open, row: None });
                }
            }
            (None, Some(since)) => {
                let last = self.sessions.last().and_then(|session| session.end.latest());
                // The list may be a moment behind the rows: then it speaks of the session that has just ended.
                if last.is_none_or(|last| last <= since) {
                    self.sessions.push(Session { start: Some(since), end: End::Open, row: None });
                }
            }
            (Some(None) | None, None) => {}
        }
    }
}
