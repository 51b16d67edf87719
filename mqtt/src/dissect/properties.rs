//! Properties (chapter 2.2.2 of MQTT 5.0). Which packet has which, and of which type, the codec's own fields tell.

use super::walk::{Stop, Walk, Walked};
use super::{names, value};
use crate::property::{Field, Properties, Property};
use crate::{PacketId, PacketType, QoS, Subscribe, Subscription, TopicFilter, TopicName, Unsubscribe};
use bytes::Bytes;

impl Walk<'_> {
    /// A Property Length and as many bytes of properties.
    pub(super) fn properties(&mut self, name: &'static str, of: &mut dyn Properties) -> Walked {
        self.group(name, |walk| {
            let start = walk.at;
            let length = walk.varint()?;
            walk.leaf("Property Length", start, value::counted(length, "byte"));
            if length > walk.end - walk.at {
                return Err(Stop);
            }
            let end = std::mem::replace(&mut walk.end, walk.at + length);
            let walked = walk.each_property(of);
            if walked.is_err() {
                walk.suspect(walk.at);
                // Where the properties end is known, whatever is in them.
                walk.unread(walk.is_connect());
            }
            walk.end = end;
            Ok(())
        })
    }

    /// The properties of a packet whose fields stand beside them in the codec.
    pub(super) fn request_properties(&mut self, packet: PacketType) -> Walked {
        let packet_id = PacketId::new(1).ok_or(Stop)?;
        let user_properties = Vec::new();
        match (self.version, packet) {
            (crate::ProtocolVersion::V311, _) => Ok(()),
            (_, PacketType::Unsubscribe) => self.properties(
                "Properties",
                &mut Unsubscribe { packet_id, user_properties, filters: Vec::<TopicFilter>::new() },
            ),
            _ => {
                let subscriptions = Vec::<Subscription>::new();
                let subscription_identifier = None;
                self.properties(
                    "Properties",
                    &mut Subscribe { packet_id, subscription_identifier, user_properties, subscriptions },
                )
            }
        }
    }

    fn each_property(&mut self, of: &mut dyn Properties) -> Walked {
        let mut seen = 0_u64;
        while !self.is_empty() {
            self.has_room()?;
            let start = self.at;
            let property = Property::from_id(self.varint()?);
            let field = property.and_then(|property| Some((property, of.field(property)?)));
            let Some((property, field)) = field else {
                self.at = start;
                return Err(Stop);
            };
            let bit = 1 << property as u8;
            let repeats = matches!(field, Field::Identifiers(_) | Field::Pairs(_));
            let twice = seen & bit != 0 && !repeats;
            seen |= bit;
            let packet = PacketType::from_first_byte(self.first()).ok_or(Stop)?;
            if twice || property.foreign_to(self.from, packet).is_some() {
                self.suspect(start);
            }
            let Ok(value) = self.property(property, &field, start) else {
                self.at = start;
                return Err(Stop);
            };
            self.leaf(names::property(property), start, value);
        }
        Ok(())
    }

    /// The value of a property whose identifier is at `start`.
    fn property(&mut self, property: Property, field: &Field<'_>, start: usize) -> Walked<String> {
        Ok(match field {
            Field::Flag(_) | Field::MaximumQoS(_) => {
                let byte = self.u8()?;
                if byte > 1 {
                    self.suspect(start);
                }
                let words = match (property, byte) {
                    (Property::MaximumQoS, _) => value::qos(byte.min(QoS::ExactlyOnce as u8 + 1)),
                    (Property::PayloadFormatIndicator, 0) => "unspecified bytes",
                    (Property::PayloadFormatIndicator, 1) => "UTF-8 text",
                    _ => value::yes(byte == 1),
                };
                format!("{byte}, {words}")
            }
            Field::U16(_) => {
                let number = self.number(2)?;
                self.numbered(property, number, start)
            }
            Field::U32(_) => {
                let number = self.number(4)?;
                self.numbered(property, number, start)
            }
            Field::Identifier(_) | Field::Identifiers(_) => {
                let number = u32::try_from(self.varint()?).unwrap_or_default();
                self.numbered(property, number, start)
            }
            Field::Text(_) => value::text(self.text()?),
            Field::Topic(_) => {
                let topic = self.binary()?;
                if TopicName::try_from(Bytes::copy_from_slice(topic)).is_err() {
                    self.suspect(start);
                }
                value::text(topic)
            }
            Field::Binary(_) => value::text(self.binary()?),
            Field::Pairs(_) => {
                let name = value::text(self.text()?);
                format!("{name} = {}", value::text(self.text()?))
            }
        })
    }

    fn numbered(&mut self, property: Property, number: u32, start: usize) -> String {
        if number == 0 && property.zero().is_some() {
            self.suspect(start);
        }
        match (property, names::unit(property)) {
            (Property::SessionExpiryInterval, _) if number == u32::MAX => {
                format!("{number} s, never expires")
            }
            (_, "") => number.to_string(),
            (_, unit) => format!("{number} {unit}"),
        }
    }
}
