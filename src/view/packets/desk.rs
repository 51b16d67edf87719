//! What the parts of the wire view have at hand: the record, and where the reader stands in it.

use leptos::prelude::*;

use crate::wire::{Filter, Packet, Wire};
use std::sync::Arc;

/// The parts' way to the record; a copy of it costs nothing.
#[derive(Clone, Copy)]
pub struct Desk {
    wire: StoredValue<Wire, LocalStorage>,
    version: RwSignal<usize>,
    /// Whether the wire view is open.
    pub(super) is_open: RwSignal<bool>,
    /// Number of the packet that the reader stands on.
    pub(super) cursor: RwSignal<Option<u64>>,
    /// Whether that packet is shown with all its fields.
    pub(super) is_opened: RwSignal<bool>,
    /// Whether the list stays at its end, where what is new comes.
    pub(super) follows: RwSignal<bool>,
    /// Rises when the list is to bring the reader's packet into view.
    pub(super) reveal: RwSignal<usize>,
}

impl Desk {
    /// A desk of the owner at hand, which should be the page's.
    pub fn new() -> Self {
        Self {
            wire: StoredValue::new_local(Wire::default()),
            version: RwSignal::new(0),
            is_open: RwSignal::new(true),
            cursor: RwSignal::new(None),
            is_opened: RwSignal::new(false),
            follows: RwSignal::new(true),
            reveal: RwSignal::new(0),
        }
    }

    /// Reads the record, and again whenever what is shown changes.
    pub(super) fn read<R>(&self, read: impl FnOnce(&Wire) -> R) -> R {
        self.version.track();
        self.peek(read)
    }

    /// Reads the record once.
    pub(super) fn peek<R>(&self, read: impl FnOnce(&Wire) -> R) -> R {
        self.wire.with_value(read)
    }

    /// Changes the record, and tells the view.
    pub fn change<R>(&self, change: impl FnOnce(&mut Wire) -> R) -> R {
        let changed = self.wire.try_update_value(change).expect("the page owns it");
        let version = self.peek(Wire::version);
        if self.version.get_untracked() != version {
            self.version.set(version);
        }
        changed
    }

    /// The packet that the reader stands on.
    pub(super) fn packet(&self) -> Option<Arc<Packet>> {
        let number = self.cursor.get()?;
        self.peek(|wire| wire.get(number).cloned())
    }

    /// Changes one question of the filter.
    pub(super) fn ask(&self, change: impl FnOnce(&mut Filter)) {
        let mut filter = self.peek(|wire| wire.filter().clone());
        change(&mut filter);
        self.change(|wire| wire.set_filter(filter));
        if self.cursor.get_untracked().is_some() {
            self.reveal();
        }
    }

    /// Goes to a packet, and shows it where it is hidden by the filter.
    pub(super) fn go_to(&self, number: u64) {
        if self.peek(|wire| wire.position(number)).is_none() {
            let pings = self.peek(|wire| wire.get(number).is_some_and(|packet| packet.is_ping()));
            self.change(|wire| wire.set_filter(Filter { pings, ..Filter::default() }));
        }
        self.cursor.set(Some(number));
        self.reveal();
    }

    /// Brings the reader's packet into view.
    pub(super) fn reveal(&self) {
        self.follows.set(false);
        self.reveal.update(|asked| *asked += 1);
    }

    /// Whether the view is open.
    pub fn is_open(&self) -> bool {
        self.is_open.get_untracked()
    }

    /// Opens the view; with the packets that hold this text, where there is one.
    pub fn open(&self, find: &str) {
        self.is_open.set(true);
        if find.is_empty() {
            return;
        }
        let filter = Filter { text: find.to_owned(), ..Filter::default() };
        self.change(|wire| {
            wire.go_live();
            wire.set_filter(filter);
        });
        let first = self.peek(|wire| wire.window(0..1).next().map(|packet| packet.number));
        self.cursor.set(first);
        self.is_opened.set(first.is_some());
        if first.is_some() {
            self.reveal();
        }
    }
}

impl Default for Desk {
    fn default() -> Self {
        Self::new()
    }
}
