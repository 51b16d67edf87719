//! UNSUBSCRIBE (chapter 3.10).

use crate::{PacketId, TopicFilter, UserProperties};

/// A client gives subscriptions up: at least one [MQTT-3.10.3-2].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsubscribe {
    /// Packet Identifier.
    pub packet_id: PacketId,
    /// User Properties (MQTT 5.0).
    pub user_properties: UserProperties,
    /// The Topic Filters, in order.
    pub filters: Vec<TopicFilter>,
}
