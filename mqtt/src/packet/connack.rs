//! CONNACK (chapter 3.2).

use crate::property::{self, Field, Properties, Property};
use crate::wire::{Reader, Sink};
use crate::{DecodeError, EncodeError, ProtocolVersion, QoS, ReasonCode, Text, UserProperties};
use bytes::Bytes;

/// The server's answer to CONNECT.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConnAck {
    /// Whether the server resumed a stored session; false with an error [MQTT-3.2.2-6].
    pub session_present: bool,
    /// Connect Reason Code; 3.1.1's return code is translated (see [`ReasonCode`]).
    pub reason: ReasonCode,
    /// Properties (MQTT 5.0).
    pub properties: ConnAckProperties,
}

/// CONNACK Properties (3.2.2.3).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConnAckProperties {
    /// Seconds, where the server uses another than the client asked for.
    pub session_expiry_interval: Option<u32>,
    /// 1 to 65,535. Absent: 65,535.
    pub receive_maximum: Option<u16>,
    /// 0 or 1. Absent: 2.
    pub maximum_qos: Option<QoS>,
    /// Absent: true.
    pub retain_available: Option<bool>,
    /// Bytes of a whole packet, not 0. Absent: no limit.
    pub maximum_packet_size: Option<u32>,
    /// The Client Identifier made for a client that sent none.
    pub assigned_client_identifier: Option<Text>,
    /// Absent: 0.
    pub topic_alias_maximum: Option<u16>,
    /// A sentence for people.
    pub reason_string: Option<Text>,
    /// User Properties.
    pub user_properties: UserProperties,
    /// Absent: true.
    pub wildcard_subscription_available: Option<bool>,
    /// Absent: true.
    pub subscription_identifiers_available: Option<bool>,
    /// Absent: true.
    pub shared_subscription_available: Option<bool>,
    /// Seconds, which the client must use instead of its own [MQTT-3.2.2-21].
    pub server_keep_alive: Option<u16>,
    /// A basis for Response Topics.
    pub response_information: Option<Text>,
    /// Another server.
    pub server_reference: Option<Text>,
    /// Authentication Method.
    pub authentication_method: Option<Text>,
    /// Authentication Data.
    pub authentication_data: Option<Bytes>,
}

/// Table 3-1 of 5.0 [MQTT-3.2.2-8].
pub(super) fn allows(reason: ReasonCode) -> bool {
    use ReasonCode as R;
    matches!(
        reason,
        R::Success
            | R::UnspecifiedError
            | R::MalformedPacket
            | R::ProtocolError
            | R::ImplementationSpecificError
            | R::UnsupportedProtocolVersion
            | R::ClientIdentifierNotValid
            | R::BadUserNameOrPassword
            | R::NotAuthorized
            | R::ServerUnavailable
            | R::ServerBusy
            | R::Banned
            | R::BadAuthenticationMethod
            | R::TopicNameInvalid
            | R::PacketTooLarge
            | R::QuotaExceeded
            | R::PayloadFormatInvalid
            | R::RetainNotSupported
            | R::QoSNotSupported
            | R::UseAnotherServer
            | R::ServerMoved
            | R::ConnectionRateExceeded
    )
}

/// Connect Return Codes of 3.1.1 (table 3.1), at the place of their number.
const RETURN_CODES: [ReasonCode; 6] = [
    ReasonCode::Success,
    ReasonCode::UnsupportedProtocolVersion,
    ReasonCode::ClientIdentifierNotValid,
    ReasonCode::ServerUnavailable,
    ReasonCode::BadUserNameOrPassword,
    ReasonCode::NotAuthorized,
];

/// The return code of 3.1.1 that says the same; `None` where no code does and the server must close without a CONNACK
/// [MQTT-3.2.2-6 (3.1.1)].
fn return_code(reason: ReasonCode) -> Option<u8> {
    let same = match reason {
        ReasonCode::Banned | ReasonCode::BadAuthenticationMethod => ReasonCode::NotAuthorized,
        ReasonCode::ServerBusy
        | ReasonCode::ServerShuttingDown
        | ReasonCode::QuotaExceeded
        | ReasonCode::UseAnotherServer
        | ReasonCode::ServerMoved
        | ReasonCode::ConnectionRateExceeded => ReasonCode::ServerUnavailable,
        reason => reason,
    };
    (0_u8..).zip(RETURN_CODES).find(|(_, code)| *code == same).map(|(number, _)| number)
}

impl ConnAck {
    pub(super) fn decode(version: ProtocolVersion, reader: &mut Reader) -> Result<Self, DecodeError> {
        let flags = reader.u8()?;
        if flags > 1 {
            return Err(reader.malformed("a reserved Connect Acknowledge Flag is set [MQTT-3.2.2-1]"));
        }
        let mut connack = Self { session_present: flags == 1, ..Self::default() };
        if version == ProtocolVersion::V311 {
            let code = reader.u8()?;
            connack.reason = *RETURN_CODES
                .get(usize::from(code))
                .ok_or_else(|| reader.protocol("a reserved Connect Return Code (3.2.2.3 of 3.1.1)"))?;
        } else {
            connack.reason = reader.reason(&allows, "not a Reason Code of CONNACK [MQTT-3.2.2-8]")?;
            property::read(reader, &mut connack.properties)?;
        }
        if connack.session_present && connack.reason != ReasonCode::Success {
            return Err(
                reader.protocol("Session Present with an error [MQTT-3.2.2-6] [MQTT-3.2.2-4 (3.1.1)]")
            );
        }
        Ok(connack)
    }

    pub(super) fn put(&self, version: ProtocolVersion, out: &mut Sink<'_>) -> Result<(), EncodeError> {
        if self.session_present && self.reason != ReasonCode::Success {
            return Err(EncodeError::NotInVersion("Session Present with an error"));
        }
        out.u8(self.session_present.into());
        if version == ProtocolVersion::V311 {
            let code = return_code(self.reason);
            out.u8(code.ok_or(EncodeError::NotInVersion("this Connect Reason Code"))?);
            return Ok(());
        }
        if !allows(self.reason) {
            return Err(EncodeError::NotInVersion("a Reason Code that CONNACK does not have"));
        }
        out.u8(self.reason as u8);
        property::put(&self.properties, out)
    }
}

impl Properties for ConnAckProperties {
    fn field(&mut self, property: Property) -> Option<Field<'_>> {
        Some(match property {
            Property::SessionExpiryInterval => Field::U32(&mut self.session_expiry_interval),
            Property::ReceiveMaximum => Field::U16(&mut self.receive_maximum),
            Property::MaximumQoS => Field::MaximumQoS(&mut self.maximum_qos),
            Property::RetainAvailable => Field::Flag(&mut self.retain_available),
            Property::MaximumPacketSize => Field::U32(&mut self.maximum_packet_size),
            Property::AssignedClientIdentifier => Field::Text(&mut self.assigned_client_identifier),
            Property::TopicAliasMaximum => Field::U16(&mut self.topic_alias_maximum),
            Property::ReasonString => Field::Text(&mut self.reason_string),
            Property::UserProperty => Field::Pairs(&mut self.user_properties),
            Property::WildcardSubscriptionAvailable => Field::Flag(&mut self.wildcard_subscription_available),
            Property::SubscriptionIdentifierAvailable => {
                Field::Flag(&mut self.subscription_identifiers_available)
            }
            Property::SharedSubscriptionAvailable => Field::Flag(&mut self.shared_subscription_available),
            Property::ServerKeepAlive => Field::U16(&mut self.server_keep_alive),
            Property::ResponseInformation => Field::Text(&mut self.response_information),
            Property::ServerReference => Field::Text(&mut self.server_reference),
            Property::AuthenticationMethod => Field::Text(&mut self.authentication_method),
            Property::AuthenticationData => Field::Binary(&mut self.authentication_data),
            _ => return None,
        })
    }

    fn put(&self, out: &mut Sink<'_>) -> Result<(), EncodeError> {
        let maximum_qos = match self.maximum_qos {
            None => None,
            Some(QoS::AtMostOnce) => Some(false),
            Some(QoS::AtLeastOnce) => Some(true),
            Some(QoS::ExactlyOnce) => {
                return Err(EncodeError::NotInVersion("a Maximum QoS of 2, which is said by leaving it out"));
            }
        };
        let data = self.authentication_data.as_deref();
        property::put_u32(out, Property::SessionExpiryInterval, self.session_expiry_interval);
        property::put_receive_maximum(out, self.receive_maximum)?;
        property::put_flag(out, Property::MaximumQoS, maximum_qos);
        property::put_flag(out, Property::RetainAvailable, self.retain_available);
        property::put_maximum_packet_size(out, self.maximum_packet_size)?;
        property::put_text(
            out,
            Property::AssignedClientIdentifier,
            self.assigned_client_identifier.as_ref(),
        )?;
        property::put_u16(out, Property::TopicAliasMaximum, self.topic_alias_maximum);
        property::put_text(out, Property::ReasonString, self.reason_string.as_ref())?;
        property::put_user(out, &self.user_properties)?;
        property::put_flag(
            out,
            Property::WildcardSubscriptionAvailable,
            self.wildcard_subscription_available,
        );
        property::put_flag(
            out,
            Property::SubscriptionIdentifierAvailable,
            self.subscription_identifiers_available,
        );
        property::put_flag(out, Property::SharedSubscriptionAvailable, self.shared_subscription_available);
        property::put_u16(out, Property::ServerKeepAlive, self.server_keep_alive);
        property::put_text(out, Property::ResponseInformation, self.response_information.as_ref())?;
        property::put_text(out, Property::ServerReference, self.server_reference.as_ref())?;
        property::put_text(out, Property::AuthenticationMethod, self.authentication_method.as_ref())?;
        property::put_binary(out, Property::AuthenticationData, "Authentication Data", data)
    }
}
