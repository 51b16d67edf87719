//! Which entries of channels the table holds.

use std::collections::HashMap;
use std::ops::Range;

/// The numbers of each channel's entries, which have no gaps.
#[derive(Debug, Default)]
pub(in super::super) struct Entries(HashMap<u32, Range<u64>>);

impl Entries {
    /// The table has this one.
    pub(in super::super) fn meet(&mut self, channel: u32, number: u64) {
        let kept = self.0.entry(channel).or_insert(number..number);
        kept.end = kept.end.max(number.saturating_add(1));
    }

    /// Those before this one are to go.
    pub(super) fn drop_before(&mut self, channel: u32, before: u64) -> Range<u64> {
        let Some(kept) = self.0.get_mut(&channel) else { return 0..0 };
        let before = before.clamp(kept.start, kept.end);
        std::mem::replace(&mut kept.start, before)..before
    }

    /// All are to go.
    pub(super) fn drop_all(&mut self, channel: u32) -> Range<u64> {
        self.0.remove(&channel).unwrap_or(0..0)
    }
}
