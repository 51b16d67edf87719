//! PUBLISH to the server, `QoS` 0, 1 and 2, and the server's limits (3.3 to 3.7, 4.3, 4.9).

use crate::script::*;
use headcount_mqtt::client::{Client, Event, GivenUp, Limits, Message, Options, PublishError, Token};
use headcount_mqtt::{
    Ack, AckProperties, ConnAckProperties, EncodeError, Packet, PublishProperties, QoS, ReasonCode,
};
use std::time::Duration;

use QoS::{AtLeastOnce, AtMostOnce, ExactlyOnce};

fn published(token: Token, reason: ReasonCode) -> Event {
    Event::Published { token, reason, reason_string: None }
}

impl Script {
    fn publish(&mut self, message: Message) -> Token {
        self.client.publish(self.now, message).expect("the client takes it")
    }

    fn refused(&mut self, message: Message) -> PublishError {
        let error = self.client.publish(self.now, message).expect_err("the client turns it down");
        self.expect_quiet();
        error
    }
}

#[test]
fn qos_0_is_sent_once_and_never_kept() {
    let mut script = Script::new(options(V5));
    assert_eq!(script.refused(message(AtMostOnce, "a")), PublishError::NotConnected);
    script.connect();
    assert_eq!(script.refused(message(AtMostOnce, "a")), PublishError::NotConnected);
    script.accept(false, ConnAckProperties::default());
    let token = script.publish(message(AtMostOnce, "a"));
    script.expect_event(&published(token, ReasonCode::Success));
    // [MQTT-2.2.1-2] [MQTT-3.3.1-2]
    script.expect(Packet::Publish(publish(AtMostOnce, 0, "a")));
    script.expect_quiet();
}

// [MQTT-4.3.2-1] [MQTT-4.3.2-2] [MQTT-4.3.2-3]
#[test]
fn qos_1_ends_with_puback() {
    for version in [V5, V311] {
        let mut script = Script::connected(version);
        let first = script.publish(message(AtLeastOnce, "a"));
        let second = script.publish(message(AtLeastOnce, "b"));
        script.expect(Packet::Publish(publish(AtLeastOnce, 1, "a")));
        script.expect(Packet::Publish(publish(AtLeastOnce, 2, "b")));
        assert_eq!(script.client.unacknowledged(), 2);
        script.send(Packet::PubAck(ack(2)));
        script.expect_event(&published(second, ReasonCode::Success));
        script.send(Packet::PubAck(ack(1)));
        script.expect_event(&published(first, ReasonCode::Success));
        // Once more: the identifier means nothing any more.
        script.send(Packet::PubAck(ack(1)));
        script.expect_quiet();
        assert_eq!(script.client.unacknowledged(), 0);
    }
}

#[test]
fn the_reason_of_a_puback_is_reported() {
    let mut script = Script::connected(V5);
    let token = script.publish(message(AtLeastOnce, "a"));
    script.packet();
    let properties = AckProperties { reason_string: Some(text("no")), ..Default::default() };
    let reason = ReasonCode::NotAuthorized;
    script.send(Packet::PubAck(Ack { properties: Some(Box::new(properties)), ..Ack::with(id(1), reason) }));
    script.expect_event(&Event::Published { token, reason, reason_string: Some(text("no")) });
    script.expect_quiet();
}

// [MQTT-4.3.3-1] [MQTT-4.3.3-4] [MQTT-4.3.3-5]
#[test]
fn qos_2_ends_with_pubcomp() {
    for version in [V5, V311] {
        let mut script = Script::connected(version);
        let token = script.publish(message(ExactlyOnce, "a"));
        script.expect(Packet::Publish(publish(ExactlyOnce, 1, "a")));
        script.send(Packet::PubRec(ack(1)));
        script.expect(Packet::PubRel(ack(1)));
        script.expect_quiet();
        // A PUBREC that came twice gets its PUBREL twice.
        script.send(Packet::PubRec(ack(1)));
        script.expect(Packet::PubRel(ack(1)));
        script.expect_quiet();
        script.send(Packet::PubComp(ack(1)));
        script.expect_event(&published(token, ReasonCode::Success));
        script.send(Packet::PubComp(ack(1)));
        script.expect_quiet();
    }
}

// [MQTT-4.3.3-4]: PUBREL only after a PUBREC below 0x80.
#[test]
fn pubrec_with_an_error_ends_the_flow() {
    let properties = ConnAckProperties { receive_maximum: Some(1), ..Default::default() };
    let mut script = Script::connected_with(options(V5), properties);
    let first = script.publish(message(ExactlyOnce, "a"));
    let second = script.publish(message(ExactlyOnce, "b"));
    script.expect(Packet::Publish(publish(ExactlyOnce, 1, "a")));
    script.send(Packet::PubRec(Ack::with(id(1), ReasonCode::QuotaExceeded)));
    script.expect_event(&published(first, ReasonCode::QuotaExceeded));
    // It also gives its place in the window back (4.9).
    script.expect(Packet::Publish(publish(ExactlyOnce, 2, "b")));
    script.send(Packet::PubRec(Ack::with(id(2), ReasonCode::NoMatchingSubscribers)));
    script.expect(Packet::PubRel(ack(2)));
    script.send(Packet::PubComp(Ack::with(id(2), ReasonCode::PacketIdentifierNotFound)));
    script.expect_event(&published(second, ReasonCode::PacketIdentifierNotFound));
}

#[test]
fn pubrec_for_nothing_is_released_as_unknown() {
    let mut script = Script::connected(V5);
    script.send(Packet::PubRec(ack(9)));
    script.expect(Packet::PubRel(Ack::with(id(9), ReasonCode::PacketIdentifierNotFound)));
    script.send(Packet::PubRec(Ack::with(id(9), ReasonCode::UnspecifiedError)));
    script.expect_quiet();
    let mut script = Script::connected(V311);
    script.send(Packet::PubRec(ack(9)));
    script.expect(Packet::PubRel(ack(9)));
    script.expect_quiet();
}

#[test]
fn an_acknowledgement_of_another_flow_is_a_protocol_error() {
    type Answer = fn(Ack) -> Packet;
    let cases: [(QoS, &[Answer], Answer); 5] = [
        (AtLeastOnce, &[], Packet::PubRec),
        (AtLeastOnce, &[], Packet::PubComp),
        (ExactlyOnce, &[], Packet::PubAck),
        (ExactlyOnce, &[], Packet::PubComp),
        (ExactlyOnce, &[Packet::PubRec], Packet::PubAck),
    ];
    for version in [V5, V311] {
        for (qos, before, wrong) in cases {
            let mut script = Script::connected(version);
            script.publish(message(qos, "a"));
            script.packet();
            for answer in before {
                script.send(answer(ack(1)));
                script.packet();
            }
            script.send(wrong(ack(1)));
            script.expect_rejection(ReasonCode::ProtocolError);
            assert_eq!(script.client.unacknowledged(), 1);
        }
    }
}

// [MQTT-3.3.4-7], 4.9
#[test]
fn the_servers_receive_maximum_is_kept_and_order_with_it() {
    let properties = ConnAckProperties { receive_maximum: Some(2), ..Default::default() };
    let mut script = Script::connected_with(options(V5), properties);
    for (qos, payload) in [(ExactlyOnce, "a"), (AtLeastOnce, "b"), (AtLeastOnce, "c"), (ExactlyOnce, "d")] {
        script.publish(message(qos, payload));
    }
    script.expect(Packet::Publish(publish(ExactlyOnce, 1, "a")));
    script.expect(Packet::Publish(publish(AtLeastOnce, 2, "b")));
    script.expect_quiet();
    // QoS 0 is outside of the window.
    script.publish(message(AtMostOnce, "z"));
    script.event();
    script.expect(Packet::Publish(publish(AtMostOnce, 0, "z")));
    // PUBREC gives no place back, PUBCOMP does.
    script.send(Packet::PubRec(ack(1)));
    script.expect(Packet::PubRel(ack(1)));
    script.expect_quiet();
    script.send(Packet::PubComp(ack(1)));
    script.event();
    script.expect(Packet::Publish(publish(AtLeastOnce, 3, "c")));
    script.send(Packet::PubAck(ack(2)));
    script.event();
    script.expect(Packet::Publish(publish(ExactlyOnce, 4, "d")));
    script.expect_quiet();
}

#[test]
fn the_clients_own_limit_in_flight_holds_where_the_server_has_none() {
    let limits = Limits { in_flight: 1, ..Limits::default() };
    let mut script =
        Script::connected_with(Options { limits, ..options(V311) }, ConnAckProperties::default());
    script.publish(message(AtLeastOnce, "a"));
    script.publish(message(AtLeastOnce, "b"));
    script.expect(Packet::Publish(publish(AtLeastOnce, 1, "a")));
    script.expect_quiet();
    script.send(Packet::PubAck(ack(1)));
    script.event();
    script.expect(Packet::Publish(publish(AtLeastOnce, 2, "b")));
}

#[test]
fn queues_are_bounded_in_messages_and_in_bytes() {
    let limits = Limits { queued_messages: 2, queued_bytes: 100, ..Limits::default() };
    let limited = Options { limits, ..options(V5) };
    let mut script = Script::new(limited.clone());
    script.publish(message(AtLeastOnce, "a"));
    script.publish(message(ExactlyOnce, "b"));
    assert_eq!(script.refused(message(AtLeastOnce, "c")), PublishError::QueueFull);
    // What waits is sent once connected, and makes room.
    script.connect();
    script.accept(false, ConnAckProperties::default());
    assert_eq!(script.publish_packet(), publish(AtLeastOnce, 1, "a"));
    assert_eq!(script.publish_packet(), publish(ExactlyOnce, 2, "b"));
    script.publish(message(AtLeastOnce, "c"));
    assert_eq!(script.publish_packet(), publish(AtLeastOnce, 3, "c"));

    // What was sent makes room in bytes as well.
    for number in 4..50 {
        script.publish(message(AtLeastOnce, "d"));
        assert_eq!(script.publish_packet(), publish(AtLeastOnce, number, "d"));
    }

    let mut script = Script::new(limited.clone());
    let long = "0123456789012345678901234567890123456789";
    script.publish(message(AtLeastOnce, long));
    script.publish(message(AtLeastOnce, long));
    assert_eq!(script.refused(message(AtLeastOnce, long)), PublishError::QueueFull);

    // QoS 0 with a caller that fetches nothing.
    let mut script = Script::connected_with(limited, ConnAckProperties::default());
    let mut client = std::mem::replace(&mut script.client, Client::new(options(V5), 1).unwrap());
    let taken =
        (0..100).take_while(|_| client.publish(Duration::ZERO, message(AtMostOnce, long)).is_ok()).count();
    assert_eq!(taken, 2);
    while client.poll_action().is_some() {}
    assert!(client.publish(Duration::ZERO, message(AtMostOnce, long)).is_ok());
}

// [MQTT-3.2.2-11] [MQTT-3.2.2-14] [MQTT-3.2.2-15]
#[test]
fn what_the_server_does_not_take_is_turned_down() {
    let properties = ConnAckProperties {
        maximum_qos: Some(AtLeastOnce),
        retain_available: Some(false),
        maximum_packet_size: Some(20),
        ..Default::default()
    };
    let mut script = Script::connected_with(options(V5), properties.clone());
    let retained = Message { retain: true, ..message(AtMostOnce, "a") };
    let unsupported = PublishError::Unsupported;
    assert_eq!(script.refused(message(ExactlyOnce, "a")), unsupported(ReasonCode::QoSNotSupported));
    assert_eq!(script.refused(retained.clone()), unsupported(ReasonCode::RetainNotSupported));
    // Fixed Header 2, Topic Name 3, Packet Identifier 2, no properties 1: 8 bytes beside the payload.
    let too_large = PublishError::Encode(EncodeError::TooLarge { size: 21, maximum: 20 });
    assert_eq!(script.refused(message(AtLeastOnce, "0123456789abc")), too_large);
    script.publish(message(AtLeastOnce, "0123456789ab"));
    assert_eq!(script.publish_packet(), publish(AtLeastOnce, 1, "0123456789ab"));

    // The same, accepted before the server was known.
    let mut script = Script::new(options(V5));
    let tokens = [
        script.publish(message(ExactlyOnce, "a")),
        script.publish(Message { qos: AtLeastOnce, ..retained }),
        script.publish(message(AtLeastOnce, "0123456789abc")),
        script.publish(message(AtLeastOnce, "b")),
    ];
    script.connect();
    script.accept(false, properties);
    let whys =
        [unsupported(ReasonCode::QoSNotSupported), unsupported(ReasonCode::RetainNotSupported), too_large];
    for (token, why) in tokens.into_iter().zip(whys) {
        script.expect_event(&Event::GivenUp { token, why: GivenUp::Refused(why) });
    }
    assert_eq!(script.publish_packet(), publish(AtLeastOnce, 1, "b"));
    script.expect_quiet();
    assert_eq!(script.client.unacknowledged(), 1);
}

#[test]
fn properties_travel_but_for_those_that_are_the_servers() {
    let with = |properties| Message { properties: Some(Box::new(properties)), ..message(AtLeastOnce, "a") };
    let mut script = Script::connected(V5);
    // [MQTT-3.3.4-6]
    let identified = PublishProperties { subscription_identifiers: vec![1], ..Default::default() };
    assert!(matches!(script.refused(with(identified)), PublishError::Property(_)));
    let aliased = PublishProperties { topic_alias: Some(1), ..Default::default() };
    assert!(matches!(script.refused(with(aliased)), PublishError::Property(_)));
    let properties = PublishProperties {
        response_topic: Some(topic("answers")),
        user_properties: vec![(text("k"), text("v"))],
        ..Default::default()
    };
    script.publish(with(properties.clone()));
    assert_eq!(script.publish_packet().properties, Some(Box::new(properties)));
}

#[test]
fn many_packets_leave_in_one_piece() {
    use headcount_mqtt::client::Action;
    let mut script = Script::connected(V311);
    for _ in 0..10 {
        script.publish(message(AtLeastOnce, "a"));
    }
    let Some(Action::Send(bytes)) = script.client.poll_action() else { panic!("expected bytes") };
    assert_eq!(bytes.len(), 10 * 8);
    assert_eq!(script.client.poll_action(), None);
}
