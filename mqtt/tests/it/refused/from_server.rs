//! What a client refuses: CONNACK, SUBACK, UNSUBACK, DISCONNECT and AUTH (chapters 3.2, 3.9, 3.11, 3.14, 3.15).

use super::{C5, C311, MALFORMED, PROTOCOL, Reader, S5, framed, refuse, take};

/// Of all 256 codes, `legal` are taken and the others are a Protocol Error. `xx` in `bytes` is the code.
fn codes(reader: Reader, bytes: &str, legal: &[u8], rule: &str) {
    for code in 0..=255_u8 {
        let bytes = bytes.replace("xx", &format!("{code:02X}"));
        if legal.contains(&code) {
            take(reader, &bytes, rule);
        } else {
            refuse(reader, &bytes, PROTOCOL, rule);
        }
    }
}

#[test]
fn connack() {
    for flags in 2..=255 {
        let rule = "bits 7 to 1 are reserved [MQTT-3.2.2-1]";
        refuse(C311, &format!("20 02 {flags:02X} 00"), MALFORMED, rule);
        refuse(C5, &format!("20 03 {flags:02X} 00 00"), MALFORMED, rule);
    }
    codes(C311, "20 02 00 xx", &[0, 1, 2, 3, 4, 5], "return codes (3.2.2.3 of 3.1.1)");
    let legal = [
        0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99,
        0x9A, 0x9B, 0x9C, 0x9D, 0x9F,
    ];
    codes(C5, "20 03 00 xx 00", &legal, "Connect Reason Codes [MQTT-3.2.2-8]");
    let rule = "no Session Present with an error [MQTT-3.2.2-6] [MQTT-3.2.2-4 (3.1.1)]";
    refuse(C311, "20 02 01 05", PROTOCOL, rule);
    refuse(C5, "20 03 01 87 00", PROTOCOL, rule);
    let connack = |properties: &str| {
        let length = crate::vector::bytes_of(properties).len();
        framed("20", &format!("00 00 {length:02X} {properties}"))
    };
    refuse(C5, &connack("21 0000"), PROTOCOL, "a Receive Maximum of 0 (3.2.2.3.3)");
    refuse(C5, &connack("27 00000000"), PROTOCOL, "a Maximum Packet Size of 0 (3.2.2.3.6)");
    for flag in ["24", "25", "28", "29", "2A"] {
        take(C5, &connack(&format!("{flag} 01")), "1");
        refuse(C5, &connack(&format!("{flag} 02")), PROTOCOL, "0 or 1 (3.2.2.3)");
    }
}

#[test]
fn suback_and_unsuback() {
    codes(C311, "90 03 0001 xx", &[0, 1, 2, 0x80], "return codes [MQTT-3.9.3-2 (3.1.1)]");
    let legal = [0, 1, 2, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2];
    codes(C5, "90 04 0001 00 xx", &legal, "Subscribe Reason Codes [MQTT-3.9.3-2]");
    codes(C5, "90 05 0001 00 00 xx", &legal, "the second of them too [MQTT-3.9.3-2]");
    let legal = [0, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91];
    codes(C5, "B0 04 0001 00 xx", &legal, "Unsubscribe Reason Codes [MQTT-3.11.3-2]");
    refuse(C311, "90 02 0001", PROTOCOL, "a code for each filter [MQTT-3.8.4-5 (3.1.1)]");
    refuse(C5, "90 03 0001 00", PROTOCOL, "a code for each filter [MQTT-3.8.4-6]");
    refuse(C5, "B0 03 0001 00", PROTOCOL, "a code for each filter (3.11.3)");
    refuse(C5, "90 03 0001 05", MALFORMED, "a Property Length behind the end");
    for (reader, bytes) in
        [(C311, "90 03 0000 00"), (C5, "90 04 0000 00 00"), (C311, "B0 02 0000"), (C5, "B0 04 0000 00 00")]
    {
        refuse(reader, bytes, PROTOCOL, "no Packet Identifier of 0 [MQTT-2.2.1-6] [MQTT-2.2.1-3]");
    }
}

/// Table 3-10: both sides, a client's own, a server's own [MQTT-3.14.2-1].
#[test]
fn disconnect() {
    let both = [0x00, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99];
    let server =
        [0x87, 0x89, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2];
    codes(S5, "E0 01 xx", &[&both[..], &[0x04]].concat(), "a client's codes [MQTT-3.14.2-1]");
    codes(C5, "E0 01 xx", &[&both[..], &server].concat(), "a server's codes [MQTT-3.14.2-1]");
    refuse(C5, "E0 07 00 05 11 00000000", PROTOCOL, "a server's Session Expiry [MQTT-3.14.2-2]");
    refuse(S5, "E0 06 00 04 1C 0001 'b'", PROTOCOL, "a client's Server Reference (3.14.2.2.5)");
}

/// Table 3-13 [MQTT-3.15.2-1].
#[test]
fn auth() {
    codes(C5, "F0 06 xx 04 15 0001 'm'", &[0x00, 0x18], "a server's codes [MQTT-3.15.2-1]");
    codes(S5, "F0 06 xx 04 15 0001 'm'", &[0x18, 0x19], "a client's codes [MQTT-3.15.2-1]");
    refuse(S5, "F0 00", PROTOCOL, "Success from a client [MQTT-3.15.2-1]");
    for reader in [S5, C5] {
        refuse(reader, "F0 02 18 00", PROTOCOL, "no Authentication Method (3.15.2.2.2)");
        refuse(reader, "F0 06 18 04 16 0001 00", PROTOCOL, "data without a method (3.15.2.2.2)");
    }
}
