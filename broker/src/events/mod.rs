//! The feeds: what happens to clients, said as MQTT messages.
//!
//! `feed` is `<account>/clients`, with `<account>/errors` and `<account>/throttle`; `event` is the same truth with its
//! reasons, `$headcount/<account>/events`; `state` is each client's present state, retained. Nobody but the broker
//! publishes to these topics.

mod conflict;
mod event;
mod feed;
mod reason;
mod report;
mod state;

pub(crate) use conflict::Conflicts;
pub(crate) use event::Action;
pub(crate) use reason::Reason;

use crate::Now;
use chrono::{DateTime, SecondsFormat};
use std::time::Duration;

/// The realm's count of events, and who fights over identifiers.
#[derive(Debug)]
pub(crate) struct Journal {
    /// Of the last event.
    seq: u64,
    conflicts: Conflicts,
}

impl Journal {
    pub(crate) fn new(_now: Now) -> Self {
        Self { seq: 0, conflicts: Conflicts::default() }
    }
}

/// UTC with milliseconds and `Z`: `2017-10-24T16:08:38.552Z`.
fn at(unix: Duration) -> String {
    let millis = i64::try_from(unix.as_millis()).unwrap_or(i64::MAX);
    DateTime::from_timestamp_millis(millis)
        .unwrap_or(DateTime::<chrono::Utc>::MAX_UTC)
        .to_rfc3339_opts(SecondsFormat::Millis, true)
}
