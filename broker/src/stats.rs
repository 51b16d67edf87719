//! Counters of a realm.

/// What a realm holds, and what it did since its start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Connections, those without CONNECT included.
    pub connections: usize,
    /// Sessions, those of absent clients included.
    pub sessions: usize,
    /// Subscriptions.
    pub subscriptions: usize,
    /// Retained messages, without the broker's own.
    pub retained_messages: usize,
    /// Bytes of them.
    pub retained_bytes: usize,
    /// PUBLISH packets encoded. One message to many subscribers is encoded once for each version, `QoS` and RETAIN.
    pub encoded: u64,
    /// Copies that were not delivered: a full outbox or queue, an absent client at `QoS` 0, too large, expired.
    pub dropped: u64,
}
