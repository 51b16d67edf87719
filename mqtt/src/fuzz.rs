//! What the fuzz targets do, compiled in every build so that it cannot rot. Each function panics where a promise of
//! this crate is broken, and on no other input.

use crate::dissect::{Sender, Stream, dissect};
use crate::{Decoder, Packet, ProtocolVersion, TopicFilter, TopicName, encode, encoded_len};
use bytes::{Bytes, BytesMut};

/// Maximum packet size in bytes: small, so that the limit itself is met.
const MAXIMUM: usize = 4_096;

/// The first byte chooses the receiver and the size of the pieces (0: all at once); the rest is the stream.
///
/// Promises: nothing panics or loops; the same packets and the same error come out however the stream is cut; no more
/// is held than a packet and a piece; every packet can be encoded, and decodes to itself; taken apart, each byte has its
/// field, and there is a fault where the decoder finds one.
pub fn decode(input: &[u8]) {
    let Some((choice, stream)) = input.split_first() else { return };
    take_apart(*choice, stream);
    let whole = run(*choice, stream, stream.len());
    let piece = match choice / 3 {
        0 => stream.len(),
        size => size.into(),
    };
    assert_eq!(run(*choice, stream, piece), whole, "the cut changes the result");
}

/// Promises: a valid name and filter say so however they are made, and matching ends.
pub fn topics(input: &[u8]) {
    let split = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let (filter, name) = (&input[..split], input.get(split + 1..).unwrap_or_default());
    let name = TopicName::try_from(Bytes::copy_from_slice(name));
    let filter = TopicFilter::try_from(Bytes::copy_from_slice(filter));
    if let Ok(name) = &name {
        assert_eq!(TopicName::try_from(name.as_str()).as_ref(), Ok(name));
        assert_eq!(name.levels().count(), 1 + name.as_str().matches('/').count());
        assert!(!name.as_str().is_empty() && !name.as_str().contains(['+', '#', '\0']));
    }
    if let (Ok(filter), Ok(name)) = (&filter, &name) {
        let exact = TopicFilter::try_from(name.as_str());
        assert!(exact.is_err() || exact.is_ok_and(|exact| exact.shared().is_some() || exact.matches(name)));
        if filter.as_bytes() == b"#" {
            assert_eq!(filter.matches(name), !name.as_bytes().starts_with(b"$"));
        }
    }
}

/// All packets of the stream, and the error that ends it.
fn run(choice: u8, stream: &[u8], piece: usize) -> (Vec<Packet>, Option<crate::DecodeError>) {
    let mut decoder = match choice % 3 {
        0 => Decoder::server(MAXIMUM),
        1 => Decoder::client(ProtocolVersion::V311, MAXIMUM),
        _ => Decoder::client(ProtocolVersion::V5, MAXIMUM),
    };
    let mut packets = Vec::new();
    for piece in stream.chunks(piece.max(1)) {
        decoder.feed(piece);
        loop {
            match decoder.decode() {
                Ok(Some(packet)) => {
                    let version = decoder.version().expect("a packet tells it");
                    mirror(choice, &packet, version);
                    packets.push(packet);
                }
                Ok(None) => break,
                Err(error) => {
                    assert_eq!(decoder.decode(), Err(error), "an error is final");
                    assert!(decoder.buffer().is_empty(), "nothing is held behind an error");
                    return (packets, Some(error));
                }
            }
        }
        assert!(decoder.buffer().len() < MAXIMUM, "more is held than a packet");
    }
    (packets, None)
}

/// What was decoded can be encoded, in the announced length, and decodes to itself.
fn mirror(choice: u8, packet: &Packet, version: ProtocolVersion) {
    let mut decoder = match (choice % 3, packet) {
        (0, Packet::Connect(_)) => Decoder::server(usize::MAX),
        (0, _) => greeted(version),
        _ => Decoder::client(version, usize::MAX),
    };
    encode(packet, version, decoder.buffer()).expect("it was decoded");
    assert_eq!(encoded_len(packet, version), Ok(decoder.buffer().len()));
    assert_eq!(decoder.decode().as_ref(), Ok(&Some(packet.clone())));
    assert!(decoder.buffer().is_empty());
}

/// All of it as one packet, and as the packets that it is.
fn take_apart(choice: u8, stream: &[u8]) {
    let (from, version) = match choice % 3 {
        0 => (Sender::Client, ProtocolVersion::V5),
        1 => (Sender::Server, ProtocolVersion::V311),
        _ => (Sender::Server, ProtocolVersion::V5),
    };
    let mut packets = Stream::new(from, MAXIMUM).feed(stream, version);
    packets.push(stream.to_vec());
    for packet in packets {
        let read = dissect(&packet, version, from);
        let mut at = 0;
        for leaf in read.leaves() {
            assert_eq!(leaf.bytes.start, at, "{} follows on another", leaf.name);
            at = leaf.bytes.end;
        }
        assert_eq!(at, packet.len(), "each byte has its field");
        assert!(read.fault.is_none_or(|fault| fault.at <= packet.len()));
        assert!(read.hidden.end <= packet.len());
    }
}

/// A server's decoder behind a CONNECT.
fn greeted(version: ProtocolVersion) -> Decoder {
    let mut decoder = Decoder::server(usize::MAX);
    let mut connect = BytesMut::from(&b"\x10\x0C\x00\x04MQTT\x04\x02\0\0\0\0"[..]);
    if version == ProtocolVersion::V5 {
        connect = BytesMut::from(&b"\x10\x0D\x00\x04MQTT\x05\x02\0\0\0\0\0"[..]);
    }
    decoder.feed(&connect);
    assert!(matches!(decoder.decode(), Ok(Some(Packet::Connect(_)))));
    decoder
}
