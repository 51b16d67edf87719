//! AUTH (chapter 3.15), MQTT 5.0 alone.

use crate::{ReasonCode, Text, UserProperties};
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
