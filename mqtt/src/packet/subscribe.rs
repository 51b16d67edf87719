//! SUBSCRIBE (chapter 3.8).

use crate::property::{self, Field, Properties, Property};
use crate::wire::{Reader, Sink};
use crate::{DecodeError, EncodeError, PacketId, ProtocolVersion, QoS, TopicFilter, UserProperties};

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

impl Subscribe {
    pub(super) fn decode(version: ProtocolVersion, reader: &mut Reader) -> Result<Self, DecodeError> {
        let mut subscribe = Self {
            packet_id: reader.packet_id()?,
            subscription_identifier: None,
            user_properties: UserProperties::new(),
            subscriptions: Vec::new(),
        };
        if version == ProtocolVersion::V5 {
            property::read(reader, &mut subscribe)?;
        }
        while !reader.is_empty() {
            subscribe.subscriptions.push(Subscription::decode(version, reader)?);
        }
        if subscribe.subscriptions.is_empty() {
            return Err(reader.protocol("not a single Topic Filter [MQTT-3.8.3-2] [MQTT-3.8.3-3 (3.1.1)]"));
        }
        Ok(subscribe)
    }

    pub(super) fn put(&self, version: ProtocolVersion, out: &mut Sink<'_>) -> Result<(), EncodeError> {
        if self.subscriptions.is_empty() {
            return Err(EncodeError::NotInVersion("a SUBSCRIBE without a Topic Filter"));
        }
        out.packet_id(self.packet_id);
        if version == ProtocolVersion::V5 {
            property::put(self, out)?;
        }
        self.subscriptions.iter().try_for_each(|subscription| subscription.put(version, out))
    }
}

impl Properties for Subscribe {
    fn field(&mut self, property: Property) -> Option<Field<'_>> {
        Some(match property {
            Property::SubscriptionIdentifier => Field::Identifier(&mut self.subscription_identifier),
            Property::UserProperty => Field::Pairs(&mut self.user_properties),
            _ => return None,
        })
    }

    fn put(&self, out: &mut Sink<'_>) -> Result<(), EncodeError> {
        property::put_subscription_identifier(out, self.subscription_identifier)?;
        property::put_user(out, &self.user_properties)
    }
}

const NO_LOCAL: u8 = 0b0000_0100;
const RETAIN_AS_PUBLISHED: u8 = 0b0000_1000;

impl Subscription {
    fn decode(version: ProtocolVersion, reader: &mut Reader) -> Result<Self, DecodeError> {
        // [MQTT-3.8.3-1]
        let filter = reader.filter()?;
        let options = reader.u8()?;
        let reserved = match version {
            ProtocolVersion::V5 => 0b1100_0000,
            ProtocolVersion::V311 => 0b1111_1100,
        };
        if options & reserved != 0 {
            return Err(
                reader.malformed("reserved Subscription Options [MQTT-3.8.3-5] [MQTT-3-8.3-4 (3.1.1)]")
            );
        }
        let qos = QoS::from_u8(options & 0b11).ok_or_else(|| match version {
            ProtocolVersion::V5 => reader.protocol("the Maximum QoS is 3 (3.8.3.1)"),
            ProtocolVersion::V311 => reader.malformed("the requested QoS is 3 [MQTT-3-8.3-4 (3.1.1)]"),
        })?;
        let retain_handling = match options >> 4 & 0b11 {
            0 => RetainHandling::Send,
            1 => RetainHandling::SendIfNew,
            2 => RetainHandling::DoNotSend,
            _ => return Err(reader.protocol("the Retain Handling is 3 (3.8.3.1)")),
        };
        let no_local = options & NO_LOCAL != 0;
        if no_local && filter.shared().is_some() {
            return Err(reader.protocol("No Local on a Shared Subscription [MQTT-3.8.3-4]"));
        }
        let retain_as_published = options & RETAIN_AS_PUBLISHED != 0;
        Ok(Self { filter, qos, no_local, retain_as_published, retain_handling })
    }

    fn put(&self, version: ProtocolVersion, out: &mut Sink<'_>) -> Result<(), EncodeError> {
        out.text(self.filter.text())?;
        let mut options = self.qos as u8;
        if version == ProtocolVersion::V5 {
            if self.no_local && self.filter.shared().is_some() {
                return Err(EncodeError::NotInVersion("No Local on a Shared Subscription"));
            }
            options |= if self.no_local { NO_LOCAL } else { 0 };
            options |= if self.retain_as_published { RETAIN_AS_PUBLISHED } else { 0 };
            options |= (self.retain_handling as u8) << 4;
        }
        out.u8(options);
        Ok(())
    }
}
