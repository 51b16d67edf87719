//! Terms that are added and taken away by a click: the rest of the text stays as it was typed.

use super::{Key, Piece, Search, Term, Value};
use crate::store::clock::Millis;

impl Search {
    /// Whether the term is in force.
    pub fn has(&self, term: &Term) -> bool {
        self.terms().any(|known| known == term)
    }

    /// The text with the term, in the place of its opposite.
    pub fn with(&self, term: &Term) -> String {
        let opposite = term.opposite();
        self.rewritten(|known| known != term && *known != opposite, &[term])
    }

    /// The text without the term.
    pub fn without(&self, term: &Term) -> String {
        self.rewritten(|known| known != term, &[])
    }

    /// The text with the term where it was not in force, and without it where it was: what a click on a value asks for.
    pub fn toggled(&self, term: &Term) -> String {
        if self.has(term) { self.without(term) } else { self.with(term) }
    }

    /// The text with this span in the place of any other; without one where both ends are open.
    pub fn spanning(&self, since: Option<Millis>, until: Option<Millis>) -> String {
        let term = |key, at: Option<Millis>| {
            at.map(|at| Term { excluded: false, key: Some(key), value: Value::Part(at.iso()) })
        };
        let terms = [term(Key::Since, since), term(Key::Until, until)];
        let terms: Vec<&Term> = terms.iter().flatten().collect();
        self.rewritten(|known| !known.key.is_some_and(Key::is_moment), &terms)
    }

    /// The terms that `keeps` keeps, as they were typed, those that mean nothing included, and the new ones behind them.
    fn rewritten(&self, keeps: impl Fn(&Term) -> bool, new: &[&Term]) -> String {
        let is_kept = |piece: &&Piece| piece.term.as_ref().map_or(true, &keeps);
        // Behind a term without an end nothing would be a term of its own.
        let (open, kept): (Vec<&Piece>, Vec<&Piece>) =
            self.pieces.iter().filter(is_kept).partition(|piece| piece.is_open);
        let typed =
            |pieces: Vec<&Piece>| pieces.into_iter().map(|piece| piece.text.clone()).collect::<Vec<_>>();
        let new = new.iter().map(|term| term.write()).collect();
        [typed(kept), new, typed(open)].concat().join(" ")
    }
}
