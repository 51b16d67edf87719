//! Bounds of the interface.

use std::time::Duration;

/// Bounds of what Emitter's interface keeps, all of it in memory. Each default ([`EmitterLimits::default`]) has its reason
/// beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmitterLimits {
    /// Keys that are made. 10,000: one for each device of a large house.
    pub max_keys: usize,
    /// For how long they are good at most. A year: what nobody remembers ends. `None`: for good.
    pub max_key_age: Option<Duration>,
    /// Channels whose presence one client watches. 100: a page shows fewer, and each costs a comparison for every
    /// subscription near it.
    pub max_client_watches: usize,
    /// The same of all clients. 10,000: a hundred such pages.
    pub max_watches: usize,
    /// Names in one answer; `occupancy` counts all. 1,000: some 30 kB, and nobody reads more.
    pub max_presence_names: usize,
    /// Messages with a `ttl` that are stored. 10,000: a new subscription looks through all of them, in about a
    /// millisecond.
    pub max_history_messages: usize,
    /// Bytes of them. 16 MiB, as the journal.
    pub max_history_bytes: usize,
    /// For how long at most. 30 days, as Emitter. `None`: as long as their `ttl`.
    pub max_history_age: Option<Duration>,
}

impl Default for EmitterLimits {
    fn default() -> Self {
        Self {
            max_keys: 10_000,
            max_key_age: Some(Duration::from_hours(365 * 24)),
            max_client_watches: 100,
            max_watches: 10_000,
            max_presence_names: 1_000,
            max_history_messages: 10_000,
            max_history_bytes: 16 << 20,
            max_history_age: Some(Duration::from_hours(30 * 24)),
        }
    }
}
