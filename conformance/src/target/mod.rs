//! What scripts are played against.

mod core;
mod secure;
mod socket;
mod url;

pub use self::core::Core;
pub use self::socket::Socket;
pub use self::url::Url;

use std::time::Duration;

/// A broker.
pub trait Target {
    /// Opens a Network Connection.
    ///
    /// # Errors
    /// A sentence, where the broker cannot be reached.
    fn open(&self) -> Result<Box<dyn Wire>, String>;

    /// Lets time pass: really, or on a virtual clock.
    fn advance(&self, time: Duration);

    /// How it is reached.
    fn transport(&self) -> Transport;
}

/// A Network Connection, seen from the client.
pub trait Wire {
    /// Writes all bytes. A broker that has closed the connection is no error: the script finds out by reading.
    fn write(&mut self, bytes: &[u8]);

    /// Writes something that only WebSocket knows; nothing over other transports.
    fn write_frames(&mut self, _frames: Frames<'_>) {}

    /// Waits for bytes, at most so long (a virtual clock does not wait at all).
    fn read(&mut self, patience: Duration) -> Read;

    /// Ends the connection without a word and waits until the broker has noticed.
    fn vanish(&mut self);
}

/// What only WebSocket knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frames<'a> {
    /// A text message, which MQTT does not allow [MQTT-6.0.0-1].
    Text(&'a str),
    /// A binary message without a byte.
    Empty,
    /// A binary message in fragments of so many bytes, with a Ping behind the first.
    Fragments(&'a [u8], usize),
}

/// What reading gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// Some bytes, at least one.
    Bytes(Vec<u8>),
    /// The broker closed the connection.
    Closed,
    /// Nothing in the given time.
    Quiet,
    /// Something that MQTT does not allow on this transport.
    Nonsense(String),
}

/// How a broker is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transport {
    /// In this process, on a virtual clock.
    Memory,
    /// TCP.
    Tcp,
    /// TLS over TCP.
    Tls,
    /// WebSocket.
    WebSocket,
    /// WebSocket over TLS.
    SecureWebSocket,
}

impl Transport {
    /// As shown to people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Tcp => "tcp",
            Self::Tls => "tls",
            Self::WebSocket => "websocket",
            Self::SecureWebSocket => "secure-websocket",
        }
    }

    /// Whether MQTT travels in WebSocket messages.
    pub fn is_websocket(self) -> bool {
        matches!(self, Self::WebSocket | Self::SecureWebSocket)
    }
}
