//! Packets into bytes.

use crate::{EncodeError, Packet, ProtocolVersion};
use bytes::BytesMut;

/// Appends the packet's bytes to `out`.
///
/// # Errors
/// [`EncodeError`]; `out` is as it was.
pub fn encode(packet: &Packet, version: ProtocolVersion, out: &mut BytesMut) -> Result<(), EncodeError> {
    let _ = (packet, version, out);
    Err(EncodeError::NotInVersion("everything"))
}

/// Length of the whole packet in bytes.
///
/// # Errors
/// [`EncodeError`] where it has no bytes in this version.
pub fn encoded_len(packet: &Packet, version: ProtocolVersion) -> Result<usize, EncodeError> {
    let _ = (packet, version);
    Err(EncodeError::NotInVersion("everything"))
}
