//! The tree against the naive matching of filters.

use super::{Options, Subscriptions};
use crate::key::SessionKey;
use headcount_mqtt::{TopicFilter, TopicName};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Few words, so that filters and topics meet often; `$` and empty levels among them.
fn level() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "b", "", "$s", "+", "+", "#"])
}

fn filter() -> impl Strategy<Value = String> {
    (prop::option::of(prop::sample::select(vec!["g", "h"])), prop::collection::vec(level(), 1..5)).prop_map(
        |(share, mut levels)| {
            // `#` ends a filter.
            if let Some(end) = levels.iter().position(|level| *level == "#") {
                levels.truncate(end + 1);
            }
            let plain = levels.join("/");
            share.map_or(plain.clone(), |name| format!("$share/{name}/{plain}"))
        },
    )
}

fn topic() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(vec!["a", "b", "", "$s"]), 1..5)
        .prop_map(|levels| levels.join("/"))
}

#[derive(Debug, Clone)]
enum Step {
    Set(u64, String),
    Remove(u64, String),
    Match(String),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..4u64, filter()).prop_map(|(session, filter)| Step::Set(session, filter)),
        (0..4u64, filter()).prop_map(|(session, filter)| Step::Remove(session, filter)),
        topic().prop_map(Step::Match),
    ]
}

/// The sessions with a plain subscription, one for each; and the groups' names with one member each.
type Answer = (Vec<u64>, Vec<(Vec<u8>, Vec<u8>)>);

fn naive(all: &BTreeSet<(u64, TopicFilter)>, topic: &TopicName) -> Answer {
    let mut plain = Vec::new();
    let mut groups = Vec::new();
    for (session, filter) in all.iter().filter(|(_, filter)| filter.matches(topic)) {
        match filter.shared() {
            Some(shared) => groups.push((shared.name.to_vec(), shared.filter.to_vec())),
            None => plain.push(*session),
        }
    }
    groups.sort();
    groups.dedup();
    (plain, groups)
}

proptest! {
    /// The tree, its cache and its pruning against one filter after the other.
    #[test]
    fn the_tree_agrees_with_the_filters(steps in prop::collection::vec(step(), 1..60)) {
        let mut tree = Subscriptions::new();
        let mut all = BTreeSet::new();
        for step in steps {
            match step {
                Step::Set(session, filter) => {
                    let Ok(filter) = TopicFilter::try_from(filter) else { continue };
                    tree.set(&filter, SessionKey(session), Options::default());
                    all.insert((session, filter));
                }
                Step::Remove(session, filter) => {
                    let Ok(filter) = TopicFilter::try_from(filter) else { continue };
                    let existed = all.remove(&(session, filter.clone()));
                    prop_assert_eq!(tree.remove(&filter, SessionKey(session)), existed);
                }
                Step::Match(topic) => {
                    let Ok(topic) = TopicName::try_from(topic) else { continue };
                    let found = tree.matches(topic.as_bytes(), |_| true);
                    let plain: Vec<u64> = found.entries.iter().map(|entry| entry.session.0).collect();
                    let mut groups: Vec<_> = found
                        .shares
                        .iter()
                        .map(|key| {
                            let share = tree.share_mut(*key).expect("a group that exists");
                            share.name.to_vec()
                        })
                        .collect();
                    groups.sort();
                    let (mut expected, expected_groups) = naive(&all, &topic);
                    expected.sort_unstable();
                    prop_assert_eq!(plain, expected);
                    let mut names: Vec<_> = expected_groups.into_iter().map(|(name, _)| name).collect();
                    names.sort();
                    prop_assert_eq!(groups, names);
                }
            }
            prop_assert_eq!(tree.len(), all.len());
        }
    }
}

/// A topic of 65,535 levels walks the tree in a loop.
#[test]
fn depth_costs_no_stack() {
    let mut tree = Subscriptions::new();
    let deep = "/".repeat(65_535);
    let filter = TopicFilter::try_from(deep.as_str()).unwrap();
    tree.set(&filter, SessionKey(1), Options::default());
    tree.set(&TopicFilter::try_from("+/#").unwrap(), SessionKey(2), Options::default());
    assert_eq!(tree.matches(deep.as_bytes(), |_| true).entries.len(), 2);
    assert!(tree.remove(&filter, SessionKey(1)));
    assert_eq!(tree.matches(deep.as_bytes(), |_| true).entries.len(), 1);
}
