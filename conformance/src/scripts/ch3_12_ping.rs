//! 3.12 PINGREQ and 3.13 PINGRESP; and packets that only a server sends.

use crate::{BOTH, Bench, Script, V311, message, refused, script};
use headcount_mqtt::Packet;

pub(crate) const SCRIPTS: &[Script] = &[
    script!(pingreq_is_answered, BOTH, ["MQTT-3.12.4-1"]),
    script!(each_pingreq_is_answered, BOTH, ["MQTT-3.12.4-1"]),
    script!(it_is_answered_behind_what_came_before, BOTH, ["MQTT-4.6.0-1"]),
    refused!("pingreq_with_flags", BOTH, ["MQTT-2.1.3-1"], "C1 00", [MalformedPacket]),
    refused!("pingreq_with_a_body", BOTH, ["MQTT-3.12.4-1"], "C0 01 00", [MalformedPacket]),
    refused!("pingresp_from_a_client", BOTH, ["MQTT-3.12.4-1"], "D0 00", [ProtocolError, MalformedPacket]),
    refused!("connack_from_a_client", V311, ["MQTT-3.2.0-1"], "20 02 0000", [ProtocolError, MalformedPacket]),
    refused!(
        "suback_from_a_client",
        V311,
        ["MQTT-3.8.4-1"],
        "90 03 0001 00",
        [ProtocolError, MalformedPacket]
    ),
    refused!(
        "unsuback_from_a_client",
        V311,
        ["MQTT-3.10.4-4"],
        "B0 02 0001",
        [ProtocolError, MalformedPacket]
    ),
    refused!(
        "connack_from_a_client_of_5",
        crate::V5,
        ["MQTT-3.2.0-1"],
        "20 03 0000 00",
        [ProtocolError, MalformedPacket]
    ),
    refused!(
        "suback_from_a_client_of_5",
        crate::V5,
        ["MQTT-3.8.4-1"],
        "90 04 0001 00 00",
        [ProtocolError, MalformedPacket]
    ),
    refused!(
        "unsuback_from_a_client_of_5",
        crate::V5,
        ["MQTT-3.10.4-4"],
        "B0 04 0001 00 00",
        [ProtocolError, MalformedPacket]
    ),
];

fn pingreq_is_answered(b: &Bench) {
    let a = b.connect("a");
    a.send(&Packet::PingReq);
    a.expect(&Packet::PingResp);
}

fn each_pingreq_is_answered(b: &Bench) {
    let a = b.connect("a");
    a.send_together(&[Packet::PingReq, Packet::PingReq, Packet::PingReq]);
    for _ in 0..3 {
        a.expect(&Packet::PingResp);
    }
}

fn it_is_answered_behind_what_came_before(b: &Bench) {
    let a = b.connect("a");
    let publish = a.publish_packet(&message("t", "x").at_least_once());
    let id = publish.delivery.packet_id().expect("QoS 1");
    a.send_together(&[Packet::Publish(publish), Packet::PingReq]);
    a.expect_puback(id);
    a.expect(&Packet::PingResp);
}
