//! Retained messages: the last one of each topic, whatever becomes of its publisher's session
//! [MQTT-3.1.2-7 (3.1.1)].

use crate::message::Message;
use crate::trie::{NodeId, ROOT, Trie};
use headcount_mqtt::{Text, TopicFilter, TopicName};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// All retained messages of a realm, bounded in count and bytes. The broker's own, one for each session and fact, are
/// not counted: clients cannot crowd them out, nor they the clients'.
#[derive(Debug)]
pub(crate) struct Retained {
    tree: Trie<Option<Kept>>,
    count: usize,
    bytes: usize,
    /// Count and bytes of each account that has some. Never iterated.
    owners: HashMap<Text, (usize, usize)>,
    /// When messages that are over were last looked for.
    swept: Option<Duration>,
}

#[derive(Debug)]
struct Kept {
    message: Arc<Message>,
    /// Whose client retained it; `None` for the broker's own, and for those of which that was not stored.
    owner: Option<Text>,
}

/// Looking for messages that are over reads all of them: not more often than this, however full the bounds are.
const SWEEP_EVERY: Duration = Duration::from_secs(10);

impl Retained {
    pub(crate) fn new() -> Self {
        Self { tree: Trie::new(), count: 0, bytes: 0, owners: HashMap::new(), swept: None }
    }

    pub(crate) fn len(&self) -> usize {
        self.count
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Count and bytes of what an account's clients retained.
    pub(crate) fn of(&self, owner: &Text) -> (usize, usize) {
        self.owners.get(owner).copied().unwrap_or_default()
    }

    /// Keeps it in the place of the topic's last [MQTT-3.3.1-5].
    pub(crate) fn set(&mut self, message: Arc<Message>, owner: Option<Text>) {
        let node = self.tree.make(message.topic.levels());
        let kept = Kept { message, owner };
        self.count(&kept, 1);
        if let Some(old) = self.tree.value_mut(node).replace(kept) {
            self.count(&old, -1);
        }
    }

    /// Forgets the topic's message; whether there was one.
    pub(crate) fn clear(&mut self, topic: &TopicName) -> bool {
        let Some(node) = self.tree.find(topic.levels()) else { return false };
        let Some(old) = self.tree.value_mut(node).take() else { return false };
        self.count(&old, -1);
        self.tree.prune(node, Option::is_none);
        true
    }

    pub(crate) fn get(&self, topic: &TopicName) -> Option<&Arc<Message>> {
        Some(&self.kept(topic)?.message)
    }

    /// Whether the topic's message is one of this account.
    pub(crate) fn is_of(&self, topic: &TopicName, owner: &Text) -> bool {
        self.kept(topic).is_some_and(|kept| kept.owner.as_ref() == Some(owner))
    }

    fn kept(&self, topic: &TopicName) -> Option<&Kept> {
        self.tree.node(self.tree.find(topic.levels())?).value.as_ref()
    }

    /// The messages whose topic matches, sorted by topic.
    pub(crate) fn matching(&self, filter: &TopicFilter) -> Vec<Arc<Message>> {
        let mut found = Vec::new();
        let mut frontier = vec![ROOT];
        let mut next = Vec::new();
        let mut everything_below = false;
        for (depth, level) in filter.levels().enumerate() {
            next.clear();
            match level {
                b"#" => {
                    everything_below = true;
                    break;
                }
                b"+" => {
                    for at in &frontier {
                        next.extend(self.children(*at, depth));
                    }
                }
                level => next.extend(frontier.iter().filter_map(|at| self.tree.node(*at).child(level))),
            }
            std::mem::swap(&mut frontier, &mut next);
        }
        while let Some(at) = frontier.pop() {
            found.extend(self.tree.node(at).value.as_ref().map(|kept| Arc::clone(&kept.message)));
            if everything_below {
                // Only `#` alone starts at the root.
                frontier.extend(self.children(at, usize::from(at != ROOT)));
            }
        }
        found.sort_by(|a, b| a.topic.cmp(&b.topic));
        found
    }

    /// Drops what is over: called when a bound is met.
    pub(crate) fn drop_expired(&mut self, now: Duration) {
        if self.swept.is_some_and(|last| now < last + SWEEP_EVERY) {
            return;
        }
        self.swept = Some(now);
        let everything = TopicFilter::try_from("#").expect("a filter");
        for message in self.matching(&everything) {
            if message.expiry(now).is_none() {
                self.clear(&message.topic);
            }
        }
    }

    fn count(&mut self, kept: &Kept, change: isize) {
        let message = &kept.message;
        let first = message.topic.levels().next();
        if !matches!(first, Some(b"$headcount" | b"$SYS")) {
            let size = isize::try_from(message.size()).expect("sizes fit into half the address space");
            self.count = self.count.saturating_add_signed(change);
            self.bytes = self.bytes.saturating_add_signed(change * size);
            if let Some(owner) = &kept.owner {
                let (count, bytes) = self.owners.entry(owner.clone()).or_default();
                *count = count.saturating_add_signed(change);
                *bytes = bytes.saturating_add_signed(change * size);
                if *count == 0 {
                    self.owners.remove(owner);
                }
            }
        }
    }

    /// Children that a wildcard at this depth matches [MQTT-4.7.2-1].
    fn children(&self, at: NodeId, depth: usize) -> impl Iterator<Item = NodeId> {
        self.tree
            .node(at)
            .children()
            .filter(move |(level, _)| depth > 0 || !level.starts_with(b"$"))
            .map(|(_, child)| child)
    }
}
