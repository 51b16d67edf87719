//! Values under keys that are never used again: a slab whose slots count their tenants.

/// A slab. A key is the slot's index with the number of its tenant above it, so that a stale key finds nothing.
#[derive(Debug)]
pub(crate) struct Slots<T> {
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
}

#[derive(Debug)]
struct Slot<T> {
    tenant: u32,
    value: Option<T>,
}

impl<T> Slots<T> {
    /// Without a value, and without memory.
    pub(crate) fn new() -> Self {
        Self { slots: Vec::new(), free: Vec::new() }
    }

    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Keeps a value and names it.
    pub(crate) fn insert(&mut self, value: T) -> u64 {
        if let Some(index) = self.free.pop() {
            let slot = &mut self.slots[index as usize];
            slot.value = Some(value);
            return key(index, slot.tenant);
        }
        let index = u32::try_from(self.slots.len()).expect("fewer than 2^32 slots fit into memory");
        self.slots.push(Slot { tenant: 0, value: Some(value) });
        key(index, 0)
    }

    pub(crate) fn get(&self, key: u64) -> Option<&T> {
        let slot = self.slots.get(index(key))?;
        if slot.tenant == tenant(key) { slot.value.as_ref() } else { None }
    }

    pub(crate) fn get_mut(&mut self, key: u64) -> Option<&mut T> {
        let slot = self.slots.get_mut(index(key))?;
        if slot.tenant == tenant(key) { slot.value.as_mut() } else { None }
    }

    pub(crate) fn remove(&mut self, key: u64) -> Option<T> {
        let slot = self.slots.get_mut(index(key))?;
        if slot.tenant != tenant(key) {
            return None;
        }
        let value = slot.value.take()?;
        // A slot whose tenants are used up stays empty for good.
        if let Some(next) = slot.tenant.checked_add(1) {
            slot.tenant = next;
            self.free.push(u32::try_from(index(key)).expect("an index of this slab"));
        }
        Some(value)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &T> {
        self.slots.iter().filter_map(|slot| slot.value.as_ref())
    }

    /// The keys in use, in the order of their slots.
    pub(crate) fn keys(&self) -> impl Iterator<Item = u64> {
        (0u32..)
            .zip(&self.slots)
            .filter(|(_, slot)| slot.value.is_some())
            .map(|(at, slot)| key(at, slot.tenant))
    }
}

fn key(index: u32, tenant: u32) -> u64 {
    u64::from(tenant) << 32 | u64::from(index)
}

#[allow(clippy::cast_possible_truncation, reason = "the lower half")]
fn index(key: u64) -> usize {
    key as u32 as usize
}

#[allow(clippy::cast_possible_truncation, reason = "the upper half")]
fn tenant(key: u64) -> u32 {
    (key >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::Slots;

    #[test]
    fn a_stale_key_finds_nothing() {
        let mut slots = Slots::new();
        let first = slots.insert('a');
        assert_eq!(slots.remove(first), Some('a'));
        let second = slots.insert('b');
        assert_ne!(first, second);
        assert_eq!((slots.get(first), slots.get(second), slots.len()), (None, Some(&'b'), 1));
        assert_eq!(slots.remove(first), None);
        assert_eq!(slots.keys().collect::<Vec<_>>(), [second]);
    }
}
