//! Properties (chapter 2.2.2 of MQTT 5.0): the table of identifiers, and how a packet's properties are read and
//! written.

use crate::sender::Sender;
use crate::wire::{Reader, Sink, VARINT_MAX};
use crate::{DecodeError, EncodeError, PacketType, QoS, ReasonCode, Text, TopicName, UserProperties};
use bytes::Bytes;

/// The table of names and identifiers (table 2-4). Where each is legal, and its type, is told by the packets' fields.
macro_rules! properties {
    ($($name:ident = $id:literal;)+) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(clippy::enum_variant_names, reason = "the names are the standard's")]
        #[repr(u8)]
        pub(crate) enum Property { $($name = $id,)+ }

        impl Property {
            pub(crate) fn from_id(id: usize) -> Option<Self> {
                match id { $($id => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

properties! {
    PayloadFormatIndicator = 0x01;
    MessageExpiryInterval = 0x02;
    ContentType = 0x03;
    ResponseTopic = 0x08;
    CorrelationData = 0x09;
    SubscriptionIdentifier = 0x0B;
    SessionExpiryInterval = 0x11;
    AssignedClientIdentifier = 0x12;
    ServerKeepAlive = 0x13;
    AuthenticationMethod = 0x15;
    AuthenticationData = 0x16;
    RequestProblemInformation = 0x17;
    WillDelayInterval = 0x18;
    RequestResponseInformation = 0x19;
    ResponseInformation = 0x1A;
    ServerReference = 0x1C;
    ReasonString = 0x1F;
    ReceiveMaximum = 0x21;
    TopicAliasMaximum = 0x22;
    TopicAlias = 0x23;
    MaximumQoS = 0x24;
    RetainAvailable = 0x25;
    UserProperty = 0x26;
    MaximumPacketSize = 0x27;
    WildcardSubscriptionAvailable = 0x28;
    SubscriptionIdentifierAvailable = 0x29;
    SharedSubscriptionAvailable = 0x2A;
}

impl Property {
    /// The rule that is broken where the value is 0.
    pub(crate) fn zero(self) -> Option<(ReasonCode, &'static str)> {
        match self {
            Self::ReceiveMaximum => {
                Some((ReasonCode::ProtocolError, "the Receive Maximum is 0 (3.1.2.11.3)"))
            }
            Self::MaximumPacketSize => {
                Some((ReasonCode::ProtocolError, "the Maximum Packet Size is 0 (3.1.2.11.4)"))
            }
            Self::SubscriptionIdentifier => {
                Some((ReasonCode::ProtocolError, "the Subscription Identifier is 0 (3.8.2.1.2)"))
            }
            Self::TopicAlias => Some((ReasonCode::TopicAliasInvalid, "the Topic Alias is 0 [MQTT-3.3.2-8]")),
            _ => None,
        }
    }

    /// The rule that is broken where this side sends it: some packets of both sides have properties of one.
    pub(crate) fn foreign_to(self, from: Sender, packet: PacketType) -> Option<&'static str> {
        match (packet, from, self) {
            (PacketType::Publish, Sender::Client, Self::SubscriptionIdentifier) => {
                Some("a Subscription Identifier from a client [MQTT-3.3.4-6]")
            }
            (PacketType::Disconnect, Sender::Client, Self::ServerReference) => {
                Some("a Server Reference from a client (3.14.2.2.5)")
            }
            (PacketType::Disconnect, Sender::Server, Self::SessionExpiryInterval) => {
                Some("a Session Expiry Interval from a server [MQTT-3.14.2-2]")
            }
            _ => None,
        }
    }
}

/// The field that a property is read into, which tells its type. What is no list comes once.
pub(crate) enum Field<'a> {
    /// A byte that is 0 or 1.
    Flag(&'a mut Option<bool>),
    /// A byte that is 0 or 1.
    MaximumQoS(&'a mut Option<QoS>),
    U16(&'a mut Option<u16>),
    U32(&'a mut Option<u32>),
    Text(&'a mut Option<Text>),
    Topic(&'a mut Option<TopicName>),
    Binary(&'a mut Option<Bytes>),
    Identifier(&'a mut Option<u32>),
    Identifiers(&'a mut Vec<u32>),
    Pairs(&'a mut UserProperties),
}

/// The properties of a packet, or of the Will of a CONNECT.
pub(crate) trait Properties {
    /// The field of a property; `None` for one that does not belong here (table 2-4).
    fn field(&mut self, property: Property) -> Option<Field<'_>>;

    /// Appends them without their length.
    fn put(&self, out: &mut Sink<'_>) -> Result<(), EncodeError>;
}

/// Reads a Property Length and the properties behind it.
///
/// An identifier that is unknown or of another packet is malformed [MQTT-2.2.2-2]; one that comes twice is a
/// Protocol Error.
pub(crate) fn read(reader: &mut Reader, properties: &mut dyn Properties) -> Result<(), DecodeError> {
    match reader.varint()? {
        0 => Ok(()),
        length => reader.sub(length)?.properties(properties),
    }
}

/// The same; `None` where the length is 0.
pub(crate) fn read_boxed<P: Properties + Default>(
    reader: &mut Reader,
) -> Result<Option<Box<P>>, DecodeError> {
    match reader.varint()? {
        0 => Ok(None),
        length => {
            let mut properties = Box::<P>::default();
            reader.sub(length)?.properties(properties.as_mut())?;
            Ok(Some(properties))
        }
    }
}

impl Reader {
    /// Properties to the end.
    fn properties(&mut self, properties: &mut dyn Properties) -> Result<(), DecodeError> {
        let mut seen = 0_u64;
        while !self.is_empty() {
            let property = Property::from_id(self.varint()?);
            let field = property.and_then(|property| Some((property, properties.field(property)?)));
            let Some((property, field)) = field else {
                return Err(self.malformed("a property is not one of this packet (2.2.2.2)"));
            };
            let bit = 1 << property as u8;
            if seen & bit != 0 && !matches!(field, Field::Identifiers(_) | Field::Pairs(_)) {
                return Err(self.protocol("a property comes twice (2.2.2.2)"));
            }
            seen |= bit;
            if let Some(rule) = property.foreign_to(self.from(), self.packet()) {
                return Err(self.protocol(rule));
            }
            self.value(property, field)?;
        }
        Ok(())
    }

    fn value(&mut self, property: Property, field: Field<'_>) -> Result<(), DecodeError> {
        match field {
            Field::Flag(field) => *field = Some(self.flag()?),
            Field::MaximumQoS(field) => {
                *field = Some(if self.flag()? { QoS::AtLeastOnce } else { QoS::AtMostOnce });
            }
            Field::U16(field) => {
                let value = self.u16()?;
                self.not_zero(property, value.into())?;
                *field = Some(value);
            }
            Field::U32(field) => {
                let value = self.u32()?;
                self.not_zero(property, value)?;
                *field = Some(value);
            }
            Field::Text(field) => *field = Some(self.text()?),
            Field::Topic(field) => *field = Some(self.topic()?),
            Field::Binary(field) => *field = Some(self.binary()?),
            Field::Identifier(field) => *field = Some(self.identifier(property)?),
            Field::Identifiers(list) => list.push(self.identifier(property)?),
            // Both strings obey the rules of strings [MQTT-1.5.7-1].
            Field::Pairs(list) => list.push((self.text()?, self.text()?)),
        }
        Ok(())
    }

    /// A byte that is 0 or 1.
    fn flag(&mut self) -> Result<bool, DecodeError> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.protocol("a property of 0 or 1 has another value")),
        }
    }

    fn identifier(&mut self, property: Property) -> Result<u32, DecodeError> {
        let value = u32::try_from(self.varint()?).unwrap_or_default();
        self.not_zero(property, value)?;
        Ok(value)
    }

    fn not_zero(&self, property: Property, value: u32) -> Result<(), DecodeError> {
        match property.zero() {
            Some((reason, rule)) if value == 0 => Err(self.protocol_as(reason, rule)),
            _ => Ok(()),
        }
    }
}

/// Appends the Property Length, zero included [MQTT-2.2.2-1], and the properties.
pub(crate) fn put(properties: &dyn Properties, out: &mut Sink<'_>) -> Result<(), EncodeError> {
    let start = out.len();
    properties.put(out)?;
    out.length_before(start);
    Ok(())
}

pub(crate) fn put_flag(out: &mut Sink<'_>, property: Property, value: Option<bool>) {
    if let Some(value) = value {
        out.put(&[property as u8, u8::from(value)]);
    }
}

pub(crate) fn put_u16(out: &mut Sink<'_>, property: Property, value: Option<u16>) {
    if let Some(value) = value {
        out.u8(property as u8);
        out.u16(value);
    }
}

pub(crate) fn put_u32(out: &mut Sink<'_>, property: Property, value: Option<u32>) {
    if let Some(value) = value {
        out.u8(property as u8);
        out.u32(value);
    }
}

pub(crate) fn put_receive_maximum(out: &mut Sink<'_>, value: Option<u16>) -> Result<(), EncodeError> {
    if value == Some(0) {
        return Err(EncodeError::NotInVersion("a Receive Maximum of 0"));
    }
    put_u16(out, Property::ReceiveMaximum, value);
    Ok(())
}

pub(crate) fn put_maximum_packet_size(out: &mut Sink<'_>, value: Option<u32>) -> Result<(), EncodeError> {
    if value == Some(0) {
        return Err(EncodeError::NotInVersion("a Maximum Packet Size of 0"));
    }
    put_u32(out, Property::MaximumPacketSize, value);
    Ok(())
}

pub(crate) fn put_subscription_identifier(out: &mut Sink<'_>, value: Option<u32>) -> Result<(), EncodeError> {
    let Some(value) = value else { return Ok(()) };
    let value = value as usize;
    if value == 0 || value > VARINT_MAX {
        return Err(EncodeError::NotInVersion("a Subscription Identifier outside of 1 to 268,435,455"));
    }
    out.u8(Property::SubscriptionIdentifier as u8);
    out.varint(value);
    Ok(())
}

pub(crate) fn put_text(
    out: &mut Sink<'_>,
    property: Property,
    value: Option<&Text>,
) -> Result<(), EncodeError> {
    value.map_or(Ok(()), |value| {
        out.u8(property as u8);
        out.text(value)
    })
}

pub(crate) fn put_binary(
    out: &mut Sink<'_>,
    property: Property,
    field: &'static str,
    value: Option<&[u8]>,
) -> Result<(), EncodeError> {
    value.map_or(Ok(()), |value| {
        out.u8(property as u8);
        out.binary(field, value)
    })
}

pub(crate) fn put_user(out: &mut Sink<'_>, pairs: &UserProperties) -> Result<(), EncodeError> {
    for (name, value) in pairs {
        out.u8(Property::UserProperty as u8);
        out.text(name)?;
        out.text(value)?;
    }
    Ok(())
}
