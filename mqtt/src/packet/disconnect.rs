//! DISCONNECT (chapter 3.14): from either side in MQTT 5.0, from a client in 3.1.1.

use crate::property::{self, Field, Properties, Property};
use crate::sender::Sender;
use crate::wire::{Reader, Sink};
use crate::{DecodeError, EncodeError, ProtocolVersion, ReasonCode, Text, UserProperties};

/// The last packet of a connection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Disconnect {
    /// Reason Code; always `Success` (Normal disconnection) in 3.1.1.
    pub reason: ReasonCode,
    /// Properties (MQTT 5.0); `None` where there is none.
    pub properties: Option<Box<DisconnectProperties>>,
}

/// DISCONNECT Properties (3.14.2.2).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DisconnectProperties {
    /// Seconds; only from a client [MQTT-3.14.2-2].
    pub session_expiry_interval: Option<u32>,
    /// A sentence for people.
    pub reason_string: Option<Text>,
    /// User Properties.
    pub user_properties: UserProperties,
    /// Another server; only from a server.
    pub server_reference: Option<Text>,
}

impl Disconnect {
    /// A DISCONNECT with a Reason Code and nothing else.
    pub fn with(reason: ReasonCode) -> Self {
        Self { reason, properties: None }
    }
}

/// Table 3-10: who may say which [MQTT-3.14.2-1].
pub(super) fn allows(reason: ReasonCode, from: Sender) -> bool {
    use ReasonCode as R;
    match reason {
        R::Success
        | R::UnspecifiedError
        | R::MalformedPacket
        | R::ProtocolError
        | R::ImplementationSpecificError
        | R::TopicNameInvalid
        | R::ReceiveMaximumExceeded
        | R::TopicAliasInvalid
        | R::PacketTooLarge
        | R::MessageRateTooHigh
        | R::QuotaExceeded
        | R::AdministrativeAction
        | R::PayloadFormatInvalid => true,
        R::DisconnectWithWillMessage => from == Sender::Client,
        // 0x8C is named for DISCONNECT in the table of chapter 2.4 alone.
        R::NotAuthorized
        | R::ServerBusy
        | R::ServerShuttingDown
        | R::BadAuthenticationMethod
        | R::KeepAliveTimeout
        | R::SessionTakenOver
        | R::TopicFilterInvalid
        | R::RetainNotSupported
        | R::QoSNotSupported
        | R::UseAnotherServer
        | R::ServerMoved
        | R::SharedSubscriptionsNotSupported
        | R::ConnectionRateExceeded
        | R::MaximumConnectTime
        | R::SubscriptionIdentifiersNotSupported
        | R::WildcardSubscriptionsNotSupported => from == Sender::Server,
        _ => false,
    }
}

impl Disconnect {
    /// The code and the properties may be left out from the end (3.14.2.1, 3.14.2.2.1); in 3.1.1 they do not exist.
    pub(super) fn decode(version: ProtocolVersion, reader: &mut Reader) -> Result<Self, DecodeError> {
        let mut disconnect = Self::default();
        if version == ProtocolVersion::V311 || reader.is_empty() {
            return Ok(disconnect);
        }
        let from = reader.from();
        disconnect.reason = reader.reason(
            &|reason| allows(reason, from),
            "not a Reason Code of DISCONNECT from this side [MQTT-3.14.2-1]",
        )?;
        if reader.is_empty() {
            return Ok(disconnect);
        }
        disconnect.properties = property::read_boxed(reader)?;
        Ok(disconnect)
    }

    pub(super) fn put(&self, version: ProtocolVersion, out: &mut Sink<'_>) -> Result<(), EncodeError> {
        if version == ProtocolVersion::V311 {
            return Ok(());
        }
        // What is set must be sayable by one side; which side this is, nobody told.
        let from = |side| {
            let properties = self.properties.as_ref();
            let foreign = match side {
                Sender::Client => properties.is_some_and(|p| p.server_reference.is_some()),
                Sender::Server => properties.is_some_and(|p| p.session_expiry_interval.is_some()),
            };
            allows(self.reason, side) && !foreign
        };
        if !from(Sender::Client) && !from(Sender::Server) {
            return Err(EncodeError::NotInVersion("a DISCONNECT that neither side may send"));
        }
        match &self.properties {
            None if self.reason == ReasonCode::Success => Ok(()),
            None => {
                out.u8(self.reason as u8);
                Ok(())
            }
            Some(properties) => {
                out.u8(self.reason as u8);
                property::put(properties.as_ref(), out)
            }
        }
    }
}

impl Properties for DisconnectProperties {
    fn field(&mut self, property: Property) -> Option<Field<'_>> {
        Some(match property {
            Property::SessionExpiryInterval => Field::U32(&mut self.session_expiry_interval),
            Property::ReasonString => Field::Text(&mut self.reason_string),
            Property::UserProperty => Field::Pairs(&mut self.user_properties),
            Property::ServerReference => Field::Text(&mut self.server_reference),
            _ => return None,
        })
    }

    fn put(&self, out: &mut Sink<'_>) -> Result<(), EncodeError> {
        property::put_u32(out, Property::SessionExpiryInterval, self.session_expiry_interval);
        property::put_text(out, Property::ReasonString, self.reason_string.as_ref())?;
        property::put_user(out, &self.user_properties)?;
        property::put_text(out, Property::ServerReference, self.server_reference.as_ref())
    }
}
