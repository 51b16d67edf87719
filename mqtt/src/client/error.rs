//! Calls that are turned down at once. Blame: the caller, or what the server announced in CONNACK.

use crate::{EncodeError, ReasonCode};

/// Why a message was not taken. Nothing was sent or queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublishError {
    /// `QoS` 0 without a connection: at most once is not kept for later. Publish when connected, or at `QoS` 1.
    NotConnected,
    /// [`Limits`](super::Limits) of queued messages or bytes is reached. Wait for `Published` events.
    QueueFull,
    /// CONNACK said that the server does not take it: `QoSNotSupported` or `RetainNotSupported`.
    Unsupported(ReasonCode),
    /// A property that a client does not set: a Subscription Identifier [MQTT-3.3.4-6], or a Topic Alias, which this
    /// client does not use.
    Property(&'static str),
    /// The packet has no bytes in this protocol version, or is larger than the server's Maximum Packet Size
    /// [MQTT-3.2.2-15].
    Encode(EncodeError),
}

/// Why SUBSCRIBE or UNSUBSCRIBE was not taken. Nothing was sent or queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubscribeError {
    /// Not a single filter [MQTT-3.8.3-2] [MQTT-3.10.3-2].
    Empty,
    /// [`Limits`](super::Limits) of subscriptions or of requests is reached.
    TooMany,
    /// No Local with a Shared Subscription [MQTT-3.8.3-4].
    NoLocalShared,
    /// A Subscription Identifier outside 1 to 268,435,455.
    Identifier,
    /// CONNACK said that the server does not take it: wildcards, Shared Subscriptions or Subscription Identifiers.
    Unsupported(ReasonCode),
    /// The packet has no bytes in this protocol version, or is larger than the server's Maximum Packet Size
    /// [MQTT-3.2.2-15].
    Encode(EncodeError),
}

/// Why DISCONNECT was not sent. The connection stands as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DisconnectError {
    /// A Session Expiry Interval where CONNECT's was 0 (3.14.2.2.2 of MQTT 5.0).
    SessionExpiry,
    /// The packet has no bytes in this protocol version, or is larger than the server's Maximum Packet Size
    /// [MQTT-3.2.2-15].
    Encode(EncodeError),
}

impl std::fmt::Display for PublishError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotConnected => f.write_str("not connected; QoS 0 is not kept for later"),
            Self::QueueFull => f.write_str("too many messages wait to be published"),
            Self::Unsupported(reason) => write!(f, "the server does not take it: {reason:?}"),
            Self::Property(name) => write!(f, "{name} is not for this client to set"),
            Self::Encode(error) => error.fmt(f),
        }
    }
}

impl std::fmt::Display for SubscribeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => f.write_str("no Topic Filter given"),
            Self::TooMany => f.write_str("too many subscriptions, or too many requests without an answer"),
            Self::NoLocalShared => f.write_str("No Local does not go with a Shared Subscription"),
            Self::Identifier => f.write_str("a Subscription Identifier is 1 to 268,435,455"),
            Self::Unsupported(reason) => write!(f, "the server does not take it: {reason:?}"),
            Self::Encode(error) => error.fmt(f),
        }
    }
}

impl std::fmt::Display for DisconnectError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::SessionExpiry => f.write_str("a session that began with expiry 0 cannot be given another"),
            Self::Encode(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for PublishError {}
impl std::error::Error for SubscribeError {}
impl std::error::Error for DisconnectError {}
