//! 4.3 Quality of Service levels and protocol flows.

use crate::{BOTH, Bench, Script, V5, message, script};
use headcount_mqtt::QoS::{AtLeastOnce, AtMostOnce, ExactlyOnce};
use headcount_mqtt::{Ack, Packet, PacketId, ReasonCode};

pub(crate) const SCRIPTS: &[Script] = &[
    script!(
        delivery_is_at_the_lower_of_both,
        BOTH,
        ["MQTT-4.3.2-2", "MQTT-4.3.3-2", "MQTT-3.8.4-7", "MQTT-3.8.4-8", "MQTT-4.3.1-1"]
    ),
    script!(qos_2_twice_is_delivered_once, BOTH, ["MQTT-4.3.3-10"]),
    script!(qos_2_twice_without_dup_is_delivered_once, BOTH, ["MQTT-4.3.3-10"]),
    script!(qos_2_is_delivered_once_across_connections, BOTH, ["MQTT-4.3.3-10", "MQTT-4.1.0-1"]),
    script!(pubrel_twice_is_answered_twice, BOTH, ["MQTT-4.3.3-11"]),
    script!(the_id_is_free_after_pubcomp, BOTH, ["MQTT-4.3.3-12"]),
    script!(many_flows_at_once_do_not_mix, BOTH, ["MQTT-4.3.3-8"]),
    script!(qos_1_with_the_same_id_is_another_message, BOTH, ["MQTT-4.3.2-5"]),
    script!(qos_2_without_a_subscriber_is_finished, BOTH, ["MQTT-4.3.3-8"]),
    script!(
        packet_ids_to_a_client_are_not_0_and_not_reused,
        BOTH,
        ["MQTT-4.3.2-1", "MQTT-4.3.3-1", "MQTT-2.2.1-4"]
    ),
    script!(packet_ids_of_both_sides_are_apart, BOTH, ["MQTT-2.2.1-4"]),
    script!(a_packet_id_in_use_is_not_another_flow, V5, ["MQTT-2.2.1-3"]),
    script!(a_clean_start_forgets_unfinished_flows, BOTH, ["MQTT-3.1.2-4", "MQTT-4.3.3-10"]),
];

fn id(number: u16) -> PacketId {
    PacketId::new(number).expect("not zero")
}

fn delivery_is_at_the_lower_of_both(b: &Bench) {
    let p = b.connect("p");
    let levels = [(AtMostOnce, "0"), (AtLeastOnce, "1"), (ExactlyOnce, "2")];
    for (granted, topic) in levels {
        let s = b.connect("s");
        s.subscribe(topic, granted);
        for (qos, _) in levels {
            p.publish(&message(topic, "x").qos(qos));
            s.receive(&message(topic, "x").qos(qos.min(granted)));
        }
        s.expect_nothing();
        s.disconnect();
    }
}

fn qos_2_twice_is_delivered_once(b: &Bench) {
    twice(b, true);
}

fn qos_2_twice_without_dup_is_delivered_once(b: &Bench) {
    twice(b, false);
}

fn twice(b: &Bench, dup: bool) {
    let s = b.connect("s");
    s.subscribe("t", ExactlyOnce);
    let p = b.connect("p");
    let message = message("t", "x").exactly_once();
    p.send_message(&message.clone().id(9));
    p.expect_pubrec(id(9));
    let again = message.clone().id(9);
    p.send_message(&if dup { again.dup() } else { again });
    p.expect_pubrec(id(9));
    p.send(&Packet::PubRel(Ack::new(id(9))));
    p.expect_pubcomp(id(9));
    s.receive(&message);
    s.expect_nothing();
}

fn qos_2_is_delivered_once_across_connections(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", ExactlyOnce);
    let message = message("t", "x").exactly_once();
    let p = b.connecting("p").kept().open();
    p.send_message(&message.clone().id(9));
    p.expect_pubrec(id(9));
    p.vanish();
    let p = b.connecting("p").kept().resumed();
    p.send_message(&message.clone().id(9).dup());
    p.expect_pubrec(id(9));
    p.vanish();
    let p = b.connecting("p").kept().resumed();
    p.send(&Packet::PubRel(Ack::new(id(9))));
    p.expect_pubcomp(id(9));
    s.receive(&message);
    s.expect_nothing();
}

fn pubrel_twice_is_answered_twice(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", ExactlyOnce);
    let p = b.connect("p");
    p.send_message(&message("t", "x").exactly_once().id(9));
    p.expect_pubrec(id(9));
    for _ in 0..2 {
        p.send(&Packet::PubRel(Ack::new(id(9))));
        match p.next("PUBCOMP") {
            Packet::PubComp(ack) if ack.packet_id == id(9) => {}
            _ => p.fail("no PUBCOMP for this id came"),
        }
    }
    s.receive(&message("t", "x").exactly_once());
    s.expect_nothing();
}

fn the_id_is_free_after_pubcomp(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", ExactlyOnce);
    let p = b.connect("p");
    for payload in ["1", "2", "3"] {
        p.publish(&message("t", payload).exactly_once().id(9));
        s.receive(&message("t", payload).exactly_once());
    }
}

fn many_flows_at_once_do_not_mix(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtMostOnce);
    let p = b.connect("p");
    for number in 1..=10 {
        p.send_message(&message("t", number.to_string()).exactly_once().id(number));
    }
    for number in 1..=10 {
        p.expect_pubrec(id(number));
    }
    for number in 1..=10 {
        p.send(&Packet::PubRel(Ack::new(id(number))));
    }
    for number in 1..=10 {
        p.expect_pubcomp(id(number));
    }
    for number in 1..=10 {
        s.receive(&message("t", number.to_string()));
    }
    s.expect_nothing();
}

fn qos_1_with_the_same_id_is_another_message(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtLeastOnce);
    let p = b.connect("p");
    for payload in ["1", "2"] {
        p.publish(&message("t", payload).at_least_once().id(3));
        s.receive(&message("t", payload).at_least_once());
    }
}

fn qos_2_without_a_subscriber_is_finished(b: &Bench) {
    let p = b.connect("p");
    let sent = p.send_message(&message("nobody", "x").exactly_once());
    let Packet::PubRec(ack) = p.next("PUBREC") else { p.fail("no PUBREC came") };
    let fits = [ReasonCode::Success, ReasonCode::NoMatchingSubscribers].contains(&ack.reason);
    b.check(ack.packet_id == sent && fits, "PUBREC for another id or with an error");
    p.send(&Packet::PubRel(Ack::new(sent)));
    p.expect_pubcomp(sent);
}

fn packet_ids_to_a_client_are_not_0_and_not_reused(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", ExactlyOnce);
    let p = b.connect("p");
    let mut ids = Vec::new();
    for n in 0..10 {
        let qos = if n % 2 == 0 { AtLeastOnce } else { ExactlyOnce };
        p.publish(&message("t", n.to_string()).qos(qos));
        let publish = s.expect_message(&message("t", n.to_string()).qos(qos));
        ids.push(publish.delivery.packet_id().expect("above QoS 0"));
    }
    ids.sort_unstable();
    ids.dedup();
    b.check(ids.len() == 10, "a Packet Identifier in use is used again");
}

fn packet_ids_of_both_sides_are_apart(b: &Bench) {
    let a = b.connect("a");
    a.subscribe("t", AtLeastOnce);
    b.connect("p").publish(&message("t", "theirs").at_least_once());
    let theirs = a.expect_message(&message("t", "theirs").at_least_once());
    let number = theirs.delivery.packet_id().expect("QoS 1").get();
    a.publish(&message("other", "mine").at_least_once().id(number));
    a.acknowledge(&theirs);
    a.expect_nothing();
}

fn a_packet_id_in_use_is_not_another_flow(b: &Bench) {
    let p = b.connect("p");
    p.send_message(&message("t", "x").exactly_once().id(5));
    p.expect_pubrec(id(5));
    p.send_message(&message("t", "y").at_least_once().id(5));
    match p.next_or_closed("PUBACK with an error, or a closed connection") {
        None => {}
        Some(Packet::PubAck(ack)) if ack.reason == ReasonCode::PacketIdentifierInUse => {}
        Some(Packet::Disconnect(_)) => p.expect_closed(),
        Some(_) => p.fail("the identifier of an unfinished flow is taken for another"),
    }
}

fn a_clean_start_forgets_unfinished_flows(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", ExactlyOnce);
    let p = b.connecting("p").kept().open();
    p.publish(&message("t", "1").exactly_once());
    p.send_message(&message("t", "2").exactly_once().id(9));
    p.expect_pubrec(id(9));
    p.disconnect();
    let p = b.connecting("p").open();
    p.publish(&message("t", "3").exactly_once().id(9));
    s.receive(&message("t", "1").exactly_once());
    // Whether the second was passed on with its PUBLISH or was to be with its PUBREL is the server's choice.
    let headcount_mqtt::Packet::Publish(next) = s.next("a PUBLISH") else { s.fail("no PUBLISH came") };
    s.acknowledge(&next);
    if next.payload == "2" {
        s.receive(&message("t", "3").exactly_once());
    } else {
        b.check(next.payload == "3", "another message");
    }
    s.expect_nothing();
}
