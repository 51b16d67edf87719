//! The realm's events, kept for those who come later.

use super::Conflicts;
use crate::Limits;
use crate::system::level;
use bytes::Bytes;
use std::collections::VecDeque;
use std::time::Duration;

/// Events in order, bounded in count, bytes and age. The newest always stays, as it carries the count.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    entries: VecDeque<Entry>,
    /// Of all JSON in it.
    bytes: usize,
    /// Of the last event.
    seq: u64,
    pub(crate) conflicts: Conflicts,
}

#[derive(Debug)]
struct Entry {
    seq: u64,
    at_unix: Duration,
    /// The account as a level of a topic.
    level: Box<str>,
    json: Bytes,
}

/// Which part of the journal is wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Excerpt<'a> {
    /// One account's events; `None`: everybody's.
    pub(crate) level: Option<&'a str>,
    /// The oldest events behind this number; `None`: the newest.
    pub(crate) after: Option<u64>,
    /// How many at most.
    pub(crate) limit: usize,
    /// In how many bytes at most.
    pub(crate) bytes: usize,
}

impl Journal {
    /// The number of the next event.
    pub(crate) fn next(&self) -> u64 {
        self.seq + 1
    }

    /// Adds an event, which may be one that storage remembers.
    pub(crate) fn push(&mut self, seq: u64, at_unix: Duration, account: &str, json: Bytes) {
        self.seq = self.seq.max(seq);
        self.bytes += json.len();
        self.entries.push_back(Entry { seq, at_unix, level: level(account).into(), json });
    }

    /// Forgets what is beyond the bounds; the oldest that is left, if that is another one.
    pub(crate) fn trim(&mut self, now_unix: Duration, limits: &Limits) -> Option<u64> {
        let before = self.entries.len();
        while self.entries.len() > 1 {
            let oldest = &self.entries[0];
            let stale = limits.max_journal_age.is_some_and(|age| oldest.at_unix + age < now_unix);
            let many = self.entries.len() > limits.max_journal_events;
            if !(stale || many || self.bytes > limits.max_journal_bytes) {
                break;
            }
            self.pop();
        }
        (self.entries.len() != before).then(|| self.entries[0].seq)
    }

    /// Forgets the entries before this number.
    pub(crate) fn drop_before(&mut self, seq: u64) {
        while self.entries.front().is_some_and(|oldest| oldest.seq < seq) {
            self.pop();
        }
    }

    /// A JSON array of events in order.
    pub(crate) fn excerpt(&self, wanted: Excerpt<'_>) -> Vec<u8> {
        let ours = |entry: &&Entry| wanted.level.is_none_or(|level| *entry.level == *level);
        let mut room = wanted.bytes.saturating_sub(2);
        let fits = |entry: &&Entry| {
            let left = room.checked_sub(entry.json.len() + 1);
            room = left.unwrap_or(0);
            left.is_some()
        };
        let mut found: Vec<&Entry> = if let Some(after) = wanted.after {
            let first = self.entries.partition_point(|entry| entry.seq <= after);
            self.entries.range(first..).filter(ours).take(wanted.limit).take_while(fits).collect()
        } else {
            self.entries.iter().rev().filter(ours).take(wanted.limit).take_while(fits).collect()
        };
        if wanted.after.is_none() {
            found.reverse();
        }
        let mut json = Vec::with_capacity(found.iter().map(|entry| entry.json.len() + 1).sum::<usize>() + 2);
        json.push(b'[');
        for (at, entry) in found.into_iter().enumerate() {
            if at > 0 {
                json.push(b',');
            }
            json.extend_from_slice(&entry.json);
        }
        json.push(b']');
        json
    }

    fn pop(&mut self) {
        if let Some(entry) = self.entries.pop_front() {
            self.bytes -= entry.json.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Excerpt, Journal};
    use crate::Limits;
    use std::time::Duration;

    fn journal(count: u64) -> Journal {
        let mut journal = Journal::default();
        for second in 1..=count {
            let account = if second % 2 == 0 { "even" } else { "odd" };
            let seq = journal.next();
            journal.push(seq, Duration::from_secs(second), account, second.to_string().into());
        }
        journal
    }

    fn check(journal: &Journal, wanted: Excerpt<'_>, expected: &str) {
        assert_eq!(String::from_utf8(journal.excerpt(wanted)).unwrap(), expected, "{wanted:?}");
    }

    #[test]
    fn excerpts_are_in_order_and_bounded() {
        let journal = journal(12);
        let all = Excerpt { level: None, after: None, limit: 1_000, bytes: 1_000 };
        check(&journal, all, "[1,2,3,4,5,6,7,8,9,10,11,12]");
        check(&journal, Excerpt { limit: 3, ..all }, "[10,11,12]");
        check(&journal, Excerpt { after: Some(3), limit: 3, ..all }, "[4,5,6]");
        check(&journal, Excerpt { after: Some(12), ..all }, "[]");
        check(&journal, Excerpt { after: Some(u64::MAX), ..all }, "[]");
        check(&journal, Excerpt { level: Some("even"), after: Some(3), ..all }, "[4,6,8,10,12]");
        check(&journal, Excerpt { level: Some("nobody"), ..all }, "[]");
        check(&journal, Excerpt { bytes: 8, ..all }, "[11,12]");
        check(&journal, Excerpt { bytes: 8, after: Some(0), ..all }, "[1,2,3]");
    }

    #[test]
    fn bounds_in_count_bytes_and_age() {
        let limits = Limits { max_journal_events: 10, ..Limits::default() };
        assert_eq!(journal(12).trim(Duration::from_secs(12), &limits), Some(3));
        assert_eq!(journal(9).trim(Duration::from_secs(12), &limits), None);
        let limits = Limits { max_journal_bytes: 4, ..Limits::default() };
        assert_eq!(journal(12).trim(Duration::from_secs(12), &limits), Some(11));
        let limits = Limits { max_journal_age: Some(Duration::from_secs(5)), ..Limits::default() };
        assert_eq!(journal(12).trim(Duration::from_secs(12), &limits), Some(7));
        let mut old = journal(12);
        assert_eq!(old.trim(Duration::from_secs(100), &limits), Some(12), "the newest carries the count");
        assert_eq!(old.next(), 13);
    }
}
