//! A subscriber that does not read: it costs bounded memory and delays nobody.

use crate::support::*;

const LIMIT: usize = 10_000;

fn net() -> Net {
    Net::with(|config| {
        config.limits.max_outbox_bytes = LIMIT;
        config.limits.account.max_inflight_messages = 1_000;
        config.limits.account.max_queued_messages = 500;
    })
}

#[test]
fn qos_0_is_dropped_and_counted_above_the_limit() {
    let mut net = net();
    let slow = net.connect("slow");
    net.subscribe(slow, "t", AtMostOnce);
    let quick = net.connect("quick");
    net.subscribe(quick, "t", AtMostOnce);
    net.stop_reading(slow);
    let publisher = net.connect("p");
    let payload = "x".repeat(100);
    for _ in 0..1_000 {
        net.publish(publisher, "t", &payload);
    }
    assert_eq!(net.payloads(quick).len(), 1_000, "nobody else is delayed");
    let dropped = usize::try_from(net.broker.stats().dropped).unwrap();
    net.go_on_reading(slow);
    let got = net.payloads(slow).len();
    assert_eq!(got + dropped, 1_000);
    assert!(got * 105 <= LIMIT + 2 * 105, "{got} messages of 105 bytes were held");
    net.publish(publisher, "t", "after");
    assert_eq!(net.payloads(slow), ["after"]);
}

#[test]
fn qos_1_waits_in_the_session_and_comes_in_order() {
    let mut net = net();
    let slow = net.connect("slow");
    net.subscribe(slow, "t", AtLeastOnce);
    net.stop_reading(slow);
    let publisher = net.connect("p");
    let payload = |number: usize| format!("{number:0100}");
    for number in 0..400 {
        net.publish_qos1(publisher, "t", &payload(number));
    }
    assert_eq!(net.broker.stats().dropped, 0);
    net.go_on_reading(slow);
    assert_eq!(net.payloads(slow), (0..400).map(payload).collect::<Vec<_>>());
}

#[test]
fn what_waits_in_the_session_is_bounded_too() {
    let mut net = net();
    let slow = net.connect("slow");
    net.subscribe(slow, "t", AtLeastOnce);
    net.stop_reading(slow);
    let publisher = net.connect("p");
    let payload = "x".repeat(100);
    for _ in 0..2_000 {
        net.publish_qos1(publisher, "t", &payload);
    }
    let dropped = usize::try_from(net.broker.stats().dropped).unwrap();
    net.go_on_reading(slow);
    assert_eq!(net.payloads(slow).len() + dropped, 2_000);
    assert!(dropped > 1_300, "the outbox holds some 93, the queue 500, {dropped} were dropped");
}

/// Requests of a client that reads no answers cannot pile up answers without end: the client is not read further
/// while its answers wait, which is the server's part; here the bytes are what they are.
#[test]
fn a_member_that_does_not_read_is_passed_over_by_its_group() {
    let mut net = net();
    let slow = net.connect("slow");
    let quick = net.connect("quick");
    for member in [slow, quick] {
        net.subscribe(member, "$share/g/t", AtMostOnce);
    }
    net.stop_reading(slow);
    let publisher = net.connect("p");
    let payload = "x".repeat(1_000);
    for _ in 0..100 {
        net.publish(publisher, "t", &payload);
    }
    assert_eq!(net.broker.stats().dropped, 0);
    assert!(net.payloads(quick).len() >= 85);
}
