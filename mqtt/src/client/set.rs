//! A set as a sorted list: identifiers and filters are few, and mostly come in order.

#[derive(Debug, Clone)]
pub(super) struct Set<T>(Vec<T>);

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Ord> Set<T> {
    pub(super) fn contains(&self, item: &T) -> bool {
        self.0.binary_search(item).is_ok()
    }

    /// Whether it is new.
    pub(super) fn insert(&mut self, item: T) -> bool {
        match self.0.binary_search(&item) {
            Ok(_) => false,
            Err(at) => {
                self.0.insert(at, item);
                true
            }
        }
    }

    /// Whether it was there.
    pub(super) fn remove(&mut self, item: &T) -> bool {
        let found = self.0.binary_search(item);
        found.is_ok_and(|at| {
            self.0.remove(at);
            true
        })
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Takes everything out.
    pub(super) fn take(&mut self) -> Vec<T> {
        std::mem::take(&mut self.0)
    }
}

impl<T: Ord> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut set = Self::default();
        for item in items {
            set.insert(item);
        }
        set
    }
}
