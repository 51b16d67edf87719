//! An entry as it is relayed.

use super::body::Reading;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use std::time::Duration;

/// ThingSpeak's keys in the contract's order; where a place was given, it stands behind them.
#[allow(clippy::struct_field_names, reason = "the contract's keys")]
#[derive(Debug, Serialize)]
struct Entry<'a> {
    channel_id: u32,
    created_at: &'a str,
    entry_id: u64,
    field1: Option<&'a str>,
    field2: Option<&'a str>,
    field3: Option<&'a str>,
    field4: Option<&'a str>,
    field5: Option<&'a str>,
    field6: Option<&'a str>,
    field7: Option<&'a str>,
    field8: Option<&'a str>,
    status: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latitude: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    longitude: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    elevation: Option<&'a str>,
}

/// The entry of this number, which came at `unix`.
pub(super) fn json(channel: u32, number: u64, unix: Duration, reading: &Reading) -> Vec<u8> {
    let came = reading.created_at.is_none().then(|| seconds(unix));
    let [field1, field2, field3, field4, field5, field6, field7, field8] =
        std::array::from_fn(|at| reading.fields[at].as_deref());
    let entry = Entry {
        channel_id: channel,
        created_at: reading.created_at.as_deref().or(came.as_deref()).unwrap_or_default(),
        entry_id: number,
        field1,
        field2,
        field3,
        field4,
        field5,
        field6,
        field7,
        field8,
        status: reading.status.as_deref(),
        latitude: reading.latitude.as_deref(),
        longitude: reading.longitude.as_deref(),
        elevation: reading.elevation.as_deref(),
    };
    serde_json::to_vec(&entry).expect("numbers and text")
}

/// UTC to the second: `2026-11-21T12:00:00Z`.
fn seconds(unix: Duration) -> String {
    let seconds = i64::try_from(unix.as_secs()).unwrap_or(i64::MAX);
    let moment = DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC);
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}
