//! MQTT 5.0: connecting, the sign of life, the end. PUBLISH and subscriptions are in the neighbouring files.

use super::From::{Both, Client, Server};
use super::{From, Vector, minimal_connect, text, topic, user};
use bytes::Bytes;
use headcount_mqtt::*;

pub(super) fn row(from: From, name: &'static str, bytes: &str, packet: Packet) -> Vector {
    Vector::new(ProtocolVersion::V5, from, name, bytes, packet)
}

pub(crate) fn all() -> Vec<Vector> {
    let mut rows = connect();
    rows.extend(connack());
    rows.extend(ending());
    rows
}

fn connect() -> Vec<Vector> {
    let minimal = minimal_connect(ProtocolVersion::V5);
    let full = Connect {
        clean_start: false,
        will: Some(Will {
            topic: topic("w/t"),
            payload: Bytes::from_static(b"gone"),
            qos: QoS::AtLeastOnce,
            retain: true,
            properties: WillProperties {
                will_delay_interval: Some(5),
                payload_format_indicator: Some(true),
                message_expiry_interval: Some(3_600),
                content_type: Some(text("text")),
                response_topic: Some(topic("r/t")),
                correlation_data: Some(Bytes::from_static(&[0, 255])),
                user_properties: user(&[("k", "1"), ("k", "2")]),
            },
        }),
        user_name: Some(text("us")),
        password: Some(Bytes::from_static(&[0, 255])),
        properties: ConnectProperties {
            session_expiry_interval: Some(u32::MAX),
            receive_maximum: Some(20),
            maximum_packet_size: Some(65_536),
            topic_alias_maximum: Some(10),
            request_response_information: Some(true),
            request_problem_information: Some(false),
            user_properties: user(&[("k", "v"), ("k", "v"), ("", "")]),
            authentication_method: Some(text("SCRAM")),
            authentication_data: Some(Bytes::from_static(b"data")),
        },
        ..minimal.clone()
    };
    vec![
        // [MQTT-2.2.2-1]: a Property Length of zero is there.
        row(
            Client,
            "CONNECT, no Property",
            "10 0E 0004 'MQTT' 05 02 003C 00 0001 'c'",
            Packet::Connect(Box::new(minimal.clone())),
        ),
        // The order of the payload's fields [MQTT-3.1.3-1].
        row(
            Client,
            "CONNECT, all fields",
            "10 8401 0004 'MQTT' 05 EC 003C 36 11 FFFFFFFF 21 0014 27 00010000 22 000A 19 01 17 00 26 \
             0001 'k'0001 'v' 26 0001 'k'0001 'v' 26 00000000 15 0005 'SCRAM' 16 0004 'data' 0001 'c' 2C \
             18 00000005 01 01 02 00000E10 03 0004 'text' 08 0003 'r/t' 09 0002 00FF 26 0001 'k'0001 '1' \
             26 0001 'k'0001 '2' 0003 'w/t' 0004 'gone' 0002 'us' 0002 00FF",
            Packet::Connect(Box::new(full)),
        ),
        // 5.0 allows it, 3.1.1 does not [MQTT-3.1.2-22 (3.1.1)].
        row(
            Client,
            "CONNECT, a Password without a User Name",
            "10 12 0004 'MQTT' 05 42 003C 00 0001 'c' 0002 'pw'",
            Packet::Connect(Box::new(Connect { password: Some(Bytes::from_static(b"pw")), ..minimal })),
        ),
    ]
}

fn connack() -> Vec<Vector> {
    let full = ConnAckProperties {
        session_expiry_interval: Some(120),
        receive_maximum: Some(65_535),
        maximum_qos: Some(QoS::AtLeastOnce),
        retain_available: Some(true),
        maximum_packet_size: Some(u32::MAX),
        assigned_client_identifier: Some(text("auto-1")),
        topic_alias_maximum: Some(0),
        reason_string: Some(text("why")),
        user_properties: user(&[("k", "v")]),
        wildcard_subscription_available: Some(true),
        subscription_identifiers_available: Some(false),
        shared_subscription_available: Some(true),
        server_keep_alive: Some(30),
        response_information: Some(text("resp/")),
        server_reference: Some(text("b:1883")),
        authentication_method: Some(text("SCRAM")),
        authentication_data: Some(Bytes::new()),
    };
    let plain = |session_present, reason| {
        Packet::ConnAck(Box::new(ConnAck { session_present, reason, ..ConnAck::default() }))
    };
    let mut rows = vec![
        row(Server, "CONNACK", "20 03 00 00 00", plain(false, ReasonCode::Success)),
        row(Server, "CONNACK, Session Present", "20 03 01 00 00", plain(true, ReasonCode::Success)),
        row(
            Server,
            "CONNACK, Maximum QoS 0",
            "20 07 00 00 04 24 00 25 00",
            Packet::ConnAck(Box::new(ConnAck {
                properties: ConnAckProperties {
                    maximum_qos: Some(QoS::AtMostOnce),
                    retain_available: Some(false),
                    ..ConnAckProperties::default()
                },
                ..ConnAck::default()
            })),
        ),
        row(
            Server,
            "CONNACK, all Properties",
            "20 52 00 9D 4F 11 00000078 21 FFFF 24 01 25 01 27 FFFFFFFF 12 0006 'auto-1' 22 0000 1F 0003 \
             'why' 26 0001 'k'0001 'v' 28 01 29 00 2A 01 13 001E 1A 0005 'resp/' 1C 0006 'b:1883' 15 0005 \
             'SCRAM' 16 0000",
            Packet::ConnAck(Box::new(ConnAck {
                session_present: false,
                reason: ReasonCode::ServerMoved,
                properties: full,
            })),
        ),
    ];
    // Every code of table 3-1 [MQTT-3.2.2-8].
    for code in [
        0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99, 0x9A,
        0x9B, 0x9C, 0x9D, 0x9F,
    ] {
        let reason = ReasonCode::from_u8(code).expect("a code of the table");
        rows.push(row(Server, "CONNACK, refused", &format!("20 03 00 {code:02X} 00"), plain(false, reason)));
    }
    rows
}

fn ending() -> Vec<Vector> {
    let disconnect = |reason, properties| {
        Packet::Disconnect(Disconnect { reason, properties: Some(Box::new(properties)) })
    };
    let auth = |reason, properties| Packet::Auth(Auth { reason, properties });
    let scram = || AuthProperties { authentication_method: Some(text("SCRAM")), ..AuthProperties::default() };
    vec![
        row(Client, "PINGREQ", "C0 00", Packet::PingReq),
        row(Server, "PINGRESP", "D0 00", Packet::PingResp),
        // Neither code nor Property Length (3.14.2.1).
        row(Both, "DISCONNECT", "E0 00", Packet::Disconnect(Disconnect::default())),
        row(
            Client,
            "DISCONNECT, a code alone",
            "E0 01 04",
            Packet::Disconnect(Disconnect::with(ReasonCode::DisconnectWithWillMessage)),
        ),
        row(
            Server,
            "DISCONNECT, taken over",
            "E0 01 8E",
            Packet::Disconnect(Disconnect::with(ReasonCode::SessionTakenOver)),
        ),
        row(
            Client,
            "DISCONNECT, a client's Properties",
            "E0 14 00 12 11 00000000 1F 0003 'bye' 26 0001 'k'0001 'v'",
            disconnect(
                ReasonCode::Success,
                DisconnectProperties {
                    session_expiry_interval: Some(0),
                    reason_string: Some(text("bye")),
                    user_properties: user(&[("k", "v")]),
                    server_reference: None,
                },
            ),
        ),
        row(
            Server,
            "DISCONNECT, a server's Properties",
            "E0 10 9C 0E 1F 0002 'go' 1C 0006 'b:1883'",
            disconnect(
                ReasonCode::UseAnotherServer,
                DisconnectProperties {
                    reason_string: Some(text("go")),
                    server_reference: Some(text("b:1883")),
                    ..DisconnectProperties::default()
                },
            ),
        ),
        // Neither code nor Property Length (3.15.2.1).
        row(Server, "AUTH, success", "F0 00", auth(ReasonCode::Success, AuthProperties::default())),
        row(
            Both,
            "AUTH, continue",
            "F0 1C 18 1A 15 0005 'SCRAM' 16 0002 00FF 1F 0003 'why' 26 0001 'k'0001 'v'",
            auth(
                ReasonCode::ContinueAuthentication,
                AuthProperties {
                    authentication_data: Some(Bytes::from_static(&[0, 255])),
                    reason_string: Some(text("why")),
                    user_properties: user(&[("k", "v")]),
                    ..scram()
                },
            ),
        ),
        row(
            Client,
            "AUTH, re-authenticate",
            "F0 0A 19 08 15 0005 'SCRAM'",
            auth(ReasonCode::ReAuthenticate, scram()),
        ),
    ]
}
