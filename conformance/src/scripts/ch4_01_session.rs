//! 4.1 Session State: what outlives a connection.

use crate::{BOTH, Bench, Script, V5, V311, message, script};
use headcount_mqtt::QoS::{AtLeastOnce, AtMostOnce, ExactlyOnce};

pub(crate) const SCRIPTS: &[Script] = &[
    script!(a_clean_session_ends_with_its_connection, BOTH, ["MQTT-3.1.2-4", "MQTT-3.1.2-6 (3.1.1)"]),
    script!(a_kept_session_has_its_subscriptions, BOTH, ["MQTT-4.1.0-1", "MQTT-3.1.2-5"]),
    script!(
        messages_are_queued_for_who_is_away,
        BOTH,
        ["MQTT-4.5.0-1", "MQTT-4.1.0-1", "MQTT-3.1.2-5 (3.1.1)"]
    ),
    script!(a_queue_keeps_its_order_across_topics, BOTH, ["MQTT-4.6.0-6"]),
    script!(a_queued_message_has_no_dup, BOTH, ["MQTT-3.3.1-1"]),
    script!(a_queue_is_delivered_once, BOTH, ["MQTT-4.1.0-1"]),
    script!(a_queue_longer_than_the_window_is_delivered_whole, BOTH, ["MQTT-4.1.0-1"]),
    script!(a_queue_is_kept_over_a_lost_connection, BOTH, ["MQTT-4.1.0-1"]),
    script!(what_was_published_at_qos_0_comes_at_most_as_such, BOTH, ["MQTT-4.3.1-1"]),
    script!(a_clean_start_drops_what_was_kept, BOTH, ["MQTT-3.1.4-4", "MQTT-3.1.2-4"]),
    script!(a_clean_start_drops_the_queue, BOTH, ["MQTT-3.1.2-4"]),
    script!(a_queued_message_keeps_its_properties, V5, ["MQTT-4.1.0-1", "MQTT-3.3.2-17"]),
    script!(a_queue_holds_each_message_once_for_overlapping_filters, BOTH, ["MQTT-3.3.4-2"]),
    script!(a_kept_session_may_be_kept_again, BOTH, ["MQTT-3.1.2-5"]),
    script!(a_session_is_the_same_in_either_version, V311, ["MQTT-3.1.2-5"]),
    script!(sessions_are_told_apart_by_id, BOTH, ["MQTT-3.1.3-2"]),
    script!(three_one_one_keeps_a_session_for_long, V311, ["MQTT-3.1.2-4 (3.1.1)"]).waits(86_400),
];

fn a_clean_session_ends_with_its_connection(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtLeastOnce);
    s.disconnect();
    b.connect("p").publish(&message("t", "x").at_least_once());
    b.connecting("s").kept().open().expect_nothing();
}

fn a_kept_session_has_its_subscriptions(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe("a/+", AtMostOnce);
    s.subscribe("b/#", ExactlyOnce);
    s.disconnect();
    let s = b.connecting("s").kept().resumed();
    let p = b.connect("p");
    p.publish(&message("a/x", "1").exactly_once());
    p.publish(&message("b/x/y", "2").exactly_once());
    s.receive(&message("a/x", "1"));
    s.receive(&message("b/x/y", "2").exactly_once());
}

fn messages_are_queued_for_who_is_away(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe("t", ExactlyOnce);
    s.disconnect();
    let p = b.connect("p");
    p.publish(&message("t", "1").at_least_once());
    p.publish(&message("t", "2").exactly_once());
    let s = b.connecting("s").kept().resumed();
    s.receive(&message("t", "1").at_least_once());
    s.receive(&message("t", "2").exactly_once());
    s.expect_nothing();
}

fn a_queue_keeps_its_order_across_topics(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe("#", AtLeastOnce);
    s.disconnect();
    let p = b.connect("p");
    for n in 0..50 {
        p.publish(&message(&format!("{}", n % 3), n.to_string()).at_least_once());
    }
    let s = b.connecting("s").kept().resumed();
    for n in 0..50 {
        s.receive(&message(&format!("{}", n % 3), n.to_string()).at_least_once());
    }
    s.expect_nothing();
}

fn a_queued_message_has_no_dup(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe("t", AtLeastOnce);
    s.disconnect();
    b.connect("p").publish(&message("t", "x").at_least_once().dup());
    b.connecting("s").kept().resumed().receive(&message("t", "x").at_least_once());
}

fn a_queue_is_delivered_once(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe("t", ExactlyOnce);
    s.disconnect();
    let p = b.connect("p");
    p.publish(&message("t", "1").at_least_once());
    p.publish(&message("t", "2").exactly_once());
    let s = b.connecting("s").kept().resumed();
    s.receive(&message("t", "1").at_least_once());
    s.receive(&message("t", "2").exactly_once());
    s.disconnect();
    b.connecting("s").kept().resumed().expect_nothing();
}

fn a_queue_longer_than_the_window_is_delivered_whole(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe("t", AtLeastOnce);
    s.disconnect();
    let p = b.connect("p");
    for n in 0..90 {
        p.publish(&message("t", n.to_string()).at_least_once());
    }
    let s = b.connecting("s").kept().resumed();
    for n in 0..90 {
        s.receive(&message("t", n.to_string()).at_least_once());
    }
    s.expect_nothing();
}

fn a_queue_is_kept_over_a_lost_connection(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe("t", AtLeastOnce);
    s.vanish();
    b.connect("p").publish(&message("t", "x").at_least_once());
    let s = b.connecting("s").kept().resumed();
    s.receive(&message("t", "x").at_least_once());
    s.expect_nothing();
}

fn what_was_published_at_qos_0_comes_at_most_as_such(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe("t", AtLeastOnce);
    s.disconnect();
    let p = b.connect("p");
    p.publish(&message("t", "zero"));
    p.publish(&message("t", "one").at_least_once());
    let s = b.connecting("s").kept().resumed();
    // The server may keep messages of QoS 0, and need not.
    let headcount_mqtt::Packet::Publish(first) = s.next("a PUBLISH") else { s.fail("no PUBLISH came") };
    if first.payload == "zero" {
        b.check(first.delivery.qos() == AtMostOnce, "a message of QoS 0 comes at a higher one");
        s.receive(&message("t", "one").at_least_once());
    } else {
        b.check(first.payload == "one", "another message");
        s.acknowledge(&first);
    }
    s.expect_nothing();
}

fn a_clean_start_drops_what_was_kept(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe("t", AtLeastOnce);
    s.disconnect();
    let s = b.connecting("s").open();
    b.connect("p").publish(&message("t", "x").at_least_once());
    s.expect_nothing();
    s.disconnect();
    b.connecting("s").kept().open().expect_nothing();
}

fn a_clean_start_drops_the_queue(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe("t", AtLeastOnce);
    s.disconnect();
    b.connect("p").publish(&message("t", "x").at_least_once());
    b.connecting("s").open().expect_nothing();
}

fn a_queued_message_keeps_its_properties(b: &Bench) {
    let text = |text: &str| headcount_mqtt::Text::try_from(text).expect("a text");
    let s = b.connecting("s").kept().open();
    s.subscribe_identified("t", AtLeastOnce, 9);
    s.disconnect();
    let sent = message("t", "x").at_least_once().with(|properties| {
        properties.payload_format_indicator = Some(true);
        properties.content_type = Some(text("text/plain"));
        properties.correlation_data = Some(bytes::Bytes::from_static(b"\x00\xFF"));
        properties.user_properties = vec![(text("b"), text("1")), (text("a"), text("2"))];
    });
    b.connect("p").publish(&sent);
    let s = b.connecting("s").kept().resumed();
    s.receive(&sent.with(|properties| properties.subscription_identifiers = vec![9]));
}

fn a_queue_holds_each_message_once_for_overlapping_filters(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe("a/b", AtLeastOnce);
    s.subscribe("a/+", ExactlyOnce);
    s.disconnect();
    b.connect("p").publish(&message("a/b", "x").exactly_once());
    let s = b.connecting("s").kept().resumed();
    s.receive(&message("a/b", "x").exactly_once());
    s.expect_nothing();
}

fn a_kept_session_may_be_kept_again(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe("t", AtLeastOnce);
    s.disconnect();
    let p = b.connect("p");
    for payload in ["1", "2", "3"] {
        p.publish(&message("t", payload).at_least_once());
        let s = b.connecting("s").kept().resumed();
        s.receive(&message("t", payload).at_least_once());
        s.disconnect();
    }
}

fn a_session_is_the_same_in_either_version(b: &Bench) {
    let new = b.speaking(headcount_mqtt::ProtocolVersion::V5);
    let s = b.connecting("s").kept().open();
    s.subscribe("t", AtLeastOnce);
    s.disconnect();
    b.connect("p").publish(&message("t", "1").at_least_once());
    let s = new.connecting("s").kept().resumed();
    s.receive(&message("t", "1").at_least_once());
    s.disconnect();
    new.connect("p").publish(&message("t", "2").at_least_once());
    let s = b.connecting("s").kept().resumed();
    s.receive(&message("t", "2").at_least_once());
    s.expect_nothing();
}

fn sessions_are_told_apart_by_id(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe("t", AtLeastOnce);
    s.disconnect();
    b.connecting("other").kept().open().expect_nothing();
    b.connecting("s").kept().resumed().expect_nothing();
}

fn three_one_one_keeps_a_session_for_long(b: &Bench) {
    b.connecting("s").kept().open().disconnect();
    b.wait(86_400);
    b.connecting("s").kept().resumed();
}
