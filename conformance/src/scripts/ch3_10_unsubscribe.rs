//! 3.10 UNSUBSCRIBE and 3.11 UNSUBACK.

use crate::{BOTH, Bench, Script, V5, V311, message, script};
use headcount_mqtt::QoS::{AtLeastOnce, AtMostOnce, ExactlyOnce};
use headcount_mqtt::{Packet, PacketId, ReasonCode, Unsubscribe};

pub(crate) const SCRIPTS: &[Script] = &[
    script!(delivery_ends, BOTH, ["MQTT-3.10.4-1", "MQTT-3.10.4-2"]),
    script!(unsuback_carries_the_id, BOTH, ["MQTT-3.10.4-4", "MQTT-3.10.4-5"]),
    script!(it_is_acknowledged_without_a_subscription, BOTH, ["MQTT-3.10.4-5"]),
    script!(unsuback_of_3_1_1_has_no_codes, V311, ["MQTT-3.10.4-4 (3.1.1)"]),
    script!(a_code_for_each_filter_in_order, V5, ["MQTT-3.11.3-1", "MQTT-3.11.3-2"]),
    script!(filters_are_compared_letter_by_letter, BOTH, ["MQTT-3.10.4-1"]),
    script!(each_filter_of_one_packet_counts, BOTH, ["MQTT-3.10.4-6"]),
    script!(what_is_on_its_way_is_finished, BOTH, ["MQTT-3.10.4-3"]),
    script!(what_is_on_its_way_at_qos_2_is_finished, BOTH, ["MQTT-3.10.4-3"]),
    script!(other_overlapping_filters_stay, BOTH, ["MQTT-3.10.4-1"]),
    script!(it_holds_for_the_kept_session, BOTH, ["MQTT-3.10.4-1"]),
];

fn delivery_ends(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtLeastOnce);
    let p = b.connect("p");
    p.publish(&message("t", "1").at_least_once());
    s.receive(&message("t", "1").at_least_once());
    s.unsubscribe(&["t"]);
    p.publish(&message("t", "2").at_least_once());
    s.expect_nothing();
}

fn unsuback_carries_the_id(b: &Bench) {
    let s = b.connect("s");
    for number in [1, 256, 65_535] {
        let packet_id = PacketId::new(number).expect("not zero");
        s.send(&Packet::Unsubscribe(Unsubscribe {
            packet_id,
            user_properties: Vec::new(),
            filters: vec![b.filter("t")],
        }));
        match s.next("UNSUBACK") {
            Packet::UnsubAck(ack) if ack.packet_id == packet_id => {}
            _ => s.fail("no UNSUBACK with this Packet Identifier came"),
        }
    }
}

fn it_is_acknowledged_without_a_subscription(b: &Bench) {
    b.connect("s").unsubscribe(&["never", "ever/#", "+"]);
}

fn unsuback_of_3_1_1_has_no_codes(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtMostOnce);
    b.check(s.unsubscribe(&["t"]).is_empty(), "UNSUBACK has codes in 3.1.1");
}

fn a_code_for_each_filter_in_order(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("a", AtMostOnce);
    s.subscribe("b/#", AtMostOnce);
    let (was, was_not) = (ReasonCode::Success, ReasonCode::NoSubscriptionExisted);
    let codes = s.unsubscribe(&["a", "none", "b/#", "b"]);
    b.check(codes == [was, was_not, was, was_not], &format!("UNSUBACK says {codes:?}"));
    let codes = s.unsubscribe(&["a"]);
    b.check(codes == [was_not], &format!("UNSUBACK says {codes:?} the second time"));
}

fn filters_are_compared_letter_by_letter(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("a/b", AtMostOnce);
    s.unsubscribe(&["a/+", "a/#", "A/B", "a/b/", "/a/b", "a"]);
    b.connect("p").publish(&message("a/b", "x"));
    s.receive(&message("a/b", "x"));
}

fn each_filter_of_one_packet_counts(b: &Bench) {
    let s = b.connect("s");
    for filter in ["a", "b", "c"] {
        s.subscribe(filter, AtMostOnce);
    }
    s.unsubscribe(&["a", "c"]);
    let p = b.connect("p");
    for topic in ["a", "b", "c"] {
        p.publish(&message(topic, "x"));
    }
    s.receive(&message("b", "x"));
    s.expect_nothing();
}

fn what_is_on_its_way_is_finished(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe("t", AtLeastOnce);
    b.connect("p").publish(&message("t", "x").at_least_once());
    let publish = s.expect_message(&message("t", "x").at_least_once());
    s.unsubscribe(&["t"]);
    s.disconnect();
    let id = publish.delivery.packet_id().expect("QoS 1").get();
    let s = b.connecting("s").kept().resumed();
    s.receive(&message("t", "x").at_least_once().dup().id(id));
    s.expect_nothing();
}

fn what_is_on_its_way_at_qos_2_is_finished(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", ExactlyOnce);
    b.connect("p").publish(&message("t", "x").exactly_once());
    let publish = s.expect_message(&message("t", "x").exactly_once());
    s.unsubscribe(&["t"]);
    s.acknowledge(&publish);
    s.expect_nothing();
}

fn other_overlapping_filters_stay(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("a/+", AtMostOnce);
    s.subscribe("a/b", AtLeastOnce);
    s.unsubscribe(&["a/b"]);
    b.connect("p").publish(&message("a/b", "x").at_least_once());
    s.receive(&message("a/b", "x"));
    s.expect_nothing();
}

fn it_holds_for_the_kept_session(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe("t", AtLeastOnce);
    s.unsubscribe(&["t"]);
    s.disconnect();
    b.connect("p").publish(&message("t", "x").at_least_once());
    b.connecting("s").kept().resumed().expect_nothing();
}
