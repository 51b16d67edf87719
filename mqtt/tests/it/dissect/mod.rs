//! Packets field by field: every byte has its field, the values are the codec's, a fault has its place, and nobody sees
//! a Password.

pub(crate) mod faults;
mod secrets;
mod stream;
mod told;

use crate::chance::spoil;
use crate::vector::{self, From, Vector};
use headcount_mqtt::ProtocolVersion::{self, V5, V311};
use headcount_mqtt::dissect::{Dissection, FIELDS_MAX, Sender, dissect};
use proptest::collection::vec;
use proptest::prelude::*;

/// The sides that may send a vector.
fn sides(vector: &Vector) -> &'static [Sender] {
    match vector.from {
        From::Client => &[Sender::Client],
        From::Server => &[Sender::Server],
        From::Both => &[Sender::Client, Sender::Server],
    }
}

/// Takes bytes apart and checks what holds for any: each byte belongs to one field that is no group, a group spans what
/// is in it, and bits are of one byte.
pub(crate) fn check(bytes: &[u8], version: ProtocolVersion, from: Sender) -> Dissection {
    let dissection = dissect(bytes, version, from);
    let mut at = 0;
    for leaf in dissection.leaves() {
        assert_eq!(leaf.bytes.start, at, "{} in {bytes:02x?}: {dissection:#?}", leaf.name);
        assert!(leaf.bytes.end >= at, "{}", leaf.name);
        at = leaf.bytes.end;
    }
    assert_eq!(at, bytes.len(), "all of {bytes:02x?}: {dissection:#?}");
    for (place, field) in dissection.fields.iter().enumerate() {
        if field.bits != 0 {
            assert_eq!(field.bytes.len(), 1, "{}", field.name);
            assert_eq!(field.bits.count_ones(), 8 - field.bits.leading_zeros() - field.bits.trailing_zeros());
        }
        for inner in dissection.fields[place + 1..].iter().take_while(|inner| inner.depth > field.depth) {
            assert!(
                field.bytes.start <= inner.bytes.start && inner.bytes.end <= field.bytes.end,
                "{inner:?}"
            );
        }
    }
    // What comes any number of times brings a dozen fields at most.
    assert!(dissection.fields.len() <= FIELDS_MAX + 24);
    assert!(dissection.hidden.end <= bytes.len());
    if let Some(fault) = &dissection.fault {
        assert!(fault.at <= bytes.len(), "{fault:?}");
        assert!(!fault.rule.is_empty());
    }
    dissection
}

#[test]
fn each_vector_is_told_as_the_codec_reads_it() {
    for vector in vector::all() {
        for side in sides(&vector) {
            let dissection = check(&vector.bytes, vector.version, *side);
            assert_eq!(dissection.fault, None, "{}", vector.name);
            assert_eq!(dissection.packet, Some(vector.packet.packet_type()));
            assert_eq!(dissection.version, vector.version);
            let mut fields = dissection.fields.iter();
            for (name, value) in told::told(&vector.packet, vector.version) {
                let found = fields.find(|field| field.name == name);
                let found = found.unwrap_or_else(|| panic!("{}: no {name}: {dissection:#?}", vector.name));
                assert_eq!(found.value, value, "{}: {name}", vector.name);
            }
        }
    }
}

/// The bits of a flags byte, and the names of both versions.
#[test]
fn a_connect_reads_like_the_standard() {
    let bytes =
        vector::bytes_of("10 1E 0004 'MQTT' 04 EE 003C 0001 'c' 0003 'w/t' 0002 'by' 0002 'us' 0002 'pw'");
    let dissection = check(&bytes, V311, Sender::Client);
    let lines: Vec<String> = dissection
        .fields
        .iter()
        .map(|field| {
            let indent = " ".repeat(usize::from(field.depth));
            let bytes = &field.bytes;
            format!(
                "{indent}{} {}..{} {:08b} {}",
                field.name, bytes.start, bytes.end, field.bits, field.value
            )
        })
        .collect();
    let expected = "Fixed Header 0..2 00000000 
 Control Packet type and flags 0..1 00000000 0x10
  Control Packet type 0..1 11110000 1, CONNECT
  Flags 0..1 00001111 0, reserved
 Remaining Length 1..2 00000000 30 bytes
Variable Header 2..12 00000000 
 Protocol Name 2..8 00000000 MQTT
 Protocol Level 8..9 00000000 4, MQTT 3.1.1
 Connect Flags 9..10 00000000 0xee
  User Name Flag 9..10 10000000 1, yes
  Password Flag 9..10 01000000 1, yes
  Will Retain 9..10 00100000 1, yes
  Will QoS 9..10 00011000 1, at least once
  Will Flag 9..10 00000100 1, yes
  Clean Session 9..10 00000010 1, yes
  Reserved 9..10 00000001 0
 Keep Alive 10..12 00000000 60 s
Payload 12..32 00000000 
 Client Identifier 12..15 00000000 c
 Will Topic 15..20 00000000 w/t
 Will Payload 20..24 00000000 by
 User Name 24..28 00000000 us
 Password 28..32 00000000 hidden (2 bytes)";
    assert_eq!(lines.join("\n"), expected);
}

/// A packet of very many fields shows the first ones and the rest as one.
#[test]
fn a_packet_of_a_million_fields_is_bounded() {
    let mut bytes = vec![0x82, 0x83, 0xC6, 0x02, 0, 1, 0];
    bytes.extend([0, 1, b'a', 0].repeat(10_240));
    bytes[1..4].copy_from_slice(&[0x83, 0xC0, 0x02]);
    let dissection = check(&bytes, V5, Sender::Client);
    assert_eq!(dissection.fault, None);
    let last = dissection.fields.last().expect("fields");
    assert_eq!(last.name, "Not read");
    assert_eq!(last.bytes.end, bytes.len());
}

proptest! {
    /// No input panics, and the codec and the walk agree on whether there is a fault.
    #[test]
    fn arbitrary_bytes(bytes in vec(any::<u8>(), 0..120)) {
        for version in [V311, V5] {
            for side in [Sender::Client, Sender::Server] {
                check(&bytes, version, side);
            }
        }
    }

    /// Vectors with some bytes changed go deeper: where the codec finds a fault, the walk knows the place by itself.
    #[test]
    fn spoilt_vectors(
        at in any::<prop::sample::Index>(),
        spoilt in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let vectors = vector::all();
        let vector = at.get(&vectors);
        let bytes = spoil(&vector.bytes, &spoilt);
        for side in sides(vector) {
            faults::agrees(&bytes, vector.version, *side);
        }
    }
}
