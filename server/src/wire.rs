//! A transport as a connection sees it: bytes in, bytes out, a farewell.

use crate::outbox::Outbox;
use bytes::BytesMut;
use headcount_mqtt::ReasonCode;
use std::io;
use std::task::{Context, Poll};

/// The most that one turn reads before it is decoded and handed to the core: large enough for hundreds of packets,
/// small enough that one peer does not hold the core's lock for long.
pub(crate) const READ_SIZE: usize = 64 * 1024;

/// What a read gave.
#[derive(Debug)]
pub(crate) enum Arrival {
    /// Bytes were appended.
    Bytes,
    /// The peer has ended its side, or the transport failed. Bytes that came before may have been appended.
    End,
    /// The transport's own rules were broken: nothing more can be read, and the core is to say so with this reason.
    /// Bytes that came before may have been appended.
    Broken(ReasonCode),
}

/// A Network Connection that carries MQTT in both directions.
///
/// One task polls it; nothing here keeps a buffer while the peer is silent, as far as the transport allows.
pub(crate) trait Wire {
    /// Appends up to about [`READ_SIZE`] bytes to `stream`.
    fn poll_read(&mut self, cx: &mut Context<'_>, stream: &mut BytesMut) -> Poll<Arrival>;

    /// Writes all of `outbox`. Ready once everything has left; `progress` tells whether a pending write moved on.
    fn poll_write(
        &mut self,
        cx: &mut Context<'_>,
        outbox: &mut Outbox,
        progress: &mut bool,
    ) -> Poll<io::Result<()>>;

    /// Says the end and waits for the peer's, so that unread input does not turn the last bytes into a reset. The
    /// caller bounds the time.
    fn poll_farewell(&mut self, cx: &mut Context<'_>) -> Poll<()>;
}
