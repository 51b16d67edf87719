//! AUTH (chapter 3.15), MQTT 5.0 alone.

use crate::property::{self, Field, Properties, Property};
use crate::sender::Sender;
use crate::wire::{Reader, Sink};
use crate::{DecodeError, EncodeError, ProtocolVersion, ReasonCode, Text, UserProperties};
use bytes::Bytes;

/// A step of enhanced authentication.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Auth {
    /// `Success`, `ContinueAuthentication` or `ReAuthenticate`.
    pub reason: ReasonCode,
    /// Properties.
    pub properties: AuthProperties,
}

/// AUTH Properties (3.15.2.2).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuthProperties {
    /// Authentication Method.
    pub authentication_method: Option<Text>,
    /// Authentication Data.
    pub authentication_data: Option<Bytes>,
    /// A sentence for people.
    pub reason_string: Option<Text>,
    /// User Properties.
    pub user_properties: UserProperties,
}

/// [MQTT-3.15.2-1] and table 3-13: who may say which.
pub(super) fn allows(reason: ReasonCode, from: Sender) -> bool {
    match reason {
        ReasonCode::Success => from == Sender::Server,
        ReasonCode::ContinueAuthentication => true,
        ReasonCode::ReAuthenticate => from == Sender::Client,
        _ => false,
    }
}

impl Auth {
    /// Without any byte: `Success` and no property (3.15.2.1).
    pub(super) fn decode(reader: &mut Reader) -> Result<Self, DecodeError> {
        let mut auth = Self::default();
        let from = reader.from();
        let rule = "not a Reason Code of AUTH from this side [MQTT-3.15.2-1]";
        if reader.is_empty() {
            return if allows(auth.reason, from) { Ok(auth) } else { Err(reader.protocol(rule)) };
        }
        auth.reason = reader.reason(&|reason| allows(reason, from), rule)?;
        property::read(reader, &mut auth.properties)?;
        if auth.properties.authentication_method.is_none() {
            return Err(reader.protocol("AUTH without an Authentication Method (3.15.2.2.2)"));
        }
        Ok(auth)
    }

    pub(super) fn put(&self, version: ProtocolVersion, out: &mut Sink<'_>) -> Result<(), EncodeError> {
        if version == ProtocolVersion::V311 {
            return Err(EncodeError::NotInVersion("AUTH"));
        }
        if !allows(self.reason, Sender::Client) && !allows(self.reason, Sender::Server) {
            return Err(EncodeError::NotInVersion("a Reason Code that AUTH does not have"));
        }
        if self == &Self::default() {
            return Ok(());
        }
        if self.properties.authentication_method.is_none() {
            return Err(EncodeError::NotInVersion("AUTH without an Authentication Method"));
        }
        out.u8(self.reason as u8);
        property::put(&self.properties, out)
    }
}

impl Properties for AuthProperties {
    fn field(&mut self, property: Property) -> Option<Field<'_>> {
        Some(match property {
            Property::AuthenticationMethod => Field::Text(&mut self.authentication_method),
            Property::AuthenticationData => Field::Binary(&mut self.authentication_data),
            Property::ReasonString => Field::Text(&mut self.reason_string),
            Property::UserProperty => Field::Pairs(&mut self.user_properties),
            _ => return None,
        })
    }

    fn put(&self, out: &mut Sink<'_>) -> Result<(), EncodeError> {
        let data = self.authentication_data.as_deref();
        property::put_text(out, Property::AuthenticationMethod, self.authentication_method.as_ref())?;
        property::put_binary(out, Property::AuthenticationData, "Authentication Data", data)?;
        property::put_text(out, Property::ReasonString, self.reason_string.as_ref())?;
        property::put_user(out, &self.user_properties)
    }
}
