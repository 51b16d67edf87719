//! What a realm tells of itself.

use super::Realm;
use headcount_broker::{Stats, Waiting};

/// A realm's counters at one moment.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) stats: Stats,
    pub(crate) waiting: Waiting,
    /// Reason, whether an attempt was refused for it, how often.
    pub(crate) ends: Vec<(&'static str, bool, u64)>,
}

impl Realm {
    /// Returns when the core has been free for a moment.
    pub(crate) fn answers(&self) {
        drop(self.lock());
    }

    /// Counters for the metrics.
    pub(crate) fn told(&self) -> Told {
        let core = self.lock();
        Told {
            stats: core.broker.stats(),
            waiting: core.broker.waiting(),
            ends: core.broker.ends().collect(),
        }
    }
}
