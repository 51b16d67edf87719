//! Who misbehaves, and how often in which way.

use std::sync::Arc;

use crate::store::{
    clock::Millis,
    event::{Event, Kind},
};

/// Clients that are counted. Who does most stays when there are more.
pub const CLIENTS: usize = 128;

/// What a client did that it should not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misdeed {
    /// A rule refused a publish, a subscription or a Will.
    Denied,
    /// An attempt to connect failed.
    Refused,
    /// It hit a limit.
    Throttled,
    /// It asked for something that makes no sense.
    Mistaken,
    /// The broker had to end its connection.
    Faulty,
    /// It fights over its identifier.
    Fighting,
}

/// The words behind each number, in the order of [`Record::counts`].
const WORDS: [&str; 6] = ["denied", "refused", "throttled", "mistaken", "cut off", "in conflict"];

/// Ends by which the broker says that a client is at fault.
const FAULTS: [&str; 4] = ["malformed-packet", "protocol-error", "packet-too-large", "quota-exceeded"];

/// What is known of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its account.
    pub account: Arc<str>,
    /// Its Client Identifier.
    pub id: Arc<str>,
    /// By [`Misdeed`], in its order.
    pub counts: [u64; 6],
    /// When it misbehaved first.
    pub since: Millis,
    /// When it did last.
    pub last: Millis,
}

/// Records, in the order in which they were begun.
#[derive(Debug, Default)]
pub struct Conduct {
    records: Vec<Record>,
}

impl Record {
    /// All misdeeds.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// `12 denied · 3 throttled`
    pub fn words(&self) -> String {
        let mut words = String::new();
        for (count, word) in self.counts.iter().zip(WORDS).filter(|(count, _)| **count > 0) {
            if !words.is_empty() {
                words.push_str(" · ");
            }
            words.push_str(&count.to_string());
            words.push(' ');
            words.push_str(word);
        }
        words
    }
}

impl Conduct {
    /// Who misbehaves most, and latest among equals.
    pub fn worst(&self, limit: usize) -> Vec<&Record> {
        let mut records: Vec<&Record> = self.records.iter().collect();
        records.sort_by_key(|record| std::cmp::Reverse((record.total(), record.last)));
        records.truncate(limit);
        records
    }

    /// How many clients misbehave, as far as they are counted.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether nobody does.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// What is known of this client.
    pub fn of(&self, account: &str, id: &str) -> Option<&Record> {
        self.records.iter().find(|record| *record.id == *id && *record.account == *account)
    }

    /// Counts what an event tells of its client; whether it tells anything.
    pub(super) fn note(&mut self, event: &Event) -> bool {
        let misdeed = match event.kind {
            Kind::Denied => Misdeed::Denied,
            Kind::Refused => Misdeed::Refused,
            Kind::Disconnected if event.reason.as_deref().is_some_and(|why| FAULTS.contains(&why)) => {
                Misdeed::Faulty
            }
            _ => return false,
        };
        // Without a name there is nobody to look for.
        if event.client.id.is_empty() {
            return false;
        }
        self.count(&event.client.account, &event.client.id, misdeed, 1, event.at);
        true
    }

    pub(super) fn count(&mut self, account: &str, id: &Arc<str>, misdeed: Misdeed, times: u64, at: Millis) {
        let known = self.records.iter().position(|known| known.id == *id && *known.account == *account);
        let index = known.unwrap_or_else(|| {
            if self.records.len() >= CLIENTS {
                let least = (0..CLIENTS).min_by_key(|at| (self.records[*at].total(), self.records[*at].last));
                self.records.swap_remove(least.unwrap_or_default());
            }
            let (account, id) = (account.into(), Arc::clone(id));
            self.records.push(Record { account, id, counts: [0; 6], since: at, last: at });
            self.records.len() - 1
        });
        let record = &mut self.records[index];
        record.counts[misdeed as usize] += times;
        record.last = record.last.max(at);
    }
}
