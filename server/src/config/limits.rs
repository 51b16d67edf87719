//! A realm's bounds. Those that Mosquitto has bear its names; the defaults and their reasons are the core's.

use super::error::Source;
use super::period::{Period, period};
use crate::door::DoorLimits;
use headcount_broker::{AccountLimits, DeviceLimits, EmitterLimits, Limits, SecurityLimits};
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
    max_subscriptions: Option<Spanned<u64>>,
    max_outbox_bytes: Option<Spanned<u64>>,
    max_connections: Option<Spanned<u64>>,
    max_connection_rate: Option<Spanned<u64>>,
    max_publish_rate: Option<Spanned<u64>>,
    max_sessions: Option<Spanned<u64>>,
    max_topic_levels: Option<Spanned<u64>>,
    max_topic_bytes: Option<Spanned<u64>>,
    max_receive: Option<Spanned<u64>>,
    max_retained_messages: Option<Spanned<u64>>,
    max_retained_bytes: Option<Spanned<u64>>,
    max_journal_events: Option<Spanned<u64>>,
    max_journal_bytes: Option<Spanned<u64>>,
    max_journal_age: Option<Spanned<Period>>,
    max_dynamic_clients: Option<Spanned<u64>>,
    max_dynamic_groups: Option<Spanned<u64>>,
    max_dynamic_roles: Option<Spanned<u64>>,
    max_dynamic_acls: Option<Spanned<u64>>,
    max_dynamic_memberships: Option<Spanned<u64>>,
    max_dynamic_bytes: Option<Spanned<u64>>,
    max_devices: Option<Spanned<u64>>,
    max_device_channels: Option<Spanned<u64>>,
    max_field_bytes: Option<Spanned<u64>>,
    max_channel_entries: Option<Spanned<u64>>,
    max_channel_bytes: Option<Spanned<u64>>,
    max_account_entry_bytes: Option<Spanned<u64>>,
    max_emitter_keys: Option<Spanned<u64>>,
    max_emitter_key_age: Option<Spanned<Period>>,
    max_client_watches: Option<Spanned<u64>>,
    max_watches: Option<Spanned<u64>>,
    max_presence_names: Option<Spanned<u64>>,
    max_history_messages: Option<Spanned<u64>>,
    max_history_bytes: Option<Spanned<u64>>,
    max_history_age: Option<Spanned<Period>>,
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
    fn security(&self, source: &Source<'_>) -> SecurityLimits {
        let default = SecurityLimits::default();
        let count = |name, field: &Option<Spanned<u64>>, default| {
            number(source, name, field.as_ref(), 0..=u64::from(u32::MAX)).map_or(default, size)
        };
        SecurityLimits {
            max_dynamic_clients: count(
                "max_dynamic_clients",
                &self.max_dynamic_clients,
                default.max_dynamic_clients,
            ),
            max_dynamic_groups: count(
                "max_dynamic_groups",
                &self.max_dynamic_groups,
                default.max_dynamic_groups,
            ),
            max_dynamic_roles: count("max_dynamic_roles", &self.max_dynamic_roles, default.max_dynamic_roles),
            max_dynamic_acls: count("max_dynamic_acls", &self.max_dynamic_acls, default.max_dynamic_acls),
            max_dynamic_memberships: count(
                "max_dynamic_memberships",
                &self.max_dynamic_memberships,
                default.max_dynamic_memberships,
            ),
            max_dynamic_bytes: count("max_dynamic_bytes", &self.max_dynamic_bytes, default.max_dynamic_bytes),
        }
    }

    fn devices(&self, source: &Source<'_>) -> DeviceLimits {
        let default = DeviceLimits::default();
        let count = |name, field: &Option<Spanned<u64>>, most, default| {
            number(source, name, field.as_ref(), 0..=most).map_or(default, size)
        };
        let any = u32::MAX.into();
        // The newest entry of a channel carries its count.
        let entries = number(source, "max_channel_entries", self.max_channel_entries.as_ref(), 1..=1_000_000);
        DeviceLimits {
            max_devices: count("max_devices", &self.max_devices, 10_000, default.max_devices),
            max_device_channels: count(
                "max_device_channels",
                &self.max_device_channels,
                1_000,
                default.max_device_channels,
            ),
            max_field_bytes: count("max_field_bytes", &self.max_field_bytes, 4_096, default.max_field_bytes),
            max_channel_entries: entries.map_or(default.max_channel_entries, size),
            max_channel_bytes: count(
                "max_channel_bytes",
                &self.max_channel_bytes,
                any,
                default.max_channel_bytes,
            ),
            max_account_entry_bytes: count(
                "max_account_entry_bytes",
                &self.max_account_entry_bytes,
                any,
                default.max_account_entry_bytes,
            ),
        }
    }

    fn emitter(&self, source: &Source<'_>) -> EmitterLimits {
        let default = EmitterLimits::default();
        let any = 0..=u64::from(u32::MAX);
        let count = |name, field: &Option<Spanned<u64>>, default| {
            number(source, name, field.as_ref(), any.clone()).map_or(default, size)
        };
        let age = |name, field: &Option<Spanned<Period>>, default| match period(
            source,
            name,
            field.as_ref(),
            any.clone(),
        ) {
            Some(0) => None,
            Some(seconds) => Some(Duration::from_secs(seconds)),
            None => default,
        };
        EmitterLimits {
            max_keys: count("max_emitter_keys", &self.max_emitter_keys, default.max_keys),
            max_key_age: age("max_emitter_key_age", &self.max_emitter_key_age, default.max_key_age),
            max_client_watches: count(
                "max_client_watches",
                &self.max_client_watches,
                default.max_client_watches,
            ),
            max_watches: count("max_watches", &self.max_watches, default.max_watches),
            max_presence_names: count(
                "max_presence_names",
                &self.max_presence_names,
                default.max_presence_names,
            ),
            max_history_messages: count(
                "max_history_messages",
                &self.max_history_messages,
                default.max_history_messages,
            ),
            max_history_bytes: count("max_history_bytes", &self.max_history_bytes, default.max_history_bytes),
            max_history_age: age("max_history_age", &self.max_history_age, default.max_history_age),
        }
    }

    pub(super) fn check(&self, source: &Source<'_>) -> Limits {
        let default = Limits::default();
        let number = |name, field: &Option<Spanned<u64>>, range| number(source, name, field.as_ref(), range);
        let time = |name, field: &Option<Spanned<Period>>, range| period(source, name, field.as_ref(), range);
        let words = 0..=u64::from(u16::MAX);
        // A Remaining Length of four bytes, and the Fixed Header before it.
        let packet = 1024..=268_435_460;
        let any = 0..=u64::from(u32::MAX);
        let some = 1..=u64::from(u32::MAX);
        let count = |name, field: &Option<Spanned<u64>>, default| {
            number(name, field, any.clone()).map_or(default, size)
        };
        let rate = |name, field: &Option<Spanned<u64>>, default| {
            number(name, field, 0..=1_000_000).map_or(default, word)
        };
        let qos =
            number("max_qos", &self.max_qos, 0..=2).and_then(|qos| QoS::from_u8(small(qos).to_le_bytes()[0]));
        let each = default.account;
        let account = AccountLimits {
            // Receive Maximum 0 is a Protocol Error.
            max_inflight_messages: number("max_inflight_messages", &self.max_inflight_messages, 1..=65_535)
                .map_or(each.max_inflight_messages, small),
            max_queued_messages: count(
                "max_queued_messages",
                &self.max_queued_messages,
                each.max_queued_messages,
            ),
            max_queued_bytes: count("max_queued_bytes", &self.max_queued_bytes, each.max_queued_bytes),
            max_subscriptions: count("max_subscriptions", &self.max_subscriptions, each.max_subscriptions),
            ..each
        };
        Limits {
            account,
            security: self.security(source),
            devices: self.devices(source),
            emitter: self.emitter(source),
            max_packet_size: number("max_packet_size", &self.max_packet_size, packet)
                .map_or(default.max_packet_size, size),
            max_payload_size: number("message_size_limit", &self.message_size_limit, any.clone())
                .filter(|limit| *limit > 0)
                .map(size),
            max_outbox_bytes: count("max_outbox_bytes", &self.max_outbox_bytes, default.max_outbox_bytes),
            max_connection_rate: rate(
                "max_connection_rate",
                &self.max_connection_rate,
                default.max_connection_rate,
            ),
            max_publish_rate: rate("max_publish_rate", &self.max_publish_rate, default.max_publish_rate),
            max_sessions: number("max_sessions", &self.max_sessions, some.clone())
                .map_or(default.max_sessions, size),
            max_topic_levels: number("max_topic_levels", &self.max_topic_levels, 1..=65_536)
                .map_or(default.max_topic_levels, size),
            max_topic_bytes: number("max_topic_bytes", &self.max_topic_bytes, 1..=65_535)
                .map_or(default.max_topic_bytes, size),
            receive_maximum: number("max_receive", &self.max_receive, 1..=65_535)
                .map_or(default.receive_maximum, small),
            max_retained_messages: count(
                "max_retained_messages",
                &self.max_retained_messages,
                default.max_retained_messages,
            ),
            max_retained_bytes: count(
                "max_retained_bytes",
                &self.max_retained_bytes,
                default.max_retained_bytes,
            ),
            max_journal_events: count(
                "max_journal_events",
                &self.max_journal_events,
                default.max_journal_events,
            ),
            max_journal_bytes: count("max_journal_bytes", &self.max_journal_bytes, default.max_journal_bytes),
            max_journal_age: match time("max_journal_age", &self.max_journal_age, any.clone()) {
                Some(0) => None,
                Some(seconds) => Some(Duration::from_secs(seconds)),
                None => default.max_journal_age,
            },
            max_keep_alive: number("max_keepalive", &self.max_keepalive, words.clone())
                .map_or(default.max_keep_alive, small),
            max_connections: number("max_connections", &self.max_connections, some)
                .map_or(default.max_connections, size),
            max_qos: qos.unwrap_or(default.max_qos),
            topic_alias_maximum: number("max_topic_alias", &self.max_topic_alias, words)
                .map_or(default.topic_alias_maximum, small),
            check_payload_format: self.check_payload_format.unwrap_or(default.check_payload_format),
            retain_available: self.retain_available.unwrap_or(default.retain_available),
            allow_empty_client_id: self.allow_zero_length_clientid.unwrap_or(default.allow_empty_client_id),
            connect_timeout: time("connect_timeout", &self.connect_timeout, 1..=3600)
                .map_or(default.connect_timeout, Duration::from_secs),
            idle_timeout: time("idle_timeout", &self.idle_timeout, any.clone())
                .filter(|seconds| *seconds > 0)
                .map(Duration::from_secs),
            max_session_expiry: time("persistent_client_expiration", &self.persistent_client_expiration, any)
                .map(|seconds| u32::try_from(seconds).unwrap_or(u32::MAX)),
        }
    }
}

impl LimitsTable {
    /// The bounds that hold before a client is let in, and those of its socket.
    pub(super) fn door(&self, source: &Source<'_>) -> DoorLimits {
        let default = DoorLimits::default();
        let number = |name, field: &Option<Spanned<u64>>, least, most| {
            number(source, name, field.as_ref(), least..=most)
        };
        let many = 1_000_000;
        DoorLimits {
            connection_rate: number("address_connection_rate", &self.address_connection_rate, 0, many)
                .map_or(default.connection_rate, word),
            failure_rate: number("address_failure_rate", &self.address_failure_rate, 0, many)
                .map_or(default.failure_rate, word),
            pending_per_address: number("address_pending_logins", &self.address_pending_logins, 1, many)
                .map_or(default.pending_per_address, size),
            pending: number("max_pending_logins", &self.max_pending_logins, 1, many)
                .map_or(default.pending, size),
            write_timeout: period(source, "write_timeout", self.write_timeout.as_ref(), 1..=3600)
                .map_or(default.write_timeout, Duration::from_secs),
        }
    }
}

pub(super) fn size(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

pub(super) fn word(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

pub(super) fn small(value: u64) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}

/// A number within its range; a mistake is noted, and the default stands in its place meanwhile.
pub(super) fn number(
    source: &Source<'_>,
    name: &str,
    field: Option<&Spanned<u64>>,
    range: RangeInclusive<u64>,
) -> Option<u64> {
    let field = field?;
    let value = *field.get_ref();
    if range.contains(&value) {
        return Some(value);
    }
    let sentence = format!("{name}: {value} is out of range; write {} to {}", range.start(), range.end());
    source.note(source.error(&field.span(), &sentence));
    None
}
