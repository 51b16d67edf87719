//! SUBSCRIBE (chapter 3.8).

use crate::{PacketId, QoS, TopicFilter, UserProperties};

/// A client's request for subscriptions: at least one [MQTT-3.8.3-2].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscribe {
    /// Packet Identifier.
    pub packet_id: PacketId,
    /// Subscription Identifier (MQTT 5.0): 1 to 268,435,455.
    pub subscription_identifier: Option<u32>,
    /// User Properties (MQTT 5.0).
    pub user_properties: UserProperties,
    /// The subscriptions, in order.
    pub subscriptions: Vec<Subscription>,
}

/// One Topic Filter with its Subscription Options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Topic Filter.
    pub filter: TopicFilter,
    /// Maximum `QoS`.
    pub qos: QoS,
    /// No Local (MQTT 5.0); never with a Shared Subscription [MQTT-3.8.3-4].
    pub no_local: bool,
    /// Retain As Published (MQTT 5.0).
    pub retain_as_published: bool,
    /// Retain Handling (MQTT 5.0).
    pub retain_handling: RetainHandling,
}

/// When retained messages are sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum RetainHandling {
    /// At every SUBSCRIBE: 0.
    #[default]
    Send = 0,
    /// When the subscription did not exist: 1.
    SendIfNew = 1,
    /// Never: 2.
    DoNotSend = 2,
}

impl Subscription {
    /// A subscription with the options of MQTT 3.1.1.
    pub fn new(filter: TopicFilter, qos: QoS) -> Self {
        Self {
            filter,
            qos,
            no_local: false,
            retain_as_published: false,
            retain_handling: RetainHandling::Send,
        }
    }
}
