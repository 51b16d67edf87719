//! Ending in order.

use crate::support::{Client, Server, Stream};
use headcount_mqtt::ReasonCode;
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
