//! The scripts that drive the core on a virtual clock, against the binary and real time.

use crate::support::{Authority, Folder, Server};
use headcount_conformance::{Url, run, run_at};
use std::net::SocketAddr;

/// The realm of the embedded default, inside TLS alone.
const SECURE: &str = r#"
[http]
listen = "127.0.0.1:0"
tls = { certfile = "server.pem", keyfile = "server.key" }

[[realm]]
name = "open"
websocket_paths = ["/mqtt"]
allow_anonymous = true
trust_user_names = true
observers = "everybody"

[[realm.listener]]
listen = "127.0.0.1:0"
tls = { certfile = "server.pem", keyfile = "server.key" }
"#;

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

#[test]
fn every_script_over_tls() {
    secure("tls", |address| format!("mqtts://{address}"));
}

#[test]
fn every_script_over_secure_websocket() {
    secure("secure-websocket", |address| format!("wss://{address}/mqtt"));
}

fn secure(transport: &str, url: impl Fn(SocketAddr) -> String) {
    let folder = Folder::with(&[]);
    Authority::new("Test").write(&folder);
    let server = Server::configured(&folder, SECURE);
    let url = Url::parse(&url(server.listener("open", transport))).unwrap();
    run_at(url.with_authorities(&folder.path("ca.pem")).unwrap(), None, "").assert_right();
}
