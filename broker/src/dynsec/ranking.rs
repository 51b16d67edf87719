//! Names by priority.

use serde::{Deserialize, Serialize};

/// Names with their priorities, the higher ones first and equal ones by name. Each name stands in it once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Ranking(Vec<(String, i32)>);

/// The priority that no answer shows.
pub(super) const UNRANKED: i32 = -1;

impl Ranking {
    pub(super) fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Adds a name; whether it is new.
    pub(super) fn insert(&mut self, name: &str, priority: i32) -> bool {
        if self.contains(name) {
            return false;
        }
        let at = self
            .0
            .partition_point(|(known, rank)| (-i64::from(*rank), &**known) < (-i64::from(priority), name));
        self.0.insert(at, (name.to_owned(), priority));
        true
    }

    /// Whether it was there.
    pub(super) fn remove(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|(known, _)| known != name);
        self.0.len() != before
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, i32)> {
        self.0.iter().map(|(name, priority)| (&**name, *priority))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| &**name)
    }
}

#[cfg(test)]
mod tests {
    use super::Ranking;

    #[test]
    fn higher_priorities_come_first_and_equal_ones_by_name() {
        let mut ranking = Ranking::default();
        for (name, priority) in [("c", -1), ("a", -1), ("b", i32::MIN), ("d", i32::MAX), ("a", 9)] {
            ranking.insert(name, priority);
        }
        assert_eq!(ranking.names().collect::<Vec<_>>(), ["d", "a", "c", "b"]);
        assert!(ranking.remove("a") && !ranking.remove("a"));
        assert_eq!(ranking.len(), 3);
    }
}
