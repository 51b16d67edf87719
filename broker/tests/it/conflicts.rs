//! Two connections that fight over one Client Identifier.

use crate::support::*;
use headcount_broker::ConnectionId;
use headcount_mqtt::{Connect, ProtocolVersion};
use serde_json::Value;

fn watched() -> (Net, ConnectionId) {
    let mut net = Net::open();
    let watcher = net.connect("watcher");
    net.subscribe(watcher, "$headcount/+/events", AtMostOnce);
    (net, watcher)
}

fn conflicts(net: &mut Net, watcher: ConnectionId) -> Vec<Value> {
    let said = net.payloads(watcher).into_iter().map(|line| serde_json::from_str::<Value>(&line).unwrap());
    said.filter(|event| event["event"] == "conflict").collect()
}

fn score(event: &Value) -> (u64, u64, bool) {
    let number = |name: &str| event[name].as_u64().unwrap();
    (number("take_overs"), number("within_seconds"), event["over"] == true)
}

/// Keys and their order.
#[test]
fn the_event_names_both_sides_and_the_score() {
    let (mut net, watcher) = watched();
    for _ in 0..3 {
        net.connect("lamp");
        net.seconds(2);
    }
    net.payloads(watcher);
    net.connect("lamp");
    let said = net.payloads(watcher);
    assert_eq!(
        said[0],
        concat!(
            r#"{"seq":7,"at":"2017-10-24T16:08:44.552Z","event":"conflict","#,
            r#""client":{"id":"lamp","account":"anonymous","address":"127.0.0.1:50003","transport":"tcp","#,
            r#""protocol":"5.0","keep_alive":0,"clean_start":true},"#,
            r#""other":{"address":"127.0.0.1:50004","transport":"tcp"},"take_overs":3,"within_seconds":4}"#
        )
    );
    assert!(said[1].contains(r#""reason":"taken-over""#), "then the take-over itself: {}", said[1]);
}

#[test]
fn a_fight_is_told_again_while_it_lasts_and_once_when_it_is_over() {
    let (mut net, watcher) = watched();
    let account = |name: &str| named(connect("lamp", V5), name);
    for _ in 0..60 {
        net.connect_with(account("alice"));
        net.seconds(1);
    }
    let said = conflicts(&mut net, watcher);
    assert_eq!(
        said.iter().map(score).collect::<Vec<_>>(),
        [(3, 2, false), (13, 12, false), (33, 32, false)],
        "with every take-over so far"
    );
    let sides = |event: &Value| {
        let side = |name: &str| event[name]["address"].as_str().unwrap().to_owned();
        (side("client"), side("other"))
    };
    let before = sides(&said[2]);
    assert_ne!(before, sides(&said[1]));

    net.seconds(58);
    assert_eq!(conflicts(&mut net, watcher).len(), 0, "it may go on");
    net.seconds(1);
    let said = conflicts(&mut net, watcher);
    assert_eq!(said.iter().map(score).collect::<Vec<_>>(), [(59, 58, true)]);
    assert_eq!(said[0]["client"]["account"], "alice");
    assert_eq!(
        sides(&said[0]),
        ("127.0.0.1:50060".to_owned(), "127.0.0.1:50059".to_owned()),
        "who has it, and who had it"
    );
    net.seconds(600);
    assert_eq!(conflicts(&mut net, watcher).len(), 0);
}

#[test]
fn fights_of_several_identifiers_end_each_in_its_time() {
    let (mut net, watcher) = watched();
    for round in 0..10 {
        net.connect("lamp");
        if round < 5 {
            net.connect("door");
        }
        net.seconds(5);
    }
    conflicts(&mut net, watcher);
    let mut over = Vec::new();
    for _ in 0..70 {
        net.seconds(1);
        over.extend(conflicts(&mut net, watcher).into_iter().map(|it| it["client"]["id"].clone()));
    }
    assert_eq!(over, ["door", "lamp"]);
}

#[test]
fn who_reconnects_now_and_then_fights_with_nobody() {
    let (mut net, watcher) = watched();
    for _ in 0..20 {
        net.connect("lamp");
        net.seconds(16);
    }
    for number in 0..20 {
        let id = net.connect(&format!("c{number}"));
        net.lose(id);
        net.connect(&format!("c{number}"));
    }
    assert_eq!(conflicts(&mut net, watcher), [Value::Null; 0]);
}

/// In 3.1.1 there is no DISCONNECT from the server. Who has subscribed to its own state reads there why it ends.
#[test]
fn an_ousted_client_of_3_1_1_reads_its_own_end() {
    let own = "$headcount/alice/clients/lamp";
    for (filter, durable) in [(own, false), ("$headcount/+/clients/+", false), (own, true)] {
        let mut net = Net::with(|config| config.durable = durable);
        let client = |version: ProtocolVersion| named(connect("lamp", version), "alice");
        let (old, _) = net.connect_with(client(V311));
        net.subscribe(old, filter, AtMostOnce);
        net.messages(old);
        // What the end promises is not stored yet.
        net.store = false;
        let new = net.attach(V311);
        net.send(new, client(V311).into_packet());
        let said = net.messages(old);
        let states: Vec<_> = said.iter().filter(|(topic, _)| topic == own).collect();
        assert_eq!(states.len(), 1, "{said:?}");
        let state: Value = serde_json::from_str(&states[0].1).unwrap();
        assert_eq!((&state["status"], &state["reason"]), (&"disconnected".into(), &"taken-over".into()));
        assert_eq!(state["client"]["address"], "127.0.0.1:50000");
        assert!(net.is_closed(old));
    }
}

#[test]
fn only_who_asked_for_its_state_is_told_so() {
    let mut net = Net::open();
    let ousted = |net: &mut Net, client: Connect, filter: &str| {
        let (old, _) = net.connect_with(client.clone());
        net.subscribe(old, filter, AtMostOnce);
        net.messages(old);
        net.connect_with(client);
        let last = net.take(old);
        assert!(net.is_closed(old));
        last
    };
    let none = ousted(&mut net, connect("lamp", V311), "$headcount/anonymous/clients/another");
    assert_eq!(none, None);
    let none = ousted(&mut net, connect("door", V311), "door/#");
    assert_eq!(none, None);
    let said = ousted(&mut net, connect("fan", V5), "$headcount/anonymous/clients/fan");
    assert!(
        matches!(&said, Some(headcount_mqtt::Packet::Disconnect(it))
            if it.reason == headcount_mqtt::ReasonCode::SessionTakenOver),
        "of MQTT 5 it has its DISCONNECT: {said:?}"
    );
}
