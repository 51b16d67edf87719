//! Payloads as they come, friendly or not.

use headcount_page::store::event::{Kind, Source};

use crate::stage::Stage;

const TOPIC: &str = "$headcount/alice/events";

#[test]
fn reads_the_contracts_own_examples() {
    let mut stage = Stage::live();
    let raw = r#"{"seq":1043,"at":"2026-11-21T12:00:05.250Z","event":"disconnected","reason":"keep-alive-timeout","client":{"id":"lamp","account":"alice",
     "address":"127.0.0.1:53122","transport":"websocket","protocol":"5.0","keep_alive":60,"clean_start":true},
     "session":{"connected_at":"2026-11-21T12:00:00.000Z","packets_in":12,"packets_out":9,"bytes_in":811,"bytes_out":402}}"#;
    stage.message(TOPIC, raw);
    let event = stage.events().remove(0);
    assert_eq!((event.kind, event.seq, event.lasted), (Kind::Disconnected, Some(1043), Some(5_250)));
    assert_eq!(event.at.iso(), "2026-11-21T12:00:05.250Z");
    let client = event.client;
    assert_eq!(client.transport.unwrap().label(), "WebSocket");
    assert_eq!(
        (client.protocol.as_deref(), client.keep_alive, client.clean_start),
        (Some("5.0"), Some(60), Some(true))
    );
    assert_eq!(&*event.raw, raw.as_bytes());
    assert_eq!(&*event.topic, TOPIC);

    stage.message(
        "u/clients",
        r#"{"status":"connected","at":"2017-10-24T16:08:38.552Z","client":{"id":"io-mqtt-39dc5a71"}}"#,
    );
    stage.advance(500);
    let event = stage.events().remove(0);
    assert_eq!((event.kind, event.source), (Kind::Connected, Source::Feed));
    assert_eq!((&*event.client.id, &*event.client.account), ("io-mqtt-39dc5a71", "u"));
    assert_eq!(event.at.iso(), "2017-10-24T16:08:38.552Z");
}

#[test]
fn ids_of_every_kind_come_through() {
    let mut stage = Stage::live();
    let ids =
        ["", "🪔", "👩‍🔧", "مصباح", "\u{202e}evil", "a\"b\\c", "<img src=x>", "a/b+c#", "line\nbreak", " "];
    for id in ids {
        stage.event("connected", id);
    }
    let mut seen: Vec<String> = stage.events().iter().map(|event| event.client.id.to_string()).collect();
    seen.reverse();
    assert_eq!(seen, ids);
    assert_eq!(stage.store.present().count(), ids.len());
}

#[test]
fn unknown_words_are_kept_and_shown() {
    let mut stage = Stage::live();
    let raw = r#"{"event":"rebalanced","reason":"full-moon","client":{"id":"a","transport":"quic","colour":"red"},"more":[1]}"#;
    stage.message(TOPIC, raw);
    let event = stage.events().remove(0);
    assert_eq!(event.kind, Kind::Other("rebalanced".into()));
    assert_eq!(event.reason.as_deref(), Some("full-moon"));
    assert_eq!(headcount_page::store::reason::words("full-moon"), "full-moon");
    assert_eq!(event.client.transport.unwrap().label(), "quic");
    assert_eq!(event.at.0, crate::stage::NOON, "the page's clock, where the message has no time");
    assert_eq!(stage.store.unreadable(), 0);
}

#[test]
fn a_denied_action_has_its_line() {
    let mut stage = Stage::live();
    stage.message(
        TOPIC,
        r#"{"event":"denied","action":"publish","topic":"chat/x","rule":"acl:7","client":{"id":"a"}}"#,
    );
    assert_eq!(stage.events()[0].detail.as_deref(), Some("publish chat/x, by acl:7"));
}

#[test]
fn what_cannot_be_read_is_counted_and_shown() {
    let mut stage = Stage::live();
    let cases: [(&str, &[u8]); 7] = [
        (TOPIC, b"{\"event\":"),
        (TOPIC, b""),
        (TOPIC, b"{\"seq\":1}"),
        (TOPIC, b"\xff\xfe"),
        ("alice/clients", b"[]"),
        ("alice/clients", br#"{"status":7}"#),
        ("other/topic", b"hello"),
    ];
    for (count, (topic, payload)) in cases.into_iter().enumerate() {
        stage.message(topic, payload);
        let event = stage.events().remove(0);
        assert!(
            matches!(&event.kind, Kind::Unreadable(why) if !why.is_empty()),
            "{topic} {payload:?}: {event:?}"
        );
        assert_eq!(&*event.raw, payload);
        assert_eq!(stage.store.unreadable(), count as u64 + 1);
    }
    stage.message("$headcount/alice/clients/lamp", "{}");
    stage.message("$headcount/server", "no");
    assert_eq!(stage.store.unreadable(), 9);
}

#[test]
fn raw_json_is_indented_in_its_own_order() {
    let mut stage = Stage::live();
    stage.message(TOPIC, r#"{"event":"connected","client":{"id":"b","account":"a"},"at":"x"}"#);
    let want = "{\n  \"event\": \"connected\",\n  \"client\": {\n    \"id\": \"b\",\n    \"account\": \"a\"\n  },\n  \"at\": \"x\"\n}";
    assert_eq!(stage.events()[0].pretty(), want);
}
