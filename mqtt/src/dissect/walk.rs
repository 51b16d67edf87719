//! The walk over a packet's bytes: reads fields, writes them down, and notes where the first one is wrong.

use super::{FIELDS_MAX, Field, Sender, value};
use crate::wire::{self, InvalidVarint};
use crate::{Decoder, PacketType, ProtocolVersion, Text};
use bytes::Bytes;
use std::ops::Range;

/// What follows cannot be told apart.
pub(super) struct Stop;

pub(super) type Walked<T = ()> = Result<T, Stop>;

pub(super) struct Walk<'a> {
    bytes: &'a [u8],
    /// The next byte.
    pub(super) at: usize,
    /// Where the part at hand ends: the packet, or its properties.
    pub(super) end: usize,
    depth: u8,
    pub(super) version: ProtocolVersion,
    pub(super) from: Sender,
    fields: Vec<Field>,
    /// Where the first field is that is wrong.
    suspect: Option<usize>,
    pub(super) hidden: Range<usize>,
    /// The Connect Flags, once they are read.
    pub(super) connect_flags: u8,
}

impl<'a> Walk<'a> {
    pub(super) fn new(bytes: &'a [u8], version: ProtocolVersion, from: Sender) -> Self {
        Self {
            bytes,
            at: 0,
            end: bytes.len(),
            depth: 0,
            version,
            from,
            fields: Vec::new(),
            suspect: None,
            hidden: 0..0,
            connect_flags: 0,
        }
    }

    /// The fields, the version, and where the first field is that is wrong.
    pub(super) fn finish(self) -> (Vec<Field>, ProtocolVersion, Option<usize>) {
        (self.fields, self.version, self.suspect)
    }

    /// All of the packet, to the last byte.
    pub(super) fn packet(&mut self, packet: Option<PacketType>) {
        let header = self.group("Fixed Header", Self::fixed_header);
        let body = header.and_then(|()| match packet {
            Some(packet) => self.body(packet),
            None => Err(Stop),
        });
        if body.is_err() || self.at < self.bytes.len() {
            self.suspect(self.at);
        }
        // A part's end is no end of the packet.
        self.end = self.bytes.len();
        self.unread(packet == Some(PacketType::Connect));
    }

    /// One field of all that is left of this part, if anything.
    pub(super) fn unread(&mut self, may_hold_a_password: bool) {
        let start = self.at;
        if start == self.end {
            return;
        }
        self.at = self.end;
        let bytes = &self.bytes[start..self.end];
        if may_hold_a_password {
            self.hide(start);
            self.leaf("Not read", start, value::hidden(bytes.len()));
        } else {
            self.leaf("Not read", start, value::hex(bytes));
        }
    }

    /// Hides all from `start` to the present place, and what lies between this and what is hidden already.
    pub(super) fn hide(&mut self, start: usize) {
        self.hidden = if self.hidden.is_empty() { start..self.at } else { self.hidden.start..self.at };
    }

    fn fixed_header(&mut self) -> Walked {
        let first = self.u8()?;
        if Decoder::after_connect(self.from, self.version, 0).header(first).is_err() {
            // A CONNECT is the one packet that comes before what that decoder stands behind.
            let is_first = self.from == Sender::Client && first == 0x10;
            if !is_first {
                self.suspect(0);
            }
        }
        self.leaf("Control Packet type and flags", 0, value::byte(first));
        let packet = PacketType::from_first_byte(first);
        let name = packet.map_or_else(|| "Forbidden".to_owned(), |packet| packet.to_string());
        self.bits("Control Packet type", 0xF0, first, &name);
        if packet == Some(PacketType::Publish) {
            self.bits("DUP flag", 0x08, first, value::yes(first & 8 != 0));
            self.bits("QoS level", 0x06, first, value::qos(first >> 1));
            self.bits("RETAIN", 0x01, first, value::yes(first & 1 != 0));
        } else {
            self.bits("Flags", 0x0F, first, "reserved");
        }
        let start = self.at;
        let Ok(length) = self.varint() else {
            self.suspect(start);
            return Err(Stop);
        };
        self.leaf("Remaining Length", start, value::counted(length, "byte"));
        // What follows behind the packet is of no field.
        self.end = self.end.min(self.at + length);
        if self.at + length > self.bytes.len() {
            self.suspect(self.end);
        }
        Ok(())
    }

    /// Notes that the field from `at` on is wrong.
    pub(super) fn suspect(&mut self, at: usize) {
        self.suspect.get_or_insert(at);
    }

    /// Writes down a field from `start` to the present place.
    pub(super) fn leaf(&mut self, name: &'static str, start: usize, value: String) {
        self.fields.push(Field { depth: self.depth, name, value, bytes: start..self.at, bits: 0 });
    }

    /// Writes down some bits of the byte before the present place; `words` say what the number means.
    pub(super) fn bits(&mut self, name: &'static str, bits: u8, byte: u8, words: &str) {
        let mut value = ((byte & bits) >> bits.trailing_zeros()).to_string();
        if !words.is_empty() {
            value.push_str(", ");
            value.push_str(words);
        }
        let bytes = self.at - 1..self.at;
        self.fields.push(Field { depth: self.depth + 1, name, value, bytes, bits });
    }

    /// A group of what `inside` writes down.
    pub(super) fn group(&mut self, name: &'static str, inside: impl FnOnce(&mut Self) -> Walked) -> Walked {
        let place = self.fields.len();
        self.leaf(name, self.at, String::new());
        self.depth += 1;
        let walked = inside(self);
        self.depth -= 1;
        if walked.is_err() {
            self.suspect(self.at);
        }
        if self.fields.len() == place + 1 {
            // A group of nothing would be a field.
            self.fields.pop();
        } else {
            self.fields[place].bytes.end = self.at;
        }
        walked
    }

    /// Whether there is room for another of what may come any number of times.
    pub(super) fn has_room(&mut self) -> Walked {
        if self.fields.len() < FIELDS_MAX { Ok(()) } else { Err(Stop) }
    }

    /// The packet's first byte; 0 where there is none.
    pub(super) fn first(&self) -> u8 {
        self.bytes.first().copied().unwrap_or_default()
    }

    pub(super) fn is_connect(&self) -> bool {
        self.first() >> 4 == PacketType::Connect as u8
    }

    /// Whether a field of this name was read.
    pub(super) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.at >= self.end
    }

    pub(super) fn take(&mut self, length: usize) -> Walked<&'a [u8]> {
        if length > self.end.saturating_sub(self.at) {
            return Err(Stop);
        }
        let start = self.at;
        self.at += length;
        Ok(&self.bytes[start..self.at])
    }

    /// All that is left of the part at hand.
    pub(super) fn rest(&mut self) -> &'a [u8] {
        let start = self.at.min(self.end);
        self.at = self.end;
        &self.bytes[start..self.end]
    }

    pub(super) fn u8(&mut self) -> Walked<u8> {
        self.number(1).map(|number| number.to_le_bytes()[0])
    }

    /// A number of `length` bytes, at most four.
    pub(super) fn number(&mut self, length: usize) -> Walked<u32> {
        let bytes = self.take(length)?;
        Ok(bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
    }

    pub(super) fn varint(&mut self) -> Walked<usize> {
        match wire::varint(&self.bytes[self.at.min(self.end)..self.end]) {
            Ok(Some((value, length))) => {
                self.at += length;
                Ok(value)
            }
            Ok(None) | Err(InvalidVarint) => Err(Stop),
        }
    }

    /// Two bytes of length, and as many bytes. Nothing is read where they are not all there.
    pub(super) fn binary(&mut self) -> Walked<&'a [u8]> {
        let start = self.at;
        let length = self.number(2)? as usize;
        self.take(length).inspect_err(|_| self.at = start)
    }

    /// A UTF-8 Encoded String, or what stands in the place of one.
    pub(super) fn text(&mut self) -> Walked<&'a [u8]> {
        let start = self.at;
        let bytes = self.binary()?;
        if Text::new(Bytes::copy_from_slice(bytes)).is_err() {
            self.suspect(start);
        }
        Ok(bytes)
    }
}
