//! The feeds: what happens to clients, said as MQTT messages.
//!
//! `feed` is `<account>/clients`, with `<account>/errors` and `<account>/throttle`; `event` is the same truth with its
//! reasons, `$headcount/<account>/events`; `state` is each client's present state, retained; `journal` keeps the
//! events for those who ask later. Nobody but the broker publishes to these topics.

mod complaint;
mod conflict;
mod event;
mod feed;
mod journal;
mod reason;
mod report;
mod state;
mod take_over;

pub(crate) use conflict::Conflicts;
pub(crate) use event::{Action, Target, Told};
pub(crate) use journal::{Excerpt, Journal};
pub(crate) use reason::Reason;

use chrono::{DateTime, SecondsFormat};
use std::time::Duration;

/// UTC with milliseconds and `Z`: `2017-10-24T16:08:38.552Z`.
pub(crate) fn at(unix: Duration) -> String {
    let millis = i64::try_from(unix.as_millis()).unwrap_or(i64::MAX);
    DateTime::from_timestamp_millis(millis)
        .unwrap_or(DateTime::<chrono::Utc>::MAX_UTC)
        .to_rfc3339_opts(SecondsFormat::Millis, true)
}
