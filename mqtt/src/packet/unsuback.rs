//! UNSUBACK (chapter 3.11).

use crate::wire::{Reader, Sink};
use crate::{AckProperties, DecodeError, EncodeError, PacketId, ProtocolVersion, ReasonCode, property};

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

/// Table 3-9 [MQTT-3.11.3-2].
pub(super) fn allows(reason: ReasonCode) -> bool {
    use ReasonCode as R;
    matches!(
        reason,
        R::Success
            | R::NoSubscriptionExisted
            | R::UnspecifiedError
            | R::ImplementationSpecificError
            | R::NotAuthorized
            | R::TopicFilterInvalid
            | R::PacketIdentifierInUse
    )
}

impl UnsubAck {
    pub(super) fn decode(version: ProtocolVersion, reader: &mut Reader) -> Result<Self, DecodeError> {
        let packet_id = reader.packet_id()?;
        let mut unsuback = Self { packet_id, reasons: Vec::new(), properties: AckProperties::default() };
        if version == ProtocolVersion::V311 {
            return Ok(unsuback);
        }
        unsuback.properties = AckProperties::decode(reader)?;
        while !reader.is_empty() {
            unsuback.reasons.push(reader.reason(&allows, "not a Reason Code of UNSUBACK [MQTT-3.11.3-2]")?);
        }
        if unsuback.reasons.is_empty() {
            return Err(reader.protocol("not a single Reason Code (3.11.3)"));
        }
        Ok(unsuback)
    }

    pub(super) fn put(&self, version: ProtocolVersion, out: &mut Sink<'_>) -> Result<(), EncodeError> {
        out.packet_id(self.packet_id);
        if version == ProtocolVersion::V311 {
            return Ok(());
        }
        if self.reasons.is_empty() {
            return Err(EncodeError::NotInVersion("an UNSUBACK without a Reason Code"));
        }
        property::put(&self.properties, out)?;
        // In the order of the UNSUBSCRIBE [MQTT-3.11.3-1].
        for reason in &self.reasons {
            if !allows(*reason) {
                return Err(EncodeError::NotInVersion("a Reason Code that UNSUBACK does not have"));
            }
            out.u8(*reason as u8);
        }
        Ok(())
    }
}
