//! 3.1.2.10 Keep Alive: one and a half times of silence, and it is over.

use crate::{BOTH, Bench, Script, V5, message, script};
use headcount_mqtt::QoS::AtMostOnce;
use headcount_mqtt::{Packet, ReasonCode};
use std::time::Duration;

pub(crate) const SCRIPTS: &[Script] = &[
    script!(silence_beyond_keep_alive_closes, BOTH, ["MQTT-3.1.2-22"]).waits(90),
    script!(a_short_keep_alive_is_kept_too, BOTH, ["MQTT-3.1.2-22"]).waits(8),
    script!(it_closes_not_before_one_and_a_half_times, BOTH, ["MQTT-3.1.2-22"]).waits(15),
    script!(pings_keep_it_open, BOTH, ["MQTT-3.1.2-20"]).waits(80),
    script!(any_packet_keeps_it_open, BOTH, ["MQTT-3.1.2-20"]).waits(80),
    script!(half_a_packet_does_not_keep_it_open, BOTH, ["MQTT-3.1.2-22"]).waits(20),
    script!(what_the_server_sends_does_not_keep_it_open, BOTH, ["MQTT-3.1.2-22"]).waits(20),
    script!(zero_turns_it_off, BOTH, ["MQTT-3.1.2-22"]).waits(1_000_000),
    script!(the_longest_keep_alive_is_kept, BOTH, ["MQTT-3.1.2-22"]).waits(100_000),
    script!(a_server_keep_alive_is_announced_and_kept, V5, ["MQTT-3.1.2-21", "MQTT-3.2.2-21"])
        .waits(20)
        .configured(|config| config.limits.max_keep_alive = 10),
    script!(a_server_keep_alive_replaces_zero, V5, ["MQTT-3.2.2-21"])
        .waits(20)
        .configured(|config| config.limits.max_keep_alive = 10),
    script!(a_shorter_keep_alive_than_the_servers_stays, V5, ["MQTT-3.2.2-22"])
        .waits(20)
        .configured(|config| config.limits.max_keep_alive = 10),
];

fn silence_beyond_keep_alive_closes(b: &Bench) {
    let a = b.connecting("a").keep_alive(60).open();
    b.wait(90);
    a.expect_refusal(&[ReasonCode::KeepAliveTimeout]);
}

fn a_short_keep_alive_is_kept_too(b: &Bench) {
    let a = b.connecting("a").keep_alive(1).open();
    // Brokers that look only every few seconds are given the time.
    b.wait(8);
    a.expect_refusal(&[ReasonCode::KeepAliveTimeout]);
}

fn it_closes_not_before_one_and_a_half_times(b: &Bench) {
    let a = b.connecting("a").keep_alive(10).open();
    b.advance(Duration::from_millis(14_999));
    a.expect_open();
}

fn pings_keep_it_open(b: &Bench) {
    let a = b.connecting("a").keep_alive(10).open();
    for _ in 0..8 {
        b.wait(10);
        a.send(&Packet::PingReq);
        a.expect(&Packet::PingResp);
    }
}

fn any_packet_keeps_it_open(b: &Bench) {
    let a = b.connecting("a").keep_alive(10).open();
    for _ in 0..4 {
        b.wait(10);
        a.publish(&message("t", "x").at_least_once());
        b.wait(10);
        a.subscribe("other", AtMostOnce);
    }
}

fn half_a_packet_does_not_keep_it_open(b: &Bench) {
    let a = b.connecting("a").keep_alive(10).open();
    b.wait(10);
    a.send_cut(&[0xC0]);
    b.wait(10);
    a.expect_refusal(&[ReasonCode::KeepAliveTimeout]);
}

fn what_the_server_sends_does_not_keep_it_open(b: &Bench) {
    let a = b.connecting("a").keep_alive(10).open();
    a.subscribe("t", AtMostOnce);
    let p = b.connect("p");
    b.wait(10);
    p.publish(&message("t", "x"));
    a.receive(&message("t", "x"));
    b.wait(5);
    a.expect_refusal(&[ReasonCode::KeepAliveTimeout]);
}

fn zero_turns_it_off(b: &Bench) {
    let a = b.connecting("a").keep_alive(0).open();
    b.wait(1_000_000);
    a.expect_open();
}

fn the_longest_keep_alive_is_kept(b: &Bench) {
    let a = b.connecting("a").keep_alive(65_535).open();
    b.wait(98_301);
    a.expect_open();
}

fn a_server_keep_alive_is_announced_and_kept(b: &Bench) {
    let (a, ack) = b.connecting("a").keep_alive(60).accepted();
    b.check(ack.properties.server_keep_alive == Some(10), "the Server Keep Alive is not 10");
    b.wait(15);
    a.expect_refusal(&[ReasonCode::KeepAliveTimeout]);
}

fn a_server_keep_alive_replaces_zero(b: &Bench) {
    let (a, ack) = b.connecting("a").keep_alive(0).accepted();
    b.check(ack.properties.server_keep_alive == Some(10), "the Server Keep Alive is not 10");
    b.wait(15);
    a.expect_refusal(&[ReasonCode::KeepAliveTimeout]);
}

fn a_shorter_keep_alive_than_the_servers_stays(b: &Bench) {
    let (a, ack) = b.connecting("a").keep_alive(4).accepted();
    b.check(ack.properties.server_keep_alive.is_none(), "a Server Keep Alive is announced without need");
    b.wait(6);
    a.expect_refusal(&[ReasonCode::KeepAliveTimeout]);
}
