//! `<account>/clients`, byte for byte, and `<account>/errors`.

use crate::support::*;
use headcount_mqtt::ReasonCode;
use std::time::Duration;

/// The contract's two lines.
#[test]
fn the_clients_feed_is_exact() {
    let mut net = Net::open();
    let watcher = net.connect("watcher");
    net.subscribe(watcher, "anonymous/clients", AtMostOnce);
    let client = net.connect("io-mqtt-39dc5a71");
    net.advance(Duration::from_millis(2139));
    net.disconnect(client, ReasonCode::Success);
    assert_eq!(
        net.payloads(watcher),
        [
            r#"{"status":"connected","at":"2017-10-24T16:08:38.552Z","client":{"id":"io-mqtt-39dc5a71"}}"#,
            r#"{"status":"disconnected","at":"2017-10-24T16:08:40.691Z","client":{"id":"io-mqtt-39dc5a71"}}"#,
        ]
    );
    assert!(net.is_closed(client));
}

#[test]
fn the_feed_is_not_retained_and_comes_at_qos_0() {
    let mut net = Net::open();
    net.connect("first");
    let watcher = net.connect("watcher");
    net.subscribe(watcher, "anonymous/clients", ExactlyOnce);
    assert_eq!(net.take(watcher), None, "what happened before is not repeated");
    net.connect("second");
    let line = net.take_publish(watcher);
    assert!(!line.retain && line.delivery.packet_id().is_none());
}

#[test]
fn an_identifier_of_65_535_bytes_is_tracked_whole_and_shown_cut() {
    let mut net = Net::open();
    let watcher = net.connect("watcher");
    net.subscribe(watcher, "anonymous/clients", AtMostOnce);
    let long = "x".repeat(65_535);
    let client = net.connect(&long);
    net.connect(&format!("{}y", &long[1..]));
    net.lose(client);
    let cut = "x".repeat(32);
    let lines = net.payloads(watcher);
    assert_eq!(lines.len(), 3, "two clients whose identifiers begin alike are two");
    assert!(lines.iter().all(|line| line.ends_with(&format!(r#"{{"id":"{cut}"}}}}"#))));
}

/// A take-over ends the old connection before the new one begins.
#[test]
fn a_take_over_is_disconnected_then_connected() {
    let mut net = Net::open();
    let watcher = net.connect("watcher");
    net.subscribe(watcher, "anonymous/clients", AtMostOnce);
    net.connect("lamp");
    net.connect("lamp");
    let statuses: Vec<_> = net.payloads(watcher).iter().map(|line| line[11..15].to_owned()).collect();
    assert_eq!(statuses, ["conn", "disc", "conn"]);
}

#[test]
fn refused_attempts_never_appear() {
    let mut net = Net::with(|config| {
        config.access.trust_user_names = false;
        config.limits.allow_empty_client_id = false;
    });
    let watcher = net.connect("watcher");
    net.subscribe(watcher, "+/clients", AtMostOnce);
    let (empty, ack) = net.connect_with(connect("", V5));
    assert_eq!(ack.reason, ReasonCode::ClientIdentifierNotValid);
    assert!(net.is_closed(empty));
    let alice = net.attach(V311);
    net.send(alice, named(connect("lamp", V311), "alice").into_packet());
    let question = net.questions.pop().expect("the password is asked for");
    net.answer(question, Err(ReasonCode::BadUserNameOrPassword));
    assert!(net.is_closed(alice));
    assert_eq!(net.take(watcher), None);
}

/// Each account has a feed of its own, and a name that is no single level is encoded.
#[test]
fn each_account_has_its_feed() {
    let mut net = Net::open();
    let watcher = net.connect("watcher");
    net.subscribe(watcher, "+/clients", AtMostOnce);
    for name in ["alice", "a/b", "100%", "$SYS", "+#"] {
        let (id, _) = net.connect_with(named(connect(name, V5), name));
        net.disconnect(id, ReasonCode::Success);
    }
    let topics: Vec<_> = net.messages(watcher).into_iter().map(|(topic, _)| topic).step_by(2).collect();
    assert_eq!(
        topics,
        ["alice/clients", "a%2Fb/clients", "100%25/clients", "%24SYS/clients", "%2B%23/clients"]
    );
}

#[test]
fn a_refused_action_is_one_line_of_text() {
    let mut net = Net::open();
    let watcher = net.connect("watcher");
    net.subscribe(watcher, "anonymous/errors", AtMostOnce);
    let client = net.connect("lamp");
    net.publish(client, "$SYS/uptime", "1");
    assert_eq!(net.payloads(watcher), ["lamp may not publish to $SYS/uptime: denied by built-in:1"]);
}

#[test]
fn a_bound_that_was_met_is_one_line_of_text() {
    let mut net = Net::with(|config| {
        config.limits.max_payload_size = Some(4);
        config.limits.max_retained_messages = 1;
        config.limits.account.max_subscriptions = 1;
    });
    let watcher = net.connect("watcher");
    net.subscribe(watcher, "anonymous/throttle", AtMostOnce);
    let client = net.connect("lamp");
    net.publish_qos1(client, "a", "12345");
    assert_eq!(net.take_ack(client), ReasonCode::QuotaExceeded);
    net.send(client, retained("a", "1"));
    net.send(client, retained("b", "2"));
    net.send(client, retained("a", "3"));
    net.subscribe(client, "x", AtMostOnce);
    assert_eq!(net.subscribe(client, "y", AtMostOnce), ReasonCode::QuotaExceeded);
    assert_eq!(
        net.payloads(watcher),
        [
            "lamp: payload of 5 bytes to a",
            "lamp: retained messages are full: b",
            "lamp: more than 1 subscriptions: y"
        ]
    );
}
