//! Clients that keep reconnecting.

use std::{collections::VecDeque, sync::Arc};

use crate::store::{
    clock::Millis,
    event::{Client, Event},
};

/// So many connects within [`WINDOW`] are flapping: no session lasts a quarter of a minute then. A client with a sound
/// link connects once, a page that is reloaded a few times or a device that is set up stays below.
pub(super) const CONNECTS: usize = 5;

/// Milliseconds.
pub(super) const WINDOW: i64 = 60_000;

/// Who does not come for so long is calm.
pub const CALM: i64 = 2 * WINDOW;

/// Clients kept by name; who came longest ago gives way.
pub const FLAPPERS: usize = 64;

/// Arrivals and session lengths that rate and mean are made of.
const KEPT: usize = 64;

/// A client that keeps reconnecting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flapper {
    /// Its account.
    pub account: Arc<str>,
    /// Its Client Identifier.
    pub id: Arc<str>,
    /// When it came, newest last.
    arrivals: VecDeque<i64>,
    /// How long its sessions lasted.
    lasted: VecDeque<i64>,
    /// The first arrival that counts.
    pub since: Millis,
    /// The last one.
    pub last: Millis,
    /// How often it came since then.
    pub connects: u64,
    /// Why its last connection ended, in the broker's word.
    pub reason: Option<Box<str>>,
    /// Whether the reader has put its card away.
    pub is_dismissed: bool,
}

/// What is known of a client by the time it is found to flap; `i64::MIN` stands for what is not.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct History {
    pub(super) arrivals: [i64; CONNECTS - 1],
    pub(super) lasted: [i64; CONNECTS - 1],
}

/// Flapping clients, in the order in which they began.
#[derive(Debug, Default)]
pub(super) struct Flappers {
    flappers: Vec<Flapper>,
}

impl Flapper {
    /// Connects a minute, by the last minute in which it came.
    pub fn rate(&self) -> u64 {
        let recent = self.arrivals.iter().filter(|at| self.last.0.saturating_sub(**at) < WINDOW).count();
        let Some(oldest) = self.arrivals.front().filter(|_| recent == KEPT) else { return recent as u64 };
        // There is no room for all that came within this minute.
        let span = self.last.since(Millis(*oldest)).max(1).unsigned_abs();
        (KEPT as u64 - 1) * WINDOW.unsigned_abs() / span
    }

    /// Mean length of its sessions, in milliseconds; none where none of them ended.
    pub fn mean(&self) -> Option<i64> {
        let count = i64::try_from(self.lasted.len()).ok().filter(|count| *count > 0)?;
        Some(self.lasted.iter().sum::<i64>() / count)
    }
}

impl Flappers {
    /// Who began last comes first.
    pub(super) fn list(&self) -> impl Iterator<Item = &Flapper> {
        self.flappers.iter().rev()
    }

    pub(super) fn get(&self, account: &str, id: &str) -> Option<&Flapper> {
        self.flappers.iter().find(|known| *known.id == *id && *known.account == *account)
    }

    /// A client came; whether it is one of these.
    pub(super) fn came(&mut self, client: &Client, at: Millis) -> bool {
        let Some(flapper) = self.find(client) else { return false };
        flapper.connects += 1;
        flapper.last = at;
        keep(&mut flapper.arrivals, at.0);
        true
    }

    /// A connection ended; whether it is one of these.
    pub(super) fn left(&mut self, event: &Event) -> bool {
        let Some(flapper) = self.find(&event.client) else { return false };
        flapper.reason.clone_from(&event.reason);
        let lasted = event.lasted.unwrap_or_else(|| event.at.since(flapper.last));
        keep(&mut flapper.lasted, lasted);
        true
    }

    /// One more, that came once too often at this moment.
    pub(super) fn add(&mut self, client: &Client, history: &History, at: Millis) {
        if self.flappers.len() >= FLAPPERS {
            let calmest = (0..FLAPPERS).min_by_key(|index| self.flappers[*index].last);
            self.flappers.remove(calmest.unwrap_or_default());
        }
        let known = |list: &[i64]| list.iter().copied().filter(|ms| *ms != i64::MIN).collect::<VecDeque<_>>();
        let mut arrivals = known(&history.arrivals);
        arrivals.push_back(at.0);
        self.flappers.push(Flapper {
            account: Arc::clone(&client.account),
            id: Arc::clone(&client.id),
            since: Millis(history.arrivals[0]),
            last: at,
            connects: CONNECTS as u64,
            lasted: known(&history.lasted),
            arrivals,
            reason: None,
            is_dismissed: false,
        });
    }

    pub(super) fn dismiss(&mut self, account: &str, id: &str) {
        let is_it = |known: &&mut Flapper| *known.id == *id && *known.account == *account;
        if let Some(flapper) = self.flappers.iter_mut().find(is_it) {
            flapper.is_dismissed = true;
        }
    }

    pub(super) fn forget(&mut self, now: Millis) -> bool {
        let before = self.flappers.len();
        self.flappers.retain(|flapper| now.since(flapper.last) < CALM);
        self.flappers.len() != before
    }

    pub(super) fn next_end(&self) -> Option<Millis> {
        self.flappers.iter().map(|flapper| flapper.last.plus(CALM)).min()
    }

    fn find(&mut self, client: &Client) -> Option<&mut Flapper> {
        self.flappers.iter_mut().find(|known| known.id == client.id && known.account == client.account)
    }
}

fn keep(list: &mut VecDeque<i64>, new: i64) {
    if list.len() >= KEPT {
        list.pop_front();
    }
    list.push_back(new);
}
