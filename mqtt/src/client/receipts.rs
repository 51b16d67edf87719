//! Acknowledgements that the caller gives by hand: PUBACK leaves once the caller has done its part, in the order in
//! which the messages came [MQTT-4.6.0-2].
//!
//! Behind the feature `manual-acks`: a browser's client does without, and without its bytes.

use super::Client;
use crate::{Ack, Packet, PacketId};
use std::collections::VecDeque;
use std::time::Duration;

/// Names one message at `QoS` 1 that waits for [`Client::acknowledge`]. Never reused by a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Receipt(u64);

/// The messages of one connection without their PUBACK. As many as the client's Receive Maximum in 5.0, and as there
/// are Packet Identifiers in 3.1.1.
#[derive(Debug, Default)]
pub(super) struct Receipts {
    /// In the order they came; whether the caller is done with it.
    held: VecDeque<(PacketId, bool)>,
    /// Number of the last that came, over all connections.
    last: u64,
    /// Number of the last that the caller has fetched.
    fetched: u64,
}

impl Receipts {
    /// Whether the message with this identifier is with the caller.
    pub(super) fn has(&self, id: PacketId) -> bool {
        self.held.iter().any(|(held, _)| *held == id)
    }

    pub(super) fn hold(&mut self, id: PacketId) {
        self.held.push_back((id, false));
        self.last += 1;
    }

    pub(super) fn len(&self) -> usize {
        self.held.len()
    }

    /// A connection begins: what was not acknowledged comes again, so that receipts of before say nothing.
    pub(super) fn begin(&mut self) {
        self.held.clear();
    }

    /// The next PUBACK whose turn it is.
    fn due(&mut self) -> Option<PacketId> {
        self.held.pop_front_if(|(_, done)| *done).map(|(id, _)| id)
    }

    fn done(&mut self, receipt: Receipt) {
        let behind = self.last.saturating_sub(receipt.0);
        let at = usize::try_from(behind).ok().and_then(|behind| self.held.len().checked_sub(behind + 1));
        if let Some((_, done)) = at.and_then(|at| self.held.get_mut(at)) {
            *done = true;
        }
    }
}

impl Client {
    /// The receipt of the message that [`poll_event`](Self::poll_event) has just given, if that was one at `QoS` 1 and
    /// [`Options::manual_acks`](super::Options) is on: ask once after each of them.
    pub fn poll_receipt(&mut self) -> Option<Receipt> {
        let receipts = self.incoming.receipts.as_mut()?;
        if receipts.fetched == receipts.last {
            return None;
        }
        receipts.fetched += 1;
        Some(Receipt(receipts.fetched))
    }

    /// Lets the message go: its PUBACK leaves once every earlier message of the connection has been let go, too
    /// [MQTT-4.6.0-2]. Without effect on a later connection, where the server sends the message again.
    pub fn acknowledge(&mut self, now: Duration, receipt: Receipt) {
        if !self.is_connected() {
            return;
        }
        let Some(receipts) = &mut self.incoming.receipts else { return };
        receipts.done(receipt);
        while let Some(id) = self.incoming.receipts.as_mut().and_then(Receipts::due) {
            // [MQTT-4.3.2-4] (3.1.1: [MQTT-4.3.2-2])
            self.send(now, &Packet::PubAck(Ack::new(id)));
        }
    }
}
