//! CONNECT (chapter 3.1).

use crate::{ProtocolVersion, QoS, Text, TopicName, UserProperties};
use bytes::Bytes;

/// A client's first packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connect {
    /// The protocol version that the rest of the connection speaks.
    pub version: ProtocolVersion,
    /// Clean Start; Clean Session in 3.1.1.
    pub clean_start: bool,
    /// Keep Alive in seconds; 0 turns it off.
    pub keep_alive: u16,
    /// Client Identifier, possibly empty.
    pub client_id: Text,
    /// The Will Message.
    pub will: Option<Will>,
    /// User Name.
    pub user_name: Option<Text>,
    /// Password: Binary Data, at most 65,535 bytes. Without a User Name in MQTT 5.0 only [MQTT-3.1.2-22].
    pub password: Option<Bytes>,
    /// Properties (MQTT 5.0).
    pub properties: ConnectProperties,
}

/// CONNECT Properties (3.1.2.11).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConnectProperties {
    /// Seconds; 0xFFFFFFFF: never. Absent: 0.
    pub session_expiry_interval: Option<u32>,
    /// 1 to 65,535. Absent: 65,535.
    pub receive_maximum: Option<u16>,
    /// Bytes of a whole packet, not 0. Absent: no limit.
    pub maximum_packet_size: Option<u32>,
    /// Highest Topic Alias the client takes. Absent: 0.
    pub topic_alias_maximum: Option<u16>,
    /// Whether CONNACK may carry Response Information. Absent: false.
    pub request_response_information: Option<bool>,
    /// Whether Reason String and User Properties may come with failures. Absent: true.
    pub request_problem_information: Option<bool>,
    /// User Properties.
    pub user_properties: UserProperties,
    /// Authentication Method.
    pub authentication_method: Option<Text>,
    /// Authentication Data; only with a method.
    pub authentication_data: Option<Bytes>,
}

/// The message that the server publishes when the connection ends without a DISCONNECT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Will {
    /// Will Topic.
    pub topic: TopicName,
    /// Will Payload: Binary Data, at most 65,535 bytes.
    pub payload: Bytes,
    /// Will `QoS`.
    pub qos: QoS,
    /// Will Retain.
    pub retain: bool,
    /// Will Properties (MQTT 5.0).
    pub properties: WillProperties,
}

/// Will Properties (3.1.3.2).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WillProperties {
    /// Seconds between the end of the connection and the Will. Absent: 0.
    pub will_delay_interval: Option<u32>,
    /// Whether the payload is UTF-8.
    pub payload_format_indicator: Option<bool>,
    /// Seconds.
    pub message_expiry_interval: Option<u32>,
    /// Content Type.
    pub content_type: Option<Text>,
    /// Response Topic, without wildcards [MQTT-3.3.2-14].
    pub response_topic: Option<TopicName>,
    /// Correlation Data.
    pub correlation_data: Option<Bytes>,
    /// User Properties.
    pub user_properties: UserProperties,
}
