//! One PUBLISH encoded once for many receivers.

use super::encode::{put_header, sized, whole};
use crate::wire::Sink;
use crate::{EncodeError, PacketId, PacketType, ProtocolVersion, Publish};
use bytes::{BufMut, Bytes, BytesMut};

/// A PUBLISH as bytes that all receivers of one protocol version, `QoS`, RETAIN and set of properties share; only DUP
/// and the Packet Identifier are each receiver's own.
///
/// At `QoS` 0 send [`EncodedPublish::bytes`] as they are. Above it, [`EncodedPublish::append`] copies all into an outbox,
/// or, for a payload worth sharing, [`EncodedPublish::append_head`] copies what stands before the payload and
/// [`EncodedPublish::payload`] is sent behind it.
#[derive(Debug, Clone)]
pub struct EncodedPublish {
    bytes: Bytes,
    /// Where the Packet Identifier stands; `None` at `QoS` 0.
    packet_id: Option<usize>,
    payload: usize,
}

/// DUP in the first byte of the Fixed Header.
const DUP: u8 = 0b1000;

impl EncodedPublish {
    /// Encodes. The Packet Identifier in `publish` holds a place only.
    ///
    /// # Errors
    /// Those of [`encode`](crate::encode).
    pub fn new(publish: &Publish, version: ProtocolVersion) -> Result<Self, EncodeError> {
        let mut count = Sink::default();
        publish.put(version, &mut count)?;
        let length = sized(count.len())?;
        let mut bytes = BytesMut::with_capacity(whole(length));
        let mut out = Sink::into(&mut bytes);
        put_header((PacketType::Publish as u8) << 4 | publish.flags(), length, &mut out);
        publish.put_topic(version, &mut out)?;
        let packet_id = publish.delivery.packet_id().map(|id| {
            let at = out.len();
            out.packet_id(id);
            at
        });
        publish.put_tail(version, &mut out)?;
        let payload = out.len() - publish.payload.len();
        Ok(Self { bytes: bytes.freeze(), packet_id, payload })
    }

    /// The whole packet, with the DUP and the Packet Identifier it was made with.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Size of the whole packet in bytes.
    #[allow(clippy::len_without_is_empty, reason = "a packet is never empty")]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The payload's share of the bytes.
    pub fn payload(&self) -> Bytes {
        self.bytes.slice(self.payload..)
    }

    /// Appends the whole packet with this receiver's DUP and Packet Identifier, which `QoS` 0 has none of.
    pub fn append(&self, dup: bool, packet_id: PacketId, out: &mut BytesMut) {
        self.append_to(self.bytes.len(), dup, packet_id, out);
    }

    /// Like [`EncodedPublish::append`], without the payload.
    pub fn append_head(&self, dup: bool, packet_id: PacketId, out: &mut BytesMut) {
        self.append_to(self.payload, dup, packet_id, out);
    }

    fn append_to(&self, end: usize, dup: bool, packet_id: PacketId, out: &mut BytesMut) {
        let start = out.len();
        out.put_slice(&self.bytes[..end]);
        if let Some(at) = self.packet_id {
            let own = &mut out[start..];
            own[at..at + 2].copy_from_slice(&packet_id.get().to_be_bytes());
            own[0] = own[0] & !DUP | if dup { DUP } else { 0 };
        }
    }
}
