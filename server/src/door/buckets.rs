//! Token buckets, one for each network.

use super::Network;
use headcount_broker::Rate;
use std::collections::HashMap;
use std::time::Duration;

/// Networks that are counted apart at one time: 24 bytes each, and more than a broker on one machine meets in the time
/// that a bucket takes to fill. Beyond it the newcomers share one bucket.
const MAX_NETWORKS: usize = 10_000;

/// A bucket is the time at which it will be full again; full ones are forgotten.
#[derive(Debug)]
pub(crate) struct Buckets {
    /// `None`: nothing is counted.
    rate: Option<Rate>,
    full_at: HashMap<Network, Duration>,
    /// Of the networks for which there is no room.
    others: Duration,
}

impl Buckets {
    pub(crate) fn new(rate: Option<Rate>) -> Self {
        Self { rate, full_at: HashMap::new(), others: Duration::ZERO }
    }

    /// Another rate; what was spent stays spent.
    pub(crate) fn set_rate(&mut self, rate: Option<Rate>) {
        self.rate = rate;
    }

    /// When this network's bucket holds a token.
    pub(crate) fn due(&self, network: Network, now: Duration) -> Duration {
        let Some(rate) = self.rate else { return now };
        let full_at = match self.full_at.get(&network) {
            Some(full_at) => *full_at,
            None if self.full_at.len() >= MAX_NETWORKS => self.others,
            None => Duration::ZERO,
        };
        rate.due(full_at, now)
    }

    /// Takes a token, one that is still to come if need be.
    pub(crate) fn take(&mut self, network: Network, now: Duration) {
        let Some(rate) = self.rate else { return };
        if self.full_at.len() >= MAX_NETWORKS && !self.full_at.contains_key(&network) {
            self.full_at.retain(|_, full_at| *full_at > now);
        }
        let has_room = self.full_at.len() < MAX_NETWORKS;
        let full_at = match self.full_at.get_mut(&network) {
            Some(full_at) => full_at,
            None if has_room => self.full_at.entry(network).or_default(),
            None => &mut self.others,
        };
        rate.take(full_at, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn network(number: u32) -> Network {
        Network::V4(number.into())
    }

    #[test]
    fn a_burst_passes_and_then_the_rate() {
        let mut buckets = Buckets::new(Some(Rate { interval: SECOND, burst: 3 }));
        let (one, other) = (network(1), network(2));
        let now = SECOND * 100;
        for _ in 0..3 {
            assert_eq!(buckets.due(one, now), now);
            buckets.take(one, now);
        }
        assert_eq!(buckets.due(one, now), now + SECOND);
        buckets.take(one, now);
        assert_eq!(buckets.due(one, now), now + SECOND * 2);
        assert_eq!(buckets.due(other, now), now, "nobody else waits");
        assert_eq!(buckets.due(one, now + SECOND * 5), now + SECOND * 5);
    }

    #[test]
    fn no_rate_counts_nothing() {
        let mut buckets = Buckets::new(None);
        for _ in 0..100 {
            buckets.take(network(1), SECOND);
        }
        assert_eq!(buckets.due(network(1), SECOND), SECOND);
        assert!(buckets.full_at.is_empty());
    }

    #[test]
    fn the_table_is_bounded_and_forgets_full_buckets() {
        let mut buckets = Buckets::new(Some(Rate { interval: SECOND, burst: 2 }));
        for number in 0..20_000 {
            buckets.take(network(number), SECOND);
        }
        assert_eq!(buckets.full_at.len(), MAX_NETWORKS);
        assert!(buckets.due(network(30_000), SECOND) > SECOND, "the rest share one");
        assert_eq!(buckets.due(network(5), SECOND), SECOND, "who is known keeps a bucket");
        let later = SECOND * 60;
        buckets.take(network(30_000), later);
        assert_eq!(buckets.full_at.len(), 1);
        assert_eq!(buckets.due(network(30_000), later), later);
    }
}
