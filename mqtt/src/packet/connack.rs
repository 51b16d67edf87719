//! CONNACK (chapter 3.2).

use crate::{QoS, ReasonCode, Text, UserProperties};
use bytes::Bytes;

/// The server's answer to CONNECT.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConnAck {
    /// Whether the server resumed a stored session; false with an error [MQTT-3.2.2-6].
    pub session_present: bool,
    /// Connect Reason Code; 3.1.1's return code is translated (see [`ReasonCode`]).
    pub reason: ReasonCode,
    /// Properties (MQTT 5.0).
    pub properties: ConnAckProperties,
}

/// CONNACK Properties (3.2.2.3).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConnAckProperties {
    /// Seconds, where the server uses another than the client asked for.
    pub session_expiry_interval: Option<u32>,
    /// 1 to 65,535. Absent: 65,535.
    pub receive_maximum: Option<u16>,
    /// 0 or 1. Absent: 2.
    pub maximum_qos: Option<QoS>,
    /// Absent: true.
    pub retain_available: Option<bool>,
    /// Bytes of a whole packet, not 0. Absent: no limit.
    pub maximum_packet_size: Option<u32>,
    /// The Client Identifier made for a client that sent none.
    pub assigned_client_identifier: Option<Text>,
    /// Absent: 0.
    pub topic_alias_maximum: Option<u16>,
    /// A sentence for people.
    pub reason_string: Option<Text>,
    /// User Properties.
    pub user_properties: UserProperties,
    /// Absent: true.
    pub wildcard_subscription_available: Option<bool>,
    /// Absent: true.
    pub subscription_identifiers_available: Option<bool>,
    /// Absent: true.
    pub shared_subscription_available: Option<bool>,
    /// Seconds, which the client must use instead of its own [MQTT-3.2.2-21].
    pub server_keep_alive: Option<u16>,
    /// A basis for Response Topics.
    pub response_information: Option<Text>,
    /// Another server.
    pub server_reference: Option<Text>,
    /// Authentication Method.
    pub authentication_method: Option<Text>,
    /// Authentication Data.
    pub authentication_data: Option<Bytes>,
}
