//! The histogram: how many came and how many left, in columns of a round length.

use super::{scale::Scale, steps};
use crate::store::clock::Millis;

/// Pixels that a column takes at least.
const NARROWEST: i64 = 7;

/// Those who came and left within a length of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Connects.
    pub came: u32,
    /// Disconnects.
    pub left: u32,
}

/// The columns of what is in sight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// The beginning of the first one, at or before the left edge.
    pub from: Millis,
    /// Milliseconds of each.
    pub step: i64,
    /// One after the other.
    pub columns: Vec<Column>,
}

impl Columns {
    /// Counts these moments, at each of which somebody came, or left. The reader's clock is `offset` minutes east of UTC.
    pub fn of(scale: &Scale, offset: i32, moments: impl Iterator<Item = (Millis, bool)>) -> Self {
        let mut counted = Self::none(scale, offset);
        for (at, came) in moments {
            if let Some(column) = counted.place(at).and_then(|at| counted.columns.get_mut(at)) {
                *(if came { &mut column.came } else { &mut column.left }) += 1;
            }
        }
        counted
    }

    fn none(scale: &Scale, offset: i32) -> Self {
        let step = steps::round(scale.length(), scale.width, NARROWEST);
        let east = i64::from(offset) * 60_000;
        let from = Millis((scale.from.0 + east).div_euclid(step) * step - east);
        let count = usize::try_from((scale.to.since(from) - 1).max(0) / step + 1).unwrap_or(1);
        Self { from, step, columns: vec![Column::default(); count] }
    }

    /// Which column a moment belongs to; none outside.
    pub fn place(&self, at: Millis) -> Option<usize> {
        let place = usize::try_from(at.0.saturating_sub(self.from.0).div_euclid(self.step)).ok()?;
        (place < self.columns.len()).then_some(place)
    }

    /// The beginning of a column, or the end of the one before it.
    pub fn edge(&self, column: usize) -> Millis {
        self.from.plus(i64::try_from(column).unwrap_or(i64::MAX).saturating_mul(self.step))
    }

    /// The most that came, or left, within one column.
    pub fn most(&self) -> u32 {
        self.columns.iter().map(|column| column.came.max(column.left)).max().unwrap_or(0)
    }

    /// Those of all columns.
    pub fn sum(&self) -> Column {
        self.columns.iter().fold(Column::default(), |sum, column| Column {
            came: sum.came + column.came,
            left: sum.left + column.left,
        })
    }
}
