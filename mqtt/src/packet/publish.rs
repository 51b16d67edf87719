//! PUBLISH (chapter 3.3).

use crate::property::{self, Field, Properties, Property};
use crate::wire::{Reader, Sink};
use crate::{
    DecodeError, EncodeError, InvalidTopic, PacketId, ProtocolVersion, QoS, Text, TopicName, UserProperties,
};
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

impl Publish {
    /// `first` is the first byte of the Fixed Header, whose flags are checked already.
    #[inline]
    pub(super) fn decode(
        first: u8,
        version: ProtocolVersion,
        reader: &mut Reader,
    ) -> Result<Self, DecodeError> {
        // [MQTT-3.3.2-1]: the Topic Name comes first.
        let topic = reader.topic_or_none()?;
        if topic.is_none() && version == ProtocolVersion::V311 {
            return Err(reader.malformed(InvalidTopic::Empty.rule()));
        }
        // [MQTT-2.2.1-2] [MQTT-2.3.1-5 (3.1.1)]: an identifier only above QoS 0.
        let delivery = match first >> 1 & 0b11 {
            0 => Delivery::AtMostOnce,
            1 => Delivery::AtLeastOnce(reader.packet_id()?),
            _ => Delivery::ExactlyOnce(reader.packet_id()?),
        };
        let properties: Option<Box<PublishProperties>> = match version {
            ProtocolVersion::V311 => None,
            ProtocolVersion::V5 => property::read_boxed(reader)?,
        };
        if topic.is_none() && properties.as_ref().is_none_or(|p| p.topic_alias.is_none()) {
            return Err(reader.protocol("neither a Topic Name nor a Topic Alias (3.3.2.1)"));
        }
        let (dup, retain) = (first & 0b1000 != 0, first & 1 != 0);
        Ok(Self { dup, delivery, retain, topic, payload: reader.rest(), properties })
    }

    /// The flags of the Fixed Header.
    pub(super) fn flags(&self) -> u8 {
        u8::from(self.dup) << 3 | (self.delivery.qos() as u8) << 1 | u8::from(self.retain)
    }

    /// All between the Fixed Header and the Packet Identifier.
    pub(super) fn put_topic(&self, version: ProtocolVersion, out: &mut Sink<'_>) -> Result<(), EncodeError> {
        if self.dup && self.delivery == Delivery::AtMostOnce {
            return Err(EncodeError::NotInVersion("DUP at QoS 0"));
        }
        let alias = self.properties.as_ref().and_then(|p| p.topic_alias);
        match &self.topic {
            Some(topic) => out.text(topic.text()),
            None if version == ProtocolVersion::V5 && alias.is_some() => {
                out.u16(0);
                Ok(())
            }
            None => Err(EncodeError::NotInVersion("a PUBLISH without a Topic Name and a Topic Alias")),
        }
    }

    /// All behind the Packet Identifier.
    pub(super) fn put_tail(&self, version: ProtocolVersion, out: &mut Sink<'_>) -> Result<(), EncodeError> {
        match (&self.properties, version) {
            (_, ProtocolVersion::V311) => {}
            (None, ProtocolVersion::V5) => out.u8(0),
            (Some(properties), ProtocolVersion::V5) => property::put(properties.as_ref(), out)?,
        }
        out.put(&self.payload);
        Ok(())
    }

    pub(super) fn put(&self, version: ProtocolVersion, out: &mut Sink<'_>) -> Result<(), EncodeError> {
        self.put_topic(version, out)?;
        if let Some(id) = self.delivery.packet_id() {
            out.packet_id(id);
        }
        self.put_tail(version, out)
    }
}

impl Properties for PublishProperties {
    fn field(&mut self, property: Property) -> Option<Field<'_>> {
        Some(match property {
            Property::PayloadFormatIndicator => Field::Flag(&mut self.payload_format_indicator),
            Property::MessageExpiryInterval => Field::U32(&mut self.message_expiry_interval),
            Property::TopicAlias => Field::U16(&mut self.topic_alias),
            // [MQTT-3.3.2-13] [MQTT-3.3.2-14]
            Property::ResponseTopic => Field::Topic(&mut self.response_topic),
            Property::CorrelationData => Field::Binary(&mut self.correlation_data),
            Property::UserProperty => Field::Pairs(&mut self.user_properties),
            Property::SubscriptionIdentifier => Field::Identifiers(&mut self.subscription_identifiers),
            // [MQTT-3.3.2-19]
            Property::ContentType => Field::Text(&mut self.content_type),
            _ => return None,
        })
    }

    fn put(&self, out: &mut Sink<'_>) -> Result<(), EncodeError> {
        if self.topic_alias == Some(0) {
            return Err(EncodeError::NotInVersion("a Topic Alias of 0"));
        }
        let response_topic = self.response_topic.as_ref().map(TopicName::text);
        let data = self.correlation_data.as_deref();
        property::put_flag(out, Property::PayloadFormatIndicator, self.payload_format_indicator);
        property::put_u32(out, Property::MessageExpiryInterval, self.message_expiry_interval);
        property::put_u16(out, Property::TopicAlias, self.topic_alias);
        property::put_text(out, Property::ResponseTopic, response_topic)?;
        property::put_binary(out, Property::CorrelationData, "Correlation Data", data)?;
        property::put_user(out, &self.user_properties)?;
        for id in &self.subscription_identifiers {
            property::put_subscription_identifier(out, Some(*id))?;
        }
        property::put_text(out, Property::ContentType, self.content_type.as_ref())
    }
}
