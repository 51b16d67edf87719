//! The Fixed Header (chapter 2.1; 2.2 in 3.1.1): type, flags, Remaining Length, direction, turn.

use super::{C5, C311, Kind, MALFORMED, PROTOCOL, Reader, S5, S311, refuse, take};
use headcount_mqtt::{DecodeError, Decoder};

/// Flags of every type [MQTT-2.1.3-1] [MQTT-2.2.2-1 (3.1.1)] [MQTT-2.2.2-2 (3.1.1)]: what a receiver takes with the
/// right ones, it refuses with each of the other fifteen.
#[test]
fn reserved_flags() {
    let cases = [
        (C311, "20 02 0000"),
        (C5, "20 03 000000"),
        (S311, "40 02 0001"),
        (S311, "50 02 0001"),
        // [MQTT-3.6.1-1]
        (S311, "62 02 0001"),
        (C5, "62 02 0001"),
        (S311, "70 02 0001"),
        // [MQTT-3.8.1-1]
        (S311, "82 06 0001 0001 'a' 00"),
        (S5, "82 07 0001 00 0001 'a' 00"),
        (C311, "90 03 0001 00"),
        // [MQTT-3.10.1-1]
        (S311, "A2 05 0001 0001 'a'"),
        (S5, "A2 06 0001 00 0001 'a'"),
        (C311, "B0 02 0001"),
        (S311, "C0 00"),
        (C311, "D0 00"),
        // [MQTT-3.14.1-1]
        (S311, "E0 00"),
        (S5, "E0 00"),
        // [MQTT-3.15.1-1]
        (C5, "F0 00"),
        (Reader::FreshServer, "10 0D 0004 'MQTT' 04 02 0000 0001 'c'"),
    ];
    for (reader, bytes) in cases {
        take(reader, bytes, "the right flags");
        let right = u8::from_str_radix(&bytes[1..2], 16).expect("a digit");
        for flags in (0..16).filter(|flags| *flags != right) {
            let wrong = format!("{}{flags:X}{}", &bytes[..1], &bytes[2..]);
            refuse(reader, &wrong, MALFORMED, "reserved flags");
        }
    }
}

#[test]
fn types() {
    for reader in [Reader::FreshServer, S311, S5, C311, C5] {
        refuse(reader, "00 00", MALFORMED, "type 0 is forbidden (2.1.2)");
    }
    for reader in [S311, C311] {
        refuse(reader, "F0 00", MALFORMED, "type 15 is forbidden in 3.1.1 (2.2.1)");
    }
}

/// Each side has packets that only the other takes (table 2-1).
#[test]
fn direction() {
    for reader in [S311, S5] {
        refuse(reader, "20 02 0000", PROTOCOL, "CONNACK");
        refuse(reader, "90 03 0001 00", PROTOCOL, "SUBACK");
        refuse(reader, "B0 02 0001", PROTOCOL, "UNSUBACK");
        refuse(reader, "D0 00", PROTOCOL, "PINGRESP");
    }
    for reader in [C311, C5] {
        refuse(reader, "10 0D 0004 'MQTT' 04 02 0000 0001 'c'", PROTOCOL, "CONNECT");
        refuse(reader, "82 06 0001 0001 'a' 00", PROTOCOL, "SUBSCRIBE");
        refuse(reader, "A2 05 0001 0001 'a'", PROTOCOL, "UNSUBSCRIBE");
        refuse(reader, "C0 00", PROTOCOL, "PINGREQ");
    }
    refuse(C311, "E0 00", PROTOCOL, "DISCONNECT from a server in 3.1.1");
    take(C5, "E0 00", "DISCONNECT from a server in 5.0");
}

#[test]
fn turn() {
    for first in ["20 02 0000", "30 03 0001 'a'", "40 02 0001", "C0 00", "E0 00", "F0 00"] {
        refuse(Reader::FreshServer, first, PROTOCOL, "the first packet is CONNECT [MQTT-3.1.0-1]");
    }
    for reader in [S311, S5] {
        refuse(reader, "10 0D 0004 'MQTT' 04 02 0000 0001 'c'", PROTOCOL, "one CONNECT [MQTT-3.1.0-2]");
    }
}

/// At most four digits, in the shortest form [MQTT-1.5.5-1].
#[test]
fn remaining_length() {
    for reader in [S311, S5, C311, C5] {
        refuse(reader, "30 FFFFFFFF 01", MALFORMED, "a fifth digit");
        refuse(reader, "30 80808080 00", MALFORMED, "a fifth digit");
        refuse(reader, "30 FFFFFFFF", MALFORMED, "a fifth digit is announced");
        refuse(reader, "30 8000", MALFORMED, "0 in two digits");
        refuse(reader, "30 848000 0001 'ab'", MALFORMED, "4 in three digits");
        refuse(reader, "30 83808000 0001 'a'", MALFORMED, "3 in four digits");
    }
    refuse(Reader::FreshServer, "10 8D00 0004 'MQTT' 04 02 0000 0001 'c'", MALFORMED, "13 in two digits");
}

/// Every length is exact: nothing is missing, nothing is left over.
#[test]
fn exact_lengths() {
    for reader in [S311, C311] {
        refuse(reader, "40 03 0001 00", MALFORMED, "PUBACK of three bytes");
        refuse(reader, "50 03 0001 00", MALFORMED, "PUBREC of three bytes");
        refuse(reader, "62 04 0001 00 00", MALFORMED, "PUBREL of four bytes");
        refuse(reader, "70 01 00", MALFORMED, "PUBCOMP of one byte");
        refuse(reader, "40 00", MALFORMED, "PUBACK of no byte");
    }
    for reader in [S5, C5] {
        refuse(reader, "40 05 0001 00 00 00", MALFORMED, "PUBACK with a byte left over");
        refuse(reader, "40 04 0001 00 01", MALFORMED, "a Property Length behind the end");
        refuse(reader, "40 01 00", MALFORMED, "PUBACK of one byte");
        refuse(reader, "E0 03 00 00 00", MALFORMED, "DISCONNECT with a byte left over");
        refuse(reader, "F0 01 18", MALFORMED, "AUTH without a Property Length");
    }
    refuse(S311, "C0 01 00", MALFORMED, "PINGREQ with a body");
    refuse(S5, "C0 02 0000", MALFORMED, "PINGREQ with a body");
    refuse(C311, "D0 01 00", MALFORMED, "PINGRESP with a body");
    refuse(S311, "E0 01 00", MALFORMED, "DISCONNECT of 3.1.1 with a code");
    refuse(C311, "20 01 00", MALFORMED, "CONNACK of one byte");
    refuse(C311, "20 03 000000", MALFORMED, "CONNACK of 3.1.1 with Properties");
    refuse(C5, "20 02 0000", MALFORMED, "CONNACK of 5.0 without a Property Length");
    refuse(C5, "20 04 000000 00", MALFORMED, "CONNACK with a byte left over");
    refuse(C311, "B0 03 0001 00", MALFORMED, "UNSUBACK of 3.1.1 with a code");
    refuse(C311, "B0 00", MALFORMED, "UNSUBACK of no byte");
}

/// The size is judged by the Fixed Header alone, and the limit itself is allowed.
#[test]
fn maximum_packet_size() {
    refuse(S5, "30 FFFFFF7F", Kind::TooLarge, "256 MB");
    let version = headcount_mqtt::ProtocolVersion::V311;
    let mut decoder = Decoder::client(version, 7);
    decoder.feed(&[0x30, 5, 0, 1, b't', 1, 2]);
    assert!(matches!(decoder.decode(), Ok(Some(_))));
    decoder.feed(&[0x30, 6]);
    assert_eq!(decoder.decode(), Err(DecodeError::TooLarge { size: 8, maximum: 7 }));
}

/// A declared length allocates nothing.
#[test]
fn nothing_is_allocated_from_a_declared_length() {
    let mut decoder = Decoder::client(headcount_mqtt::ProtocolVersion::V5, usize::MAX);
    decoder.feed(&[0x30, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, b'a', b'b', b'c']);
    for _ in 0..3 {
        assert_eq!(decoder.decode(), Ok(None));
        assert!(decoder.buffer().capacity() <= 64, "{}", decoder.buffer().capacity());
    }
}
