//! The scripts that drive the core on a virtual clock, against the binary and real time.

use crate::support::Server;
use headcount_conformance::run;

#[test]
fn every_script_over_tcp() {
    let server = Server::start();
    run(&format!("mqtt://{}", server.tcp("open")), None, "").unwrap().assert_right();
}

#[test]
fn every_script_over_websocket() {
    let server = Server::start();
    run(&format!("ws://{}/mqtt", server.http()), None, "").unwrap().assert_right();
}
