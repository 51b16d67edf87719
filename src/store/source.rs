//! The same fact may arrive twice: in the events, with its reason, and in the clients feed. Here each becomes one row.
//!
//! A row of the feed waits a moment for its twin among the events; the twin wins. What finds no twin is shown as it
//! is. Once it is plain that the broker has no `$headcount` topics, nothing waits any longer.

use std::collections::VecDeque;

use super::{
    clock::Millis,
    event::{Event, Kind},
    fingerprint::{Table, fingerprint},
};

/// How long a row of the feed waits for its twin. Both leave the broker in the same instant, so this covers a page
/// that is slow to read; a person does not notice it.
pub(crate) const TWIN_WAIT: i64 = 500;

/// Rows of the feed that wait at most, and events that are remembered for their twin: a sixth of a second of a flood of
/// 50,000 a second, where twins come within a few. Beyond it a fact is shown twice rather than lost.
const BOUND: usize = 8_192;

/// Bytes of a Client Identifier that the feed carries.
const FEED_ID: usize = 32;

/// Whom the page believes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// Nothing has spoken yet.
    #[default]
    Undecided,
    /// The broker has `$headcount` topics: the events are the truth.
    Events,
    /// The broker has none: the clients feed is all there is.
    FeedAlone,
}

/// Merges both feeds.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    trust: Trust,
    /// Feed rows in the order of their coming, each with the end of its wait and its fact.
    waiting: VecDeque<(Millis, u64, Event)>,
    /// Facts that wait, and how often.
    lonely: Tally,
    /// Facts that wait and whose twin came meanwhile, and how often.
    met: Tally,
    /// Facts of the events whose feed row has not come yet, and how often.
    told: Tally,
    told_order: VecDeque<u64>,
}

impl Sources {
    pub(crate) fn trust(&self) -> Trust {
        self.trust
    }

    /// A message under `$headcount` came: the broker is one of ours.
    pub(crate) fn hear_headcount(&mut self) {
        self.trust = Trust::Events;
    }

    /// The broker has no events for us: what waits is released at the next [`Sources::expire`].
    pub(crate) fn trust_feed_alone(&mut self) {
        self.trust = Trust::FeedAlone;
    }

    /// Takes note of an event, so that its twin from the feed is not shown.
    pub(crate) fn tell(&mut self, event: &Event) {
        if !matches!(event.kind, Kind::Connected | Kind::Disconnected) {
            return;
        }
        let fact = fact(event);
        if self.lonely.take(fact) {
            self.met.add(fact);
            return;
        }
        self.told.add(fact);
        self.told_order.push_back(fact);
        if self.told_order.len() > BOUND
            && let Some(oldest) = self.told_order.pop_front()
        {
            // It may have met its row already; then nothing is left to forget, or a later one is forgotten early.
            self.told.take(oldest);
        }
    }

    /// Takes a row of the feed: gives it back where it is to be shown at once.
    pub(crate) fn take_feed(&mut self, now: Millis, event: Event) -> Option<Event> {
        if self.trust == Trust::FeedAlone {
            return Some(event);
        }
        let fact = fact(&event);
        if !self.told.take(fact) {
            self.lonely.add(fact);
            self.waiting.push_back((now.plus(TWIN_WAIT), fact, event));
        }
        None
    }

    /// Gives back a row that waited in vain, one at a time, oldest first.
    pub(crate) fn expire(&mut self, now: Millis) -> Option<Event> {
        while let Some((until, fact, _)) = self.waiting.front() {
            let met = self.met.take(*fact);
            let due = *until <= now || self.waiting.len() > BOUND || self.trust == Trust::FeedAlone;
            if !met && !due {
                return None;
            }
            let (_, fact, event) = self.waiting.pop_front()?;
            if !met {
                self.lonely.take(fact);
                return Some(event);
            }
        }
        None
    }

    /// When [`Sources::expire`] has something to give.
    pub(crate) fn next_expiry(&self) -> Option<Millis> {
        self.waiting.front().map(|(until, ..)| *until)
    }

    /// A connection begins: another broker may answer.
    pub(crate) fn restart(&mut self) {
        *self = Self::default();
    }
}

/// How often each fact is there.
#[derive(Debug, Default)]
struct Tally(Table);

impl Tally {
    fn add(&mut self, fact: u64) {
        *self.0.entry(fact).or_default() += 1;
    }

    /// Takes one away; whether there was one.
    fn take(&mut self, fact: u64) -> bool {
        let Some(times) = self.0.get_mut(&fact) else { return false };
        *times -= 1;
        if *times == 0 {
            self.0.remove(&fact);
        }
        true
    }
}

/// What both feeds say alike: account, the id's first 32 bytes, what happened, when.
fn fact(event: &Event) -> u64 {
    let id = &event.client.id;
    let id = id.get(..id.floor_char_boundary(FEED_ID)).unwrap_or_default();
    let account = event.client.account.as_bytes();
    fingerprint(&[id.as_bytes(), account, event.kind.name().as_bytes(), &event.at.0.to_le_bytes()])
}
