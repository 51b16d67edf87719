//! 3.3 PUBLISH: what a client must not send.

use crate::{BOTH, Script, V5, V311, refused};

// A PUBLISH by its bytes: first byte, length, topic, (Packet Identifier), (properties), payload.
pub(crate) const SCRIPTS: &[Script] = &[
    refused!("qos_3", V311, ["MQTT-3.3.1-4"], "36 06 0001 74 0001 78", [MalformedPacket]),
    refused!("qos_3_of_5", V5, ["MQTT-3.3.1-4"], "36 07 0001 74 0001 00 78", [MalformedPacket]),
    refused!("dup_at_qos_0", V311, ["MQTT-3.3.1-2"], "38 04 0001 74 78", [MalformedPacket]),
    refused!(
        "dup_at_qos_0_of_5",
        V5,
        ["MQTT-3.3.1-2"],
        "38 05 0001 74 00 78",
        [MalformedPacket, ProtocolError]
    ),
    refused!("a_packet_identifier_of_0", V311, ["MQTT-2.2.1-3"], "32 06 0001 74 0000 78", [MalformedPacket]),
    refused!(
        "a_packet_identifier_of_0_at_qos_1",
        V5,
        ["MQTT-2.2.1-3"],
        "32 07 0001 74 0000 00 78",
        [MalformedPacket, ProtocolError]
    ),
    refused!(
        "a_packet_identifier_of_0_at_qos_2",
        V5,
        ["MQTT-2.2.1-3"],
        "34 07 0001 74 0000 00 78",
        [MalformedPacket, ProtocolError]
    ),
    refused!(
        "a_packet_identifier_that_is_missing",
        BOTH,
        ["MQTT-2.2.1-2"],
        "32 03 0001 74",
        [MalformedPacket]
    ),
    refused!("an_empty_topic", V311, ["MQTT-4.7.3-1"], "30 03 0000 78", [MalformedPacket]),
    refused!("an_empty_topic_without_an_alias", V5, ["MQTT-4.7.3-1"], "30 04 0000 00 78", [ProtocolError]),
    refused!("a_topic_with_a_plus", V311, ["MQTT-3.3.2-2"], "30 06 0003 742F2B 78", [MalformedPacket]),
    refused!(
        "a_topic_with_a_plus_of_5",
        V5,
        ["MQTT-3.3.2-2"],
        "30 07 0003 742F2B 00 78",
        [TopicNameInvalid, MalformedPacket, ProtocolError]
    ),
    refused!("a_topic_with_a_hash", V311, ["MQTT-3.3.2-2"], "30 06 0003 742F23 78", [MalformedPacket]),
    refused!(
        "a_topic_with_a_hash_of_5",
        V5,
        ["MQTT-3.3.2-2"],
        "30 07 0003 742F23 00 78",
        [TopicNameInvalid, MalformedPacket, ProtocolError]
    ),
    refused!("a_topic_longer_than_the_packet", BOTH, ["MQTT-3.3.2-1"], "30 04 0009 74 78", [MalformedPacket]),
    refused!("a_topic_with_a_nul", V311, ["MQTT-1.5.4-2"], "30 06 0003 740078 78", [MalformedPacket]),
    refused!("a_topic_with_a_nul_of_5", V5, ["MQTT-1.5.4-2"], "30 07 0003 740078 00 78", [MalformedPacket]),
    refused!("a_topic_with_a_surrogate", V311, ["MQTT-1.5.4-1"], "30 06 0003 EDA080 78", [MalformedPacket]),
    refused!(
        "a_topic_with_a_surrogate_of_5",
        V5,
        ["MQTT-1.5.4-1"],
        "30 07 0003 EDA080 00 78",
        [MalformedPacket]
    ),
    refused!("a_topic_in_overlong_utf8", V311, ["MQTT-1.5.4-1"], "30 05 0002 C0AF 78", [MalformedPacket]),
    refused!("a_topic_cut_in_a_character", V311, ["MQTT-1.5.4-1"], "30 04 0001 C3 78", [MalformedPacket]),
    refused!("no_bytes_at_all", BOTH, ["MQTT-3.3.2-1"], "30 00", [MalformedPacket]),
    refused!("properties_that_are_missing", V5, ["MQTT-2.2.2-1"], "30 03 0001 74", [MalformedPacket]),
    refused!(
        "properties_longer_than_the_packet",
        V5,
        ["MQTT-2.2.2-1"],
        "30 05 0001 74 09 78",
        [MalformedPacket]
    ),
    refused!("a_property_cut_short", V5, ["MQTT-2.2.2-1"], "30 06 0001 74 02 0200", [MalformedPacket]),
    refused!(
        "an_unknown_property",
        V5,
        ["MQTT-2.2.2-2"],
        "30 06 0001 74 02 0500",
        [MalformedPacket, ProtocolError]
    ),
    refused!(
        "a_property_of_connect",
        V5,
        ["MQTT-2.2.2-2"],
        "30 07 0001 74 03 210001",
        [MalformedPacket, ProtocolError]
    ),
    refused!(
        "a_format_indicator_of_2",
        V5,
        ["MQTT-3.3.2-4"],
        "30 07 0001 74 02 0102 78",
        [MalformedPacket, ProtocolError]
    ),
    refused!(
        "a_format_indicator_twice",
        V5,
        ["MQTT-3.3.2-4"],
        "30 09 0001 74 04 01010101 78",
        [ProtocolError, MalformedPacket]
    ),
    refused!(
        "a_message_expiry_twice",
        V5,
        ["MQTT-3.3.2-6"],
        "30 0F 0001 74 0A 0200000001 0200000001 78",
        [ProtocolError, MalformedPacket]
    ),
    refused!(
        "a_content_type_twice",
        V5,
        ["MQTT-3.3.2-19"],
        "30 0D 0001 74 08 03000178 03000178 78",
        [ProtocolError, MalformedPacket]
    ),
    refused!(
        "a_content_type_with_a_nul",
        V5,
        ["MQTT-3.3.2-19"],
        "30 09 0001 74 04 03000100 78",
        [MalformedPacket]
    ),
    refused!(
        "a_response_topic_with_a_wildcard",
        V5,
        ["MQTT-3.3.2-14"],
        "30 0B 0001 74 06 080003612F23 78",
        [ProtocolError, TopicNameInvalid, MalformedPacket]
    ),
    refused!(
        "a_response_topic_twice",
        V5,
        ["MQTT-3.3.2-13"],
        "30 0D 0001 74 08 08000178 08000178 78",
        [ProtocolError, MalformedPacket]
    ),
    refused!(
        "a_subscription_identifier",
        V5,
        ["MQTT-3.3.4-6"],
        "30 07 0001 74 02 0B01 78",
        [ProtocolError, MalformedPacket]
    ),
    refused!(
        "a_user_property_without_a_value",
        V5,
        ["MQTT-3.3.2-17"],
        "30 09 0001 74 04 26000178 78",
        [MalformedPacket]
    ),
];
