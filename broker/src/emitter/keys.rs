//! The keys of a realm.

use super::KeyId;
use super::key::ChannelKey;
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::ops::Deref;
use std::time::Duration;

/// Bytes of a key at most: a word, or what `emitter/keygen/` makes.
pub const MAX_KEY_BYTES: usize = 63;

/// Letters of a key that is made.
pub(super) const MADE_BYTES: usize = 32;

/// Keys of a configuration. Shown by their number alone.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct EmitterKeys(Vec<String>);

impl From<Vec<String>> for EmitterKeys {
    fn from(keys: Vec<String>) -> Self {
        Self(keys)
    }
}

impl Deref for EmitterKeys {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Debug for EmitterKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EmitterKeys({})", self.0.len())
    }
}

/// Whether this is the JSON of a [`Record::EmitterKeySet`](crate::Record::EmitterKeySet), as the core writes it.
pub fn reads_emitter_key(json: &[u8]) -> bool {
    ChannelKey::from_json(KeyId([0; 32]), json).is_some()
}

/// Keys of the configuration and those that were made. Expired ones stay until room is needed, so that what is said under
/// them is refused and does not become an ordinary topic that holds a key.
#[derive(Default)]
pub(crate) struct Keys {
    /// Whether the interface is open at all.
    is_open: bool,
    /// By the key itself, as it stands in the configuration anyway. Never iterated.
    configured: HashMap<Box<str>, ChannelKey>,
    /// Never iterated.
    made: HashMap<KeyId, ChannelKey>,
    /// When those end that were made and have not ended, in that order.
    lasting: BTreeSet<(Duration, KeyId)>,
    /// Those that have ended.
    over: BTreeSet<(Duration, KeyId)>,
    /// A bit for each length that a key has: most topics are known to bear none by their first level's length.
    lengths: u64,
}

/// What a topic's first level is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum First<'k, 't> {
    /// `emitter`, and what stands behind its slash.
    Request(&'t str),
    /// A key, and what stands behind its slash.
    Key(&'k ChannelKey, &'t str),
}

/// What stands behind `emitter/` where the hash of a key follows.
const HASHED: &str = "will/";

impl Keys {
    /// Takes the configuration's keys; `None` closes the interface.
    pub(crate) fn configure(&mut self, keys: Option<&[String]>) {
        self.is_open = keys.is_some();
        let keys = keys.unwrap_or_default().iter();
        let read = keys.map(|name| (name.as_str().into(), ChannelKey::configured(KeyId::of(name))));
        self.configured = read.collect();
        self.measure();
    }

    #[inline]
    pub(crate) fn is_open(&self) -> bool {
        self.is_open
    }

    /// What the interface's topics begin with, links aside.
    pub(crate) fn first_bytes(&self) -> impl Iterator<Item = u8> {
        let configured = self.configured.keys().filter_map(|key| key.bytes().next());
        let made = (!self.made.is_empty()).then_some(super::keygen::LETTERS).into_iter().flatten().copied();
        let all = configured.chain(made).chain(super::REQUESTS.first().copied());
        all.filter(|_| self.is_open)
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
    pub(super) fn first<'k, 't>(&'k self, topic: &'t str) -> Option<First<'k, 't>> {
        let (first, rest) = topic.split_once('/')?;
        if first == "emitter" {
            return Some(First::Request(rest));
        }
        self.get(first).map(|key| First::Key(key, rest))
    }

    /// A Will's topic as it is kept, in storage too: with its key's hash in the place of a key that was made. `None`: as
    /// it is.
    pub(super) fn kept_will(&self, topic: &str) -> Option<String> {
        match self.first(topic)? {
            // Nobody but the broker names a key by its hash: this Will asks for nothing, and is refused.
            First::Request(rest) => rest.starts_with(HASHED).then(|| "emitter/".to_owned()),
            First::Key(key, rest) => {
                (!key.is_configured).then(|| format!("emitter/{HASHED}{}/{rest}", key.id.text()))
            }
        }
    }

    /// What the topic of a kept Will begins with.
    pub(super) fn first_of_will<'k, 't>(&'k self, topic: &'t str) -> Option<First<'k, 't>> {
        let first = self.first(topic)?;
        let First::Request(rest) = first else { return Some(first) };
        let Some((id, rest)) = rest.strip_prefix(HASHED).and_then(|it| it.split_once('/')) else {
            return Some(first);
        };
        let key = KeyId::read(id).and_then(|id| self.made.get(&id));
        Some(key.map_or(first, |key| First::Key(key, rest)))
    }

    pub(super) fn get(&self, key: &str) -> Option<&ChannelKey> {
        self.configured.get(key).or_else(|| {
            let may_be_made = key.len() == MADE_BYTES && !self.made.is_empty();
            if may_be_made { self.made.get(&KeyId::of(key)) } else { None }
        })
    }

    /// Whether a key may be used at all; if not, why.
    pub(super) fn fault(&self, id: KeyId, now: Duration) -> Option<&'static str> {
        if !self.is_open {
            return Some("this realm speaks Emitter's interface no more");
        }
        if let Some(key) = self.made.get(&id) {
            return key
                .is_banned
                .then_some(super::key::BANNED)
                .or(key.is_over(now).then_some(super::key::EXPIRED));
        }
        let is_configured = self.configured.values().any(|key| key.id == id);
        (!is_configured).then_some("the key is gone")
    }

    pub(super) fn made(&self) -> usize {
        self.made.len()
    }

    pub(super) fn insert(&mut self, key: ChannelKey) {
        self.forget(key.id);
        if let Some(at) = key.expires {
            self.lasting.insert((at, key.id));
        }
        self.made.insert(key.id, key);
        self.measure();
    }

    /// Takes a key out of use, or back into it; `None`: no such key was made.
    pub(super) fn ban(&mut self, id: KeyId, is_banned: bool) -> Option<&ChannelKey> {
        let key = self.made.get_mut(&id)?;
        key.is_banned = is_banned;
        Some(key)
    }

    /// When the next key ends.
    pub(super) fn next_end(&self) -> Option<Duration> {
        self.lasting.first().map(|(at, _)| *at)
    }

    /// Whether keys have ended since this was last asked.
    pub(super) fn end(&mut self, now: Duration) -> bool {
        let mut any = false;
        while let Some((at, id)) = self.lasting.first().copied()
            && at <= now
        {
            self.lasting.remove(&(at, id));
            self.over.insert((at, id));
            any = true;
        }
        any
    }

    /// Drops one that has ended, the oldest first.
    pub(super) fn drop_ended(&mut self) -> Option<KeyId> {
        let (_, id) = self.over.pop_first()?;
        self.forget(id);
        Some(id)
    }

    /// A key as it was stored; what nobody can read is no key. Stores of older versions name it by itself, and are told
    /// the name that takes its place.
    pub(crate) fn restore(&mut self, name: &str, json: &[u8]) -> Option<KeyId> {
        let (id, is_plain) = KeyId::read(name).map_or_else(|| (KeyId::of(name), true), |id| (id, false));
        self.insert(ChannelKey::from_json(id, json)?);
        is_plain.then_some(id)
    }

    /// The same of a key that is kept no longer.
    pub(crate) fn forget_stored(&mut self, name: &str) {
        self.forget(KeyId::read(name).unwrap_or_else(|| KeyId::of(name)));
    }

    fn forget(&mut self, id: KeyId) {
        if let Some(at) = self.made.remove(&id).and_then(|key| key.expires) {
            self.lasting.remove(&(at, id));
            self.over.remove(&(at, id));
        }
        self.measure();
    }

    fn measure(&mut self) {
        let made = (!self.made.is_empty()).then_some(MADE_BYTES);
        let lengths = self.configured.keys().map(|name| name.len()).chain(made);
        let lengths = lengths.filter(|length| *length <= MAX_KEY_BYTES);
        self.lengths = lengths.fold(1 << (super::REQUESTS.len() - 1), |bits, length| bits | 1 << length);
    }
}

/// How many there are, as whoever knows a key may use it.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (configured, made) = (self.configured.len(), self.made.len());
        write!(f, "Keys({configured} configured, {made} made)")
    }
}

#[cfg(test)]
mod tests {
    use super::{First, Keys, MADE_BYTES};
    use crate::emitter::KeyId;
    use crate::emitter::key::ChannelKey;
    use std::time::Duration;

    fn made(name: &str, expires: Option<u64>) -> ChannelKey {
        let expires = expires.map(Duration::from_secs);
        ChannelKey { is_configured: false, expires, ..ChannelKey::configured(KeyId::of(name)) }
    }

    #[test]
    fn the_first_level_says_what_a_topic_is() {
        let mut keys = Keys::default();
        assert!(!keys.may_speak(b"emitter/me/"));
        keys.configure(Some(&["demo".to_owned()]));
        assert!(keys.may_speak(b"demo/a/") && keys.may_speak(b"oems/a/") && keys.may_speak(b"emitter/me/"));
        assert!(!keys.may_speak(b"demos/a/") && !keys.may_speak(b"demo") && !keys.may_speak(b""));
        assert!(!keys.may_speak([b'x'; 70].as_slice()));
        assert!(matches!(keys.first("demo/a/"), Some(First::Key(key, "a/")) if key.is_configured));
        assert_eq!(keys.first("emitter/me/"), Some(First::Request("me/")));
        assert_eq!(keys.first("oems/a/"), None);
        let name = "k".repeat(MADE_BYTES);
        let topic = format!("{name}/x/");
        assert!(!keys.may_speak(topic.as_bytes()));
        keys.insert(made(&name, None));
        assert!(keys.may_speak(topic.as_bytes()));
        assert!(matches!(keys.first(&topic), Some(First::Key(key, "x/")) if !key.is_configured));
        assert!(!format!("{keys:?}").contains("demo"));
        // The hash that is kept is no key.
        assert!(keys.get(KeyId::of(&name).text().as_str()).is_none());
        keys.forget_stored(KeyId::of(&name).text().as_str());
        assert!(!keys.may_speak(topic.as_bytes()));
        keys.configure(None);
        assert!(!keys.may_speak(b"demo/a/"));
    }

    #[test]
    fn keys_end_in_the_order_of_their_times() {
        let mut keys = Keys::default();
        keys.configure(Some(&[]));
        for (name, expires) in [("late", Some(30)), ("early", Some(10)), ("for good", None)] {
            keys.insert(made(name, expires));
        }
        let at = Duration::from_secs;
        assert_eq!(keys.next_end(), Some(at(10)));
        assert!(!keys.end(at(9)) && keys.end(at(10)) && !keys.end(at(10)));
        assert_eq!(keys.fault(KeyId::of("early"), at(10)), Some("the key has expired"));
        assert_eq!(keys.fault(KeyId::of("late"), at(10)), None);
        assert_eq!((keys.made(), keys.next_end()), (3, Some(at(30))));
        assert_eq!(keys.drop_ended(), Some(KeyId::of("early")));
        assert_eq!(keys.drop_ended(), None);
        assert_eq!(keys.fault(KeyId::of("early"), at(10)), Some("the key is gone"));
        assert!(keys.end(at(99)));
        // The same key once more begins anew.
        keys.insert(made("late", Some(100)));
        assert_eq!((keys.drop_ended(), keys.next_end()), (None, Some(at(100))));
    }
}
