//! From an expression's text to its symbols, and which of them may follow which.

use super::{
    EDGES_MAX, Pattern, SOURCE_MAX, SYMBOLS_MAX,
    class::{Class, DIGITS, SPACE, WORD},
};
use crate::locale;

const TOO_LONG: &str = "it has more than 64 characters or 8 boundaries, repeats written out";
const BRACKETS: &str = "a bracket has no partner";
const REPEATS: &str = "a repeat stands behind something, and counts upwards";
const UNKNOWN: &str = "look-around, back-references and such are unknown here";

/// How often something comes that may come for ever.
const ENDLESS: usize = usize::MAX;

/// A part of an expression.
#[derive(Clone, Copy)]
struct Part {
    /// The symbols that it may begin with.
    first: u64,
    /// Those that it may end with.
    last: u64,
    /// Whether nothing at all matches it.
    is_empty: bool,
}

const NOTHING: Part = Part { first: 0, last: 0, is_empty: true };

struct Reader {
    source: Vec<char>,
    at: usize,
    /// What is wrong first; empty where nothing is.
    why: &'static str,
    tells_case: bool,
    classes: Vec<Class>,
    /// For each symbol those that may come next.
    follow: Vec<u64>,
}

/// An expression without its tables.
pub(super) fn read(source: &str, tells_case: bool) -> Result<Pattern, &'static str> {
    let source: Vec<char> = source.chars().take(SOURCE_MAX + 1).collect();
    let mut reader = Reader { source, at: 0, why: "", tells_case, classes: Vec::new(), follow: Vec::new() };
    if reader.source.len() > SOURCE_MAX {
        reader.fail(TOO_LONG);
    }
    let Part { first, last, is_empty } = reader.alternatives();
    if reader.peek().is_some() {
        reader.fail(BRACKETS);
    }
    let Reader { classes, follow, why, .. } = reader;
    let edges = classes.iter().fold(0, |all, class| all | if class.edge == 0 { 0 } else { class.symbols });
    if edges.count_ones() > EDGES_MAX {
        return Err(TOO_LONG);
    }
    if !why.is_empty() {
        return Err(why);
    }
    Ok(Pattern { classes, follow, first, last, is_empty, edges, ascii: Vec::new() })
}

impl Reader {
    fn alternatives(&mut self) -> Part {
        let mut all = Part { is_empty: false, ..NOTHING };
        loop {
            let mut one = NOTHING;
            while self.peek().is_some_and(|c| c != '|' && c != ')') {
                let from = self.follow.len();
                let next = self.atom();
                let next = self.repeated(next, from);
                one = self.join(one, next);
            }
            all.first |= one.first;
            all.last |= one.last;
            all.is_empty |= one.is_empty;
            if !self.eat('|') {
                return all;
            }
        }
    }

    fn atom(&mut self) -> Part {
        if self.counts().is_some() {
            self.fail(REPEATS);
        }
        let mut class = Class::default();
        if self.eat('(') {
            if self.eat('?') && !self.eat(':') {
                self.fail(UNKNOWN);
            }
            let inside = self.alternatives();
            if !self.eat(')') {
                self.fail(BRACKETS);
            }
            return inside;
        } else if self.eat('[') {
            self.set(&mut class);
        } else if self.eat('.') {
            class.add(&[], true);
        } else if self.eat('^') {
            class.edge = b'^';
        } else if self.eat('$') {
            class.edge = b'$';
        } else if let Some(c) = self.member(&mut class) {
            self.add(&mut class, c, c);
        }
        let at = self.follow.len();
        if at == SYMBOLS_MAX {
            self.fail(TOO_LONG);
            return NOTHING;
        }
        let bit = 1 << at;
        self.follow.push(0);
        class.symbols = bit;
        self.classes.push(class);
        Part { first: bit, last: bit, is_empty: false }
    }

    /// What stands between brackets.
    fn set(&mut self, class: &mut Class) {
        class.is_negated = self.eat('^');
        while !self.eat(']') {
            if self.peek().is_none() {
                self.fail(BRACKETS);
                return;
            }
            let Some(from) = self.member(class) else { continue };
            let before = self.at;
            let is_range = self.eat('-') && self.peek() != Some(']');
            if !is_range {
                self.at = before;
            }
            let to = if is_range { self.member(class).unwrap_or_default() } else { from };
            if to < from {
                self.fail("a range goes from a character to a later one");
            }
            self.add(class, from, to);
        }
        // No boundary stands between brackets.
        class.edge = 0;
    }

    /// The number of a character; none where it is a set or a boundary, which the class then is.
    fn member(&mut self, class: &mut Class) -> Option<u32> {
        let c = self.next()?;
        if c != '\\' {
            return Some(u32::from(c));
        }
        match self.next().unwrap_or('0') {
            'd' => class.add(DIGITS, false),
            'D' => class.add(DIGITS, true),
            'w' => class.add(WORD, false),
            'W' => class.add(WORD, true),
            's' => class.add(SPACE, false),
            'S' => class.add(SPACE, true),
            'b' => class.edge = b'b',
            'B' => class.edge = b'B',
            'n' => return Some(10),
            'r' => return Some(13),
            't' => return Some(9),
            c if c.is_ascii_alphanumeric() => self.fail(UNKNOWN),
            c => return Some(u32::from(c)),
        }
        None
    }

    /// Adds a range, in both cases where case is ignored. Beyond ASCII the case of its ends is that of all.
    fn add(&self, class: &mut Class, from: u32, to: u32) {
        class.ranges.push((from, to));
        if self.tells_case {
            return;
        }
        for (case, other) in [(0x41, 0x61), (0x61, 0x41)] {
            let (from, to) = (from.max(case), to.min(case + 25));
            if from <= to {
                class.ranges.push((from - case + other, to - case + other));
            }
        }
        if to > 127 {
            for fold in [locale::lower, locale::upper] {
                class.ranges.push((folded(from, fold), folded(to, fold)));
            }
        }
    }

    /// Repeats the part whose symbols begin at `from`, where it is said how often.
    fn repeated(&mut self, part: Part, from: usize) -> Part {
        let Some((min, max)) = self.counts() else { return part };
        // Whether it takes as much or as little as it can is the same to one who asks whether it matches.
        self.eat('?');
        let width = self.follow.len() - from;
        let copies = if max == ENDLESS { min.max(1) } else { max };
        if max < min {
            self.fail(REPEATS);
        }
        if from + copies * width > SYMBOLS_MAX {
            self.fail(TOO_LONG);
        }
        if width == 0 || !self.why.is_empty() {
            return part;
        }
        let follow = self.follow.split_off(from);
        let own = u64::MAX >> (64 - width) << from;
        let mut all = NOTHING;
        for copy in 0..copies {
            let shift = copy * width;
            self.follow.extend(follow.iter().map(|next| next << shift));
            for class in &mut self.classes {
                class.symbols |= (class.symbols & own) << shift;
            }
            let Part { first, last, is_empty } = part;
            let one = Part { first: first << shift, last: last << shift, is_empty: is_empty || copy >= min };
            if max == ENDLESS && copy + 1 == copies {
                self.link(one.last, one.first);
            }
            all = self.join(all, one);
        }
        if copies == 0 {
            for class in &mut self.classes {
                class.symbols &= !own;
            }
        }
        all
    }

    /// How often at least, and at most.
    fn counts(&mut self) -> Option<(usize, usize)> {
        let before = self.at;
        match self.next()? {
            '*' => return Some((0, ENDLESS)),
            '+' => return Some((1, ENDLESS)),
            '?' => return Some((0, 1)),
            '{' => {
                if let Some(min) = self.number() {
                    let max = if self.eat(',') { self.number().unwrap_or(ENDLESS) } else { min };
                    if self.eat('}') {
                        return Some((min, max));
                    }
                }
            }
            _ => {}
        }
        // It stands for itself.
        self.at = before;
        None
    }

    fn number(&mut self) -> Option<usize> {
        let mut number: Option<usize> = None;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            self.at += 1;
            // More than a word has bits is too much, however much it is.
            number = Some((number.unwrap_or_default() * 10 + digit as usize).min(SYMBOLS_MAX + 1));
        }
        number
    }

    fn join(&mut self, one: Part, other: Part) -> Part {
        self.link(one.last, other.first);
        Part {
            first: one.first | if one.is_empty { other.first } else { 0 },
            last: other.last | if other.is_empty { one.last } else { 0 },
            is_empty: one.is_empty && other.is_empty,
        }
    }

    fn link(&mut self, from: u64, to: u64) {
        for (at, follow) in self.follow.iter_mut().enumerate() {
            if from >> at & 1 == 1 {
                *follow |= to;
            }
        }
    }

    /// Says what is wrong; nothing is read any more.
    fn fail(&mut self, why: &'static str) {
        if self.why.is_empty() {
            self.why = why;
        }
        self.at = self.source.len();
    }

    fn peek(&self) -> Option<char> {
        self.source.get(self.at).copied()
    }

    #[inline(never)]
    fn next(&mut self) -> Option<char> {
        let c = self.peek();
        self.at += usize::from(c.is_some());
        c
    }

    #[inline(never)]
    fn eat(&mut self, c: char) -> bool {
        let is_it = self.peek() == Some(c);
        self.at += usize::from(is_it);
        is_it
    }
}

/// A character in another case, where that is one.
fn folded(code: u32, fold: fn(&str) -> String) -> u32 {
    let c = char::from_u32(code).unwrap_or_default();
    let folded = fold(c.encode_utf8(&mut [0; 4]));
    let mut chars = folded.chars();
    chars.next().filter(|_| chars.next().is_none()).map_or(code, u32::from)
}
