//! Arbitrary packets come back as they were; arbitrary bytes break no promise.

use crate::arbitrary;
use crate::vector::{self, MAXIMUM};
use bytes::BytesMut;
use headcount_mqtt::{Decoder, Packet, ProtocolVersion, encode, encoded_len, fuzz};
use proptest::collection::vec;
use proptest::prelude::*;

/// Both sides' decoders: one of them takes the packet, and it gives the same packet back; so it does from pieces.
fn round_trip(packet: &Packet, version: ProtocolVersion, piece: usize) -> Result<(), TestCaseError> {
    let mut bytes = BytesMut::new();
    encode(packet, version, &mut bytes).expect("an arbitrary packet has bytes");
    prop_assert_eq!(encoded_len(packet, version), Ok(bytes.len()));
    let server =
        if matches!(packet, Packet::Connect(_)) { Decoder::server(MAXIMUM) } else { vector::server(version) };
    let mut taken = 0;
    for mut decoder in [server, Decoder::client(version, MAXIMUM)] {
        let mut decoded = Ok(None);
        for piece in bytes.chunks(piece) {
            prop_assert_eq!(&decoded, &Ok(None), "a packet before its last byte");
            decoder.feed(piece);
            decoded = decoder.decode();
            if decoded.is_err() {
                break;
            }
        }
        if let Ok(decoded) = decoded {
            prop_assert_eq!(decoded.as_ref(), Some(packet));
            taken += 1;
        }
    }
    prop_assert!(taken > 0, "neither side takes it");
    Ok(())
}

/// Bytes with some of the first 300 changed.
pub(crate) fn spoil(bytes: &[u8], changes: &[(prop::sample::Index, u8)]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for (index, byte) in changes {
        let index = index.index(bytes.len().min(300));
        bytes[index] = *byte;
    }
    bytes
}

proptest! {
    #[test]
    fn packets_of_3_1_1_round_trip(packet in arbitrary::packet(ProtocolVersion::V311), piece in 1_usize..300) {
        round_trip(&packet, ProtocolVersion::V311, piece)?;
    }

    #[test]
    fn packets_of_5_0_round_trip(packet in arbitrary::packet(ProtocolVersion::V5), piece in 1_usize..300) {
        round_trip(&packet, ProtocolVersion::V5, piece)?;
    }

    #[test]
    fn several_packets_in_one_piece(packets in vec(arbitrary::packet(ProtocolVersion::V5), 0..5)) {
        let mut decoder = Decoder::client(ProtocolVersion::V5, MAXIMUM);
        let mut expected = Vec::new();
        for packet in packets {
            let mut alone = Decoder::client(ProtocolVersion::V5, MAXIMUM);
            encode(&packet, ProtocolVersion::V5, alone.buffer()).expect("bytes");
            if alone.decode().is_ok() {
                encode(&packet, ProtocolVersion::V5, decoder.buffer()).expect("bytes");
                expected.push(packet);
            }
        }
        let decoded: Vec<_> = std::iter::from_fn(|| decoder.decode().expect("decoded alone")).collect();
        prop_assert_eq!(decoded, expected);
    }

    #[test]
    fn arbitrary_bytes(input in vec(any::<u8>(), 0..200)) {
        fuzz::decode(&input);
        fuzz::topics(&input);
    }

    /// A vector with some bytes changed goes deeper than bytes out of nowhere.
    #[test]
    fn spoilt_vectors(
        at in any::<prop::sample::Index>(),
        spoilt in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        piece in 0_u8..80,
    ) {
        let vectors = vector::all();
        let vector = at.get(&vectors);
        let bytes = spoil(&vector.bytes, &spoilt);
        for side in 0..3 {
            fuzz::decode(&[&[piece * 3 + side][..], &bytes[..]].concat());
        }
        let connect = vector::connect(vector.version);
        fuzz::decode(&[&[piece * 3][..], &connect[..], &bytes[..]].concat());
    }
}
