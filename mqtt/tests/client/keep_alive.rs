//! Keep Alive (3.1.2.10, 3.12 and 3.13).

use crate::script::*;
use headcount_mqtt::client::{Cause, Event, Options};
use headcount_mqtt::{ConnAckProperties, Packet, QoS};

impl Script {
    fn expect_dead(&mut self) {
        self.expect_close();
        self.expect_end(&Cause::KeepAliveTimeout, false);
    }

    /// Probes ahead of time.
    fn ping(&mut self) {
        self.client.ping(self.now);
        self.expect(Packet::PingReq);
    }
}

// [MQTT-3.1.2-20] (3.1.1: [MQTT-3.1.2-23])
#[test]
fn pingreq_goes_out_when_nothing_was_sent_for_the_interval() {
    for version in [V5, V311] {
        let mut script = Script::connected(version);
        for _ in 0..3 {
            script.advance(secs(29));
            script.expect_quiet();
            script.advance(secs(1));
            script.expect(Packet::PingReq);
            script.send(Packet::PingResp);
            script.expect_quiet();
        }
    }
}

#[test]
fn a_sent_packet_puts_pingreq_off() {
    let mut script = Script::connected(V5);
    script.advance(secs(20));
    script.client.publish(script.now, message(QoS::AtLeastOnce, "a")).unwrap();
    assert_eq!(script.publish_packet(), publish(QoS::AtLeastOnce, 1, "a"));
    script.send(Packet::PubAck(ack(1)));
    script.event();
    script.advance(secs(29));
    script.expect_quiet();
    script.advance(secs(1));
    script.expect(Packet::PingReq);
}

#[test]
fn a_client_that_only_publishes_still_asks_whether_anybody_is_there() {
    let mut script = Script::connected(V5);
    for _ in 0..2 {
        script.advance(secs(14));
        script.client.publish(script.now, message(QoS::AtMostOnce, "a")).unwrap();
        script.event();
        assert_eq!(script.publish_packet(), publish(QoS::AtMostOnce, 0, "a"));
    }
    script.advance(secs(2));
    script.expect(Packet::PingReq);
    // Unanswered, it goes out again only by what was sent, until patience ends.
    script.advance(secs(9));
    script.expect_quiet();
    script.advance(secs(1));
    script.expect_dead();
}

#[test]
fn silence_after_pingreq_ends_the_connection() {
    let mut script = Script::connected(V5);
    script.advance(secs(30));
    script.expect(Packet::PingReq);
    script.advance(secs(9));
    script.expect_quiet();
    script.advance(secs(1));
    script.expect_dead();
    assert!(matches!(script.event(), Event::Reconnecting { attempt: 1, .. }));
    script.wait();
    script.open();
    script.expect_quiet();
}

#[test]
fn any_byte_is_a_sign_of_life() {
    let mut script = Script::connected(V5);
    script.advance(secs(30));
    script.expect(Packet::PingReq);
    script.advance(secs(8));
    // The beginning of a long PUBLISH in front of PINGRESP.
    script.send_bytes(&[0x30, 0x80, 0x20, 0x00]);
    script.advance(secs(9));
    script.expect_quiet();
    script.advance(secs(1));
    script.expect_dead();
}

// [MQTT-3.2.2-21] [MQTT-3.2.2-22]
#[test]
fn the_servers_keep_alive_replaces_the_clients() {
    let server = |seconds| ConnAckProperties { server_keep_alive: Some(seconds), ..Default::default() };
    let mut script = Script::new(options(V5));
    script.connect();
    assert_eq!(script.accept(false, server(5)).keep_alive, 5);
    script.advance(secs(5));
    script.expect(Packet::PingReq);

    let mut script = Script::connected_with(options(V5), server(0));
    script.advance(secs(100_000));
    script.expect_quiet();
    // The next connection begins with the client's own again.
    script.reconnect(false, ConnAckProperties::default());
    script.advance(secs(30));
    script.expect(Packet::PingReq);
}

#[test]
fn zero_turns_keep_alive_off_and_ping_still_probes() {
    let mut script =
        Script::connected_with(Options { keep_alive: 0, ..options(V5) }, ConnAckProperties::default());
    script.advance(secs(100_000));
    script.expect_quiet();
    script.ping();
    script.send(Packet::PingResp);
    script.advance(secs(100));
    script.expect_quiet();
    script.ping();
    script.advance(secs(10));
    script.expect_dead();
}

#[test]
fn patience_runs_from_the_first_unanswered_pingreq() {
    let mut script = Script::connected(V5);
    script.ping();
    script.advance(secs(9));
    script.ping();
    script.advance(secs(1));
    script.expect_dead();
}

#[test]
fn a_clock_that_jumped_sends_pingreq_before_it_despairs() {
    // A laptop's lid: no call for an hour.
    let mut script = Script::connected(V5);
    script.now += secs(3_600);
    script.client.handle_timeout(script.now);
    script.expect(Packet::PingReq);
    script.send(Packet::PingResp);
    script.expect_quiet();
}
