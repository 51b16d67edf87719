//! 3.2 CONNACK: what the server says of itself and of the session.

use crate::{BOTH, Bench, Script, V5, V311, message, script};
use headcount_mqtt::QoS::AtMostOnce;
use headcount_mqtt::{Packet, ReasonCode};

pub(crate) const SCRIPTS: &[Script] = &[
    script!(it_comes_first_and_once, BOTH, ["MQTT-3.2.0-1", "MQTT-3.2.0-2"]),
    script!(a_clean_start_has_no_session_present, BOTH, ["MQTT-3.2.2-2"]),
    script!(a_stored_session_is_present, BOTH, ["MQTT-3.2.2-3"]),
    script!(a_first_session_is_not_present, BOTH, ["MQTT-3.1.2-6", "MQTT-3.2.2-3"]),
    script!(a_client_without_an_id_is_told_its_own, V5, ["MQTT-3.2.2-16", "MQTT-3.1.3-7"]),
    script!(an_assigned_id_is_a_real_one, V5, ["MQTT-3.2.2-16"]),
    script!(a_client_with_an_id_is_told_none, V5, ["MQTT-4.12.0-6", "MQTT-3.2.2-16"]),
    script!(an_unknown_level_is_refused, V311, ["MQTT-3.1.2-2", "MQTT-3.2.2-7"]),
    script!(an_unknown_level_above_5_is_refused, V5, ["MQTT-4.13.2-1", "MQTT-3.1.2-2", "MQTT-3.2.2-7"]),
    script!(the_limits_are_told, V5, ["MQTT-3.2.2-15"]).configured(|config| {
        config.limits.max_packet_size = 2_048;
    }),
    script!(a_session_expiry_is_accepted_or_told, V5, ["MQTT-3.2.2-3"]),
];

fn it_comes_first_and_once(b: &Bench) {
    let p = b.connect("p");
    p.publish(&message("t", "old").retain());
    let a = b.connecting("a").kept().open();
    a.subscribe("t", AtMostOnce);
    a.receive(&message("t", "old").retain());
    a.disconnect();
    let a = b.connecting("a").kept().sent();
    a.expect_connack();
    a.connected();
    a.expect_nothing();
}

fn a_clean_start_has_no_session_present(b: &Bench) {
    b.connecting("a").kept().open().disconnect();
    b.connecting("a").kept().resumed().disconnect();
    b.connecting("a").open().expect_open();
}

fn a_stored_session_is_present(b: &Bench) {
    b.connecting("a").kept().open().disconnect();
    b.connecting("a").kept().resumed().expect_open();
}

fn a_first_session_is_not_present(b: &Bench) {
    b.connecting("a").kept().open().expect_open();
}

fn a_client_without_an_id_is_told_its_own(b: &Bench) {
    let assigned = |name| {
        let (_, ack) = b.connecting(name).client_id("").accepted();
        let Some(id) = ack.properties.assigned_client_identifier else {
            b.fail("no Assigned Client Identifier")
        };
        b.check(!id.is_empty(), "an empty Assigned Client Identifier");
        id
    };
    b.check(assigned("a") != assigned("b"), "the same Client Identifier is assigned twice");
}

fn an_assigned_id_is_a_real_one(b: &Bench) {
    let (a, ack) = b.connecting("a").client_id("").kept_for(3_600).accepted();
    let Some(id) = ack.properties.assigned_client_identifier else { b.fail("no Assigned Client Identifier") };
    a.disconnect();
    b.connecting("a").client_id(id.as_str()).resuming().resumed().expect_open();
}

fn a_client_with_an_id_is_told_none(b: &Bench) {
    let (_, ack) = b.connecting("a").accepted();
    b.check(
        ack.properties.assigned_client_identifier.is_none(),
        "an id is assigned to a client that has one",
    );
    b.check(ack.properties.authentication_method.is_none(), "an Authentication Method that nobody named");
}

fn an_unknown_level_is_refused(b: &Bench) {
    let a = b.open("a");
    a.send_hex("10 0D 0004 4D515454 03 02 003C 0001 61");
    let ack = a.expect_connack();
    b.check(ack.reason == ReasonCode::UnsupportedProtocolVersion, "another return code than 1");
    a.expect_closed();
}

fn an_unknown_level_above_5_is_refused(b: &Bench) {
    let a = b.open("a");
    a.send_hex("10 0E 0004 4D515454 06 02 003C 00 0001 61");
    let ack = a.expect_connack();
    b.check(ack.reason == ReasonCode::UnsupportedProtocolVersion, "another reason than 0x84");
    a.expect_closed();
}

fn the_limits_are_told(b: &Bench) {
    let (a, ack) = b.connecting("a").accepted();
    b.check(ack.properties.maximum_packet_size == Some(2_048), "the Maximum Packet Size is not 2,048");
    b.check(ack.properties.receive_maximum != Some(0), "a Receive Maximum of 0");
    a.publish(&message("t", vec![b'x'; 1_900]).at_least_once());
    a.send(&Packet::Publish(a.publish_packet(&message("t", vec![b'x'; 2_048]).at_least_once())));
    a.expect_refusal(&[ReasonCode::PacketTooLarge]);
}

fn a_session_expiry_is_accepted_or_told(b: &Bench) {
    let (a, ack) = b.connecting("a").kept_for(60).accepted();
    b.check(ack.properties.session_expiry_interval.is_none_or(|told| told > 0), "the session ends at once");
    a.disconnect();
    b.connecting("a").resuming().resumed().expect_open();
}
