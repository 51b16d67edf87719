//! What a client reports, and what it asks of its caller.

use crate::{
    ConnAckProperties, DecodeError, Publish, PublishProperties, QoS, ReasonCode, Text, TopicFilter, TopicName,
};
use bytes::Bytes;
use std::time::Duration;

use super::PublishError;

/// Names one call of `publish`, `subscribe` or `unsubscribe` in the events that answer it. Never reused by a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub(super) u64);

/// Where the client is. Times are since the caller's origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// At rest until [`connect`](super::Client::connect).
    Disconnected,
    /// Between two attempts.
    Waiting {
        /// When the next attempt begins.
        until: Duration,
        /// Its number, from 1, since the last stable connection.
        attempt: u32,
    },
    /// The caller opens the transport.
    Opening {
        /// When patience ends.
        until: Duration,
    },
    /// CONNECT is on its way, CONNACK awaited.
    Connecting {
        /// When patience ends.
        until: Duration,
    },
    /// CONNACK has come.
    Connected {
        /// When it came.
        since: Duration,
    },
}

/// What the caller does to its transport, in the order given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Open a transport; answer with `handle_opened` or `handle_closed`.
    Open,
    /// Send these bytes, whole packets all of them.
    Send(Bytes),
    /// Close the transport once what was sent before is out, and report nothing more of it: it is over for the client.
    Close,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The server accepted the connection.
    Connected(Box<Connected>),
    /// The server's CONNACK refused it.
    Refused(Box<Refused>),
    /// An attempt or a connection ended, other than by a refusal.
    Disconnected {
        /// Why.
        cause: Cause,
        /// Whether the client leaves it at that, though its options let it reconnect.
        terminal: bool,
    },
    /// The next attempt is scheduled.
    Reconnecting {
        /// When, since the caller's origin.
        at: Duration,
        /// Its number, from 1, since the last stable connection.
        attempt: u32,
    },
    /// A message for one of the subscriptions.
    Message(Message),
    /// A message got its last acknowledgement; at `QoS` 0, it is among the bytes to send.
    Published {
        /// Of the call.
        token: Token,
        /// Of PUBACK, PUBREC or PUBCOMP; an error among them ended the flow.
        reason: ReasonCode,
        /// The server's sentence for people.
        reason_string: Option<Text>,
    },
    /// A message that `publish` had accepted is not going to be published by this client.
    GivenUp {
        /// Of the call.
        token: Token,
        /// Why.
        why: GivenUp,
    },
    /// SUBSCRIBE was answered.
    Subscribed(Subscribed),
    /// UNSUBSCRIBE was answered.
    Unsubscribed {
        /// Of the call.
        token: Token,
        /// Each filter and its Reason Code; in 3.1.1 all `Success`.
        results: Vec<(TopicFilter, ReasonCode)>,
    },
}

/// The server's acceptance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connected {
    /// Whether the server resumed the session.
    pub session_present: bool,
    /// Client Identifier in force: the options' own, or the assigned one.
    pub client_id: Text,
    /// Keep Alive in force, in seconds.
    pub keep_alive: u16,
    /// Whatever else CONNACK said. MQTT 5.0.
    pub properties: ConnAckProperties,
}

/// The server's refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Connect Reason Code; 3.1.1's return codes are translated.
    pub reason: ReasonCode,
    /// Whether asking again as before is futile, so that the client does not.
    pub terminal: bool,
    /// The server's sentence for people.
    pub reason_string: Option<Text>,
    /// The server to use instead.
    pub server_reference: Option<Text>,
}

/// Why an attempt or a connection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The caller called `disconnect`.
    Requested,
    /// The server sent DISCONNECT.
    Server {
        /// Its Reason Code.
        reason: ReasonCode,
        /// Its sentence for people.
        reason_string: Option<Text>,
        /// The server to use instead.
        server_reference: Option<Text>,
    },
    /// The transport could not be opened.
    OpenFailed,
    /// The transport ended without a DISCONNECT.
    ConnectionLost,
    /// The transport did not open, or CONNACK did not come, in time.
    ConnectTimeout,
    /// No sign of life after a PINGREQ.
    KeepAliveTimeout,
    /// The server broke the protocol, or our limits.
    Violation(DecodeError),
}

/// Why an accepted message is not going to be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GivenUp {
    /// The server that was reached since does not take it.
    Refused(PublishError),
    /// The server lost the session after it had received the message at `QoS` 2 and before it completed the flow: it
    /// may have published it, so that publishing it anew could double it.
    SessionLost,
}

/// The answer to a SUBSCRIBE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscribed {
    /// Of the call; `None` where the client subscribed again by itself after the server had lost the session.
    pub token: Option<Token>,
    /// Each filter and its Reason Code: the granted `QoS`, or an error, after which the filter is not remembered.
    pub results: Vec<(TopicFilter, ReasonCode)>,
    /// The server's sentence for people.
    pub reason_string: Option<Text>,
}

/// An Application Message, either way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Topic Name; a Topic Alias is resolved.
    pub topic: TopicName,
    /// Application Message, as it came.
    pub payload: Bytes,
    /// `QoS`.
    pub qos: QoS,
    /// RETAIN.
    pub retain: bool,
    /// Whether an incoming message may be a re-delivery; `publish` does not read it.
    pub dup: bool,
    /// Properties (MQTT 5.0), without Topic Alias.
    pub properties: Option<Box<PublishProperties>>,
}

impl Message {
    /// A message at `QoS` 0, not retained.
    pub fn new(topic: TopicName, payload: Bytes) -> Self {
        Self { topic, payload, qos: QoS::AtMostOnce, retain: false, dup: false, properties: None }
    }

    pub(super) fn from_publish(publish: Publish, topic: TopicName) -> Self {
        Self {
            topic,
            payload: publish.payload,
            qos: publish.delivery.qos(),
            retain: publish.retain,
            dup: publish.dup,
            properties: publish.properties,
        }
    }
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Requested => f.write_str("disconnected on request"),
            Self::Server { reason, reason_string: Some(text), .. } => {
                write!(f, "the server disconnected: {reason:?} ({text})")
            }
            Self::Server { reason, .. } => write!(f, "the server disconnected: {reason:?}"),
            Self::OpenFailed => f.write_str("the server could not be reached"),
            Self::ConnectionLost => f.write_str("the connection was lost"),
            Self::ConnectTimeout => f.write_str("the server did not answer in time"),
            Self::KeepAliveTimeout => f.write_str("the server fell silent"),
            Self::Violation(error) => write!(f, "the server broke the protocol: {error}"),
        }
    }
}
