//! The incremental decoder.

use crate::packet::{Decode, decode_from_client, decode_from_server};
use crate::sender::Sender;
use crate::wire::{self, InvalidVarint, Reader};
use crate::{DecodeError, Packet, PacketType, ProtocolVersion, QoS, ReasonCode};
use bytes::{Buf, BytesMut};

/// Turns pieces of a byte stream into Control Packets. Holds at most one maximum packet size of undecoded bytes plus
/// the last piece, if [`Decoder::decode`] is called until it gives `Ok(None)` before the next piece is fed. Nothing is
/// allocated from a length that a peer declares.
///
/// A packet's lists (User Properties, subscriptions, Reason Codes) grow as their bytes are read: at worst to some 25
/// bytes of memory for each byte of the packet, so the maximum packet size bounds them too.
///
/// The texts and payloads of a packet are slices of the piece that it came in: who keeps a small one for long copies
/// it, or it keeps the piece alive.
#[derive(Debug)]
pub struct Decoder {
    buffer: BytesMut,
    from: Sender,
    decode: Decode,
    version: Option<ProtocolVersion>,
    maximum: usize,
    failed: Option<DecodeError>,
}

impl Decoder {
    /// A server's decoder: the first packet must be CONNECT, which also tells the version. `maximum` is the largest
    /// whole packet in bytes.
    pub fn server(maximum: usize) -> Self {
        Self::new(Sender::Client, decode_from_client, None, maximum)
    }

    /// A client's decoder, for the version it sent in CONNECT.
    pub fn client(version: ProtocolVersion, maximum: usize) -> Self {
        Self::new(Sender::Server, decode_from_server, Some(version), maximum)
    }

    /// A decoder of packets that `from` sends, behind the CONNECT.
    pub(crate) fn after_connect(from: Sender, version: ProtocolVersion, maximum: usize) -> Self {
        let decode = match from {
            Sender::Client => decode_from_client,
            Sender::Server => decode_from_server,
        };
        Self::new(from, decode, Some(version), maximum)
    }

    fn new(from: Sender, decode: Decode, version: Option<ProtocolVersion>, maximum: usize) -> Self {
        Self { buffer: BytesMut::new(), from, decode, version, maximum, failed: None }
    }

    /// The version, once known: a server's decoder knows it from the Protocol Version byte on, even when the rest of
    /// that CONNECT is refused, so that the refusal can be answered in the client's version.
    pub fn version(&self) -> Option<ProtocolVersion> {
        self.version
    }

    /// The buffer to append the next piece to.
    pub fn buffer(&mut self) -> &mut BytesMut {
        &mut self.buffer
    }

    /// Appends a piece of the stream.
    pub fn feed(&mut self, piece: &[u8]) {
        self.buffer.extend_from_slice(piece);
    }

    /// The next whole packet; `Ok(None)` until more bytes come.
    ///
    /// # Errors
    /// [`DecodeError`]; it is final: every later call gives it again, and drops what was fed since.
    pub fn decode(&mut self) -> Result<Option<Packet>, DecodeError> {
        if self.failed.is_none() {
            match self.next() {
                Ok(packet) => return Ok(packet),
                Err(error) => self.failed = Some(error),
            }
        }
        self.buffer = BytesMut::new();
        self.failed.map_or(Ok(None), Err)
    }

    fn next(&mut self) -> Result<Option<Packet>, DecodeError> {
        let Some(first) = self.buffer.first().copied() else { return Ok(None) };
        let packet = self.header(first)?;
        let (length, digits) = match wire::varint(&self.buffer[1..]) {
            Ok(Some(found)) => found,
            Ok(None) => return Ok(None),
            Err(InvalidVarint) => {
                let rule =
                    "the Remaining Length has a fifth byte or is not in its shortest form [MQTT-1.5.5-1]";
                return Err(DecodeError::Malformed { packet: Some(packet), rule });
            }
        };
        let size = 1 + digits + length;
        if size > self.maximum {
            return Err(DecodeError::TooLarge { size, maximum: self.maximum });
        }
        if self.buffer.len() < size {
            return Ok(None);
        }
        self.buffer.advance(1 + digits);
        let mut reader = Reader::new(packet, self.from, self.buffer.split_to(length).freeze());
        (self.decode)(first, &mut self.version, &mut reader).map(Some)
    }

    /// What the first byte alone allows: the type, its flags, its direction and its turn.
    pub(crate) fn header(&self, first: u8) -> Result<PacketType, DecodeError> {
        let Some(packet) = PacketType::from_first_byte(first) else {
            return Err(DecodeError::Malformed { packet: None, rule: "packet type 0 is forbidden (2.1.2)" });
        };
        let malformed = |rule| DecodeError::Malformed { packet: Some(packet), rule };
        let protocol = |rule| DecodeError::Protocol { packet, rule, reason: ReasonCode::ProtocolError };
        flags(packet, first).map_err(malformed)?;
        match (self.from, self.version, packet) {
            (Sender::Client, None, PacketType::Connect) => {}
            (Sender::Client, None, _) => {
                return Err(protocol("the first packet is not CONNECT [MQTT-3.1.0-1]"));
            }
            (Sender::Client, Some(_), PacketType::Connect) => {
                return Err(protocol("a second CONNECT [MQTT-3.1.0-2]"));
            }
            (_, Some(ProtocolVersion::V311), PacketType::Auth) => {
                return Err(DecodeError::Malformed {
                    packet: None,
                    rule: "packet type 15 is forbidden in MQTT 3.1.1 (2.2.1)",
                });
            }
            (
                Sender::Client,
                _,
                PacketType::ConnAck | PacketType::SubAck | PacketType::UnsubAck | PacketType::PingResp,
            ) => return Err(protocol("only a server sends this packet (2.1.2)")),
            (
                Sender::Server,
                _,
                PacketType::Connect | PacketType::Subscribe | PacketType::Unsubscribe | PacketType::PingReq,
            ) => return Err(protocol("only a client sends this packet (2.1.2)")),
            (Sender::Server, Some(ProtocolVersion::V311), PacketType::Disconnect) => {
                return Err(protocol("only a client sends DISCONNECT in MQTT 3.1.1 (2.2.1)"));
            }
            _ => {}
        }
        Ok(packet)
    }
}

/// The flags of the Fixed Header [MQTT-2.1.3-1] [MQTT-2.2.2-1 (3.1.1)] [MQTT-2.2.2-2 (3.1.1)].
fn flags(packet: PacketType, first: u8) -> Result<(), &'static str> {
    let flags = first & 0x0F;
    match packet {
        PacketType::Publish => match QoS::from_u8(flags >> 1 & 0b11) {
            None => Err("both QoS bits are set [MQTT-3.3.1-4]"),
            Some(QoS::AtMostOnce) if flags & 0b1000 != 0 => Err("DUP at QoS 0 [MQTT-3.3.1-2]"),
            Some(_) => Ok(()),
        },
        PacketType::PubRel | PacketType::Subscribe | PacketType::Unsubscribe if flags != 0b0010 => {
            Err("reserved flags are not 0010 [MQTT-3.6.1-1] [MQTT-3.8.1-1] [MQTT-3.10.1-1]")
        }
        PacketType::PubRel | PacketType::Subscribe | PacketType::Unsubscribe => Ok(()),
        // [MQTT-3.14.1-1] [MQTT-3.15.1-1]
        _ if flags != 0 => Err("reserved flags are not 0000 [MQTT-2.1.3-1] [MQTT-2.2.2-2 (3.1.1)]"),
        _ => Ok(()),
    }
}
