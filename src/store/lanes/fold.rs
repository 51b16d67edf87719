//! Rows to lanes.

use std::sync::Arc;

use super::{End, Gap, Lane, Lanes, Mark, Session, is_of_a_client};
use crate::store::{
    clock::Millis,
    event::{Client, Event, Kind, Source},
    fingerprint::Table,
    present::mark,
    row::{Body, Row},
};

/// Two tellings of one beginning differ by this much at most: by the event of the connect, and by that of its end.
pub(super) const SAME: i64 = 1_000;

/// What is at work while rows are folded.
#[derive(Default)]
struct Fold {
    lanes: Lanes,
    /// Where a client's lane stands.
    places: Table,
    /// Whether the row before this one was a gap.
    after_gap: bool,
}

impl Lanes {
    /// The lanes of these rows, which come oldest first, each with whether the search finds it.
    pub fn of<'a>(rows: impl Iterator<Item = (&'a Arc<Row>, bool)>) -> Self {
        let mut fold = Fold::default();
        for (row, matches) in rows {
            fold.take(row, matches);
        }
        fold.lanes.lanes.sort_unstable_by_key(|lane| std::cmp::Reverse(lane.last));
        fold.lanes
    }
}

impl Fold {
    fn take(&mut self, row: &Arc<Row>, matches: bool) {
        let at = row.at();
        let (from, to) = self.lanes.extent.unwrap_or((at, at));
        self.lanes.extent = Some((from.min(at), to.max(at)));
        match &row.body {
            Body::Gap(gap) => self.lanes.gaps.push(Gap { from: gap.from, to: gap.to }),
            Body::Event(event) => {
                self.shorten_gap(event);
                if is_of_a_client(event) {
                    self.event(row, event, matches);
                }
            }
            Body::Started(_) => {}
        }
        self.after_gap = matches!(row.body, Body::Gap(_));
    }

    /// The journal may tell the later part of a gap: what is not known ends with its first event.
    fn shorten_gap(&mut self, event: &Event) {
        if self.after_gap
            && event.seq.is_some()
            && let Some(gap) = self.lanes.gaps.last_mut()
            && gap.from <= event.at
            && gap.to.is_some_and(|to| event.at < to)
        {
            gap.to = Some(event.at);
        }
    }

    fn event(&mut self, row: &Arc<Row>, event: &Event, matches: bool) {
        let place = self.place(event);
        let Lanes { lanes, gaps, .. } = &mut self.lanes;
        let lane = &mut lanes[place];
        lane.last = row.number;
        lane.matches |= matches;
        match event.kind {
            Kind::Connected => {
                lane.lose_sight(gaps, event.at);
                let (start, row) = (Some(event.at), Some(row.number));
                lane.sessions.push(Session { start, end: End::Open, row });
            }
            Kind::Disconnected => {
                lane.end(gaps, event, row);
            }
            _ => lane.marks.push(Mark { at: event.at, row: Arc::clone(row) }),
        }
    }

    fn place(&mut self, event: &Event) -> usize {
        let client = &event.client;
        let key = mark(client, event.source);
        let lanes = &mut self.lanes.lanes;
        let next = u32::try_from(lanes.len()).unwrap_or(u32::MAX);
        let place = *self.places.entry(key).or_insert(next);
        if place == next {
            lanes.push(Lane::new(key, client, event.source));
        }
        place as usize
    }
}

impl Lane {
    pub(super) fn new(key: u64, client: &Client, by: Source) -> Self {
        let (id, account) = (Arc::clone(&client.id), Arc::clone(&client.account));
        Self { key, id, account, by, sessions: Vec::new(), marks: Vec::new(), last: 0, matches: false }
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
