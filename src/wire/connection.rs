//! A connection of the page: its two streams, and what its CONNECT told.

use std::sync::Arc;

use headcount_mqtt::{
    PacketType, ProtocolVersion,
    dissect::{Sender, Stream},
};

use super::{
    packet::{Packet, Raw},
    piece::{Kind, Piece},
};

/// Bytes of a packet that is waited for. The notebook holds as much of all together.
const PACKET_MAX: usize = 4 << 20;

/// A connection that has not ended.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) number: u32,
    pub(super) client: Arc<str>,
    /// As CONNECT told, or as the packets themselves show.
    version: Option<ProtocolVersion>,
    sent: Stream,
    received: Stream,
}

impl Connection {
    /// A connection that begins.
    pub(super) fn new(number: u32) -> Self {
        Self {
            number,
            client: Arc::from(""),
            version: None,
            sent: Stream::new(Sender::Client, PACKET_MAX),
            received: Stream::new(Sender::Server, PACKET_MAX),
        }
    }

    /// What came before the next piece is lost.
    pub(super) fn lose(&mut self) {
        self.sent.lose();
        self.received.lose();
    }

    /// The packets that this piece ends.
    pub(super) fn feed(&mut self, piece: &Piece<'_>) -> Vec<Raw> {
        let (from, stream) = match piece.kind {
            Kind::Sent => (Sender::Client, &mut self.sent),
            Kind::Received => (Sender::Server, &mut self.received),
            Kind::Opened | Kind::Closed => return Vec::new(),
        };
        let is_connect = from == Sender::Client && piece.bytes.first() == Some(&0x10);
        if self.version.is_none() && !is_connect {
            let versions = [ProtocolVersion::V5, ProtocolVersion::V311];
            self.version = versions.into_iter().find(|version| stream.fits(piece.bytes, *version));
        }
        let version = self.version.unwrap_or(ProtocolVersion::V5);
        let packets = stream.feed(piece.bytes, version);
        let raw = |bytes: Vec<u8>| {
            let client = Arc::clone(&self.client);
            Raw { at: piece.at, connection: piece.connection, client, from, version, bytes }
        };
        packets.into_iter().map(raw).collect()
    }

    /// Learns from a packet whose connection this is, and tells the packets behind it.
    pub(super) fn learn(&mut self, packet: &Packet) {
        if packet.packet_type == Some(PacketType::Connect) {
            self.version = Some(packet.version);
            self.client = Arc::clone(&packet.client);
        } else if packet.packet_type == Some(PacketType::ConnAck)
            && let Some(id) = packet.dissect().field("Assigned Client Identifier")
        {
            self.client = Arc::from(id.value.as_str());
        }
    }
}
