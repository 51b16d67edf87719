//! Where a fault is, and that the walk finds one exactly where the codec does.

use super::check;
use crate::vector;
use headcount_mqtt::ProtocolVersion::{self, V5, V311};
use headcount_mqtt::dissect::Sender;
use headcount_mqtt::{Decoder, PacketType};

/// The codec's refusal of this packet, if it refuses.
fn refusal(bytes: &[u8], version: ProtocolVersion, from: Sender) -> Option<String> {
    let is_connect = bytes.first().is_some_and(|first| first >> 4 == PacketType::Connect as u8);
    let mut decoder = match from {
        Sender::Client if is_connect => Decoder::server(vector::MAXIMUM),
        Sender::Client => vector::server(version),
        Sender::Server => Decoder::client(version, vector::MAXIMUM),
    };
    decoder.feed(bytes);
    decoder.decode().err().map(|error| error.to_string())
}

/// A fault has the codec's words, and the walk a place of its own for it.
pub(crate) fn agrees(bytes: &[u8], version: ProtocolVersion, from: Sender) {
    let dissection = check(bytes, version, from);
    let refusal = refusal(bytes, version, from);
    let Some(fault) = &dissection.fault else {
        assert_eq!(refusal, None, "{bytes:02x?}");
        return;
    };
    let own = ["bytes follow", "the packet is cut short", "a protocol version other"];
    if !own.iter().any(|own| fault.rule.starts_with(own)) {
        assert_eq!(Some(&fault.rule), refusal.as_ref(), "{bytes:02x?}");
    }
    // At the very end only what is missing can be wrong.
    let missing = ["cut short", "not a single", "no Topic Name", "of AUTH from this side"];
    let is_at_the_end = fault.at == bytes.len();
    assert!(
        !is_at_the_end || missing.iter().any(|missing| fault.rule.contains(missing)),
        "the walk did not find {fault:?} in {bytes:02x?}: {dissection:#?}"
    );
}

#[test]
fn a_fault_has_its_place_and_its_rule() {
    use Sender::{Client, Server};
    let table: [(&str, ProtocolVersion, Sender, usize, &str); 25] = [
        ("36 03 0001 't'", V5, Client, 0, "[MQTT-3.3.1-4]"),
        ("20 02 00 00", V311, Client, 0, "(2.1.2)"),
        ("00 00", V5, Client, 0, "(2.1.2)"),
        ("F0 00", V311, Client, 0, "(2.2.1)"),
        ("30 FFFFFFFF7F", V5, Client, 1, "[MQTT-1.5.5-1]"),
        ("30 05 0003 'a+b'", V311, Client, 2, "[MQTT-3.3.2-2]"),
        ("32 05 0001 't' 0000", V311, Client, 5, "[MQTT-2.2.1-3]"),
        ("30 06 0001 't' 02 01 02", V5, Client, 6, "0 or 1"),
        ("30 09 0001 't' 05 11 00000001", V5, Client, 6, "(2.2.2.2)"),
        ("30 06 0001 't' 02 0B 01", V5, Client, 6, "[MQTT-3.3.4-6]"),
        ("30 03 0000 00", V5, Client, 2, "(3.3.2.1)"),
        ("30 04 0009 't' 00", V5, Client, 2, "cut short"),
        ("10 0E 0004 'MQTT' 05 03 003C 00 0001 'c'", V5, Client, 9, "[MQTT-3.1.2-3]"),
        ("10 0C 0006 'MQIsdp' 03 02 003C", V5, Client, 10, "[MQTT-3.1.2-2]"),
        ("10 05 0003 'MQX'", V5, Client, 2, "[MQTT-3.1.2-1]"),
        ("20 03 01 87 00", V5, Server, 3, "[MQTT-3.2.2-6]"),
        ("20 02 00 06", V311, Server, 3, "(3.2.2.3 of 3.1.1)"),
        ("40 03 0001 05", V5, Server, 4, "[MQTT-3.4.2-1]"),
        ("82 06 0001 0001 'a' 03", V311, Client, 7, "[MQTT-3-8.3-4 (3.1.1)]"),
        ("82 02 0001", V311, Client, 4, "[MQTT-3.8.3-2]"),
        ("90 03 0001 05", V311, Server, 4, "[MQTT-3.9.3-2]"),
        ("C0 01 00", V5, Client, 2, "left over"),
        // What is no whole packet, and more than one.
        ("30 08 0001 't'", V311, Client, 5, "cut short"),
        ("C0 00 C0", V5, Client, 2, "bytes follow"),
        ("30 05 0003 'a+b' C0", V311, Client, 2, "[MQTT-3.3.2-2]"),
    ];
    for (bytes, version, side, at, rule) in table {
        let fault = check(&vector::bytes_of(bytes), version, side).fault;
        let fault = fault.unwrap_or_else(|| panic!("{bytes} has no fault"));
        assert!(fault.rule.contains(rule), "{bytes}: {}", fault.rule);
        assert_eq!(fault.at, at, "{bytes}: {}", fault.rule);
    }
}

/// What is in front of a fault is shown, and what can be made out behind it.
#[test]
fn the_rest_is_shown() {
    let bytes = vector::bytes_of("10 11 0006 'MQIsdp' 03 02 003C 0003 'old'");
    let dissection = check(&bytes, V5, Sender::Client);
    assert_eq!(dissection.field("Client Identifier").map(|field| field.value.as_str()), Some("old"));
    let bytes = vector::bytes_of("30 09 0001 't' 02 FF 01 'hey'");
    let dissection = check(&bytes, V5, Sender::Server);
    assert_eq!(dissection.field("Not read").map(|field| field.bytes.clone()), Some(6..8));
    assert_eq!(dissection.field("Payload").map(|field| field.value.as_str()), Some("hey"));
}
