//! What the rows say: words, numbers and fields of an event. Plain text in, plain text out, tested on the host.

use crate::{
    locale,
    store::{
        clock,
        event::{Event, Kind, Source, Timed},
        json::Json,
        reason,
        search::{self, Key, Term},
    },
};

/// Characters of a Client Identifier that a row shows; a full one may have 65,535 bytes.
const ID_SHOWN: usize = 96;

/// One line of a row's details.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What the value is.
    pub label: String,
    /// The value.
    pub value: String,
    /// Whether it is an identifier or an address, for a type of even width.
    pub mono: bool,
    /// The term that finds it; none where the search has no key for it.
    pub term: Option<Term>,
}

/// `12,345`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 event`, `12,345 events`.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(number), if number == 1 { one } else { many })
}

/// A Client Identifier for a row: the middle of a very long one gives way, since its end often tells devices apart.
pub fn short_id(id: &str) -> String {
    if id.is_empty() {
        return "empty client id".to_owned();
    }
    let length = id.chars().count();
    if length <= ID_SHOWN {
        return id.to_owned();
    }
    let half = ID_SHOWN / 2;
    let head = id.chars().take(half);
    let tail = id.chars().skip(length - half);
    head.chain(std::iter::once('…')).chain(tail).collect()
}

/// The event in one word or two: the broker's own word where this page has none.
pub fn word(event: &Event) -> &str {
    let is_device = matches!(event.source, Source::Other(adapter) if adapter.is_device());
    match &event.kind {
        Kind::Conflict => "conflict",
        Kind::Unreadable(_) => "unreadable message",
        // A device's word about itself, and no broker's about a connection.
        Kind::Connected if is_device => "online",
        Kind::Disconnected if is_device => "offline",
        named => named.name(),
    }
}

/// Whether the connection ended otherwise than by the client's own goodbye, so that its Will, if any, speaks.
pub fn is_abrupt(event: &Event) -> bool {
    let clean = ["client-disconnect", "client-disconnect-with-will", "session-expired"];
    event.kind == Kind::Disconnected && event.reason.as_deref().is_some_and(|reason| !clean.contains(&reason))
}

/// Why it happened, or what a row says beside the word; empty where nothing is known.
pub fn why(event: &Event) -> String {
    let reason = event.reason.as_deref().map(reason::words).unwrap_or_default();
    match (&event.kind, event.detail.as_deref()) {
        (Kind::Unreadable(why), _) => why.to_string(),
        (_, Some(detail)) if reason.is_empty() => detail.to_owned(),
        (_, Some(detail)) => format!("{reason}: {detail}"),
        (Kind::Connected, None) if reason.is_empty() => {
            event.client.protocol.as_deref().map(|version| format!("MQTT {version}")).unwrap_or_default()
        }
        (_, None) => reason.to_owned(),
    }
}

/// Every field of the event, those that this page has no name for included. `offset_minutes` is the reader's clock, east
/// of UTC.
pub fn facts(event: &Event, offset_minutes: i32) -> Vec<Fact> {
    let client = &event.client;
    let owned = |text: &str| Some(text.to_owned());
    let yes_no = |flag: bool| if flag { "yes" } else { "no" }.to_owned();
    let named = [
        ("Event", owned(word(event)), false),
        ("Reason", event.reason.as_deref().map(reason_in_full), false),
        ("What", event.detail.as_deref().and_then(owned), false),
        ("Client id", Some(&*client.id).filter(|id| !id.is_empty()).and_then(owned), true),
        ("Account", Some(&*client.account).filter(|account| !account.is_empty()).and_then(owned), true),
        ("Told by", told_by(event).and_then(owned), false),
        ("Time", Some(event.at.date_and_clock(offset_minutes)), false),
        ("Whose time", whose_time(event).and_then(owned), false),
        ("Session length", event.lasted.map(clock::duration), false),
        ("Transport", client.transport.as_ref().and_then(|transport| owned(transport.label())), false),
        ("Address", client.address.as_deref().and_then(owned), true),
        ("Protocol", client.protocol.as_deref().map(|version| format!("MQTT {version}")), false),
        ("Keep Alive", client.keep_alive.map(keep_alive), false),
        ("Clean start", client.clean_start.map(yes_no), false),
        ("Number", event.seq.map(|seq| format!("#{seq}")), false),
    ];
    let named = named.into_iter().filter_map(|(label, value, mono)| {
        Some(Fact { label: label.to_owned(), value: value?, mono, term: term(label, event) })
    });
    named.chain(further(event)).collect()
}

/// The term that finds what stands behind a label.
fn term(label: &str, event: &Event) -> Option<Term> {
    let client = &event.client;
    let (key, value) = match label {
        "Event" => (Key::Status, event.kind.name()),
        "Reason" => (Key::Reason, event.reason.as_deref()?),
        "Client id" => (Key::Client, &*client.id),
        "Account" => (Key::Account, &*client.account),
        "Transport" => (Key::Transport, client.transport.as_ref()?.label()),
        // Its next connection has another port.
        "Address" => (Key::Address, search::host(client.address.as_deref()?)),
        "Topic" => (Key::Topic, event.denied.as_deref()?),
        _ => return None,
    };
    Some(Term::exact(key, value))
}

/// Who told it, where it was not the broker by its own events.
fn told_by(event: &Event) -> Option<&'static str> {
    (event.source != Source::Events).then(|| event.source.label())
}

/// Whose clock the time is by, where it is not the broker's.
fn whose_time(event: &Event) -> Option<&'static str> {
    let is_fact = !matches!(event.kind, Kind::Unreadable(_));
    (is_fact && event.timed == Timed::ByReceipt)
        .then_some("this page's: the message came then and has no time")
}

fn reason_in_full(name: &str) -> String {
    let words = reason::words(name);
    if words == name { name.to_owned() } else { format!("{words} ({name})") }
}

fn keep_alive(seconds: u32) -> String {
    if seconds == 0 { "off".to_owned() } else { format!("{seconds} s") }
}

/// The fields of the message that [`facts`] does not name: counters of the session, and what a later broker adds.
fn further(event: &Event) -> Vec<Fact> {
    const NAMED: [&str; 14] = [
        "seq",
        "at",
        "event",
        "status",
        "reason",
        "client.id",
        "client.account",
        "client.address",
        "client.transport",
        "client.protocol",
        "client.keep_alive",
        "client.clean_start",
        "session.connected_at",
        "action",
    ];
    let mut facts = Vec::new();
    if let Ok(value) = Json::read(&event.raw) {
        collect("", &value, &mut |path, value| {
            if !NAMED.contains(&path) {
                let name = path.strip_prefix("session.").unwrap_or(path);
                let label = sentence(name);
                let term = term(&label, event);
                facts.push(Fact { label, value, mono: false, term });
            }
        });
    }
    facts
}

/// Calls `found` with the path and the text of every leaf.
fn collect(path: &str, value: &Json<'_>, found: &mut impl FnMut(&str, String)) {
    match value {
        Json::Object(members) => {
            for (name, value) in members {
                let path = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
                collect(&path, value, found);
            }
        }
        leaf => found(path, shown(leaf)),
    }
}

/// A value on one line.
fn shown(value: &Json<'_>) -> String {
    match value {
        Json::Null => "null".to_owned(),
        Json::Flag(flag) => flag.to_string(),
        Json::Count(count) => thousands(*count),
        Json::Number(number) => locale::decimal(*number),
        Json::Text(text) => text.to_string(),
        Json::List(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        // Its fields stand in the message.
        Json::Object(_) => "{…}".to_owned(),
    }
}

/// `packets_in` as `Packets in`.
fn sentence(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut rest = words.chars();
    let first = rest.next().map(String::from).unwrap_or_default();
    locale::upper(&first) + rest.as_str()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::store::{
        Millis,
        event::{Client, Transport},
    };

    fn event(kind: Kind, reason: Option<&str>, raw: &str) -> Event {
        Event {
            kind,
            at: Millis(1_508_861_318_552),
            received: Millis(1_508_861_318_560),
            timed: Timed::ByMessage,
            seq: Some(7),
            reason: reason.map(Into::into),
            client: Client {
                id: Arc::from("lamp"),
                account: Arc::from("alice"),
                transport: Some(Transport::Tcp),
                protocol: Some(Arc::from("5.0")),
                keep_alive: Some(0),
                ..Client::default()
            },
            lasted: None,
            started: None,
            detail: None,
            denied: None,
            source: Source::Events,
            topic: Arc::from("$headcount/alice/events"),
            raw: raw.as_bytes().into(),
        }
    }

    #[test]
    fn groups_digits_by_three() {
        let cases = [(0, "0"), (999, "999"), (1_000, "1,000"), (12_345, "12,345"), (1_234_567, "1,234,567")];
        for (number, want) in cases {
            assert_eq!(thousands(number), want);
        }
        assert_eq!(counted(1, "event", "events"), "1 event");
        assert_eq!(counted(0, "event", "events"), "0 events");
    }

    #[test]
    fn a_long_id_keeps_both_its_ends() {
        assert_eq!(short_id("lamp"), "lamp");
        assert_eq!(short_id(""), "empty client id");
        let long = format!("a{}ü", "é".repeat(60_000));
        let short = short_id(&long);
        assert_eq!(short.chars().count(), ID_SHOWN + 1);
        assert!(short.starts_with('a') && short.ends_with('ü') && short.contains('…'));
    }

    #[test]
    fn an_end_without_goodbye_is_abrupt() {
        let ends = |reason| is_abrupt(&event(Kind::Disconnected, reason, "{}"));
        assert!(ends(Some("connection-lost")));
        assert!(ends(Some("a-reason-of-tomorrow")));
        assert!(!ends(Some("client-disconnect")));
        assert!(!ends(None), "the clients feed tells no reason");
        assert!(!is_abrupt(&event(Kind::Refused, Some("banned"), "{}")));
    }

    #[test]
    fn says_why() {
        assert_eq!(why(&event(Kind::Connected, None, "")), "MQTT 5.0");
        assert_eq!(why(&event(Kind::Disconnected, Some("moon-phase"), "")), "moon-phase");
        let denied = Event { detail: Some("publish to a/b".into()), ..event(Kind::Denied, None, "") };
        assert_eq!(why(&denied), "publish to a/b");
        assert_eq!(why(&event(Kind::Unreadable("no JSON".into()), None, "")), "no JSON");
    }

    #[test]
    fn facts_hold_every_field_once() {
        let raw = r#"{"seq":7,"at":"x","event":"disconnected","client":{"id":"lamp","colour":"red"},
            "session":{"connected_at":"y","packets_in":12345}}"#;
        let facts = facts(&event(Kind::Disconnected, Some("kicked"), raw), 0);
        let value =
            |label: &str| facts.iter().find(|fact| fact.label == label).map(|fact| fact.value.as_str());
        assert_eq!(value("Client id"), Some("lamp"));
        assert_eq!(value("Time"), Some("2017-10-24 16:08:38.552"));
        assert_eq!(value("Keep Alive"), Some("off"));
        assert_eq!(value("Packets in"), Some("12,345"));
        assert_eq!(value("Client.colour"), Some("red"));
        assert!(value("Reason").unwrap().ends_with("(kicked)"));
        assert_eq!(value("Address"), None);
        let mut labels: Vec<_> = facts.iter().map(|fact| &fact.label).collect();
        labels.sort();
        labels.dedup();
        assert_eq!(labels.len(), facts.len());
    }
}
