//! Fields of the wire: a bounded reader, and sinks to write into (chapter 1.5 of both standards).

use crate::sender::Sender;
use crate::text::{self, Text};
use crate::{
    DecodeError, EncodeError, InvalidTopic, PacketId, PacketType, ReasonCode, TopicFilter, TopicName,
};
use bytes::{Buf, Bytes, BytesMut};

/// The largest value of a Variable Byte Integer (1.5.5), and so of a Remaining Length.
pub(crate) const VARINT_MAX: usize = 268_435_455;

/// A Variable Byte Integer that is none: a fifth byte, or more bytes than its value needs.
pub(crate) struct InvalidVarint;

/// The Variable Byte Integer at the start of `bytes` and how many bytes it takes; `Ok(None)` where it is cut short.
///
/// 3.1.1 has no statement for the shortest form, but its table 2.4 gives each length its own range of values; so the
/// rule of 5.0 [MQTT-1.5.5-1] holds in both.
pub(crate) fn varint(bytes: &[u8]) -> Result<Option<(usize, usize)>, InvalidVarint> {
    let mut value = 0;
    for (at, byte) in bytes.iter().take(4).enumerate() {
        value |= usize::from(byte & 0x7F) << (7 * at);
        if byte & 0x80 == 0 {
            return if *byte == 0 && at > 0 { Err(InvalidVarint) } else { Ok(Some((value, at + 1))) };
        }
    }
    if bytes.len() >= 4 { Err(InvalidVarint) } else { Ok(None) }
}

/// Reads the fields of one packet, or of a part of it, and never past its end. What it hands out are slices of the
/// buffer that the packet came in.
pub(crate) struct Reader {
    bytes: Bytes,
    packet: PacketType,
    from: Sender,
}

impl Reader {
    pub(crate) fn new(packet: PacketType, from: Sender, bytes: Bytes) -> Self {
        Self { bytes, packet, from }
    }

    pub(crate) fn packet(&self) -> PacketType {
        self.packet
    }

    /// Which side sent the packet.
    pub(crate) fn from(&self) -> Sender {
        self.from
    }

    pub(crate) fn malformed(&self, rule: &'static str) -> DecodeError {
        DecodeError::Malformed { packet: Some(self.packet), rule }
    }

    pub(crate) fn protocol(&self, rule: &'static str) -> DecodeError {
        self.protocol_as(ReasonCode::ProtocolError, rule)
    }

    pub(crate) fn protocol_as(&self, reason: ReasonCode, rule: &'static str) -> DecodeError {
        DecodeError::Protocol { packet: self.packet, rule, reason }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The packet ends here: bytes left over belong to no field.
    pub(crate) fn end(&self) -> Result<(), DecodeError> {
        if self.is_empty() {
            Ok(())
        } else {
            Err(self.malformed("bytes are left over behind the last field"))
        }
    }

    /// All that is left.
    pub(crate) fn rest(&mut self) -> Bytes {
        std::mem::take(&mut self.bytes)
    }

    pub(crate) fn take(&mut self, length: usize) -> Result<Bytes, DecodeError> {
        if length > self.bytes.len() {
            return Err(self.cut_short());
        }
        Ok(self.bytes.split_to(length))
    }

    /// A reader of the next `length` bytes alone.
    pub(crate) fn sub(&mut self, length: usize) -> Result<Self, DecodeError> {
        Ok(Self { bytes: self.take(length)?, packet: self.packet, from: self.from })
    }

    pub(crate) fn u8(&mut self) -> Result<u8, DecodeError> {
        self.array().map(u8::from_be_bytes)
    }

    pub(crate) fn u16(&mut self) -> Result<u16, DecodeError> {
        self.array().map(u16::from_be_bytes)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, DecodeError> {
        self.array().map(u32::from_be_bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let array = *self.bytes.first_chunk().ok_or_else(|| self.cut_short())?;
        self.bytes.advance(N);
        Ok(array)
    }

    pub(crate) fn varint(&mut self) -> Result<usize, DecodeError> {
        match varint(&self.bytes) {
            Ok(Some((value, length))) => {
                self.bytes.advance(length);
                Ok(value)
            }
            Ok(None) => Err(self.cut_short()),
            Err(InvalidVarint) => {
                Err(self.malformed("a Variable Byte Integer is not in its shortest form [MQTT-1.5.5-1]"))
            }
        }
    }

    /// Binary Data (1.5.6).
    pub(crate) fn binary(&mut self) -> Result<Bytes, DecodeError> {
        let length = self.u16()?;
        self.take(length.into())
    }

    /// A UTF-8 Encoded String (1.5.4).
    pub(crate) fn text(&mut self) -> Result<Text, DecodeError> {
        let bytes = self.binary()?;
        Text::new(bytes).map_err(|error| self.topic_error(InvalidTopic::Text(error)))
    }

    /// A Topic Name that must be there.
    pub(crate) fn topic(&mut self) -> Result<TopicName, DecodeError> {
        let bytes = self.binary()?;
        TopicName::try_from(bytes).map_err(|error| self.topic_error(error))
    }

    /// A Topic Name, or none where it is empty. The way of every PUBLISH: judged where it lies, then taken.
    #[inline]
    pub(crate) fn topic_or_none(&mut self) -> Result<Option<TopicName>, DecodeError> {
        let Some((length, rest)) = self.bytes.split_first_chunk() else { return Err(self.cut_short()) };
        let length = usize::from(u16::from_be_bytes(*length));
        let plain = rest.get(..length).is_some_and(text::is_plain);
        if length == 0 {
            self.bytes.advance(2);
            return Ok(None);
        }
        if !plain {
            return self.topic().map(Some);
        }
        self.bytes.advance(2);
        Ok(Some(TopicName::plain(self.bytes.split_to(length))))
    }

    /// A Topic Filter. One that is no filter makes the whole packet malformed: Reason Code 0x8F is for filters that
    /// are well-formed and unwelcome.
    pub(crate) fn filter(&mut self) -> Result<TopicFilter, DecodeError> {
        let bytes = self.binary()?;
        TopicFilter::try_from(bytes).map_err(|error| self.topic_error(error))
    }

    /// A Packet Identifier. Zero can be parsed and is not allowed.
    pub(crate) fn packet_id(&mut self) -> Result<PacketId, DecodeError> {
        PacketId::new(self.u16()?)
            .ok_or_else(|| self.protocol("the Packet Identifier is 0 [MQTT-2.2.1-3] [MQTT-2.3.1-1 (3.1.1)]"))
    }

    /// One of the Reason Codes that the standard lists for this place.
    pub(crate) fn reason(
        &mut self,
        allowed: &dyn Fn(ReasonCode) -> bool,
        rule: &'static str,
    ) -> Result<ReasonCode, DecodeError> {
        let byte = self.u8()?;
        ReasonCode::from_u8(byte).filter(|code| allowed(*code)).ok_or_else(|| self.protocol(rule))
    }

    fn cut_short(&self) -> DecodeError {
        self.malformed("a field is cut short by the end of the packet")
    }

    fn topic_error(&self, error: InvalidTopic) -> DecodeError {
        self.malformed(error.rule())
    }
}

/// Where fields are written to: a buffer, or none where they are only counted. One description of a packet thus gives
/// both its length and its bytes.
#[derive(Default)]
pub(crate) struct Sink<'a> {
    out: Option<&'a mut BytesMut>,
    len: usize,
}

impl<'a> Sink<'a> {
    /// Appends to `out`.
    pub(crate) fn into(out: &'a mut BytesMut) -> Self {
        Self { out: Some(out), len: 0 }
    }

    /// How many bytes were written.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(crate) fn put(&mut self, bytes: &[u8]) {
        self.len += bytes.len();
        if let Some(out) = &mut self.out {
            out.extend_from_slice(bytes);
        }
    }

    pub(crate) fn u8(&mut self, value: u8) {
        self.put(&[value]);
    }

    pub(crate) fn u16(&mut self, value: u16) {
        self.put(&value.to_be_bytes());
    }

    pub(crate) fn u32(&mut self, value: u32) {
        self.put(&value.to_be_bytes());
    }

    /// A Variable Byte Integer in its shortest form [MQTT-1.5.5-1]. A value beyond [`VARINT_MAX`] reaches a count
    /// alone, whose result is refused.
    pub(crate) fn varint(&mut self, mut value: usize) {
        while value > 0x7F {
            self.u8(value.to_le_bytes()[0] | 0x80);
            value >>= 7;
        }
        self.u8(value.to_le_bytes()[0]);
    }

    /// Puts the length of all behind `start` before it, as a Variable Byte Integer. So nothing is counted beforehand;
    /// what moves are a few bytes.
    pub(crate) fn length_before(&mut self, start: usize) {
        let length = self.len - start;
        self.varint(length);
        let digits = self.len - start - length;
        if let Some(out) = &mut self.out {
            let moved = out.len() - digits - length;
            out[moved..].rotate_right(digits);
        }
    }

    /// Two bytes of length, and the bytes.
    pub(crate) fn binary(&mut self, field: &'static str, bytes: &[u8]) -> Result<(), EncodeError> {
        let length = u16::try_from(bytes.len()).map_err(|_| EncodeError::FieldTooLong(field))?;
        self.u16(length);
        self.put(bytes);
        Ok(())
    }

    pub(crate) fn text(&mut self, text: &Text) -> Result<(), EncodeError> {
        self.binary("a UTF-8 Encoded String", text.as_bytes())
    }

    pub(crate) fn packet_id(&mut self, id: PacketId) {
        self.u16(id.get());
    }
}
