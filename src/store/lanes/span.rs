//! A selected span of time: terms of the search text, which is the page's one filter.

use crate::store::{clock::Millis, search::Search};

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

    /// The search text with this span in place of any it has.
    pub fn put(self, search: &Search) -> String {
        let rest = without(search);
        let between = if rest.is_empty() { "" } else { " " };
        format!("{rest}{between}since:{} until:{}", self.since.iso(), self.until.iso())
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

/// The span that a search text asks for: of its terms the latest `since` and the earliest `until`, as both must hold.
pub fn of(search: &Search) -> (Option<Millis>, Option<Millis>) {
    let (mut since, mut until) = (None, None);
    for term in search.text().split_whitespace() {
        match bound(term) {
            Some((true, at)) => since = since.max(Some(at)),
            Some((false, at)) => until = Some(until.map_or(at, |until: Millis| until.min(at))),
            None => {}
        }
    }
    (since, until)
}

/// The search text without the terms of a span.
pub fn without(search: &Search) -> String {
    let text = search.text();
    let terms: Vec<&str> = text.split_whitespace().filter(|term| bound(term).is_none()).collect();
    // Text without such terms stays as it was typed.
    if terms.len() == text.split_whitespace().count() { text.to_owned() } else { terms.join(" ") }
}

/// A term that begins or ends a span: whether it begins it, and the moment.
fn bound(term: &str) -> Option<(bool, Millis)> {
    let (name, moment) = term.split_once(':')?;
    let begins = match name {
        "since" => true,
        "until" => false,
        _ => return None,
    };
    Some((begins, Millis::from_rfc3339(moment)?))
}
