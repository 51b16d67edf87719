//! Bounds of a realm and of its accounts.

use crate::support::*;
use headcount_broker::{AccountLimits, ConnectionId, Limits};
use headcount_mqtt::{Connect, Delivery, Packet, PacketId, ProtocolVersion, ReasonCode};

/// A realm in which `alice` has bounds of her own.
fn bounded(limits: AccountLimits) -> Net {
    Net::with(|config| {
        config.account_limits.insert("alice".to_owned(), limits);
    })
}

fn alice(client_id: &str, version: ProtocolVersion) -> Connect {
    named(connect(client_id, version), "alice")
}

fn enter(net: &mut Net, user_name: &str, client_id: &str) -> ConnectionId {
    let (id, ack) = net.connect_with(named(connect(client_id, V5), user_name));
    assert_eq!(ack.reason, ReasonCode::Success);
    id
}

/// A client that hears the lines about limits of `alice`.
fn listener(net: &mut Net) -> ConnectionId {
    let listener = net.connect("listener");
    net.subscribe(listener, "alice/throttle", AtMostOnce);
    listener
}

#[test]
fn connections_of_an_account_are_bounded() {
    let mut net = bounded(AccountLimits { max_connections: 2, ..AccountLimits::default() });
    let listener = listener(&mut net);
    let first = enter(&mut net, "alice", "1");
    enter(&mut net, "alice", "2");
    for (version, reason) in [(V5, ReasonCode::QuotaExceeded), (V311, ReasonCode::ServerUnavailable)] {
        let (id, ack) = net.connect_with(alice("3", version));
        assert_eq!(ack.reason, reason);
        assert!(net.is_closed(id));
        assert_eq!(net.payloads(listener), ["3 is refused: more than 2 connections at one time"]);
    }
    // Taking over one's own connection adds none.
    let again = enter(&mut net, "alice", "1");
    assert!(net.is_closed(first));
    enter(&mut net, "bob", "4");
    net.disconnect(again, ReasonCode::Success);
    enter(&mut net, "alice", "3");
}

#[test]
fn connection_rates_of_account_and_realm() {
    let mut net = bounded(AccountLimits { max_connection_rate: 1, ..AccountLimits::default() });
    for _ in 0..10 {
        let id = enter(&mut net, "alice", "c");
        net.disconnect(id, ReasonCode::Success);
    }
    let (_, ack) = net.connect_with(alice("c", V5));
    assert_eq!(ack.reason, ReasonCode::ConnectionRateExceeded, "ten seconds' worth came at once");
    enter(&mut net, "bob", "d");
    net.seconds(1);
    enter(&mut net, "alice", "c");

    let mut net = Net::with(|config| config.limits.max_connection_rate = 2);
    for number in 0..20 {
        enter(&mut net, &format!("user{number}"), &number.to_string());
    }
    let (_, ack) = net.connect_with(connect("last", V311));
    assert_eq!(ack.reason, ReasonCode::ServerUnavailable);
    net.seconds(1);
    net.connect("last");
}

/// Nothing is lost, and nothing is answered before its time.
#[test]
fn who_publishes_too_fast_is_read_slowly() {
    for version in [V311, V5] {
        let mut net = bounded(AccountLimits { max_publish_rate: 5, ..AccountLimits::default() });
        let listener = listener(&mut net);
        let reader = net.connect("reader");
        net.subscribe(reader, "t", AtLeastOnce);
        let (writer, _) = net.connect_with(alice("writer", version));
        for number in 0..12 {
            net.publish(writer, "t", &number.to_string());
        }
        assert_eq!(net.payloads(reader), ["0", "1", "2", "3", "4"], "a second's worth at once");
        assert!(net.is_paused(writer));
        assert_eq!(net.payloads(listener), ["writer: more than 5 messages a second"], "one line");
        // A PINGREQ does not wait; QoS 1 does, behind the others.
        net.send(writer, Packet::PingReq);
        assert_eq!(net.take(writer), Some(Packet::PingResp));
        net.publish_qos1(writer, "t", "last");
        assert_eq!(net.take(writer), None);
        net.seconds(1);
        assert_eq!(net.payloads(reader), ["5", "6", "7", "8", "9"]);
        assert!(net.is_paused(writer));
        net.seconds(1);
        assert_eq!(net.messages(reader).len(), 3);
        assert_eq!(net.take_ack(writer), ReasonCode::Success);
        assert!(!net.is_paused(writer));
    }
}

#[test]
fn packets_that_wait_keep_their_order_and_their_end() {
    let mut net = bounded(AccountLimits { max_publish_rate: 1, ..AccountLimits::default() });
    let reader = net.connect("reader");
    net.subscribe(reader, "t", AtMostOnce);
    let writer = enter(&mut net, "alice", "writer");
    for payload in ["1", "2", "3"] {
        net.publish(writer, "t", payload);
    }
    net.disconnect(writer, ReasonCode::Success);
    assert!(!net.is_closed(writer));
    assert_eq!(net.payloads(reader), ["1"]);
    net.seconds(2);
    assert_eq!(net.payloads(reader), ["2", "3"]);
    assert!(net.is_closed(writer), "DISCONNECT came behind them");

    // One that vanishes has sent what it has sent; the account pays for it.
    let writer = enter(&mut net, "alice", "writer");
    net.seconds(10);
    for payload in ["4", "5", "6"] {
        net.publish(writer, "t", payload);
    }
    net.lose(writer);
    assert_eq!(net.payloads(reader), ["4", "5", "6"]);
}

/// While the broker does not read, the client's silence is not its own.
#[test]
fn who_is_read_slowly_is_not_silent() {
    let mut net = bounded(AccountLimits { max_publish_rate: 1, ..AccountLimits::default() });
    let (writer, _) = net.connect_with(Connect { keep_alive: 2, ..alice("writer", V5) });
    for _ in 0..20 {
        net.publish(writer, "t", "x");
    }
    net.seconds(19);
    assert!(!net.is_closed(writer));
    net.seconds(4);
    assert!(net.is_closed(writer), "from the last of them its Keep Alive counts");
}

#[test]
fn a_realm_has_a_rate_for_all_together() {
    let mut net = Net::with(|config| config.limits.max_publish_rate = 4);
    let reader = net.connect("reader");
    net.subscribe(reader, "t", AtMostOnce);
    let (one, other) = (net.connect("one"), net.connect("other"));
    for _ in 0..3 {
        net.publish(one, "t", "x");
        net.publish(other, "t", "x");
    }
    assert_eq!(net.messages(reader).len(), 4);
    net.seconds(1);
    assert_eq!(net.messages(reader).len(), 2);
}

#[test]
fn lines_about_limits_are_bounded_themselves() {
    let mut net = bounded(AccountLimits { max_subscriptions: 0, ..AccountLimits::default() });
    let listener = listener(&mut net);
    let client = enter(&mut net, "alice", "c");
    for number in 0..100 {
        assert_eq!(net.try_subscribe(client, &format!("t{number}")), ReasonCode::QuotaExceeded);
    }
    assert_eq!(net.messages(listener).len(), 10);
    net.seconds(1);
    net.try_subscribe(client, "t");
    assert_eq!(net.payloads(listener), ["c: more than 0 subscriptions: t (and 90 more limits were hit)"]);
}

#[test]
fn what_an_account_retains_is_bounded() {
    let mut net = bounded(AccountLimits { max_retained_messages: 2, ..AccountLimits::default() });
    let client = enter(&mut net, "alice", "c");
    let other = enter(&mut net, "bob", "d");
    let id = PacketId::new(9).unwrap();
    let retain = |net: &mut Net, client, topic: &str, payload: &str| {
        let Packet::Publish(publish) = publish(topic, payload, Delivery::AtLeastOnce(id)) else { panic!() };
        net.send(client, Packet::Publish(headcount_mqtt::Publish { retain: true, ..publish }));
        net.take_ack(client)
    };
    for topic in ["a", "b", "a"] {
        assert_eq!(retain(&mut net, client, topic, "x"), ReasonCode::Success);
    }
    assert_eq!(retain(&mut net, client, "c", "x"), ReasonCode::QuotaExceeded);
    assert_eq!(retain(&mut net, other, "c", "x"), ReasonCode::Success);
    // Whose message was replaced or cleared has room again.
    assert_eq!(retain(&mut net, other, "a", "y"), ReasonCode::Success);
    assert_eq!(retain(&mut net, client, "d", "x"), ReasonCode::Success);
    assert_eq!(retain(&mut net, client, "d", ""), ReasonCode::Success);
    assert_eq!(retain(&mut net, client, "e", "x"), ReasonCode::Success);
    assert_eq!(retain(&mut net, client, "f", "x"), ReasonCode::QuotaExceeded);
    // A Will is no way round.
    let will = headcount_mqtt::Will {
        topic: "g".try_into().unwrap(),
        payload: "x".into(),
        qos: AtMostOnce,
        retain: true,
        properties: headcount_mqtt::WillProperties::default(),
    };
    let (dying, _) = net.connect_with(Connect { will: Some(will), ..alice("w", V5) });
    net.lose(dying);
    net.subscribe(other, "#", AtMostOnce);
    let heard: Vec<_> = net.messages(other).into_iter().map(|(topic, _)| topic).collect();
    assert_eq!(heard, ["a", "b", "c", "e"]);
}

#[test]
fn topics_are_bounded_in_depth_and_length() {
    let mut net = Net::with(|config| {
        config.limits.max_topic_levels = 3;
        config.limits.max_topic_bytes = 10;
    });
    let client = net.connect("c");
    for (topic, fine) in [("a/b/c", true), ("a/b/c/d", false), ("0123456789", true), ("0123456789x", false)] {
        net.publish_qos1(client, topic, "x");
        let expected = if fine { ReasonCode::Success } else { ReasonCode::TopicNameInvalid };
        assert_eq!(net.take_ack(client), expected, "{topic}");
        let expected = if fine { ReasonCode::Success } else { ReasonCode::TopicFilterInvalid };
        assert_eq!(net.subscribe(client, topic, AtMostOnce), expected, "{topic}");
    }
    let will = headcount_mqtt::Will {
        topic: "a/b/c/d".try_into().unwrap(),
        payload: "x".into(),
        qos: AtMostOnce,
        retain: false,
        properties: headcount_mqtt::WillProperties::default(),
    };
    let (_, ack) = net.connect_with(Connect { will: Some(will), ..connect("w", V5) });
    assert_eq!(ack.reason, ReasonCode::TopicNameInvalid);
}

/// What CONNACK told a client holds for it; everybody else has the new bounds.
#[test]
fn limits_change_while_clients_are_connected() {
    let mut net = Net::open();
    let client = net.connect("c");
    let fewer = Limits {
        max_qos: AtMostOnce,
        retain_available: false,
        receive_maximum: 1,
        topic_alias_maximum: 0,
        max_topic_levels: 1,
        ..Limits::default()
    };
    let account = AccountLimits { max_publish_rate: 1, ..AccountLimits::default() };
    net.act(|broker, now| broker.set_limits(now, fewer, [("alice".to_owned(), account)].into()));
    net.publish_qos1(client, "t", "x");
    assert_eq!(net.take_ack(client), ReasonCode::Success, "QoS 1 was promised");
    net.publish_qos1(client, "a/b", "x");
    assert_eq!(net.take_ack(client), ReasonCode::TopicNameInvalid, "depth was not");
    let (_, ack) = net.connect_with(connect("d", V5));
    assert_eq!(ack.properties.maximum_qos, Some(AtMostOnce));
    assert_eq!(ack.properties.receive_maximum, Some(1));
    let writer = enter(&mut net, "alice", "e");
    net.publish(writer, "t", "x");
    net.publish(writer, "t", "x");
    assert!(net.is_paused(writer));
    // Lifted, what waits is served and then no more is counted.
    net.act(|broker, now| broker.set_limits(now, Limits::default(), std::collections::BTreeMap::new()));
    net.seconds(1);
    assert!(!net.is_paused(writer));
    for _ in 0..50 {
        net.publish(writer, "t", "x");
    }
    assert!(!net.is_paused(writer));
}

/// An account that is gone is told so; sessions stay, for it may return.
#[test]
fn accounts_that_are_gone_are_disconnected() {
    let mut net = Net::with(|config| config.access.trust_user_names = false);
    let enter = |net: &mut Net, user_name: Option<&str>, client_id: &str| {
        let id = net.attach(V5);
        let connect = lasting(client_id, 100);
        let connect = user_name.map_or(connect.clone(), |name| named(connect, name));
        net.send(id, connect.into_packet());
        if user_name.is_some() {
            net.answer(id, Ok(()));
        }
        assert!(matches!(net.take(id), Some(Packet::ConnAck(ack)) if ack.reason == ReasonCode::Success));
        id
    };
    let alice = enter(&mut net, Some("alice"), "a");
    let bob = enter(&mut net, Some("bob"), "b");
    let nameless = enter(&mut net, None, "n");
    let certified = net.attach_as("carol");
    net.send(certified, connect("c", V5).into_packet());
    net.take(certified);
    net.act(|broker, now| broker.retain_accounts(now, |name| name == "bob"));
    let Some(Packet::Disconnect(last)) = net.take(alice) else { panic!() };
    assert_eq!(last.reason, ReasonCode::NotAuthorized);
    assert!(net.is_closed(alice));
    assert!(!net.is_closed(bob) && !net.is_closed(nameless) && !net.is_closed(certified));
    assert_eq!(net.broker.stats().sessions, 4);
}
