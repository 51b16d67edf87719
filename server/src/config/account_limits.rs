//! The bounds of accounts: `[realm.account_limits."*"]` for each of them, and `[realm.account_limits.alice]` for one.

use super::error::Source;
use super::limits::{number, size, small, word};
use headcount_broker::AccountLimits;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// Stands for every account that has no table of its own.
const EVERYBODY: &str = "*";

/// One account's table. What is not there is as for everybody, and 0 is no bound.
#[allow(clippy::struct_field_names, reason = "the names of the options")]
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountLimitsTable {
    max_connections: Option<Spanned<u64>>,
    max_connection_rate: Option<Spanned<u64>>,
    max_publish_rate: Option<Spanned<u64>>,
    max_inflight_messages: Option<Spanned<u64>>,
    max_queued_messages: Option<Spanned<u64>>,
    max_queued_bytes: Option<Spanned<u64>>,
    max_subscriptions: Option<Spanned<u64>>,
    max_retained_messages: Option<Spanned<u64>>,
    max_retained_bytes: Option<Spanned<u64>>,
}

/// The bounds of everybody, and those of single accounts.
pub(super) fn check(
    source: &Source<'_>,
    tables: &BTreeMap<String, AccountLimitsTable>,
    base: AccountLimits,
) -> (AccountLimits, BTreeMap<String, AccountLimits>) {
    let everybody = match tables.get(EVERYBODY) {
        Some(table) => table.check(source, base),
        None => base,
    };
    let single = tables.iter().filter(|(name, _)| *name != EVERYBODY);
    let single = single.map(|(name, table)| (name.clone(), table.check(source, everybody)));
    (everybody, single.collect())
}

impl AccountLimitsTable {
    fn check(&self, source: &Source<'_>, base: AccountLimits) -> AccountLimits {
        let any = 0..=u64::from(u32::MAX);
        let count = |name, field: &Option<Spanned<u64>>, base| {
            let value = number(source, name, field.as_ref(), any.clone());
            value.map_or(base, |value| if value == 0 { usize::MAX } else { size(value) })
        };
        let rate = |name, field: &Option<Spanned<u64>>, base| {
            number(source, name, field.as_ref(), 0..=1_000_000).map_or(base, word)
        };
        let inflight =
            number(source, "max_inflight_messages", self.max_inflight_messages.as_ref(), 1..=65_535);
        AccountLimits {
            max_connections: count("max_connections", &self.max_connections, base.max_connections),
            max_connection_rate: rate(
                "max_connection_rate",
                &self.max_connection_rate,
                base.max_connection_rate,
            ),
            max_publish_rate: rate("max_publish_rate", &self.max_publish_rate, base.max_publish_rate),
            max_inflight_messages: inflight.map_or(base.max_inflight_messages, small),
            max_queued_messages: count(
                "max_queued_messages",
                &self.max_queued_messages,
                base.max_queued_messages,
            ),
            max_queued_bytes: count("max_queued_bytes", &self.max_queued_bytes, base.max_queued_bytes),
            max_subscriptions: count("max_subscriptions", &self.max_subscriptions, base.max_subscriptions),
            max_retained_messages: count(
                "max_retained_messages",
                &self.max_retained_messages,
                base.max_retained_messages,
            ),
            max_retained_bytes: count(
                "max_retained_bytes",
                &self.max_retained_bytes,
                base.max_retained_bytes,
            ),
        }
    }
}
