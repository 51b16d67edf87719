//! The list of words, and where one stands in a text.
//!
//! A word is a run of letters and digits, of any script; what stands between words does not matter, nor does case. So
//! `darn` is found in `Oh, DARN!` and not in `darning`, and `son of a gun` in `son of a… gun`.

use std::collections::HashMap;

/// Lines of a list; more would be a list of another kind.
const LINES_MAX: usize = 100_000;
/// Characters of one line.
const LINE_MAX: usize = 200;

/// What may not be said.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// By their first word, in the order of the list.
    entries: HashMap<String, Vec<Entry>>,
    length: usize,
}

/// One line of the list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// As it stands in the list.
    written: String,
    /// Folded, behind the first.
    rest: Vec<String>,
}

impl Words {
    /// # Errors
    /// The line, from 1, and what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, (usize, String)> {
        let mut words = Self::default();
        for (index, line) in text.lines().enumerate() {
            let number = index + 1;
            let written = line.split('#').next().unwrap_or_default().trim();
            if written.is_empty() {
                continue;
            }
            if written.chars().count() > LINE_MAX {
                return Err((number, format!("longer than {LINE_MAX} characters; write a word or a phrase")));
            }
            if words.length == LINES_MAX {
                return Err((number, format!("more than {LINES_MAX} words; shorten the list")));
            }
            let mut folded = folded(written).into_iter();
            let Some(first) = folded.next() else {
                return Err((number, format!("`{written}` has neither a letter nor a digit to look for")));
            };
            let entry = Entry { written: written.to_owned(), rest: folded.collect() };
            words.entries.entry(first).or_default().push(entry);
            words.length += 1;
        }
        Ok(words)
    }

    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// The first that the text contains.
    pub(super) fn find(&self, text: &str) -> Option<&Entry> {
        let said = folded(text);
        said.iter().enumerate().find_map(|(at, word)| {
            let behind = &said[at + 1..];
            self.entries.get(word)?.iter().find(|entry| behind.starts_with(&entry.rest))
        })
    }
}

impl Entry {
    pub(super) fn kind(&self) -> &'static str {
        if self.rest.is_empty() { "word" } else { "phrase" }
    }
}

impl std::fmt::Display for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.written)
    }
}

/// The words of a text, without their case. Invisible characters inside of a word do not hide it.
fn folded(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for character in text.chars().filter(|character| !is_invisible(*character)) {
        if character.is_alphanumeric() || is_mark(character) {
            // Upper case first: ß and ss, ς and σ become the same.
            word.extend(character.to_uppercase().flat_map(char::to_lowercase));
        } else if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Accents that are written as characters of their own.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36F}')
}

/// Soft hyphens, joiners and direction marks.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(list: &str, text: &str, expect: Option<&str>) {
        let words = Words::parse(list).unwrap();
        assert_eq!(words.find(text).map(ToString::to_string).as_deref(), expect, "{text:?}");
    }

    #[test]
    fn whole_words_are_found_in_any_case_between_anything() {
        for text in ["darn", "Oh DARN!", "(Darn)", "well…darn", "darn\nit", "d\u{AD}arn", "da\u{200B}rn"] {
            check("darn", text, Some("darn"));
        }
        for text in ["", "darning", "undarn", "d arn", "darn1", "darn\u{301}"] {
            check("darn", text, None);
        }
    }

    #[test]
    fn case_is_unicodes() {
        check("straße", "die STRASSE", Some("straße"));
        check("ΟΔΟΣ", "οδος", Some("ΟΔΟΣ"));
        check("Проклятие", "проКЛЯТИЕ!", Some("Проклятие"));
        check("İzmir", "i\u{307}ZMİR", None);
    }

    #[test]
    fn phrases_are_words_in_a_row() {
        check("son of a gun", "You SON, of a -- gun!", Some("son of a gun"));
        check("son of a gun", "son of a", None);
        check("son of a gun", "son of the gun", None);
        check("son of a gun\nson", "my son", Some("son"));
        check("f*ck", "F-CK", Some("f*ck"));
    }

    #[test]
    fn comments_and_empty_lines_are_left_out() {
        let words = Words::parse("# all of them\n\n  darn  # mild\nheck\r\n").unwrap();
        assert_eq!(words.len(), 2);
        check("# darn", "darn", None);
    }

    #[test]
    fn mistakes_are_named_by_their_line() {
        let check = |list: &str, line: usize, part: &str| {
            let (at, why) = Words::parse(list).unwrap_err();
            assert!(at == line && why.contains(part), "{at}: {why}");
        };
        check("darn\n***\nheck", 2, "neither a letter nor a digit");
        check(&format!("\n{}", "x".repeat(201)), 2, "longer than 200");
        check(&"a\n".repeat(100_001), 100_001, "more than 100000");
    }
}
