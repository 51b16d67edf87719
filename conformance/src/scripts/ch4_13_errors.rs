//! 4.13 Handling errors, and chapter 2: the Fixed Header.

use crate::{BOTH, Bench, Script, V5, message, refused, script};
use headcount_mqtt::QoS::AtMostOnce;
use headcount_mqtt::{Packet, ReasonCode};

pub(crate) const SCRIPTS: &[Script] = &[
    refused!(
        "a_remaining_length_of_five_bytes",
        BOTH,
        ["MQTT-1.5.5-1"],
        "30 FF FF FF FF 01",
        [MalformedPacket]
    ),
    refused!(
        "a_remaining_length_of_more_bytes_than_it_needs",
        V5,
        ["MQTT-1.5.5-1"],
        "C0 80 00",
        [MalformedPacket]
    ),
    refused!(
        "a_property_length_of_more_bytes_than_it_needs",
        V5,
        ["MQTT-1.5.5-1"],
        "30 06 0001 74 8000 78",
        [MalformedPacket]
    ),
    refused!("random_bytes", BOTH, ["MQTT-4.13.1-1"], "FE FD FC FB FA F9 F8 F7 F6", [MalformedPacket]),
    script!(an_error_ends_one_connection_only, BOTH, ["MQTT-4.13.1-1"]),
    script!(nothing_behind_an_error_is_served, BOTH, ["MQTT-4.13.1-1"]),
    script!(what_came_before_an_error_counts, BOTH, ["MQTT-4.6.0-1"]),
    script!(a_half_packet_and_the_end_hurt_nobody, BOTH, ["MQTT-4.13.1-1"]),
    script!(a_declared_length_allocates_nothing, BOTH, ["MQTT-4.13.1-1"]),
];

fn an_error_ends_one_connection_only(b: &Bench) {
    let (bad, good) = (b.connect("bad"), b.connect("good"));
    bad.send_hex("30 00");
    bad.expect_refusal(&[ReasonCode::MalformedPacket]);
    good.expect_open();
}

fn nothing_behind_an_error_is_served(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtMostOnce);
    let bad = b.connect("bad");
    let mut bytes = vec![0x30, 0];
    bytes.extend_from_slice(&bad.encoded(&Packet::Publish(bad.publish_packet(&message("t", "late")))));
    bad.send_bytes(&bytes);
    bad.expect_refusal(&[ReasonCode::MalformedPacket]);
    s.expect_nothing();
}

fn what_came_before_an_error_counts(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtMostOnce);
    let bad = b.connect("bad");
    let mut bytes = bad.encoded(&Packet::Publish(bad.publish_packet(&message("t", "early")))).to_vec();
    bytes.extend_from_slice(&[0x30, 0]);
    bad.send_bytes(&bytes);
    bad.expect_refusal(&[ReasonCode::MalformedPacket]);
    s.receive(&message("t", "early"));
    s.expect_nothing();
}

fn a_half_packet_and_the_end_hurt_nobody(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtMostOnce);
    for length in 1..6 {
        let a = b.connect("a");
        let bytes = a.encoded(&Packet::Publish(a.publish_packet(&message("t", "half"))));
        a.send_cut(&bytes[..bytes.len() - length]);
        a.vanish();
    }
    s.expect_nothing();
}

fn a_declared_length_allocates_nothing(b: &Bench) {
    // 256 MiB are declared by each, and never come.
    let clients: Vec<_> =
        (0..50).map(|n| b.connecting("a").client_id(&b.client_id(&n.to_string())).open()).collect();
    for client in &clients {
        client.send_cut(&[0x30, 0xFF, 0xFF, 0xFF, 0x7F, 0, 1, b't']);
    }
    b.connect("witness").expect_open();
}
