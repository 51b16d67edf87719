//! Rows to lanes.

use std::{collections::VecDeque, sync::Arc};

use super::{End, Gap, Lane, Mark, Session, is_of_a_client};
use crate::store::{
    clock::Millis,
    event::{Client, Event, Kind, Source},
    fingerprint::Table,
    present::mark,
    row::Row,
};

/// Two tellings of one beginning differ by this much at most: by the event of the connect, and by that of its end.
pub(super) const SAME: i64 = 1_000;

/// Lanes with the rows that they are made of: without its oldest row a lane is made anew.
#[derive(Debug, Default)]
pub(super) struct Fold {
    lanes: Vec<Folded>,
    /// Where a client's lane stands.
    pub(super) places: Table,
    first: u64,
    /// The number of the next row.
    pub(super) next: u64,
    pub(super) folded: u64,
}

#[derive(Debug)]
struct Folded {
    lane: Arc<Lane>,
    /// Each with whether the search finds it.
    rows: VecDeque<(Arc<Row>, bool)>,
}

impl Fold {
    /// What the rows tell, in no particular order: lanes of which the search finds a row.
    pub(super) fn lanes(&self) -> Vec<Arc<Lane>> {
        self.lanes.iter().map(|folded| Arc::clone(&folded.lane)).filter(|lane| lane.matches).collect()
    }

    /// Takes in the row that came next.
    pub(super) fn take(&mut self, row: &Arc<Row>, is_hit: bool, gaps: &[Gap]) {
        self.next = row.number + 1;
        let Some(event) = row.event().filter(|event| is_of_a_client(event)) else { return };
        let key = mark(&event.client, event.source);
        let next = u32::try_from(self.lanes.len()).unwrap_or(u32::MAX);
        let place = *self.places.entry(key).or_insert(next);
        if place == next {
            let lane = Arc::new(Lane::new(key, &event.client, event.source));
            self.lanes.push(Folded { lane, rows: VecDeque::new() });
        }
        let folded = &mut self.lanes[place as usize];
        Arc::make_mut(&mut folded.lane).take(row, event, is_hit, gaps);
        folded.rows.push_back((Arc::clone(row), is_hit));
        self.folded += 1;
    }

    /// Takes away the rows before the one numbered `first`: what they told is no longer known.
    pub(super) fn trim(&mut self, first: u64, gaps: &[Gap]) {
        if self.first == first {
            return;
        }
        self.first = first;
        for folded in &mut self.lanes {
            let gone = folded.rows.partition_point(|(row, _)| row.number < first);
            if gone > 0 {
                folded.rows.drain(..gone);
                self.folded += folded.rows.len() as u64;
                folded.anew(gaps);
            }
        }
        self.lanes.retain(|folded| !folded.rows.is_empty());
        if self.lanes.len() < self.places.len() {
            self.places = self.lanes.iter().map(|folded| folded.lane.key).zip(0..).collect();
        }
    }
}

impl Folded {
    fn anew(&mut self, gaps: &[Gap]) {
        let mut events =
            self.rows.iter().filter_map(|(row, is_hit)| Some((row, row.event()?, *is_hit))).peekable();
        let Some((_, event, _)) = events.peek() else { return };
        let mut lane = Lane::new(self.lane.key, &event.client, event.source);
        for (row, event, is_hit) in events {
            lane.take(row, event, is_hit, gaps);
        }
        self.lane = Arc::new(lane);
    }
}

impl Lane {
    pub(super) fn new(key: u64, client: &Client, by: Source) -> Self {
        let (id, account) = (Arc::clone(&client.id), Arc::clone(&client.account));
        Self { key, id, account, by, sessions: Vec::new(), marks: Vec::new(), last: 0, matches: false }
    }

    fn take(&mut self, row: &Arc<Row>, event: &Event, is_hit: bool, gaps: &[Gap]) {
        // Those that came before it.
        let gaps = &gaps[..gaps.partition_point(|gap| gap.row < row.number)];
        self.last = row.number;
        self.matches |= is_hit;
        match event.kind {
            Kind::Connected => {
                self.lose_sight(gaps, event.at);
                let (start, row) = (Some(event.at), Some(row.number));
                self.sessions.push(Session { start, end: End::Open, row });
            }
            Kind::Disconnected => self.end(gaps, event, row),
            _ => self.marks.push(Mark { at: event.at, row: Arc::clone(row) }),
        }
    }

    /// The session that stands, if one does.
    pub(super) fn open(&mut self) -> Option<&mut Session> {
        self.sessions.last_mut().filter(|session| session.end == End::Open)
    }

    /// What stands ended without anybody telling, before something at `before` that it cannot have lived to see.
    pub(super) fn lose_sight(&mut self, gaps: &[Gap], before: Millis) {
        if let Some(open) = self.open() {
            let start = open.start.unwrap_or(before);
            // It stood for sure until the page first looked away, or at its own beginning.
            let gap = gaps.iter().map(|gap| gap.from).find(|from| *from >= start);
            let after = gap.unwrap_or(start).min(before);
            open.end = End::Unseen { after, before };
        }
    }

    fn end(&mut self, gaps: &[Gap], event: &Event, row: &Arc<Row>) {
        let end = End::Told { at: event.at, row: Arc::clone(row) };
        let row = Some(row.number);
        let lasted = || event.lasted.map(|lasted| event.at.plus(-lasted));
        let started = event.started.or_else(lasted);
        let Some(open) = self.open() else {
            let start = self.after_the_last(started);
            self.sessions.push(Session { start, end, row });
            return;
        };
        match open.start.zip(started).map(|(known, told)| told.0 - known.0) {
            // Another one, which began while nobody looked.
            Some(later) if later > SAME => {
                self.lose_sight(gaps, started.unwrap_or(event.at));
                self.sessions.push(Session { start: started, end, row });
            }
            // The end of an older one comes late: the newer one stands.
            Some(later) if later < -SAME => {
                let at = self.sessions.len() - 1;
                let start = self.sessions[..at].last().and_then(|before| before.end.latest()).max(started);
                self.sessions.insert(at, Session { start, end, row });
            }
            _ => {
                open.start = open.start.or(started);
                (open.end, open.row) = (end, row);
            }
        }
    }

    /// A beginning that does not overlap the session before it.
    fn after_the_last(&self, started: Option<Millis>) -> Option<Millis> {
        let last = self.sessions.last().and_then(|session| session.end.latest());
        match (last, started) {
            // It began somewhere behind the end before it, at the earliest.
            (Some(last), started) => Some(started.map_or(last, |started| started.max(last))),
            (None, started) => started,
        }
    }
}
