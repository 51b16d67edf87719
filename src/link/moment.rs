//! A reading of both clocks.

use std::time::Duration;

use crate::store::Millis;

/// A reading of both clocks, taken by whoever drives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Since an arbitrary origin, never running backwards: timeouts are measured with it.
    pub monotonic: Duration,
    /// By the wall clock: shown to people.
    pub unix: Millis,
}

impl Moment {
    /// The wall clock's reading at `monotonic`, which is near.
    pub(crate) fn unix_at(self, monotonic: Duration) -> Millis {
        let ms = |length: Duration| i64::try_from(length.as_millis()).unwrap_or(i64::MAX);
        Millis(self.unix.0 + ms(monotonic) - ms(self.monotonic))
    }

    /// The monotonic clock's reading at `unix`, which is near; now where it has passed.
    #[cfg(target_arch = "wasm32")]
    pub(super) fn monotonic_at(self, unix: Millis) -> Duration {
        let ahead = u64::try_from(unix.since(self.unix)).unwrap_or_default();
        self.monotonic + Duration::from_millis(ahead)
    }
}
