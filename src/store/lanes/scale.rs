//! Which part of time is in sight, and where a moment stands in it: arithmetic on milliseconds and whole pixels.

use super::steps::{self, DAY};
use crate::store::clock::Millis;

/// The shortest time in sight.
pub const SHORTEST: i64 = 1_000;

/// Everything is at least this long, so that the first event of a page does not fill it.
const SHORTEST_ALL: i64 = 30_000;

/// What part of what is recorded the reader wants to see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// All of it, growing with the clock.
    #[default]
    All,
    /// The newest so many milliseconds, moving with the clock.
    Newest(i64),
    /// From a moment on, so many milliseconds, whatever the clock.
    Fixed(Millis, i64),
}

/// A part of time, `[from, to)`, and the pixels it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// The moment at the left edge.
    pub from: Millis,
    /// The moment at the right edge, later than `from`.
    pub to: Millis,
    /// CSS pixels.
    pub width: i64,
}

/// A mark of the axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// Pixels from the left edge.
    pub x: i64,
    /// `10:05`, `10:05:30`, `10:05:30.5`, or the day where one begins: `10-24`.
    pub label: String,
}

/// The whole of what is recorded, from its first moment to the clock's, with a margin on both sides in which the ends
/// of bars are seen.
pub fn whole(first: Millis, edge: Millis) -> (Millis, Millis) {
    let length = edge.since(first).max(SHORTEST_ALL);
    (edge.plus(-length - length / 64), edge.plus(margin(length)))
}

/// What is left free at the right of a view that follows the clock: more than a second of the shortest that is all, so
/// that what came since the clock moved on is in sight.
fn margin(length: i64) -> i64 {
    length / 28
}

impl View {
    /// What is in sight, of a record that reaches from `first` to `edge`.
    pub fn range(self, first: Millis, edge: Millis) -> (Millis, Millis) {
        match self {
            Self::All => whole(first, edge),
            Self::Newest(length) => {
                let to = edge.plus(margin(length));
                (to.plus(-length), to)
            }
            Self::Fixed(from, length) => (from, from.plus(length)),
        }
    }

    /// Whether it moves with the clock.
    pub fn follows(self) -> bool {
        !matches!(self, Self::Fixed(..))
    }

    /// The view with `by.0 / by.1` of the length in sight. What stands at `anchor`, in thousandths from the left edge,
    /// stays there; without one a view that follows the clock goes on with it, and another keeps its middle.
    pub fn zoom(self, first: Millis, edge: Millis, by: (i64, i64), anchor: Option<i64>) -> Self {
        let (from, to) = self.range(first, edge);
        let (all_from, all_to) = whole(first, edge);
        let length = to.since(from);
        let wanted = length.saturating_mul(by.0) / by.1.max(1);
        // All has grown since one zoomed in: out again by as much is all of it.
        let all = all_to.since(all_from);
        if by.0 > by.1 && wanted >= all - all / 10 {
            return Self::All;
        }
        let wanted = wanted.max(SHORTEST);
        if anchor.is_none() && self.follows() {
            return Self::Newest(wanted);
        }
        let anchor = anchor.unwrap_or(500).clamp(0, 1_000);
        let at = from.plus(length / 1_000 * anchor + length % 1_000 * anchor / 1_000);
        let moved = at.plus(-(wanted / 1_000 * anchor + wanted % 1_000 * anchor / 1_000));
        Self::placed(moved, wanted, first, edge)
    }

    /// The view moved by so many milliseconds, later where they are positive, within what is recorded. At its end it
    /// goes on with the clock.
    pub fn pan(self, first: Millis, edge: Millis, by: i64) -> Self {
        let (from, to) = self.range(first, edge);
        match self {
            Self::All => self,
            _ => Self::placed(from.plus(by), to.since(from), first, edge),
        }
    }

    /// The oldest that is recorded, as long as what is in sight.
    pub fn oldest(self, first: Millis, edge: Millis) -> Self {
        self.pan(first, edge, i64::MIN / 4)
    }

    /// The newest, as long as what is in sight.
    pub fn newest(self) -> Self {
        match self {
            Self::Fixed(_, length) => Self::Newest(length),
            other => other,
        }
    }

    /// What lies between two moments, with a margin around it.
    pub fn around(since: Millis, until: Millis) -> Self {
        let length = until.since(since).max(SHORTEST);
        let margin = length / 8;
        Self::Fixed(since.plus(-margin), length + 2 * margin)
    }

    fn placed(from: Millis, length: i64, first: Millis, edge: Millis) -> Self {
        let (all_from, all_to) = whole(first, edge);
        if from.plus(length) >= edge.plus(margin(length)).min(all_to) {
            return Self::Newest(length);
        }
        Self::Fixed(from.max(all_from), length)
    }
}

impl Scale {
    /// Milliseconds in sight.
    pub fn length(&self) -> i64 {
        self.to.since(self.from).max(1)
    }

    /// Pixels from the left edge to this moment; a little outside the edges for what lies beyond them.
    pub fn x(&self, at: Millis) -> i64 {
        const BEYOND: i64 = 24;
        // No farther than one length away, so that nothing overflows.
        let ms = at.0.saturating_sub(self.from.0).clamp(-self.length(), self.length().saturating_mul(2));
        let x = i128::from(ms) * i128::from(self.width) / i128::from(self.length());
        i64::try_from(x).unwrap_or(0).clamp(-BEYOND, self.width + BEYOND)
    }

    /// The moment at `x` pixels from the left edge.
    pub fn at(&self, x: i64) -> Millis {
        let ms = i128::from(self.length()) * i128::from(x) / i128::from(self.width.max(1));
        self.from.plus(i64::try_from(ms).unwrap_or(0))
    }

    /// Milliseconds that `pixels` take.
    pub fn ms(&self, pixels: i64) -> i64 {
        self.at(pixels).0 - self.from.0
    }

    /// The marks of the axis, on round moments of the reader's clock, which is `offset` minutes east of UTC at a moment.
    pub fn ticks(&self, offset: impl Fn(Millis) -> i32) -> Vec<Tick> {
        /// Pixels between two marks at least: a label and some room.
        const APART: i64 = 84;
        let step = steps::round(self.length(), self.width, APART);
        let mut ticks = Vec::new();
        let east = i64::from(offset(self.from)) * 60_000;
        let mut local = (self.from.0 + east).div_euclid(step) * step + step;
        while local - east < self.to.0 {
            let at = Millis(local - east);
            ticks.push(Tick { x: self.x(at), label: label(at, step, offset(at)) });
            local += step;
        }
        ticks
    }
}

fn label(at: Millis, step: i64, offset: i32) -> String {
    let local = at.0 + i64::from(offset) * 60_000;
    let clock = at.clock(offset);
    let digits = match step {
        _ if local.rem_euclid(DAY) == 0 || step >= DAY => {
            return at.date_and_clock(offset).get(5..10).unwrap_or_default().to_owned();
        }
        ..100 => 11,
        100..1_000 => 10,
        1_000..60_000 => 8,
        _ => 5,
    };
    clock.get(..digits).unwrap_or(&clock).to_owned()
}
