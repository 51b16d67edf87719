//! Which connections watch the presence on which channels.

use super::KeyId;
use crate::ConnectionId;
use crate::overlap::overlapping;
use crate::slots::Slots;
use crate::trie::{NodeId, Trie};
use headcount_mqtt::TopicFilter;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One channel that is watched, by at least one connection.
#[derive(Debug)]
pub(super) struct Watch {
    pub(super) filter: TopicFilter,
    node: NodeId,
    /// Clients that are connected and subscribed to a part of the channel at least.
    pub(super) occupancy: usize,
    /// With the channel as each of them asked for it.
    watchers: BTreeMap<ConnectionId, Watcher>,
}

#[derive(Debug)]
struct Watcher {
    channel: Box<str>,
    /// The key that it asked with.
    key: Option<KeyId>,
}

impl Watch {
    /// Who is told of a change, and of which channel.
    pub(super) fn told(&self) -> Vec<(ConnectionId, Box<str>)> {
        self.watchers.iter().map(|(id, watcher)| (*id, watcher.channel.clone())).collect()
    }
}

/// All of a realm.
#[derive(Debug)]
pub(crate) struct Watches {
    channels: Slots<Watch>,
    tree: Trie<Option<u64>>,
    /// What each connection watches. Never iterated.
    of: HashMap<ConnectionId, BTreeSet<u64>>,
    /// Pairs of a connection and a channel.
    count: usize,
    /// What connections watch that were not told of a change.
    missed: BTreeMap<ConnectionId, BTreeSet<u64>>,
}

impl Default for Watches {
    fn default() -> Self {
        Self {
            channels: Slots::new(),
            tree: Trie::new(),
            of: HashMap::new(),
            count: 0,
            missed: BTreeMap::new(),
        }
    }
}

impl Watches {
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// How many channels a connection watches.
    pub(super) fn of(&self, id: ConnectionId) -> usize {
        self.of.get(&id).map_or(0, BTreeSet::len)
    }

    pub(super) fn is_watching(&self, id: ConnectionId, filter: &TopicFilter) -> bool {
        self.find(filter).is_some_and(|key| self.of.get(&id).is_some_and(|keys| keys.contains(&key)))
    }

    pub(super) fn get(&self, key: u64) -> Option<&Watch> {
        self.channels.get(key)
    }

    pub(super) fn get_mut(&mut self, key: u64) -> Option<&mut Watch> {
        self.channels.get_mut(key)
    }

    /// Adds a watcher; `occupancy` is what the channel has at this moment.
    pub(super) fn add(
        &mut self,
        id: ConnectionId,
        filter: &TopicFilter,
        (channel, key_id): (&str, Option<KeyId>),
        occupancy: usize,
    ) {
        let key = self.find(filter).unwrap_or_else(|| {
            let node = self.tree.make(filter.levels());
            let watchers = BTreeMap::new();
            let key = self.channels.insert(Watch { filter: filter.clone(), node, occupancy, watchers });
            *self.tree.value_mut(node) = Some(key);
            key
        });
        let watch = self.channels.get_mut(key).expect("found or made above");
        watch.watchers.insert(id, Watcher { channel: channel.into(), key: key_id });
        let is_new = self.of.entry(id).or_default().insert(key);
        self.count += usize::from(is_new);
    }

    /// A connection watches this channel no more.
    pub(super) fn remove(&mut self, id: ConnectionId, filter: &TopicFilter) {
        let Some(key) = self.find(filter) else { return };
        let Some(keys) = self.of.get_mut(&id) else { return };
        if keys.remove(&key) {
            if keys.is_empty() {
                self.of.remove(&id);
            }
            self.leave(id, key);
        }
    }

    /// A connection is gone.
    pub(super) fn forget(&mut self, id: ConnectionId) {
        for key in self.of.remove(&id).unwrap_or_default() {
            self.leave(id, key);
        }
    }

    /// The watched channels that have a topic in common with a filter, in order of their keys.
    pub(super) fn touched(&self, filter: &TopicFilter) -> BTreeSet<u64> {
        overlapping(&self.tree, filter).into_iter().filter_map(|node| self.tree.node(node).value).collect()
    }

    /// The keys that watchers asked with.
    pub(super) fn keys(&self) -> impl Iterator<Item = KeyId> {
        self.all().filter_map(|(.., watcher)| watcher.key)
    }

    /// Who watches what by this key, or without one.
    pub(super) fn with_key(&self, key: Option<KeyId>) -> Vec<(ConnectionId, TopicFilter, Box<str>)> {
        let with_it = self.all().filter(|(.., watcher)| watcher.key == key);
        with_it.map(|(id, filter, watcher)| (id, filter.clone(), watcher.channel.clone())).collect()
    }

    /// What a connection watches.
    pub(super) fn all_of(&self, id: ConnectionId) -> Vec<(TopicFilter, Box<str>)> {
        let watches = self.of.get(&id).into_iter().flatten().filter_map(|key| self.channels.get(*key));
        watches
            .filter_map(|watch| Some((watch.filter.clone(), watch.watchers.get(&id)?.channel.clone())))
            .collect()
    }

    /// Notes that a connection was not told of a change, or of the status that it asked for.
    pub(super) fn miss(&mut self, id: ConnectionId, filter: &TopicFilter) {
        if self.is_watching(id, filter)
            && let Some(key) = self.find(filter)
        {
            self.miss_one(id, key);
        }
    }

    pub(super) fn miss_one(&mut self, id: ConnectionId, key: u64) {
        self.missed.entry(id).or_default().insert(key);
    }

    pub(super) fn has_missed(&self, id: ConnectionId, key: u64) -> bool {
        !self.missed.is_empty() && self.missed.get(&id).is_some_and(|keys| keys.contains(&key))
    }

    /// Whether anybody was not told of something.
    #[inline]
    pub(crate) fn is_anything_missed(&self) -> bool {
        !self.missed.is_empty()
    }

    /// Takes one channel that a connection has to be told of.
    pub(super) fn take_missed(&mut self, id: ConnectionId) -> Option<(TopicFilter, Box<str>)> {
        let keys = self.missed.get_mut(&id)?;
        let key = keys.pop_first();
        if keys.is_empty() {
            self.missed.remove(&id);
        }
        let watch = self.channels.get(key?)?;
        Some((watch.filter.clone(), watch.watchers.get(&id)?.channel.clone()))
    }

    fn all(&self) -> impl Iterator<Item = (ConnectionId, &TopicFilter, &Watcher)> {
        let watches = self.channels.keys().filter_map(|key| self.channels.get(key));
        watches.flat_map(|watch| watch.watchers.iter().map(|(id, it)| (*id, &watch.filter, it)))
    }

    fn find(&self, filter: &TopicFilter) -> Option<u64> {
        self.tree.node(self.tree.find(filter.levels())?).value
    }

    fn leave(&mut self, id: ConnectionId, key: u64) {
        self.count -= 1;
        if let Some(keys) = self.missed.get_mut(&id) {
            keys.remove(&key);
            if keys.is_empty() {
                self.missed.remove(&id);
            }
        }
        let Some(watch) = self.channels.get_mut(key) else { return };
        watch.watchers.remove(&id);
        if watch.watchers.is_empty() {
            let node = watch.node;
            self.channels.remove(key);
            *self.tree.value_mut(node) = None;
            self.tree.prune(node, Option::is_none);
        }
    }
}
