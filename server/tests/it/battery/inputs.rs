//! The table: the rows of the conformance scripts, and what is not wrong in itself but too much.

use headcount_conformance::Body;
use headcount_conformance::scripts::chapters;
use headcount_mqtt::ReasonCode::{
    self, MalformedPacket, PacketTooLarge, ProtocolError, QuotaExceeded, ReceiveMaximumExceeded,
    TopicAliasInvalid,
};
use headcount_mqtt::{ProtocolVersion, ReasonCode as R};

/// When it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// As the first bytes of a connection.
    First,
    /// Behind CONNACK.
    Connected,
}

/// Bytes that end their connection.
#[derive(Debug)]
pub(super) struct Input {
    /// With the statements that it breaks.
    pub(super) name: String,
    pub(super) version: ProtocolVersion,
    pub(super) when: When,
    pub(super) bytes: Vec<u8>,
    /// What DISCONNECT or CONNACK may say.
    pub(super) codes: Vec<ReasonCode>,
    /// What the event may say.
    pub(super) events: Vec<&'static str>,
}

/// All of them.
pub(super) fn all() -> Vec<Input> {
    let mut inputs: Vec<Input> = abuses();
    for script in chapters().into_iter().flat_map(|chapter| chapter.scripts) {
        let (Some((bytes, codes)), None) = (script.body.row(), script.transport) else { continue };
        let when = if matches!(script.body, Body::Refused { .. }) { When::Connected } else { When::First };
        for version in script.versions.iter() {
            inputs.push(Input {
                name: format!("{} [{}] in {version:?}", script.name, script.statements.join(", ")),
                version,
                when,
                bytes: bytes.clone(),
                codes: codes.to_vec(),
                events: events(codes, when, version),
            });
        }
    }
    inputs
}

/// How the feed names these codes. A refusal without an answer has none, and 3.1.1 does not tell the two apart.
fn events(codes: &[ReasonCode], when: When, version: ProtocolVersion) -> Vec<&'static str> {
    let mut events: Vec<&'static str> = codes.iter().copied().map(event).collect();
    if when == When::First || version == ProtocolVersion::V311 {
        events.extend(["malformed-packet", "protocol-error"]);
    }
    events
}

fn event(code: ReasonCode) -> &'static str {
    match code {
        R::MalformedPacket => "malformed-packet",
        R::PacketTooLarge => "packet-too-large",
        R::QuotaExceeded | R::ReceiveMaximumExceeded => "quota-exceeded",
        R::ClientIdentifierNotValid => "bad-client-id",
        R::UnsupportedProtocolVersion => "unsupported-protocol-version",
        R::NotAuthorized | R::BadAuthenticationMethod => "not-authorized",
        R::BadUserNameOrPassword => "bad-user-name-or-password",
        _ => "protocol-error",
    }
}

/// Well-formed, or declared to be, and more than anybody has to bear.
fn abuses() -> Vec<Input> {
    let connected = |name: &str, bytes: Vec<u8>, code| Input {
        name: name.to_owned(),
        version: ProtocolVersion::V5,
        when: When::Connected,
        bytes,
        codes: vec![code],
        events: vec![event(code)],
    };
    let first =
        |name: &str, bytes: Vec<u8>, code| Input { when: When::First, ..connected(name, bytes, code) };
    let publish_qos_2 = |id: u16| [&[0x34, 6, 0, 1, b't'][..], &id.to_be_bytes(), &[0]].concat();
    let with_alias = |alias: u16| [&[0x30, 7, 0, 1, b't', 3, 0x23][..], &alias.to_be_bytes()].concat();
    vec![
        connected(
            "publish_of_256_mebibytes [MQTT-3.2.2-15]",
            vec![0x30, 0xFF, 0xFF, 0xFF, 0x7F],
            PacketTooLarge,
        ),
        connected(
            "subscribe_of_256_mebibytes [MQTT-3.2.2-15]",
            vec![0x82, 0xFF, 0xFF, 0xFF, 0x7F],
            PacketTooLarge,
        ),
        connected(
            "puback_of_256_mebibytes [MQTT-3.2.2-15]",
            vec![0x40, 0xFF, 0xFF, 0xFF, 0x7F],
            PacketTooLarge,
        ),
        first("connect_of_256_mebibytes [MQTT-3.1.4-1]", vec![0x10, 0xFF, 0xFF, 0xFF, 0x7F], PacketTooLarge),
        connected(
            "more_unfinished_messages_than_receive_maximum [MQTT-3.3.4-7]",
            (1..=101).flat_map(publish_qos_2).collect(),
            ReceiveMaximumExceeded,
        ),
        connected(
            "more_aliases_than_topic_alias_maximum [MQTT-3.3.2-9]",
            (1..=33).flat_map(with_alias).collect(),
            TopicAliasInvalid,
        ),
        connected(
            "ten_thousand_connects [MQTT-3.1.0-2]",
            [0x10, 13, 0, 4, b'M', b'Q', b'T', b'T', 5, 2, 0, 0, 0, 0, 0].repeat(10_000),
            ProtocolError,
        ),
        connected("a_mebibyte_of_zeroes [MQTT-2.1.3-1]", vec![0; 1 << 20], MalformedPacket),
        connected("a_mebibyte_of_ones [MQTT-1.5.5-1]", vec![0xFF; 1 << 20], MalformedPacket),
        connected(
            "a_subscribe_of_thousands_of_empty_filters [MQTT-4.7.3-1]",
            [&[0x82, 0xA3, 0x8C, 0x01, 0, 9, 0][..], &[0, 0, 0].repeat(6_000)].concat(),
            MalformedPacket,
        ),
        connected(
            "disconnects_behind_an_unknown_packet [MQTT-4.13.1-1]",
            [&[0xF0, 2, 0x7F, 0][..], &[0xE0, 0].repeat(5_000)].concat(),
            ProtocolError,
        ),
        first(
            "a_connect_with_bytes_left_over [MQTT-3.1.4-1]",
            vec![0x10, 15, 0, 4, b'M', b'Q', b'T', b'T', 5, 2, 0, 0, 0, 0, 0, 7, 7],
            MalformedPacket,
        ),
        first("an_http_request [MQTT-3.1.0-1]", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(), QuotaExceeded),
        first(
            "a_tls_hello_in_the_clear [MQTT-3.1.0-1]",
            vec![0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3],
            QuotaExceeded,
        ),
    ]
    .into_iter()
    .map(|mut input| {
        if input.when == When::First {
            input.events.extend(["malformed-packet", "protocol-error"]);
        }
        input
    })
    .collect()
}
