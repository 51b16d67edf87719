//! A selected span of time: terms of the search text, which is the page's one filter.

use crate::store::clock::Millis;

/// `[since, until)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its beginning.
    pub since: Millis,
    /// Its end.
    pub until: Millis,
}

impl Span {
    /// The span between two moments, whichever is earlier; at least a millisecond.
    pub fn between(one: Millis, other: Millis) -> Self {
        let since = one.min(other);
        Self { since, until: one.max(other).max(since.plus(1)) }
    }
}

/// A span that is being drawn by keyboard: one end stays, the other moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    /// The end that stays.
    pub anchor: Millis,
    /// The end that moves.
    pub moving: Millis,
}

impl Pick {
    /// A pick of the span that is in force.
    pub fn of(span: Span) -> Self {
        Self { anchor: span.since, moving: span.until }
    }

    /// The moving end goes one column on, past the one that stays; columns of `step` milliseconds begin at `from`.
    pub fn go(self, later: bool, from: Millis, step: i64) -> Self {
        let column = (self.moving.0 - from.0).div_euclid(step);
        let next = |by: i64| from.plus((column + by) * step);
        let aligned = next(0) == self.moving;
        let moving = match (later, aligned) {
            (true, _) => next(1),
            (false, true) => next(-1),
            (false, false) => next(0),
        };
        let on = Self { moving, ..self };
        if moving == self.anchor { on.go(later, from, step) } else { on }
    }

    /// What is picked.
    pub fn span(self) -> Span {
        Span::between(self.anchor, self.moving)
    }
}
