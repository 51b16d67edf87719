//! A channel and the entries of it that this page has.

use std::{collections::VecDeque, sync::Arc};

use crate::store::{Millis, json::Json};

/// Fields of an entry.
pub const FIELDS: usize = 8;

/// Entries kept of a channel: two a minute for four hours, and as many points as a chart on a phone can show.
pub const ENTRIES_MAX: usize = 500;

/// Bytes kept of a value. A number needs twenty; more is text, whose beginning tells what it is.
const VALUE_MAX: usize = 1_000;

/// A channel.
#[derive(Clone, Debug, Default)]
pub struct Channel {
    /// Its number.
    pub id: u32,
    /// Entries that it has at the broker, as far as told.
    pub count: u64,
    /// By number.
    pub(super) entries: VecDeque<Arc<Entry>>,
    /// The oldest that the broker keeps; 0: it has not said.
    pub(super) first: u64,
    /// Whether the broker did not tell what it was asked for.
    pub(super) untold: bool,
    /// What was the newest before the connection was lost, until the broker says the same of it.
    pub(super) check: Option<Arc<Entry>>,
}

/// An entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its number; the next one of the channel has the next.
    pub id: u64,
    /// When it was made, by the broker's clock or as its maker says.
    pub at: Millis,
    /// The values, as they were sent.
    pub fields: [Option<Arc<str>>; FIELDS],
    /// What its maker says beside them.
    pub status: Option<Arc<str>>,
}

impl Channel {
    /// A channel without entries.
    pub fn new(id: u32) -> Self {
        Self { id, ..Self::default() }
    }

    /// The entries, oldest first.
    pub fn entries(&self) -> &VecDeque<Arc<Entry>> {
        &self.entries
    }

    /// The newest entry.
    pub fn last(&self) -> Option<&Arc<Entry>> {
        self.entries.back()
    }

    /// Fields that have a value in some entry, from 0.
    pub fn fields(&self) -> Vec<usize> {
        let has = |field: &usize| self.entries.iter().any(|entry| entry.fields[*field].is_some());
        (0..FIELDS).filter(has).collect()
    }

    /// Takes an entry in. Gives whether it is news.
    pub(super) fn take(&mut self, entry: Entry) -> bool {
        self.count = self.count.max(entry.id);
        let at = self.entries.partition_point(|known| known.id < entry.id);
        if self.entries.get(at).is_some_and(|known| known.id == entry.id) {
            return false;
        }
        self.entries.insert(at, Arc::new(entry));
        if self.entries.len() > ENTRIES_MAX {
            self.entries.pop_front();
        }
        true
    }

    /// It was made anew, and has so many entries.
    pub(super) fn clear(&mut self, count: u64) {
        *self = Self { id: self.id, count, ..Self::default() };
    }

    /// What the broker's list says: a channel that counts less than before was made anew.
    pub(super) fn listed(&mut self, count: u64, last: Option<Entry>) {
        if count < self.count {
            self.clear(count);
        }
        self.count = count;
        if let Some(last) = last {
            self.take(last);
        }
    }
}

impl Entry {
    /// Reads what is relayed; `now` where it has no time.
    pub(super) fn read(json: &Json<'_>, now: Millis) -> Result<Self, String> {
        let mut fields = <[Option<Arc<str>>; FIELDS]>::default();
        for (field, value) in fields.iter_mut().enumerate() {
            *value = text(json, &name(field))?;
        }
        Ok(Self {
            id: json.number("entry_id")?.ok_or("the entry has no \"entry_id\"")?,
            at: json.text("created_at")?.and_then(Millis::from_rfc3339).unwrap_or(now),
            fields,
            status: text(json, "status")?,
        })
    }

    /// `field1 21.5, field2 on`, and what its maker says.
    pub fn words(&self) -> String {
        let mut words = Vec::new();
        for (field, value) in self.fields.iter().enumerate() {
            if let Some(value) = value {
                words.push(format!("{} {value}", name(field)));
            }
        }
        words.extend(self.status.as_ref().map(|status| format!("“{status}”")));
        words.join(", ")
    }
}

/// `field1` for 0.
pub fn name(field: usize) -> String {
    format!("field{}", field + 1)
}

fn text(json: &Json<'_>, name: &str) -> Result<Option<Arc<str>>, String> {
    let text = json.text(name)?;
    Ok(text.map(|text| text[..text.floor_char_boundary(VALUE_MAX)].into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: u64) -> Entry {
        Entry { id, ..Entry::default() }
    }

    #[test]
    fn an_entry_keeps_what_was_sent() {
        let payload = r#"{"channel_id":7,"created_at":"2026-11-21T12:00:00Z","entry_id":13,"field1":"021.50","field2":null,
            "field8":"<b>","status":"ok"}"#;
        let read = Entry::read(&Json::read(payload.as_bytes()).unwrap(), Millis(0)).unwrap();
        assert_eq!((read.id, read.at), (13, Millis(1_795_262_400_000)));
        assert_eq!(read.words(), "field1 021.50, field8 <b>, “ok”");
        let without = Json::read(br#"{"field1":"1"}"#).unwrap();
        assert_eq!(Entry::read(&without, Millis(0)), Err("the entry has no \"entry_id\"".to_owned()));
        let long = format!(r#"{{"entry_id":1,"field1":"{}"}}"#, "ü".repeat(2_000));
        let read = Entry::read(&Json::read(long.as_bytes()).unwrap(), Millis(5)).unwrap();
        assert_eq!((read.at, read.fields[0].as_ref().unwrap().len()), (Millis(5), VALUE_MAX));
    }

    #[test]
    fn entries_stand_in_their_order_each_once_and_the_oldest_go() {
        let mut channel = Channel::new(7);
        for id in [1, 2, 5, 4, 4, 9] {
            channel.take(entry(id));
        }
        let ids = |channel: &Channel| channel.entries().iter().map(|entry| entry.id).collect::<Vec<_>>();
        assert_eq!(ids(&channel), [1, 2, 4, 5, 9]);
        for id in 10..1_000 {
            channel.take(entry(id));
        }
        assert_eq!((channel.entries().len(), channel.count), (ENTRIES_MAX, 999));
        assert_eq!(channel.entries()[0].id, 500);
    }

    #[test]
    fn a_channel_that_was_made_anew_begins_anew() {
        let mut channel = Channel::new(7);
        channel.listed(9, Some(entry(9)));
        channel.listed(9, Some(entry(9)));
        assert_eq!(channel.entries().len(), 1);
        channel.listed(1, Some(entry(1)));
        assert_eq!(channel.last().map(|entry| entry.id), Some(1));
        channel.listed(0, None);
        assert!(channel.last().is_none());
    }
}
