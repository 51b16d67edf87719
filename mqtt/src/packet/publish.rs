//! PUBLISH (chapter 3.3).

use crate::{PacketId, QoS, Text, TopicName, UserProperties};
use bytes::Bytes;

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publish {
    /// Whether this may be a re-delivery; false at `QoS` 0 [MQTT-3.3.1-2].
    pub dup: bool,
    /// `QoS`, with the Packet Identifier where there is one.
    pub delivery: Delivery,
    /// RETAIN.
    pub retain: bool,
    /// Topic Name; `None` only in MQTT 5.0, with a Topic Alias instead.
    pub topic: Option<TopicName>,
    /// Application Message, as it came.
    pub payload: Bytes,
    /// Properties (MQTT 5.0); `None` where there is none, which is the usual case.
    pub properties: Option<Box<PublishProperties>>,
}

/// `QoS` and Packet Identifier, which come and go together [MQTT-2.2.1-2].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// `QoS` 0.
    #[default]
    AtMostOnce,
    /// `QoS` 1.
    AtLeastOnce(PacketId),
    /// `QoS` 2.
    ExactlyOnce(PacketId),
}

/// PUBLISH Properties (3.3.2.3).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PublishProperties {
    /// Whether the payload is UTF-8.
    pub payload_format_indicator: Option<bool>,
    /// Seconds.
    pub message_expiry_interval: Option<u32>,
    /// 1 to the receiver's Topic Alias Maximum.
    pub topic_alias: Option<u16>,
    /// Response Topic, without wildcards [MQTT-3.3.2-14].
    pub response_topic: Option<TopicName>,
    /// Correlation Data.
    pub correlation_data: Option<Bytes>,
    /// User Properties.
    pub user_properties: UserProperties,
    /// 1 to 268,435,455 each; only from a server, one for each subscription that matched.
    pub subscription_identifiers: Vec<u32>,
    /// Content Type.
    pub content_type: Option<Text>,
}

impl Delivery {
    /// The `QoS` alone.
    pub fn qos(self) -> QoS {
        match self {
            Self::AtMostOnce => QoS::AtMostOnce,
            Self::AtLeastOnce(_) => QoS::AtLeastOnce,
            Self::ExactlyOnce(_) => QoS::ExactlyOnce,
        }
    }

    /// The Packet Identifier, above `QoS` 0.
    pub fn packet_id(self) -> Option<PacketId> {
        match self {
            Self::AtMostOnce => None,
            Self::AtLeastOnce(id) | Self::ExactlyOnce(id) => Some(id),
        }
    }
}
