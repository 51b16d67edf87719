//! A tree keyed by topic levels. Every walk is a loop: the depth of a topic costs no stack.

use std::collections::HashMap;

/// A node's index; never given out again while the node is in use.
pub(crate) type NodeId = u32;

/// The node of no level at all.
pub(crate) const ROOT: NodeId = 0;

/// A tree with a value at each node. The wildcards `+` and `#` are levels like others, but found without hashing.
#[derive(Debug)]
pub(crate) struct Trie<T> {
    nodes: Vec<Node<T>>,
    free: Vec<NodeId>,
}

#[derive(Debug)]
pub(crate) struct Node<T> {
    pub(crate) value: T,
    parent: NodeId,
    level: Box<[u8]>,
    children: HashMap<Box<[u8]>, NodeId>,
    /// The child `+`; [`ROOT`] stands for none, as it is nobody's child.
    plus: NodeId,
    /// The child `#`, likewise.
    hash: NodeId,
}

impl<T: Default> Trie<T> {
    pub(crate) fn new() -> Self {
        Self { nodes: vec![Node::new(ROOT, &[])], free: Vec::new() }
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node<T> {
        &self.nodes[id as usize]
    }

    pub(crate) fn value_mut(&mut self, id: NodeId) -> &mut T {
        &mut self.nodes[id as usize].value
    }

    /// The node at the end of these levels.
    pub(crate) fn find<'a>(&self, mut levels: impl Iterator<Item = &'a [u8]>) -> Option<NodeId> {
        levels.try_fold(ROOT, |at, level| self.node(at).child(level))
    }

    /// The node at the end of these levels, made where it is missing.
    pub(crate) fn make<'a>(&mut self, levels: impl Iterator<Item = &'a [u8]>) -> NodeId {
        let mut at = ROOT;
        for level in levels {
            at = match self.node(at).child(level) {
                Some(child) => child,
                None => self.add(at, level),
            };
        }
        at
    }

    /// Removes this node and those above it, as long as they hold nothing and lead nowhere.
    pub(crate) fn prune(&mut self, mut at: NodeId, is_empty: impl Fn(&T) -> bool) {
        while at != ROOT && self.node(at).is_leaf() && is_empty(&self.node(at).value) {
            let parent = self.node(at).parent;
            let gone = std::mem::replace(&mut self.nodes[at as usize], Node::new(ROOT, &[]));
            let above = &mut self.nodes[parent as usize];
            match &*gone.level {
                b"+" => above.plus = ROOT,
                b"#" => above.hash = ROOT,
                level => {
                    above.children.remove(level);
                    if above.children.is_empty() {
                        above.children = HashMap::new();
                    }
                }
            }
            self.free.push(at);
            at = parent;
        }
    }

    fn add(&mut self, parent: NodeId, level: &[u8]) -> NodeId {
        let node = Node::new(parent, level);
        let id = if let Some(id) = self.free.pop() {
            self.nodes[id as usize] = node;
            id
        } else {
            self.nodes.push(node);
            NodeId::try_from(self.nodes.len() - 1).expect("fewer than 2^32 nodes fit into memory")
        };
        let above = &mut self.nodes[parent as usize];
        match level {
            b"+" => above.plus = id,
            b"#" => above.hash = id,
            level => {
                above.children.insert(level.into(), id);
            }
        }
        id
    }
}

impl<T: Default> Node<T> {
    fn new(parent: NodeId, level: &[u8]) -> Self {
        Self {
            value: T::default(),
            parent,
            level: level.into(),
            children: HashMap::new(),
            plus: ROOT,
            hash: ROOT,
        }
    }

    pub(crate) fn child(&self, level: &[u8]) -> Option<NodeId> {
        match level {
            b"+" => self.plus(),
            b"#" => self.hash(),
            level if self.children.is_empty() => {
                let _ = level;
                None
            }
            level => self.children.get(level).copied(),
        }
    }

    pub(crate) fn plus(&self) -> Option<NodeId> {
        (self.plus != ROOT).then_some(self.plus)
    }

    pub(crate) fn hash(&self) -> Option<NodeId> {
        (self.hash != ROOT).then_some(self.hash)
    }

    /// The children that are no wildcards, in no order: sort what comes of them.
    pub(crate) fn children(&self) -> impl Iterator<Item = (&[u8], NodeId)> {
        self.children.iter().map(|(level, id)| (&**level, *id))
    }

    fn is_leaf(&self) -> bool {
        self.children.is_empty() && self.plus == ROOT && self.hash == ROOT
    }
}

#[cfg(test)]
mod tests {
    use super::{ROOT, Trie};

    fn levels(topic: &str) -> impl Iterator<Item = &[u8]> {
        topic.as_bytes().split(|b| *b == b'/')
    }

    #[test]
    fn pruning_keeps_what_is_shared() {
        let mut trie: Trie<u32> = Trie::new();
        let long = trie.make(levels("a/+/c/#"));
        let short = trie.make(levels("a/+"));
        *trie.value_mut(short) = 1;
        trie.prune(long, |value| *value == 0);
        assert_eq!(trie.find(levels("a/+/c")), None);
        assert_eq!(trie.find(levels("a/+")), Some(short));
        *trie.value_mut(short) = 0;
        trie.prune(short, |value| *value == 0);
        assert!(trie.node(ROOT).is_leaf());
        assert_eq!(trie.free.len() + 1, trie.nodes.len());
    }
}
