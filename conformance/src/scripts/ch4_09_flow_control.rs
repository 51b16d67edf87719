//! 4.9 Flow control: Receive Maximum, both ways.

use crate::{BOTH, Bench, Client, Script, V5, message, script};
use headcount_mqtt::QoS::{AtLeastOnce, AtMostOnce, ExactlyOnce};
use headcount_mqtt::{Ack, Packet, PacketId, ReasonCode};

pub(crate) const SCRIPTS: &[Script] = &[
    script!(the_clients_receive_maximum_is_kept, V5, ["MQTT-4.9.0-1", "MQTT-3.3.4-7", "MQTT-3.3.4-9"]),
    script!(a_receive_maximum_of_1_is_kept, V5, ["MQTT-3.3.4-7", "MQTT-3.3.4-9"]),
    script!(qos_2_counts_until_pubcomp, V5, ["MQTT-4.9.0-2", "MQTT-4.9.0-3"]),
    script!(qos_0_does_not_count, V5, ["MQTT-3.3.4-10", "MQTT-4.9.0-3"]),
    script!(it_is_kept_after_resuming, V5, ["MQTT-3.3.4-9"]),
    script!(a_new_connection_may_say_another, V5, ["MQTT-3.3.4-9"]),
    script!(the_servers_receive_maximum_is_enforced, V5, ["MQTT-3.3.4-7", "MQTT-3.3.4-8"]),
    script!(the_servers_receive_maximum_may_be_used_up, V5, ["MQTT-3.3.4-8"]),
    script!(a_finished_flow_gives_its_place_back, V5, ["MQTT-4.9.0-2"]),
    script!(acknowledgements_in_another_order_are_right, BOTH, ["MQTT-4.4.0-1"]),
    script!(a_reader_that_does_not_acknowledge_delays_nobody, BOTH, ["MQTT-4.9.0-3"]),
];

fn id(number: u16) -> PacketId {
    PacketId::new(number).expect("not zero")
}

fn subscriber(b: &Bench, receive_maximum: u16) -> Client {
    let with = |properties: &mut headcount_mqtt::ConnectProperties| {
        properties.receive_maximum = Some(receive_maximum);
    };
    let s = b.connecting("s").kept().with(with).open();
    s.subscribe("t", ExactlyOnce);
    s
}

fn the_clients_receive_maximum_is_kept(b: &Bench) {
    let s = subscriber(b, 3);
    let p = b.connect("p");
    for n in 0..10 {
        p.publish(&message("t", n.to_string()).at_least_once());
    }
    let mut unfinished = Vec::new();
    for n in 0..3 {
        unfinished.push(s.expect_message(&message("t", n.to_string()).at_least_once()));
    }
    s.expect_nothing();
    for n in 3..10 {
        s.acknowledge(&unfinished.remove(0));
        unfinished.push(s.expect_message(&message("t", n.to_string()).at_least_once()));
        s.expect_nothing();
    }
}

fn a_receive_maximum_of_1_is_kept(b: &Bench) {
    let s = subscriber(b, 1);
    let p = b.connect("p");
    for n in 0..5 {
        p.publish(&message("t", n.to_string()).at_least_once());
    }
    for n in 0..5 {
        let publish = s.expect_message(&message("t", n.to_string()).at_least_once());
        s.expect_nothing();
        s.acknowledge(&publish);
    }
    s.expect_nothing();
}

fn qos_2_counts_until_pubcomp(b: &Bench) {
    let s = subscriber(b, 1);
    let p = b.connect("p");
    p.publish(&message("t", "1").exactly_once());
    p.publish(&message("t", "2").exactly_once());
    let first = s.expect_message(&message("t", "1").exactly_once());
    let first = first.delivery.packet_id().expect("QoS 2");
    s.send(&Packet::PubRec(Ack::new(first)));
    s.expect_pubrel(first);
    s.expect_nothing();
    s.send(&Packet::PubComp(Ack::new(first)));
    s.receive(&message("t", "2").exactly_once());
}

fn qos_0_does_not_count(b: &Bench) {
    let s = subscriber(b, 1);
    let p = b.connect("p");
    p.publish(&message("t", "one").at_least_once());
    s.expect_message(&message("t", "one").at_least_once());
    p.publish(&message("t", "zero"));
    s.receive(&message("t", "zero"));
}

fn it_is_kept_after_resuming(b: &Bench) {
    let s = subscriber(b, 1);
    let p = b.connect("p");
    for n in 0..3 {
        p.publish(&message("t", n.to_string()).at_least_once());
    }
    s.expect_message(&message("t", "0").at_least_once());
    s.vanish();
    let s = b.connecting("s").kept().with(|properties| properties.receive_maximum = Some(1)).resumed();
    let first = s.expect_message(&message("t", "0").at_least_once().dup());
    s.expect_nothing();
    s.acknowledge(&first);
    for n in 1..3 {
        let publish = s.expect_message(&message("t", n.to_string()).at_least_once());
        s.expect_nothing();
        s.acknowledge(&publish);
    }
    s.expect_nothing();
}

fn a_new_connection_may_say_another(b: &Bench) {
    let s = subscriber(b, 1);
    s.disconnect();
    let p = b.connect("p");
    for n in 0..6 {
        p.publish(&message("t", n.to_string()).at_least_once());
    }
    let s = b.connecting("s").kept().with(|properties| properties.receive_maximum = Some(5)).resumed();
    for n in 0..5 {
        s.expect_message(&message("t", n.to_string()).at_least_once());
    }
    s.expect_nothing();
}

/// A publisher with as many unfinished messages as the broker allows.
fn full(b: &Bench) -> (Client, u16) {
    let (p, ack) = b.connecting("p").accepted();
    let maximum = ack.properties.receive_maximum.unwrap_or(65_535);
    for number in 1..=maximum {
        p.send_message(&message("t", "x").exactly_once().id(number));
    }
    for number in 1..=maximum {
        p.expect_pubrec(id(number));
    }
    (p, maximum)
}

fn the_servers_receive_maximum_is_enforced(b: &Bench) {
    let (p, maximum) = full(b);
    p.send_message(&message("t", "too many").exactly_once().id(maximum.wrapping_add(1).max(1)));
    p.expect_refusal(&[ReasonCode::ReceiveMaximumExceeded]);
}

fn the_servers_receive_maximum_may_be_used_up(b: &Bench) {
    let (p, _) = full(b);
    p.publish(&message("t", "zero"));
    p.expect_open();
}

fn a_finished_flow_gives_its_place_back(b: &Bench) {
    let (p, maximum) = full(b);
    for number in 1..=maximum {
        p.send(&Packet::PubRel(Ack::new(id(number))));
        p.expect_pubcomp(id(number));
        p.send_message(&message("t", "x").exactly_once().id(number));
        p.expect_pubrec(id(number));
        if number > 50 {
            break;
        }
    }
    p.expect_open();
}

fn acknowledgements_in_another_order_are_right(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe("t", AtLeastOnce);
    let p = b.connect("p");
    let mut unfinished = Vec::new();
    for n in 0..5 {
        p.publish(&message("t", n.to_string()).at_least_once());
        unfinished.push(s.expect_message(&message("t", n.to_string()).at_least_once()));
    }
    for at in [3, 0, 4, 1, 2] {
        s.acknowledge(&unfinished[at]);
    }
    s.expect_nothing();
    s.disconnect();
    b.connecting("s").kept().resumed().expect_nothing();
}

fn a_reader_that_does_not_acknowledge_delays_nobody(b: &Bench) {
    let (slow, quick) = (b.connect("slow"), b.connect("quick"));
    slow.subscribe("t", AtLeastOnce);
    quick.subscribe("t", AtMostOnce);
    let p = b.connect("p");
    for n in 0..200 {
        p.publish(&message("t", n.to_string()).at_least_once());
        quick.receive(&message("t", n.to_string()));
    }
    quick.expect_nothing();
}
