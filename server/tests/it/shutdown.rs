//! Ending in order.

use crate::support::{Client, Server, Stream, publish, request};
use headcount_mqtt::{Packet, ReasonCode};
use rustix::process::Signal;
use std::time::{Duration, Instant};

#[test]
fn clients_are_told_and_the_port_is_free_at_once() {
    for signal in [Signal::TERM, Signal::INT] {
        let server = Server::start();
        let (tcp, http) = (server.tcp("open"), server.http());
        let mut clients =
            [Client::tcp(tcp, "one"), Client::tcp(tcp, "two"), Client::websocket(http, "three")];
        server.signal(signal);
        for client in &mut clients {
            client.receive_end(ReasonCode::ServerShuttingDown);
        }
        let (status, log) = server.ended();
        assert_eq!(status.code(), Some(0), "{log}");
        let open = format!("open={tcp}");
        let again = Server::with(["--any-port", "--listen-tcp", &open, "--listen-http", &http.to_string()]);
        assert_eq!((again.tcp("open"), again.http()), (tcp, http));
    }
}

#[test]
fn nobody_can_hold_the_server_up() {
    let server = Server::start();
    // Peers that never read, never speak, or stop in the middle.
    let silent = Stream::open(server.tcp("open"));
    let browser = Stream::open(server.http());
    let client = Client::tcp(server.tcp("open"), "deaf");
    let begun = Instant::now();
    server.signal(Signal::TERM);
    let (status, log) = server.ended();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}\n{log}", begun.elapsed());
    drop((silent, browser, client));
}

/// A subscriber that lets megabytes wait for it holds nobody up.
#[test]
fn a_subscriber_that_does_not_read_is_left_behind() {
    let server = Server::start();
    let mut deaf = Client::tcp(server.tcp("open"), "deaf");
    deaf.subscribe("flood");
    let mut publisher = Client::tcp(server.tcp("open"), "publisher");
    // More than the sockets' buffers hold, so that some is left in the server.
    for _ in 0..100 {
        publisher.send(&publish("flood", vec![0; 200_000]));
    }
    publisher.prove();
    let begun = Instant::now();
    server.signal(Signal::TERM);
    publisher.receive_end(ReasonCode::ServerShuttingDown);
    let (status, log) = server.ended();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}\n{log}", begun.elapsed());
}

/// One that reads slowly gets everything that was put out for it, and then the reason of the end.
#[test]
fn a_slow_subscriber_gets_what_waits_for_it() {
    let server = Server::start();
    let mut slow = Client::tcp(server.tcp("open"), "slow");
    slow.subscribe("flood");
    let mut publisher = Client::tcp(server.tcp("open"), "publisher");
    let mut messages = 0;
    // Until one was dropped: then the outbox is full.
    loop {
        publisher.send(&publish("flood", vec![0; 200_000]));
        messages += 1;
        let metrics = request(server.http(), "GET", "/metrics", &[]);
        let dropped = metrics.text().lines().find_map(|line| {
            line.strip_prefix("headcount_messages_dropped_total{realm=\"open\"} ")?.parse::<u32>().ok()
        });
        if dropped.unwrap() > 0 {
            break;
        }
        assert!(messages < 1_000, "nothing is dropped");
    }
    server.signal(Signal::TERM);
    let mut received = 0;
    loop {
        std::thread::sleep(Duration::from_millis(50));
        match slow.receive() {
            Packet::Publish(publish) => assert_eq!(publish.payload.len(), 200_000),
            Packet::Disconnect(disconnect) => {
                break assert_eq!(disconnect.reason, ReasonCode::ServerShuttingDown);
            }
            other => panic!("{other:?}"),
        }
        received += 1;
    }
    assert!(received > 5 && received < messages, "{received} of {messages}");
    assert!(server.ended().0.success());
}
