//! 3.4 to 3.7 PUBACK, PUBREC, PUBREL, PUBCOMP: their bytes, and what answers what.

use crate::{BOTH, Bench, Client, Script, V5, V311, message, refused, script};
use headcount_mqtt::QoS::{AtLeastOnce, ExactlyOnce};
use headcount_mqtt::{Ack, Packet, PacketId, ReasonCode};

pub(crate) const SCRIPTS: &[Script] = &[
    refused!("puback_with_flags", BOTH, ["MQTT-2.1.3-1"], "41 02 0001", [MalformedPacket]),
    refused!("pubrec_with_flags", BOTH, ["MQTT-2.1.3-1"], "52 02 0001", [MalformedPacket]),
    refused!("pubrel_without_its_flag", BOTH, ["MQTT-3.6.1-1"], "60 02 0001", [MalformedPacket]),
    refused!("pubrel_with_more_flags", BOTH, ["MQTT-3.6.1-1"], "6A 02 0001", [MalformedPacket]),
    refused!("pubcomp_with_flags", BOTH, ["MQTT-2.1.3-1"], "74 02 0001", [MalformedPacket]),
    refused!("puback_of_three_bytes", V311, ["MQTT-2.2.2-2 (3.1.1)"], "40 03 0001 00", [MalformedPacket]),
    refused!("pubrec_of_three_bytes", V311, ["MQTT-2.2.2-2 (3.1.1)"], "50 03 0001 00", [MalformedPacket]),
    refused!("pubrel_of_three_bytes", V311, ["MQTT-2.2.2-2 (3.1.1)"], "62 03 0001 00", [MalformedPacket]),
    refused!("pubcomp_of_three_bytes", V311, ["MQTT-2.2.2-2 (3.1.1)"], "70 03 0001 00", [MalformedPacket]),
    refused!("puback_of_one_byte", BOTH, ["MQTT-2.2.1-6"], "40 01 00", [MalformedPacket]),
    refused!("pubrel_of_no_bytes", BOTH, ["MQTT-2.2.1-6"], "62 00", [MalformedPacket]),
    refused!("puback_for_id_0", BOTH, ["MQTT-2.2.1-6"], "40 02 0000", [MalformedPacket, ProtocolError]),
    refused!("pubrel_for_id_0", BOTH, ["MQTT-2.2.1-6"], "62 02 0000", [MalformedPacket, ProtocolError]),
    refused!(
        "puback_with_an_unknown_reason",
        V5,
        ["MQTT-3.4.2-1"],
        "40 03 0001 55",
        [MalformedPacket, ProtocolError]
    ),
    refused!(
        "pubrec_with_an_unknown_reason",
        V5,
        ["MQTT-3.5.2-1"],
        "50 03 0001 01",
        [MalformedPacket, ProtocolError]
    ),
    refused!(
        "pubrel_with_an_unknown_reason",
        V5,
        ["MQTT-3.6.2-1"],
        "62 03 0001 80",
        [MalformedPacket, ProtocolError]
    ),
    refused!(
        "pubcomp_with_an_unknown_reason",
        V5,
        ["MQTT-3.7.2-1"],
        "70 03 0001 10",
        [MalformedPacket, ProtocolError]
    ),
    refused!(
        "puback_with_a_foreign_property",
        V5,
        ["MQTT-2.2.2-2"],
        "40 06 0001 00 02 0101",
        [MalformedPacket, ProtocolError]
    ),
    refused!(
        "puback_with_two_reason_strings",
        V5,
        ["MQTT-3.4.2-2"],
        "40 0C 0001 00 08 1F000178 1F000178",
        [ProtocolError, MalformedPacket]
    ),
    refused!("puback_with_bytes_left_over", V5, ["MQTT-2.2.2-1"], "40 05 0001 00 00 00", [MalformedPacket]),
    script!(puback_carries_the_id, BOTH, ["MQTT-2.2.1-5", "MQTT-4.3.2-4"]),
    script!(the_four_packets_of_qos_2, BOTH, ["MQTT-4.3.3-8", "MQTT-4.3.3-11", "MQTT-2.2.1-5"]),
    script!(pubrel_for_an_unknown_id_is_answered, BOTH, ["MQTT-4.3.3-11"]),
    script!(short_and_long_forms_mean_the_same, V5, ["MQTT-3.4.2-1"]),
    script!(an_ack_with_an_error_ends_the_flow, V5, ["MQTT-4.4.0-2"]),
    script!(pubrec_with_an_error_ends_the_flow, V5, ["MQTT-4.3.3-4", "MQTT-4.4.0-2"]),
    script!(puback_for_qos_2_closes, BOTH, ["MQTT-4.3.3-4"]),
    script!(pubrec_for_qos_1_closes, BOTH, ["MQTT-4.3.2-3"]),
    script!(the_id_is_free_after_puback, BOTH, ["MQTT-4.3.2-5"]),
];

fn id(number: u16) -> PacketId {
    PacketId::new(number).expect("not zero")
}

/// A subscriber with a message at this `QoS` on its way to it.
fn underway(b: &Bench, qos: headcount_mqtt::QoS) -> (Client, PacketId) {
    let s = b.connect("s");
    s.subscribe("t", qos);
    b.connect("p").publish(&message("t", "x").qos(qos));
    let publish = s.expect_message(&message("t", "x").qos(qos));
    let id = publish.delivery.packet_id().expect("above QoS 0");
    (s, id)
}

fn puback_carries_the_id(b: &Bench) {
    let p = b.connect("p");
    for number in [1, 255, 256, 65_535] {
        p.send_message(&message("t", "x").at_least_once().id(number));
        p.expect_puback(id(number));
    }
}

fn the_four_packets_of_qos_2(b: &Bench) {
    let p = b.connect("p");
    for number in [65_535, 1] {
        p.send_message(&message("t", "x").exactly_once().id(number));
        p.expect_pubrec(id(number));
        p.send(&Packet::PubRel(Ack::new(id(number))));
        p.expect_pubcomp(id(number));
    }
}

fn pubrel_for_an_unknown_id_is_answered(b: &Bench) {
    let p = b.connect("p");
    p.send(&Packet::PubRel(Ack::new(id(77))));
    let Packet::PubComp(ack) = p.next("PUBCOMP") else { p.fail("no PUBCOMP came") };
    let fits = [ReasonCode::Success, ReasonCode::PacketIdentifierNotFound].contains(&ack.reason);
    b.check(ack.packet_id == id(77) && fits, "PUBCOMP for another id or with another reason");
}

fn short_and_long_forms_mean_the_same(b: &Bench) {
    let s = b.connecting("s").with(|properties| properties.receive_maximum = Some(1)).open();
    s.subscribe("t", AtLeastOnce);
    let p = b.connect("p");
    for form in ["40 02 @", "40 03 @ 00", "40 04 @ 00 00", "40 03 @ 10", "40 08 @ 00 04 1F000178"] {
        p.publish(&message("t", form).at_least_once());
        let publish = s.expect_message(&message("t", form).at_least_once());
        let id = publish.delivery.packet_id().expect("above QoS 0").get();
        s.send_hex(&form.replace('@', &format!("{id:04X}")));
    }
    s.expect_nothing();
}

fn an_ack_with_an_error_ends_the_flow(b: &Bench) {
    let s = b.connecting("s").kept().with(|properties| properties.receive_maximum = Some(1)).open();
    s.subscribe("t", AtLeastOnce);
    let p = b.connect("p");
    p.publish(&message("t", "bad").at_least_once());
    p.publish(&message("t", "good").at_least_once());
    let bad = s.expect_message(&message("t", "bad").at_least_once());
    s.send(&Packet::PubAck(Ack::with(bad.delivery.packet_id().expect("QoS 1"), ReasonCode::QuotaExceeded)));
    s.receive(&message("t", "good").at_least_once());
    s.disconnect();
    b.connecting("s").kept().resumed().expect_nothing();
}

fn pubrec_with_an_error_ends_the_flow(b: &Bench) {
    let s = b.connecting("s").kept().with(|properties| properties.receive_maximum = Some(1)).open();
    s.subscribe("t", ExactlyOnce);
    let p = b.connect("p");
    p.publish(&message("t", "bad").exactly_once());
    p.publish(&message("t", "good").exactly_once());
    let bad = s.expect_message(&message("t", "bad").exactly_once());
    s.send(&Packet::PubRec(Ack::with(bad.delivery.packet_id().expect("QoS 2"), ReasonCode::QuotaExceeded)));
    s.receive(&message("t", "good").exactly_once());
    s.disconnect();
    b.connecting("s").kept().resumed().expect_nothing();
}

fn puback_for_qos_2_closes(b: &Bench) {
    let (s, id) = underway(b, ExactlyOnce);
    s.send(&Packet::PubAck(Ack::new(id)));
    s.expect_refusal(&[ReasonCode::ProtocolError]);
}

fn pubrec_for_qos_1_closes(b: &Bench) {
    let (s, id) = underway(b, AtLeastOnce);
    s.send(&Packet::PubRec(Ack::new(id)));
    s.expect_refusal(&[ReasonCode::ProtocolError]);
}

fn the_id_is_free_after_puback(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtLeastOnce);
    let p = b.connect("p");
    for payload in ["1", "2", "3"] {
        let message = message("t", payload).at_least_once();
        p.send_message(&message.clone().id(5));
        p.expect_puback(id(5));
        s.receive(&message);
    }
}
