//! Deadlines: exact, and no more of them than there are connections and sessions.

use crate::support::*;
use headcount_mqtt::{Connect, Packet, ReasonCode};
use std::time::Duration;

fn due_in(net: &mut Net) -> Option<Duration> {
    net.broker.poll_timeout().map(|due| due.saturating_sub(net.monotonic))
}

#[test]
fn connect_must_come_in_time() {
    let mut net = Net::with(|config| config.limits.connect_timeout = Duration::from_secs(3));
    let id = net.attach(V5);
    assert_eq!(due_in(&mut net), Some(Duration::from_secs(3)));
    net.advance(Duration::from_millis(2_999));
    assert!(!net.is_closed(id));
    net.advance(Duration::from_millis(1));
    assert!(net.is_closed(id));
    assert_eq!(due_in(&mut net), None);
}

#[test]
fn an_answer_on_credentials_must_come_in_time_too() {
    let mut net = Net::with(|config| config.access.trust_user_names = false);
    let id = net.attach(V5);
    net.send(id, named(connect("c", V5), "alice").into_packet());
    net.seconds(10);
    assert!(net.is_closed(id));
}

/// [MQTT-3.1.2-22] one and a half times the Keep Alive, to the millisecond, counted from the last packet.
#[test]
fn keep_alive_ends_at_one_and_a_half_times() {
    let mut net = Net::open();
    let (client, _) = net.connect_with(Connect { keep_alive: 5, ..connect("c", V5) });
    assert_eq!(due_in(&mut net), Some(Duration::from_millis(7_500)));
    net.seconds(4);
    net.send(client, Packet::PingReq);
    assert_eq!(net.take(client), Some(Packet::PingResp));
    net.advance(Duration::from_millis(7_499));
    assert!(!net.is_closed(client));
    net.advance(Duration::from_millis(1));
    assert!(net.is_closed(client));
    assert!(
        matches!(net.take(client), Some(Packet::Disconnect(it)) if it.reason == ReasonCode::KeepAliveTimeout)
    );
}

/// A packet costs no timer: the table has one entry for each connection, which is looked at when it is due.
#[test]
fn packets_do_not_touch_the_table() {
    let mut net = Net::open();
    let (client, _) = net.connect_with(Connect { keep_alive: 10, ..connect("c", V5) });
    let first = net.broker.poll_timeout();
    for _ in 0..100 {
        net.advance(Duration::from_millis(100));
        net.send(client, Packet::PingReq);
    }
    assert_eq!(net.broker.poll_timeout(), first);
    net.seconds(5);
    assert_eq!(due_in(&mut net), Some(Duration::from_secs(10)), "15 s after the last packet, 5 s ago");
}

#[test]
fn a_session_ends_to_the_second_and_not_when_taken_up_again() {
    let mut net = Net::open();
    let (client, _) = net.connect_with(lasting("c", 30));
    assert_eq!(due_in(&mut net), None);
    net.lose(client);
    assert_eq!(due_in(&mut net), Some(Duration::from_secs(30)));
    net.seconds(29);
    let (client, ack) = net.connect_with(lasting("c", u32::MAX));
    assert!(ack.session_present);
    net.lose(client);
    assert_eq!(due_in(&mut net), None, "this one never ends");
}
