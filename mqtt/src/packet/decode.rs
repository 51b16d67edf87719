//! Bytes into packets: which file reads which type. A function for each side, so that a program which is one of them
//! contains the packets of the other alone.

use super::{Ack, Auth, ConnAck, Connect, Disconnect, Publish, SubAck, Subscribe, UnsubAck, Unsubscribe};
use crate::wire::Reader;
use crate::{DecodeError, Packet, PacketType, ProtocolVersion};

/// Reads all behind a Fixed Header, whose first byte is given, to the last byte. The version is known, or becomes so.
pub(crate) type Decode = fn(u8, &mut Option<ProtocolVersion>, &mut Reader) -> Result<Packet, DecodeError>;

/// A packet from a client. A CONNECT, which comes first, is read to the last byte [MQTT-3.1.4-1] and tells the version as
/// soon as that is read: an error behind it can be answered.
pub(crate) fn decode_from_client(
    first: u8,
    version: &mut Option<ProtocolVersion>,
    reader: &mut Reader,
) -> Result<Packet, DecodeError> {
    let Some(version) = *version else {
        let asked = ProtocolVersion::decode(reader)?;
        *version = Some(asked);
        let connect = Connect::decode(asked, reader)?;
        reader.end()?;
        return Ok(Packet::Connect(Box::new(connect)));
    };
    let decoded = match reader.packet() {
        PacketType::Subscribe => Packet::Subscribe(Subscribe::decode(version, reader)?),
        PacketType::Unsubscribe => Packet::Unsubscribe(Unsubscribe::decode(version, reader)?),
        PacketType::PingReq => Packet::PingReq,
        _ => return decode_from_both(first, version, reader),
    };
    reader.end()?;
    Ok(decoded)
}

/// A packet from a server, to a client that knows the version.
pub(crate) fn decode_from_server(
    first: u8,
    version: &mut Option<ProtocolVersion>,
    reader: &mut Reader,
) -> Result<Packet, DecodeError> {
    let version = version.unwrap_or(ProtocolVersion::V5);
    let decoded = match reader.packet() {
        PacketType::ConnAck => Packet::ConnAck(Box::new(ConnAck::decode(version, reader)?)),
        PacketType::SubAck => Packet::SubAck(SubAck::decode(version, reader)?),
        PacketType::UnsubAck => Packet::UnsubAck(UnsubAck::decode(version, reader)?),
        PacketType::PingResp => Packet::PingResp,
        _ => return decode_from_both(first, version, reader),
    };
    reader.end()?;
    Ok(decoded)
}

/// What either side may send. PUBLISH needs no look at the end: its payload is all that is left.
#[inline]
fn decode_from_both(first: u8, version: ProtocolVersion, reader: &mut Reader) -> Result<Packet, DecodeError> {
    let packet = reader.packet();
    let decoded = match packet {
        PacketType::Publish => return Publish::decode(first, version, reader).map(Packet::Publish),
        PacketType::PubAck => Packet::PubAck(Ack::decode(version, reader)?),
        PacketType::PubRec => Packet::PubRec(Ack::decode(version, reader)?),
        PacketType::PubRel => Packet::PubRel(Ack::decode(version, reader)?),
        PacketType::PubComp => Packet::PubComp(Ack::decode(version, reader)?),
        PacketType::Disconnect => Packet::Disconnect(Disconnect::decode(version, reader)?),
        PacketType::Auth => Packet::Auth(Auth::decode(reader)?),
        // Its first byte has told already.
        _ => return Err(reader.protocol("only the other side sends this packet (2.1.2)")),
    };
    reader.end()?;
    Ok(decoded)
}
