//! 3.14 DISCONNECT: the last packet.

use crate::{BOTH, Bench, Script, V5, V311, message, refused, script};
use headcount_mqtt::QoS::{AtLeastOnce, AtMostOnce};
use headcount_mqtt::{Disconnect, DisconnectProperties, Packet, ReasonCode};

pub(crate) const SCRIPTS: &[Script] = &[
    script!(the_server_closes, BOTH, ["MQTT-3.14.4-1", "MQTT-3.14.4-2"]),
    script!(packets_behind_it_are_not_served, BOTH, ["MQTT-3.14.4-1"]),
    script!(all_properties_are_accepted, V5, ["MQTT-3.14.2-1"]),
    script!(it_may_end_the_session, V5, ["MQTT-3.1.2-23"]),
    script!(it_may_prolong_the_session, V5, ["MQTT-3.1.2-23"]),
    script!(it_may_not_bring_a_session_to_life, V5, ["MQTT-3.14.2-2"]),
    script!(the_short_and_the_long_form_mean_the_same, V5, ["MQTT-3.14.2-1"]),
    script!(acknowledgements_before_it_count, BOTH, ["MQTT-4.6.0-1"]),
    refused!("with_flags", BOTH, ["MQTT-3.14.1-1"], "E1 00", [MalformedPacket]),
    refused!("with_a_body", V311, ["MQTT-3.14.1-1 (3.1.1)"], "E0 01 00", [MalformedPacket]),
    refused!("with_an_unknown_reason", V5, ["MQTT-3.14.2-1"], "E0 01 55", [MalformedPacket, ProtocolError]),
    refused!("with_a_reason_of_puback", V5, ["MQTT-3.14.2-1"], "E0 01 10", [MalformedPacket, ProtocolError]),
    refused!(
        "with_a_foreign_property",
        V5,
        ["MQTT-2.2.2-2"],
        "E0 04 00 02 0101",
        [MalformedPacket, ProtocolError]
    ),
    refused!(
        "with_session_expiry_twice",
        V5,
        ["MQTT-3.14.2-2"],
        "E0 0C 00 0A 1100000000 1100000000",
        [ProtocolError, MalformedPacket]
    ),
    refused!("with_bytes_left_over", V5, ["MQTT-2.2.2-1"], "E0 03 00 00 00", [MalformedPacket]),
];

fn the_server_closes(b: &Bench) {
    let a = b.connect("a");
    a.send(&Packet::Disconnect(Disconnect::default()));
    a.expect_closed();
}

fn packets_behind_it_are_not_served(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtMostOnce);
    let a = b.connect("a");
    let publish = Packet::Publish(a.publish_packet(&message("t", "late")));
    a.send_together(&[Packet::Disconnect(Disconnect::default()), publish]);
    a.expect_closed();
    s.expect_nothing();
}

fn all_properties_are_accepted(b: &Bench) {
    let text = |text: &str| headcount_mqtt::Text::try_from(text).expect("a text");
    let a = b.connecting("a").kept().open();
    a.disconnect_with(Disconnect {
        reason: ReasonCode::Success,
        properties: Some(Box::new(DisconnectProperties {
            session_expiry_interval: Some(60),
            reason_string: Some(text("lunch")),
            user_properties: vec![(text("a"), text("1")), (text("a"), text("2"))],
            server_reference: None,
        })),
    });
}

fn with_expiry(seconds: u32) -> Disconnect {
    Disconnect {
        reason: ReasonCode::Success,
        properties: Some(Box::new(DisconnectProperties {
            session_expiry_interval: Some(seconds),
            ..DisconnectProperties::default()
        })),
    }
}

fn it_may_end_the_session(b: &Bench) {
    b.connecting("a").kept().open().disconnect_with(with_expiry(0));
    b.connecting("a").kept().open();
}

fn it_may_prolong_the_session(b: &Bench) {
    b.connecting("a").kept_for(1).open().disconnect_with(with_expiry(3_600));
    b.connecting("a").kept().resumed();
}

fn it_may_not_bring_a_session_to_life(b: &Bench) {
    let a = b.connecting("a").open();
    a.send(&Packet::Disconnect(with_expiry(60)));
    a.expect_refusal(&[ReasonCode::ProtocolError]);
    b.connecting("a").kept().open();
}

fn the_short_and_the_long_form_mean_the_same(b: &Bench) {
    for form in ["E0 00", "E0 01 00", "E0 02 00 00"] {
        let a = b.connect("a");
        a.send_hex(form);
        a.expect_closed();
    }
}

fn acknowledgements_before_it_count(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe("t", AtLeastOnce);
    b.connect("p").publish(&message("t", "x").at_least_once());
    s.receive(&message("t", "x").at_least_once());
    s.disconnect();
    b.connecting("s").kept().resumed().expect_nothing();
}
