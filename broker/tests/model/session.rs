//! A session of the model, and what a copy of a message is.

use crate::step::{LastWords, Options};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

/// An Application Message. No two payloads are equal but the empty ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) topic: &'static str,
    pub(crate) payload: String,
    pub(crate) qos: u8,
    pub(crate) expiry: Option<u32>,
    pub(crate) at: Duration,
}

/// What one client is to get of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Copy {
    pub(crate) word: Word,
    pub(crate) qos: u8,
    pub(crate) retain: bool,
    pub(crate) identifiers: Vec<u32>,
    /// The group that it came through.
    pub(crate) group: Option<&'static str>,
}

/// A message of `QoS` 1 or 2 on its way.
#[derive(Debug, Clone)]
pub(crate) struct Flight {
    pub(crate) id: u16,
    pub(crate) copy: Copy,
    /// PUBREC came.
    pub(crate) released: bool,
    /// Sent on the present connection.
    pub(crate) sent: bool,
    /// Its client left the group since, which may have been the end of the group.
    pub(crate) left: bool,
}

/// What the server has to know of one Client Identifier.
#[derive(Debug, Default)]
pub(crate) struct Session {
    pub(crate) subscriptions: BTreeMap<&'static str, (u8, Options)>,
    pub(crate) received: BTreeSet<u16>,
    pub(crate) flights: Vec<Flight>,
    /// Messages of `QoS` 1 and 2 that wait.
    pub(crate) queue: VecDeque<Copy>,
    /// Retained messages that wait: topic, `QoS` granted, identifier.
    pub(crate) backlog: VecDeque<(&'static str, u8, Option<u32>)>,
    /// Seconds that it outlives its connection.
    pub(crate) expiry: u32,
    pub(crate) ends: Option<Duration>,
    /// The Will that waits for its delay.
    pub(crate) will: Option<(Duration, Testament)>,
}

/// A Will with its payload.
#[derive(Debug, Clone)]
pub(crate) struct Testament {
    pub(crate) words: LastWords,
    pub(crate) payload: String,
}

/// A connection of the model.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) v5: bool,
    pub(crate) window: usize,
    pub(crate) will: Option<Testament>,
    pub(crate) asked_expiry: u32,
    /// In the order of CONNECTs.
    pub(crate) number: u64,
    /// Copies at `QoS` 0 that have to come in this step.
    pub(crate) due: VecDeque<Copy>,
}

impl Word {
    /// What is left of the Message Expiry Interval; `Err` where it is over.
    pub(crate) fn left(&self, now: Duration) -> Result<Option<u32>, ()> {
        let Some(interval) = self.expiry else { return Ok(None) };
        let waited = u32::try_from(now.saturating_sub(self.at).as_secs()).expect("short scripts");
        if waited >= interval { Err(()) } else { Ok(Some(interval - waited)) }
    }
}

impl Session {
    /// Whether everything that was sent before is sent on this connection too.
    pub(crate) fn is_resent(&self) -> bool {
        self.flights.iter().all(|flight| flight.sent)
    }

    pub(crate) fn has_room(&self, link: &Link) -> bool {
        self.is_resent() && self.unfinished() < link.window
    }

    pub(crate) fn unfinished(&self) -> usize {
        self.flights.iter().filter(|flight| flight.sent).count()
    }

    /// Takes what is over off the heads of the queues, as the server does when it comes to it.
    pub(crate) fn drop_expired(&mut self, now: Duration) {
        while self.queue.front().is_some_and(|copy| copy.word.left(now).is_err()) {
            self.queue.pop_front();
        }
    }
}
