//! How often each client comes, in a table of fixed size: whoever comes under thousands of names takes no more room.

use super::{
    fights::GUESSED,
    flapping::{CONNECTS, History, WINDOW},
};
use crate::store::{clock::Millis, event::Event, present::mark};

/// Clients that are watched at a time, about 100 bytes each. Names that come once make room for each other first.
const SETS: usize = 1_024;
const WAYS: usize = 4;

/// Without reasons a take-over is known by the new connection that comes in the instant in which the old one ends. This
/// is what a busy broker may need between the two.
const INSTANT: i64 = 50;

/// A connection that stood for less says nothing: a program that connects anew for each message may be as quick as one
/// that takes over.
const STOOD: i64 = 500;

/// Take-overs within this, as many as [`GUESSED`], look like a fight.
const FIGHT: i64 = 30_000;

const NEVER: i64 = i64::MIN;

/// Clients by a hash of their name.
#[derive(Debug, Default)]
pub(super) struct Turnover {
    slots: Vec<Slot>,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    name: u64,
    /// When it came, newest last.
    arrivals: [i64; CONNECTS - 1],
    /// How long its connections lasted, newest last.
    lasted: [i64; CONNECTS - 1],
    /// When a connection ended that had stood.
    ended: i64,
    /// When it came back in the instant in which it went, newest last.
    returns: [i64; GUESSED - 1],
}

/// What an arrival amounts to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Nothing,
    /// It comes too often.
    Flapping(History),
    /// It looks as if two took over from each other, since then.
    Fight(Millis),
}

impl Turnover {
    /// A client came.
    pub(super) fn came(&mut self, event: &Event) -> Turn {
        let at = event.at.0;
        let slot = self.claim(event);
        let is_return = (0..=INSTANT).contains(&at.saturating_sub(slot.ended));
        let first_return = slot.returns[0];
        if is_return {
            shift(&mut slot.returns, at);
        }
        let first = slot.arrivals[0];
        let history = History { arrivals: slot.arrivals, lasted: slot.lasted };
        shift(&mut slot.arrivals, at);
        if is_return && is_within(first_return, at, FIGHT) {
            Turn::Fight(Millis(first_return))
        } else if is_within(first, at, WINDOW) {
            Turn::Flapping(history)
        } else {
            Turn::Nothing
        }
    }

    /// A connection ended.
    pub(super) fn left(&mut self, event: &Event) {
        let Some(slot) = self.find(event) else { return };
        let began = slot.arrivals[CONNECTS - 2];
        let lasted = event.lasted.or_else(|| (began != NEVER).then(|| event.at.since(Millis(began))));
        if let Some(lasted) = lasted {
            shift(&mut slot.lasted, lasted);
        }
        // Who was there before the page came has stood.
        slot.ended = if lasted.is_none_or(|lasted| lasted >= STOOD) { event.at.0 } else { NEVER };
    }

    /// The place of this client, perhaps another one's until now: one that came seldom and long ago.
    fn claim(&mut self, event: &Event) -> &mut Slot {
        if self.slots.is_empty() {
            self.slots = vec![Slot::of(0); SETS * WAYS];
        }
        let (name, set) = place(event);
        let ways = &mut self.slots[set..set + WAYS];
        let known = ways.iter().position(|slot| slot.name == name);
        let at = known.unwrap_or_else(|| {
            let least = (0..WAYS).min_by_key(|at| ways[*at].worth(event.at.0)).unwrap_or_default();
            ways[least] = Slot::of(name);
            least
        });
        &mut ways[at]
    }

    fn find(&mut self, event: &Event) -> Option<&mut Slot> {
        let (name, set) = place(event);
        self.slots.get_mut(set..set + WAYS)?.iter_mut().find(|slot| slot.name == name)
    }
}

impl Slot {
    fn of(name: u64) -> Self {
        let (arrivals, lasted) = ([NEVER; CONNECTS - 1], [NEVER; CONNECTS - 1]);
        Self { name, arrivals, lasted, ended: NEVER, returns: [NEVER; GUESSED - 1] }
    }

    /// How much would be lost with it.
    fn worth(&self, now: i64) -> (usize, i64) {
        let recent = self.arrivals.iter().filter(|at| is_within(**at, now, WINDOW)).count();
        (recent, self.arrivals[CONNECTS - 2].max(self.ended))
    }
}

/// A client's name, and where its set begins.
fn place(event: &Event) -> (u64, usize) {
    let name = mark(&event.client, event.source);
    // The first bits are the best mixed ones.
    let [high, low, ..] = name.to_be_bytes().map(usize::from);
    (name, (high << 8 | low) % SETS * WAYS)
}

/// Whether `at` is no longer than so many milliseconds after `before`.
fn is_within(before: i64, at: i64, ms: i64) -> bool {
    before != NEVER && (0..=ms).contains(&at.saturating_sub(before))
}

fn shift<const N: usize>(list: &mut [i64; N], new: i64) {
    list.rotate_left(1);
    list[N - 1] = new;
}
