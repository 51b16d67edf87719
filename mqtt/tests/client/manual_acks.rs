//! PUBACK by hand: late, in order, and for its own connection alone.

use crate::script::*;
use headcount_mqtt::client::{Options, Receipt};
use headcount_mqtt::{ConnAckProperties, Packet, ProtocolVersion, Publish, QoS, ReasonCode};
use std::num::NonZeroU16;

use QoS::{AtLeastOnce, AtMostOnce, ExactlyOnce};

fn by_hand(version: ProtocolVersion) -> Script {
    let options = Options { manual_acks: true, ..kept(version) };
    Script::connected_with(options, ConnAckProperties::default())
}

/// Takes a message at `QoS` 1 and its receipt.
fn received(script: &mut Script, payload: &str) -> Receipt {
    assert_eq!(script.message().payload, payload);
    script.client.poll_receipt().expect("a receipt comes with the message")
}

// [MQTT-4.3.2-4] (3.1.1: [MQTT-4.3.2-2])
#[test]
fn puback_waits_for_the_caller() {
    for version in [V5, V311] {
        let mut script = by_hand(version);
        script.send(Packet::Publish(publish(AtLeastOnce, 5, "a")));
        let receipt = received(&mut script, "a");
        script.advance(secs(20));
        script.expect_quiet();
        script.client.acknowledge(script.now, receipt);
        script.expect(Packet::PubAck(ack(5)));
        // Once.
        script.client.acknowledge(script.now, receipt);
        script.expect_quiet();
    }
}

/// [MQTT-4.6.0-2]
#[test]
fn pubacks_leave_in_the_order_of_the_messages_however_the_caller_finishes() {
    let mut script = by_hand(V5);
    for (number, payload) in [(9, "a"), (3, "b"), (7, "c"), (1, "d")] {
        script.send(Packet::Publish(publish(AtLeastOnce, number, payload)));
    }
    let [a, b, c, d] = ["a", "b", "c", "d"].map(|payload| received(&mut script, payload));
    script.client.acknowledge(script.now, c);
    script.client.acknowledge(script.now, b);
    script.expect_quiet();
    script.client.acknowledge(script.now, a);
    for number in [9, 3, 7] {
        script.expect(Packet::PubAck(ack(number)));
    }
    script.expect_quiet();
    script.client.acknowledge(script.now, d);
    script.expect(Packet::PubAck(ack(1)));
    script.expect_quiet();
}

#[test]
fn other_qos_are_answered_as_ever_and_have_no_receipt() {
    let mut script = by_hand(V5);
    script.send(Packet::Publish(publish(AtLeastOnce, 1, "held")));
    let receipt = received(&mut script, "held");
    script.send(Packet::Publish(publish(AtMostOnce, 0, "a")));
    script.message();
    assert_eq!(script.client.poll_receipt(), None);
    script.send(Packet::Publish(publish(ExactlyOnce, 2, "b")));
    script.message();
    assert_eq!(script.client.poll_receipt(), None);
    script.expect(Packet::PubRec(ack(2)));
    script.client.acknowledge(script.now, receipt);
    script.expect(Packet::PubAck(ack(1)));
}

#[test]
fn what_is_not_acknowledged_comes_again_on_the_next_connection_with_a_receipt_of_its_own() {
    for version in [V5, V311] {
        let mut script = by_hand(version);
        script.send(Packet::Publish(publish(AtLeastOnce, 5, "a")));
        script.send(Packet::Publish(publish(AtLeastOnce, 6, "b")));
        let old = received(&mut script, "a");
        received(&mut script, "b");
        script.lose();
        // Between two connections CONNECT has to come first.
        script.client.acknowledge(script.now, old);
        script.wait();
        script.open();
        script.accept(true, ConnAckProperties::default());
        script.client.acknowledge(script.now, old);
        script.expect_quiet();
        for (number, payload) in [(5, "a"), (6, "b")] {
            script.send(Packet::Publish(Publish { dup: true, ..publish(AtLeastOnce, number, payload) }));
        }
        let [a, b] = ["a", "b"].map(|payload| received(&mut script, payload));
        assert!(a > old);
        script.client.acknowledge(script.now, old);
        script.expect_quiet();
        script.client.acknowledge(script.now, a);
        script.client.acknowledge(script.now, b);
        script.expect(Packet::PubAck(ack(5)));
        script.expect(Packet::PubAck(ack(6)));
        script.expect_quiet();
    }
}

#[test]
fn receipts_keep_to_their_messages_when_the_caller_fetches_late() {
    let mut script = by_hand(V5);
    script.send(Packet::Publish(publish(AtLeastOnce, 5, "a")));
    script.closed();
    script.wait();
    script.open();
    script.send(connack(true, ReasonCode::Success, ConnAckProperties::default()));
    script.send(Packet::Publish(publish(AtLeastOnce, 6, "b")));
    // `a` is of the connection before: its receipt is void, and `b` has another one.
    let a = received(&mut script, "a");
    for _ in 0..3 {
        script.event();
    }
    let b = received(&mut script, "b");
    script.client.acknowledge(script.now, a);
    script.expect_quiet();
    script.client.acknowledge(script.now, b);
    script.expect(Packet::PubAck(ack(6)));
}

#[test]
fn a_message_that_the_server_repeats_meanwhile_is_handed_on_once() {
    let mut script = by_hand(V311);
    script.send(Packet::Publish(publish(AtLeastOnce, 5, "a")));
    let receipt = received(&mut script, "a");
    script.send(Packet::Publish(Publish { dup: true, ..publish(AtLeastOnce, 5, "a") }));
    script.expect_quiet();
    script.client.acknowledge(script.now, receipt);
    script.expect(Packet::PubAck(ack(5)));
    script.expect_quiet();
}

// [MQTT-3.3.4-9], 3.3.4
#[test]
fn unacknowledged_messages_count_against_the_receive_maximum() {
    let options =
        Options { manual_acks: true, receive_maximum: NonZeroU16::new(2).expect("2 is not 0"), ..kept(V5) };
    let mut script = Script::connected_with(options, ConnAckProperties::default());
    script.send(Packet::Publish(publish(AtLeastOnce, 1, "a")));
    let a = received(&mut script, "a");
    script.send(Packet::Publish(publish(ExactlyOnce, 2, "b")));
    script.message();
    script.expect(Packet::PubRec(ack(2)));
    script.client.acknowledge(script.now, a);
    script.expect(Packet::PubAck(ack(1)));
    script.send(Packet::Publish(publish(AtLeastOnce, 3, "c")));
    script.message();
    script.send(Packet::Publish(publish(AtLeastOnce, 4, "d")));
    script.expect_rejection(ReasonCode::ReceiveMaximumExceeded);
}
