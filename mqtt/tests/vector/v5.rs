//! MQTT 5.0.

use super::From::{Both, Client, Server};
use super::{From, Vector, id, topic};
use bytes::Bytes;
use headcount_mqtt::*;

fn row(from: From, name: &'static str, bytes: &str, packet: Packet) -> Vector {
    Vector::new(ProtocolVersion::V5, from, name, bytes, packet)
}

pub(crate) fn all() -> Vec<Vector> {
    vec![
        row(
            Both,
            "PUBLISH, QoS 1",
            "32 0B 0003 'a/b' 0007 00 'hey'",
            Packet::Publish(Publish {
                dup: false,
                delivery: Delivery::AtLeastOnce(id(7)),
                retain: false,
                topic: Some(topic("a/b")),
                payload: Bytes::from_static(b"hey"),
                properties: None,
            }),
        ),
        row(Client, "PINGREQ", "C0 00", Packet::PingReq),
        row(Server, "PINGRESP", "D0 00", Packet::PingResp),
        row(Both, "DISCONNECT", "E0 00", Packet::Disconnect(Disconnect::default())),
    ]
}
