//! A realm's door: how fast one address may come in, and whose passwords are right.
//!
//! Everything here is counted by address, so that a flood slows its own address only.

mod buckets;
mod desk;
mod limits;
mod network;
mod workers;

pub(crate) use limits::DoorLimits;
pub(crate) use network::Network;
pub(crate) use workers::{Job, Login, Outcome, Task, Verdict};

use crate::accounts::Accounts;
use arc_swap::ArcSwap;
use buckets::Buckets;
use desk::Desk;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a connection may wait for its turn before it is turned away: within every client's patience, and a flood
/// holds no more descriptors than its rate times this.
const GREATEST_WAIT: Duration = Duration::from_secs(2);

/// One realm's door. Times are on the realm's monotonic clock, and arguments.
#[derive(Debug)]
pub(crate) struct Door {
    limits: ArcSwap<DoorLimits>,
    accounts: ArcSwap<Accounts>,
    arrivals: Mutex<Buckets>,
    desk: Mutex<Desk<Task>>,
    /// Rung when the desk has more to do, or nothing ever again.
    bell: Condvar,
}

/// What becomes of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admission {
    Now,
    After(Duration),
    /// Its address has sent more than may wait.
    Never,
}

impl Door {
    pub(crate) fn new(limits: DoorLimits, accounts: Accounts) -> Self {
        Self {
            arrivals: Mutex::new(Buckets::new(limits.connections())),
            desk: Mutex::new(Desk::new(&limits)),
            limits: ArcSwap::from_pointee(limits),
            accounts: ArcSwap::from_pointee(accounts),
            bell: Condvar::new(),
        }
    }

    pub(crate) fn limits(&self) -> Arc<DoorLimits> {
        self.limits.load_full()
    }

    pub(crate) fn accounts(&self) -> Arc<Accounts> {
        self.accounts.load_full()
    }

    /// Puts others in the place of the accounts. Who waits is judged by the new ones.
    pub(crate) fn set_accounts(&self, accounts: Accounts) {
        self.accounts.store(Arc::new(accounts));
    }

    pub(crate) fn set_limits(&self, limits: DoorLimits) {
        lock(&self.arrivals).set_rate(limits.connections());
        lock(&self.desk).set_limits(&limits);
        self.limits.store(Arc::new(limits));
        self.bell.notify_all();
    }

    /// A connection from this network came.
    pub(crate) fn admit(&self, network: Network, now: Duration) -> Admission {
        let mut arrivals = lock(&self.arrivals);
        let due = arrivals.due(network, now);
        let wait = due.saturating_sub(now);
        if wait > GREATEST_WAIT {
            return Admission::Never;
        }
        arrivals.take(network, now);
        if wait.is_zero() { Admission::Now } else { Admission::After(wait) }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
