//! Messages from publisher to subscriber.

use crate::support::*;
use headcount_mqtt::{Delivery, Packet, PacketId, ReasonCode};

#[test]
fn a_message_reaches_its_subscriber_at_each_qos() {
    for version in [V311, V5] {
        let mut net = Net::open();
        let (subscriber, _) = net.connect_with(connect("s", version));
        net.subscribe(subscriber, "a/#", ExactlyOnce);
        let publisher = net.connect("p");
        net.publish(publisher, "a/0", "zero");
        net.publish_qos1(publisher, "a/1", "one");
        assert!(matches!(net.take(publisher), Some(Packet::PubAck(it)) if it.reason == ReasonCode::Success));
        let two = PacketId::new(5).unwrap();
        net.send(publisher, publish("a/2", "two", Delivery::ExactlyOnce(two)));
        assert_eq!(net.take(publisher), Some(Packet::PubRec(ack(two))));
        net.send(publisher, Packet::PubRel(ack(two)));
        assert_eq!(net.take(publisher), Some(Packet::PubComp(ack(two))));

        assert_eq!(net.take_publish(subscriber).delivery, Delivery::AtMostOnce);
        let one = net.take_publish(subscriber).delivery;
        net.send(subscriber, Packet::PubAck(ack(one.packet_id().unwrap())));
        let Delivery::ExactlyOnce(id) = net.take_publish(subscriber).delivery else { panic!() };
        net.send(subscriber, Packet::PubRec(ack(id)));
        assert_eq!(net.take(subscriber), Some(Packet::PubRel(ack(id))));
        net.send(subscriber, Packet::PubComp(ack(id)));
        assert_eq!(net.take(subscriber), None);
    }
}

/// One PUBLISH is encoded once for each version, `QoS` and RETAIN, however many subscribers it has.
#[test]
fn one_message_is_encoded_once_for_each_shape() {
    let mut net = Net::open();
    let mut subscribers = Vec::new();
    for number in 0..120 {
        let version = if number % 2 == 0 { V311 } else { V5 };
        let qos = [AtMostOnce, AtLeastOnce, ExactlyOnce][number % 3];
        let (id, _) = net.connect_with(connect(&format!("s{number}"), version));
        net.subscribe(id, "t/+", qos);
        subscribers.push(id);
    }
    let publisher = net.connect("p");
    for (payload, shapes) in [("small".to_owned(), 6), ("large".repeat(1_000), 6)] {
        let before = net.broker.stats().encoded;
        let id = PacketId::new(1).unwrap();
        net.send(publisher, publish("t/1", &payload, Delivery::ExactlyOnce(id)));
        net.send(publisher, Packet::PubRel(ack(id)));
        assert_eq!(net.broker.stats().encoded - before, shapes);
        for subscriber in &subscribers {
            let got = net.take_publish(*subscriber);
            assert_eq!((got.payload.len(), got.dup), (payload.len(), false));
        }
        let before = net.broker.stats().encoded;
        net.publish(publisher, "t/1", &payload);
        assert_eq!(net.broker.stats().encoded - before, 2, "QoS 0 differs by version alone");
        for subscriber in &subscribers {
            net.take_publish(*subscriber);
        }
    }
}

/// Each receiver has its own Packet Identifiers although the bytes are shared.
#[test]
fn shared_bytes_carry_their_receivers_identifiers() {
    let mut net = Net::open();
    let ahead = net.connect("ahead");
    net.subscribe(ahead, "a/#", AtLeastOnce);
    let behind = net.connect("behind");
    net.subscribe(behind, "a/b", AtLeastOnce);
    let publisher = net.connect("p");
    net.publish_qos1(publisher, "a", "first");
    for payload in ["small".to_owned(), "large".repeat(1_000)] {
        net.publish_qos1(publisher, "a/b", &payload);
    }
    let ids = |net: &mut Net, id| -> Vec<u16> {
        std::iter::from_fn(|| match net.take(id) {
            Some(Packet::Publish(it)) => it.delivery.packet_id().map(PacketId::get),
            _ => None,
        })
        .collect()
    };
    assert_eq!(ids(&mut net, ahead), [1, 2, 3]);
    assert_eq!(ids(&mut net, behind), [1, 2]);
}

/// The bound of retained messages is the clients', and the newest of a topic takes the place of the last.
#[test]
fn retained_messages_are_bounded() {
    let mut net = Net::with(|config| config.limits.max_retained_messages = 2);
    let client = net.connect("c");
    for (topic, payload) in [("a", "1"), ("b", "2"), ("c", "3"), ("a", "4")] {
        net.send(client, retained(topic, payload));
    }
    net.subscribe(client, "+", AtMostOnce);
    let pairs = |list: &[(&str, &str)]| -> Vec<(String, String)> {
        list.iter().map(|(topic, payload)| ((*topic).to_owned(), (*payload).to_owned())).collect()
    };
    assert_eq!(net.messages(client), pairs(&[("a", "4"), ("b", "2")]));
    net.send(client, retained("b", ""));
    net.send(client, retained("c", "5"));
    assert_eq!(net.messages(client), pairs(&[("b", ""), ("c", "5")]));
    assert_eq!(net.broker.stats().retained_messages, 2);
}

/// A full table makes room for a new message by dropping what is over.
#[test]
fn expired_retained_messages_make_room() {
    let mut net = Net::with(|config| config.limits.max_retained_messages = 1);
    let client = net.connect("c");
    let Packet::Publish(mut old) = expiring("old", "1", 5) else { unreachable!() };
    old.retain = true;
    net.send(client, Packet::Publish(old));
    net.take_ack(client);
    net.seconds(6);
    net.send(client, retained("new", "2"));
    net.subscribe(client, "+", AtMostOnce);
    assert_eq!(net.payloads(client), ["2"]);
}

/// More retained messages than an outbox holds all come, as the client reads.
#[test]
fn a_new_subscription_gets_all_retained_messages_whatever_their_size() {
    let mut net = Net::open();
    let client = net.connect("c");
    let payload = "x".repeat(10_000);
    for number in 0..500 {
        net.send(client, retained(&format!("r/{number:03}"), &payload));
    }
    let slow = net.connect("slow");
    net.stop_reading(slow);
    net.send(slow, subscribe_packet(vec![subscription("r/#", AtMostOnce)]));
    // One is replaced and one deleted while they wait: nobody gets an old state behind a new one.
    net.send(client, retained("r/499", "new"));
    net.send(client, retained("r/498", ""));
    net.go_on_reading(slow);
    assert!(matches!(net.take(slow), Some(Packet::SubAck(_))));
    let got = net.messages(slow);
    assert_eq!(got.len(), 499);
    assert_eq!(got.last().unwrap().1, "new");
}
