//! The Session State over connections (4.1, 4.4, 4.6).

use crate::script::*;
use headcount_mqtt::client::{Event, GivenUp, Message, Token};
use headcount_mqtt::{ConnAckProperties, Packet, Publish, QoS, ReasonCode};

use QoS::{AtLeastOnce, ExactlyOnce};

fn again(publish: Publish) -> Packet {
    Packet::Publish(Publish { dup: true, ..publish })
}

impl Script {
    /// `a` at `QoS` 1, `b` and `c` at `QoS` 2, `d` at `QoS` 1, with identifiers 1 to 4; `c` and then `b` got their
    /// PUBREC.
    fn halfway(&mut self) -> [Token; 4] {
        let messages = [(AtLeastOnce, "a"), (ExactlyOnce, "b"), (ExactlyOnce, "c"), (AtLeastOnce, "d")];
        let tokens = messages.map(|(qos, payload)| {
            let token = self.client.publish(self.now, message(qos, payload)).unwrap();
            self.packet();
            token
        });
        for number in [3, 2] {
            self.send(Packet::PubRec(ack(number)));
            self.expect(Packet::PubRel(ack(number)));
        }
        tokens
    }
}

// [MQTT-4.4.0-1] [MQTT-3.3.1-1] [MQTT-4.6.0-1] [MQTT-4.6.0-4]
#[test]
fn a_resumed_session_goes_on_with_the_same_identifiers_in_order() {
    for version in [V5, V311] {
        let mut script = Script::connected_with(kept(version), ConnAckProperties::default());
        let tokens = script.halfway();
        script.reconnect(true, ConnAckProperties::default());
        script.expect(Packet::PubRel(ack(3)));
        script.expect(Packet::PubRel(ack(2)));
        script.expect(again(publish(AtLeastOnce, 1, "a")));
        script.expect(again(publish(AtLeastOnce, 4, "d")));
        script.expect_quiet();
        // Identifiers in use are not given to new messages [MQTT-2.2.1-3].
        script.client.publish(script.now, message(AtLeastOnce, "e")).unwrap();
        script.expect(Packet::Publish(publish(AtLeastOnce, 5, "e")));
        for (packet, token) in [
            (Packet::PubComp(ack(2)), tokens[1]),
            (Packet::PubAck(ack(1)), tokens[0]),
            (Packet::PubComp(ack(3)), tokens[2]),
            (Packet::PubAck(ack(4)), tokens[3]),
        ] {
            script.send(packet);
            script.expect_event(&Event::Published {
                token,
                reason: ReasonCode::Success,
                reason_string: None,
            });
        }
        assert_eq!(script.client.unacknowledged(), 1);
        // And once more over the next connection.
        script.reconnect(true, ConnAckProperties::default());
        script.expect(again(publish(AtLeastOnce, 5, "e")));
        script.expect_quiet();
    }
}

#[test]
fn a_message_may_take_many_connections() {
    let mut script = Script::connected_with(kept(V5), ConnAckProperties::default());
    let token = script.client.publish(script.now, message(ExactlyOnce, "a")).unwrap();
    script.packet();
    for _ in 0..3 {
        script.reconnect(true, ConnAckProperties::default());
        script.expect(again(publish(ExactlyOnce, 1, "a")));
    }
    script.send(Packet::PubRec(ack(1)));
    script.expect(Packet::PubRel(ack(1)));
    for _ in 0..3 {
        script.reconnect(true, ConnAckProperties::default());
        script.expect(Packet::PubRel(ack(1)));
    }
    script.send(Packet::PubComp(ack(1)));
    assert!(matches!(script.event(), Event::Published { token: answered, .. } if answered == token));
    script.expect_quiet();
}

// [MQTT-3.3.4-7] of the new connection
#[test]
fn what_is_sent_again_keeps_to_the_new_receive_maximum() {
    let mut script = Script::connected_with(kept(V5), ConnAckProperties::default());
    for payload in ["a", "b", "c"] {
        script.client.publish(script.now, message(AtLeastOnce, payload)).unwrap();
        script.packet();
    }
    script.reconnect(true, ConnAckProperties { receive_maximum: Some(1), ..Default::default() });
    script.client.publish(script.now, message(AtLeastOnce, "d")).unwrap();
    for (number, payload) in [(1, "a"), (2, "b"), (3, "c")] {
        script.expect(again(publish(AtLeastOnce, number, payload)));
        script.expect_quiet();
        // An answer from before the loss may still come for one that was not sent again.
        script.send(Packet::PubAck(ack(number)));
        script.event();
    }
    script.expect(Packet::Publish(publish(AtLeastOnce, 4, "d")));
}

#[test]
fn an_answer_to_what_was_not_sent_again_yet_ends_it() {
    let mut script = Script::connected_with(kept(V5), ConnAckProperties::default());
    for payload in ["a", "b", "c"] {
        script.client.publish(script.now, message(AtLeastOnce, payload)).unwrap();
        script.packet();
    }
    script.reconnect(true, ConnAckProperties { receive_maximum: Some(1), ..Default::default() });
    script.expect(again(publish(AtLeastOnce, 1, "a")));
    script.send(Packet::PubAck(ack(2)));
    script.event();
    script.expect_quiet();
    script.send(Packet::PubAck(ack(1)));
    script.event();
    script.expect(again(publish(AtLeastOnce, 3, "c")));
    script.expect_quiet();
}

/// [MQTT-3.2.2-5]
#[test]
fn a_lost_session_publishes_anew_what_was_not_confirmed() {
    for version in [V5, V311] {
        let mut script = Script::connected_with(kept(version), ConnAckProperties::default());
        let tokens = script.halfway();
        script.lose();
        // Waits behind those that were sent before.
        script.client.publish(script.now, message(AtLeastOnce, "e")).unwrap();
        script.wait();
        script.open();
        script.accept(false, ConnAckProperties::default());
        // The server had them and may have published them: reported, in the order of PUBREC, and not repeated.
        for token in [tokens[2], tokens[1]] {
            script.expect_event(&Event::GivenUp { token, why: GivenUp::SessionLost });
        }
        script.expect(Packet::Publish(publish(AtLeastOnce, 5, "a")));
        script.expect(Packet::Publish(publish(AtLeastOnce, 6, "d")));
        script.expect(Packet::Publish(publish(AtLeastOnce, 7, "e")));
        script.expect_quiet();
        script.send(Packet::PubAck(ack(5)));
        assert!(matches!(script.event(), Event::Published { token, .. } if token == tokens[0]));
        assert_eq!(script.client.unacknowledged(), 2);
    }
}

#[test]
fn qos_2_from_the_server_is_handed_on_once_over_a_resumed_session() {
    for version in [V5, V311] {
        let mut script = Script::connected_with(kept(version), ConnAckProperties::default());
        script.send(Packet::Publish(publish(ExactlyOnce, 6, "c")));
        script.message();
        script.expect(Packet::PubRec(ack(6)));
        script.reconnect(true, ConnAckProperties::default());
        script.send(again(publish(ExactlyOnce, 6, "c")));
        script.expect(Packet::PubRec(ack(6)));
        script.send(again(publish(ExactlyOnce, 6, "c")));
        script.expect(Packet::PubRec(ack(6)));
        script.reconnect(true, ConnAckProperties::default());
        script.send(Packet::PubRel(ack(6)));
        script.expect(Packet::PubComp(ack(6)));
        script.expect_quiet();
    }
}

#[test]
fn qos_2_identifiers_of_a_lost_session_mean_nothing() {
    let mut script = Script::connected_with(kept(V5), ConnAckProperties::default());
    script.send(Packet::Publish(publish(ExactlyOnce, 6, "c")));
    script.message();
    script.expect(Packet::PubRec(ack(6)));
    script.reconnect(false, ConnAckProperties::default());
    script.send(Packet::Publish(publish(ExactlyOnce, 6, "another")));
    assert_eq!(script.message().payload, "another");
    script.expect(Packet::PubRec(ack(6)));
    script.expect_quiet();
}

#[test]
fn disconnecting_keeps_what_is_unanswered_for_the_next_connection() {
    let mut script = Script::connected_with(kept(V5), ConnAckProperties::default());
    script.client.publish(script.now, message(AtLeastOnce, "a")).unwrap();
    script.packet();
    script.client.disconnect(script.now);
    script.packet();
    script.expect_close();
    script.event();
    script.connect();
    script.accept(true, ConnAckProperties::default());
    script.expect(again(publish(AtLeastOnce, 1, "a")));
    script.expect_quiet();
}

// [MQTT-3.2.2-15]: a server may take less after it restarted.
#[test]
fn what_a_resumed_server_takes_no_longer_is_given_up() {
    let mut script = Script::connected_with(kept(V5), ConnAckProperties::default());
    let retained = Message { retain: true, ..message(AtLeastOnce, "a") };
    let token = script.client.publish(script.now, retained).unwrap();
    script.packet();
    script.client.publish(script.now, message(AtLeastOnce, "b")).unwrap();
    script.packet();
    script.reconnect(true, ConnAckProperties { retain_available: Some(false), ..Default::default() });
    assert!(
        matches!(script.event(), Event::GivenUp { token: given, why: GivenUp::Refused(_) } if given == token)
    );
    script.expect(again(publish(AtLeastOnce, 2, "b")));
    script.expect_quiet();
}
