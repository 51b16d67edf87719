//! MQTT 5.0: PUBLISH, its acknowledgements, and subscriptions.

use super::From::{Both, Client, Server};
use super::v5::row;
use super::{Vector, filter, id, text, topic, user};
use bytes::Bytes;
use headcount_mqtt::*;

pub(crate) fn all() -> Vec<Vector> {
    let mut rows = publishing();
    rows.extend(acknowledging());
    rows.extend(subscribing());
    rows.extend(unsubscribing());
    rows
}

fn publishing() -> Vec<Vector> {
    let publish = |flags: u8, delivery, name: Option<&str>, properties: Option<PublishProperties>| {
        Packet::Publish(Publish {
            dup: flags & 8 != 0,
            delivery,
            retain: flags & 1 != 0,
            topic: name.map(topic),
            payload: Bytes::from_static(b"hey"),
            properties: properties.map(Box::new),
        })
    };
    let message = || PublishProperties {
        payload_format_indicator: Some(true),
        message_expiry_interval: Some(60),
        topic_alias: Some(9),
        response_topic: Some(topic("r/t")),
        correlation_data: Some(Bytes::from_static(&[0, 255])),
        user_properties: user(&[("k", "2"), ("k", "1")]),
        subscription_identifiers: Vec::new(),
        content_type: Some(text("")),
    };
    vec![
        row(
            Both,
            "PUBLISH, no Property",
            "30 09 0003 'a/b' 00 'hey'",
            publish(0, Delivery::AtMostOnce, Some("a/b"), None),
        ),
        row(
            Both,
            "PUBLISH, QoS 2, DUP, RETAIN",
            "3D 0B 0003 'a/b' 8000 00 'hey'",
            publish(0xD, Delivery::ExactlyOnce(id(0x8000)), Some("a/b"), None),
        ),
        // User Properties repeat and keep their order [MQTT-3.3.2-18].
        row(
            Both,
            "PUBLISH, all of a message's Properties",
            "32 31 0003 'a/b' 0007 26 01 01 02 0000003C 23 0009 08 0003 'r/t' 09 0002 00FF 26 0001 \
             'k'0001 '2' 26 0001 'k'0001 '1' 03 0000 'hey'",
            publish(0, Delivery::AtLeastOnce(id(7)), Some("a/b"), Some(message())),
        ),
        row(
            Both,
            "PUBLISH, a Topic Alias for the Topic Name",
            "30 09 0000 03 23 FFFF 'hey'",
            publish(
                0,
                Delivery::AtMostOnce,
                None,
                Some(PublishProperties { topic_alias: Some(65_535), ..PublishProperties::default() }),
            ),
        ),
        // Subscription Identifiers of one to four bytes [MQTT-1.5.5-1] [MQTT-3.3.4-4].
        row(
            Server,
            "PUBLISH, Subscription Identifiers",
            "30 25 0003 'a/b' 1C 0B 01 0B 7F 0B 8001 0B FF7F 0B 808001 0B FFFF7F 0B 80808001 0B FFFFFF7F \
             'hey'",
            publish(
                0,
                Delivery::AtMostOnce,
                Some("a/b"),
                Some(PublishProperties {
                    subscription_identifiers: vec![
                        1,
                        127,
                        128,
                        16_383,
                        16_384,
                        2_097_151,
                        2_097_152,
                        268_435_455,
                    ],
                    ..PublishProperties::default()
                }),
            ),
        ),
    ]
}

/// First byte, constructor, error codes.
type AckType = (u8, fn(Ack) -> Packet, &'static [u8]);

fn acknowledging() -> Vec<Vector> {
    let types: [AckType; 4] = [
        // [MQTT-3.4.2-1] [MQTT-3.5.2-1]
        (0x40, Packet::PubAck, &[0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]),
        (0x50, Packet::PubRec, &[0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]),
        // [MQTT-3.6.2-1] [MQTT-3.7.2-1]
        (0x62, Packet::PubRel, &[0x92]),
        (0x70, Packet::PubComp, &[0x92]),
    ];
    let mut rows = Vec::new();
    for (first, packet, codes) in types {
        // Without a code and without a Property Length (3.4.2.1).
        rows.push(row(Both, "acknowledged", &format!("{first:02X} 02 0007"), packet(Ack::new(id(7)))));
        for code in codes {
            let reason = ReasonCode::from_u8(*code).expect("a code of the table");
            rows.push(row(
                Both,
                "acknowledged with a code",
                &format!("{first:02X} 03 0007 {code:02X}"),
                packet(Ack::with(id(7), reason)),
            ));
        }
        rows.push(row(
            Both,
            "acknowledged with Properties",
            &format!("{first:02X} 10 0007 00 0C 1F 0003 'why' 26 0000 0001 'v'"),
            packet(Ack {
                properties: Some(Box::new(AckProperties {
                    reason_string: Some(text("why")),
                    user_properties: user(&[("", "v")]),
                })),
                ..Ack::new(id(7))
            }),
        ));
    }
    rows
}

fn subscribing() -> Vec<Vector> {
    let options = |name: &str, qos, no_local, retain_as_published, retain_handling| Subscription {
        filter: filter(name),
        qos,
        no_local,
        retain_as_published,
        retain_handling,
    };
    vec![
        row(
            Client,
            "SUBSCRIBE, every option",
            "82 2A 000A 0C 0B FFFFFF7F 26 0001 'k'0001 'v' 0001 'a' 00 0003 '+/b' 0D 0001 '#' 12 000A \
             '$share/g/+' 28",
            Packet::Subscribe(Subscribe {
                packet_id: id(10),
                subscription_identifier: Some(268_435_455),
                user_properties: user(&[("k", "v")]),
                subscriptions: vec![
                    options("a", QoS::AtMostOnce, false, false, RetainHandling::Send),
                    options("+/b", QoS::AtLeastOnce, true, true, RetainHandling::Send),
                    options("#", QoS::ExactlyOnce, false, false, RetainHandling::SendIfNew),
                    options("$share/g/+", QoS::AtMostOnce, false, true, RetainHandling::DoNotSend),
                ],
            }),
        ),
        // Every code, in the order of the SUBSCRIBE [MQTT-3.9.3-1] [MQTT-3.9.3-2].
        row(
            Server,
            "SUBACK, every code",
            "90 1C 000A 0D 1F 0003 'why' 26 0001 'k'0001 'v' 00 01 02 80 83 87 8F 91 97 9E A1 A2",
            Packet::SubAck(SubAck {
                packet_id: id(10),
                reasons: codes(&[0, 1, 2, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2]),
                properties: AckProperties {
                    reason_string: Some(text("why")),
                    user_properties: user(&[("k", "v")]),
                },
            }),
        ),
    ]
}

fn unsubscribing() -> Vec<Vector> {
    vec![
        row(
            Client,
            "UNSUBSCRIBE",
            "A2 1B 000B 07 26 0001 'k'0001 'v' 0003 'a/+' 000A '$share/g/#'",
            Packet::Unsubscribe(Unsubscribe {
                packet_id: id(11),
                user_properties: user(&[("k", "v")]),
                filters: vec![filter("a/+"), filter("$share/g/#")],
            }),
        ),
        // Every code, in the order of the UNSUBSCRIBE [MQTT-3.11.3-1] [MQTT-3.11.3-2].
        row(
            Server,
            "UNSUBACK, every code",
            "B0 0A 000B 00 00 11 80 83 87 8F 91",
            Packet::UnsubAck(UnsubAck {
                packet_id: id(11),
                reasons: codes(&[0, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91]),
                properties: AckProperties::default(),
            }),
        ),
    ]
}

fn codes(bytes: &[u8]) -> Vec<ReasonCode> {
    bytes.iter().map(|byte| ReasonCode::from_u8(*byte).expect("a code of the table")).collect()
}
