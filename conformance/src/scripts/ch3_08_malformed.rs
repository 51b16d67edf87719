//! 3.8 SUBSCRIBE and 3.10 UNSUBSCRIBE: what a client must not send.

use crate::{BOTH, Bench, Script, V5, V311, refused, script};
use headcount_mqtt::{Packet, ReasonCode};

// A SUBSCRIBE by its bytes: 82, length, Packet Identifier, (properties), then filters with their options.
pub(crate) const SCRIPTS: &[Script] = &[
    refused!("flags_of_0", V311, ["MQTT-3.8.1-1"], "80 06 0001 0001 74 00", [MalformedPacket]),
    refused!("flags_of_0_of_5", V5, ["MQTT-3.8.1-1"], "80 07 0001 00 0001 74 00", [MalformedPacket]),
    refused!("flags_of_3", V311, ["MQTT-3.8.1-1"], "83 06 0001 0001 74 00", [MalformedPacket]),
    refused!("no_filter", V311, ["MQTT-3.8.3-2"], "82 02 0001", [ProtocolError]),
    refused!("no_filter_of_5", V5, ["MQTT-3.8.3-2"], "82 03 0001 00", [ProtocolError]),
    refused!("a_packet_identifier_of_0", V311, ["MQTT-2.2.1-3"], "82 06 0000 0001 74 00", [MalformedPacket]),
    refused!(
        "a_packet_identifier_of_0_of_5",
        V5,
        ["MQTT-2.2.1-3"],
        "82 07 0000 00 0001 74 00",
        [MalformedPacket, ProtocolError]
    ),
    refused!("qos_3", V311, ["MQTT-3-8.3-4 (3.1.1)"], "82 06 0001 0001 74 03", [MalformedPacket]),
    refused!(
        "qos_3_of_5",
        V5,
        ["MQTT-3.8.3-5"],
        "82 07 0001 00 0001 74 03",
        [ProtocolError, MalformedPacket]
    ),
    refused!("reserved_bits", V311, ["MQTT-3-8.3-4 (3.1.1)"], "82 06 0001 0001 74 04", [MalformedPacket]),
    refused!("reserved_bits_of_5", V5, ["MQTT-3.8.3-5"], "82 07 0001 00 0001 74 40", [MalformedPacket]),
    refused!(
        "retain_handling_3",
        V5,
        ["MQTT-3.8.3-5"],
        "82 07 0001 00 0001 74 30",
        [ProtocolError, MalformedPacket]
    ),
    refused!("a_filter_without_options", V311, ["MQTT-3.8.3-5"], "82 05 0001 0001 74", [MalformedPacket]),
    refused!(
        "a_filter_without_options_of_5",
        V5,
        ["MQTT-3.8.3-5"],
        "82 06 0001 00 0001 74",
        [MalformedPacket]
    ),
    refused!(
        "a_second_filter_cut_short",
        V311,
        ["MQTT-3.8.3-1"],
        "82 08 0001 0001 74 00 00 01",
        [MalformedPacket]
    ),
    refused!("a_filter_with_a_nul", V311, ["MQTT-3.8.3-1"], "82 08 0001 0003 740074 00", [MalformedPacket]),
    refused!(
        "a_filter_that_is_no_utf8",
        V5,
        ["MQTT-3.8.3-1"],
        "82 08 0001 00 0002 C0AF 00",
        [MalformedPacket]
    ),
    refused!(
        "a_subscription_identifier_of_0",
        V5,
        ["3.8.2.1.2"],
        "82 09 0001 02 0B00 0001 74 00",
        [ProtocolError]
    ),
    refused!(
        "a_subscription_identifier_twice",
        V5,
        ["3.8.2.1.2"],
        "82 0B 0001 04 0B010B02 0001 74 00",
        [ProtocolError]
    ),
    refused!(
        "a_subscription_identifier_of_five_bytes",
        V5,
        ["MQTT-1.5.5-1"],
        "82 0D 0001 06 0BFFFFFFFF01 0001 74 00",
        [MalformedPacket]
    ),
    refused!(
        "a_property_of_publish",
        V5,
        ["MQTT-2.2.2-2"],
        "82 09 0001 02 0101 0001 74 00",
        [MalformedPacket, ProtocolError]
    ),
    refused!(
        "an_unknown_property",
        V5,
        ["MQTT-2.2.2-2"],
        "82 09 0001 02 0500 0001 74 00",
        [MalformedPacket, ProtocolError]
    ),
    refused!(
        "no_local_with_a_shared_subscription",
        V5,
        ["MQTT-3.8.3-4"],
        "82 10 0001 00 000A 2473686172652F672F74 04",
        [ProtocolError]
    ),
    refused!("unsubscribe_flags_of_0", V311, ["MQTT-3.10.1-1"], "A0 05 0001 0001 74", [MalformedPacket]),
    refused!(
        "unsubscribe_flags_of_0_of_5",
        V5,
        ["MQTT-3.10.1-1"],
        "A0 06 0001 00 0001 74",
        [MalformedPacket]
    ),
    refused!("unsubscribe_no_filter", V311, ["MQTT-3.10.3-2"], "A2 02 0001", [ProtocolError]),
    refused!("unsubscribe_no_filter_of_5", V5, ["MQTT-3.10.3-2"], "A2 03 0001 00", [ProtocolError]),
    refused!("unsubscribe_id_0", V311, ["MQTT-2.2.1-3"], "A2 05 0000 0001 74", [MalformedPacket]),
    refused!(
        "unsubscribe_id_0_of_5",
        V5,
        ["MQTT-2.2.1-3"],
        "A2 06 0000 00 0001 74",
        [MalformedPacket, ProtocolError]
    ),
    refused!(
        "unsubscribe_a_filter_cut_short",
        V311,
        ["MQTT-3.10.3-1"],
        "A2 05 0001 0002 74",
        [MalformedPacket]
    ),
    refused!(
        "unsubscribe_a_subscription_identifier",
        V5,
        ["MQTT-2.2.2-2"],
        "A2 08 0001 02 0B01 0001 74",
        [MalformedPacket, ProtocolError]
    ),
    script!(an_empty_filter, BOTH, ["MQTT-4.7.3-1"]),
    script!(a_hash_before_the_end, BOTH, ["MQTT-4.7.1-1"]),
    script!(a_hash_behind_a_letter, BOTH, ["MQTT-4.7.1-1"]),
    script!(a_plus_behind_a_letter, BOTH, ["MQTT-4.7.1-2"]),
    script!(a_plus_before_a_letter, BOTH, ["MQTT-4.7.1-2"]),
    script!(a_share_without_a_filter, V5, ["MQTT-4.8.2-1", "MQTT-4.8.2-2"]),
    script!(a_share_with_an_empty_filter, V5, ["MQTT-4.8.2-1", "MQTT-4.8.2-2"]),
    script!(a_share_with_an_empty_name, V5, ["MQTT-4.8.2-1"]),
    script!(a_share_with_a_wildcard_in_its_name, V5, ["MQTT-4.8.2-2"]),
];

fn an_empty_filter(b: &Bench) {
    invalid(b, "");
}

fn a_hash_before_the_end(b: &Bench) {
    invalid(b, "a/#/b");
}

fn a_hash_behind_a_letter(b: &Bench) {
    invalid(b, "a#");
}

fn a_plus_behind_a_letter(b: &Bench) {
    invalid(b, "a/b+");
}

fn a_plus_before_a_letter(b: &Bench) {
    invalid(b, "+a/b");
}

fn a_share_without_a_filter(b: &Bench) {
    invalid(b, "$share/g");
}

fn a_share_with_an_empty_filter(b: &Bench) {
    invalid(b, "$share/g/");
}

fn a_share_with_an_empty_name(b: &Bench) {
    invalid(b, "$share//t");
}

fn a_share_with_a_wildcard_in_its_name(b: &Bench) {
    invalid(b, "$share/+/t");
}

/// A filter that is none: refused in SUBACK, or the connection is closed.
fn invalid(b: &Bench, filter: &str) {
    let a = b.connect("a");
    let mut body = vec![0, 1];
    if b.is_v5() {
        body.push(0);
    }
    body.extend(u16::try_from(filter.len()).expect("a short filter").to_be_bytes());
    body.extend(filter.as_bytes());
    body.push(0);
    let mut bytes = vec![0x82, u8::try_from(body.len()).expect("a short packet")];
    bytes.extend(body);
    a.send_bytes(&bytes);
    match a.next_or_closed("SUBACK with an error, or a closed connection") {
        None if !b.is_v5() => {}
        Some(Packet::SubAck(ack)) if ack.reasons.iter().all(|reason| reason.is_error()) => a.expect_open(),
        Some(Packet::Disconnect(disconnect)) if is_right(disconnect.reason) => a.expect_closed(),
        Some(_) => a.fail("neither an error nor a closed connection"),
        None => a.fail("the connection is closed without a word"),
    }
}

fn is_right(reason: ReasonCode) -> bool {
    matches!(reason, ReasonCode::TopicFilterInvalid | ReasonCode::MalformedPacket | ReasonCode::ProtocolError)
}
