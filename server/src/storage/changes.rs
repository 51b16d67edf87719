//! What is to be written in one batch.

use super::key::{self, Key};
use std::collections::HashMap;

/// What is to be written in one batch.
#[derive(Debug, Default)]
pub(crate) struct Changes(HashMap<Key, Change>);

#[derive(Debug)]
struct Change {
    /// `None` removes the key.
    value: Option<Vec<u8>>,
    /// The table does not have the key: removed within the same batch, it is not written at all.
    is_new: bool,
}

impl Changes {
    /// The numbers of realms that the table does not know.
    pub(super) fn realms(new: &[(u16, String)]) -> Self {
        let mut changes = Self::default();
        for (number, name) in new {
            changes.put(key::realm(name), number.to_be_bytes().to_vec());
        }
        changes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keys with their values; `None` removes the key.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Key, Option<&[u8]>)> {
        self.0.iter().map(|(key, change)| (key, change.value.as_deref()))
    }

    pub(super) fn put(&mut self, key: Key, value: Vec<u8>) {
        let change = self.0.entry(key).or_insert(Change { value: None, is_new: false });
        change.value = Some(value);
    }

    /// The same for a key that the table does not have, unless this batch removes it.
    pub(super) fn put_new(&mut self, key: Key, value: Vec<u8>) {
        let change = self.0.entry(key).or_insert(Change { value: None, is_new: true });
        change.value = Some(value);
    }

    pub(super) fn remove(&mut self, key: Key) {
        match self.0.get_mut(&key) {
            Some(change) if change.is_new => drop(self.0.remove(&key)),
            Some(change) => change.value = None,
            None => drop(self.0.insert(key, Change { value: None, is_new: false })),
        }
    }
}
