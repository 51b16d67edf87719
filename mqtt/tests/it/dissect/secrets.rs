//! A Password is shown to nobody, whatever is wrong with the CONNECT that carries it.

use super::check;
use crate::vector;
use headcount_mqtt::ProtocolVersion::{V5, V311};
use headcount_mqtt::dissect::Sender;

const SECRET: &[u8] = b"correct horse";

/// No value tells it, and its bytes are among those to be hidden.
fn is_kept(bytes: &[u8]) {
    let dissection = check(bytes, V5, Sender::Client);
    for field in &dissection.fields {
        assert!(!field.value.contains("correct"), "{field:?}");
        assert!(!field.value.contains("63 6f 72"), "{field:?}");
    }
    let mut seen = bytes.to_vec();
    seen[dissection.hidden].fill(0);
    for part in SECRET.windows(4) {
        assert!(!seen.windows(4).any(|window| window == part), "{bytes:02x?}");
    }
}

#[test]
fn it_is_hidden() {
    let bytes =
        vector::bytes_of("10 24 0004 'MQTT' 05 C2 003C 00 0001 'c' 0005 'alice' 000D 'correct horse'");
    is_kept(&bytes);
    let dissection = check(&bytes, V5, Sender::Client);
    assert_eq!(dissection.fault, None);
    assert_eq!(dissection.field("Password").map(|field| field.value.as_str()), Some("hidden (13 bytes)"));
    // The two bytes of its length are no secret.
    assert_eq!(dissection.hidden, bytes.len() - 13..bytes.len());
}

/// Every fault in front of it: nobody knows where the Password begins, so the rest is hidden.
#[test]
fn it_is_hidden_behind_faults() {
    let body = [
        // The Protocol Name, the level, a length of properties, a property, a text that is longer than the packet.
        "0004 'MQTX' 05 C2 003C 00 0001 'c' 0005 'alice' 000D 'correct horse'",
        "0004 'MQTT' 09 C2 003C 00 0001 'c' 0005 'alice' 000D 'correct horse'",
        "0004 'MQTT' 05 C2 003C 7F 0001 'c' 0005 'alice' 000D 'correct horse'",
        "0004 'MQTT' 05 C2 003C 1A FF 01 'c' 0005 'alice' 000D 'correct horse'",
        "0004 'MQTT' 05 C2 003C 00 00FF 'c' 0005 'alice' 000D 'correct horse'",
        "0004 'MQTT' 05 C2 003C 00 0001 'c' 0005 'alice' 00FF 'correct horse'",
        // Left over behind a User Name alone, and behind another Password.
        "0004 'MQTT' 05 82 003C 00 0001 'c' 0005 'alice' 000D 'correct horse'",
        "0004 'MQTT' 05 C2 003C 00 0001 'c' 0005 'alice' 0001 'x' 'correct horse'",
    ];
    for body in body {
        let body = vector::bytes_of(body);
        let length = u8::try_from(body.len()).expect("short");
        is_kept(&[&[0x10, length][..], &body[..]].concat());
        // Cut short, and longer than its length says.
        is_kept(&[&[0x10, length + 9][..], &body[..]].concat());
        is_kept(&[&[0x10, length - 9][..], &body[..]].concat());
    }
}

#[test]
fn a_payload_of_a_publish_is_no_secret() {
    let bytes = vector::bytes_of("30 10 0001 't' 'correct horse'");
    let dissection = check(&bytes, V311, Sender::Client);
    assert!(dissection.hidden.is_empty());
    assert_eq!(dissection.field("Payload").map(|field| field.value.as_str()), Some("correct horse"));
}
