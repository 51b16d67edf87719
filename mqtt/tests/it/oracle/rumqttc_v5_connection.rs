//! rumqttc's types of MQTT 5.0 for the start and the end of a connection, and for what all packets share.

use super::utf8;
use headcount_mqtt::*;
use rumqttc::v5::mqttbytes::{QoS as TheirQoS, v5};

/// The reason in an enum of theirs that has the standard's names.
macro_rules! reason {
    ($reason:expr, $theirs:ident: $($name:ident)+) => {
        match $reason {
            $(ReasonCode::$name => v5::$theirs::$name,)+
            other => panic!("{other:?} in {}", stringify!($theirs)),
        }
    };
}
pub(super) use reason;

/// Their passwords are UTF-8, and never stand alone or missing beside a user name.
pub(super) fn their_connect(connect: &Connect) -> Option<v5::Packet> {
    let login = match (&connect.user_name, &connect.password) {
        (None, None) => None,
        (Some(name), Some(password)) if !name.is_empty() => Some(v5::Login {
            username: utf8(name.as_bytes()),
            password: String::from_utf8(password.to_vec()).ok().filter(|password| !password.is_empty())?,
        }),
        _ => return None,
    };
    let will = connect.will.as_ref().map(|will| v5::LastWill {
        topic: will.topic.text().bytes().clone(),
        message: will.payload.clone(),
        qos: qos(will.qos),
        retain: will.retain,
        properties: properties(&will.properties).map(|p| v5::LastWillProperties {
            delay_interval: p.will_delay_interval,
            payload_format_indicator: p.payload_format_indicator.map(u8::from),
            message_expiry_interval: p.message_expiry_interval,
            content_type: text(p.content_type.as_ref()),
            response_topic: topic(p.response_topic.as_ref()),
            correlation_data: p.correlation_data.clone(),
            user_properties: user(&p.user_properties),
        }),
    });
    let own = v5::Connect {
        keep_alive: connect.keep_alive,
        client_id: utf8(connect.client_id.as_bytes()),
        clean_start: connect.clean_start,
        properties: properties(&connect.properties).map(|p| v5::ConnectProperties {
            session_expiry_interval: p.session_expiry_interval,
            receive_maximum: p.receive_maximum,
            max_packet_size: p.maximum_packet_size,
            topic_alias_max: p.topic_alias_maximum,
            request_response_info: p.request_response_information.map(u8::from),
            request_problem_info: p.request_problem_information.map(u8::from),
            user_properties: user(&p.user_properties),
            authentication_method: text(p.authentication_method.as_ref()),
            authentication_data: p.authentication_data.clone(),
        }),
    };
    Some(v5::Packet::Connect(own, will, login))
}

pub(super) fn their_connack(connack: &ConnAck) -> v5::ConnAck {
    let code = if connack.reason == ReasonCode::BadUserNameOrPassword {
        v5::ConnectReturnCode::BadUserNamePassword
    } else {
        reason!(connack.reason, ConnectReturnCode: Success UnspecifiedError MalformedPacket ProtocolError
            ImplementationSpecificError UnsupportedProtocolVersion ClientIdentifierNotValid NotAuthorized
            ServerUnavailable ServerBusy Banned BadAuthenticationMethod TopicNameInvalid PacketTooLarge
            QuotaExceeded PayloadFormatInvalid RetainNotSupported QoSNotSupported UseAnotherServer ServerMoved
            ConnectionRateExceeded)
    };
    let properties = properties(&connack.properties).map(|p| v5::ConnAckProperties {
        session_expiry_interval: p.session_expiry_interval,
        receive_max: p.receive_maximum,
        max_qos: p.maximum_qos.map(|qos| qos as u8),
        retain_available: p.retain_available.map(u8::from),
        max_packet_size: p.maximum_packet_size,
        assigned_client_identifier: text(p.assigned_client_identifier.as_ref()),
        topic_alias_max: p.topic_alias_maximum,
        reason_string: text(p.reason_string.as_ref()),
        user_properties: user(&p.user_properties),
        wildcard_subscription_available: p.wildcard_subscription_available.map(u8::from),
        subscription_identifiers_available: p.subscription_identifiers_available.map(u8::from),
        shared_subscription_available: p.shared_subscription_available.map(u8::from),
        server_keep_alive: p.server_keep_alive,
        response_information: text(p.response_information.as_ref()),
        server_reference: text(p.server_reference.as_ref()),
        authentication_method: text(p.authentication_method.as_ref()),
        authentication_data: p.authentication_data.clone(),
    });
    v5::ConnAck { session_present: connack.session_present, code, properties }
}

/// Without properties their reader wants a code, and their writer appends a Property Length that the Remaining Length
/// does not count.
pub(super) fn their_disconnect(disconnect: &Disconnect) -> Option<v5::Disconnect> {
    disconnect.properties.as_ref()?;
    let reason_code = match disconnect.reason {
        ReasonCode::Success => v5::DisconnectReasonCode::NormalDisconnection,
        reason => reason!(reason, DisconnectReasonCode: DisconnectWithWillMessage UnspecifiedError
            MalformedPacket ProtocolError ServerBusy SessionTakenOver UseAnotherServer ServerMoved),
    };
    let properties = disconnect.properties.as_ref().map(|p| v5::DisconnectProperties {
        session_expiry_interval: p.session_expiry_interval,
        reason_string: text(p.reason_string.as_ref()),
        user_properties: user(&p.user_properties),
        server_reference: text(p.server_reference.as_ref()),
    });
    Some(v5::Disconnect { reason_code, properties })
}

/// They say None where there is no property at all.
pub(super) fn properties<T: Default + PartialEq>(properties: &T) -> Option<&T> {
    (*properties != T::default()).then_some(properties)
}

pub(super) fn text(text: Option<&Text>) -> Option<String> {
    text.map(|text| utf8(text.as_bytes()))
}

pub(super) fn topic(topic: Option<&TopicName>) -> Option<String> {
    topic.map(|topic| utf8(topic.as_bytes()))
}

pub(super) fn user(pairs: &UserProperties) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| (utf8(name.as_bytes()), utf8(value.as_bytes()))).collect()
}

pub(super) fn qos(qos: QoS) -> TheirQoS {
    match qos {
        QoS::AtMostOnce => TheirQoS::AtMostOnce,
        QoS::AtLeastOnce => TheirQoS::AtLeastOnce,
        QoS::ExactlyOnce => TheirQoS::ExactlyOnce,
    }
}
