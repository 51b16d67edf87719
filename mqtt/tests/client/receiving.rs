//! PUBLISH from the server: exactly once, Receive Maximum, Topic Aliases, sizes (3.3, 4.3, 4.9).

use crate::script::*;
use headcount_mqtt::client::Options;
use headcount_mqtt::{Ack, ConnAckProperties, Packet, Publish, PublishProperties, QoS, ReasonCode};
use std::num::{NonZeroU16, NonZeroU32};

use QoS::{AtLeastOnce, AtMostOnce, ExactlyOnce};

// [MQTT-4.3.2-4] [MQTT-4.3.3-8]
/// [MQTT-4.5.0-2]
#[test]
fn messages_are_handed_on_and_answered_by_their_qos() {
    for version in [V5, V311] {
        let mut script = Script::connected(version);
        script.send(Packet::Publish(publish(AtMostOnce, 0, "a")));
        assert_eq!(script.message(), message(AtMostOnce, "a"));
        script.expect_quiet();
        script.send(Packet::Publish(publish(AtLeastOnce, 5, "b")));
        assert_eq!(script.message(), message(AtLeastOnce, "b"));
        script.expect(Packet::PubAck(ack(5)));
        script.send(Packet::Publish(publish(ExactlyOnce, 6, "c")));
        assert_eq!(script.message(), message(ExactlyOnce, "c"));
        script.expect(Packet::PubRec(ack(6)));
        script.send(Packet::PubRel(ack(6)));
        script.expect(Packet::PubComp(ack(6)));
        script.expect_quiet();
    }
}

#[test]
fn flags_and_properties_reach_the_caller() {
    let mut script = Script::connected(V5);
    let properties = PublishProperties {
        subscription_identifiers: vec![7, 9],
        message_expiry_interval: Some(3),
        ..Default::default()
    };
    let sent = Publish {
        dup: true,
        retain: true,
        properties: Some(Box::new(properties.clone())),
        ..publish(AtLeastOnce, 1, "a")
    };
    script.send(Packet::Publish(sent));
    let message = script.message();
    assert!(message.dup && message.retain);
    assert_eq!(message.properties, Some(Box::new(properties)));
}

// [MQTT-4.3.3-10] (3.1.1: [MQTT-4.3.3-2])
#[test]
fn a_qos_2_message_that_comes_again_before_pubrel_is_answered_and_not_handed_on() {
    for (version, dup) in [(V5, true), (V5, false), (V311, true)] {
        let mut script = Script::connected(version);
        script.send(Packet::Publish(publish(ExactlyOnce, 6, "c")));
        script.message();
        script.expect(Packet::PubRec(ack(6)));
        script.send(Packet::Publish(Publish { dup, ..publish(ExactlyOnce, 6, "c") }));
        script.expect(Packet::PubRec(ack(6)));
        script.expect_quiet();
        // After PUBREL the identifier names another message [MQTT-4.3.3-12].
        script.send(Packet::PubRel(ack(6)));
        script.expect(Packet::PubComp(ack(6)));
        script.send(Packet::Publish(publish(ExactlyOnce, 6, "d")));
        assert_eq!(script.message().payload, "d");
        script.expect(Packet::PubRec(ack(6)));
        script.expect_quiet();
    }
}

// [MQTT-4.3.3-11], 3.7.2.1
#[test]
fn pubrel_for_nothing_is_completed_as_unknown() {
    let mut script = Script::connected(V5);
    script.send(Packet::PubRel(ack(8)));
    script.expect(Packet::PubComp(Ack::with(id(8), ReasonCode::PacketIdentifierNotFound)));
    let mut script = Script::connected(V311);
    script.send(Packet::PubRel(ack(8)));
    script.expect(Packet::PubComp(ack(8)));
    script.expect_quiet();
}

fn receiving_two() -> Options {
    Options { receive_maximum: NonZeroU16::new(2).unwrap(), ..kept(V5) }
}

// [MQTT-3.3.4-9], 3.3.4
#[test]
fn more_than_the_receive_maximum_is_a_protocol_error() {
    for qos in [AtLeastOnce, ExactlyOnce] {
        let mut script = Script::connected_with(receiving_two(), ConnAckProperties::default());
        for number in [1, 2] {
            script.send(Packet::Publish(publish(ExactlyOnce, number, "a")));
            script.message();
            script.expect(Packet::PubRec(ack(number)));
        }
        // QoS 0 and one that is known do not count.
        script.send(Packet::Publish(publish(AtMostOnce, 0, "a")));
        script.message();
        script.send(Packet::Publish(publish(ExactlyOnce, 1, "a")));
        script.expect(Packet::PubRec(ack(1)));
        script.send(Packet::Publish(publish(qos, 3, "a")));
        script.expect_rejection(ReasonCode::ReceiveMaximumExceeded);
    }
}

#[test]
fn pubcomp_gives_a_place_back() {
    let mut script = Script::connected_with(receiving_two(), ConnAckProperties::default());
    for number in 1..=100 {
        script.send(Packet::Publish(publish(ExactlyOnce, number, "a")));
        script.message();
        script.expect(Packet::PubRec(ack(number)));
        script.send(Packet::Publish(publish(AtLeastOnce, 200, "b")));
        script.message();
        script.expect(Packet::PubAck(ack(200)));
        script.send(Packet::PubRel(ack(number)));
        script.expect(Packet::PubComp(ack(number)));
    }
    script.expect_quiet();
}

#[test]
fn unreleased_messages_of_an_earlier_connection_do_not_count() {
    let mut script = Script::connected_with(receiving_two(), ConnAckProperties::default());
    for number in [1, 2] {
        script.send(Packet::Publish(publish(ExactlyOnce, number, "a")));
        script.message();
        script.expect(Packet::PubRec(ack(number)));
    }
    script.reconnect(true, ConnAckProperties::default());
    for number in [3, 4] {
        script.send(Packet::Publish(publish(ExactlyOnce, number, "a")));
        script.message();
        script.expect(Packet::PubRec(ack(number)));
    }
    script.expect_quiet();
}

// 3.3.2.3.4
/// [MQTT-3.3.2-10]
#[test]
fn a_topic_alias_stands_for_the_name_it_was_last_given() {
    let mut script = Script::connected(V5);
    for (name, alias, expected) in [
        (Some("a/b"), 1, "a/b"),
        (Some("c"), 64, "c"),
        (None, 1, "a/b"),
        (None, 64, "c"),
        (Some("d"), 1, "d"),
        (None, 1, "d"),
    ] {
        script.send(aliased(name, alias));
        let message = script.message();
        assert_eq!(message.topic, topic(expected));
        assert_eq!(message.properties.unwrap_or_default().topic_alias, None);
    }
}

// [MQTT-3.3.2-8] [MQTT-3.3.2-11], 3.3.2.3.4
#[test]
fn topic_aliases_that_mean_nothing_are_answered_with_0x94() {
    // Unknown, and above the Topic Alias Maximum.
    for (name, alias) in [(None, 2), (Some("a"), 65), (None, 65)] {
        let mut script = Script::connected(V5);
        script.send(aliased(Some("a"), 1));
        script.message();
        script.send(aliased(name, alias));
        script.expect_rejection(ReasonCode::TopicAliasInvalid);
    }
    // An alias of 0 has no bytes in our encoder: PUBLISH, topic `a`, one property.
    let mut script = Script::connected(V5);
    script.send_bytes(&[0x30, 0x08, 0, 1, b'a', 3, 0x23, 0, 0, b'x']);
    script.expect_rejection(ReasonCode::TopicAliasInvalid);
    // None announced, none taken.
    let none = Options { topic_alias_maximum: 0, ..options(V5) };
    let mut script = Script::connected_with(none, ConnAckProperties::default());
    script.send(aliased(Some("a"), 1));
    script.expect_rejection(ReasonCode::TopicAliasInvalid);
}

// [MQTT-3.3.2-7]
#[test]
fn topic_aliases_end_with_the_connection() {
    let mut script = Script::connected_with(kept(V5), ConnAckProperties::default());
    script.send(aliased(Some("a"), 1));
    script.message();
    script.reconnect(true, ConnAckProperties::default());
    script.send(aliased(None, 1));
    script.expect_rejection(ReasonCode::TopicAliasInvalid);
}

// [MQTT-3.1.2-24], 3.1.2.11.4
#[test]
fn a_packet_above_the_maximum_is_answered_with_0x95_before_it_is_held() {
    for version in [V5, V311] {
        let small = Options { maximum_packet_size: NonZeroU32::new(100).unwrap(), ..options(version) };
        let mut script = Script::connected_with(small, ConnAckProperties::default());
        // Only the Fixed Header, of a PUBLISH of 256 MB.
        script.send_bytes(&[0x30, 0xFF, 0xFF, 0xFF, 0x7F]);
        script.expect_rejection(ReasonCode::PacketTooLarge);
    }
}

#[test]
fn packets_that_come_in_one_piece_or_byte_by_byte_mean_the_same() {
    use bytes::BytesMut;
    use headcount_mqtt::encode;
    let mut bytes = BytesMut::new();
    for number in 1..=20 {
        encode(&Packet::Publish(publish(AtLeastOnce, number, "a")), V5, &mut bytes).unwrap();
    }
    for size in [1, 2, 3, 7, bytes.len()] {
        let mut script = Script::connected(V5);
        for piece in bytes.chunks(size) {
            script.send_bytes(piece);
        }
        for number in 1..=20 {
            script.message();
            script.expect(Packet::PubAck(ack(number)));
        }
        script.expect_quiet();
    }
}

#[test]
fn what_follows_a_violation_in_the_same_piece_is_not_heard() {
    use bytes::BytesMut;
    use headcount_mqtt::encode;
    let mut bytes = BytesMut::new();
    for packet in [
        Packet::Publish(publish(AtLeastOnce, 1, "a")),
        Packet::ConnAck(Box::default()),
        Packet::Publish(publish(AtLeastOnce, 2, "b")),
    ] {
        encode(&packet, V5, &mut bytes).unwrap();
    }
    let mut script = Script::connected(V5);
    script.send_bytes(&bytes);
    assert_eq!(script.message().payload, "a");
    script.expect(Packet::PubAck(ack(1)));
    script.expect_rejection(ReasonCode::ProtocolError);
    script.expect_quiet();
}
