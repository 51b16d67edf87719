//! What every panel has at hand: the store to read, the intents to send, and signals that say when to look again.

use leptos::prelude::*;

use crate::{
    link::{self, Link},
    store::{Intent, Millis, Present, Store, Timeline, Trouble, Versions},
};

/// The panels' way to the store; a copy of it costs nothing.
#[derive(Clone, Copy)]
pub struct Board {
    link: StoredValue<Link, LocalStorage>,
    signals: Signals,
}

/// One signal per panel, raised at most once per frame, and the clock that relative times follow.
#[derive(Clone, Copy)]
pub struct Signals {
    timeline: RwSignal<u64>,
    present: RwSignal<u64>,
    status: RwSignal<u64>,
    trouble: RwSignal<u64>,
    now: RwSignal<Millis>,
}

impl Signals {
    /// Signals of the owner at hand, which should be the page's.
    pub fn new() -> Self {
        Self {
            timeline: RwSignal::new(0),
            present: RwSignal::new(0),
            status: RwSignal::new(0),
            trouble: RwSignal::new(0),
            now: RwSignal::new(link::clock()),
        }
    }

    /// Raises the signals of those panels whose version rose.
    pub fn notify(&self, versions: Versions) {
        let pairs = [
            (self.timeline, versions.timeline),
            (self.present, versions.present),
            (self.status, versions.status),
            (self.trouble, versions.trouble),
        ];
        for (signal, version) in pairs {
            if signal.get_untracked() != version {
                signal.set(version);
            }
        }
    }

    /// Moves the clock on.
    pub fn tick(&self) {
        self.now.set(link::clock());
    }
}

impl Default for Signals {
    fn default() -> Self {
        Self::new()
    }
}

impl Board {
    /// A board over this link, whose frames notify these signals.
    pub fn new(link: Link, signals: Signals) -> Self {
        Self { link: StoredValue::new_local(link), signals }
    }

    /// Reads the timeline, and again whenever it changes.
    pub fn timeline<R>(&self, read: impl FnOnce(&Timeline) -> R) -> R {
        self.signals.timeline.track();
        self.peek(|store| read(store.timeline()))
    }

    /// Reads who is here, and again whenever that changes.
    pub fn present<R>(&self, read: impl FnOnce(&Present) -> R) -> R {
        self.signals.present.track();
        self.peek(|store| read(store.present()))
    }

    /// Reads how things stand, and again whenever that changes.
    pub fn status<R>(&self, read: impl FnOnce(&Store) -> R) -> R {
        self.signals.status.track();
        self.peek(read)
    }

    /// Reads what goes wrong, and again whenever that changes.
    pub fn trouble<R>(&self, read: impl FnOnce(&Trouble) -> R) -> R {
        self.signals.trouble.track();
        self.peek(|store| read(store.trouble()))
    }

    /// Reads the store once.
    pub fn peek<R>(&self, read: impl FnOnce(&Store) -> R) -> R {
        self.link().read(read)
    }

    /// The moment, followed second by second.
    pub fn now(&self) -> Millis {
        self.signals.now.get()
    }

    /// The moment, once.
    pub fn clock(&self) -> Millis {
        link::clock()
    }

    /// Asks for something to be done.
    pub fn send(&self, intent: Intent) {
        self.link().send(intent);
    }

    fn link(&self) -> Link {
        self.link.get_value()
    }
}

/// Minutes by which the reader's clock is east of UTC at `at`, daylight saving time of that day included.
#[expect(clippy::cast_possible_truncation, reason = "offsets are below a day")]
#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
pub(crate) fn offset_minutes(at: Millis) -> i32 {
    let minutes_west = js_sys::Date::new(&(at.0 as f64).into()).get_timezone_offset();
    // An invalid date has no offset; `as` makes it zero.
    -(minutes_west as i32)
}
