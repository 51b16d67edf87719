//! 3.3 PUBLISH: messages pass unchanged.

use crate::{BOTH, Bench, Script, V5, message, script};
use bytes::Bytes;
use headcount_mqtt::QoS::{AtLeastOnce, AtMostOnce, ExactlyOnce};
use headcount_mqtt::{Packet, PublishProperties, ReasonCode, Text, TopicName};

pub(crate) const SCRIPTS: &[Script] = &[
    script!(it_reaches_each_subscriber_once, BOTH, ["MQTT-4.5.0-1"]),
    script!(it_reaches_its_own_publisher, BOTH, ["MQTT-4.5.0-1"]),
    script!(it_reaches_nobody_without_a_subscription, BOTH, ["MQTT-3.3.4-1"]),
    script!(an_empty_payload_passes, BOTH, ["MQTT-4.5.0-1"]),
    script!(any_bytes_pass, BOTH, ["MQTT-4.5.0-1"]),
    script!(payloads_around_the_steps_of_remaining_length_pass, BOTH, ["2.1.4"]),
    script!(three_hundred_kilobytes_pass, BOTH, ["MQTT-4.5.0-1"]),
    script!(dup_is_not_passed_on, BOTH, ["MQTT-3.3.1-3"]),
    script!(
        all_properties_pass_unchanged,
        V5,
        ["MQTT-3.3.2-4", "MQTT-3.3.2-15", "MQTT-3.3.2-16", "MQTT-3.3.2-17", "MQTT-3.3.2-18", "MQTT-3.3.2-20",]
    ),
    script!(the_format_indicator_passes_either_way, V5, ["MQTT-3.3.2-4"]),
    script!(properties_do_not_reach_3_1_1, V5, ["MQTT-3.3.2-4"]),
    script!(a_packet_too_large_for_the_client_is_not_sent, V5, ["MQTT-3.1.2-24", "MQTT-3.1.2-25"]),
    script!(a_packet_too_large_is_not_queued_either, V5, ["MQTT-3.1.2-25"]),
    script!(a_packet_too_large_for_the_server_closes, BOTH, ["MQTT-3.2.2-15"])
        .configured(|config| config.limits.max_packet_size = 1_000),
    script!(puback_says_how_it_went, BOTH, ["MQTT-4.3.2-4"]),
];

fn it_reaches_each_subscriber_once(b: &Bench) {
    let subscribers = [b.connect("one"), b.connect("two"), b.connect("three")];
    for s in &subscribers {
        s.subscribe("t", AtMostOnce);
    }
    b.connect("p").publish(&message("t", "x"));
    for s in &subscribers {
        s.receive(&message("t", "x"));
        s.expect_nothing();
    }
}

fn it_reaches_its_own_publisher(b: &Bench) {
    let a = b.connect("a");
    a.subscribe("t", ExactlyOnce);
    for qos in [AtMostOnce, AtLeastOnce, ExactlyOnce] {
        a.publish(&message("t", "x").qos(qos));
        a.receive(&message("t", "x").qos(qos));
    }
    a.expect_nothing();
}

fn it_reaches_nobody_without_a_subscription(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("other", AtMostOnce);
    b.connect("p").publish(&message("t", "x").exactly_once());
    s.expect_nothing();
}

fn an_empty_payload_passes(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtMostOnce);
    b.connect("p").publish(&message("t", ""));
    s.receive(&message("t", ""));
}

fn any_bytes_pass(b: &Bench) {
    let bytes: Vec<u8> = (0..=255).collect();
    let s = b.connect("s");
    s.subscribe("t", AtLeastOnce);
    b.connect("p").publish(&message("t", &bytes).at_least_once());
    s.receive(&message("t", &bytes).at_least_once());
}

fn payloads_around_the_steps_of_remaining_length_pass(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtMostOnce);
    let p = b.connect("p");
    // Topic and its length, and in 5.0 a byte of properties, stand in the Remaining Length too.
    let head = 2 + b.topic("t").len() + usize::from(b.is_v5());
    for remaining in [127, 128, 129, 16_383, 16_384, 16_385] {
        let message = message("t", vec![b'x'; remaining - head]);
        p.publish(&message);
        s.receive(&message);
    }
}

fn three_hundred_kilobytes_pass(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtLeastOnce);
    let message =
        message("t", (0..300_000_u32).map(|n| n.to_le_bytes()[n as usize % 3]).collect::<Vec<u8>>());
    b.connect("p").publish(&message.clone().at_least_once());
    s.receive(&message.at_least_once());
}

fn dup_is_not_passed_on(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", ExactlyOnce);
    let p = b.connect("p");
    p.publish(&message("t", "1").at_least_once().dup());
    s.receive(&message("t", "1").at_least_once());
    p.publish(&message("t", "2").exactly_once().dup());
    s.receive(&message("t", "2").exactly_once());
}

fn all_properties_pass_unchanged(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", ExactlyOnce);
    let p = b.connect("p");
    for qos in [AtMostOnce, AtLeastOnce, ExactlyOnce] {
        let message = message("t", "x").qos(qos).with(|properties| *properties = everything(b));
        p.publish(&message);
        s.receive(&message);
    }
}

fn the_format_indicator_passes_either_way(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtMostOnce);
    let p = b.connect("p");
    for indicator in [None, Some(false), Some(true)] {
        let message = message("t", "x").with(|properties| properties.payload_format_indicator = indicator);
        p.publish(&message);
        s.receive(&message);
    }
}

fn properties_do_not_reach_3_1_1(b: &Bench) {
    let old = b.speaking(headcount_mqtt::ProtocolVersion::V311);
    let s = old.connect("s");
    s.subscribe("t", AtMostOnce);
    b.connect("p").publish(&message("t", "x").with(|properties| *properties = everything(b)));
    s.receive(&message("t", "x"));
    old.connect("q").publish(&message("t", "y"));
    s.receive(&message("t", "y"));
}

fn a_packet_too_large_for_the_client_is_not_sent(b: &Bench) {
    let s = b.connecting("s").with(|properties| properties.maximum_packet_size = Some(100)).open();
    s.subscribe("#", ExactlyOnce);
    let whole = b.connect("whole");
    whole.subscribe("t", ExactlyOnce);
    let p = b.connect("p");
    let small = message("t", "small").at_least_once();
    for qos in [AtMostOnce, AtLeastOnce, ExactlyOnce] {
        let large = message("t", vec![b'x'; 100]).qos(qos);
        p.publish(&large);
        p.publish(&small);
        whole.receive(&large);
        whole.receive(&small);
        s.receive(&small);
    }
    s.expect_nothing();
}

fn a_packet_too_large_is_not_queued_either(b: &Bench) {
    let kept = || b.connecting("s").kept().with(|properties| properties.maximum_packet_size = Some(100));
    let s = kept().open();
    s.subscribe("t", AtLeastOnce);
    s.disconnect();
    let p = b.connect("p");
    p.publish(&message("t", vec![b'x'; 100]).at_least_once());
    p.publish(&message("t", "small").at_least_once());
    let s = kept().resumed();
    s.receive(&message("t", "small").at_least_once());
    s.expect_nothing();
}

fn a_packet_too_large_for_the_server_closes(b: &Bench) {
    let a = b.connect("a");
    a.publish(&message("t", vec![b'x'; 900]));
    a.expect_open();
    a.send_message(&message("t", vec![b'x'; 1_000]));
    a.expect_refusal(&[ReasonCode::PacketTooLarge]);
}

fn puback_says_how_it_went(b: &Bench) {
    let p = b.connect("p");
    let id = p.send_message(&message("nobody", "x").at_least_once());
    match p.next("PUBACK") {
        Packet::PubAck(ack) => {
            let fits = [ReasonCode::Success, ReasonCode::NoMatchingSubscribers].contains(&ack.reason);
            b.check(ack.packet_id == id && fits, "PUBACK of another message or with an error");
        }
        other => p.fail(&format!("{other:?} came; PUBACK was expected")),
    }
}

/// Every property that is passed on and stays as it is.
fn everything(b: &Bench) -> PublishProperties {
    PublishProperties {
        payload_format_indicator: Some(true),
        response_topic: Some(TopicName::try_from(b.topic("answer")).expect("a Topic Name")),
        correlation_data: Some(Bytes::from_static(&[0, 1, 0xFF])),
        user_properties: vec![
            (text("b"), text("1")),
            (text("a"), text("2")),
            (text("b"), text("1")),
            (text(""), text("")),
        ],
        content_type: Some(text("text/plain; charset=utf-8")),
        ..PublishProperties::default()
    }
}

fn text(text: &str) -> Text {
    Text::try_from(text).expect("a text")
}
