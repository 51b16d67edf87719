//! Requests to the journal.

use crate::support::*;
use bytes::Bytes;
use headcount_broker::{Access, Config, ConnectionId};
use headcount_mqtt::{Delivery, Packet, PacketId, Publish, PublishProperties, ReasonCode};
use serde_json::Value;

/// The answer's topic and the `seq` of each event in it.
fn answer(net: &mut Net, id: ConnectionId) -> (String, Vec<u64>) {
    let publish = net.take_publish(id);
    let events: Value = serde_json::from_slice(&publish.payload).unwrap();
    let seqs = events.as_array().unwrap().iter().map(|event| event["seq"].as_u64().unwrap());
    (publish.topic.unwrap().as_str().to_owned(), seqs.collect())
}

/// A realm with some events, and a client that may ask.
fn with_events(version: headcount_mqtt::ProtocolVersion) -> (Net, ConnectionId) {
    let mut net = Net::open();
    for n in 0..4 {
        let account = if n % 2 == 0 { "even" } else { "odd" };
        net.connect_with(named(connect(&format!("c{n}"), V5), account));
    }
    let (id, _) = net.connect_with(named(connect("a/sker", version), "even"));
    (net, id)
}

#[test]
fn both_versions_ask_and_get_the_answer_at_the_usual_topic() {
    for version in [V311, V5] {
        let (mut net, id) = with_events(version);
        net.subscribe(id, "$headcount/+/journal/#", AtMostOnce);
        let topic = "$headcount/even/journal/a%2Fsker".to_owned();
        net.publish(id, "$headcount/even/journal", r#"{"after":0,"limit":1000}"#);
        assert_eq!(answer(&mut net, id), (topic.clone(), vec![1, 3, 5]));
        net.publish(id, "$headcount/even/journal", r#"{"after":1,"limit":1}"#);
        assert_eq!(answer(&mut net, id), (topic.clone(), vec![3]));
        net.publish(id, "$headcount/even/journal", r#"{"limit":2}"#);
        assert_eq!(answer(&mut net, id), (topic.clone(), vec![3, 5]), "the newest");
        net.publish(id, "$headcount/even/journal", r#"{"after":99}"#);
        assert_eq!(answer(&mut net, id), (topic, vec![]));
    }
}

#[test]
fn an_observer_asks_for_all_accounts() {
    let (mut net, id) = with_events(V311);
    net.subscribe(id, "$headcount/journal/a%2Fsker", AtMostOnce);
    net.publish(id, "$headcount/journal", r#"{"after":0}"#);
    assert_eq!(answer(&mut net, id), ("$headcount/journal/a%2Fsker".to_owned(), vec![1, 2, 3, 4, 5]));
}

#[test]
fn a_response_topic_and_its_correlation_data_are_used() {
    let (mut net, id) = with_events(V5);
    let other = net.connect("other");
    net.subscribe(id, "my/answers", AtLeastOnce);
    net.subscribe(other, "my/answers", AtLeastOnce);
    let properties = PublishProperties {
        response_topic: Some("my/answers".try_into().unwrap()),
        correlation_data: Some(Bytes::from_static(b"7")),
        ..PublishProperties::default()
    };
    net.send(
        id,
        Packet::Publish(Publish {
            dup: false,
            delivery: Delivery::AtLeastOnce(PacketId::new(5).unwrap()),
            retain: false,
            topic: Some("$headcount/odd/journal".try_into().unwrap()),
            payload: Bytes::from_static(br#"{"limit":1}"#),
            properties: Some(Box::new(properties)),
        }),
    );
    let publish = net.take_publish(id);
    assert_eq!(publish.topic.unwrap().as_str(), "my/answers");
    assert_eq!(publish.properties.unwrap().correlation_data.as_deref(), Some(&b"7"[..]));
    assert!(publish.delivery.packet_id().is_some(), "at the lower QoS of request and subscription");
    assert_eq!(net.take_ack(id), ReasonCode::Success);
    assert_eq!(net.take(other), None, "the asker alone gets it");
}

#[test]
fn who_is_not_subscribed_gets_no_answer_and_is_told() {
    let (mut net, id) = with_events(V5);
    net.subscribe(id, "even/errors", AtMostOnce);
    net.publish_qos1(id, "$headcount/even/journal", r#"{"limit":1}"#);
    let said = net.take_publish(id);
    let said = String::from_utf8(said.payload.to_vec()).unwrap();
    assert!(said.contains("subscribe to $headcount/even/journal/a%2Fsker before"), "{said}");
    assert_eq!(net.take_ack(id), ReasonCode::NoMatchingSubscribers);
}

#[test]
fn a_request_that_cannot_be_read_is_explained() {
    for bad in ["", "[]", "{", r#"{"limit":0}"#, r#"{"limit":1001}"#, r#"{"after":-1}"#, r#"{"befor":1}"#] {
        let (mut net, id) = with_events(V5);
        net.subscribe(id, "even/errors", AtMostOnce);
        net.publish_qos1(id, "$headcount/even/journal", bad);
        let said = net.take_publish(id);
        let said = String::from_utf8(said.payload.to_vec()).unwrap();
        assert!(said.starts_with("a/sker: the request to $headcount/even/journal cannot"), "{said}");
        assert!(said.ends_with(r#"or {"limit":N} for the newest"#), "{said}");
        assert_eq!(net.take_ack(id), ReasonCode::PayloadFormatInvalid, "{bad}");
    }
}

#[test]
fn an_account_reads_its_own_journal_and_an_observer_every_one() {
    let access = Access { observers: Some(vec!["admin".to_owned()]), ..Access::open() };
    let mut net = Net::new(Config { access, ..Config::open("r") });
    for (user, topic, expected) in [
        ("alice", "$headcount/alice/journal", ReasonCode::Success),
        ("alice", "$headcount/bob/journal", ReasonCode::NotAuthorized),
        ("alice", "$headcount/journal", ReasonCode::Success),
        ("admin", "$headcount/bob/journal", ReasonCode::Success),
        ("admin", "$headcount/journal", ReasonCode::Success),
        ("admin", "$headcount/bob/journal/admin", ReasonCode::NotAuthorized),
    ] {
        let (id, _) = net.connect_with(named(connect(user, V5), user));
        net.subscribe(id, &format!("{topic}/{user}"), AtMostOnce);
        net.publish_qos1(id, topic, r#"{"limit":1}"#);
        if expected == ReasonCode::Success {
            answer(&mut net, id);
        }
        assert_eq!(net.take_ack(id), expected, "{user} at {topic}");
    }
}

/// One request for every page: nobody is denied anything by asking for what it may read.
#[test]
fn whoever_asks_for_all_gets_what_it_may_read() {
    let access = Access { observers: Some(vec!["admin".to_owned()]), ..Access::open() };
    let mut net = Net::new(Config { access, ..Config::open("r") });
    for (user, expected) in [("alice", &[1][..]), ("bob", &[2]), ("admin", &[1, 2, 3])] {
        let (id, _) = net.connect_with(named(connect(user, V5), user));
        assert_eq!(net.subscribe(id, &format!("$headcount/journal/{user}"), AtMostOnce), ReasonCode::Success);
        net.publish(id, "$headcount/journal", r#"{"after":0}"#);
        assert_eq!(answer(&mut net, id).1, expected, "{user}");
    }
}

/// The answer fits into the client's Maximum Packet Size: it has fewer events, not none.
#[test]
fn an_answer_is_as_large_as_the_asker_takes() {
    let mut net = Net::open();
    for n in 0..200 {
        let id = net.connect(&format!("c{n}"));
        net.lose(id);
    }
    let mut small = connect("small", V5);
    small.properties.maximum_packet_size = Some(5_000);
    let (id, _) = net.connect_with(small);
    net.subscribe(id, "$headcount/journal/small", AtMostOnce);
    net.publish(id, "$headcount/journal", r#"{"limit":1000}"#);
    let (_, newest) = answer(&mut net, id);
    assert!(newest.len() > 5 && newest.len() < 50, "{newest:?}");
    assert_eq!(newest.last(), Some(&401));
    net.publish(id, "$headcount/journal", r#"{"after":0,"limit":1000}"#);
    assert_eq!(answer(&mut net, id).1[0], 1, "the oldest, to go on from");
}

#[test]
fn the_journal_is_bounded_and_goes_on_counting() {
    let mut net = Net::with(|config| {
        config.limits.max_journal_events = 10;
        config.durable = true;
    });
    for n in 0..20 {
        net.connect(&format!("c{n}"));
    }
    let (id, _) = net.connect_with(connect("asker", V5));
    net.subscribe(id, "$headcount/journal/asker", AtMostOnce);
    net.publish(id, "$headcount/journal", r#"{"after":0,"limit":1000}"#);
    assert_eq!(answer(&mut net, id).1, (12..=21).collect::<Vec<_>>());
    let dropped =
        net.records.iter().filter(|(_, it)| matches!(it, headcount_broker::Record::EventsDropped { .. }));
    assert_eq!(dropped.count(), 11);
    net.seconds(8 * 24 * 3_600);
    net.publish(id, "$headcount/journal", r#"{"after":0,"limit":1000}"#);
    assert_eq!(answer(&mut net, id).1, [21], "too old, and the newest carries the count");
}
