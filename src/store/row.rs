//! A row of the timeline.

use super::{clock::Millis, event::Event};

/// A row. Rows are numbered in the order of their coming, for ever rising, never reused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The number: first half of the key.
    pub number: u64,
    /// Rises when the row's content changes (a gap that closes): second half of the key.
    pub revision: u32,
    /// What the row shows.
    pub body: Body,
}

/// What a row shows.
#[allow(
    clippy::large_enum_variant,
    reason = "nearly every row is an event: a box would be a second allocation for each"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Something a client did or suffered.
    Event(Event),
    /// The page itself was not connected: nothing is known of that time.
    Gap(Gap),
    /// The page began to watch.
    Started(Millis),
}

/// A time in which the page heard nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The last moment at which the broker was heard.
    pub from: Millis,
    /// The moment at which events flow again; none while the page is still away.
    pub to: Option<Millis>,
    /// Why, as a sentence without a full stop.
    pub why: Box<str>,
}

impl Row {
    /// The key for a keyed list.
    pub fn key(&self) -> (u64, u32) {
        (self.number, self.revision)
    }

    /// The moment the row is labelled with.
    pub fn at(&self) -> Millis {
        match &self.body {
            Body::Event(event) => event.at,
            Body::Gap(gap) => gap.from,
            Body::Started(at) => *at,
        }
    }

    /// The event, where the row is one.
    pub fn event(&self) -> Option<&Event> {
        match &self.body {
            Body::Event(event) => Some(event),
            _ => None,
        }
    }

    /// Bytes that the row holds on the heap, for the timeline's bound in bytes.
    pub(crate) fn weight(&self) -> usize {
        /// The row itself, its `Arc` and its two slots in the rings.
        const FIXED: usize = 400;
        FIXED + self.event().map_or(0, |event| event.raw.len() + event.client.id.len())
    }
}
