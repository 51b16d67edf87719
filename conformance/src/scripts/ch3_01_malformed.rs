//! 3.1 CONNECT: bytes that are no CONNECT end the connection, with a CONNACK that says why or without.

use crate::{BOTH, Script, V5, V311, refused_first};

// A CONNECT by its bytes: 10 len, 0004 MQTT, level, flags, keep alive, (properties), then the payload.
pub(crate) const SCRIPTS: &[Script] = &[
    refused_first!("a_ping_before_connect", BOTH, ["MQTT-3.1.0-1"], "C0 00", []),
    refused_first!("a_publish_before_connect", BOTH, ["MQTT-3.1.0-1"], "30 04 0001 74 78", []),
    refused_first!("a_subscribe_before_connect", V311, ["MQTT-3.1.0-1"], "82 06 0001 0001 74 00", []),
    refused_first!("a_disconnect_before_connect", BOTH, ["MQTT-3.1.0-1"], "E0 00", []),
    refused_first!("random_bytes_before_connect", BOTH, ["MQTT-3.1.0-1"], "FF FF FF FF FF FF FF FF", []),
    refused_first!(
        "an_http_request",
        BOTH,
        ["MQTT-3.1.0-1"],
        "47 45 54 20 2F 20 48 54 54 50 2F 31 2E 31 0D 0A 0D 0A",
        []
    ),
    refused_first!(
        "flags_in_the_fixed_header",
        V311,
        ["MQTT-2.1.3-1"],
        "11 0D 0004 4D515454 04 02 003C 0001 61",
        [MalformedPacket]
    ),
    refused_first!(
        "flags_in_the_fixed_header_of_5",
        V5,
        ["MQTT-2.1.3-1"],
        "11 0E 0004 4D515454 05 02 003C 00 0001 61",
        [MalformedPacket]
    ),
    refused_first!(
        "another_protocol_name",
        V311,
        ["MQTT-3.1.2-1"],
        "10 0D 0004 4D515458 04 02 003C 0001 61",
        [UnsupportedProtocolVersion]
    ),
    refused_first!(
        "another_protocol_name_of_5",
        V5,
        ["MQTT-3.1.2-1"],
        "10 0E 0004 4D515458 05 02 003C 00 0001 61",
        [UnsupportedProtocolVersion]
    ),
    refused_first!(
        "a_protocol_name_in_small_letters",
        V311,
        ["MQTT-3.1.2-1"],
        "10 0D 0004 6D717474 04 02 003C 0001 61",
        [UnsupportedProtocolVersion]
    ),
    refused_first!("a_reserved_flag", V311, ["MQTT-3.1.2-3"], "10 0D 0004 4D515454 04 03 003C 0001 61", []),
    refused_first!(
        "a_reserved_flag_of_5",
        V5,
        ["MQTT-3.1.2-3"],
        "10 0E 0004 4D515454 05 03 003C 00 0001 61",
        [MalformedPacket]
    ),
    refused_first!(
        "will_qos_without_a_will",
        V311,
        ["MQTT-3.1.2-11"],
        "10 0D 0004 4D515454 04 0A 003C 0001 61",
        []
    ),
    refused_first!(
        "will_qos_without_a_will_of_5",
        V5,
        ["MQTT-3.1.2-11"],
        "10 0E 0004 4D515454 05 0A 003C 00 0001 61",
        [MalformedPacket]
    ),
    refused_first!(
        "will_retain_without_a_will",
        V311,
        ["MQTT-3.1.2-13"],
        "10 0D 0004 4D515454 04 22 003C 0001 61",
        []
    ),
    refused_first!(
        "will_retain_without_a_will_of_5",
        V5,
        ["MQTT-3.1.2-13"],
        "10 0E 0004 4D515454 05 22 003C 00 0001 61",
        [MalformedPacket]
    ),
    refused_first!(
        "will_qos_3",
        V311,
        ["MQTT-3.1.2-12"],
        "10 13 0004 4D515454 04 1E 003C 0001 61 0001 77 0001 78",
        []
    ),
    refused_first!(
        "will_qos_3_of_5",
        V5,
        ["MQTT-3.1.2-12"],
        "10 15 0004 4D515454 05 1E 003C 00 0001 61 00 0001 77 0001 78",
        [MalformedPacket]
    ),
    refused_first!(
        "a_will_topic_with_a_wildcard",
        V311,
        ["MQTT-3.3.2-2"],
        "10 15 0004 4D515454 04 06 003C 0001 61 0003 772F23 0001 78",
        []
    ),
    refused_first!(
        "a_will_without_its_payload",
        V311,
        ["MQTT-3.1.2-9"],
        "10 10 0004 4D515454 04 06 003C 0001 61 0001 77",
        []
    ),
    refused_first!(
        "a_password_without_a_user_name",
        V311,
        ["MQTT-3.1.2-22 (3.1.1)"],
        "10 10 0004 4D515454 04 42 003C 0001 61 0001 70",
        []
    ),
    refused_first!(
        "a_user_name_that_is_missing",
        V311,
        ["MQTT-3.1.2-17"],
        "10 0D 0004 4D515454 04 82 003C 0001 61",
        []
    ),
    refused_first!(
        "a_user_name_that_is_missing_of_5",
        V5,
        ["MQTT-3.1.2-17"],
        "10 0E 0004 4D515454 05 82 003C 00 0001 61",
        [MalformedPacket]
    ),
    refused_first!(
        "a_user_name_that_is_not_announced",
        V311,
        ["MQTT-3.1.2-16"],
        "10 10 0004 4D515454 04 02 003C 0001 61 0001 75",
        []
    ),
    refused_first!(
        "a_user_name_that_is_not_announced_of_5",
        V5,
        ["MQTT-3.1.2-16"],
        "10 11 0004 4D515454 05 02 003C 00 0001 61 0001 75",
        [MalformedPacket]
    ),
    refused_first!(
        "a_client_id_that_is_missing",
        V311,
        ["MQTT-3.1.3-3"],
        "10 0A 0004 4D515454 04 02 003C",
        []
    ),
    refused_first!(
        "a_client_id_longer_than_the_packet",
        V311,
        ["MQTT-3.1.3-3"],
        "10 0D 0004 4D515454 04 02 003C 0002 61",
        []
    ),
    refused_first!(
        "a_client_id_with_a_nul",
        V311,
        ["MQTT-1.5.4-2"],
        "10 0F 0004 4D515454 04 02 003C 0003 610062",
        [ClientIdentifierNotValid]
    ),
    refused_first!(
        "a_client_id_with_a_nul_of_5",
        V5,
        ["MQTT-1.5.4-2"],
        "10 10 0004 4D515454 05 02 003C 00 0003 610062",
        [MalformedPacket, ClientIdentifierNotValid]
    ),
    refused_first!(
        "a_client_id_with_a_surrogate",
        V311,
        ["MQTT-1.5.4-1"],
        "10 0F 0004 4D515454 04 02 003C 0003 EDA080",
        [ClientIdentifierNotValid]
    ),
    refused_first!(
        "a_client_id_with_a_surrogate_of_5",
        V5,
        ["MQTT-1.5.4-1"],
        "10 10 0004 4D515454 05 02 003C 00 0003 EDA080",
        [MalformedPacket, ClientIdentifierNotValid]
    ),
    refused_first!(
        "a_client_id_in_overlong_utf8",
        V311,
        ["MQTT-1.5.4-1"],
        "10 0E 0004 4D515454 04 02 003C 0002 C0AF",
        [ClientIdentifierNotValid]
    ),
    refused_first!(
        "a_user_name_with_a_nul",
        V311,
        ["MQTT-3.1.3-12"],
        "10 12 0004 4D515454 04 82 003C 0001 61 0003 750075",
        []
    ),
    refused_first!(
        "an_unknown_property",
        V5,
        ["MQTT-2.2.2-2"],
        "10 10 0004 4D515454 05 02 003C 02 0500 0001 61",
        [MalformedPacket, ProtocolError]
    ),
    refused_first!(
        "a_property_of_another_packet",
        V5,
        ["MQTT-2.2.2-2"],
        "10 11 0004 4D515454 05 02 003C 03 230001 0001 61",
        [MalformedPacket, ProtocolError]
    ),
    refused_first!(
        "properties_longer_than_the_packet",
        V5,
        ["MQTT-2.2.2-1"],
        "10 0E 0004 4D515454 05 02 003C 20 0001 61",
        [MalformedPacket]
    ),
    refused_first!(
        "a_property_cut_short",
        V5,
        ["MQTT-2.2.2-1"],
        "10 11 0004 4D515454 05 02 003C 03 110000 0001 61",
        [MalformedPacket]
    ),
    refused_first!(
        "session_expiry_twice",
        V5,
        ["MQTT-3.1.2-23"],
        "10 18 0004 4D515454 05 02 003C 0A 1100000001 1100000001 0001 61",
        [ProtocolError, MalformedPacket]
    ),
    refused_first!(
        "receive_maximum_twice",
        V5,
        ["MQTT-3.1.2-23"],
        "10 14 0004 4D515454 05 02 003C 06 210001 210001 0001 61",
        [ProtocolError, MalformedPacket]
    ),
    refused_first!(
        "receive_maximum_0",
        V5,
        ["MQTT-3.1.2-23"],
        "10 11 0004 4D515454 05 02 003C 03 210000 0001 61",
        [ProtocolError]
    ),
    refused_first!(
        "maximum_packet_size_0",
        V5,
        ["MQTT-3.1.2-23"],
        "10 13 0004 4D515454 05 02 003C 05 2700000000 0001 61",
        [ProtocolError]
    ),
    refused_first!(
        "request_problem_information_2",
        V5,
        ["MQTT-3.1.2-29"],
        "10 10 0004 4D515454 05 02 003C 02 1702 0001 61",
        [ProtocolError]
    ),
    refused_first!(
        "request_response_information_2",
        V5,
        ["MQTT-3.1.2-28"],
        "10 10 0004 4D515454 05 02 003C 02 1902 0001 61",
        [ProtocolError]
    ),
    refused_first!(
        "authentication_data_without_a_method",
        V5,
        ["MQTT-3.1.2-30"],
        "10 12 0004 4D515454 05 02 003C 04 16000178 0001 61",
        [ProtocolError]
    ),
    refused_first!(
        "a_topic_alias_maximum_in_the_will",
        V5,
        ["MQTT-3.1.3-1"],
        "10 18 0004 4D515454 05 06 003C 00 0001 61 03 220001 0001 77 0001 78",
        [MalformedPacket, ProtocolError]
    ),
    refused_first!(
        "a_will_format_indicator_of_2",
        V5,
        ["MQTT-3.1.3-1"],
        "10 17 0004 4D515454 05 06 003C 00 0001 61 02 0102 0001 77 0001 78",
        [MalformedPacket, ProtocolError]
    ),
    refused_first!(
        "a_remaining_length_of_five_bytes",
        BOTH,
        ["2.1.4"],
        "10 FF FF FF FF 01",
        [MalformedPacket]
    ),
];
