//! Group commit: one thread takes all turns that have gathered, writes them as one batch, and tells the realms.

use super::changes::Changes;
use super::depot::{BACKLOG, Depot, Shared, Turn, Waiting, Word};
use super::folder::Folder;
use super::ledger::Ledger;
use super::table::Table;
use super::{Fsync, StoreConfig};
use headcount_broker::Storage;
use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long to wait after the disk refused a batch.
const RETRY: Duration = Duration::from_millis(200);
/// How often the free space is looked at while it is short.
const LOOK: Duration = Duration::from_secs(1);

/// A store at work.
#[derive(Debug)]
pub(crate) struct Store {
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
}

impl Store {
    /// Writes what waits, syncs, and gives the folder back.
    pub(crate) fn end(self) {
        self.shared.lock().is_ending = true;
        self.shared.more.notify_one();
        if self.thread.join().is_err() {
            tracing::error!("the storage thread panicked");
        }
    }
}

/// A store before its thread begins.
#[derive(Debug)]
pub(super) struct Committer {
    shared: Arc<Shared>,
}

/// What the thread has.
struct Work<T> {
    shared: Arc<Shared>,
    /// Held as long as anything is written.
    _folder: Option<Folder>,
    table: T,
    ledgers: Vec<Ledger>,
    tell: Vec<Box<dyn Fn(Word) + Send>>,
    fsync: Fsync,
    min_free: u64,
    state: Storage,
    /// Since when something is written and not synced.
    unsynced: Option<Instant>,
}

impl Committer {
    pub(super) fn new() -> Self {
        Self { shared: Arc::default() }
    }

    pub(super) fn depot(&self, realm: usize) -> Depot {
        Depot { shared: Arc::clone(&self.shared), realm }
    }

    pub(super) fn begin(
        self,
        folder: Folder,
        mut table: impl Table + 'static,
        config: &StoreConfig,
        ledgers: Vec<Ledger>,
        new: &[(u16, String)],
        tell: Vec<Box<dyn Fn(Word) + Send>>,
    ) -> Result<Store, String> {
        if !new.is_empty() {
            let path = config.path.display();
            table
                .write(&Changes::realms(new), true)
                .map_err(|error| format!("the store in {path} cannot be written: {error}"))?;
        }
        self.spawn(Some(folder), table, config.fsync, config.min_free, ledgers, tell)
    }

    fn spawn(
        self,
        folder: Option<Folder>,
        table: impl Table + 'static,
        fsync: Fsync,
        min_free: u64,
        ledgers: Vec<Ledger>,
        tell: Vec<Box<dyn Fn(Word) + Send>>,
    ) -> Result<Store, String> {
        let shared = Arc::clone(&self.shared);
        let mut work = Work {
            shared: self.shared,
            _folder: folder,
            table,
            ledgers,
            tell,
            fsync,
            min_free,
            state: Storage::Ready,
            unsynced: None,
        };
        let thread = std::thread::Builder::new()
            .name("storage".to_owned())
            .spawn(move || work.run())
            .map_err(|error| format!("the system gives no thread for the store: {error}"))?;
        Ok(Store { shared, thread })
    }
}

impl<T: Table> Work<T> {
    fn run(&mut self) {
        self.look_for_room();
        loop {
            let (turns, is_ending) = self.gather();
            if !turns.is_empty() {
                self.commit(&turns);
            } else if is_ending {
                self.sync();
                return;
            }
            if self.sync_is_due() {
                self.sync();
            }
            self.look_for_room();
        }
    }

    /// Waits for turns, the end, or the time to do something else.
    fn gather(&mut self) -> (Vec<Turn>, bool) {
        let sync = self.unsynced.and_then(|since| Some(self.interval()?.saturating_sub(since.elapsed())));
        let look = (self.state != Storage::Ready).then_some(LOOK);
        let patience = [sync, look].into_iter().flatten().min();
        let waiting = self.shared.lock();
        let idle = |waiting: &mut Waiting| waiting.turns.is_empty() && !waiting.is_ending;
        let mut waiting = match patience {
            Some(patience) => {
                let woken = self.shared.more.wait_timeout_while(waiting, patience, idle);
                woken.unwrap_or_else(PoisonError::into_inner).0
            }
            None => self.shared.more.wait_while(waiting, idle).unwrap_or_else(PoisonError::into_inner),
        };
        (std::mem::take(&mut waiting.turns), waiting.is_ending)
    }

    /// Writes the turns, however long the disk refuses, and tells the realms.
    fn commit(&mut self, turns: &[Turn]) {
        let mut changes = Changes::default();
        for turn in turns {
            let Some(ledger) = self.ledgers.get_mut(turn.realm) else { continue };
            for (_, record) in &turn.records {
                ledger.apply(record, &mut changes);
            }
        }
        for ledger in &mut self.ledgers {
            ledger.close_batch();
        }
        if !changes.is_empty() && !self.write(&changes) {
            return;
        }
        for (realm, tell) in self.tell.iter().enumerate() {
            let last = turns.iter().rev().find(|turn| turn.realm == realm);
            if let Some((id, _)) = last.and_then(|turn| turn.records.last()) {
                tell(Word::Stored(*id));
            }
        }
        self.unload(turns.iter().map(|turn| turn.bytes).sum());
    }

    /// Whether the batch is on disk. It is not when the server ends before the disk takes it.
    fn write(&mut self, changes: &Changes) -> bool {
        let mut result = self.table.write(changes, self.fsync.each());
        if let Err(error) = &result {
            tracing::error!(%error, "the store cannot be written; what needs it is refused until it can");
            self.fail(true);
        }
        let failed = result.is_err();
        while result.is_err() {
            let is_ending = self.shared.lock().is_ending;
            result = self.table.reopen().and_then(|()| self.table.write(changes, true));
            if result.is_err() {
                if is_ending {
                    tracing::error!("the store could not be written: what was not acknowledged is lost");
                    return false;
                }
                std::thread::sleep(RETRY);
            }
        }
        if failed {
            tracing::info!("the store is written again");
            self.fail(false);
        }
        if !self.fsync.each() && self.unsynced.is_none() {
            self.unsynced = Some(Instant::now());
        }
        true
    }

    fn fail(&mut self, is_failing: bool) {
        let mut waiting = self.shared.lock();
        waiting.is_failing = is_failing;
        if is_failing {
            self.shared.catch_up(&mut waiting);
        }
        drop(waiting);
        self.set_state(if is_failing { Storage::Failing } else { Storage::Ready });
    }

    fn unload(&self, bytes: usize) {
        let mut waiting = self.shared.lock();
        waiting.bytes -= bytes;
        if waiting.bytes <= BACKLOG / 2 {
            self.shared.catch_up(&mut waiting);
        }
    }

    fn look_for_room(&mut self) {
        let free = self.table.free_space();
        let state = if free >= self.min_free { Storage::Ready } else { Storage::Full };
        if state != self.state {
            let wanted = self.min_free;
            if state == Storage::Ready {
                tracing::info!(free, "the store has room again");
            } else {
                tracing::error!(free, wanted, "the store's file system is full: what needs room is refused");
            }
            self.set_state(state);
        }
    }

    fn set_state(&mut self, state: Storage) {
        self.state = state;
        for tell in &self.tell {
            tell(Word::Storage(state));
        }
    }

    fn interval(&self) -> Option<Duration> {
        match self.fsync {
            Fsync::Interval(interval) => Some(interval),
            Fsync::Always | Fsync::Never => None,
        }
    }

    fn sync_is_due(&self) -> bool {
        let Some(interval) = self.interval() else { return false };
        self.unsynced.is_some_and(|since| since.elapsed() >= interval)
    }

    fn sync(&mut self) {
        if self.unsynced.take().is_some()
            && let Err(error) = self.table.sync()
        {
            // The next batch fails too, and is written again then.
            tracing::error!(%error, "the store cannot be synced");
        }
    }
}

#[cfg(test)]
mod tests;
