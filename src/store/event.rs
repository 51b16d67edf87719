//! What one message told: an [`Event`], whatever feed it came by.

use std::sync::Arc;

use super::{adapters::Adapter, clock::Millis};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A client was accepted.
    Connected,
    /// A client's connection ended.
    Disconnected,
    /// An attempt to connect failed.
    Refused,
    /// A rule refused a publish or a subscription.
    Denied,
    /// Two connections fight over one Client Identifier.
    Conflict,
    /// An event that this page has no name for; shown by the broker's own.
    Other(Box<str>),
    /// The payload could not be read; the text says why.
    Unreadable(Box<str>),
}

impl Kind {
    pub(crate) fn from_name(name: &str) -> Self {
        match name {
            "connected" => Self::Connected,
            "disconnected" => Self::Disconnected,
            "refused" => Self::Refused,
            "denied" => Self::Denied,
            "conflict" => Self::Conflict,
            other => Self::Other(other.into()),
        }
    }

    /// One lower-case word, for `data-kind` and for search: the wire's own, or `unreadable`.
    pub fn name(&self) -> &str {
        match self {
            Self::Connected => "connected",
            Self::Disconnected => "disconnected",
            Self::Refused => "refused",
            Self::Denied => "denied",
            Self::Conflict => "conflict",
            Self::Other(name) => name,
            Self::Unreadable(_) => "unreadable",
        }
    }
}

/// By which way the client came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Plain TCP.
    Tcp,
    /// TLS over TCP.
    Tls,
    /// WebSocket.
    WebSocket,
    /// WebSocket over TLS.
    SecureWebSocket,
    /// One that this page has no name for.
    Other(Box<str>),
}

impl Transport {
    pub(crate) fn from_name(name: &str) -> Self {
        match name {
            "tcp" => Self::Tcp,
            "tls" | "ssl" => Self::Tls,
            "websocket" | "ws" => Self::WebSocket,
            "secure-websocket" | "wss" => Self::SecureWebSocket,
            other => Self::Other(other.into()),
        }
    }

    /// The label: `TCP`, `TLS`, `WebSocket`, `Secure WebSocket`, or the broker's own word.
    pub fn label(&self) -> &str {
        match self {
            Self::Tcp => "TCP",
            Self::Tls => "TLS",
            Self::WebSocket => "WebSocket",
            Self::SecureWebSocket => "Secure WebSocket",
            Self::Other(name) => name,
        }
    }
}

/// The client that an event speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// Client Identifier, any UTF-8 and perhaps empty. The clients feed cuts it to 32 bytes.
    pub id: Arc<str>,
    /// The account: the user name, or `anonymous`.
    pub account: Arc<str>,
    /// Network address and port.
    pub address: Option<Arc<str>>,
    /// TCP, WebSocket, ….
    pub transport: Option<Transport>,
    /// Protocol version as the broker words it: `3.1.1`, `5.0`.
    pub protocol: Option<Arc<str>>,
    /// Keep Alive in seconds.
    pub keep_alive: Option<u32>,
    /// Clean Start (MQTT 5) or Clean Session (3.1.1).
    pub clean_start: Option<bool>,
}

/// Which feed told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// `$headcount/<account>/events`.
    Events,
    /// `<account>/clients`, as Adafruit IO publishes it.
    Feed,
    /// Another broker's own topics, or a device's word about itself.
    Other(Adapter),
}

impl Source {
    /// The adapter by which a device speaks of itself: its name is no Client Identifier that the broker vouches for.
    pub(crate) fn device(self) -> Option<Adapter> {
        match self {
            Self::Other(adapter) if adapter.is_device() => Some(adapter),
            _ => None,
        }
    }

    /// The feed's name on the page.
    pub fn label(self) -> &'static str {
        match self {
            Self::Events => "Headcount's events",
            Self::Feed => "the clients feed",
            Self::Other(adapter) => adapter.label(),
        }
    }
}

/// Where the time of an event is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timed {
    /// From the message: the broker's clock, or the device's.
    ByMessage,
    /// The message has none: it is the moment of its coming, by the page's clock.
    ByReceipt,
}

/// One fact, compact: what a row shows, and the bytes it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub kind: Kind,
    /// When, by the broker's clock; by the page's where the message has no time.
    pub at: Millis,
    /// Which of both.
    pub timed: Timed,
    /// When the message came, by the page's clock.
    pub received: Millis,
    /// The broker's number of the event, rising by one per realm.
    pub seq: Option<u64>,
    /// Why, in the broker's own word (`keep-alive-timeout`); see [`super::reason::words`].
    pub reason: Option<Box<str>>,
    /// Of whom.
    pub client: Client,
    /// When the connection began, where the message says so.
    pub started: Option<Millis>,
    /// How long an ended connection lasted, in milliseconds.
    pub lasted: Option<i64>,
    /// One line about what was denied, or about a conflict.
    pub detail: Option<Box<str>>,
    /// The Topic Name or Topic Filter that a rule refused.
    pub denied: Option<Box<str>>,
    /// Which feed told it.
    pub source: Source,
    /// The Topic Name it came by.
    pub topic: Arc<str>,
    /// The payload as it came.
    pub raw: Box<[u8]>,
}

impl Event {
    /// The payload for reading: indented JSON, or as it is where it is no JSON.
    pub fn pretty(&self) -> String {
        super::pretty::indent(&self.raw)
    }
}
