//! Regular expressions that take no longer than the text is long.
//!
//! A link may carry a search, and whoever opens it did not write it. The browser's engine tries one way after the other,
//! and `(a+)+$` has more of them than a lifetime has seconds. This one goes all ways at once: each character of the
//! expression is a bit, and a character of the text is a step for each of them, whatever the expression (Glushkov's
//! construction). What would need a memory of the text, back-references and look-around, is no part of it.

mod class;
mod read;

use class::Class;

/// Bits of a word, which are the characters of an expression, its repeats written out.
pub const SYMBOLS_MAX: usize = 64;

/// Characters of an expression as it is written.
pub const SOURCE_MAX: usize = 250;

/// Boundaries in it: each may be looked at several times between two characters.
const EDGES_MAX: u32 = 8;

/// Characters of a text that are looked at: all of any name that was made to be read.
pub const TEXT_MAX: usize = 256;

/// A regular expression, ready to be tried.
#[derive(Debug)]
pub struct Pattern {
    classes: Vec<Class>,
    /// For each symbol those that may come next.
    follow: Vec<u64>,
    first: u64,
    last: u64,
    /// Whether nothing at all matches.
    is_empty: bool,
    /// The symbols that stand between characters.
    edges: u64,
    /// The symbols that take a character of ASCII.
    ascii: Vec<u64>,
}

impl Pattern {
    /// Reads what stands between the slashes. `tells_case`: whether `a` and `A` are two.
    ///
    /// # Errors
    /// What is wrong with it, as half a sentence without a full stop.
    pub fn new(source: &str, tells_case: bool) -> Result<Self, &'static str> {
        let mut pattern = read::read(source, tells_case)?;
        pattern.ascii = (0..128).map(|code| pattern.takers_of(code)).collect();
        Ok(pattern)
    }

    /// Whether some part of the text matches, of which the first [`TEXT_MAX`] characters are looked at.
    pub fn is_in(&self, text: &str) -> bool {
        let mut chars = text.chars().take(TEXT_MAX);
        let (mut before, mut reached) = (None, 0);
        loop {
            let after = chars.next();
            let mut next = self.first | self.step(reached);
            if self.is_empty || self.cross(&mut next, before, after) {
                return true;
            }
            let Some(c) = after else { return false };
            let takers = self.ascii.get(c as usize).copied();
            reached = next & takers.unwrap_or_else(|| self.takers_of(u32::from(c)));
            if reached & self.last != 0 {
                return true;
            }
            before = after;
        }
    }

    /// Adds what may come behind the boundaries that stand here; whether one of them ends the expression.
    fn cross(&self, next: &mut u64, before: Option<char>, after: Option<char>) -> bool {
        while *next & self.edges != 0 {
            let mut crossed = 0;
            for class in &self.classes {
                if class.stands(before, after) {
                    crossed |= class.symbols & *next;
                }
            }
            let known = *next;
            *next |= self.step(crossed);
            if crossed & self.last != 0 {
                return true;
            }
            if *next == known {
                break;
            }
        }
        false
    }

    /// What may come next behind these.
    fn step(&self, reached: u64) -> u64 {
        let follow = self.follow.iter().enumerate();
        follow.fold(0, |next, (at, follow)| if reached >> at & 1 == 1 { next | follow } else { next })
    }

    fn takers_of(&self, code: u32) -> u64 {
        let takers = self.classes.iter().filter(|class| class.has(code));
        takers.fold(0, |all, class| all | class.symbols)
    }
}
