//! Bytes into packets: which file reads which type.

use super::{Ack, Auth, ConnAck, Connect, Disconnect, Publish, SubAck, Subscribe, UnsubAck, Unsubscribe};
use crate::decoder::Sender;
use crate::wire::Reader;
use crate::{DecodeError, Packet, PacketType, ProtocolVersion};

/// A CONNECT, to the last byte [MQTT-3.1.4-1], whose version is told to `version` as soon as it is read: an error behind it can be answered.
pub(crate) fn decode_connect(
    reader: &mut Reader,
    version: &mut Option<ProtocolVersion>,
) -> Result<Packet, DecodeError> {
    let asked = ProtocolVersion::decode(reader)?;
    *version = Some(asked);
    let connect = Connect::decode(asked, reader)?;
    reader.end()?;
    Ok(Packet::Connect(Box::new(connect)))
}

/// Any other packet: all behind its Fixed Header, to the last byte. PUBLISH needs no look at the end: its payload
/// is all that is left.
#[inline]
pub(crate) fn decode_body(
    packet: PacketType,
    first: u8,
    version: ProtocolVersion,
    from: Sender,
    reader: &mut Reader,
) -> Result<Packet, DecodeError> {
    let decoded = match packet {
        PacketType::Publish => return Publish::decode(first, version, from, reader).map(Packet::Publish),
        PacketType::Connect => return Err(reader.protocol("a second CONNECT [MQTT-3.1.0-2]")),
        PacketType::ConnAck => Packet::ConnAck(Box::new(ConnAck::decode(version, reader)?)),
        PacketType::PubAck => Packet::PubAck(Ack::decode(packet, version, reader)?),
        PacketType::PubRec => Packet::PubRec(Ack::decode(packet, version, reader)?),
        PacketType::PubRel => Packet::PubRel(Ack::decode(packet, version, reader)?),
        PacketType::PubComp => Packet::PubComp(Ack::decode(packet, version, reader)?),
        PacketType::Subscribe => Packet::Subscribe(Subscribe::decode(version, reader)?),
        PacketType::SubAck => Packet::SubAck(SubAck::decode(version, reader)?),
        PacketType::Unsubscribe => Packet::Unsubscribe(Unsubscribe::decode(version, reader)?),
        PacketType::UnsubAck => Packet::UnsubAck(UnsubAck::decode(version, reader)?),
        PacketType::PingReq => Packet::PingReq,
        PacketType::PingResp => Packet::PingResp,
        PacketType::Disconnect => Packet::Disconnect(Disconnect::decode(version, from, reader)?),
        PacketType::Auth => Packet::Auth(Auth::decode(from, reader)?),
    };
    reader.end()?;
    Ok(decoded)
}
