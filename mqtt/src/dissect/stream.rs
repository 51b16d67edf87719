//! One direction of a connection, split into packets.

use super::{Sender, dissect, packet_len};
use crate::ProtocolVersion;

/// Splits what one side sent into whole packets.
///
/// A stream whose beginning is missing finds its feet again: it waits for a piece that is nothing but packets without a
/// fault, which most pieces are, since a sender writes whole packets.
#[derive(Debug)]
pub struct Stream {
    from: Sender,
    /// What waits for the rest of its packet.
    buffer: Vec<u8>,
    /// Whether the next byte is a packet's first.
    in_step: bool,
    maximum: usize,
    skipped: usize,
}

impl Stream {
    /// What `from` sends, from a connection's first byte on. A packet of more than `maximum` bytes is passed over.
    pub fn new(from: Sender, maximum: usize) -> Self {
        Self { from, buffer: Vec::new(), in_step: true, maximum, skipped: 0 }
    }

    /// What came before the next piece is lost.
    pub fn lose(&mut self) {
        self.skipped += self.buffer.len();
        self.buffer.clear();
        self.in_step = false;
    }

    /// Bytes that could not be told apart.
    pub fn skipped(&self) -> usize {
        self.skipped
    }

    /// Bytes of a packet that has not come whole.
    pub fn waiting(&self) -> usize {
        self.buffer.len()
    }

    /// The packets that this piece ends. Behind a Remaining Length that is none nobody knows where a packet begins: what
    /// is there counts as one packet, and the stream is lost.
    pub fn feed(&mut self, piece: &[u8], version: ProtocolVersion) -> Vec<Vec<u8>> {
        if !self.in_step {
            return self.find_step(piece, version);
        }
        self.buffer.extend_from_slice(piece);
        let mut packets = Vec::new();
        let mut start = 0;
        while start < self.buffer.len() {
            let rest = &self.buffer[start..];
            match packet_len(rest) {
                Ok(Some(length)) if length > self.maximum => {
                    self.lose();
                    return packets;
                }
                Ok(Some(length)) if length <= rest.len() => {
                    packets.push(rest[..length].to_vec());
                    start += length;
                }
                Ok(_) => break,
                Err(_) => {
                    packets.push(rest.to_vec());
                    self.buffer.clear();
                    self.in_step = false;
                    return packets;
                }
            }
        }
        self.buffer.drain(..start);
        packets
    }

    /// Whether this piece is nothing but whole packets of `version` without a fault.
    pub fn fits(&self, piece: &[u8], version: ProtocolVersion) -> bool {
        self.whole(piece, version).is_some()
    }

    fn find_step(&mut self, piece: &[u8], version: ProtocolVersion) -> Vec<Vec<u8>> {
        if let Some(packets) = self.whole(piece, version) {
            self.in_step = true;
            return packets;
        }
        self.skipped += piece.len();
        Vec::new()
    }

    fn whole(&self, piece: &[u8], version: ProtocolVersion) -> Option<Vec<Vec<u8>>> {
        let mut alone = Self::new(self.from, self.maximum);
        let packets = alone.feed(piece, version);
        let is_whole = alone.in_step && alone.buffer.is_empty() && !packets.is_empty();
        let fits = |packet: &Vec<u8>| dissect(packet, version, self.from).fault.is_none();
        (is_whole && packets.iter().all(fits)).then_some(packets)
    }
}
