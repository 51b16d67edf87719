//! What is due when: one ordered table, so that a timer that is no longer wanted leaves nothing behind.

use crate::{ConnectionId, key::SessionKey};
use std::collections::BTreeSet;
use std::time::Duration;

/// What a deadline is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// CONNECT, Keep Alive or idleness of a connection, whichever its state waits for.
    Connection(ConnectionId),
    /// The end of a Will Delay Interval.
    Will(SessionKey),
    /// The end of a Session Expiry Interval.
    Session(SessionKey),
    /// The next words under `$SYS/`.
    Sys,
    /// A packet that waits because of a rate. It is not cleared: a connection that is gone has nothing to serve.
    Pace(ConnectionId),
    /// The end of a fight over a Client Identifier. It is not cleared: a fight that went on is waited for anew.
    Conflicts,
    /// The end of a key for channels. It is not cleared: it is judged anew when it is due.
    Keys,
}

/// Deadlines on the monotonic clock.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    table: BTreeSet<(Duration, Timer)>,
}

impl Timers {
    pub(crate) fn set(&mut self, at: Duration, timer: Timer) {
        self.table.insert((at, timer));
    }

    /// Forgets a deadline that was set for exactly then.
    pub(crate) fn clear(&mut self, at: Duration, timer: Timer) {
        self.table.remove(&(at, timer));
    }

    pub(crate) fn next(&self) -> Option<Duration> {
        self.table.first().map(|(at, _)| *at)
    }

    /// Takes one timer that is due.
    pub(crate) fn pop_due(&mut self, now: Duration) -> Option<Timer> {
        if self.next()? > now {
            return None;
        }
        self.table.pop_first().map(|(_, timer)| timer)
    }
}
