//! PUBACK, PUBREC, PUBREL and PUBCOMP (chapters 3.4 to 3.7), which share one layout.

use crate::property::{self, Field, Properties, Property};
use crate::wire::{Reader, Sink};
use crate::{
    DecodeError, EncodeError, PacketId, PacketType, ProtocolVersion, ReasonCode, Text, UserProperties,
};

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

/// The codes that `packet` may carry. PUBACK [MQTT-3.4.2-1], PUBREC [MQTT-3.5.2-1], PUBREL [MQTT-3.6.2-1], PUBCOMP
/// [MQTT-3.7.2-1].
pub(super) fn allows(packet: PacketType, reason: ReasonCode) -> bool {
    use ReasonCode as R;
    match packet {
        PacketType::PubAck | PacketType::PubRec => matches!(
            reason,
            R::Success
                | R::NoMatchingSubscribers
                | R::UnspecifiedError
                | R::ImplementationSpecificError
                | R::NotAuthorized
                | R::TopicNameInvalid
                | R::PacketIdentifierInUse
                | R::QuotaExceeded
                | R::PayloadFormatInvalid
        ),
        _ => matches!(reason, R::Success | R::PacketIdentifierNotFound),
    }
}

impl Ack {
    /// The code and the properties may be left out from the end (3.4.2.1, 3.4.2.2.1); in 3.1.1 they do not exist.
    pub(super) fn decode(version: ProtocolVersion, reader: &mut Reader) -> Result<Self, DecodeError> {
        let packet = reader.packet();
        let mut ack = Self::new(reader.packet_id()?);
        if version == ProtocolVersion::V311 || reader.is_empty() {
            return Ok(ack);
        }
        ack.reason = reader.reason(
            &|reason| allows(packet, reason),
            "not a Reason Code of this packet [MQTT-3.4.2-1] [MQTT-3.5.2-1] [MQTT-3.6.2-1] [MQTT-3.7.2-1]",
        )?;
        if !reader.is_empty() {
            ack.properties = property::read_boxed(reader)?;
        }
        Ok(ack)
    }

    pub(super) fn put(
        &self,
        packet: PacketType,
        version: ProtocolVersion,
        out: &mut Sink<'_>,
    ) -> Result<(), EncodeError> {
        out.packet_id(self.packet_id);
        if version == ProtocolVersion::V311 {
            return Ok(());
        }
        if !allows(packet, self.reason) {
            return Err(EncodeError::NotInVersion("a Reason Code that this acknowledgement does not have"));
        }
        match &self.properties {
            None if self.reason == ReasonCode::Success => {}
            None => out.u8(self.reason as u8),
            Some(properties) => {
                out.u8(self.reason as u8);
                property::put(properties.as_ref(), out)?;
            }
        }
        Ok(())
    }
}

impl AckProperties {
    pub(super) fn decode(reader: &mut Reader) -> Result<Self, DecodeError> {
        let mut properties = Self::default();
        property::read(reader, &mut properties)?;
        Ok(properties)
    }
}

impl Properties for AckProperties {
    fn field(&mut self, property: Property) -> Option<Field<'_>> {
        Some(match property {
            Property::ReasonString => Field::Text(&mut self.reason_string),
            Property::UserProperty => Field::Pairs(&mut self.user_properties),
            _ => return None,
        })
    }

    fn put(&self, out: &mut Sink<'_>) -> Result<(), EncodeError> {
        property::put_text(out, Property::ReasonString, self.reason_string.as_ref())?;
        property::put_user(out, &self.user_properties)
    }
}
