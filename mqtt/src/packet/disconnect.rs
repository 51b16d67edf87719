//! DISCONNECT (chapter 3.14): from either side in MQTT 5.0, from a client in 3.1.1.

use crate::{ReasonCode, Text, UserProperties};

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
