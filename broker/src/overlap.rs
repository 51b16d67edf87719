//! All filters of a tree that have a topic in common with a filter.

use crate::trie::{NodeId, ROOT, Trie};
use headcount_mqtt::TopicFilter;

/// The nodes at which such filters end, each once, in no order. What [`crate::cover::overlap`] says of one pair.
pub(crate) fn overlapping<T: Default>(tree: &Trie<T>, filter: &TopicFilter) -> Vec<NodeId> {
    let mut found = Vec::new();
    let mut frontier = vec![ROOT];
    let mut next = Vec::new();
    for (depth, level) in filter.levels().enumerate() {
        next.clear();
        if level == b"#" {
            for at in frontier {
                everything(tree, at, &mut found);
            }
            return found;
        }
        // [MQTT-4.7.2-1] a wildcard in front speaks of no topic that begins with `$`.
        let wild = depth > 0 || !level.starts_with(b"$");
        for at in &frontier {
            let node = tree.node(*at);
            if level == b"+" {
                let named = node.children().filter(|(name, _)| depth > 0 || !name.starts_with(b"$"));
                next.extend(named.map(|(_, child)| child));
            } else {
                next.extend(node.child(level));
            }
            if wild {
                next.extend(node.plus());
                found.extend(node.hash());
            }
        }
        std::mem::swap(&mut frontier, &mut next);
    }
    for at in frontier {
        found.push(at);
        // `a/#` matches `a` too (4.7.1.2).
        found.extend(tree.node(at).hash());
    }
    found
}

/// A node and all below it; from the root only what a `#` in front speaks of.
fn everything<T: Default>(tree: &Trie<T>, from: NodeId, found: &mut Vec<NodeId>) {
    let mut waiting = vec![from];
    while let Some(at) = waiting.pop() {
        if at != ROOT {
            found.push(at);
        }
        let node = tree.node(at);
        let named = node.children().filter(|(name, _)| at != ROOT || !name.starts_with(b"$"));
        waiting.extend(named.map(|(_, child)| child).chain(node.plus()).chain(node.hash()));
    }
}

#[cfg(test)]
mod tests {
    use super::overlapping;
    use crate::cover::overlap;
    use crate::trie::Trie;
    use headcount_mqtt::TopicFilter;
    use proptest::prelude::*;

    fn filter() -> impl Strategy<Value = TopicFilter> {
        let level = prop::sample::select(vec!["a", "b", "+", "$x", ""]);
        let end = prop::sample::select(vec!["", "/#"]);
        let some = (prop::collection::vec(level, 1..4), end);
        prop_oneof![8 => some.prop_map(|(levels, end)| levels.join("/") + end), 1 => Just("#".to_owned())]
            .prop_filter_map("a filter", |text| TopicFilter::try_from(text.as_str()).ok())
    }

    proptest! {
        #[test]
        fn it_finds_what_overlaps(all in prop::collection::vec(filter(), 0..12), asked in filter()) {
            let mut tree: Trie<Vec<usize>> = Trie::new();
            for (at, it) in all.iter().enumerate() {
                let node = tree.make(it.levels());
                tree.value_mut(node).push(at);
            }
            let nodes = overlapping(&tree, &asked);
            let mut found: Vec<_> = nodes.iter().flat_map(|at| tree.node(*at).value.clone()).collect();
            found.sort_unstable();
            let expected: Vec<_> =
                all.iter().enumerate().filter(|(_, it)| overlap(it, &asked)).map(|(at, _)| at).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
