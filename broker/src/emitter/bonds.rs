//! Which subscriptions were made with which keys, and end with them.

use super::KeyId;
use crate::key::SessionKey;
use headcount_mqtt::TopicFilter;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Of all sessions. No more than there are subscriptions, whose number is bounded.
#[derive(Debug, Default)]
pub(crate) struct Bonds {
    /// Never iterated.
    of: HashMap<SessionKey, BTreeMap<TopicFilter, KeyId>>,
    by_key: BTreeMap<KeyId, BTreeSet<(SessionKey, TopicFilter)>>,
}

impl Bonds {
    /// A subscription was made or replaced, with this key or none.
    pub(crate) fn set(&mut self, session: SessionKey, filter: &TopicFilter, key: Option<KeyId>) {
        self.remove(session, filter);
        if let Some(key) = key {
            self.of.entry(session).or_default().insert(filter.clone(), key);
            self.by_key.entry(key).or_default().insert((session, filter.clone()));
        }
    }

    /// It was given up.
    pub(crate) fn remove(&mut self, session: SessionKey, filter: &TopicFilter) {
        let Some(filters) = self.of.get_mut(&session) else { return };
        let Some(key) = filters.remove(filter) else { return };
        if filters.is_empty() {
            self.of.remove(&session);
        }
        self.unbind(key, session, filter);
    }

    /// The session is gone.
    pub(crate) fn forget(&mut self, session: SessionKey) {
        for (filter, key) in self.of.remove(&session).unwrap_or_default() {
            self.unbind(key, session, &filter);
        }
    }

    /// The keys that subscriptions stand on.
    pub(super) fn keys(&self) -> impl Iterator<Item = KeyId> {
        self.by_key.keys().copied()
    }

    /// What stands on a key.
    pub(super) fn on(&self, key: KeyId) -> Vec<(SessionKey, TopicFilter)> {
        self.by_key.get(&key).into_iter().flatten().cloned().collect()
    }

    fn unbind(&mut self, key: KeyId, session: SessionKey, filter: &TopicFilter) {
        let Some(bound) = self.by_key.get_mut(&key) else { return };
        bound.remove(&(session, filter.clone()));
        if bound.is_empty() {
            self.by_key.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bonds, KeyId, SessionKey};
    use headcount_mqtt::TopicFilter;

    #[test]
    fn a_bond_ends_with_its_subscription() {
        let (a, b) = (TopicFilter::try_from("a/").unwrap(), TopicFilter::try_from("b/").unwrap());
        let (one, two) = (SessionKey(1), SessionKey(2));
        let (first, second) = (KeyId::of("first"), KeyId::of("second"));
        let mut bonds = Bonds::default();
        bonds.set(one, &a, Some(first));
        bonds.set(one, &b, Some(first));
        bonds.set(two, &a, Some(first));
        assert_eq!(bonds.on(first).len(), 3);
        bonds.set(one, &a, Some(second));
        assert_eq!((bonds.on(first).len(), bonds.on(second)), (2, vec![(one, a.clone())]));
        bonds.set(one, &a, None);
        assert_eq!(bonds.on(second), []);
        bonds.remove(two, &b);
        bonds.remove(two, &a);
        bonds.forget(one);
        assert!(bonds.of.is_empty() && bonds.keys().next().is_none());
    }
}
