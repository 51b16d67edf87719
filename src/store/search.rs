//! The search box: free text, every word must be found somewhere in the row.

use crate::locale;

use super::{
    event::{Event, Kind},
    reason,
    row::{Body, Row},
};

/// A search, ready to be tried on rows. Case is ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    text: String,
    words: Vec<String>,
}

impl Search {
    /// Splits `text` at white space into words that all must match.
    pub fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            words: locale::lower(text).split_whitespace().map(str::to_owned).collect(),
        }
    }

    /// The text as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether every row matches.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether the row is shown. A gap always is: what was searched for may have happened in it.
    pub fn matches(&self, row: &Row) -> bool {
        match &row.body {
            _ if self.is_empty() => true,
            Body::Event(event) => self.words.iter().all(|word| event_has(event, word)),
            Body::Gap(_) => true,
            Body::Started(_) => false,
        }
    }
}

fn event_has(event: &Event, word: &str) -> bool {
    let client = &event.client;
    has(&client.id, word)
        || has(&client.account, word)
        || has(event.kind.name(), word)
        || event.reason.as_deref().is_some_and(|name| has(name, word) || has(reason::words(name), word))
        || client.transport.as_ref().is_some_and(|transport| has(transport.label(), word))
        || client.address.as_deref().is_some_and(|address| has(address, word))
        || client.protocol.as_deref().is_some_and(|protocol| has(protocol, word))
        || event.detail.as_deref().is_some_and(|detail| has(detail, word))
        || matches!(&event.kind, Kind::Unreadable(why) if has(why, word))
}

/// Whether `text` has `word`, which is in lower case and not empty. An ASCII word is looked for in place, without a copy
/// of the text; another one only in a text that may have it.
fn has(text: &str, word: &str) -> bool {
    let find = |text: &str| {
        text.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    };
    if word.is_ascii() { find(text) } else { !text.is_ascii() && find(&locale::lower(text)) }
}

#[cfg(test)]
mod tests {
    use super::has;

    #[test]
    fn ignores_case_in_any_script() {
        assert!(has("IO-mqtt-39DC", "io-mqtt-39dc"));
        assert!(has("ÄRGER", "ärger"));
        assert!(has("日本-Lamp", "lamp"));
        assert!(!has("lam", "lamp"));
    }
}
