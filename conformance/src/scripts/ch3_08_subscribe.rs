//! 3.8 SUBSCRIBE and 3.9 SUBACK.

use crate::{BOTH, Bench, Script, V5, message, script, subscription};
use headcount_mqtt::QoS::{AtLeastOnce, AtMostOnce, ExactlyOnce};
use headcount_mqtt::{Packet, PacketId, ReasonCode, Subscribe};

pub(crate) const SCRIPTS: &[Script] = &[
    script!(suback_carries_the_id, BOTH, ["MQTT-3.8.4-1", "MQTT-3.8.4-2"]),
    script!(a_code_for_each_filter_in_order, BOTH, ["MQTT-3.8.4-5", "MQTT-3.8.4-6", "MQTT-3.9.3-1"]),
    script!(thousands_of_filters_in_one_packet, BOTH, ["MQTT-3.8.4-4", "MQTT-3.8.4-5"]),
    script!(each_filter_of_one_packet_counts, BOTH, ["MQTT-3.8.4-4"]),
    script!(delivery_begins_with_suback, BOTH, ["MQTT-3.8.4-1"]),
    script!(subscribing_again_replaces_the_qos, BOTH, ["MQTT-3.8.4-3"]),
    script!(subscribing_again_loses_nothing, BOTH, ["MQTT-3.8.4-3"]),
    script!(one_filter_twice_in_one_packet_is_one, BOTH, ["MQTT-3.8.4-3"]),
    script!(overlapping_filters_give_one_copy_at_the_highest_qos, BOTH, ["MQTT-3.3.4-2"]),
    script!(a_subscription_is_of_one_client, BOTH, ["MQTT-3.8.4-3"]),
    script!(a_subscription_identifier_comes_with_the_message, V5, ["MQTT-3.3.4-3"]),
    script!(the_least_and_the_greatest_identifier, V5, ["MQTT-3.3.4-3"]),
    script!(overlapping_filters_give_all_identifiers, V5, ["MQTT-3.3.4-4"]),
    script!(subscribing_again_replaces_the_identifier, V5, ["MQTT-3.8.4-3"]),
    script!(subscribing_again_removes_the_identifier, V5, ["MQTT-3.8.4-3"]),
    script!(an_identifier_comes_with_a_retained_message, V5, ["MQTT-3.3.4-3"]),
    script!(an_identifier_is_kept_with_the_session, V5, ["MQTT-3.3.4-3", "MQTT-4.1.0-1"]),
    script!(user_properties_are_taken, V5, ["MQTT-2.2.2-2"]),
];

fn suback_carries_the_id(b: &Bench) {
    let a = b.connect("a");
    for number in [1, 256, 65_535] {
        let packet_id = PacketId::new(number).expect("not zero");
        a.send(&Packet::Subscribe(Subscribe {
            packet_id,
            subscription_identifier: None,
            user_properties: Vec::new(),
            subscriptions: vec![subscription(b, "t", AtMostOnce)],
        }));
        match a.next("SUBACK") {
            Packet::SubAck(ack) if ack.packet_id == packet_id => {}
            _ => a.fail("no SUBACK with this Packet Identifier came"),
        }
    }
}

fn a_code_for_each_filter_in_order(b: &Bench) {
    let a = b.connect("a");
    let levels = [ExactlyOnce, AtMostOnce, AtLeastOnce, AtMostOnce];
    let filters =
        levels.iter().zip(["a", "b/#", "+/c", "d"]).map(|(qos, filter)| subscription(b, filter, *qos));
    let codes = a.subscribe_all(filters.collect(), None);
    let granted =
        [ReasonCode::GrantedQoS2, ReasonCode::Success, ReasonCode::GrantedQoS1, ReasonCode::Success];
    b.check(codes == granted, &format!("SUBACK grants {codes:?}"));
}

fn thousands_of_filters_in_one_packet(b: &Bench) {
    let a = b.connect("a");
    let filters = (0..3_000).map(|n| subscription(b, &format!("{n}"), AtMostOnce)).collect();
    let codes = a.subscribe_all(filters, None);
    b.check(codes.iter().all(|code| *code == ReasonCode::Success), "not every filter is granted");
    let p = b.connect("p");
    p.publish(&message("2999", "x"));
    a.receive(&message("2999", "x"));
}

fn each_filter_of_one_packet_counts(b: &Bench) {
    let a = b.connect("a");
    let filters = ["one", "two/+", "three/#"].map(|filter| subscription(b, filter, AtLeastOnce));
    a.subscribe_all(filters.to_vec(), None);
    let p = b.connect("p");
    for topic in ["one", "two/x", "three/x/y"] {
        p.publish(&message(topic, "x").at_least_once());
        a.receive(&message(topic, "x").at_least_once());
    }
}

fn delivery_begins_with_suback(b: &Bench) {
    let p = b.connect("p");
    p.publish(&message("t", "before").at_least_once());
    let s = b.connect("s");
    s.subscribe("t", AtLeastOnce);
    p.publish(&message("t", "after").at_least_once());
    s.receive(&message("t", "after").at_least_once());
    s.expect_nothing();
}

fn subscribing_again_replaces_the_qos(b: &Bench) {
    let s = b.connect("s");
    let p = b.connect("p");
    for qos in [AtMostOnce, ExactlyOnce, AtLeastOnce, AtMostOnce] {
        s.subscribe("t", qos);
        p.publish(&message("t", "x").exactly_once());
        s.receive(&message("t", "x").qos(qos));
        s.expect_nothing();
    }
}

fn subscribing_again_loses_nothing(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtLeastOnce);
    let p = b.connect("p");
    p.publish(&message("t", "1").at_least_once());
    s.subscribe("t", AtLeastOnce);
    p.publish(&message("t", "2").at_least_once());
    s.receive(&message("t", "1").at_least_once());
    s.receive(&message("t", "2").at_least_once());
    s.expect_nothing();
}

fn one_filter_twice_in_one_packet_is_one(b: &Bench) {
    let s = b.connect("s");
    let twice = vec![subscription(b, "t", AtMostOnce), subscription(b, "t", AtLeastOnce)];
    s.subscribe_all(twice, None);
    b.connect("p").publish(&message("t", "x").at_least_once());
    s.receive(&message("t", "x").at_least_once());
    s.expect_nothing();
}

fn overlapping_filters_give_one_copy_at_the_highest_qos(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("a/b", AtMostOnce);
    s.subscribe("a/+", ExactlyOnce);
    s.subscribe("a/#", AtLeastOnce);
    b.connect("p").publish(&message("a/b", "x").exactly_once());
    s.receive(&message("a/b", "x").exactly_once());
    s.expect_nothing();
}

fn a_subscription_is_of_one_client(b: &Bench) {
    let (s, other) = (b.connect("s"), b.connect("other"));
    s.subscribe("t", AtMostOnce);
    other.subscribe("t", AtLeastOnce);
    b.connect("p").publish(&message("t", "x").at_least_once());
    s.receive(&message("t", "x"));
    other.receive(&message("t", "x").at_least_once());
}

fn a_subscription_identifier_comes_with_the_message(b: &Bench) {
    let s = b.connect("s");
    s.subscribe_identified("t", AtLeastOnce, 7);
    s.subscribe("plain", AtLeastOnce);
    let p = b.connect("p");
    for qos in [AtMostOnce, AtLeastOnce] {
        p.publish(&message("t", "x").qos(qos));
        s.receive(
            &message("t", "x").qos(qos).with(|properties| properties.subscription_identifiers = vec![7]),
        );
    }
    p.publish(&message("plain", "x").at_least_once());
    s.receive(&message("plain", "x").at_least_once());
}

fn the_least_and_the_greatest_identifier(b: &Bench) {
    let s = b.connect("s");
    let p = b.connect("p");
    for identifier in [1, 127, 128, 16_384, 2_097_152, 268_435_455] {
        s.subscribe_identified("t", AtMostOnce, identifier);
        p.publish(&message("t", "x"));
        s.receive(
            &message("t", "x").with(|properties| properties.subscription_identifiers = vec![identifier]),
        );
    }
}

fn overlapping_filters_give_all_identifiers(b: &Bench) {
    let s = b.connect("s");
    s.subscribe_identified("a/b", AtMostOnce, 1);
    s.subscribe_identified("a/+", AtLeastOnce, 2);
    s.subscribe("a/#", AtMostOnce);
    s.subscribe_identified("+/b", AtMostOnce, 1_000);
    b.connect("p").publish(&message("a/b", "x").exactly_once());
    let Packet::Publish(publish) = s.next("a PUBLISH") else { s.fail("no PUBLISH came") };
    let mut identifiers = publish.properties.clone().unwrap_or_default().subscription_identifiers;
    identifiers.sort_unstable();
    b.check(identifiers == [1, 2, 1_000], &format!("Subscription Identifiers {identifiers:?}"));
    b.check(publish.delivery.qos() == AtLeastOnce, "not at the highest QoS");
    s.acknowledge(&publish);
    s.expect_nothing();
}

fn subscribing_again_replaces_the_identifier(b: &Bench) {
    let s = b.connect("s");
    s.subscribe_identified("t", AtMostOnce, 1);
    s.subscribe_identified("t", AtMostOnce, 2);
    b.connect("p").publish(&message("t", "x"));
    s.receive(&message("t", "x").with(|properties| properties.subscription_identifiers = vec![2]));
    s.expect_nothing();
}

fn subscribing_again_removes_the_identifier(b: &Bench) {
    let s = b.connect("s");
    s.subscribe_identified("t", AtMostOnce, 1);
    s.subscribe("t", AtMostOnce);
    b.connect("p").publish(&message("t", "x"));
    s.receive(&message("t", "x"));
}

fn an_identifier_comes_with_a_retained_message(b: &Bench) {
    b.connect("p").publish(&message("t", "x").at_least_once().retain());
    let s = b.connect("s");
    s.subscribe_identified("t", AtMostOnce, 3);
    s.receive(&message("t", "x").retain().with(|properties| properties.subscription_identifiers = vec![3]));
}

fn an_identifier_is_kept_with_the_session(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe_identified("t", AtLeastOnce, 3);
    s.disconnect();
    b.connect("p").publish(&message("t", "x").at_least_once());
    let s = b.connecting("s").kept().resumed();
    s.receive(
        &message("t", "x").at_least_once().with(|properties| properties.subscription_identifiers = vec![3]),
    );
}

fn user_properties_are_taken(b: &Bench) {
    let a = b.connect("a");
    let text = |text: &str| headcount_mqtt::Text::try_from(text).expect("a text");
    a.send(&Packet::Subscribe(Subscribe {
        packet_id: PacketId::new(1).expect("not zero"),
        subscription_identifier: Some(1),
        user_properties: vec![(text("a"), text("1")), (text("a"), text("1")), (text(""), text(""))],
        subscriptions: vec![subscription(b, "t", AtMostOnce)],
    }));
    match a.next("SUBACK") {
        Packet::SubAck(ack) => b.check(ack.reasons == [ReasonCode::Success], "SUBACK refuses"),
        _ => a.fail("no SUBACK came"),
    }
}
