//! rumqttc's codec of MQTT 5.0.

use super::rumqttc_v5_connection::{
    properties, qos, reason, text, their_connack, their_connect, their_disconnect, topic, user,
};
use super::{decode, encode, utf8};
use crate::arbitrary;
use crate::vector::{self, MAXIMUM};
use bytes::BytesMut;
use headcount_mqtt::*;
use proptest::prelude::*;
use rumqttc::v5::mqttbytes::{QoS as TheirQoS, v5};

const V5: ProtocolVersion = ProtocolVersion::V5;

fn agree(packet: &Packet) {
    let Some(theirs) = theirs(packet) else { return };
    let limit = u32::try_from(MAXIMUM).ok();
    let mut written = BytesMut::new();
    theirs.write(&mut written, limit).expect("they write it");
    assert_eq!(&decode(&written, V5), packet, "written by rumqttc");
    let mut ours = encode(packet, V5);
    assert_eq!(v5::Packet::read(&mut ours, limit).expect("they read it"), theirs, "read by rumqttc");
    assert!(ours.is_empty());
}

#[test]
fn vectors() {
    let vectors: Vec<_> = vector::all().into_iter().filter(|vector| vector.version == V5).collect();
    let told = vectors.iter().filter(|vector| theirs(&vector.packet).is_some()).count();
    assert!(told * 10 >= vectors.len() * 8, "rumqttc has most of {}: {told}", vectors.len());
    for vector in vectors {
        agree(&vector.packet);
    }
}

proptest! {
    #[test]
    fn arbitrary_packets(packet in arbitrary::packet(V5)) {
        agree(&packet);
    }
}

/// An acknowledgement in their types, of which each packet has its own.
macro_rules! ack {
    ($ack:expr, $packet:ident, $properties:ident, $reason:expr) => {
        v5::Packet::$packet(v5::$packet {
            pkid: $ack.packet_id.get(),
            reason: $reason,
            properties: $ack.properties.as_ref().map(|p| v5::$properties {
                reason_string: text(p.reason_string.as_ref()),
                user_properties: user(&p.user_properties),
            }),
        })
    };
}

/// The reasons of PUBACK and PUBREC, which are the same.
macro_rules! received {
    ($reason:expr, $theirs:ident) => {
        reason!($reason, $theirs: Success NoMatchingSubscribers UnspecifiedError ImplementationSpecificError
            NotAuthorized TopicNameInvalid PacketIdentifierInUse QuotaExceeded PayloadFormatInvalid)
    };
}

/// The packet in their types; `None` where these have no place for it. Their AUTH cannot be made from outside.
fn theirs(packet: &Packet) -> Option<v5::Packet> {
    Some(match packet {
        Packet::Connect(connect) => their_connect(connect)?,
        Packet::ConnAck(connack) => v5::Packet::ConnAck(their_connack(connack)),
        Packet::Publish(publish) => v5::Packet::Publish(their_publish(publish)?),
        Packet::PubAck(a) => ack!(a, PubAck, PubAckProperties, received!(a.reason, PubAckReason)),
        Packet::PubRec(a) => ack!(a, PubRec, PubRecProperties, received!(a.reason, PubRecReason)),
        Packet::PubRel(a) => {
            ack!(
                a,
                PubRel,
                PubRelProperties,
                reason!(a.reason, PubRelReason: Success PacketIdentifierNotFound)
            )
        }
        Packet::PubComp(a) => {
            ack!(
                a,
                PubComp,
                PubCompProperties,
                reason!(a.reason, PubCompReason: Success PacketIdentifierNotFound)
            )
        }
        Packet::Subscribe(subscribe) => v5::Packet::Subscribe(their_subscribe(subscribe)),
        Packet::SubAck(suback) => v5::Packet::SubAck(v5::SubAck {
            pkid: suback.packet_id.get(),
            return_codes: suback.reasons.iter().map(|reason| granted(*reason)).collect(),
            properties: properties(&suback.properties).map(|p| v5::SubAckProperties {
                reason_string: text(p.reason_string.as_ref()),
                user_properties: user(&p.user_properties),
            }),
        }),
        Packet::Unsubscribe(unsubscribe) => v5::Packet::Unsubscribe(v5::Unsubscribe {
            pkid: unsubscribe.packet_id.get(),
            filters: unsubscribe.filters.iter().map(|filter| utf8(filter.as_bytes())).collect(),
            properties: (!unsubscribe.user_properties.is_empty())
                .then(|| v5::UnsubscribeProperties { user_properties: user(&unsubscribe.user_properties) }),
        }),
        Packet::UnsubAck(unsuback) => v5::Packet::UnsubAck(v5::UnsubAck {
            pkid: unsuback.packet_id.get(),
            reasons: unsuback
                .reasons
                .iter()
                .map(|r| {
                    reason!(r, UnsubAckReason: Success NoSubscriptionExisted UnspecifiedError
                        ImplementationSpecificError NotAuthorized TopicFilterInvalid PacketIdentifierInUse)
                })
                .collect(),
            properties: properties(&unsuback.properties).map(|p| v5::UnsubAckProperties {
                reason_string: text(p.reason_string.as_ref()),
                user_properties: user(&p.user_properties),
            }),
        }),
        Packet::PingReq => v5::Packet::PingReq(v5::PingReq),
        Packet::PingResp => v5::Packet::PingResp(v5::PingResp),
        Packet::Disconnect(disconnect) => v5::Packet::Disconnect(their_disconnect(disconnect)?),
        Packet::Auth(_) => return None,
    })
}

/// Their reader counts each Subscription Identifier as a byte more than it has, and so loses what stands behind several.
fn their_publish(publish: &Publish) -> Option<v5::Publish> {
    if publish.properties.as_ref().is_some_and(|p| p.subscription_identifiers.len() > 1) {
        return None;
    }
    Some(v5::Publish {
        dup: publish.dup,
        qos: qos(publish.delivery.qos()),
        retain: publish.retain,
        topic: publish.topic.as_ref().map(|topic| topic.text().bytes().clone()).unwrap_or_default(),
        pkid: publish.delivery.packet_id().map_or(0, PacketId::get),
        payload: publish.payload.clone(),
        properties: publish.properties.as_ref().map(|p| v5::PublishProperties {
            payload_format_indicator: p.payload_format_indicator.map(u8::from),
            message_expiry_interval: p.message_expiry_interval,
            topic_alias: p.topic_alias,
            response_topic: topic(p.response_topic.as_ref()),
            correlation_data: p.correlation_data.clone(),
            user_properties: user(&p.user_properties),
            subscription_identifiers: p.subscription_identifiers.iter().map(|id| *id as usize).collect(),
            content_type: text(p.content_type.as_ref()),
        }),
    })
}

fn their_subscribe(subscribe: &Subscribe) -> v5::Subscribe {
    let plain = subscribe.subscription_identifier.is_none() && subscribe.user_properties.is_empty();
    let filter = |one: &Subscription| v5::Filter {
        path: utf8(one.filter.as_bytes()),
        qos: qos(one.qos),
        nolocal: one.no_local,
        preserve_retain: one.retain_as_published,
        retain_forward_rule: match one.retain_handling {
            RetainHandling::Send => v5::RetainForwardRule::OnEverySubscribe,
            RetainHandling::SendIfNew => v5::RetainForwardRule::OnNewSubscribe,
            RetainHandling::DoNotSend => v5::RetainForwardRule::Never,
        },
    };
    v5::Subscribe {
        pkid: subscribe.packet_id.get(),
        filters: subscribe.subscriptions.iter().map(filter).collect(),
        properties: (!plain).then(|| v5::SubscribeProperties {
            id: subscribe.subscription_identifier.map(|id| id as usize),
            user_properties: user(&subscribe.user_properties),
        }),
    }
}

fn granted(reason: ReasonCode) -> v5::SubscribeReasonCode {
    use v5::SubscribeReasonCode as T;
    match reason {
        ReasonCode::Success => T::Success(TheirQoS::AtMostOnce),
        ReasonCode::GrantedQoS1 => T::Success(TheirQoS::AtLeastOnce),
        ReasonCode::GrantedQoS2 => T::Success(TheirQoS::ExactlyOnce),
        ReasonCode::UnspecifiedError => T::Unspecified,
        ReasonCode::ImplementationSpecificError => T::ImplementationSpecific,
        ReasonCode::NotAuthorized => T::NotAuthorized,
        ReasonCode::TopicFilterInvalid => T::TopicFilterInvalid,
        ReasonCode::PacketIdentifierInUse => T::PkidInUse,
        ReasonCode::QuotaExceeded => T::QuotaExceeded,
        ReasonCode::SharedSubscriptionsNotSupported => T::SharedSubscriptionsNotSupported,
        ReasonCode::SubscriptionIdentifiersNotSupported => T::SubscriptionIdNotSupported,
        ReasonCode::WildcardSubscriptionsNotSupported => T::WildcardSubscriptionsNotSupported,
        other => panic!("{other:?} in SUBACK"),
    }
}
