//! The refusal tables: bytes that no receiver may take, what they are refused as, and the Reason Code that answers.

mod connect;
mod fixed_header;
mod from_server;
mod properties;
mod publish;
mod subscribe;

use crate::dissect::faults::agrees;
use crate::vector;
use headcount_mqtt::dissect::Sender;
use headcount_mqtt::{DecodeError, Decoder, PacketType, ProtocolVersion, ReasonCode};

/// What a refusal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Malformed,
    Protocol(ReasonCode),
    TooLarge,
    Unsupported(u8),
}

const MALFORMED: Kind = Kind::Malformed;
const PROTOCOL: Kind = Kind::Protocol(ReasonCode::ProtocolError);

/// Who reads the bytes: a server before CONNECT, a server behind it, or a client.
#[derive(Debug, Clone, Copy)]
enum Reader {
    FreshServer,
    Server(ProtocolVersion),
    Client(ProtocolVersion),
}

const S311: Reader = Reader::Server(ProtocolVersion::V311);
const S5: Reader = Reader::Server(ProtocolVersion::V5);
const C311: Reader = Reader::Client(ProtocolVersion::V311);
const C5: Reader = Reader::Client(ProtocolVersion::V5);

impl Reader {
    fn decoder(self) -> Decoder {
        match self {
            Self::FreshServer => Decoder::server(vector::MAXIMUM),
            Self::Server(version) => vector::server(version),
            Self::Client(version) => Decoder::client(version, vector::MAXIMUM),
        }
    }
}

/// Bytes are refused as `kind` in one piece and byte by byte, the error is final, and nothing is held any more.
fn refuse(reader: Reader, bytes: &str, kind: Kind, rule: &str) {
    let bytes = vector::bytes_of(bytes);
    let mut whole = reader.decoder();
    whole.feed(&bytes);
    let error = whole.decode().expect_err(rule);
    assert_eq!(kind_of(&error), kind, "{reader:?} {bytes:02X?} {rule}: {error}");
    whole.feed(&[0xC0, 0]);
    assert_eq!(whole.decode(), Err(error), "final: {rule}");
    assert!(whole.buffer().is_empty(), "{rule}");

    match reader {
        Reader::Server(version) => agrees(&bytes, version, Sender::Client),
        Reader::Client(version) => agrees(&bytes, version, Sender::Server),
        Reader::FreshServer if bytes[0] >> 4 == 1 => agrees(&bytes, ProtocolVersion::V5, Sender::Client),
        // That another packet came first is nothing that it shows by itself.
        Reader::FreshServer => {}
    }

    let mut pieces = reader.decoder();
    let refused = bytes.iter().find_map(|byte| {
        pieces.feed(&[*byte]);
        match pieces.decode() {
            Ok(None) => None,
            Ok(Some(packet)) => panic!("{rule}: {packet:?}"),
            Err(error) => Some(error),
        }
    });
    assert_eq!(refused, Some(error), "byte by byte: {rule}");
}

/// A packet of a first byte and a body of less than 128 bytes.
fn framed(first: &str, body: &str) -> String {
    let length = vector::bytes_of(body).len();
    assert!(length < 128, "one digit of Remaining Length: {body}");
    format!("{first} {length:02X} {body}")
}

/// Bytes that look odd and are fine.
fn take(reader: Reader, bytes: &str, rule: &str) {
    let mut decoder = reader.decoder();
    decoder.feed(&vector::bytes_of(bytes));
    let packet = decoder.decode();
    assert!(matches!(packet, Ok(Some(_))), "{reader:?} {bytes} {rule}: {packet:?}");
    assert!(decoder.buffer().is_empty(), "{rule}");
}

fn kind_of(error: &DecodeError) -> Kind {
    let (kind, reason) = match *error {
        DecodeError::Malformed { .. } => (MALFORMED, ReasonCode::MalformedPacket),
        DecodeError::Protocol { reason, .. } => (Kind::Protocol(reason), reason),
        DecodeError::TooLarge { .. } => (Kind::TooLarge, ReasonCode::PacketTooLarge),
        DecodeError::UnsupportedVersion { level } => {
            (Kind::Unsupported(level), ReasonCode::UnsupportedProtocolVersion)
        }
    };
    assert_eq!(error.reason(), reason);
    kind
}

/// A refused CONNECT of 5.0 can be answered in 5.0 as soon as its version is known.
#[test]
fn the_version_is_known_from_its_byte_on() {
    let mut decoder = Decoder::server(vector::MAXIMUM);
    decoder.feed(&vector::bytes_of("10 0E 0004 'MQTT' 05 03 003C 00 0001 'c'"));
    assert_eq!(decoder.version(), None);
    assert!(decoder.decode().is_err());
    assert_eq!(decoder.version(), Some(ProtocolVersion::V5));
}

/// An error tells its packet and its rule to people.
#[test]
fn errors_speak() {
    let mut decoder = Decoder::client(ProtocolVersion::V5, 10);
    decoder.feed(&[0x36, 0]);
    let error = decoder.decode().expect_err("QoS 3");
    assert_eq!(error.to_string(), "malformed PUBLISH: both QoS bits are set [MQTT-3.3.1-4]");
    assert!(matches!(error, DecodeError::Malformed { packet: Some(PacketType::Publish), .. }));
}
