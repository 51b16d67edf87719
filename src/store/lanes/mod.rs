//! Lanes: the timeline's rows folded into sessions, a lane per client.
//!
//! Rows in, plain structs out: an event changes one lane ([`Trace`]), and live rows, held ones and those of a record from
//! a file give the same lanes. All is bounded by the timeline, whose every row adds one session at most.

mod columns;
mod fold;
pub mod scale;
mod scene;
mod settle;
pub mod shape;
pub mod span;
mod steps;
mod trace;

use std::sync::Arc;

use super::{
    clock::Millis,
    event::{Event, Kind, Source},
    row::Row,
};

pub use columns::{Column, Columns};
pub use scene::{Asked, Scene};
pub use trace::Trace;

/// What the rows tell, by client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lanes {
    /// Those whose rows came last first.
    pub lanes: Vec<Arc<Lane>>,
    /// Times of which nothing is known, in order.
    pub gaps: Vec<Gap>,
}

/// A client: an account and a Client Identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Tells it from every other lane.
    pub key: u64,
    /// Client Identifier.
    pub id: Arc<str>,
    /// The account.
    pub account: Arc<str>,
    /// Who told of it first: a device's lane is no client's.
    pub(super) by: Source,
    /// Its sessions, in the order of their beginnings; they do not overlap.
    pub sessions: Vec<Session>,
    /// What it suffered beside them, in order.
    pub marks: Vec<Mark>,
    /// The number of its newest row; 0 for a client of whom no row tells.
    pub last: u64,
    /// Whether one of its rows matches the search, its terms for a span aside.
    pub matches: bool,
}

/// A connection from its beginning to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// When it began; none where that lies before what is recorded and nobody told.
    pub start: Option<Millis>,
    /// How it ended.
    pub end: End,
    /// The number of the newest row that tells of it; none where none does.
    pub row: Option<u64>,
}

/// How a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// It did not: the client is connected.
    Open,
    /// An event told.
    Told {
        /// When.
        at: Millis,
        /// The row that told it.
        row: Arc<Row>,
    },
    /// Nobody told.
    Unseen {
        /// The last moment at which it stood.
        after: Millis,
        /// The first at which it did not.
        before: Millis,
    },
}

/// Something on a lane that is no session: an attempt that was refused, a denied action, a conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When.
    pub at: Millis,
    /// The row that told it.
    pub row: Arc<Row>,
}

/// A time of which nothing is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The number of its row.
    pub row: u64,
    /// Its beginning.
    pub from: Millis,
    /// Its end; none while it lasts.
    pub to: Option<Millis>,
}

impl Lane {
    /// Whether something of it lies in `[since, until)`; a session does that touches it.
    pub fn touches(&self, since: Millis, until: Millis) -> bool {
        let reaches = |session: &Session| {
            session.start.is_none_or(|start| start < until)
                && session.end.latest().is_none_or(|end| end >= since)
        };
        self.sessions.iter().any(reaches) || self.marks.iter().any(|mark| since <= mark.at && mark.at < until)
    }
}

impl Session {
    /// Why it ended, in the broker's word.
    pub fn reason(&self) -> Option<&str> {
        match &self.end {
            End::Told { row, .. } => row.event()?.reason.as_deref(),
            End::Open | End::Unseen { .. } => None,
        }
    }

    /// How long it lasted until its end, or until `now` while it is open; none where one of both is not known.
    pub fn length(&self, now: Millis) -> Option<i64> {
        let end = match self.end {
            End::Open => now,
            End::Told { at, .. } => at,
            End::Unseen { .. } => return None,
        };
        Some(end.since(self.start?))
    }
}

impl End {
    /// The last moment that may belong to the session; none while it is open.
    pub fn latest(&self) -> Option<Millis> {
        match *self {
            Self::Open => None,
            Self::Told { at, .. } => Some(at),
            Self::Unseen { before, .. } => Some(before),
        }
    }
}

impl Mark {
    /// What happened.
    pub fn kind(&self) -> &str {
        self.row.event().map_or("", |event| event.kind.name())
    }
}

/// Whether a lane tells of this kind of event.
fn is_of_a_client(event: &Event) -> bool {
    !matches!(event.kind, Kind::Other(_) | Kind::Unreadable(_))
}
