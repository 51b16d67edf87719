//! Messages that wait for their PUBACK, in the order they were written.

use std::{collections::VecDeque, sync::Arc};

use super::{payload::cut, thread::With, write::Writing};
use crate::store::{Millis, json::Json};

/// Messages that wait: an afternoon without a network. The client session holds as many as [`IN_HAND`] of them.
pub const ENTRIES_MAX: usize = 200;

/// Messages handed to the client session at one time; it sends them as the broker's Receive Maximum allows.
pub const IN_HAND: usize = 50;

/// What waits to be sent.
#[derive(Debug, Default)]
pub struct Outbox {
    entries: VecDeque<Entry>,
    pub(super) is_saved: bool,
}

/// One message of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The number of the message.
    pub serial: u64,
    /// To whom.
    pub with: With,
    /// Its `messageId`.
    pub id: Arc<str>,
    /// What.
    pub content: Arc<str>,
    /// When it was written.
    pub at: Millis,
    /// Whether the client session has it.
    in_hand: bool,
}

impl Entry {
    /// A message that nobody has sent.
    pub fn new(serial: u64, with: With, id: Arc<str>, content: Arc<str>, at: Millis) -> Self {
        Self { serial, with, id, content, at, in_hand: false }
    }
}

impl Outbox {
    /// How many wait.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether no more can wait.
    pub fn is_full(&self) -> bool {
        self.entries.len() >= ENTRIES_MAX
    }

    /// An empty one that storage need not hear of.
    pub(super) fn forgotten() -> Self {
        Self { is_saved: true, ..Self::default() }
    }

    pub(super) fn push(&mut self, entry: Entry) {
        self.entries.push_back(entry);
        self.is_saved = false;
    }

    /// The next message to hand to the client session.
    pub(super) fn hand_over(&mut self) -> Option<Entry> {
        if self.entries.iter().filter(|entry| entry.in_hand).count() >= IN_HAND {
            return None;
        }
        let next = self.entries.iter_mut().find(|entry| !entry.in_hand)?;
        next.in_hand = true;
        Some(next.clone())
    }

    /// The client session could not take it: it waits again.
    pub(super) fn take_back(&mut self, serial: u64) {
        if let Some(entry) = self.entries.iter_mut().rfind(|entry| entry.serial == serial) {
            entry.in_hand = false;
        }
    }

    /// Takes out what has its answer.
    pub(super) fn settle(&mut self, serial: u64) -> Option<Entry> {
        let at = self.entries.iter().position(|entry| entry.serial == serial)?;
        self.is_saved = false;
        self.entries.remove(at)
    }

    pub(super) fn holds(&self, id: &str) -> bool {
        self.entries.iter().any(|entry| *entry.id == *id)
    }

    pub(super) fn write(&self) -> String {
        let mut list = Writing::list();
        for entry in &self.entries {
            let json = Writing::object()
                .text("with", &entry.with.key())
                .text("id", &entry.id)
                .text("content", &entry.content)
                .number("at", entry.at.0);
            list.item(&json.end());
        }
        list.end()
    }

    /// Reads what [`Self::write`] wrote; `serial_of` numbers each by its conversation and `messageId`.
    pub(super) fn read(json: &Json<'_>, mut serial_of: impl FnMut(&With, &str) -> u64) -> Self {
        let mut entries = VecDeque::new();
        if let Json::List(items) = json {
            for item in items.iter().take(ENTRIES_MAX) {
                let text = |name: &str| item.text(name).ok().flatten();
                let Some(with) = text("with").and_then(With::from_key) else { continue };
                let (Some(id), Some(content)) = (text("id"), text("content")) else { continue };
                let at: u64 = item.number("at").ok().flatten().unwrap_or_default();
                let serial = serial_of(&with, id);
                let content = cut(content.to_owned(), super::payload::CONTENT_MAX);
                let at = Millis(i64::try_from(at).unwrap_or_default());
                entries.push_back(Entry::new(serial, with, id.into(), content.into(), at));
            }
        }
        Self { entries, is_saved: true }
    }
}
