//! The newest entries of a channel, for those who ask for them later.

use bytes::Bytes;
use std::collections::VecDeque;

/// What stands in front of an entry's number of the channel, and between that and its time: entries are of one form
/// ([`super::entry`]).
const HEAD: (&[u8], &[u8]) = (b"{\"channel_id\":", b",\"created_at\":\"");

/// Bytes of a time: `2026-11-21T12:00:00Z`. Two of them compare as their moments do.
const MOMENT: usize = 20;

/// The newest entries of a channel, oldest first and without a gap in their numbers. The newest always stays, as it
/// carries the count.
#[derive(Debug, Clone, Default)]
pub(crate) struct History {
    /// Each as it was relayed.
    kept: VecDeque<Bytes>,
    /// The number of the newest that was made; 0: there is none.
    numbered: u64,
    /// Of all that are kept.
    bytes: usize,
}

/// Which entries are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// How many at most: the newest of those that the bounds below leave.
    pub(crate) results: usize,
    /// Numbers above this one.
    pub(crate) after: Option<u64>,
    /// Numbers below this one.
    pub(crate) before: Option<u64>,
    /// Made then or later, as entries write it.
    pub(crate) start: Option<String>,
    /// Made then or earlier.
    pub(crate) end: Option<String>,
}

impl History {
    /// As a store of before remembers a channel: how many entries it had, and the newest, if any.
    pub(crate) fn begun(numbered: u64, last: Bytes) -> Self {
        let mut history = Self { numbered: numbered.saturating_sub(1), ..Self::default() };
        if !last.is_empty() {
            history.push(numbered, last);
        }
        Self { numbered, ..history }
    }

    /// The number of the newest entry; 0: there is none.
    pub(crate) fn numbered(&self) -> u64 {
        self.numbered
    }

    /// The newest entry; empty where there is none.
    pub(crate) fn last(&self) -> &[u8] {
        self.kept.back().map_or(&[], |json| json)
    }

    /// The number of the oldest that is kept; one above the newest where none is.
    pub(crate) fn first(&self) -> u64 {
        (self.numbered - self.kept.len() as u64).saturating_add(1)
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether there is one more than the newest.
    pub(crate) fn can_give(&self) -> bool {
        self.kept.len() > 1
    }

    /// Adds an entry, which may be one that storage remembers. What is there already stays, and what would leave a gap
    /// was forgotten.
    pub(crate) fn push(&mut self, number: u64, json: Bytes) {
        if number <= self.numbered {
            return;
        }
        if number > self.numbered + 1 {
            self.kept.clear();
            self.bytes = 0;
        }
        self.numbered = number;
        self.bytes += json.len();
        self.kept.push_back(json);
    }

    /// Forgets the oldest beyond these bounds.
    pub(crate) fn trim(&mut self, most: usize, most_bytes: usize) {
        while self.can_give() && (self.kept.len() > most || self.bytes > most_bytes) {
            self.give();
        }
    }

    /// Forgets the oldest.
    pub(crate) fn give(&mut self) {
        if let Some(json) = self.kept.pop_front() {
            self.bytes -= json.len();
        }
    }

    /// Forgets all before this number.
    pub(crate) fn drop_before(&mut self, number: u64) {
        while self.can_give() && self.first() < number {
            self.give();
        }
    }

    /// The answer to who asks for them, in no more bytes than these; `None`: they are too few for any.
    pub(crate) fn feeds(&self, channel: u32, wanted: &Wanted, bytes: usize) -> Option<Vec<u8>> {
        let (first, last) = (self.first(), self.numbered);
        let head =
            format!("{{\"channel\":{{\"id\":{channel},\"first_entry_id\":{first},\"last_entry_id\":{last}}}");
        let mut room = bytes.checked_sub(head.len() + ",\"feeds\":[],\"more\":false}".len())?;
        let place = |number: u64| usize::try_from(number.saturating_sub(first)).unwrap_or(usize::MAX);
        let from = wanted.after.map_or(0, |after| place(after.saturating_add(1))).min(self.kept.len());
        let to = wanted.before.map_or(self.kept.len(), place).clamp(from, self.kept.len());
        let mut found = Vec::new();
        let mut more = false;
        for json in self.kept.range(from..to).rev().filter(|json| wanted.is_in_time(json)) {
            let left = room.checked_sub(json.len() + 1);
            more = left.is_none() || found.len() == wanted.results;
            if more {
                break;
            }
            room = left.unwrap_or(0);
            found.push(json);
        }
        let mut answer = Vec::with_capacity(bytes - room);
        answer.extend_from_slice(head.as_bytes());
        answer.extend_from_slice(b",\"feeds\":[");
        for (at, json) in found.into_iter().rev().enumerate() {
            if at > 0 {
                answer.push(b',');
            }
            answer.extend_from_slice(json);
        }
        answer.extend_from_slice(format!("],\"more\":{more}}}").as_bytes());
        Some(answer)
    }
}

impl Wanted {
    fn is_in_time(&self, json: &[u8]) -> bool {
        if self.start.is_none() && self.end.is_none() {
            return true;
        }
        let Some(at) = moment(json) else { return false };
        self.start.as_ref().is_none_or(|start| at >= start.as_bytes())
            && self.end.as_ref().is_none_or(|end| at <= end.as_bytes())
    }
}

/// When an entry was made, as it says.
fn moment(json: &[u8]) -> Option<&[u8]> {
    let rest = json.strip_prefix(HEAD.0)?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    rest[digits..].strip_prefix(HEAD.1)?.get(..MOMENT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::body::form;
    use crate::channels::entry;
    use std::time::Duration;

    /// Entries that were made a minute apart, from 1970 on.
    fn history(count: u64) -> History {
        let mut history = History::default();
        for number in 1..=count {
            history.push(number, entry(number));
        }
        history
    }

    fn entry(number: u64) -> Bytes {
        entry::json(7, number, Duration::from_secs(60 * number), &form(b"field1=1", 255).unwrap()).into()
    }

    fn all() -> Wanted {
        Wanted { results: 100, ..Wanted::default() }
    }

    /// The numbers that come, and whether there are more.
    fn asked(history: &History, wanted: &Wanted, bytes: usize) -> (Vec<u64>, bool) {
        let answer = history.feeds(7, wanted, bytes).unwrap();
        assert!(answer.len() <= bytes, "{} of {bytes}", answer.len());
        let answer: serde_json::Value = serde_json::from_slice(&answer).unwrap();
        assert_eq!(answer["channel"]["last_entry_id"], history.numbered());
        assert_eq!(answer["channel"]["first_entry_id"], history.first());
        let numbers = answer["feeds"].as_array().unwrap().iter().map(|it| it["entry_id"].as_u64().unwrap());
        (numbers.collect(), answer["more"].as_bool().unwrap())
    }

    #[test]
    fn the_newest_come_oldest_first_and_say_whether_there_are_more() {
        let history = history(9);
        let check = |wanted: Wanted, numbers: std::ops::RangeInclusive<u64>, more| {
            assert_eq!(asked(&history, &wanted, 1 << 20), (numbers.collect(), more), "{wanted:?}");
        };
        check(all(), 1..=9, false);
        check(Wanted { results: 9, ..all() }, 1..=9, false);
        check(Wanted { results: 8, ..all() }, 2..=9, true);
        check(Wanted { after: Some(3), ..all() }, 4..=9, false);
        check(Wanted { after: Some(3), results: 2, ..all() }, 8..=9, true);
        check(Wanted { before: Some(4), ..all() }, 1..=3, false);
        check(Wanted { after: Some(1), before: Some(4), ..all() }, 2..=3, false);
        for nothing in
            [Wanted { after: Some(9), ..all() }, Wanted { after: Some(u64::MAX), before: Some(0), ..all() }]
        {
            assert_eq!(asked(&history, &nothing, 1 << 20), (vec![], false), "{nothing:?}");
        }
        check(Wanted { after: Some(0), before: Some(u64::MAX), ..all() }, 1..=9, false);
    }

    #[test]
    fn times_bound_what_comes_whatever_the_order() {
        let mut history = history(3);
        let old = form(b"created_at=1969-12-31T23:59:59Z&field1=1", 255).unwrap();
        history.push(4, super::super::entry::json(7, 4, Duration::ZERO, &old).into());
        let at = |text: &str| Some(text.to_owned());
        let from = Wanted { start: at("1970-01-01T00:02:00Z"), ..all() };
        assert_eq!(asked(&history, &from, 1_000), (vec![2, 3], false));
        let until = Wanted { end: at("1970-01-01T00:01:00Z"), ..all() };
        assert_eq!(asked(&history, &until, 1_000), (vec![1, 4], false));
        assert_eq!(asked(&history, &Wanted { results: 1, ..until }, 1_000), (vec![4], true));
    }

    #[test]
    fn an_answer_has_no_more_bytes_than_it_may() {
        let history = history(9);
        let whole = history.feeds(7, &all(), 1 << 20).unwrap().len();
        // Each entry counts with a comma, the first too, and `true` has a letter less than `false`.
        for bytes in 0..=whole + 1 {
            if history.feeds(7, &all(), bytes).is_none() {
                assert!(bytes < 90, "{bytes}");
                continue;
            }
            let (numbers, more) = asked(&history, &all(), bytes);
            let first = numbers.first().copied().unwrap_or(10);
            assert!(numbers.iter().copied().eq(first..=9) && more == (first > 1), "{numbers:?}");
        }
        assert_eq!(asked(&history, &all(), whole + 1), ((1..=9).collect(), false));
    }

    #[test]
    fn bounds_leave_the_newest() {
        let mut history = history(9);
        history.trim(4, usize::MAX);
        assert_eq!((history.first(), history.numbered()), (6, 9));
        history.trim(4, 2 * entry(9).len());
        assert_eq!((history.first(), history.bytes()), (8, 2 * entry(9).len()));
        history.trim(0, 0);
        assert_eq!((history.first(), history.last().len()), (9, entry(9).len()));
        history.drop_before(100);
        assert_eq!(history.first(), 9);
    }

    #[test]
    fn what_would_leave_a_gap_is_forgotten() {
        let mut history = History::begun(12, entry(12));
        assert_eq!(history.first(), 12);
        history.push(13, entry(13));
        history.push(13, entry(13));
        assert_eq!((history.first(), history.numbered()), (12, 13));
        history.push(20, entry(20));
        assert_eq!((history.first(), history.numbered()), (20, 20));
        let none = History::begun(0, Bytes::new());
        assert_eq!((none.first(), none.numbered(), none.last()), (1, 0, &b""[..]));
        let lost = History::begun(5, Bytes::new());
        assert_eq!((lost.first(), lost.numbered()), (6, 5));
    }
}
