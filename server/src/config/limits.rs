//! A realm's bounds. Those that Mosquitto has bear its names; the defaults and their reasons are the core's.

use super::error::{ConfigError, Source};
use super::period::{Period, period};
use crate::door::DoorLimits;
use headcount_broker::Limits;
use headcount_mqtt::QoS;
use serde::Deserialize;
use std::ops::RangeInclusive;
use std::time::Duration;
use toml::Spanned;

/// `[realm.limits]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitsTable {
    max_packet_size: Option<Spanned<u64>>,
    message_size_limit: Option<Spanned<u64>>,
    max_inflight_messages: Option<Spanned<u64>>,
    max_queued_messages: Option<Spanned<u64>>,
    max_queued_bytes: Option<Spanned<u64>>,
    max_keepalive: Option<Spanned<u64>>,
    max_connections: Option<Spanned<u64>>,
    max_qos: Option<Spanned<u64>>,
    max_topic_alias: Option<Spanned<u64>>,
    check_payload_format: Option<bool>,
    retain_available: Option<bool>,
    allow_zero_length_clientid: Option<bool>,
    connect_timeout: Option<Spanned<Period>>,
    idle_timeout: Option<Spanned<Period>>,
    persistent_client_expiration: Option<Spanned<Period>>,
    write_timeout: Option<Spanned<Period>>,
    address_connection_rate: Option<Spanned<u64>>,
    address_failure_rate: Option<Spanned<u64>>,
    address_pending_logins: Option<Spanned<u64>>,
    max_pending_logins: Option<Spanned<u64>>,
}

impl LimitsTable {
    pub(super) fn check(&self, source: &Source<'_>) -> Result<Limits, ConfigError> {
        let default = Limits::default();
        let number = |name, field: &Option<Spanned<u64>>, range| number(source, name, field.as_ref(), range);
        let time = |name, field: &Option<Spanned<Period>>, range| period(source, name, field.as_ref(), range);
        let size = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
        let small = |value: u64| u16::try_from(value).unwrap_or(u16::MAX);
        let word = 0..=u64::from(u16::MAX);
        // A Remaining Length of four bytes, and the Fixed Header before it.
        let packet = 1024..=268_435_460;
        let any = 0..=u64::from(u32::MAX);
        let qos = number("max_qos", &self.max_qos, 0..=2)?
            .and_then(|qos| QoS::from_u8(small(qos).to_le_bytes()[0]));
        Ok(Limits {
            max_packet_size: number("max_packet_size", &self.max_packet_size, packet)?
                .map_or(default.max_packet_size, size),
            max_payload_size: number("message_size_limit", &self.message_size_limit, any.clone())?
                .filter(|limit| *limit > 0)
                .map(size),
            // Receive Maximum 0 is a Protocol Error.
            max_inflight_messages: number("max_inflight_messages", &self.max_inflight_messages, 1..=65_535)?
                .map_or(default.max_inflight_messages, small),
            max_queued_messages: number("max_queued_messages", &self.max_queued_messages, any.clone())?
                .map_or(default.max_queued_messages, size),
            max_queued_bytes: number("max_queued_bytes", &self.max_queued_bytes, any.clone())?
                .map_or(default.max_queued_bytes, size),
            max_keep_alive: number("max_keepalive", &self.max_keepalive, word.clone())?
                .map_or(default.max_keep_alive, small),
            max_connections: number("max_connections", &self.max_connections, 1..=u64::from(u32::MAX))?
                .map_or(default.max_connections, size),
            max_qos: qos.unwrap_or(default.max_qos),
            topic_alias_maximum: number("max_topic_alias", &self.max_topic_alias, word)?
                .map_or(default.topic_alias_maximum, small),
            check_payload_format: self.check_payload_format.unwrap_or(default.check_payload_format),
            retain_available: self.retain_available.unwrap_or(default.retain_available),
            allow_empty_client_id: self.allow_zero_length_clientid.unwrap_or(default.allow_empty_client_id),
            connect_timeout: time("connect_timeout", &self.connect_timeout, 1..=3600)?
                .map_or(default.connect_timeout, Duration::from_secs),
            idle_timeout: time("idle_timeout", &self.idle_timeout, any.clone())?
                .filter(|seconds| *seconds > 0)
                .map(Duration::from_secs),
            max_session_expiry: time(
                "persistent_client_expiration",
                &self.persistent_client_expiration,
                any,
            )?
            .map(|seconds| u32::try_from(seconds).unwrap_or(u32::MAX)),
            ..default
        })
    }
}

impl LimitsTable {
    /// The bounds that hold before a client is let in, and those of its socket.
    pub(super) fn door(&self, source: &Source<'_>) -> Result<DoorLimits, ConfigError> {
        let default = DoorLimits::default();
        let number = |name, field: &Option<Spanned<u64>>, least, most| {
            number(source, name, field.as_ref(), least..=most)
        };
        let small = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
        let size = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
        let many = 1_000_000;
        Ok(DoorLimits {
            connection_rate: number("address_connection_rate", &self.address_connection_rate, 0, many)?
                .map_or(default.connection_rate, small),
            failure_rate: number("address_failure_rate", &self.address_failure_rate, 0, many)?
                .map_or(default.failure_rate, small),
            pending_per_address: number("address_pending_logins", &self.address_pending_logins, 1, many)?
                .map_or(default.pending_per_address, size),
            pending: number("max_pending_logins", &self.max_pending_logins, 1, many)?
                .map_or(default.pending, size),
            write_timeout: period(source, "write_timeout", self.write_timeout.as_ref(), 1..=3600)?
                .map_or(default.write_timeout, Duration::from_secs),
        })
    }
}

/// A number within its range.
fn number(
    source: &Source<'_>,
    name: &str,
    field: Option<&Spanned<u64>>,
    range: RangeInclusive<u64>,
) -> Result<Option<u64>, ConfigError> {
    let Some(field) = field else { return Ok(None) };
    let value = *field.get_ref();
    if range.contains(&value) {
        return Ok(Some(value));
    }
    let sentence = format!("{name}: {value} is out of range; write {} to {}", range.start(), range.end());
    Err(source.error(&field.span(), &sentence))
}
