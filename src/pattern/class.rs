//! What a symbol of an expression takes: a character of a set, or a boundary between two.

/// A set of characters by their numbers, or a boundary.
#[derive(Debug, Default)]
pub(super) struct Class {
    /// The symbols that are this one, as bits.
    pub(super) symbols: u64,
    /// `^`, `$`, `b` for a word's boundary, `B` for none; 0 where it is a set.
    pub(super) edge: u8,
    pub(super) is_negated: bool,
    pub(super) ranges: Vec<(u32, u32)>,
}

/// Sets with names, in their order, as in JavaScript.
pub(super) const DIGITS: &[(u32, u32)] = &[(0x30, 0x39)];
pub(super) const WORD: &[(u32, u32)] = &[(0x30, 0x39), (0x41, 0x5a), (0x5f, 0x5f), (0x61, 0x7a)];
pub(super) const SPACE: &[(u32, u32)] = &[
    (0x9, 0xd),
    (0x20, 0x20),
    (0xa0, 0xa0),
    (0x1680, 0x1680),
    (0x2000, 0x200a),
    (0x2028, 0x2029),
    (0x202f, 0x202f),
    (0x205f, 0x205f),
    (0x3000, 0x3000),
    (0xfeff, 0xfeff),
];

impl Class {
    pub(super) fn has(&self, code: u32) -> bool {
        self.edge == 0 && is_among(code, &self.ranges) != self.is_negated
    }

    /// Adds a set with a name, or all that is not in it.
    pub(super) fn add(&mut self, set: &[(u32, u32)], is_negated: bool) {
        if !is_negated {
            self.ranges.extend_from_slice(set);
            return;
        }
        let mut from = 0;
        for range in set {
            self.ranges.push((from, range.0 - 1));
            from = range.1 + 1;
        }
        self.ranges.push((from, u32::MAX));
    }

    /// Whether the boundary stands between these characters, of which there is none at the text's ends.
    pub(super) fn stands(&self, before: Option<char>, after: Option<char>) -> bool {
        let is_word = |c: Option<char>| c.is_some_and(|c| is_among(u32::from(c), WORD));
        match self.edge {
            0 => false,
            b'^' => before.is_none(),
            b'$' => after.is_none(),
            edge => (is_word(before) != is_word(after)) == (edge == b'b'),
        }
    }
}

fn is_among(code: u32, ranges: &[(u32, u32)]) -> bool {
    ranges.iter().any(|(from, to)| (*from..=*to).contains(&code))
}
