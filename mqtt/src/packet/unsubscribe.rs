//! UNSUBSCRIBE (chapter 3.10).

use crate::property::{self, Field, Properties, Property};
use crate::wire::{Reader, Sink};
use crate::{DecodeError, EncodeError, PacketId, ProtocolVersion, TopicFilter, UserProperties};

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

impl Unsubscribe {
    pub(super) fn decode(version: ProtocolVersion, reader: &mut Reader) -> Result<Self, DecodeError> {
        let mut unsubscribe = Self {
            packet_id: reader.packet_id()?,
            user_properties: UserProperties::new(),
            filters: Vec::new(),
        };
        if version == ProtocolVersion::V5 {
            property::read(reader, &mut unsubscribe)?;
        }
        while !reader.is_empty() {
            // [MQTT-3.10.3-1]
            unsubscribe.filters.push(reader.filter()?);
        }
        if unsubscribe.filters.is_empty() {
            return Err(reader.protocol("not a single Topic Filter [MQTT-3.10.3-2]"));
        }
        Ok(unsubscribe)
    }

    pub(super) fn put(&self, version: ProtocolVersion, out: &mut Sink<'_>) -> Result<(), EncodeError> {
        if self.filters.is_empty() {
            return Err(EncodeError::NotInVersion("an UNSUBSCRIBE without a Topic Filter"));
        }
        out.packet_id(self.packet_id);
        if version == ProtocolVersion::V5 {
            property::put(self, out)?;
        }
        self.filters.iter().try_for_each(|filter| out.text(filter.text()))
    }
}

impl Properties for Unsubscribe {
    fn field(&mut self, property: Property) -> Option<Field<'_>> {
        (property == Property::UserProperty).then_some(Field::Pairs(&mut self.user_properties))
    }

    fn put(&self, out: &mut Sink<'_>) -> Result<(), EncodeError> {
        property::put_user(out, &self.user_properties)
    }
}
