//! What values a field may have, for who reads packets field by field.

use super::{ack, auth, connack, connect, disconnect, suback, unsuback};
use crate::sender::Sender;
use crate::{PacketType, ProtocolVersion, ReasonCode};

/// Whether the standard lists this Reason Code for this packet, version and side.
pub(crate) fn reason_is_allowed(
    packet: PacketType,
    version: ProtocolVersion,
    from: Sender,
    reason: ReasonCode,
) -> bool {
    match packet {
        PacketType::ConnAck => connack::allows(reason),
        PacketType::SubAck => suback::allows(reason, version),
        PacketType::UnsubAck => unsuback::allows(reason),
        PacketType::Disconnect => disconnect::allows(reason, from),
        PacketType::Auth => auth::allows(reason, from),
        _ => ack::allows(packet, reason),
    }
}

/// Whether Connect Flags may stand together.
pub(crate) fn connect_flags_are_allowed(flags: u8, version: ProtocolVersion) -> bool {
    connect::check(flags, version).is_ok()
}
