//! SUBACK (chapter 3.9).

use crate::wire::{Reader, Sink};
use crate::{AckProperties, DecodeError, EncodeError, PacketId, ProtocolVersion, ReasonCode, property};

/// The server's answer to SUBSCRIBE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubAck {
    /// The Packet Identifier of the SUBSCRIBE.
    pub packet_id: PacketId,
    /// One code for each subscription, in order [MQTT-3.8.4-6] [MQTT-3.8.4-5 (3.1.1)]. In 3.1.1 every error is 0x80.
    pub reasons: Vec<ReasonCode>,
    /// Properties (MQTT 5.0).
    pub properties: AckProperties,
}

/// Table 3-8 of 5.0 [MQTT-3.9.3-2]; four of them in 3.1.1 [MQTT-3.9.3-2 (3.1.1)].
pub(super) fn allows(reason: ReasonCode, version: ProtocolVersion) -> bool {
    use ReasonCode as R;
    match reason {
        R::Success | R::GrantedQoS1 | R::GrantedQoS2 | R::UnspecifiedError => true,
        R::ImplementationSpecificError
        | R::NotAuthorized
        | R::TopicFilterInvalid
        | R::PacketIdentifierInUse
        | R::QuotaExceeded
        | R::SharedSubscriptionsNotSupported
        | R::SubscriptionIdentifiersNotSupported
        | R::WildcardSubscriptionsNotSupported => version == ProtocolVersion::V5,
        _ => false,
    }
}

impl SubAck {
    pub(super) fn decode(version: ProtocolVersion, reader: &mut Reader) -> Result<Self, DecodeError> {
        let packet_id = reader.packet_id()?;
        let properties = match version {
            ProtocolVersion::V5 => AckProperties::decode(reader)?,
            ProtocolVersion::V311 => AckProperties::default(),
        };
        let mut reasons = Vec::new();
        while !reader.is_empty() {
            let rule = "not a Reason Code of SUBACK [MQTT-3.9.3-2]";
            reasons.push(reader.reason(&|reason| allows(reason, version), rule)?);
        }
        if reasons.is_empty() {
            return Err(reader.protocol("not a single Reason Code [MQTT-3.8.4-6] [MQTT-3.8.4-5 (3.1.1)]"));
        }
        Ok(Self { packet_id, reasons, properties })
    }

    pub(super) fn put(&self, version: ProtocolVersion, out: &mut Sink<'_>) -> Result<(), EncodeError> {
        if self.reasons.is_empty() {
            return Err(EncodeError::NotInVersion("a SUBACK without a Reason Code"));
        }
        out.packet_id(self.packet_id);
        if version == ProtocolVersion::V5 {
            property::put(&self.properties, out)?;
        }
        // In the order of the SUBSCRIBE [MQTT-3.9.3-1].
        for reason in &self.reasons {
            if !allows(*reason, ProtocolVersion::V5) {
                return Err(EncodeError::NotInVersion("a Reason Code that SUBACK does not have"));
            }
            let failed = version == ProtocolVersion::V311 && reason.is_error();
            out.u8(if failed { ReasonCode::UnspecifiedError } else { *reason } as u8);
        }
        Ok(())
    }
}
