//! Packets into bytes.

use crate::wire::{Sink, VARINT_MAX};
use crate::{EncodeError, Packet, PacketType, ProtocolVersion};
use bytes::BytesMut;

/// Appends the packet's bytes to `out`. What is appended, the other side's [`Decoder`](crate::Decoder) takes: a packet
/// that the standard forbids has no bytes.
///
/// In 3.1.1 the fields of 5.0 are left out, a SUBACK's errors become 0x80, and a CONNACK's Reason Code becomes the
/// return code that says the same.
///
/// # Errors
/// [`EncodeError`]; `out` is as it was. A CONNACK of 3.1.1 whose Reason Code no return code expresses is an error too:
/// the server then closes without one [MQTT-3.2.2-6 (3.1.1)].
pub fn encode(packet: &Packet, version: ProtocolVersion, out: &mut BytesMut) -> Result<(), EncodeError> {
    append(packet, put_from_any, version, out)
}

/// Length of the whole packet in bytes.
///
/// # Errors
/// [`EncodeError`] where it has no bytes in this version.
pub fn encoded_len(packet: &Packet, version: ProtocolVersion) -> Result<usize, EncodeError> {
    remaining_length(packet, put_from_any, version).map(whole)
}

/// [`encode`] for a packet that a client may send.
pub(crate) fn encode_from_client(
    packet: &Packet,
    version: ProtocolVersion,
    out: &mut BytesMut,
) -> Result<(), EncodeError> {
    append(packet, put_from_client, version, out)
}

/// [`encoded_len`] for a packet that a client may send.
pub(crate) fn encoded_len_from_client(
    packet: &Packet,
    version: ProtocolVersion,
) -> Result<usize, EncodeError> {
    remaining_length(packet, put_from_client, version).map(whole)
}

/// Writes all behind the Fixed Header. A function for each side, as for decoding: a client contains its packets alone.
type Put = fn(&Packet, ProtocolVersion, &mut Sink<'_>) -> Result<(), EncodeError>;

fn append(
    packet: &Packet,
    put: Put,
    version: ProtocolVersion,
    out: &mut BytesMut,
) -> Result<(), EncodeError> {
    let length = remaining_length(packet, put, version)?;
    let start = out.len();
    out.reserve(whole(length));
    let mut sink = Sink::into(out);
    put_header(first_byte(packet), length, &mut sink);
    put(packet, version, &mut sink).inspect_err(|_| out.truncate(start))
}

fn remaining_length(packet: &Packet, put: Put, version: ProtocolVersion) -> Result<usize, EncodeError> {
    let mut count = Sink::default();
    put(packet, version, &mut count)?;
    sized(count.len())
}

/// The Remaining Length itself, where a Variable Byte Integer can say it.
pub(super) fn sized(length: usize) -> Result<usize, EncodeError> {
    if length > VARINT_MAX {
        let header = whole(VARINT_MAX) - VARINT_MAX;
        return Err(EncodeError::TooLarge { size: header + length, maximum: header + VARINT_MAX });
    }
    Ok(length)
}

/// Size of the whole packet by its Remaining Length.
pub(super) fn whole(length: usize) -> usize {
    let mut header = Sink::default();
    put_header(0, length, &mut header);
    header.len() + length
}

pub(super) fn put_header(first: u8, length: usize, out: &mut Sink<'_>) {
    out.u8(first);
    out.varint(length);
}

fn first_byte(packet: &Packet) -> u8 {
    let flags = match packet {
        Packet::Publish(publish) => publish.flags(),
        // [MQTT-3.6.1-1] [MQTT-3.8.1-1] [MQTT-3.10.1-1]
        Packet::PubRel(_) | Packet::Subscribe(_) | Packet::Unsubscribe(_) => 0b0010,
        // [MQTT-2.1.3-1]
        _ => 0,
    };
    (packet.packet_type() as u8) << 4 | flags
}

fn put_from_any(packet: &Packet, version: ProtocolVersion, out: &mut Sink<'_>) -> Result<(), EncodeError> {
    match packet {
        Packet::ConnAck(connack) => connack.put(version, out),
        Packet::SubAck(suback) => suback.put(version, out),
        Packet::UnsubAck(unsuback) => unsuback.put(version, out),
        Packet::PingResp => Ok(()),
        _ => put_from_client(packet, version, out),
    }
}

fn put_from_client(packet: &Packet, version: ProtocolVersion, out: &mut Sink<'_>) -> Result<(), EncodeError> {
    match packet {
        Packet::Connect(connect) => connect.put(version, out),
        Packet::Publish(publish) => publish.put(version, out),
        Packet::PubAck(ack) => ack.put(PacketType::PubAck, version, out),
        Packet::PubRec(ack) => ack.put(PacketType::PubRec, version, out),
        Packet::PubRel(ack) => ack.put(PacketType::PubRel, version, out),
        Packet::PubComp(ack) => ack.put(PacketType::PubComp, version, out),
        Packet::Subscribe(subscribe) => subscribe.put(version, out),
        Packet::Unsubscribe(unsubscribe) => unsubscribe.put(version, out),
        Packet::PingReq => Ok(()),
        Packet::Disconnect(disconnect) => disconnect.put(version, out),
        Packet::Auth(auth) => auth.put(version, out),
        Packet::ConnAck(_) | Packet::SubAck(_) | Packet::UnsubAck(_) | Packet::PingResp => {
            Err(EncodeError::NotInVersion("a packet that only a server sends"))
        }
    }
}
