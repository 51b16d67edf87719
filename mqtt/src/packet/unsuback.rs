//! UNSUBACK (chapter 3.11).

use crate::{AckProperties, PacketId, ReasonCode};

/// The server's answer to UNSUBSCRIBE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsubAck {
    /// The Packet Identifier of the UNSUBSCRIBE.
    pub packet_id: PacketId,
    /// One code for each filter, in order, in MQTT 5.0 [MQTT-3.11.3-1]; empty in 3.1.1.
    pub reasons: Vec<ReasonCode>,
    /// Properties (MQTT 5.0).
    pub properties: AckProperties,
}
