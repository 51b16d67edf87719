//! CONNECT (chapter 3.1).

use crate::property::{self, Field, Properties, Property};
use crate::wire::{Reader, Sink};
use crate::{DecodeError, EncodeError, ProtocolVersion, QoS, Text, TopicName, UserProperties};
use bytes::Bytes;

/// A client's first packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connect {
    /// The protocol version that the rest of the connection speaks.
    pub version: ProtocolVersion,
    /// Clean Start; Clean Session in 3.1.1.
    pub clean_start: bool,
    /// Keep Alive in seconds; 0 turns it off.
    pub keep_alive: u16,
    /// Client Identifier, possibly empty.
    pub client_id: Text,
    /// The Will Message.
    pub will: Option<Will>,
    /// User Name.
    pub user_name: Option<Text>,
    /// Password: Binary Data, at most 65,535 bytes. Without a User Name in MQTT 5.0 only
    /// [MQTT-3.1.2-22 (3.1.1)].
    pub password: Option<Bytes>,
    /// Properties (MQTT 5.0).
    pub properties: ConnectProperties,
}

/// CONNECT Properties (3.1.2.11).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConnectProperties {
    /// Seconds; 0xFFFFFFFF: never. Absent: 0.
    pub session_expiry_interval: Option<u32>,
    /// 1 to 65,535. Absent: 65,535.
    pub receive_maximum: Option<u16>,
    /// Bytes of a whole packet, not 0. Absent: no limit.
    pub maximum_packet_size: Option<u32>,
    /// Highest Topic Alias the client takes. Absent: 0.
    pub topic_alias_maximum: Option<u16>,
    /// Whether CONNACK may carry Response Information. Absent: false.
    pub request_response_information: Option<bool>,
    /// Whether Reason String and User Properties may come with failures. Absent: true.
    pub request_problem_information: Option<bool>,
    /// User Properties.
    pub user_properties: UserProperties,
    /// Authentication Method.
    pub authentication_method: Option<Text>,
    /// Authentication Data; only with a method.
    pub authentication_data: Option<Bytes>,
}

/// The message that the server publishes when the connection ends without a DISCONNECT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Will {
    /// Will Topic.
    pub topic: TopicName,
    /// Will Payload: Binary Data, at most 65,535 bytes.
    pub payload: Bytes,
    /// Will `QoS`.
    pub qos: QoS,
    /// Will Retain.
    pub retain: bool,
    /// Will Properties (MQTT 5.0).
    pub properties: WillProperties,
}

/// Will Properties (3.1.3.2).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WillProperties {
    /// Seconds between the end of the connection and the Will. Absent: 0.
    pub will_delay_interval: Option<u32>,
    /// Whether the payload is UTF-8.
    pub payload_format_indicator: Option<bool>,
    /// Seconds.
    pub message_expiry_interval: Option<u32>,
    /// Content Type.
    pub content_type: Option<Text>,
    /// Response Topic, without wildcards [MQTT-3.3.2-14].
    pub response_topic: Option<TopicName>,
    /// Correlation Data.
    pub correlation_data: Option<Bytes>,
    /// User Properties.
    pub user_properties: UserProperties,
}

const USER_NAME: u8 = 0b1000_0000;
const PASSWORD: u8 = 0b0100_0000;
const WILL_RETAIN: u8 = 0b0010_0000;
const WILL_QOS: u8 = 0b0001_1000;
const WILL: u8 = 0b0000_0100;
const CLEAN_START: u8 = 0b0000_0010;
const RESERVED: u8 = 0b0000_0001;

impl ProtocolVersion {
    /// The Protocol Name and Protocol Version at the start of a CONNECT.
    ///
    /// The name of MQTT 3.1 is known and answered like a level that is not spoken. Any other name is no MQTT: a server
    /// need not reveal itself to it [MQTT-3.1.2-1].
    pub(super) fn decode(reader: &mut Reader) -> Result<Self, DecodeError> {
        let name = reader.binary()?;
        if !matches!(&name[..], b"MQTT" | b"MQIsdp") {
            return Err(reader.malformed("the Protocol Name is not MQTT [MQTT-3.1.2-1]"));
        }
        match (&name[..], reader.u8()?) {
            (b"MQTT", 4) => Ok(Self::V311),
            (b"MQTT", 5) => Ok(Self::V5),
            (_, level) => Err(DecodeError::UnsupportedVersion { level }),
        }
    }
}

impl Connect {
    /// All behind the Protocol Version, in the order of [MQTT-3.1.3-1].
    pub(super) fn decode(version: ProtocolVersion, reader: &mut Reader) -> Result<Self, DecodeError> {
        let flags = reader.u8()?;
        check(flags, version).map_err(|rule| reader.malformed(rule))?;
        let keep_alive = reader.u16()?;
        let v5 = version == ProtocolVersion::V5;
        let properties = if v5 { ConnectProperties::decode(reader)? } else { ConnectProperties::default() };
        // [MQTT-3.1.3-3] [MQTT-3.1.3-4]
        let client_id = reader.text()?;
        // [MQTT-3.1.2-9] [MQTT-3.1.2-11 (3.1.1)]
        let will = if flags & WILL == 0 { None } else { Some(Will::decode(flags, version, reader)?) };
        // [MQTT-3.1.2-16] [MQTT-3.1.2-17] [MQTT-3.1.3-12] [MQTT-3.1.3-11 (3.1.1)]
        // [MQTT-3.1.2-18 (3.1.1)] [MQTT-3.1.2-19 (3.1.1)]
        let user_name = if flags & USER_NAME == 0 { None } else { Some(reader.text()?) };
        // [MQTT-3.1.2-18] [MQTT-3.1.2-19] [MQTT-3.1.2-20 (3.1.1)] [MQTT-3.1.2-21 (3.1.1)]
        let password = if flags & PASSWORD == 0 { None } else { Some(reader.binary()?) };
        let clean_start = flags & CLEAN_START != 0;
        Ok(Self { version, clean_start, keep_alive, client_id, will, user_name, password, properties })
    }

    pub(super) fn put(&self, version: ProtocolVersion, out: &mut Sink<'_>) -> Result<(), EncodeError> {
        if version != self.version {
            return Err(EncodeError::NotInVersion("a CONNECT that asks for another version"));
        }
        let v5 = version == ProtocolVersion::V5;
        if !v5 && self.password.is_some() && self.user_name.is_none() {
            return Err(EncodeError::NotInVersion("a Password without a User Name"));
        }
        out.binary("Protocol Name", b"MQTT")?;
        out.u8(version.level());
        out.u8(self.flags());
        out.u16(self.keep_alive);
        if v5 {
            property::put(&self.properties, out)?;
        }
        out.text(&self.client_id)?;
        if let Some(will) = &self.will {
            if v5 {
                property::put(&will.properties, out)?;
            }
            out.text(will.topic.text())?;
            out.binary("Will Payload", &will.payload)?;
        }
        if let Some(user_name) = &self.user_name {
            out.text(user_name)?;
        }
        self.password.as_ref().map_or(Ok(()), |password| out.binary("Password", password))
    }

    fn flags(&self) -> u8 {
        let bit = |set, bit| if set { bit } else { 0 };
        let will = self.will.as_ref().map_or(0, |will| {
            WILL | (will.qos as u8) << WILL_QOS.trailing_zeros() | bit(will.retain, WILL_RETAIN)
        });
        will | bit(self.clean_start, CLEAN_START)
            | bit(self.user_name.is_some(), USER_NAME)
            | bit(self.password.is_some(), PASSWORD)
    }
}

/// The Connect Flags by themselves.
pub(super) fn check(flags: u8, version: ProtocolVersion) -> Result<(), &'static str> {
    if flags & RESERVED != 0 {
        return Err("the reserved Connect Flag is set [MQTT-3.1.2-3]");
    }
    if flags & WILL == 0 && flags & WILL_QOS != 0 {
        return Err("a Will QoS without a Will [MQTT-3.1.2-11] [MQTT-3.1.2-13 (3.1.1)]");
    }
    if flags & WILL == 0 && flags & WILL_RETAIN != 0 {
        return Err("Will Retain without a Will [MQTT-3.1.2-13] [MQTT-3.1.2-15 (3.1.1)]");
    }
    if flags & WILL_QOS == WILL_QOS {
        return Err("the Will QoS is 3 [MQTT-3.1.2-12] [MQTT-3.1.2-14 (3.1.1)]");
    }
    if version == ProtocolVersion::V311 && flags & (USER_NAME | PASSWORD) == PASSWORD {
        return Err("a Password without a User Name [MQTT-3.1.2-22 (3.1.1)]");
    }
    Ok(())
}

impl Will {
    fn decode(flags: u8, version: ProtocolVersion, reader: &mut Reader) -> Result<Self, DecodeError> {
        let mut properties = WillProperties::default();
        if version == ProtocolVersion::V5 {
            property::read(reader, &mut properties)?;
        }
        // [MQTT-3.1.3-11] [MQTT-3.1.3-10 (3.1.1)]
        let topic = reader.topic()?;
        let payload = reader.binary()?;
        let qos = QoS::from_u8((flags & WILL_QOS) >> WILL_QOS.trailing_zeros()).unwrap_or_default();
        Ok(Self { topic, payload, qos, retain: flags & WILL_RETAIN != 0, properties })
    }
}

impl ConnectProperties {
    fn decode(reader: &mut Reader) -> Result<Self, DecodeError> {
        let mut p = Self::default();
        property::read(reader, &mut p)?;
        if p.authentication_data.is_some() && p.authentication_method.is_none() {
            return Err(reader.protocol("Authentication Data without a method (3.1.2.11.10)"));
        }
        Ok(p)
    }
}

impl Properties for ConnectProperties {
    fn field(&mut self, property: Property) -> Option<Field<'_>> {
        Some(match property {
            Property::SessionExpiryInterval => Field::U32(&mut self.session_expiry_interval),
            Property::ReceiveMaximum => Field::U16(&mut self.receive_maximum),
            Property::MaximumPacketSize => Field::U32(&mut self.maximum_packet_size),
            Property::TopicAliasMaximum => Field::U16(&mut self.topic_alias_maximum),
            Property::RequestResponseInformation => Field::Flag(&mut self.request_response_information),
            Property::RequestProblemInformation => Field::Flag(&mut self.request_problem_information),
            Property::UserProperty => Field::Pairs(&mut self.user_properties),
            Property::AuthenticationMethod => Field::Text(&mut self.authentication_method),
            Property::AuthenticationData => Field::Binary(&mut self.authentication_data),
            _ => return None,
        })
    }

    fn put(&self, out: &mut Sink<'_>) -> Result<(), EncodeError> {
        if self.authentication_data.is_some() && self.authentication_method.is_none() {
            return Err(EncodeError::NotInVersion("Authentication Data without a method"));
        }
        let data = self.authentication_data.as_deref();
        property::put_u32(out, Property::SessionExpiryInterval, self.session_expiry_interval);
        property::put_receive_maximum(out, self.receive_maximum)?;
        property::put_maximum_packet_size(out, self.maximum_packet_size)?;
        property::put_u16(out, Property::TopicAliasMaximum, self.topic_alias_maximum);
        property::put_flag(out, Property::RequestResponseInformation, self.request_response_information);
        property::put_flag(out, Property::RequestProblemInformation, self.request_problem_information);
        property::put_user(out, &self.user_properties)?;
        property::put_text(out, Property::AuthenticationMethod, self.authentication_method.as_ref())?;
        property::put_binary(out, Property::AuthenticationData, "Authentication Data", data)
    }
}

impl Properties for WillProperties {
    fn field(&mut self, property: Property) -> Option<Field<'_>> {
        Some(match property {
            Property::WillDelayInterval => Field::U32(&mut self.will_delay_interval),
            Property::PayloadFormatIndicator => Field::Flag(&mut self.payload_format_indicator),
            Property::MessageExpiryInterval => Field::U32(&mut self.message_expiry_interval),
            Property::ContentType => Field::Text(&mut self.content_type),
            Property::ResponseTopic => Field::Topic(&mut self.response_topic),
            Property::CorrelationData => Field::Binary(&mut self.correlation_data),
            Property::UserProperty => Field::Pairs(&mut self.user_properties),
            _ => return None,
        })
    }

    fn put(&self, out: &mut Sink<'_>) -> Result<(), EncodeError> {
        let response_topic = self.response_topic.as_ref().map(TopicName::text);
        let data = self.correlation_data.as_deref();
        property::put_u32(out, Property::WillDelayInterval, self.will_delay_interval);
        property::put_flag(out, Property::PayloadFormatIndicator, self.payload_format_indicator);
        property::put_u32(out, Property::MessageExpiryInterval, self.message_expiry_interval);
        property::put_text(out, Property::ContentType, self.content_type.as_ref())?;
        property::put_text(out, Property::ResponseTopic, response_topic)?;
        property::put_binary(out, Property::CorrelationData, "Correlation Data", data)?;
        property::put_user(out, &self.user_properties)
    }
}
