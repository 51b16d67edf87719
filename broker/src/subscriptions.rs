//! Who gets what: the tree of filters, and a cache of answers in front of it.

use crate::key::SessionKey;
use crate::key::ShareKey;
use crate::options::Options;
use crate::overlap::overlapping;
use crate::shared::{Member, Share};
use crate::slots::Slots;
use crate::trie::{NodeId, ROOT, Trie};
use headcount_mqtt::TopicFilter;
use std::collections::HashMap;
use std::sync::Arc;

/// A subscription that matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) session: SessionKey,
    pub(crate) options: Options,
}

/// The subscriptions that match one topic.
#[derive(Debug)]
pub(crate) struct Matches {
    pub(crate) topic: Box<[u8]>,
    /// True for the subscriptions and access rules of this generation alone.
    pub(crate) generation: u64,
    /// Sorted by session, so that those of one session stand together.
    pub(crate) entries: Vec<Entry>,
    pub(crate) shares: Vec<ShareKey>,
}

/// All subscriptions of a realm.
#[derive(Debug)]
pub(crate) struct Subscriptions {
    tree: Trie<Here>,
    shares: Slots<Share>,
    count: usize,
    generation: u64,
    /// Answers of the present generation.
    cache: HashMap<Box<[u8]>, Arc<Matches>>,
    /// Nodes of the level in work, kept to save allocations.
    frontier: (Vec<NodeId>, Vec<NodeId>),
}

/// The subscriptions whose filter ends at a node.
#[derive(Debug, Default)]
struct Here {
    /// Sorted by session.
    entries: Vec<Entry>,
    shares: Vec<ShareKey>,
}

/// Topics whose answers are kept: some megabytes at most for usual topics, and enough for a busy broker's rotation.
const CACHED: usize = 8_192;

/// Topics longer than this are not kept: 8,192 of the greatest length would take 512 MiB.
const CACHED_LENGTH: usize = 512;

impl Subscriptions {
    pub(crate) fn new() -> Self {
        Self {
            tree: Trie::new(),
            shares: Slots::new(),
            count: 0,
            generation: 0,
            cache: HashMap::new(),
            frontier: (Vec::new(), Vec::new()),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// How many of them share their messages with others.
    pub(crate) fn shared(&self) -> usize {
        self.shares.values().map(|share| share.sessions().count()).sum()
    }

    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    /// Every answer so far is void: subscriptions or access rules are others.
    pub(crate) fn renew(&mut self) {
        self.generation += 1;
        if !self.cache.is_empty() {
            self.cache.clear();
        }
    }

    /// Adds a subscription or replaces its options [MQTT-3.8.4-3].
    pub(crate) fn set(&mut self, filter: &TopicFilter, session: SessionKey, options: Options) {
        self.renew();
        let node = self.tree.make(filter.levels());
        let existed = if let Some(shared) = filter.shared() {
            let share = self.share(node, shared.name).unwrap_or_else(|| {
                let key = ShareKey(self.shares.insert(Share::new(shared.name, node)));
                self.tree.value_mut(node).shares.push(key);
                key
            });
            let share = self.shares.get_mut(share.0).expect("found or made above");
            share.join(Member { session, options })
        } else {
            let entries = &mut self.tree.value_mut(node).entries;
            let entry = Entry { session, options };
            match entries.binary_search_by_key(&session, |it| it.session) {
                Ok(at) => {
                    entries[at] = entry;
                    true
                }
                Err(at) => {
                    entries.insert(at, entry);
                    false
                }
            }
        };
        self.count += usize::from(!existed);
    }

    /// Whether there was such a subscription.
    pub(crate) fn remove(&mut self, filter: &TopicFilter, session: SessionKey) -> bool {
        let Some(node) = self.tree.find(filter.levels()) else { return false };
        let existed = if let Some(shared) = filter.shared() {
            self.share(node, shared.name).is_some_and(|key| self.leave(key, session))
        } else {
            let here = self.tree.value_mut(node);
            let at = here.entries.binary_search_by_key(&session, |it| it.session);
            at.is_ok_and(|at| {
                here.entries.remove(at);
                if here.entries.is_empty() {
                    here.entries = Vec::new();
                }
                true
            })
        };
        if existed {
            self.renew();
            self.count -= 1;
            self.tree.prune(node, |here| here.entries.is_empty() && here.shares.is_empty());
        }
        existed
    }

    pub(crate) fn group(&self, key: ShareKey) -> Option<&Share> {
        self.shares.get(key.0)
    }

    pub(crate) fn share_mut(&mut self, key: ShareKey) -> Option<&mut Share> {
        self.shares.get_mut(key.0)
    }

    /// The group of a Shared Subscription's filter.
    pub(crate) fn share_of(&self, filter: &TopicFilter) -> Option<ShareKey> {
        let name = filter.shared()?.name;
        self.share(self.tree.find(filter.levels())?, name)
    }

    /// Everything that matches this topic, as it is written [MQTT-3.3.2-3] [MQTT-4.7.3-4], and passes `may_read`,
    /// which may depend on the topic and the session alone, as its answer is kept until [`Subscriptions::renew`].
    pub(crate) fn matches(&mut self, topic: &[u8], may_read: impl Fn(SessionKey) -> bool) -> Arc<Matches> {
        if let Some(matches) = self.cache.get(topic) {
            return Arc::clone(matches);
        }
        let matches = Arc::new(self.matches_now(topic, may_read));
        if topic.len() <= CACHED_LENGTH {
            if self.cache.len() >= CACHED {
                self.cache.clear();
            }
            self.cache.insert(topic.into(), Arc::clone(&matches));
        }
        matches
    }

    /// The same for a topic that will not come again soon.
    pub(crate) fn matches_now(&mut self, topic: &[u8], may_read: impl Fn(SessionKey) -> bool) -> Matches {
        let mut matches = Matches {
            topic: topic.into(),
            generation: self.generation,
            entries: Vec::new(),
            shares: Vec::new(),
        };
        let (mut frontier, mut next) = std::mem::take(&mut self.frontier);
        frontier.clear();
        frontier.push(ROOT);
        for (depth, level) in topic.split(|b| *b == b'/').enumerate() {
            // [MQTT-4.7.2-1] a wildcard in front does not match a topic that begins with `$`.
            let wild = depth > 0 || !level.starts_with(b"$");
            next.clear();
            for at in &frontier {
                let node = self.tree.node(*at);
                if wild {
                    self.gather(node.hash(), &mut matches);
                    next.extend(node.plus());
                }
                next.extend(node.child(level));
            }
            std::mem::swap(&mut frontier, &mut next);
            if frontier.is_empty() {
                break;
            }
        }
        for at in &frontier {
            self.gather(Some(*at), &mut matches);
            // `a/#` matches `a` too (4.7.1.2).
            self.gather(self.tree.node(*at).hash(), &mut matches);
        }
        self.frontier = (frontier, next);
        matches.entries.retain(|entry| may_read(entry.session));
        matches.entries.sort_by_key(|entry| entry.session);
        matches
    }

    /// The sessions with a subscription that has a topic in common with this filter, shared ones too; each once, sorted.
    pub(crate) fn overlapping(&self, filter: &TopicFilter) -> Vec<SessionKey> {
        let mut sessions = Vec::new();
        for node in overlapping(&self.tree, filter) {
            let here = &self.tree.node(node).value;
            sessions.extend(here.entries.iter().map(|entry| entry.session));
            let shares = here.shares.iter().filter_map(|key| self.shares.get(key.0));
            sessions.extend(shares.flat_map(Share::sessions));
        }
        sessions.sort_unstable();
        sessions.dedup();
        sessions
    }

    fn gather(&self, node: Option<NodeId>, matches: &mut Matches) {
        let Some(node) = node else { return };
        let here = &self.tree.node(node).value;
        matches.entries.extend_from_slice(&here.entries);
        matches.shares.extend_from_slice(&here.shares);
    }

    fn share(&self, node: NodeId, name: &[u8]) -> Option<ShareKey> {
        let shares = &self.tree.node(node).value.shares;
        shares.iter().copied().find(|key| self.shares.get(key.0).is_some_and(|it| *it.name == *name))
    }

    fn leave(&mut self, key: ShareKey, session: SessionKey) -> bool {
        let Some(share) = self.shares.get_mut(key.0) else { return false };
        let existed = share.leave(session);
        if share.is_empty() {
            let node = share.node;
            self.shares.remove(key.0);
            self.tree.value_mut(node).shares.retain(|it| *it != key);
        }
        existed
    }
}

#[cfg(test)]
mod tests;
