//! What goes in beside packets, and what comes out.

use crate::{Comparison, Record, RecordId};
use bytes::Bytes;
use headcount_mqtt::Text;
use std::time::Duration;

/// A reading of both clocks, taken by the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Now {
    /// Since an arbitrary origin; never goes back. Keep Alive, expiry and delays are measured with it.
    pub monotonic: Duration,
    /// Since 1970-01-01T00:00:00Z. Only shown to people, and written to storage.
    pub unix: Duration,
}

impl Now {
    /// The monotonic reading at a moment of the calendar that is over, as far as that clock goes back.
    ///
    /// A caller that restores lets its monotonic clock begin at the time since 1970, so that it goes back far enough.
    pub fn monotonic_at(&self, unix: Duration) -> Duration {
        self.monotonic.saturating_sub(self.unix.saturating_sub(unix))
    }

    /// The monotonic reading at a moment to come; this moment where it is over.
    pub(crate) fn until(&self, unix: Duration) -> Duration {
        self.monotonic + unix.saturating_sub(self.unix)
    }
}

/// A Network Connection, never used again within the life of a [`Broker`](crate::Broker).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// How a connection came here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transport {
    /// Plain TCP: `tcp` in events.
    Tcp,
    /// TLS over TCP: `tls`.
    Tls,
    /// WebSocket: `websocket`.
    WebSocket,
    /// WebSocket over TLS: `secure-websocket`.
    SecureWebSocket,
}

/// The other end of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// Address and port as shown in events: `127.0.0.1:53122`.
    pub address: String,
    /// The transport.
    pub transport: Transport,
    /// The account that the transport itself has proved: the common name of a client certificate, on a listener with
    /// `use_identity_as_username`. It stands in the place of CONNECT's User Name, which may be left out and must not
    /// differ; no password is asked for.
    pub account: Option<Text>,
}

impl Peer {
    /// A peer that has proved nothing yet.
    pub fn new(address: impl Into<String>, transport: Transport) -> Self {
        Self { address: address.into(), transport, account: None }
    }
}

/// What the caller is to do. Drain with [`Broker::poll_output`](crate::Broker::poll_output) after each `handle_*`, or
/// after a batch of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// There are bytes for this connection: fetch them with [`Broker::take_send`](crate::Broker::take_send) when it
    /// can be written to. Comes once until they are fetched, however many packets they are.
    Ready(ConnectionId),
    /// Write what [`Broker::take_send`](crate::Broker::take_send) still gives, then close. No `handle_closed` is
    /// expected for it.
    Close(ConnectionId),
    /// Check these credentials and answer with [`Broker::handle_authenticated`](crate::Broker::handle_authenticated).
    /// Packets of this connection wait in the core until then; stop reading from it.
    Authenticate {
        /// The connection that sent CONNECT.
        connection: ConnectionId,
        /// User Name, never absent: a client without one is judged by the realm's access rules alone.
        user_name: Text,
        /// Password, where it sent one.
        password: Option<Bytes>,
        /// What to compare it with, where the password file does not know the User Name and dynamic security is open.
        comparison: Option<Comparison>,
    },
    /// Hash these passwords, which dynamic security is to keep, and give the hashes in the same order to
    /// [`Broker::handle_hashed`](crate::Broker::handle_hashed).
    Hash {
        /// Names the answer.
        job: u64,
        /// Who asked for it.
        connection: ConnectionId,
        /// The passwords; at least one.
        passwords: Vec<Bytes>,
    },
    /// Make a name and a password for a device by chance that nobody can foresee, hash that, and give all of it to
    /// [`Broker::handle_credentials`](crate::Broker::handle_credentials).
    Credentials {
        /// Names the answer.
        job: u64,
        /// Who asked for it.
        connection: ConnectionId,
    },
    /// Read no more of this connection until [`Output::Resume`]: it publishes faster than it may.
    Pause(ConnectionId),
    /// Read again.
    Resume(ConnectionId),
    /// Store this. Nothing that promises it leaves before
    /// [`Broker::handle_persisted`](crate::Broker::handle_persisted) names its id. Only a durable realm has records.
    Persist(RecordId, Record),
}

/// Bytes to write in one system call, in order.
pub type Chunks = Vec<Bytes>;
