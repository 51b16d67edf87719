//! Properties (chapter 2.2.2 of MQTT 5.0): the table of identifiers, and a loop over a packet's properties.

use crate::wire::{Count, Reader, Sink, VARINT_MAX};
use crate::{DecodeError, EncodeError, PacketType, Text, UserProperties};

/// Where a property stands: in a packet, or in the Will of a CONNECT. A bit for each, so that places make a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Places(u16);

impl Places {
    /// The Will Properties in CONNECT's payload; no packet has type 0.
    pub(crate) const WILL: Self = Self(1);

    pub(crate) const fn of(packet: PacketType) -> Self {
        Self(1 << packet as u16)
    }

    const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn has(self, place: Self) -> bool {
        self.0 & place.0 != 0
    }
}

/// The table: name, identifier, and the places where it is legal (table 2-4). Types are told by the packets' fields.
macro_rules! properties {
    ($($name:ident = $id:literal in $($place:ident)+;)+) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(clippy::enum_variant_names, reason = "the names are the standard's")]
        #[repr(u8)]
        pub(crate) enum Property { $($name = $id,)+ }

        impl Property {
            fn from_id(id: usize) -> Option<Self> {
                match id { $($id => Some(Self::$name),)+ _ => None }
            }

            fn places(self) -> Places {
                match self { $(Self::$name => const { Places(0)$(.and(place::$place))+ },)+ }
            }
        }
    };
}

mod place {
    use super::{PacketType, Places};
    pub(super) const WILL: Places = Places::WILL;
    pub(super) const CONNECT: Places = Places::of(PacketType::Connect);
    pub(super) const CONNACK: Places = Places::of(PacketType::ConnAck);
    pub(super) const PUBLISH: Places = Places::of(PacketType::Publish);
    pub(super) const SUBSCRIBE: Places = Places::of(PacketType::Subscribe);
    pub(super) const UNSUBSCRIBE: Places = Places::of(PacketType::Unsubscribe);
    pub(super) const DISCONNECT: Places = Places::of(PacketType::Disconnect);
    pub(super) const AUTH: Places = Places::of(PacketType::Auth);
    /// PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK and UNSUBACK, which have the same properties.
    pub(super) const ACKS: Places = Places::of(PacketType::PubAck)
        .and(Places::of(PacketType::PubRec))
        .and(Places::of(PacketType::PubRel))
        .and(Places::of(PacketType::PubComp))
        .and(Places::of(PacketType::SubAck))
        .and(Places::of(PacketType::UnsubAck));
}

properties! {
    PayloadFormatIndicator = 0x01 in PUBLISH WILL;
    MessageExpiryInterval = 0x02 in PUBLISH WILL;
    ContentType = 0x03 in PUBLISH WILL;
    ResponseTopic = 0x08 in PUBLISH WILL;
    CorrelationData = 0x09 in PUBLISH WILL;
    SubscriptionIdentifier = 0x0B in PUBLISH SUBSCRIBE;
    SessionExpiryInterval = 0x11 in CONNECT CONNACK DISCONNECT;
    AssignedClientIdentifier = 0x12 in CONNACK;
    ServerKeepAlive = 0x13 in CONNACK;
    AuthenticationMethod = 0x15 in CONNECT CONNACK AUTH;
    AuthenticationData = 0x16 in CONNECT CONNACK AUTH;
    RequestProblemInformation = 0x17 in CONNECT;
    WillDelayInterval = 0x18 in WILL;
    RequestResponseInformation = 0x19 in CONNECT;
    ResponseInformation = 0x1A in CONNACK;
    ServerReference = 0x1C in CONNACK DISCONNECT;
    ReasonString = 0x1F in CONNACK ACKS DISCONNECT AUTH;
    ReceiveMaximum = 0x21 in CONNECT CONNACK;
    TopicAliasMaximum = 0x22 in CONNECT CONNACK;
    TopicAlias = 0x23 in PUBLISH;
    MaximumQoS = 0x24 in CONNACK;
    RetainAvailable = 0x25 in CONNACK;
    UserProperty = 0x26 in CONNECT WILL CONNACK PUBLISH ACKS SUBSCRIBE UNSUBSCRIBE DISCONNECT AUTH;
    MaximumPacketSize = 0x27 in CONNECT CONNACK;
    WildcardSubscriptionAvailable = 0x28 in CONNACK;
    SubscriptionIdentifierAvailable = 0x29 in CONNACK;
    SharedSubscriptionAvailable = 0x2A in CONNACK;
}

impl Property {
    fn may_repeat(self, place: Places) -> bool {
        match self {
            Self::UserProperty => true,
            Self::SubscriptionIdentifier => place == place::PUBLISH,
            _ => false,
        }
    }
}

/// Reads a Property Length and hands each property behind it to `set`, which reads its value.
///
/// An identifier that is unknown or of another packet is malformed (2.2.2.2); one that comes twice is a Protocol Error.
pub(crate) fn read(
    reader: &mut Reader,
    place: Places,
    mut set: impl FnMut(Property, &mut Reader) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    let length = reader.varint()?;
    if length == 0 {
        return Ok(());
    }
    let mut reader = reader.sub(length)?;
    let mut seen = 0_u64;
    while !reader.is_empty() {
        let id = reader.varint()?;
        let property = Property::from_id(id).filter(|property| property.places().has(place));
        let property = property.ok_or_else(|| foreign(&reader))?;
        let bit = 1 << property as u8;
        if seen & bit != 0 && !property.may_repeat(place) {
            return Err(reader.protocol("a property comes twice (2.2.2.2)"));
        }
        seen |= bit;
        set(property, &mut reader)?;
    }
    Ok(())
}

/// A property that this packet does not have.
pub(crate) fn foreign(reader: &Reader) -> DecodeError {
    reader.malformed("a property is not one of this packet (2.2.2.2)")
}

impl Reader {
    /// A byte that is 0 or 1.
    pub(crate) fn flag(&mut self) -> Result<bool, DecodeError> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.protocol("a property of 0 or 1 has another value")),
        }
    }

    pub(crate) fn receive_maximum(&mut self) -> Result<u16, DecodeError> {
        match self.u16()? {
            0 => Err(self.protocol("the Receive Maximum is 0 (3.1.2.11.3)")),
            maximum => Ok(maximum),
        }
    }

    pub(crate) fn maximum_packet_size(&mut self) -> Result<u32, DecodeError> {
        match self.u32()? {
            0 => Err(self.protocol("the Maximum Packet Size is 0 (3.1.2.11.4)")),
            maximum => Ok(maximum),
        }
    }

    pub(crate) fn subscription_identifier(&mut self) -> Result<u32, DecodeError> {
        match u32::try_from(self.varint()?) {
            Ok(id) if id > 0 => Ok(id),
            _ => Err(self.protocol("the Subscription Identifier is 0 (3.8.2.1.2)")),
        }
    }

    /// Both strings obey the rules of strings [MQTT-1.5.7-1].
    pub(crate) fn pair(&mut self) -> Result<(Text, Text), DecodeError> {
        Ok((self.text()?, self.text()?))
    }
}

/// Properties that know how to write themselves, without their length.
pub(crate) trait Properties {
    fn put(&self, out: &mut impl Sink) -> Result<(), EncodeError>;
}

/// Appends the Property Length, zero included [MQTT-2.2.2-1], and the properties.
pub(crate) fn put(properties: &impl Properties, out: &mut impl Sink) -> Result<(), EncodeError> {
    out.varint(length(properties)?);
    properties.put(out)
}

/// The Property Length.
pub(crate) fn length(properties: &impl Properties) -> Result<usize, EncodeError> {
    let mut count = Count::default();
    properties.put(&mut count)?;
    Ok(count.0)
}

pub(crate) fn put_flag(out: &mut impl Sink, property: Property, value: Option<bool>) {
    if let Some(value) = value {
        out.put(&[property as u8, u8::from(value)]);
    }
}

pub(crate) fn put_u16(out: &mut impl Sink, property: Property, value: Option<u16>) {
    if let Some(value) = value {
        out.u8(property as u8);
        out.u16(value);
    }
}

pub(crate) fn put_u32(out: &mut impl Sink, property: Property, value: Option<u32>) {
    if let Some(value) = value {
        out.u8(property as u8);
        out.u32(value);
    }
}

pub(crate) fn put_receive_maximum(out: &mut impl Sink, value: Option<u16>) -> Result<(), EncodeError> {
    if value == Some(0) {
        return Err(EncodeError::NotInVersion("a Receive Maximum of 0"));
    }
    put_u16(out, Property::ReceiveMaximum, value);
    Ok(())
}

pub(crate) fn put_maximum_packet_size(out: &mut impl Sink, value: Option<u32>) -> Result<(), EncodeError> {
    if value == Some(0) {
        return Err(EncodeError::NotInVersion("a Maximum Packet Size of 0"));
    }
    put_u32(out, Property::MaximumPacketSize, value);
    Ok(())
}

pub(crate) fn put_subscription_identifier(
    out: &mut impl Sink,
    value: Option<u32>,
) -> Result<(), EncodeError> {
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
    out: &mut impl Sink,
    property: Property,
    value: Option<&Text>,
) -> Result<(), EncodeError> {
    value.map_or(Ok(()), |value| {
        out.u8(property as u8);
        out.text(value)
    })
}

pub(crate) fn put_binary(
    out: &mut impl Sink,
    property: Property,
    field: &'static str,
    value: Option<&[u8]>,
) -> Result<(), EncodeError> {
    value.map_or(Ok(()), |value| {
        out.u8(property as u8);
        out.binary(field, value)
    })
}

pub(crate) fn put_user(out: &mut impl Sink, pairs: &UserProperties) -> Result<(), EncodeError> {
    for (name, value) in pairs {
        out.u8(Property::UserProperty as u8);
        out.text(name)?;
        out.text(value)?;
    }
    Ok(())
}
