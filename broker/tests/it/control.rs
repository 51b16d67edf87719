//! Administrators: kick, delete a session, delete a retained message.

use crate::support::*;
use headcount_broker::ConnectionId;
use headcount_mqtt::{Packet, PublishProperties, ReasonCode};

/// `boss` administers; everybody observes.
fn net() -> Net {
    Net::with(|config| config.access.administrators = vec!["boss".to_owned()])
}

fn boss(net: &mut Net) -> ConnectionId {
    net.connect_with(named(connect("desk", V5), "boss")).0
}

/// Asks, and gives what came to the usual answer's topic.
fn ask(net: &mut Net, boss: ConnectionId, verb: &str, payload: &str) -> String {
    let topic = format!("$headcount/boss/control/{verb}");
    assert_eq!(net.subscribe(boss, &format!("{topic}/desk"), AtMostOnce), ReasonCode::Success);
    net.publish(boss, &topic, payload);
    let answers = net.messages(boss);
    let [(to, answer)] = answers.as_slice() else { panic!("{answers:?}") };
    assert_eq!(to, &format!("{topic}/desk"));
    answer.clone()
}

/// The `events` that an observer got, cut down to some keys.
fn events(net: &mut Net, watcher: ConnectionId, keys: &[&str]) -> Vec<String> {
    let payloads = net.payloads(watcher).into_iter();
    let read = payloads.map(|json| serde_json::from_str::<serde_json::Value>(&json).unwrap());
    read.map(|event| keys.iter().map(|key| event[*key].as_str().unwrap_or("-")).collect::<Vec<_>>().join(" "))
        .collect()
}

fn watcher(net: &mut Net) -> ConnectionId {
    let watcher = net.connect("watcher");
    net.subscribe(watcher, "$headcount/+/events", AtMostOnce);
    watcher
}

#[test]
fn a_kicked_client_is_told_and_its_end_has_that_reason() {
    let mut net = net();
    let boss = boss(&mut net);
    let watcher = watcher(&mut net);
    let lamp = net.connect("lamp");
    net.payloads(watcher);
    assert_eq!(ask(&mut net, boss, "kick", r#"{"client":"lamp"}"#), r#"{"done":true}"#);
    let Some(Packet::Disconnect(disconnect)) = net.take(lamp) else { panic!("no DISCONNECT") };
    assert_eq!(disconnect.reason, ReasonCode::AdministrativeAction);
    assert!(net.is_closed(lamp));
    assert_eq!(
        events(&mut net, watcher, &["event", "action", "target", "reason"]),
        ["administered kick lamp -", "disconnected - - kicked"]
    );
    assert_eq!(
        ask(&mut net, boss, "kick", r#"{"client":"lamp"}"#),
        r#"{"done":false,"why":"there is no session of this client"}"#
    );
}

#[test]
fn a_deleted_session_is_gone_with_its_queue_and_its_will_is_said() {
    let mut net = net();
    let boss = boss(&mut net);
    let reader = net.connect("reader");
    net.subscribe(reader, "wills/#", AtMostOnce);
    let (lamp, _) = net.connect_with(with_will(lasting("lamp", 3600), "wills/lamp", 600));
    net.subscribe(lamp, "queue", AtLeastOnce);
    net.lose(lamp);
    net.publish_qos1(boss, "queue", "x");
    net.take(boss);
    assert_eq!(
        ask(&mut net, boss, "kick", r#"{"client":"lamp"}"#),
        r#"{"done":false,"why":"the client is not connected"}"#
    );
    assert_eq!(net.broker.stats().sessions, 3);
    assert_eq!(ask(&mut net, boss, "delete-session", r#"{"client":"lamp"}"#), r#"{"done":true}"#);
    assert_eq!(net.broker.stats().sessions, 2);
    assert_eq!(net.messages(reader).len(), 1);
    let (_, ack) = net.connect_with(lasting("lamp", 3600));
    assert!(!ack.session_present);
}

#[test]
fn a_connected_session_is_ended_before_it_is_deleted() {
    let mut net = net();
    let boss = boss(&mut net);
    for seconds in [0, 3600] {
        let (lamp, _) = net.connect_with(lasting("lamp", seconds));
        assert_eq!(ask(&mut net, boss, "delete-session", r#"{"client":"lamp"}"#), r#"{"done":true}"#);
        assert!(net.is_closed(lamp));
        assert_eq!(net.broker.stats().sessions, 1);
    }
}

#[test]
fn a_deleted_retained_message_is_cleared_for_all() {
    let mut net = net();
    let boss = boss(&mut net);
    let reader = net.connect("reader");
    net.send(reader, retained("lamp/state", "on"));
    net.subscribe(reader, "lamp/#", AtMostOnce);
    net.messages(reader);
    let request = r#"{"topic":"lamp/state"}"#;
    assert_eq!(ask(&mut net, boss, "delete-retained", request), r#"{"done":true}"#);
    assert_eq!(net.messages(reader), [("lamp/state".to_owned(), String::new())]);
    assert_eq!(net.broker.stats().retained_messages, 0);
    assert_eq!(
        ask(&mut net, boss, "delete-retained", request),
        r#"{"done":false,"why":"no message is retained for this topic"}"#
    );
}

/// It is the act that counts: a program that only publishes may ask.
#[test]
fn an_answer_is_not_needed_and_goes_where_it_is_asked_for() {
    let mut net = net();
    let boss = boss(&mut net);
    let lamp = net.connect("lamp");
    net.publish_qos1(boss, "$headcount/boss/control/kick", r#"{"client":"lamp"}"#);
    assert_eq!(net.take_ack(boss), ReasonCode::Success);
    assert!(net.is_closed(lamp));
    net.connect("lamp");
    net.subscribe(boss, "answers", AtMostOnce);
    let Packet::Publish(mut request) =
        publish("$headcount/boss/control/kick", r#"{"client":"lamp"}"#, headcount_mqtt::Delivery::AtMostOnce)
    else {
        unreachable!()
    };
    request.properties = Some(Box::new(PublishProperties {
        response_topic: Some("answers".try_into().unwrap()),
        correlation_data: Some("7".into()),
        ..PublishProperties::default()
    }));
    net.send(boss, Packet::Publish(request));
    let answer = net.take_publish(boss);
    assert_eq!(answer.payload, r#"{"done":true}"#);
    assert_eq!(answer.properties.unwrap().correlation_data, Some("7".into()));
}

#[test]
fn an_administrator_may_end_itself() {
    let mut net = net();
    let boss = boss(&mut net);
    net.publish_qos1(boss, "$headcount/boss/control/kick", r#"{"client":"desk"}"#);
    assert!(net.is_closed(boss));
    let again = self::boss(&mut net);
    net.publish_qos1(again, "$headcount/boss/control/delete-session", r#"{"client":"desk"}"#);
    assert!(net.is_closed(again));
    assert_eq!(net.broker.stats().sessions, 0);
}

/// Others are refused, an observer too, and so is an administrator in another account's name.
#[test]
fn others_are_refused_with_a_line() {
    let mut net = net();
    let boss = boss(&mut net);
    let (mallory, _) = net.connect_with(named(connect("m", V5), "mallory"));
    let lamp = net.connect("lamp");
    net.subscribe(mallory, "mallory/errors", AtMostOnce);
    for account in ["mallory", "boss"] {
        let topic = format!("$headcount/{account}/control/kick");
        net.publish(mallory, &topic, r#"{"client":"lamp"}"#);
        assert_eq!(net.payloads(mallory), [format!("m may not publish to {topic}: denied by built-in:3")]);
    }
    net.publish_qos1(boss, "$headcount/mallory/control/kick", r#"{"client":"lamp"}"#);
    assert_eq!(net.take_ack(boss), ReasonCode::NotAuthorized);
    assert!(!net.is_closed(lamp));
}

#[test]
fn mistakes_are_explained() {
    let mut net = net();
    let boss = boss(&mut net);
    net.subscribe(boss, "boss/errors", AtMostOnce);
    for (verb, payload, mistake) in [
        ("kick", "", "publish {\"client\":\"its Client Identifier\"}"),
        ("kick", r#"{"topic":"x"}"#, "unknown field `topic`"),
        ("delete-retained", r#"{"topic":"a/#"}"#, "a Topic Name holds no + and no #"),
        ("delete-retained", r#"{"topic":"$headcount/server"}"#, "is the broker's own to say and to clear"),
    ] {
        net.publish(boss, &format!("$headcount/boss/control/{verb}"), payload);
        let lines = net.payloads(boss);
        assert!(lines.len() == 1 && lines[0].contains(mistake), "{verb} {payload}: {lines:?}");
    }
    // No such verb: a topic like any other of the broker's own.
    net.publish(boss, "$headcount/boss/control/reboot", "{}");
    assert_eq!(net.payloads(boss).len(), 1);
}
