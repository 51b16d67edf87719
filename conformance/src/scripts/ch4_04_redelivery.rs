//! 4.4 Message delivery retry: on a resumed session, and only there.

use crate::{BOTH, Bench, Client, Script, message, script};
use headcount_mqtt::QoS::{AtLeastOnce, ExactlyOnce};
use headcount_mqtt::{Ack, Packet, PacketId};

pub(crate) const SCRIPTS: &[Script] = &[
    script!(an_unacknowledged_qos_1_comes_again, BOTH, ["MQTT-4.4.0-1", "MQTT-3.3.1-1"]),
    script!(an_unacknowledged_qos_2_comes_again, BOTH, ["MQTT-4.3.3-3", "MQTT-4.4.0-1", "MQTT-3.3.1-1"]),
    script!(
        an_unfinished_pubrel_comes_again,
        BOTH,
        ["MQTT-4.3.3-5", "MQTT-4.3.3-6", "MQTT-4.4.0-1", "MQTT-4.3.3-7"]
    ),
    script!(it_comes_again_until_it_is_acknowledged, BOTH, ["MQTT-4.4.0-1"]),
    script!(it_comes_not_again_on_the_same_connection, BOTH, ["MQTT-4.4.0-1"]).waits(50),
    script!(what_is_finished_comes_not_again, BOTH, ["MQTT-4.4.0-1"]),
    script!(they_come_again_in_order, BOTH, ["MQTT-4.6.0-1"]),
    script!(they_come_before_the_queue, BOTH, ["MQTT-4.6.0-1"]),
    script!(a_clean_session_sends_nothing_again, BOTH, ["MQTT-3.1.2-4"]),
];

/// A subscriber, kept, with a message at this `QoS` on its way to it; and its Packet Identifier.
fn underway(b: &Bench, qos: headcount_mqtt::QoS) -> (Client, PacketId) {
    let s = b.connecting("s").kept().open();
    s.subscribe("t", qos);
    b.connect("p").publish(&message("t", "x").qos(qos));
    let publish = s.expect_message(&message("t", "x").qos(qos));
    let id = publish.delivery.packet_id().expect("above QoS 0");
    (s, id)
}

fn an_unacknowledged_qos_1_comes_again(b: &Bench) {
    let (s, id) = underway(b, AtLeastOnce);
    s.vanish();
    let s = b.connecting("s").kept().resumed();
    s.receive(&message("t", "x").at_least_once().id(id.get()).dup());
    s.expect_nothing();
}

fn an_unacknowledged_qos_2_comes_again(b: &Bench) {
    let (s, id) = underway(b, ExactlyOnce);
    s.vanish();
    let s = b.connecting("s").kept().resumed();
    s.receive(&message("t", "x").exactly_once().id(id.get()).dup());
    s.expect_nothing();
}

fn an_unfinished_pubrel_comes_again(b: &Bench) {
    let (s, id) = underway(b, ExactlyOnce);
    s.send(&Packet::PubRec(Ack::new(id)));
    s.expect_pubrel(id);
    s.vanish();
    let s = b.connecting("s").kept().resumed();
    match s.next("PUBREL") {
        Packet::PubRel(ack) if ack.packet_id == id => {}
        _ => s.fail("no PUBREL for this id came"),
    }
    s.send(&Packet::PubComp(Ack::new(id)));
    s.expect_nothing();
    s.disconnect();
    b.connecting("s").kept().resumed().expect_nothing();
}

fn it_comes_again_until_it_is_acknowledged(b: &Bench) {
    let (s, id) = underway(b, AtLeastOnce);
    s.vanish();
    for _ in 0..3 {
        let s = b.connecting("s").kept().resumed();
        s.expect_message(&message("t", "x").at_least_once().id(id.get()).dup());
        s.vanish();
    }
    let s = b.connecting("s").kept().resumed();
    s.receive(&message("t", "x").at_least_once().id(id.get()).dup());
    s.disconnect();
    b.connecting("s").kept().resumed().expect_nothing();
}

fn it_comes_not_again_on_the_same_connection(b: &Bench) {
    let (s, _) = underway(b, AtLeastOnce);
    b.wait(50);
    s.expect_nothing();
}

fn what_is_finished_comes_not_again(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe("t", ExactlyOnce);
    let p = b.connect("p");
    p.publish(&message("t", "1").at_least_once());
    p.publish(&message("t", "2").exactly_once());
    s.receive(&message("t", "1").at_least_once());
    s.receive(&message("t", "2").exactly_once());
    s.expect_nothing();
    s.vanish();
    b.connecting("s").kept().resumed().expect_nothing();
}

fn they_come_again_in_order(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe("t", ExactlyOnce);
    let p = b.connect("p");
    let sent: Vec<_> = (0..8)
        .map(|n| message("t", n.to_string()).qos(if n % 2 == 0 { AtLeastOnce } else { ExactlyOnce }))
        .collect();
    let mut ids = Vec::new();
    for message in &sent {
        p.publish(message);
        ids.push(s.expect_message(message).delivery.packet_id().expect("above QoS 0").get());
    }
    s.vanish();
    let s = b.connecting("s").kept().resumed();
    for (message, id) in sent.into_iter().zip(ids) {
        s.expect_message(&message.id(id).dup());
    }
    s.expect_nothing();
}

fn they_come_before_the_queue(b: &Bench) {
    let (s, id) = underway(b, AtLeastOnce);
    s.vanish();
    b.connect("p").publish(&message("t", "queued").at_least_once());
    let s = b.connecting("s").kept().resumed();
    s.receive(&message("t", "x").at_least_once().id(id.get()).dup());
    s.receive(&message("t", "queued").at_least_once());
    s.expect_nothing();
}

fn a_clean_session_sends_nothing_again(b: &Bench) {
    let (s, _) = underway(b, AtLeastOnce);
    s.vanish();
    b.connecting("s").open().expect_nothing();
}
