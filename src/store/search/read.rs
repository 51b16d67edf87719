//! From text to terms.

use super::term::{Key, Term, Value};

/// Terms that are tried on each row at most; a link may come from anybody.
const TERMS_MAX: usize = 64;

/// A term as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    /// What it means, or why it means nothing, as half a sentence.
    pub(super) term: Result<Term, String>,
    /// Whether it has no end, so that whatever is written behind it would be a part of it.
    pub(super) is_open: bool,
}

/// Cuts a text into its terms.
pub(super) fn read(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (term, after) = one(rest);
        // What cannot be closed takes all that follows.
        let (is_open, after) = after.map_or((true, ""), |after| (false, after));
        let text = rest.get(..rest.len() - after.len()).unwrap_or_default().trim_end().to_owned();
        let term = if pieces.len() < TERMS_MAX { term } else { Err("there are too many terms".to_owned()) };
        pieces.push(Piece { text, term, is_open });
        rest = after.trim_start();
    }
    pieces
}

/// The term that a text begins with, and what stands behind it; none where the term has no end.
fn one(text: &str) -> (Result<Term, String>, Option<&str>) {
    let is_word = |rest: &&str| !rest.is_empty() && !rest.starts_with(char::is_whitespace);
    let negated = text.strip_prefix('-').filter(is_word);
    let body = negated.unwrap_or(text);
    let keyed = body.split_once(':').and_then(|(name, value)| Some((Key::from_name(name)?, value)));
    let (key, body) = keyed.map_or((None, body), |(key, value)| (Some(key), value));
    let (value, after) = value(key, body);
    (value.map(|value| Term { excluded: negated.is_some(), key, value }), after)
}

fn value(key: Option<Key>, text: &str) -> (Result<Value, String>, Option<&str>) {
    let whole = text.strip_prefix('=').filter(|_| key.is_some());
    if let Some(quoted) = whole.unwrap_or(text).strip_prefix('"') {
        return match unquote(quoted) {
            Some((text, after)) if key.is_some() => (Ok(Value::Whole(text)), Some(after)),
            Some((text, after)) => (Ok(Value::Part(text)), Some(after)),
            None => (Err("it has no closing quote".to_owned()), None),
        };
    }
    // A topic may begin with a slash.
    let is_searchable = key.is_none_or(|key| key != Key::Topic && !key.is_moment());
    if let Some(pattern) = text.strip_prefix('/').filter(|_| is_searchable) {
        return regular(pattern);
    }
    let (word, after) = word(whole.unwrap_or(text));
    let value = match whole {
        Some(_) => Ok(Value::Whole(word.to_owned())),
        None if word.is_empty() => Err("nothing stands behind the colon yet".to_owned()),
        None => Ok(Value::Part(word.to_owned())),
    };
    (value, Some(after))
}

/// Up to the next white space.
fn word(text: &str) -> (&str, &str) {
    text.split_at_checked(text.find(char::is_whitespace).unwrap_or(text.len())).unwrap_or_default()
}

/// A regular expression behind its first slash.
fn regular(text: &str) -> (Result<Value, String>, Option<&str>) {
    let Some((source, rest)) = closed(text) else {
        let why = "a regular expression ends with a slash; put text that begins with one in quotes";
        return (Err(why.to_owned()), None);
    };
    let (flags, after) = word(rest);
    let value = if source.is_empty() {
        Err("nothing stands between the slashes".to_owned())
    } else if let Some(flag) = flags.chars().find(|flag| !"ci".contains(*flag)) {
        let why = "is no flag (c, i); put text with slashes in quotes";
        Err(format!("“{flag}” {why}"))
    } else {
        Ok(Value::Pattern(source.to_owned(), flags.to_owned()))
    };
    (value, Some(after))
}

/// What stands before the slash that ends a regular expression, and behind it.
fn closed(text: &str) -> Option<(&str, &str)> {
    let (mut is_escaped, mut in_class) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => {
                is_escaped = false;
                continue;
            }
            '[' => in_class = true,
            ']' => in_class = false,
            '/' if !in_class => return Some((text.get(..at)?, text.get(at + 1..)?)),
            _ => {}
        }
        is_escaped = c == '\\';
    }
    None
}

/// A text behind its opening quote without its escapes, which are those of JSON, and what stands behind the closing one.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut chars = text.chars();
    loop {
        match chars.next()? {
            '"' => return Some((out, chars.as_str())),
            '\\' => match chars.next()? {
                'n' => out.push('\n'),
                'r' => out.push('\r'),
                't' => out.push('\t'),
                'u' => {
                    let code = chars.as_str().get(..4).and_then(|code| u32::from_str_radix(code, 16).ok());
                    if let Some(c) = code.and_then(char::from_u32) {
                        out.push(c);
                        chars.nth(3);
                    } else {
                        out.push_str("\\u");
                    }
                }
                c @ ('"' | '\\') => out.push(c),
                c => {
                    out.push('\\');
                    out.push(c);
                }
            },
            c => out.push(c),
        }
    }
}
