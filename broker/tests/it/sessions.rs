//! Sessions that outlive their connections, and groups that outlive their members.

use crate::support::*;
use headcount_mqtt::{Delivery, Packet, PacketId, QoS, ReasonCode};

fn group(net: &mut Net, name: &str, qos: QoS, lasting_seconds: u32) -> headcount_broker::ConnectionId {
    let (id, _) = net.connect_with(lasting(name, lasting_seconds));
    net.subscribe(id, "$share/g/t", qos);
    id
}

fn twice(net: &mut Net, publisher: headcount_broker::ConnectionId) {
    for number in [1, 2] {
        let id = PacketId::new(number).unwrap();
        net.send(publisher, publish("t", &number.to_string(), Delivery::ExactlyOnce(id)));
        net.take_ack(publisher);
        net.send(publisher, Packet::PubRel(ack(id)));
        net.take(publisher);
    }
}

/// What a member did not acknowledge goes to another when its session ends, at `QoS` 1.
#[test]
fn a_group_keeps_what_a_leaving_member_had_not_acknowledged() {
    let mut net = Net::open();
    let publisher = net.connect("p");
    let first = group(&mut net, "first", AtLeastOnce, 0);
    let second = group(&mut net, "second", AtLeastOnce, 0);
    twice(&mut net, publisher);
    assert_eq!((net.payloads(first), net.payloads(second)), (vec!["1".into()], vec!["2".into()]));
    net.lose(first);
    assert_eq!(net.payloads(second), ["1"]);
}

/// [MQTT-4.8.2-5] at `QoS` 2 it does not, once it was sent.
#[test]
fn what_was_sent_at_qos_2_is_for_nobody_else() {
    let mut net = Net::open();
    let publisher = net.connect("p");
    let first = group(&mut net, "first", ExactlyOnce, 0);
    let second = group(&mut net, "second", ExactlyOnce, 0);
    twice(&mut net, publisher);
    net.lose(first);
    assert_eq!(net.payloads(second), ["2"]);
}

/// While its session lasts, a member keeps what was meant for it.
#[test]
fn an_absent_member_keeps_its_messages_until_its_session_ends() {
    let mut net = Net::open();
    let publisher = net.connect("p");
    let first = group(&mut net, "first", AtLeastOnce, 10);
    net.lose(first);
    twice(&mut net, publisher);
    let second = group(&mut net, "second", AtLeastOnce, 0);
    assert_eq!(net.take(second), None);
    net.seconds(9);
    assert_eq!(net.take(second), None);
    net.seconds(1);
    assert_eq!(net.payloads(second), ["1", "2"], "in order");
}

#[test]
fn a_queue_is_bounded_in_count_and_drops_the_newest() {
    let mut net = Net::with(|config| config.limits.account.max_queued_messages = 3);
    let (reader, _) = net.connect_with(lasting("r", 100));
    net.subscribe(reader, "t", AtLeastOnce);
    net.lose(reader);
    let publisher = net.connect("p");
    for number in 0..10 {
        net.publish_qos1(publisher, "t", &number.to_string());
    }
    assert_eq!(net.broker.stats().dropped, 7);
    let (reader, ack) = net.connect_with(lasting("r", 100));
    assert!(ack.session_present);
    assert_eq!(net.payloads(reader), ["0", "1", "2"]);
}

#[test]
fn a_queue_is_bounded_in_bytes() {
    let mut net = Net::with(|config| config.limits.account.max_queued_bytes = 10_000);
    let (reader, _) = net.connect_with(lasting("r", 100));
    net.subscribe(reader, "t", AtLeastOnce);
    net.lose(reader);
    let publisher = net.connect("p");
    for _ in 0..10 {
        net.publish_qos1(publisher, "t", &"x".repeat(3_000));
    }
    let (reader, _) = net.connect_with(lasting("r", 100));
    assert_eq!(net.payloads(reader).len(), 3);
}

#[test]
fn sessions_and_connections_are_bounded() {
    let mut net = Net::with(|config| config.limits.max_sessions = 2);
    let (kept, _) = net.connect_with(lasting("a", 100));
    net.lose(kept);
    net.connect("b");
    let (_, ack) = net.connect_with(connect("c", V5));
    assert_eq!(ack.reason, ReasonCode::QuotaExceeded);
    let (_, ack) = net.connect_with(connect("c", V311));
    assert_eq!(ack.reason, ReasonCode::ServerUnavailable);
    let (_, ack) = net.connect_with(lasting("a", 100));
    assert!(ack.session_present, "a stored session needs no new place");
}

/// Nothing of a realm's past stays behind.
#[test]
fn everything_is_given_back() {
    let mut net = Net::open();
    for round in 0..50 {
        let (client, _) = net.connect_with(with_will(lasting(&format!("c{round}"), 10), "w", 5));
        net.subscribe(client, &format!("deep/{round}/#"), ExactlyOnce);
        net.subscribe(client, "$share/g/t", ExactlyOnce);
        net.publish_qos1(client, &format!("deep/{round}/x"), "x");
        net.lose(client);
    }
    net.seconds(10);
    let stats = net.broker.stats();
    assert_eq!((stats.connections, stats.sessions, stats.subscriptions), (0, 0, 0));
    assert_eq!(net.broker.poll_timeout(), None);
}

/// A hundred at once leave exactly one.
#[test]
fn take_overs_leave_exactly_one() {
    let mut net = Net::open();
    let mut connections = Vec::new();
    for number in 0..100 {
        let version = if number % 2 == 0 { V5 } else { V311 };
        let (id, _) = net.connect_with(connect("lamp", version));
        connections.push((id, version));
    }
    let (last, _) = connections.pop().unwrap();
    for (id, version) in connections {
        assert!(net.is_closed(id));
        let word = net.take(id);
        match version {
            V5 => assert!(
                matches!(&word, Some(Packet::Disconnect(it)) if it.reason == ReasonCode::SessionTakenOver)
            ),
            V311 => assert_eq!(word, None),
        }
    }
    assert!(!net.is_closed(last));
    assert_eq!(net.broker.stats().sessions, 1);
}

#[test]
fn a_session_expiry_is_capped_and_told() {
    let mut net = Net::with(|config| config.limits.max_session_expiry = Some(60));
    let (client, ack) = net.connect_with(lasting("c", 3_600));
    assert_eq!(ack.properties.session_expiry_interval, Some(60));
    net.lose(client);
    let (old, _) = net.connect_with(connect("old", V311).unclean());
    net.lose(old);
    net.seconds(59);
    assert_eq!(net.broker.stats().sessions, 2);
    net.seconds(1);
    assert_eq!(net.broker.stats().sessions, 0);
}
