//! A term made ready to be tried on events.

use headcount_mqtt::TopicFilter;

use super::term::{Key, Term, Value};
use crate::{
    locale,
    pattern::Pattern,
    store::{
        clock::Millis,
        event::{Event, Kind, Transport},
        reason,
    },
};

/// A question to an event.
#[derive(Debug)]
pub(super) struct Ask {
    pub(super) excluded: bool,
    pub(super) key: Option<Key>,
    what: What,
}

#[derive(Debug)]
enum What {
    /// A part, in lower case.
    Has(String),
    Is(String),
    Like(Pattern),
    /// A Topic Filter with a wildcard.
    Under(String),
}

impl Ask {
    /// Questions that a term asks, of which one has to be answered yes; or why it asks nothing.
    pub(super) fn of(term: &Term) -> Result<Vec<Self>, String> {
        let ask = |what| Self { excluded: term.excluded, key: term.key, what };
        let (text, is_whole) = match &term.value {
            Value::Pattern(source, flags) => {
                return Ok(vec![ask(What::Like(Pattern::new(source, flags.contains('c'))?))]);
            }
            Value::Part(text) => (text, false),
            Value::Whole(text) => (text, true),
        };
        if term.key == Some(Key::Topic) && text.contains(['+', '#']) {
            return match TopicFilter::try_from(text.as_str()) {
                Ok(_) => Ok(vec![ask(What::Under(text.clone()))]),
                Err(_) => {
                    Err("+ stands for a whole level of a topic, and # for all levels at its end".to_owned())
                }
            };
        }
        let named = (term.key == Some(Key::Transport)).then(|| transport(text));
        if is_whole {
            return Ok(vec![ask(What::Is(named.unwrap_or_else(|| text.clone())))]);
        }
        let has = ask(What::Has(locale::lower(text)));
        // `ws` is a part of no label.
        let is = named.map(|label| ask(What::Is(label)));
        Ok(std::iter::once(has).chain(is).collect())
    }

    /// Whether both are answered yes where one of them is.
    pub(super) fn is_beside(&self, other: &Self) -> bool {
        self.key.is_some() && self.key == other.key && !self.excluded && !other.excluded
    }

    pub(super) fn is_pattern(&self) -> bool {
        matches!(self.what, What::Like(_))
    }

    /// Whether the event may be shown.
    pub(super) fn lets(&self, event: &Event) -> bool {
        let finds: &dyn Fn(&str) -> bool = match &self.what {
            // `connected` is a part of `disconnected`, and nobody means that.
            What::Has(word) if self.key == Some(Key::Status) => &move |text| begins(text, word),
            What::Has(word) => &move |text| has(text, word),
            What::Like(pattern) => &move |text| pattern.is_in(text),
            What::Under(filter) => &move |text| is_under(filter, text),
            What::Is(whole) => match self.key {
                Some(Key::Address) => &move |text| text == whole || host(text) == whole,
                Some(Key::Status | Key::Reason | Key::Transport) => {
                    &move |text| text.eq_ignore_ascii_case(whole)
                }
                _ => &move |text| text == whole,
            },
        };
        any(event, self.key, finds) != self.excluded
    }
}

/// A moment of a `since:` or `until:`: a day, a minute, a second or less; UTC where it says nothing else.
pub(super) fn moment(text: &str) -> Option<Millis> {
    ["", "Z", ":00Z", "T00:00:00Z"].into_iter().find_map(|tail| Millis::from_rfc3339(&[text, tail].concat()))
}

/// The label of a transport that is named as on the wire, or by its label.
fn transport(name: &str) -> String {
    Transport::from_name(&locale::lower(name)).label().to_owned()
}

/// Whether something that the key asks about is found, or without a key anything that a row says.
fn any(event: &Event, key: Option<Key>, finds: &dyn Fn(&str) -> bool) -> bool {
    let client = &event.client;
    let asks = |one| key.is_none_or(|key| key == one);
    let optional = |text: Option<&str>| text.is_some_and(finds);
    asks(Key::Client) && finds(&client.id)
        || asks(Key::Account) && finds(&client.account)
        || asks(Key::Status) && finds(event.kind.name())
        || asks(Key::Reason) && event.reason.as_deref().is_some_and(|name| finds(name) || finds(reason::words(name)))
        || asks(Key::Transport) && optional(client.transport.as_ref().map(Transport::label))
        || asks(Key::Address) && optional(client.address.as_deref())
        // Nearly every row came by the same topic: a word that is a part of it would find them all.
        || key == Some(Key::Topic) && (finds(&event.topic) || optional(event.denied.as_deref()))
        || key.is_none() && (optional(client.protocol.as_deref()) || optional(event.detail.as_deref()))
        || key.is_none() && matches!(&event.kind, Kind::Unreadable(why) if finds(why))
}

/// The host of an address: without its port, and without brackets.
pub fn host(address: &str) -> &str {
    let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
    host.trim_start_matches('[').trim_end_matches(']')
}

/// Whether a filter matches a topic, or a filter that was refused: its wildcards are levels like others there. A
/// wildcard in front does not match what begins with `$` [MQTT-4.7.2-1].
fn is_under(filter: &str, topic: &str) -> bool {
    let mut levels = topic.split('/');
    let mut is_first = true;
    for asked in filter.split('/') {
        if asked == "#" {
            return !(is_first && topic.starts_with('$'));
        }
        let Some(level) = levels.next() else { return false };
        let is_wild = asked == "+" && !(is_first && topic.starts_with('$'));
        if !is_wild && asked != level {
            return false;
        }
        is_first = false;
    }
    levels.next().is_none()
}

fn begins(text: &str, word: &str) -> bool {
    text.as_bytes().get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
}

/// Whether `text` has `word`, which is in lower case. An ASCII word is looked for in place, without a copy of the text;
/// another one only in a text that may have it.
fn has(text: &str, word: &str) -> bool {
    let find = |text: &str| {
        let mut parts = text.as_bytes().windows(word.len().max(1));
        word.is_empty() || parts.any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    };
    if word.is_ascii() { find(text) } else { !text.is_ascii() && find(&locale::lower(text)) }
}

#[cfg(test)]
mod tests {
    use headcount_mqtt::TopicName;

    use super::*;

    #[test]
    fn ignores_case_in_any_script() {
        assert!(has("IO-mqtt-39DC", "io-mqtt-39dc"));
        assert!(has("ÄRGER", "ärger"));
        assert!(has("日本-Lamp", "lamp"));
        assert!(!has("lam", "lamp"));
        assert!(has("", "") && has("x", ""));
    }

    #[test]
    fn an_address_has_a_host() {
        assert_eq!(host("127.0.0.1:53122"), "127.0.0.1");
        assert_eq!(host("[::1]:5"), "::1");
        assert_eq!(host("broker"), "broker");
    }

    #[test]
    fn moments_are_read_as_far_as_they_go() {
        let read = |text| moment(text).map(Millis::iso);
        assert_eq!(read("2026-11-22").unwrap(), "2026-11-22T00:00:00.000Z");
        assert_eq!(read("2026-11-22T08:30").unwrap(), "2026-11-22T08:30:00.000Z");
        assert_eq!(read("2026-11-22T08:30:15").unwrap(), "2026-11-22T08:30:15.000Z");
        assert_eq!(read("2026-11-22T08:30:15.007Z").unwrap(), "2026-11-22T08:30:15.007Z");
        assert_eq!(read("2026-11-22T08:30:15+02:00").unwrap(), "2026-11-22T06:30:15.000Z");
        for none in ["", "yesterday", "2026-13-01", "08:30", "2026-11-22T08"] {
            assert_eq!(read(none), None, "{none}");
        }
    }

    /// As a subscription's filter does it [MQTT-4.7.1-1] [MQTT-4.7.1-2] [MQTT-4.7.2-1].
    #[test]
    fn a_filter_finds_what_it_would_deliver() {
        let filters = [
            "#", "+", "+/+", "a/#", "a/+", "a/+/c", "+/b/#", "$SYS/#", "$SYS/+/c", "+/SYS/#", "/+", "/#",
            "a/b/#",
        ];
        let topics = ["a", "a/b", "a/b/c", "a//c", "/a", "/", "$SYS", "$SYS/b", "$SYS/b/c", "a/b/c/d", "x/b"];
        for filter in filters {
            let theirs = TopicFilter::try_from(filter).unwrap();
            for topic in topics {
                let want = theirs.matches(&TopicName::try_from(topic).unwrap());
                assert_eq!(is_under(filter, topic), want, "{filter} and {topic}");
            }
        }
        assert!(is_under("a/#", "a/+/b") && is_under("a/#", "a/#"));
    }
}
