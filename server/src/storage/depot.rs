//! Where realms hand in records, and wait when the disk is behind.

use headcount_broker::{Record, RecordId, Storage};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

/// What becomes of a realm's records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    /// All up to this one are stored.
    Stored(RecordId),
    /// Whether more can be.
    Storage(Storage),
}

/// Bytes that may wait for the disk; above it connections are not read. Some tenths of a second of a slow disk.
pub(super) const BACKLOG: usize = 8 << 20;
/// Where a realm hands its records in.
#[derive(Debug, Clone)]
pub(crate) struct Depot {
    pub(super) shared: Arc<Shared>,
    pub(super) realm: usize,
}

/// The records of one turn of one realm: written together or not at all.
#[derive(Debug)]
pub(super) struct Turn {
    pub(super) realm: usize,
    pub(super) records: Vec<(RecordId, Record)>,
    pub(super) bytes: usize,
}

#[derive(Debug, Default)]
pub(super) struct Shared {
    waiting: Mutex<Waiting>,
    pub(super) more: Condvar,
    /// More than [`BACKLOG`] waits, and the disk takes it.
    is_behind: AtomicBool,
}

#[derive(Debug, Default)]
pub(super) struct Waiting {
    pub(super) turns: Vec<Turn>,
    /// Of the turns, and of those in work.
    pub(super) bytes: usize,
    pub(super) is_failing: bool,
    pub(super) is_ending: bool,
    /// Who wants to read once less waits.
    readers: Vec<Waker>,
    /// How often they were told, from 1.
    told: u64,
}

/// When a connection asked to be told last, so that it asks once.
#[derive(Debug, Default)]
pub(crate) struct Parked(u64);

impl Depot {
    /// Hands in the records of a turn. Called under the realm's lock, so that turns keep their order.
    pub(crate) fn put(&self, records: Vec<(RecordId, Record)>) {
        let bytes = records.iter().map(|(_, record)| weight(record)).sum();
        let mut waiting = self.shared.lock();
        waiting.bytes += bytes;
        waiting.turns.push(Turn { realm: self.realm, records, bytes });
        // While the disk fails, clients are read to be refused, as long as that leaves little to store.
        let most = if waiting.is_failing { 4 * BACKLOG } else { BACKLOG };
        if waiting.bytes > most {
            self.shared.is_behind.store(true, Ordering::Release);
        }
        drop(waiting);
        self.shared.more.notify_one();
    }

    /// Whether the disk is too far behind to read more from clients; `waker`, the same each time, is woken when it
    /// is not.
    pub(crate) fn is_behind(&self, parked: &mut Parked, waker: &Waker) -> bool {
        if !self.shared.is_behind.load(Ordering::Acquire) {
            return false;
        }
        let mut waiting = self.shared.lock();
        let is_behind = self.shared.is_behind.load(Ordering::Acquire);
        if is_behind && std::mem::replace(&mut parked.0, waiting.told + 1) != waiting.told + 1 {
            waiting.readers.push(waker.clone());
        }
        is_behind
    }
}

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn catch_up(&self, waiting: &mut Waiting) {
        self.is_behind.store(false, Ordering::Release);
        waiting.told += 1;
        for reader in waiting.readers.drain(..) {
            reader.wake();
        }
    }
}

/// Bytes that a record holds while it waits, near enough for a bound.
fn weight(record: &Record) -> usize {
    let payload = match record {
        Record::Queued { message, .. } | Record::RetainedSet { message, .. } => message.payload.len(),
        Record::Event { json, .. } | Record::EntrySet { json, .. } => json.len(),
        _ => 0,
    };
    size_of::<Record>() + payload
}
