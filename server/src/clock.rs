//! Both clocks of the core.

use headcount_broker::Now;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A monotonic clock that begins at the time since 1970, so that moments before this process have a reading on it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    origin: Instant,
    base: Duration,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { origin: Instant::now(), base: unix() }
    }

    pub(crate) fn now(&self) -> Now {
        Now { monotonic: self.monotonic(), unix: unix() }
    }

    pub(crate) fn monotonic(&self) -> Duration {
        self.base + self.origin.elapsed()
    }

    /// The system's instant of a reading.
    pub(crate) fn instant(&self, monotonic: Duration) -> Instant {
        self.origin + monotonic.saturating_sub(self.base)
    }
}

/// A clock set before 1970 shows 1970.
fn unix() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
