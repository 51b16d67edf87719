//! PUBACK, PUBREC, PUBREL and PUBCOMP (chapters 3.4 to 3.7), which share one layout.

use crate::{PacketId, ReasonCode, Text, UserProperties};

/// An acknowledgement in the flow of a `QoS` 1 or 2 message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ack {
    /// The Packet Identifier of the PUBLISH.
    pub packet_id: PacketId,
    /// Reason Code; always `Success` in 3.1.1.
    pub reason: ReasonCode,
    /// Properties (MQTT 5.0); `None` where there is none, which is the usual case.
    pub properties: Option<Box<AckProperties>>,
}

/// Properties of acknowledgements, also of SUBACK and UNSUBACK.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AckProperties {
    /// A sentence for people.
    pub reason_string: Option<Text>,
    /// User Properties.
    pub user_properties: UserProperties,
}

impl Ack {
    /// An acknowledgement of success.
    pub fn new(packet_id: PacketId) -> Self {
        Self::with(packet_id, ReasonCode::Success)
    }

    /// An acknowledgement with a Reason Code.
    pub fn with(packet_id: PacketId, reason: ReasonCode) -> Self {
        Self { packet_id, reason, properties: None }
    }
}
