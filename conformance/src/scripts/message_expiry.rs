//! 3.3.2.3.3 Message Expiry Interval: counted down while a message waits, and obeyed.

use crate::{Bench, Client, Message, Script, V5, message, script};
use headcount_mqtt::QoS::{AtLeastOnce, AtMostOnce};

pub(crate) const SCRIPTS: &[Script] = &[
    script!(it_passes_unchanged_to_who_is_there, V5, ["MQTT-3.3.2-6"]),
    script!(a_queued_message_expires, V5, ["MQTT-3.3.2-5"]).waits(3),
    script!(a_queued_message_is_counted_down, V5, ["MQTT-3.3.2-6"]).waits(2),
    script!(a_queued_message_expires_at_its_second, V5, ["MQTT-3.3.2-5"]).waits(60),
    script!(others_in_the_queue_stay, V5, ["MQTT-3.3.2-5"]).waits(3),
    script!(a_retained_message_expires, V5, ["MQTT-3.3.2-5"]).waits(3),
    script!(a_retained_message_is_counted_down, V5, ["MQTT-3.3.2-6"]).waits(2),
    script!(a_will_carries_its_expiry, V5, ["MQTT-3.3.2-6"]),
    script!(a_retained_will_expires, V5, ["MQTT-3.3.2-5"]).waits(3),
    script!(a_message_behind_receive_maximum_expires, V5, ["MQTT-3.3.2-5"]).waits(3),
    script!(a_message_on_its_way_stays_one, V5, ["MQTT-4.3.3-13", "MQTT-3.3.2-5", "MQTT-4.4.0-1"]).waits(3),
];

fn expiring(topic: &str, seconds: u32) -> Message {
    message(topic, "x").at_least_once().with(|properties| properties.message_expiry_interval = Some(seconds))
}

fn away(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe("t", AtLeastOnce);
    s.disconnect();
}

/// The next message, whose expiry has to be within these seconds.
fn expect_expiry(c: &Client, range: std::ops::RangeInclusive<u32>) {
    let headcount_mqtt::Packet::Publish(publish) = c.next("a PUBLISH") else { c.fail("no PUBLISH came") };
    let left = publish.properties.as_ref().and_then(|properties| properties.message_expiry_interval);
    if !left.is_some_and(|left| range.contains(&left)) {
        c.fail(&format!("Message Expiry Interval {left:?}; {range:?} was expected [MQTT-3.3.2-6]"));
    }
    c.acknowledge(&publish);
}

fn it_passes_unchanged_to_who_is_there(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtLeastOnce);
    b.connect("p").publish(&expiring("t", 1_000_000));
    expect_expiry(&s, 999_999..=1_000_000);
}

fn a_queued_message_expires(b: &Bench) {
    away(b);
    b.connect("p").publish(&expiring("t", 1));
    b.wait(3);
    b.connecting("s").kept().resumed().expect_nothing();
}

fn a_queued_message_is_counted_down(b: &Bench) {
    away(b);
    b.connect("p").publish(&expiring("t", 100));
    b.wait(2);
    expect_expiry(&b.connecting("s").kept().resumed(), 97..=98);
}

fn a_queued_message_expires_at_its_second(b: &Bench) {
    away(b);
    b.connect("p").publish(&expiring("t", 60));
    b.wait(59);
    let s = b.connecting("s").kept().resumed();
    expect_expiry(&s, 1..=1);
    s.disconnect();
    b.connect("p").publish(&expiring("t", 1));
    b.wait(1);
    b.connecting("s").kept().resumed().expect_nothing();
}

fn others_in_the_queue_stay(b: &Bench) {
    away(b);
    let p = b.connect("p");
    p.publish(&message("t", "first").at_least_once());
    p.publish(&expiring("t", 1));
    p.publish(&message("t", "last").at_least_once());
    b.wait(3);
    let s = b.connecting("s").kept().resumed();
    s.receive(&message("t", "first").at_least_once());
    s.receive(&message("t", "last").at_least_once());
    s.expect_nothing();
}

fn a_retained_message_expires(b: &Bench) {
    b.connect("p").publish(&expiring("t", 1).retain());
    b.wait(3);
    let s = b.connect("s");
    s.subscribe("t", AtMostOnce);
    s.expect_nothing();
}

fn a_retained_message_is_counted_down(b: &Bench) {
    b.connect("p").publish(&expiring("t", 100).retain());
    b.wait(2);
    let s = b.connect("s");
    s.subscribe("t", AtMostOnce);
    expect_expiry(&s, 97..=98);
}

fn a_will_carries_its_expiry(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("will", AtLeastOnce);
    b.connecting("a").will(&expiring("will", 100)).open().vanish();
    expect_expiry(&s, 99..=100);
}

fn a_retained_will_expires(b: &Bench) {
    b.connecting("a").will(&expiring("will", 1).retain()).open().vanish();
    b.wait(3);
    let s = b.connect("s");
    s.subscribe("will", AtMostOnce);
    s.expect_nothing();
}

fn a_message_behind_receive_maximum_expires(b: &Bench) {
    let s = b.connecting("s").with(|properties| properties.receive_maximum = Some(1)).open();
    s.subscribe("t", AtLeastOnce);
    let p = b.connect("p");
    p.publish(&message("t", "first").at_least_once());
    let first = s.expect_message(&message("t", "first").at_least_once());
    p.publish(&expiring("t", 1));
    p.publish(&message("t", "last").at_least_once());
    b.wait(3);
    s.acknowledge(&first);
    s.receive(&message("t", "last").at_least_once());
    s.expect_nothing();
}

fn a_message_on_its_way_stays_one(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe("t", AtLeastOnce);
    b.connect("p").publish(&expiring("t", 1));
    let headcount_mqtt::Packet::Publish(first) = s.next("a PUBLISH") else { s.fail("no PUBLISH came") };
    b.wait(3);
    // Its delivery has begun: an acknowledgement for it is right, whatever the server does with the rest.
    s.acknowledge(&first);
    s.expect_nothing();
}
