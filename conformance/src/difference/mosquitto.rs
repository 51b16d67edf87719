//! mosquitto 2.0.11.

use super::Difference;
use crate::Transport;
use headcount_mqtt::ProtocolVersion;

pub(super) const DIFFERENCES: &[Difference] = &[
    v5("3.1 connect", "a_client_id_of_any_letters_is_accepted", "closes without a DISCONNECT"),
    v5("3.1 connect", "a_second_connect_closes", "closes without a DISCONNECT"),
    v5("3.1 malformed connect", "a_will_format_indicator_of_2", "lets the client in"),
    v5("3.1 malformed connect", "authentication_data_without_a_method", "lets the client in"),
    v5("3.1 keep alive", "a_short_keep_alive_is_kept_too", "closes without a DISCONNECT"),
    v5(
        "3.1 will",
        "a_session_that_ends_at_once_ends_the_delay",
        "waits for the delay although the session has ended",
    ),
    v5(
        "3.1 will",
        "coming_back_clean_sends_it_at_once",
        "drops the Will when a clean start ends the session",
    ),
    both(
        "3.1 will",
        "it_is_sent_after_a_protocol_error",
        "drops the Will when a second CONNECT ends the connection",
    ),
    v5(
        "3.1 will",
        "it_is_sent_after_disconnect_with_an_error",
        "drops the Will at a DISCONNECT with any reason but 0x04",
    ),
    v5("3.1 will", "it_is_sent_after_disconnect_with_will", "closes only when more is sent").over_websocket(),
    v5("3.1 takeover", "a_clean_start_ends_the_session", "closes without a DISCONNECT"),
    v5("3.1 takeover", "a_hundred_leave_one", "closes without a DISCONNECT"),
    v5("3.1 takeover", "the_older_connection_is_closed", "closes without a DISCONNECT"),
    v5("3.1 takeover", "the_session_goes_over", "closes without a DISCONNECT"),
    v5("3.2 connack", "an_unknown_level_above_5_is_refused", "answers with a CONNACK whose Reason Code is 1"),
    v5("3.3 malformed publish", "a_content_type_twice", "closes without a DISCONNECT"),
    v5("3.3 malformed publish", "a_content_type_with_a_nul", "closes without a DISCONNECT"),
    v5("3.3 malformed publish", "a_format_indicator_of_2", "goes on as if nothing was wrong"),
    v5("3.3 malformed publish", "a_format_indicator_twice", "closes without a DISCONNECT"),
    v5("3.3 malformed publish", "a_message_expiry_twice", "closes without a DISCONNECT"),
    v5("3.3 malformed publish", "a_response_topic_twice", "closes without a DISCONNECT"),
    v5("3.3 malformed publish", "a_response_topic_with_a_wildcard", "goes on as if nothing was wrong"),
    v5("3.3 malformed publish", "a_subscription_identifier", "goes on as if nothing was wrong"),
    v311("3.3 malformed publish", "dup_at_qos_0", "goes on as if nothing was wrong"),
    v5("3.3 malformed publish", "dup_at_qos_0_of_5", "goes on as if nothing was wrong"),
    v5("3.3 topic alias", "an_alias_of_0_closes", "says MalformedPacket"),
    v5(
        "3.3 message expiry",
        "a_message_behind_receive_maximum_expires",
        "never sends what waits behind an expired message",
    ),
    v5("3.4 acknowledgements", "puback_for_id_0", "closes without a DISCONNECT"),
    v5("3.4 acknowledgements", "puback_for_qos_2_closes", "closes without a DISCONNECT"),
    v5("3.4 acknowledgements", "puback_of_one_byte", "closes without a DISCONNECT"),
    v311("3.4 acknowledgements", "puback_of_three_bytes", "goes on as if nothing was wrong"),
    v5("3.4 acknowledgements", "puback_with_a_foreign_property", "closes without a DISCONNECT"),
    v5("3.4 acknowledgements", "puback_with_an_unknown_reason", "goes on as if nothing was wrong"),
    v5("3.4 acknowledgements", "puback_with_bytes_left_over", "goes on as if nothing was wrong"),
    both("3.4 acknowledgements", "puback_with_flags", "goes on as if nothing was wrong"),
    v5("3.4 acknowledgements", "puback_with_two_reason_strings", "closes without a DISCONNECT"),
    v311("3.4 acknowledgements", "pubcomp_of_three_bytes", "goes on as if nothing was wrong"),
    v5("3.4 acknowledgements", "pubcomp_with_an_unknown_reason", "goes on as if nothing was wrong"),
    both("3.4 acknowledgements", "pubcomp_with_flags", "goes on as if nothing was wrong"),
    v5("3.4 acknowledgements", "pubrec_for_qos_1_closes", "closes without a DISCONNECT"),
    v311("3.4 acknowledgements", "pubrec_of_three_bytes", "answers with PUBREL"),
    v5("3.4 acknowledgements", "pubrec_with_an_unknown_reason", "answers with PUBREL"),
    both("3.4 acknowledgements", "pubrec_with_flags", "answers with PUBREL"),
    v5("3.4 acknowledgements", "pubrel_for_id_0", "closes without a DISCONNECT"),
    v5("3.4 acknowledgements", "pubrel_of_no_bytes", "closes without a DISCONNECT"),
    v311("3.4 acknowledgements", "pubrel_of_three_bytes", "answers with PUBCOMP"),
    v5("3.4 acknowledgements", "pubrel_with_an_unknown_reason", "answers with PUBCOMP"),
    v5("3.4 acknowledgements", "pubrel_with_more_flags", "closes without a DISCONNECT"),
    v5("3.4 acknowledgements", "pubrel_without_its_flag", "closes without a DISCONNECT"),
    v5(
        "3.8 subscribe",
        "overlapping_filters_give_all_identifiers",
        "sends a copy for each filter, with one identifier each",
    ),
    both(
        "3.8 subscribe",
        "overlapping_filters_give_one_copy_at_the_highest_qos",
        "sends a copy for each filter, at its own QoS",
    ),
    v5(
        "3.8 subscription options",
        "subscribing_again_replaces_options",
        "keeps No Local and Retain As Published of the first time",
    ),
    v5("3.8 malformed subscribe", "a_share_with_a_wildcard_in_its_name", "grants it"),
    v5("3.8 malformed subscribe", "a_share_with_an_empty_filter", "grants it"),
    v5("3.8 malformed subscribe", "a_share_with_an_empty_name", "grants it"),
    v5("3.8 malformed subscribe", "a_share_without_a_filter", "grants it"),
    v5("3.8 malformed subscribe", "a_subscription_identifier_of_0", "says MalformedPacket"),
    v5("3.8 malformed subscribe", "a_subscription_identifier_twice", "closes without a DISCONNECT"),
    v5("3.8 malformed subscribe", "no_filter_of_5", "says MalformedPacket"),
    v5("3.8 malformed subscribe", "no_local_with_a_shared_subscription", "grants it"),
    v5("3.8 malformed subscribe", "unsubscribe_no_filter_of_5", "says MalformedPacket"),
    v5("3.12 ping", "connack_from_a_client_of_5", "closes without a DISCONNECT"),
    both("3.12 ping", "pingreq_with_a_body", "answers with PINGRESP"),
    both("3.12 ping", "pingreq_with_flags", "answers with PINGRESP"),
    both("3.12 ping", "pingresp_from_a_client", "goes on as if nothing was wrong"),
    v311("3.12 ping", "suback_from_a_client", "goes on as if nothing was wrong"),
    v5("3.12 ping", "suback_from_a_client_of_5", "goes on as if nothing was wrong"),
    v311("3.12 ping", "unsuback_from_a_client", "goes on as if nothing was wrong"),
    v5("3.12 ping", "unsuback_from_a_client_of_5", "goes on as if nothing was wrong"),
    v5(
        "3.14 disconnect",
        "packets_behind_it_are_not_served",
        "answers the packet behind DISCONNECT with a DISCONNECT of its own",
    )
    .over_websocket(),
    v5("3.14 disconnect", "with_a_foreign_property", "closes without a DISCONNECT"),
    v5("3.14 disconnect", "with_a_reason_of_puback", "closes without a DISCONNECT"),
    v5("3.14 disconnect", "with_an_unknown_reason", "closes without a DISCONNECT"),
    v5("3.14 disconnect", "with_bytes_left_over", "closes without a DISCONNECT"),
    v5("3.14 disconnect", "with_flags", "closes without a DISCONNECT"),
    v5("3.14 disconnect", "with_session_expiry_twice", "closes without a DISCONNECT"),
    v5("3.15 auth", "auth_to_authenticate_again", "closes without a DISCONNECT"),
    v5("3.15 auth", "auth_with_an_unknown_reason", "closes without a DISCONNECT"),
    v5("3.15 auth", "auth_with_flags", "closes without a DISCONNECT"),
    v5("3.15 auth", "auth_without_a_method_in_connect", "closes without a DISCONNECT"),
    both(
        "4.1 session",
        "a_queue_holds_each_message_once_for_overlapping_filters",
        "queues a copy for each filter, at its own QoS",
    ),
    v5(
        "4.3 qos",
        "a_packet_id_in_use_is_not_another_flow",
        "takes the identifier of an unfinished QoS 2 flow for a new one",
    ),
    v5(
        "4.8 shared subscriptions",
        "what_a_member_leaves_behind_goes_to_another",
        "drops what an ended session had not acknowledged, as it may",
    ),
    v5(
        "4.8 shared subscriptions",
        "a_member_that_is_away_is_passed_over",
        "queues messages for a member that is away although another is here",
    ),
    v5(
        "4.8 shared subscriptions",
        "no_retained_message_is_sent",
        "sends retained messages to a new shared subscription",
    ),
    v5(
        "4.9 flow control",
        "the_clients_receive_maximum_is_kept",
        "sends one more than Receive Maximum after an acknowledgement",
    ),
    v5("4.9 flow control", "the_servers_receive_maximum_is_enforced", "answers with PUBREC 0x97 and goes on"),
    v5("4.13 errors", "a_remaining_length_of_five_bytes", "closes without a DISCONNECT"),
    v5("4.13 errors", "a_remaining_length_of_more_bytes_than_it_needs", "answers with PINGRESP"),
    v5(
        "4.13 errors",
        "nothing_behind_an_error_is_served",
        "reads on and says ProtocolError of what is behind",
    )
    .over_websocket(),
    v5("4.13 errors", "random_bytes", "closes without a DISCONNECT"),
    both("6 transport", "a_text_message_closes", "takes its letters for bytes"),
];

/// In both versions.
const fn both(chapter: &'static str, script: &'static str, does: &'static str) -> Difference {
    Difference { chapter, script, version: None, transport: None, does }
}

/// In 3.1.1.
const fn v311(chapter: &'static str, script: &'static str, does: &'static str) -> Difference {
    Difference { version: Some(ProtocolVersion::V311), ..both(chapter, script, does) }
}

/// In 5.0.
const fn v5(chapter: &'static str, script: &'static str, does: &'static str) -> Difference {
    Difference { version: Some(ProtocolVersion::V5), ..both(chapter, script, does) }
}

impl Difference {
    const fn over_websocket(mut self) -> Self {
        self.transport = Some(Transport::WebSocket);
        self
    }
}
