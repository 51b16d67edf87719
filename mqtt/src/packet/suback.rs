//! SUBACK (chapter 3.9).

use crate::{AckProperties, PacketId, ReasonCode};

/// The server's answer to SUBSCRIBE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubAck {
    /// The Packet Identifier of the SUBSCRIBE.
    pub packet_id: PacketId,
    /// One code for each subscription, in order [MQTT-3.8.4-5] [MQTT-3.8.4-6]. In 3.1.1 every error is 0x80.
    pub reasons: Vec<ReasonCode>,
    /// Properties (MQTT 5.0).
    pub properties: AckProperties,
}
