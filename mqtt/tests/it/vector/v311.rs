//! MQTT 3.1.1.

use super::From::{Both, Client, Server};
use super::{From, Vector, filter, id, minimal_connect, text, topic};
use bytes::Bytes;
use headcount_mqtt::*;

fn row(from: From, name: &'static str, bytes: &str, packet: Packet) -> Vector {
    Vector::new(ProtocolVersion::V311, from, name, bytes, packet)
}

pub(crate) fn all() -> Vec<Vector> {
    let mut rows = connecting();
    rows.extend(publishing());
    rows.extend(acknowledging());
    rows.extend(subscribing());
    rows.extend([
        row(Client, "PINGREQ", "C0 00", Packet::PingReq),
        row(Server, "PINGRESP", "D0 00", Packet::PingResp),
        row(Client, "DISCONNECT", "E0 00", Packet::Disconnect(Disconnect::default())),
    ]);
    rows
}

fn connecting() -> Vec<Vector> {
    let connect = || minimal_connect(ProtocolVersion::V311);
    let connack = |session_present, reason| {
        Packet::ConnAck(Box::new(ConnAck { session_present, reason, ..ConnAck::default() }))
    };
    vec![
        // The order of the payload's fields [MQTT-3.1.3-1], the Client Identifier first [MQTT-3.1.3-3].
        row(
            Client,
            "CONNECT, all fields",
            "10 22 0004 'MQTT' 04 F6 003C 0001 'c' 0003 'w/t' 0004 'gone' 0002 'us' 0004 00FF0102",
            Packet::Connect(Box::new(Connect {
                will: Some(Will {
                    topic: topic("w/t"),
                    payload: Bytes::from_static(b"gone"),
                    qos: QoS::ExactlyOnce,
                    retain: true,
                    properties: WillProperties::default(),
                }),
                user_name: Some(text("us")),
                password: Some(Bytes::from_static(&[0, 255, 1, 2])),
                ..connect()
            })),
        ),
        row(
            Client,
            "CONNECT, empty Client Identifier",
            "10 0C 0004 'MQTT' 04 02 0000 0000",
            Packet::Connect(Box::new(Connect { keep_alive: 0, client_id: text(""), ..connect() })),
        ),
        row(
            Client,
            "CONNECT, kept session",
            "10 0D 0004 'MQTT' 04 00 FFFF 0001 'c'",
            Packet::Connect(Box::new(Connect { keep_alive: 65_535, clean_start: false, ..connect() })),
        ),
        row(
            Client,
            "CONNECT, empty Will, User Name and no Password",
            "10 14 0004 'MQTT' 04 86 003C 0001 'c' 0001 'w' 0000 0000",
            Packet::Connect(Box::new(Connect {
                will: Some(Will {
                    topic: topic("w"),
                    payload: Bytes::new(),
                    qos: QoS::AtMostOnce,
                    retain: false,
                    properties: WillProperties::default(),
                }),
                user_name: Some(text("")),
                ..connect()
            })),
        ),
        row(Server, "CONNACK, session present", "20 02 01 00", connack(true, ReasonCode::Success)),
        row(Server, "CONNACK 0", "20 02 00 00", connack(false, ReasonCode::Success)),
        row(Server, "CONNACK 1", "20 02 00 01", connack(false, ReasonCode::UnsupportedProtocolVersion)),
        row(Server, "CONNACK 2", "20 02 00 02", connack(false, ReasonCode::ClientIdentifierNotValid)),
        row(Server, "CONNACK 3", "20 02 00 03", connack(false, ReasonCode::ServerUnavailable)),
        row(Server, "CONNACK 4", "20 02 00 04", connack(false, ReasonCode::BadUserNameOrPassword)),
        row(Server, "CONNACK 5", "20 02 00 05", connack(false, ReasonCode::NotAuthorized)),
    ]
}

fn publishing() -> Vec<Vector> {
    let publish = |dup, delivery, retain, name: &str, payload: Vec<u8>| {
        Packet::Publish(Publish {
            dup,
            delivery,
            retain,
            topic: Some(topic(name)),
            payload: payload.into(),
            properties: None,
        })
    };
    vec![
        // No Packet Identifier at QoS 0 [MQTT-2.2.1-2] [MQTT-2.3.1-5 (3.1.1)].
        row(
            Both,
            "PUBLISH, QoS 0",
            "30 08 0003 'a/b' 'hey'",
            publish(false, Delivery::AtMostOnce, false, "a/b", b"hey".to_vec()),
        ),
        row(
            Both,
            "PUBLISH, QoS 1, RETAIN",
            "33 0A 0003 'a/b' 0007 'hey'",
            publish(false, Delivery::AtLeastOnce(id(7)), true, "a/b", b"hey".to_vec()),
        ),
        row(
            Both,
            "PUBLISH, QoS 2, DUP, no payload",
            "3C 07 0003 'a/b' FFFF",
            publish(true, Delivery::ExactlyOnce(id(65_535)), false, "a/b", Vec::new()),
        ),
        // U+FEFF is a character and stays [MQTT-1.5.4-3] [MQTT-1.5.3-3 (3.1.1)].
        row(
            Both,
            "PUBLISH, byte order mark and four-byte characters in the Topic Name",
            "30 0C 0009 EFBBBF 2F F09F8D8B 24 00",
            publish(false, Delivery::AtMostOnce, false, "\u{FEFF}/\u{1F34B}$", vec![0]),
        ),
        row(
            Both,
            "PUBLISH, Remaining Length of two bytes",
            &format!("30 8001 0001 't' {}", "AB".repeat(125)),
            publish(false, Delivery::AtMostOnce, false, "t", vec![0xAB; 125]),
        ),
        row(
            Both,
            "PUBLISH, Remaining Length of three bytes",
            &format!("30 808001 0001 't' {}", "AB".repeat(16_381)),
            publish(false, Delivery::AtMostOnce, false, "t", vec![0xAB; 16_381]),
        ),
    ]
}

fn acknowledging() -> Vec<Vector> {
    vec![
        row(Both, "PUBACK", "40 02 0001", Packet::PubAck(Ack::new(id(1)))),
        row(Both, "PUBREC", "50 02 0102", Packet::PubRec(Ack::new(id(0x0102)))),
        row(Both, "PUBREL", "62 02 FFFF", Packet::PubRel(Ack::new(id(0xFFFF)))),
        row(Both, "PUBCOMP", "70 02 0100", Packet::PubComp(Ack::new(id(0x0100)))),
    ]
}

fn subscribing() -> Vec<Vector> {
    vec![
        row(
            Client,
            "SUBSCRIBE",
            "82 12 000A 0003 'a/+' 00 0001 '#' 01 0003 'a/b' 02",
            Packet::Subscribe(Subscribe {
                packet_id: id(10),
                subscription_identifier: None,
                user_properties: Vec::new(),
                subscriptions: vec![
                    Subscription::new(filter("a/+"), QoS::AtMostOnce),
                    Subscription::new(filter("#"), QoS::AtLeastOnce),
                    Subscription::new(filter("a/b"), QoS::ExactlyOnce),
                ],
            }),
        ),
        // One code for each filter, in order [MQTT-3.9.3-1].
        row(
            Server,
            "SUBACK",
            "90 06 000A 00 01 02 80",
            Packet::SubAck(SubAck {
                packet_id: id(10),
                reasons: vec![
                    ReasonCode::Success,
                    ReasonCode::GrantedQoS1,
                    ReasonCode::GrantedQoS2,
                    ReasonCode::UnspecifiedError,
                ],
                properties: AckProperties::default(),
            }),
        ),
        row(
            Client,
            "UNSUBSCRIBE",
            "A2 0A 000B 0003 'a/+' 0001 '#'",
            Packet::Unsubscribe(Unsubscribe {
                packet_id: id(11),
                user_properties: Vec::new(),
                filters: vec![filter("a/+"), filter("#")],
            }),
        ),
        row(
            Server,
            "UNSUBACK",
            "B0 02 000B",
            Packet::UnsubAck(UnsubAck {
                packet_id: id(11),
                reasons: Vec::new(),
                properties: AckProperties::default(),
            }),
        ),
    ]
}
