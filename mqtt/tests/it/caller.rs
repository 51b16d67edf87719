//! What the encoder refuses, because the standard has no such bytes; and one encoding shared by many receivers.

use crate::vector::{filter, id, minimal_connect, text, topic};
use bytes::{Bytes, BytesMut};
use headcount_mqtt::ProtocolVersion::{V5, V311};
use headcount_mqtt::*;

fn publish() -> Publish {
    Publish {
        dup: false,
        delivery: Delivery::AtLeastOnce(id(1)),
        retain: true,
        topic: Some(topic("a/b")),
        payload: Bytes::from_static(b"hey"),
        properties: None,
    }
}

fn with(properties: PublishProperties) -> Packet {
    Packet::Publish(Publish { properties: Some(Box::new(properties)), ..publish() })
}

fn connack(reason: ReasonCode) -> Packet {
    Packet::ConnAck(Box::new(ConnAck { reason, ..ConnAck::default() }))
}

/// The packet has no bytes, and nothing of it is written.
fn refuse(packet: &Packet, version: ProtocolVersion) -> EncodeError {
    let mut out = BytesMut::from("before");
    let error = encode(packet, version, &mut out).expect_err("no bytes");
    assert_eq!(&out[..], b"before");
    assert_eq!(encoded_len(packet, version), Err(error));
    error
}

fn bytes(packet: &Packet, version: ProtocolVersion) -> Vec<u8> {
    let mut out = BytesMut::new();
    encode(packet, version, &mut out).expect("bytes");
    out.to_vec()
}

#[test]
fn what_no_decoder_takes_is_not_encoded() {
    let packets = [
        // [MQTT-3.3.1-2]
        Packet::Publish(Publish { dup: true, delivery: Delivery::AtMostOnce, ..publish() }),
        // (3.3.2.1)
        Packet::Publish(Publish { topic: None, ..publish() }),
        // [MQTT-3.3.2-8]
        with(PublishProperties { topic_alias: Some(0), ..PublishProperties::default() }),
        // (3.3.2.3.8)
        with(PublishProperties { subscription_identifiers: vec![0], ..PublishProperties::default() }),
        with(PublishProperties {
            subscription_identifiers: vec![268_435_456],
            ..PublishProperties::default()
        }),
        // [MQTT-3.4.2-1] [MQTT-3.6.2-1]
        Packet::PubAck(Ack::with(id(1), ReasonCode::PacketIdentifierNotFound)),
        Packet::PubRel(Ack::with(id(1), ReasonCode::NotAuthorized)),
        // [MQTT-3.8.3-2] [MQTT-3.10.3-2]
        Packet::Subscribe(subscribe(Vec::new())),
        Packet::Unsubscribe(Unsubscribe {
            packet_id: id(1),
            user_properties: Vec::new(),
            filters: Vec::new(),
        }),
        // [MQTT-3.8.3-4]
        Packet::Subscribe(subscribe(vec![Subscription {
            no_local: true,
            ..Subscription::new(filter("$share/g/t"), QoS::AtMostOnce)
        }])),
        // [MQTT-3.9.3-2] [MQTT-3.11.3-2]
        suback(&[]),
        suback(&[ReasonCode::NoSubscriptionExisted]),
        unsuback(&[]),
        unsuback(&[ReasonCode::GrantedQoS1]),
        // [MQTT-3.2.2-6] [MQTT-3.2.2-8]
        Packet::ConnAck(Box::new(ConnAck {
            session_present: true,
            reason: ReasonCode::NotAuthorized,
            ..ConnAck::default()
        })),
        connack(ReasonCode::KeepAliveTimeout),
        // [MQTT-3.14.2-1] [MQTT-3.14.2-2]
        Packet::Disconnect(Disconnect::with(ReasonCode::GrantedQoS1)),
        Packet::Disconnect(Disconnect {
            reason: ReasonCode::SessionTakenOver,
            properties: Some(Box::new(DisconnectProperties {
                session_expiry_interval: Some(1),
                ..DisconnectProperties::default()
            })),
        }),
        // [MQTT-3.15.2-1] (3.15.2.2.2)
        Packet::Auth(Auth { reason: ReasonCode::NotAuthorized, properties: AuthProperties::default() }),
        Packet::Auth(Auth {
            reason: ReasonCode::ContinueAuthentication,
            properties: AuthProperties::default(),
        }),
        // A CONNECT speaks of its own version.
        Packet::Connect(Box::new(minimal_connect(V311))),
    ];
    for packet in &packets {
        assert!(matches!(refuse(packet, V5), EncodeError::NotInVersion(_)), "{packet:?}");
    }
    for properties in [
        ConnectProperties { receive_maximum: Some(0), ..ConnectProperties::default() },
        ConnectProperties { maximum_packet_size: Some(0), ..ConnectProperties::default() },
        ConnectProperties { authentication_data: Some(Bytes::new()), ..ConnectProperties::default() },
    ] {
        refuse(&Packet::Connect(Box::new(Connect { properties, ..minimal_connect(V5) })), V5);
    }
}

/// What 5.0 can say and 3.1.1 cannot.
#[test]
fn what_3_1_1_cannot_say() {
    let alone = Connect { password: Some(Bytes::new()), ..minimal_connect(V311) };
    // [MQTT-3.1.2-22 (3.1.1)]
    refuse(&Packet::Connect(Box::new(alone)), V311);
    refuse(&Packet::Auth(Auth::default()), V311);
    // [MQTT-3.2.2-6 (3.1.1)]: without a return code that says it, the server closes without a CONNACK.
    refuse(&connack(ReasonCode::MalformedPacket), V311);
    let alias = PublishProperties { topic_alias: Some(1), ..PublishProperties::default() };
    let Packet::Publish(publish) = with(alias) else { unreachable!() };
    refuse(&Packet::Publish(Publish { topic: None, ..publish }), V311);
}

#[test]
fn fields_of_5_0_are_left_out_of_3_1_1() {
    assert_eq!(bytes(&connack(ReasonCode::Banned), V311), [0x20, 2, 0, 5]);
    assert_eq!(bytes(&connack(ReasonCode::ServerBusy), V311), [0x20, 2, 0, 3]);
    // [MQTT-3.9.3-2 (3.1.1)]
    assert_eq!(bytes(&suback(&[ReasonCode::NotAuthorized]), V311), [0x90, 3, 0, 1, 0x80]);
    assert_eq!(bytes(&unsuback(&[ReasonCode::NoSubscriptionExisted]), V311), [0xB0, 2, 0, 1]);
    let refused = Packet::PubAck(Ack::with(id(1), ReasonCode::NotAuthorized));
    assert_eq!(bytes(&refused, V311), [0x40, 2, 0, 1]);
    let over = Packet::Disconnect(Disconnect::with(ReasonCode::SessionTakenOver));
    assert_eq!(bytes(&over, V311), [0xE0, 0]);
    let mut subscription = Subscription::new(filter("a"), QoS::AtLeastOnce);
    subscription.no_local = true;
    subscription.retain_handling = RetainHandling::DoNotSend;
    let packet = Packet::Subscribe(subscribe(vec![subscription]));
    assert_eq!(bytes(&packet, V311), [0x82, 6, 0, 1, 0, 1, b'a', 1]);
}

#[test]
fn lengths_that_do_not_fit() {
    let will = Will {
        topic: topic("w"),
        payload: vec![0; 65_536].into(),
        qos: QoS::AtMostOnce,
        retain: false,
        properties: WillProperties::default(),
    };
    let packet = Packet::Connect(Box::new(Connect { will: Some(will), ..minimal_connect(V311) }));
    assert_eq!(refuse(&packet, V311), EncodeError::FieldTooLong("Will Payload"));
    // One byte more than a Remaining Length can say: 268,435,455 holds the Topic Name, its length and the payload.
    let largest = 268_435_455 - 5 - 2;
    let mut packet = publish();
    packet.payload = vec![0; largest].into();
    assert_eq!(encoded_len(&Packet::Publish(packet.clone()), V311), Ok(268_435_460));
    packet.payload = vec![0; largest + 1].into();
    let error = refuse(&Packet::Publish(packet), V311);
    assert_eq!(error, EncodeError::TooLarge { size: 268_435_461, maximum: 268_435_460 });
}

/// Whatever is shared, each receiver gets the bytes that its own encoding would have.
#[test]
fn one_encoding_for_many_receivers() {
    let message = PublishProperties { content_type: Some(text("t")), ..PublishProperties::default() };
    for version in [V311, V5] {
        for delivery in [Delivery::AtMostOnce, Delivery::AtLeastOnce(id(1)), Delivery::ExactlyOnce(id(1))] {
            let first = Publish { delivery, properties: Some(Box::new(message.clone())), ..publish() };
            let shared = EncodedPublish::new(&first, version).expect("bytes");
            assert_eq!(shared.bytes()[..], bytes(&Packet::Publish(first.clone()), version));
            assert_eq!(shared.len(), shared.bytes().len());
            for (dup, number) in [(false, 2), (true, 65_535), (false, 1)] {
                let own = match delivery {
                    Delivery::AtMostOnce => first.clone(),
                    Delivery::AtLeastOnce(_) => {
                        Publish { dup, delivery: Delivery::AtLeastOnce(id(number)), ..first.clone() }
                    }
                    Delivery::ExactlyOnce(_) => {
                        Publish { dup, delivery: Delivery::ExactlyOnce(id(number)), ..first.clone() }
                    }
                };
                let expected = bytes(&Packet::Publish(own), version);
                let mut whole = BytesMut::from("before");
                shared.append(dup, id(number), &mut whole);
                assert_eq!(whole[6..], expected);
                let mut parts = BytesMut::from("before");
                shared.append_head(dup, id(number), &mut parts);
                assert_eq!([&parts[6..], &shared.payload()].concat(), expected);
            }
        }
    }
}

fn subscribe(subscriptions: Vec<Subscription>) -> Subscribe {
    Subscribe { packet_id: id(1), subscription_identifier: None, user_properties: Vec::new(), subscriptions }
}

fn suback(reasons: &[ReasonCode]) -> Packet {
    Packet::SubAck(SubAck {
        packet_id: id(1),
        reasons: reasons.to_vec(),
        properties: AckProperties::default(),
    })
}

fn unsuback(reasons: &[ReasonCode]) -> Packet {
    Packet::UnsubAck(UnsubAck {
        packet_id: id(1),
        reasons: reasons.to_vec(),
        properties: AckProperties::default(),
    })
}
