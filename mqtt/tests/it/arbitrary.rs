//! Arbitrary packets that one version has bytes for: fields of 5.0 stay empty in 3.1.1.

use bytes::Bytes;
use headcount_mqtt::*;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

const V5: ProtocolVersion = ProtocolVersion::V5;

pub(crate) fn packet(version: ProtocolVersion) -> BoxedStrategy<Packet> {
    let common = prop_oneof![
        connect(version).prop_map(|connect| Packet::Connect(Box::new(connect))),
        connack(version).prop_map(|connack| Packet::ConnAck(Box::new(connack))),
        publish(version).prop_map(Packet::Publish),
        ack(version, &[0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]).prop_map(Packet::PubAck),
        ack(version, &[0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]).prop_map(Packet::PubRec),
        ack(version, &[0x00, 0x92]).prop_map(Packet::PubRel),
        ack(version, &[0x00, 0x92]).prop_map(Packet::PubComp),
        subscribe(version).prop_map(Packet::Subscribe),
        suback(version).prop_map(Packet::SubAck),
        unsubscribe(version).prop_map(Packet::Unsubscribe),
        unsuback(version).prop_map(Packet::UnsubAck),
        Just(Packet::PingReq),
        Just(Packet::PingResp),
    ];
    if version == V5 {
        prop_oneof![13 => common, 1 => disconnect(), 1 => auth()].boxed()
    } else {
        prop_oneof![13 => common, 1 => Just(Packet::Disconnect(Disconnect::default()))].boxed()
    }
}

fn text() -> BoxedStrategy<Text> {
    let long = Just("long ".repeat(13_107));
    let short =
        vec(any::<char>(), 0..20).prop_map(|chars| chars.into_iter().filter(|c| *c != '\0').collect());
    prop_oneof![1 => long, 40 => short].prop_map(|text: String| Text::try_from(text).expect("valid")).boxed()
}

fn topic() -> impl Strategy<Value = TopicName> {
    vec(select(vec!['a', '/', ' ', '$', 'é', '\u{10FFFF}', '\u{1}']), 1..40)
        .prop_map(|chars| TopicName::try_from(String::from_iter(chars)).expect("valid"))
}

fn filter() -> impl Strategy<Value = TopicFilter> {
    let levels = vec(select(vec!["a", "+", "", "$x", "é"]), 1..6);
    (select(vec!["", "$share/g/"]), levels, select(vec!["", "/#"])).prop_map(|(share, levels, last)| {
        let levels = levels.join("/");
        let levels = if levels.is_empty() { "/" } else { &levels };
        TopicFilter::try_from(format!("{share}{levels}{last}")).expect("valid")
    })
}

fn binary() -> BoxedStrategy<Bytes> {
    vec(any::<u8>(), 0..40).prop_map(Bytes::from).boxed()
}

fn packet_id() -> impl Strategy<Value = PacketId> {
    (1..=u16::MAX).prop_map(|id| PacketId::new(id).expect("not zero"))
}

fn user() -> BoxedStrategy<UserProperties> {
    vec((text(), text()), 0..3).boxed()
}

fn qos() -> impl Strategy<Value = QoS> {
    select(vec![QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce])
}

fn reason(codes: &[u8]) -> BoxedStrategy<ReasonCode> {
    let codes = codes.iter().map(|code| ReasonCode::from_u8(*code).expect("a code"));
    select(codes.collect::<Vec<_>>()).boxed()
}

/// The field in 5.0, nothing in 3.1.1.
fn in_v5<T: std::fmt::Debug + Default + Clone + 'static>(
    version: ProtocolVersion,
    field: impl Strategy<Value = T> + 'static,
) -> BoxedStrategy<T> {
    if version == V5 { field.boxed() } else { Just(T::default()).boxed() }
}

fn connect(version: ProtocolVersion) -> impl Strategy<Value = Connect> {
    let will = (topic(), binary(), qos(), any::<bool>(), in_v5(version, will_properties()));
    let will = will.prop_map(|(topic, payload, qos, retain, properties)| Will {
        topic,
        payload,
        qos,
        retain,
        properties,
    });
    let credentials = (of(text()), of(binary()));
    (any::<bool>(), any::<u16>(), text(), of(will), credentials, in_v5(version, connect_properties()))
        .prop_map(move |(clean_start, keep_alive, client_id, will, (user_name, password), properties)| {
            let password = password.filter(|_| version == V5 || user_name.is_some());
            Connect { version, clean_start, keep_alive, client_id, will, user_name, password, properties }
        })
}

fn connect_properties() -> impl Strategy<Value = ConnectProperties> {
    let numbers = (of(any::<u32>()), of(1..=u16::MAX), of(1..=u32::MAX), of(any::<u16>()));
    let flags = (of(any::<bool>()), of(any::<bool>()));
    (numbers, flags, user(), of((text(), of(binary())))).prop_map(
        |(numbers, flags, user_properties, method)| {
            let (authentication_method, authentication_data) = method.unzip();
            ConnectProperties {
                session_expiry_interval: numbers.0,
                receive_maximum: numbers.1,
                maximum_packet_size: numbers.2,
                topic_alias_maximum: numbers.3,
                request_response_information: flags.0,
                request_problem_information: flags.1,
                user_properties,
                authentication_method,
                authentication_data: authentication_data.flatten(),
            }
        },
    )
}

fn will_properties() -> impl Strategy<Value = WillProperties> {
    let message = (of(any::<bool>()), of(any::<u32>()), of(text()), of(topic()), of(binary()), user());
    (of(any::<u32>()), message).prop_map(|(will_delay_interval, message)| WillProperties {
        will_delay_interval,
        payload_format_indicator: message.0,
        message_expiry_interval: message.1,
        content_type: message.2,
        response_topic: message.3,
        correlation_data: message.4,
        user_properties: message.5,
    })
}

fn connack(version: ProtocolVersion) -> impl Strategy<Value = ConnAck> {
    let codes: &[u8] = if version == V5 {
        &[0x00, 0x80, 0x81, 0x84, 0x85, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99, 0x9B, 0x9D, 0x9F]
    } else {
        &[0x00, 0x84, 0x85, 0x88, 0x86, 0x87]
    };
    (any::<bool>(), reason(codes), in_v5(version, connack_properties())).prop_map(
        |(present, reason, properties)| {
            let session_present = present && reason == ReasonCode::Success;
            ConnAck { session_present, reason, properties }
        },
    )
}

fn connack_properties() -> impl Strategy<Value = ConnAckProperties> {
    let qos = of(select(vec![QoS::AtMostOnce, QoS::AtLeastOnce]));
    let numbers = (of(any::<u32>()), of(1..=u16::MAX), of(1..=u32::MAX), of(any::<u16>()), of(any::<u16>()));
    let flags = (of(any::<bool>()), of(any::<bool>()), of(any::<bool>()), of(any::<bool>()));
    let texts = (of(text()), of(text()), of(text()), of(text()), of(text()));
    (qos, numbers, flags, texts, user(), of(binary())).prop_map(
        |(maximum_qos, numbers, flags, texts, user_properties, authentication_data)| ConnAckProperties {
            session_expiry_interval: numbers.0,
            receive_maximum: numbers.1,
            maximum_qos,
            retain_available: flags.0,
            maximum_packet_size: numbers.2,
            assigned_client_identifier: texts.0,
            topic_alias_maximum: numbers.3,
            reason_string: texts.1,
            user_properties,
            wildcard_subscription_available: flags.1,
            subscription_identifiers_available: flags.2,
            shared_subscription_available: flags.3,
            server_keep_alive: numbers.4,
            response_information: texts.2,
            server_reference: texts.3,
            authentication_method: texts.4,
            authentication_data,
        },
    )
}

fn publish(version: ProtocolVersion) -> impl Strategy<Value = Publish> {
    let delivery = prop_oneof![
        Just(Delivery::AtMostOnce),
        packet_id().prop_map(Delivery::AtLeastOnce),
        packet_id().prop_map(Delivery::ExactlyOnce),
    ];
    let properties = in_v5(version, of(publish_properties()));
    (any::<bool>(), delivery, any::<bool>(), of(topic()), topic(), binary(), properties).prop_map(
        |(dup, delivery, retain, topic, instead, payload, properties)| {
            let alias = properties.as_ref().is_some_and(|p: &PublishProperties| p.topic_alias.is_some());
            Publish {
                dup: dup && delivery != Delivery::AtMostOnce,
                delivery,
                retain,
                topic: if alias { topic } else { Some(topic.unwrap_or(instead)) },
                payload,
                // None and empty have the same bytes.
                properties: properties.filter(|p| *p != PublishProperties::default()).map(Box::new),
            }
        },
    )
}

fn publish_properties() -> impl Strategy<Value = PublishProperties> {
    let message = (of(any::<bool>()), of(any::<u32>()), of(text()), of(topic()), of(binary()), user());
    (message, of(1..=u16::MAX), vec(1_u32..=268_435_455, 0..3)).prop_map(
        |(message, topic_alias, subscription_identifiers)| PublishProperties {
            payload_format_indicator: message.0,
            message_expiry_interval: message.1,
            topic_alias,
            response_topic: message.3,
            correlation_data: message.4,
            user_properties: message.5,
            subscription_identifiers,
            content_type: message.2,
        },
    )
}

fn ack_properties() -> impl Strategy<Value = AckProperties> {
    (of(text()), user())
        .prop_map(|(reason_string, user_properties)| AckProperties { reason_string, user_properties })
}

fn ack(version: ProtocolVersion, codes: &'static [u8]) -> impl Strategy<Value = Ack> {
    let properties = in_v5(version, of(ack_properties()));
    (packet_id(), reason(if version == V5 { codes } else { &[0] }), properties).prop_map(
        |(packet_id, reason, properties)| {
            let properties = properties.filter(|p| *p != AckProperties::default()).map(Box::new);
            Ack { packet_id, reason, properties }
        },
    )
}

fn subscribe(version: ProtocolVersion) -> impl Strategy<Value = Subscribe> {
    let handling = select(vec![RetainHandling::Send, RetainHandling::SendIfNew, RetainHandling::DoNotSend]);
    let options = in_v5(version, (any::<bool>(), any::<bool>(), handling));
    let subscription = (filter(), qos(), options).prop_map(|(filter, qos, options)| Subscription {
        qos,
        no_local: options.0 && filter.shared().is_none(),
        retain_as_published: options.1,
        retain_handling: options.2,
        filter,
    });
    let identifier = in_v5(version, of(1_u32..=268_435_455));
    (packet_id(), identifier, in_v5(version, user()), vec(subscription, 1..5)).prop_map(
        |(packet_id, subscription_identifier, user_properties, subscriptions)| Subscribe {
            packet_id,
            subscription_identifier,
            user_properties,
            subscriptions,
        },
    )
}

fn suback(version: ProtocolVersion) -> impl Strategy<Value = SubAck> {
    let codes: &[u8] = if version == V5 { &[0, 1, 2, 0x80, 0x87, 0x8F, 0xA2] } else { &[0, 1, 2, 0x80] };
    (packet_id(), vec(reason(codes), 1..5), in_v5(version, ack_properties()))
        .prop_map(|(packet_id, reasons, properties)| SubAck { packet_id, reasons, properties })
}

fn unsubscribe(version: ProtocolVersion) -> impl Strategy<Value = Unsubscribe> {
    (packet_id(), in_v5(version, user()), vec(filter(), 1..5))
        .prop_map(|(packet_id, user_properties, filters)| Unsubscribe { packet_id, user_properties, filters })
}

fn unsuback(version: ProtocolVersion) -> impl Strategy<Value = UnsubAck> {
    let reasons = in_v5(version, vec(reason(&[0, 0x11, 0x80, 0x87, 0x8F]), 1..5));
    (packet_id(), reasons, in_v5(version, ack_properties()))
        .prop_map(|(packet_id, reasons, properties)| UnsubAck { packet_id, reasons, properties })
}

fn disconnect() -> impl Strategy<Value = Packet> {
    let client = (reason(&[0x00, 0x04, 0x81]), of(any::<u32>()), Just(None));
    let server = (reason(&[0x00, 0x8E, 0x9D]), Just(None), of(text()));
    (prop_oneof![client, server], ack_properties()).prop_map(|((reason, expiry, reference), p)| {
        let properties = DisconnectProperties {
            session_expiry_interval: expiry,
            reason_string: p.reason_string,
            user_properties: p.user_properties,
            server_reference: reference,
        };
        let some = properties != DisconnectProperties::default();
        Packet::Disconnect(Disconnect { reason, properties: some.then(|| Box::new(properties)) })
    })
}

fn auth() -> impl Strategy<Value = Packet> {
    let properties = (text(), of(binary()), ack_properties());
    (reason(&[0x00, 0x18, 0x19]), properties).prop_map(|(reason, (method, data, p))| {
        let properties = AuthProperties {
            authentication_method: Some(method),
            authentication_data: data,
            reason_string: p.reason_string,
            user_properties: p.user_properties,
        };
        Packet::Auth(Auth { reason, properties })
    })
}
