//! The table on disk.

use super::Fsync;
use super::changes::Changes;
use fjall::{
    Database, Keyspace, KeyspaceCreateOptions, KvSeparationOptions, PersistMode, config::CompressionPolicy,
};
use std::path::{Path, PathBuf};

/// What commits need of a table; a test has one whose disk is full.
pub(super) trait Table: Send {
    /// Writes a batch, all of it or nothing; it outlives this process at once.
    ///
    /// # Errors
    /// A sentence. The batch may be written again after [`Table::reopen`].
    fn write(&mut self, changes: &Changes, fsync: bool) -> Result<(), String>;

    /// Asks the disk to keep what was written.
    ///
    /// # Errors
    /// A sentence.
    fn sync(&mut self) -> Result<(), String>;

    /// Opens the table anew after an error: what was not written whole is gone then.
    ///
    /// # Errors
    /// A sentence.
    fn reopen(&mut self) -> Result<(), String>;

    /// Bytes that the file system has left for us.
    fn free_space(&self) -> u64;
}

/// A fjall database.
pub(super) struct Fjall {
    path: PathBuf,
    /// `None` only while it is opened anew.
    open: Option<(Database, Keyspace)>,
}

/// Of the write buffer: what a start reads again from the journal, and a burst that needs no second write.
const MEMTABLE: u64 = 8 << 20;
/// The least that fjall takes. Records come back by one reading at the start alone.
const JOURNALS: u64 = 64 << 20;
/// Everything is read once, at the start.
const CACHE: u64 = 4 << 20;
/// Payloads above it are written once and not again with every compaction.
const SEPARATE: u32 = 1024;
/// Of files with such payloads: small ones are given back to the system soon.
const PAYLOAD_FILE: u64 = 16 << 20;
/// Files kept open.
const OPEN_FILES: usize = 64;

impl Fjall {
    /// # Errors
    /// What fjall says.
    pub(super) fn open(path: &Path) -> Result<Self, fjall::Error> {
        let mut table = Self { path: path.to_owned(), open: None };
        table.open_again()?;
        Ok(table)
    }

    /// All entries, in the order of their keys.
    pub(super) fn entries(&self, prefix: &[u8]) -> impl Iterator<Item = Result<fjall::KvPair, fjall::Error>> {
        self.records().prefix(prefix).map(fjall::Guard::into_inner)
    }

    fn open_again(&mut self) -> Result<(), fjall::Error> {
        self.open = None;
        let database = Database::builder(&self.path)
            .cache_size(CACHE)
            .max_cached_files(Some(OPEN_FILES))
            .max_journaling_size(JOURNALS)
            .manual_journal_persist(true)
            .worker_threads(2)
            .open()?;
        let payloads =
            KvSeparationOptions::default().separation_threshold(SEPARATE).file_target_size(PAYLOAD_FILE);
        let records = database.keyspace("records", || {
            KeyspaceCreateOptions::default()
                .manual_journal_persist(true)
                .max_memtable_size(MEMTABLE)
                .data_block_compression_policy(CompressionPolicy::disabled())
                .with_kv_separation(Some(payloads))
        })?;
        self.open = Some((database, records));
        Ok(())
    }

    fn database(&self) -> Result<&Database, String> {
        self.open.as_ref().map(|(database, _)| database).ok_or_else(|| "the table is closed".to_owned())
    }

    fn records(&self) -> &Keyspace {
        &self.open.as_ref().expect("open since it was made").1
    }
}

impl Table for Fjall {
    fn write(&mut self, changes: &Changes, fsync: bool) -> Result<(), String> {
        let (database, records) = self.open.as_ref().ok_or("the table is closed")?;
        let mode = if fsync { PersistMode::SyncData } else { PersistMode::Buffer };
        let mut batch = database.batch().durability(Some(mode));
        for (key, value) in changes.iter() {
            match value {
                Some(value) => batch.insert(records, key.as_slice(), value),
                None => batch.remove(records, key.as_slice()),
            }
        }
        batch.commit().map_err(|error| sentence(&error))
    }

    fn sync(&mut self) -> Result<(), String> {
        self.database()?.persist(PersistMode::SyncData).map_err(|error| sentence(&error))
    }

    fn reopen(&mut self) -> Result<(), String> {
        self.open_again().map_err(|error| sentence(&error))
    }

    fn free_space(&self) -> u64 {
        rustix::fs::statvfs(&self.path)
            .map_or(u64::MAX, |space| space.f_bavail.saturating_mul(space.f_frsize))
    }
}

/// What fjall says, for people.
pub(super) fn sentence(error: &fjall::Error) -> String {
    match error {
        fjall::Error::Io(error) => error.to_string(),
        fjall::Error::Poisoned => "an earlier write failed".to_owned(),
        error => error.to_string(),
    }
}

impl Fsync {
    /// Whether each batch is synced.
    pub(super) fn each(self) -> bool {
        self == Self::Always
    }
}
