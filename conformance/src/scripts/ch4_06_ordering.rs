//! 4.6 Message ordering.

use crate::{BOTH, Bench, Script, message, script};
use headcount_mqtt::QoS::{AtLeastOnce, AtMostOnce, ExactlyOnce};
use headcount_mqtt::{Ack, Packet, QoS};

pub(crate) const SCRIPTS: &[Script] = &[
    script!(qos_0_is_ordered, BOTH, ["MQTT-4.6.0-6"]),
    script!(qos_1_is_ordered, BOTH, ["MQTT-4.6.0-6"]),
    script!(qos_2_is_ordered, BOTH, ["MQTT-4.6.0-6"]),
    script!(acknowledgements_come_in_the_order_of_messages, BOTH, ["MQTT-4.6.0-2"]),
    script!(pubrecs_come_in_the_order_of_messages, BOTH, ["MQTT-4.6.0-3"]),
    script!(pubrels_come_in_the_order_of_pubrecs, BOTH, ["MQTT-4.6.0-4"]),
    script!(one_write_of_many_packets_is_ordered, BOTH, ["MQTT-4.6.0-5"]),
    script!(two_publishers_are_each_ordered, BOTH, ["MQTT-4.6.0-5"]),
];

/// Enough to pass the window of twenty that brokers commonly keep.
const MANY: u16 = 100;

fn qos_0_is_ordered(b: &Bench) {
    ordered(b, AtMostOnce);
}

fn qos_1_is_ordered(b: &Bench) {
    ordered(b, AtLeastOnce);
}

fn qos_2_is_ordered(b: &Bench) {
    ordered(b, ExactlyOnce);
}

fn ordered(b: &Bench, qos: QoS) {
    let s = b.connect("s");
    s.subscribe("t", qos);
    let p = b.connect("p");
    for n in 0..MANY {
        p.publish(&message("t", n.to_string()).qos(qos));
    }
    for n in 0..MANY {
        s.receive(&message("t", n.to_string()).qos(qos));
    }
    s.expect_nothing();
}

fn acknowledgements_come_in_the_order_of_messages(b: &Bench) {
    let p = b.connect("p");
    let numbers = [7, 3, 65_535, 1, 12];
    let publish = |number| Packet::Publish(p.publish_packet(&message("t", "x").at_least_once().id(number)));
    p.send_together(&numbers.map(publish));
    for number in numbers {
        p.expect_puback(headcount_mqtt::PacketId::new(number).expect("not zero"));
    }
}

fn pubrecs_come_in_the_order_of_messages(b: &Bench) {
    let p = b.connect("p");
    let numbers = [7, 3, 65_535, 1, 12];
    let publish = |number| Packet::Publish(p.publish_packet(&message("t", "x").exactly_once().id(number)));
    p.send_together(&numbers.map(publish));
    for number in numbers {
        p.expect_pubrec(headcount_mqtt::PacketId::new(number).expect("not zero"));
    }
}

fn pubrels_come_in_the_order_of_pubrecs(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", ExactlyOnce);
    let p = b.connect("p");
    let mut ids = Vec::new();
    for n in 0..5 {
        p.publish(&message("t", n.to_string()).exactly_once());
        let publish = s.expect_message(&message("t", n.to_string()).exactly_once());
        ids.push(publish.delivery.packet_id().expect("QoS 2"));
    }
    s.send_together(&ids.iter().map(|id| Packet::PubRec(Ack::new(*id))).collect::<Vec<_>>());
    for id in ids {
        s.expect_pubrel(id);
    }
}

fn one_write_of_many_packets_is_ordered(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("#", AtMostOnce);
    let p = b.connect("p");
    let packets: Vec<_> = (0..MANY)
        .map(|n| Packet::Publish(p.publish_packet(&message(&format!("{}", n % 7), n.to_string()))))
        .collect();
    p.send_together(&packets);
    for n in 0..MANY {
        s.receive(&message(&format!("{}", n % 7), n.to_string()));
    }
    s.expect_nothing();
}

fn two_publishers_are_each_ordered(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("+", AtMostOnce);
    let (one, two) = (b.connect("one"), b.connect("two"));
    for n in 0..20 {
        one.publish(&message("one", n.to_string()));
        two.publish(&message("two", n.to_string()));
    }
    let (mut from_one, mut from_two) = (0, 0);
    for _ in 0..40 {
        let Packet::Publish(publish) = s.next("a PUBLISH") else { s.fail("no PUBLISH came") };
        let count = if publish.topic.is_some_and(|topic| topic.as_bytes().ends_with(b"one")) {
            &mut from_one
        } else {
            &mut from_two
        };
        b.check(publish.payload == count.to_string(), "a publisher's messages changed places");
        *count += 1;
    }
    s.expect_nothing();
}
