//! The public face of the core.

use crate::{Chunks, Config, ConnectionId, Now, Output, Peer, RecordId};
use headcount_mqtt::{DecodeError, Packet, ProtocolVersion, ReasonCode};
use std::time::Duration;

/// One realm's broker.
#[derive(Debug)]
pub struct Broker {
    config: Config,
}

#[allow(unused_variables, clippy::unused_self, clippy::needless_pass_by_value)]
impl Broker {
    /// An empty broker.
    ///
    /// # Errors
    /// A sentence naming the rule's line where the access rules cannot be read.
    pub fn new(config: Config, now: Now) -> Result<Self, String> {
        Ok(Self { config })
    }

    /// A transport was opened; its first packet has to be CONNECT.
    pub fn handle_open(&mut self, now: Now, peer: Peer) -> ConnectionId {
        ConnectionId(0)
    }

    /// Bytes were read from it, whole packets or not: they are counted in the session's events.
    pub fn handle_received(&mut self, connection: ConnectionId, bytes: usize) {}

    /// A packet arrived. Packets of one connection come in order; ids of ended connections are ignored.
    pub fn handle_packet(&mut self, now: Now, connection: ConnectionId, packet: Packet) {}

    /// The connection's decoder gave up: says why to the client, then closes.
    ///
    /// `version` is what the decoder knows of it (`Decoder::version`): a CONNECT that is malformed behind its
    /// Protocol Version can still be answered.
    pub fn handle_decode_error(
        &mut self,
        now: Now,
        connection: ConnectionId,
        version: Option<ProtocolVersion>,
        error: DecodeError,
    ) {
    }

    /// The peer broke a rule of the transport, such as a text frame on a WebSocket: closes with this reason, which
    /// events then show.
    pub fn handle_transport_error(&mut self, now: Now, connection: ConnectionId, reason: ReasonCode) {}

    /// The transport ended or failed without a DISCONNECT: `connection-lost`.
    pub fn handle_closed(&mut self, now: Now, connection: ConnectionId) {}

    /// The answer to [`Output::Authenticate`]: `Ok` makes the User Name the account.
    ///
    /// An `Err` is the reason to refuse with: `BadUserNameOrPassword`, `NotAuthorized`, `Banned`, `ServerBusy`.
    pub fn handle_authenticated(
        &mut self,
        now: Now,
        connection: ConnectionId,
        verdict: Result<(), ReasonCode>,
    ) {
    }

    /// Time passed; call it when [`Broker::poll_timeout`] is due.
    pub fn handle_timeout(&mut self, now: Now) {}

    /// All records up to and including this one are stored.
    pub fn handle_persisted(&mut self, id: RecordId) {}

    /// Ends every connection with Server shutting down (0x8B).
    pub fn handle_shutdown(&mut self, now: Now) {}

    /// Publishes retained on behalf of the server itself, under `$headcount/` or `$SYS/`.
    pub fn publish_fact(&mut self, now: Now, topic: &str, payload: bytes::Bytes) {}

    /// The next thing to do.
    pub fn poll_output(&mut self) -> Option<Output> {
        None
    }

    /// When [`Broker::handle_timeout`] wants to be called, on the monotonic clock.
    pub fn poll_timeout(&mut self) -> Option<Duration> {
        None
    }

    /// Takes all bytes that may leave for this connection, appending to `chunks`; whether there were any.
    pub fn take_send(&mut self, now: Now, connection: ConnectionId, chunks: &mut Chunks) -> bool {
        let _ = &self.config;
        false
    }
}
