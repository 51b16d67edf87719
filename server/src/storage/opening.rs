//! From the folder to realms that go on.

use super::codec::Damaged;
use super::commit::{Committer, Store};
use super::depot::Depot;
use super::folder::Folder;
use super::key;
use super::ledger::Ledger;
use super::recall::Recall;
use super::table::{Fjall, sentence};
use super::{StoreConfig, Word};
use headcount_broker::{Now, Record};

/// A store that is read, before anything is written.
pub(crate) struct Opening {
    folder: Folder,
    table: Fjall,
    config: StoreConfig,
    ledgers: Vec<Ledger>,
    /// Realms that the store did not know.
    new: Vec<(u16, String)>,
    committer: Committer,
}

impl Opening {
    /// Opens the store of this configuration, and makes it where there is none.
    ///
    /// # Errors
    /// A sentence that names the path and what to do.
    pub(crate) fn new(config: &StoreConfig) -> Result<Self, String> {
        let (folder, table) = Folder::take(&config.path)?;
        let committer = Committer::new();
        let (ledgers, new) = (Vec::new(), Vec::new());
        Ok(Self { folder, table, config: config.clone(), ledgers, new, committer })
    }

    /// What was stored of a realm, and where its records go from here on.
    ///
    /// # Errors
    /// A sentence where the store is damaged.
    pub(crate) fn realm(&mut self, name: &str, now: Now) -> Result<(Depot, Vec<Record>), String> {
        let path = self.config.path.display().to_string();
        let damaged = |what: &str| {
            format!("the store in {path} is damaged ({what}): restore it from a copy, or move it away")
        };
        let number = self.number(name).map_err(|error| damaged(&error))?;
        let mut recall = Recall::new(number, now);
        for entry in self.table.entries(&number.to_be_bytes()) {
            let (key, value) = entry.map_err(|error| damaged(&sentence(&error)))?;
            recall
                .entry(key.get(2..).unwrap_or_default(), &value)
                .map_err(|Damaged| damaged(&format!("key {}", hexadecimal(&key))))?;
        }
        let (ledger, records) = recall.finish();
        self.ledgers.push(ledger);
        Ok((self.committer.depot(self.ledgers.len() - 1), records))
    }

    /// Begins to write. `tell` hears what becomes of the records of a realm, in the order of [`Opening::realm`].
    ///
    /// # Errors
    /// A sentence.
    pub(crate) fn begin(self, tell: Vec<Box<dyn Fn(Word) + Send>>) -> Result<Store, String> {
        self.committer.begin(self.folder, self.table, &self.config, self.ledgers, &self.new, tell)
    }

    /// The realm's number in the store.
    fn number(&mut self, name: &str) -> Result<u16, String> {
        let mut next = 0;
        for entry in self.table.entries(&key::REALMS.to_be_bytes()) {
            let (key, value) = entry.map_err(|error| sentence(&error))?;
            let number =
                value.as_ref().try_into().map(u16::from_be_bytes).map_err(|_| "a realm".to_owned())?;
            if key.get(2..) == Some(name.as_bytes()) {
                return Ok(number);
            }
            next = next.max(number + 1);
        }
        if let Some((last, _)) = self.new.last() {
            next = next.max(last + 1);
        }
        self.new.push((next, name.to_owned()));
        Ok(next)
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
