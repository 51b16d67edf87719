//! rumqttc's codec of MQTT 3.1.1.

use super::{decode, encode, utf8};
use crate::arbitrary;
use crate::vector::{self, MAXIMUM};
use bytes::BytesMut;
use headcount_mqtt::*;
use proptest::prelude::*;
use rumqttc::mqttbytes::v4;
use rumqttc::mqttbytes::{Protocol, QoS as TheirQoS};

const V311: ProtocolVersion = ProtocolVersion::V311;

fn agree(packet: &Packet) {
    let Some(theirs) = theirs(packet) else { return };
    let mut written = BytesMut::new();
    theirs.write(&mut written, MAXIMUM).expect("they write it");
    assert_eq!(&decode(&written, V311), packet, "written by rumqttc");
    let mut ours = encode(packet, V311);
    assert_eq!(v4::Packet::read(&mut ours, MAXIMUM).expect("they read it"), theirs, "read by rumqttc");
    assert!(ours.is_empty());
}

#[test]
fn vectors() {
    let vectors: Vec<_> = vector::all().into_iter().filter(|vector| vector.version == V311).collect();
    let told = vectors.iter().filter(|vector| theirs(&vector.packet).is_some()).count();
    assert!(told * 10 >= vectors.len() * 9, "rumqttc has nearly all of {}: {told}", vectors.len());
    for vector in vectors {
        agree(&vector.packet);
    }
}

proptest! {
    #[test]
    fn arbitrary_packets(packet in arbitrary::packet(V311)) {
        agree(&packet);
    }
}

/// The packet in their types; `None` where these have no place for it.
fn theirs(packet: &Packet) -> Option<v4::Packet> {
    Some(match packet {
        Packet::Connect(connect) => v4::Packet::Connect(their_connect(connect)?),
        Packet::ConnAck(connack) => v4::Packet::ConnAck(v4::ConnAck {
            session_present: connack.session_present,
            code: match connack.reason {
                ReasonCode::Success => v4::ConnectReturnCode::Success,
                ReasonCode::UnsupportedProtocolVersion => v4::ConnectReturnCode::RefusedProtocolVersion,
                ReasonCode::ClientIdentifierNotValid => v4::ConnectReturnCode::BadClientId,
                ReasonCode::ServerUnavailable => v4::ConnectReturnCode::ServiceUnavailable,
                ReasonCode::BadUserNameOrPassword => v4::ConnectReturnCode::BadUserNamePassword,
                ReasonCode::NotAuthorized => v4::ConnectReturnCode::NotAuthorized,
                other => panic!("no return code: {other:?}"),
            },
        }),
        Packet::Publish(publish) => v4::Packet::Publish(v4::Publish {
            dup: publish.dup,
            qos: qos(publish.delivery.qos()),
            retain: publish.retain,
            topic: utf8(publish.topic.as_ref().expect("always in 3.1.1").as_bytes()),
            pkid: publish.delivery.packet_id().map_or(0, PacketId::get),
            payload: publish.payload.clone(),
        }),
        Packet::PubAck(ack) => v4::Packet::PubAck(v4::PubAck { pkid: ack.packet_id.get() }),
        Packet::PubRec(ack) => v4::Packet::PubRec(v4::PubRec { pkid: ack.packet_id.get() }),
        Packet::PubRel(ack) => v4::Packet::PubRel(v4::PubRel { pkid: ack.packet_id.get() }),
        Packet::PubComp(ack) => v4::Packet::PubComp(v4::PubComp { pkid: ack.packet_id.get() }),
        Packet::Subscribe(subscribe) => v4::Packet::Subscribe(v4::Subscribe {
            pkid: subscribe.packet_id.get(),
            filters: subscribe
                .subscriptions
                .iter()
                .map(|one| v4::SubscribeFilter { path: utf8(one.filter.as_bytes()), qos: qos(one.qos) })
                .collect(),
        }),
        Packet::SubAck(suback) => v4::Packet::SubAck(v4::SubAck {
            pkid: suback.packet_id.get(),
            return_codes: suback
                .reasons
                .iter()
                .map(|reason| match QoS::from_u8(*reason as u8) {
                    Some(granted) => v4::SubscribeReasonCode::Success(qos(granted)),
                    None => v4::SubscribeReasonCode::Failure,
                })
                .collect(),
        }),
        Packet::Unsubscribe(unsubscribe) => v4::Packet::Unsubscribe(v4::Unsubscribe {
            pkid: unsubscribe.packet_id.get(),
            topics: unsubscribe.filters.iter().map(|filter| utf8(filter.as_bytes())).collect(),
        }),
        Packet::UnsubAck(unsuback) => v4::Packet::UnsubAck(v4::UnsubAck { pkid: unsuback.packet_id.get() }),
        Packet::PingReq => v4::Packet::PingReq,
        Packet::PingResp => v4::Packet::PingResp,
        Packet::Disconnect(_) => v4::Packet::Disconnect,
        Packet::Auth(_) => return None,
    })
}

/// Their passwords are UTF-8, and never stand alone or missing beside a user name.
fn their_connect(connect: &Connect) -> Option<v4::Connect> {
    let login = match (&connect.user_name, &connect.password) {
        (None, None) => None,
        (Some(name), Some(password)) if !name.is_empty() => Some(v4::Login {
            username: utf8(name.as_bytes()),
            password: String::from_utf8(password.to_vec()).ok().filter(|password| !password.is_empty())?,
        }),
        _ => return None,
    };
    Some(v4::Connect {
        protocol: Protocol::V4,
        keep_alive: connect.keep_alive,
        client_id: utf8(connect.client_id.as_bytes()),
        clean_session: connect.clean_start,
        last_will: connect.will.as_ref().map(|will| v4::LastWill {
            topic: utf8(will.topic.as_bytes()),
            message: will.payload.clone(),
            qos: qos(will.qos),
            retain: will.retain,
        }),
        login,
    })
}

fn qos(qos: QoS) -> TheirQoS {
    match qos {
        QoS::AtMostOnce => TheirQoS::AtMostOnce,
        QoS::AtLeastOnce => TheirQoS::AtLeastOnce,
        QoS::ExactlyOnce => TheirQoS::ExactlyOnce,
    }
}
