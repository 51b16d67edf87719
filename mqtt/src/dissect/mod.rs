//! One Control Packet, field by field, for people: each field's name in the standard's words, its value as text, and
//! the bytes that say so.
//!
//! Where bytes are wrong, all up to the fault is shown, and what can be made out behind it. *Where* the fault is, the
//! walk over the fields finds; *what* it is, the codec says, so that both never disagree. A Password is shown to nobody.

mod connect;
mod names;
mod packets;
mod properties;
mod stream;
mod value;
mod walk;

pub use crate::sender::Sender;
pub use stream::Stream;

use crate::wire::{self, VARINT_MAX};
use crate::{Decoder, PacketType, ProtocolVersion};
use std::ops::Range;
use walk::Walk;

/// Fields of one packet at most; what lies behind is one field more. A SUBSCRIBE of 1 MB could have half a million.
pub const FIELDS_MAX: usize = 1_000;

/// A field, or a group of fields that follow it one level deeper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// How deep it stands: 0 for the parts of the packet.
    pub depth: u8,
    /// Its name in the words of the standard.
    pub name: &'static str,
    /// Its value as text, shortened where it is long; empty for a group and for an empty text.
    pub value: String,
    /// Its bytes, counted from the packet's first: the length before a text or binary data and a property's identifier
    /// are the field's own.
    pub bytes: Range<usize>,
    /// The bits of its one byte that it consists of; 0 for whole bytes.
    pub bits: u8,
}

/// What is wrong with a packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The first byte of the field that is wrong, or of those that are missing.
    pub at: usize,
    /// The rule that is broken, with its statement number where there is one.
    pub rule: String,
}

/// A packet, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dissection {
    /// The packet's type; `None` for type 0.
    pub packet: Option<PacketType>,
    /// The version that the packet was read as: a CONNECT's own.
    pub version: ProtocolVersion,
    /// The fields, each group before what is in it. A byte belongs to one field that is no group.
    pub fields: Vec<Field>,
    /// What is wrong, if anything.
    pub fault: Option<Fault>,
    /// The bytes of a Password, which nobody is to see; of a CONNECT that cannot be read to its end, all that may hold
    /// one. Empty where there is none.
    pub hidden: Range<usize>,
}

impl Dissection {
    /// The first field of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The fields that are no groups and no bits: together they are the packet.
    pub fn leaves(&self) -> impl Iterator<Item = &Field> {
        let next = self.fields.iter().skip(1).map(Some).chain([None]);
        self.fields.iter().zip(next).filter_map(|(field, next)| {
            let is_group = next.is_some_and(|next| next.depth > field.depth && next.bits == 0);
            (!is_group && field.bits == 0).then_some(field)
        })
    }
}

/// Takes apart one whole packet, as [`Stream`] yields it. `version` is that of the connection; a CONNECT tells its own.
/// Takes any bytes.
pub fn dissect(bytes: &[u8], version: ProtocolVersion, from: Sender) -> Dissection {
    let packet = bytes.first().and_then(|first| PacketType::from_first_byte(*first));
    let mut walk = Walk::new(bytes, version, from);
    walk.packet(packet);
    let hidden = walk.hidden.clone();
    let (fields, version, suspect) = walk.finish();
    let fault =
        verdict(bytes, version, from).err().map(|rule| Fault { at: suspect.unwrap_or(bytes.len()), rule });
    Dissection { packet, version, fields, fault, hidden }
}

/// What the codec says of it.
fn verdict(bytes: &[u8], version: ProtocolVersion, from: Sender) -> Result<(), String> {
    let is_connect = bytes.first().is_some_and(|first| first >> 4 == PacketType::Connect as u8);
    let mut decoder = match from {
        Sender::Client if is_connect => Decoder::server(usize::MAX),
        _ => Decoder::after_connect(from, version, usize::MAX),
    };
    decoder.feed(bytes);
    match decoder.decode() {
        Ok(Some(_)) if decoder.buffer().is_empty() => Ok(()),
        Ok(Some(_)) => Err("bytes follow behind the packet's end".to_owned()),
        Ok(None) => Err("the packet is cut short".to_owned()),
        Err(crate::DecodeError::UnsupportedVersion { .. }) => {
            Err("a protocol version other than 3.1.1 and 5.0 [MQTT-3.1.2-2]".to_owned())
        }
        Err(error) => Err(error.to_string()),
    }
}

/// Length in bytes of the packet that `bytes` begin with; `Ok(None)` until its Remaining Length is whole.
fn packet_len(bytes: &[u8]) -> Result<Option<usize>, wire::InvalidVarint> {
    let Some((_, rest)) = bytes.split_first() else { return Ok(None) };
    let length = wire::varint(rest)?;
    debug_assert!(length.is_none_or(|(length, _)| length <= VARINT_MAX));
    Ok(length.map(|(length, digits)| 1 + digits + length))
}
