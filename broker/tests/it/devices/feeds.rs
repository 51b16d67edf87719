//! Requests for the past of a channel.

use super::*;
use bytes::Bytes;
use headcount_broker::{Record, Storage};
use headcount_mqtt::{ConnectProperties, Delivery, Publish, PublishProperties};

/// The desk of vy with so many entries in channel 7, and a device that may do both there.
fn town(entries: u64) -> (Net, ConnectionId, String) {
    town_of(realm(|_| ()), entries)
}

fn town_of(config: Config, entries: u64) -> (Net, ConnectionId, String) {
    let mut net = Net::new(config);
    let vy = desk(&mut net, "vy");
    let device = add(&mut net, vy, &json!([both(7)]));
    net.subscribe(vy, "channels/7/feeds/desk-vy", AtMostOnce);
    enter_entries(&mut net, vy, 1..=entries);
    (net, vy, device)
}

fn enter_entries(net: &mut Net, vy: ConnectionId, values: std::ops::RangeInclusive<u64>) {
    for value in values {
        net.publish(vy, "channels/7/publish", &format!("field1={value}"));
    }
}

/// The answer to a request for channel 7.
fn past(net: &mut Net, id: ConnectionId, request: &Value) -> Value {
    net.publish(id, "channels/7/feeds", &request.to_string());
    let answers = net.payloads(id);
    assert_eq!(answers.len(), 1, "{answers:?}");
    serde_json::from_str(&answers[0]).unwrap()
}

fn numbers(answer: &Value) -> Vec<u64> {
    answer["feeds"].as_array().unwrap().iter().map(|it| it["entry_id"].as_u64().unwrap()).collect()
}

#[test]
fn the_newest_are_answered_oldest_first_as_they_were_relayed() {
    for version in [V311, V5] {
        let (mut net, vy, device) = town(0);
        net.subscribe(vy, "channels/7/subscribe", AtMostOnce);
        enter_entries(&mut net, vy, 1..=3);
        let relayed: Vec<Value> =
            net.payloads(vy).iter().map(|entry| serde_json::from_str(entry).unwrap()).collect();
        let lamp = plug_in(&mut net, &device, version);
        net.subscribe(lamp, &format!("channels/7/feeds/{device}"), AtMostOnce);
        net.publish(lamp, "channels/7/feeds", "");
        let (topic, payload) = net.messages(lamp).pop().unwrap();
        assert_eq!(topic, format!("channels/7/feeds/{device}"));
        assert!(payload.starts_with(
            r#"{"channel":{"id":7,"first_entry_id":1,"last_entry_id":3},"feeds":[{"channel_id":7,"created_at":"#
        ));
        let answer: Value = serde_json::from_str(&payload).unwrap();
        assert_eq!((&answer["feeds"], &answer["more"]), (&json!(relayed), &json!(false)));
        assert_eq!(net.messages(vy), [], "nobody but the asker hears it");
    }
}

#[test]
fn a_response_topic_and_its_correlation_data_are_used() {
    let (mut net, vy, _) = town(2);
    net.subscribe(vy, "desk/answers", AtLeastOnce);
    let properties = PublishProperties {
        response_topic: Some("desk/answers".try_into().unwrap()),
        correlation_data: Some(Bytes::from_static(b"7")),
        ..PublishProperties::default()
    };
    let request = Publish {
        dup: false,
        delivery: Delivery::AtLeastOnce(headcount_mqtt::PacketId::new(1).unwrap()),
        retain: false,
        topic: Some("channels/7/feeds".try_into().unwrap()),
        payload: r#"{"results":1}"#.into(),
        properties: Some(Box::new(properties)),
    };
    net.send(vy, Packet::Publish(request));
    let answer = net.take_publish(vy);
    assert_eq!(answer.topic.unwrap().as_str(), "desk/answers");
    assert_eq!(answer.delivery.qos(), AtLeastOnce);
    assert_eq!(answer.properties.unwrap().correlation_data.as_deref(), Some(&b"7"[..]));
    let answer: Value = serde_json::from_slice(&answer.payload).unwrap();
    assert_eq!((numbers(&answer), &answer["more"]), (vec![2], &json!(true)));
    assert_eq!(net.take_ack(vy), ReasonCode::Success);
}

#[test]
fn numbers_and_times_bound_what_comes() {
    let (mut net, vy, _) = town(5);
    net.seconds(60);
    enter_entries(&mut net, vy, 6..=9);
    for (request, expected, more) in [
        (json!({}), vec![1, 2, 3, 4, 5, 6, 7, 8, 9], false),
        (json!({"results": 2}), vec![8, 9], true),
        (json!({"results": 2, "before": 8}), vec![6, 7], true),
        (json!({"after": 7}), vec![8, 9], false),
        (json!({"after": 2, "before": 5}), vec![3, 4], false),
        (json!({"after": 9}), vec![], false),
        (json!({"start": "2017-10-24T16:09:38Z"}), vec![6, 7, 8, 9], false),
        (json!({"end": "2017-10-24T18:09:37+02:00", "results": 2}), vec![4, 5], true),
    ] {
        let answer = past(&mut net, vy, &request);
        assert_eq!((numbers(&answer), &answer["more"]), (expected, &json!(more)), "{request}");
        assert_eq!(answer["channel"], json!({"id": 7, "first_entry_id": 1, "last_entry_id": 9}));
    }
}

/// A channel without entries says so; one that is not there is nobody's.
#[test]
fn a_channel_may_have_no_past() {
    let (mut net, vy, _) = town(0);
    let nothing =
        json!({"channel": {"id": 7, "first_entry_id": 1, "last_entry_id": 0}, "feeds": [], "more": false});
    assert_eq!(past(&mut net, vy, &json!({})), nothing);
    net.publish_qos1(vy, "channels/8/feeds", "");
    assert_eq!(net.take_ack(vy), ReasonCode::NotAuthorized);
}

/// A client that takes little gets the past in pieces, none of them too large, and misses nothing.
#[test]
fn a_small_client_gets_it_in_pieces() {
    let (mut net, _, _) = town(40);
    let mut connect = named(connect("small", V5), "vy");
    connect.properties =
        ConnectProperties { maximum_packet_size: Some(1_000), ..ConnectProperties::default() };
    let (small, reason) = try_enter(&mut net, connect);
    assert_eq!(reason, ReasonCode::Success);
    net.subscribe(small, "channels/7/feeds/small", AtMostOnce);
    let (mut all, mut before) = (Vec::new(), 41);
    loop {
        let answer = past(&mut net, small, &json!({"results": 8000, "before": before}));
        let mut piece = numbers(&answer);
        assert!(answer.to_string().len() < 1_000 && !piece.is_empty());
        before = piece[0];
        piece.append(&mut all);
        all = piece;
        if answer["more"] == json!(false) {
            break;
        }
    }
    assert_eq!(all, (1..=40).collect::<Vec<u64>>());
}

#[test]
fn mistakes_are_refused_in_words() {
    let (mut net, vy, _) = town(1);
    net.subscribe(vy, "vy/errors", AtMostOnce);
    let other = enter(&mut net, "vy", "other");
    for (id, payload, code, why) in [
        (
            vy,
            r#"{"results":0}"#,
            ReasonCode::PayloadFormatInvalid,
            "cannot be answered: results is 0; publish",
        ),
        (vy, r#"{"start":"today"}"#, ReasonCode::PayloadFormatInvalid, "start is `today`; write ISO 8601"),
        (vy, "21.5", ReasonCode::PayloadFormatInvalid, "invalid type"),
        (other, "{}", ReasonCode::NoMatchingSubscribers, "subscribe to channels/7/feeds/other before"),
    ] {
        net.publish_qos1(id, "channels/7/feeds", payload);
        let mut acks = Vec::new();
        let mut lines = Vec::new();
        for id in [vy, other] {
            while let Some(packet) = net.take(id) {
                match packet {
                    Packet::PubAck(ack) => acks.push(ack.reason),
                    Packet::Publish(it) => lines.push(String::from_utf8(it.payload.to_vec()).unwrap()),
                    other => panic!("{other:?}"),
                }
            }
        }
        assert_eq!(acks, [code], "{payload}");
        assert!(lines.len() == 1 && lines[0].contains(why), "{lines:?}");
    }
    // 3.1.1 has no word for it.
    let old = { try_enter(&mut net, named(connect("old", V311), "vy")).0 };
    net.publish_qos1(old, "channels/7/feeds", "x");
    assert_eq!(net.take_ack(old), ReasonCode::Success);
    assert!(net.payloads(vy)[0].contains("cannot be answered"));
}

/// A Will asks for nothing, and nobody answers in the broker's name.
#[test]
fn nobody_else_speaks_there() {
    let (mut net, vy, device) = town(1);
    net.subscribe(vy, "vy/errors", AtMostOnce);
    let connect = with_will(named(connect(&device, V5), &device), "channels/7/feeds", 0);
    let (lamp, _) = try_enter(&mut net, connect);
    net.lose(lamp);
    let lines = net.payloads(vy);
    assert!(lines.len() == 1 && lines[0].contains("its Will to channels/7/feeds is no entry"), "{lines:?}");
    net.publish_qos1(vy, "channels/7/feeds/desk-vy", "{}");
    let line = String::from_utf8(net.take_publish(vy).payload.to_vec()).unwrap();
    assert!(line.contains("the broker alone answers there; ask at channels/7/feeds"), "{line}");
    assert_eq!(net.take_ack(vy), ReasonCode::NotAuthorized);
}

/// What is not stored yet may be given to another: it waits.
#[test]
fn an_answer_waits_until_what_it_says_is_stored() {
    let (mut net, vy, device) = town_of(realm(|config| config.durable = true), 1);
    let lamp = plug_in(&mut net, &device, V5);
    net.store = false;
    net.publish(lamp, "channels/7/publish", "field1=2");
    net.publish(vy, "channels/7/feeds", "");
    assert_eq!(net.messages(vy), []);
    net.persisted(net.records.last().unwrap().0);
    let answer: Value = serde_json::from_str(&net.payloads(vy)[0]).unwrap();
    assert_eq!(numbers(&answer), [1, 2]);
}

/// To ask leaves nothing behind.
#[test]
fn a_full_storage_still_answers() {
    let (mut net, vy, _) = town_of(realm(|config| config.durable = true), 1);
    net.act(|broker, now| broker.handle_storage(now, Storage::Full));
    assert_eq!(numbers(&past(&mut net, vy, &json!({}))), [1]);
}

/// Lower limits hold at once, and storage is told.
#[test]
fn a_reload_trims() {
    let (mut net, vy, _) = town_of(realm(|config| config.durable = true), 9);
    let mut limits = realm(|_| ()).limits;
    limits.devices.max_channel_entries = 4;
    net.act(|broker, now| broker.set_limits(now, limits.clone(), BTreeMap::new()));
    assert_eq!(numbers(&past(&mut net, vy, &json!({}))), [6, 7, 8, 9]);
    assert_eq!(net.records.last().unwrap().1, Record::EntriesDropped { channel: 7, before: 6 });
    limits.devices.max_account_entry_bytes = 0;
    net.act(|broker, now| broker.set_limits(now, limits, BTreeMap::new()));
    assert_eq!(numbers(&past(&mut net, vy, &json!({}))), [9], "the newest carries the count");
}

/// One channel's flood costs that channel its past, and no other.
#[test]
fn a_flood_takes_no_other_past() {
    let one = 200;
    let (mut net, vy, _) =
        town_of(realm(|config| config.limits.devices.max_account_entry_bytes = 30 * one), 5);
    add(&mut net, vy, &json!([both(8)]));
    for value in 0..500 {
        net.publish(vy, "channels/8/publish", &format!("field1={value}"));
    }
    let answer = past(&mut net, vy, &json!({}));
    assert_eq!((numbers(&answer), &answer["channel"]["first_entry_id"]), (vec![1, 2, 3, 4, 5], &json!(1)));
}

/// A channel that is removed takes its past along.
#[test]
fn a_new_channel_of_the_number_begins_anew() {
    let (mut net, vy, device) = town(3);
    ask(&mut net, vy, "remove", &json!({"id": device}));
    ask(&mut net, vy, "remove", &json!({"channel": 7}));
    add(&mut net, vy, &json!([both(7)]));
    enter_entries(&mut net, vy, 9..=9);
    let answer = past(&mut net, vy, &json!({}));
    assert_eq!((numbers(&answer), &answer["feeds"][0]["field1"]), (vec![1], &json!("9")));
}
