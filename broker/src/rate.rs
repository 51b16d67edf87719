//! How often something may happen.

use std::time::Duration;

/// So many at once, and then one in each interval.
///
/// What was spent is one time: the one at which the whole burst may come again. Nothing is counted in the meantime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Between two that come steadily.
    pub interval: Duration,
    /// How many may come at once; at least 1.
    pub burst: u32,
}

impl Rate {
    /// `count` in each `period`, and `bursts` periods' worth at once; `None` where `count` is 0, which means any.
    pub fn new(count: u32, period: Duration, bursts: u32) -> Option<Self> {
        let interval = period.checked_div(count)?;
        Some(Self { interval, burst: count.saturating_mul(bursts).max(1) })
    }

    /// When the next one may come, `full_at` being what was spent.
    pub fn due(self, full_at: Duration, now: Duration) -> Duration {
        // One less than the whole burst may be missing.
        full_at.saturating_sub(self.interval.saturating_mul(self.burst - 1)).max(now)
    }

    /// Spends one, even one that is still to come.
    pub fn take(self, full_at: &mut Duration, now: Duration) {
        *full_at = (*full_at).max(now) + self.interval;
    }
}

#[cfg(test)]
mod tests {
    use super::Rate;
    use std::time::Duration;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_burst_passes_and_then_the_rate() {
        let rate = Rate::new(2, SECOND, 2).unwrap();
        let (mut full_at, now) = (Duration::ZERO, SECOND * 100);
        for _ in 0..4 {
            assert_eq!(rate.due(full_at, now), now);
            rate.take(&mut full_at, now);
        }
        assert_eq!(rate.due(full_at, now), now + SECOND / 2);
        rate.take(&mut full_at, now);
        assert_eq!(rate.due(full_at, now), now + SECOND);
        assert_eq!(rate.due(full_at, now + SECOND * 9), now + SECOND * 9);
        assert_eq!(Rate::new(0, SECOND, 10), None);
    }
}
