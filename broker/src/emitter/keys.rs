//! The keys of a realm.

use super::key::ChannelKey;
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

/// Bytes of a key at most: a word, or what `emitter/keygen/` makes.
pub const MAX_KEY_BYTES: usize = 63;

/// Whether this is the JSON of a [`Record::EmitterKeySet`](crate::Record::EmitterKeySet), as the core writes it.
pub fn reads_emitter_key(json: &[u8]) -> bool {
    ChannelKey::from_json(json).is_some()
}

/// Keys of the configuration and those that were made. Expired ones stay until room is needed, so that what is said under
/// them is refused and does not become an ordinary topic that holds a key.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    /// Whether the interface is open at all.
    is_open: bool,
    configured: HashMap<Box<str>, ChannelKey>,
    made: BTreeMap<Box<str>, ChannelKey>,
    /// A bit for each length that a key has: most topics are known to bear none by their first level's length.
    lengths: u64,
}

/// What a topic's first level is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum First<'a> {
    /// `emitter`, and what stands behind its slash.
    Request(&'a str),
    /// A key, and what stands behind its slash.
    Key(&'a str, &'a str),
}

impl Keys {
    /// Takes the configuration's keys; `None` closes the interface.
    pub(crate) fn configure(&mut self, keys: Option<&[String]>) {
        self.is_open = keys.is_some();
        let keys = keys.unwrap_or_default().iter();
        self.configured = keys.map(|name| (name.as_str().into(), ChannelKey::configured())).collect();
        self.measure();
    }

    #[inline]
    pub(crate) fn is_open(&self) -> bool {
        self.is_open
    }

    /// Whether a topic or filter may be one of the interface; what most are not is known by a few comparisons.
    #[inline]
    pub(crate) fn may_speak(&self, topic: &[u8]) -> bool {
        self.is_open && self.has_known_length(topic)
    }

    fn has_known_length(&self, topic: &[u8]) -> bool {
        let first = topic.iter().take(MAX_KEY_BYTES + 1).position(|byte| *byte == b'/');
        first.is_some_and(|length| self.lengths & (1 << length) != 0)
    }

    /// What the first level is, where it is the interface's.
    pub(super) fn first<'a>(&self, topic: &'a str) -> Option<First<'a>> {
        let (first, rest) = topic.split_once('/')?;
        if first == "emitter" {
            return Some(First::Request(rest));
        }
        self.get(first).map(|_| First::Key(first, rest))
    }

    pub(super) fn get(&self, key: &str) -> Option<&ChannelKey> {
        self.configured.get(key).or_else(|| self.made.get(key))
    }

    pub(super) fn made(&self) -> usize {
        self.made.len()
    }

    pub(super) fn insert(&mut self, name: &str, key: ChannelKey) {
        self.made.insert(name.into(), key);
        self.measure();
    }

    pub(super) fn remove(&mut self, names: &[Box<str>]) {
        for name in names {
            self.made.remove(name);
        }
        self.measure();
    }

    /// Those that have expired.
    pub(super) fn expired(&self, now: Duration) -> Vec<Box<str>> {
        let is_over = |key: &ChannelKey| key.expires.is_some_and(|at| at <= now);
        self.made.iter().filter(|(_, key)| is_over(key)).map(|(name, _)| name.clone()).collect()
    }

    /// A key as it was stored; what nobody can read is no key.
    pub(crate) fn restore(&mut self, name: &str, json: &[u8]) {
        if let Some(key) = ChannelKey::from_json(json) {
            self.insert(name, key);
        }
    }

    pub(crate) fn forget(&mut self, name: &str) {
        self.remove(&[name.into()]);
    }

    fn measure(&mut self) {
        let names = self.configured.keys().chain(self.made.keys());
        let lengths = names.map(|name| name.len()).filter(|length| *length <= MAX_KEY_BYTES);
        self.lengths = lengths.fold(1 << (super::REQUESTS.len() - 1), |bits, length| bits | 1 << length);
    }
}

#[cfg(test)]
mod tests {
    use super::{First, Keys};
    use crate::emitter::key::ChannelKey;

    #[test]
    fn the_first_level_says_what_a_topic_is() {
        let mut keys = Keys::default();
        assert!(!keys.may_speak(b"emitter/me/"));
        keys.configure(Some(&["demo".to_owned()]));
        assert!(keys.may_speak(b"demo/a/") && keys.may_speak(b"oems/a/") && keys.may_speak(b"emitter/me/"));
        assert!(!keys.may_speak(b"demos/a/") && !keys.may_speak(b"demo") && !keys.may_speak(b""));
        assert!(!keys.may_speak([b'x'; 70].as_slice()));
        assert_eq!(keys.first("demo/a/"), Some(First::Key("demo", "a/")));
        assert_eq!(keys.first("emitter/me/"), Some(First::Request("me/")));
        assert_eq!(keys.first("oems/a/"), None);
        keys.insert("abc", ChannelKey { is_configured: false, ..ChannelKey::configured() });
        assert!(keys.may_speak(b"abc/x/"));
        keys.forget("abc");
        assert!(!keys.may_speak(b"abc/x/"));
        keys.configure(None);
        assert!(!keys.may_speak(b"demo/a/"));
    }
}
