//! The WebSocket opening handshake: who becomes an MQTT connection, and what the others are told.

use crate::support::{Response, Server, Stream, request};
use std::net::SocketAddr;

/// A handshake of one's own, line by line; `Host` is there.
const HANDSHAKE: [&str; 5] = [
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol: mqtt",
];

/// The answer to the handshake with each of `lines` in the place of the line of the same name, or added. A line that
/// ends after its colon takes that header away.
fn upgrade(address: SocketAddr, path: &str, lines: &[&str]) -> Response {
    let name = |line: &&str| line.split(':').next().unwrap().to_ascii_lowercase();
    let kept = HANDSHAKE.iter().filter(|line| !lines.iter().any(|other| name(other) == name(line)));
    let all: Vec<_> = kept.chain(lines.iter().filter(|line| !line.ends_with(':'))).copied().collect();
    request(address, "GET", path, &all)
}

#[test]
fn becomes_mqtt_at_each_path_of_a_realm() {
    let server = Server::start();
    for path in ["/mqtt", "/", "/secure/mqtt", "/mqtt?x=1"] {
        let response = upgrade(server.http(), path, &[]);
        assert_eq!(response.status, 101, "{path}: {response:?}");
        // The example of RFC 6455, 1.3.
        assert_eq!(response.header("sec-websocket-accept"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
        assert_eq!(response.header("sec-websocket-protocol"), Some("mqtt"));
    }
}

#[test]
fn other_paths_are_not_found() {
    let server = Server::start();
    let response = upgrade(server.http(), "/ws", &[]);
    assert_eq!(response.status, 404);
    assert_eq!(
        response.text(),
        "No MQTT realm is at this path. MQTT over WebSocket is spoken at /, /mqtt, /secure/mqtt.\n"
    );
}

#[test]
fn chooses_the_subprotocol_from_a_list() {
    let server = Server::start();
    let chosen = |lines: &[&str]| {
        let response = upgrade(server.http(), "/mqtt", lines);
        assert_eq!(response.status, 101, "{lines:?}: {response:?}");
        response.header("sec-websocket-protocol").unwrap().to_owned()
    };
    assert_eq!(chosen(&["Sec-WebSocket-Protocol: chat, mqtt"]), "mqtt");
    assert_eq!(chosen(&["sec-websocket-protocol: mqttv3.1"]), "mqttv3.1");
    assert_eq!(chosen(&["Sec-WebSocket-Protocol: mqttv3.1,mqtt"]), "mqttv3.1");
    assert_eq!(chosen(&["Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Protocol: x,mqtt"]), "mqtt");
}

/// [MQTT-6.0.0-3] [MQTT-6.0.0-4]
#[test]
fn without_mqtt_on_offer_nothing_is_spoken() {
    let server = Server::start();
    for line in
        ["Sec-WebSocket-Protocol:", "Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Protocol: mqtt5, MQTT"]
    {
        let response = upgrade(server.http(), "/mqtt", &[line]);
        assert_eq!(response.status, 400, "{line}");
        assert_eq!(
            response.text(),
            "Offer the WebSocket subprotocol `mqtt` (or `mqttv3.1`): nothing else is spoken here [MQTT-6.0.0-3].\n"
        );
    }
}

#[test]
fn names_and_tokens_come_in_any_case() {
    let server = Server::start();
    let response = upgrade(
        server.http(),
        "/mqtt",
        &["CONNECTION: keep-alive, UPGRADE", "uPGRADE: WebSocket", "SEC-WEBSOCKET-VERSION: 13"],
    );
    assert_eq!(response.status, 101);
}

#[test]
fn what_is_missing_or_wrong_is_named() {
    let server = Server::start();
    let check = |line: &str, status: u16, sentence: &str| {
        let response = upgrade(server.http(), "/mqtt", &[line]);
        assert_eq!((response.status, response.text().trim_end()), (status, sentence), "{line}");
    };
    check("Sec-WebSocket-Version: 8", 426, "Only version 13 of the WebSocket protocol is spoken here.");
    check("Sec-WebSocket-Version:", 426, "Only version 13 of the WebSocket protocol is spoken here.");
    check("Sec-WebSocket-Key:", 400, "Sec-WebSocket-Key must be 16 bytes in base64.");
    check("Sec-WebSocket-Key: c2hvcnQ=", 400, "Sec-WebSocket-Key must be 16 bytes in base64.");
    check("Connection: keep-alive", 400, "A WebSocket handshake has the header `Connection: Upgrade`.");
    check("Upgrade: h2c", 400, "The only Upgrade here is to websocket.");
    check("Upgrade:", 426, "MQTT over WebSocket is spoken here: ask for an Upgrade to websocket.");
    let version = upgrade(server.http(), "/mqtt", &["Sec-WebSocket-Version: 8"]);
    assert_eq!(version.header("sec-websocket-version"), Some("13"));
}

#[test]
fn extensions_are_declined() {
    let server = Server::start();
    let response = upgrade(server.http(), "/mqtt", &["Sec-WebSocket-Extensions: permessage-deflate"]);
    assert_eq!((response.status, response.header("sec-websocket-extensions")), (101, None));
}

#[test]
fn only_pages_from_here_or_from_the_list_may_connect() {
    let server = Server::with(["--any-port", "--allow-origin", "https://example.org"]);
    let (address, port) = (server.http(), server.http().port());
    let status = |origin: &str| upgrade(address, "/mqtt", &[&format!("Origin: {origin}")]).status;
    assert_eq!(status(&format!("http://127.0.0.1:{port}")), 101);
    assert_eq!(status("https://example.org"), 101);
    for other in [
        "null".to_owned(),
        "http://127.0.0.1".to_owned(),
        format!("http://localhost:{port}"),
        format!("http://127.0.0.1:{port}.example.org"),
        format!("http://127.0.0.1:{port}/"),
        "https://example.org:8443".to_owned(),
        "https://example.org.evil.example".to_owned(),
        "http://example.org".to_owned(),
    ] {
        assert_eq!(status(&other), 403, "{other}");
    }
    let refused = upgrade(address, "/mqtt", &["Origin: http://evil.example"]);
    assert_eq!(
        refused.text(),
        "Pages of this origin may not connect. Name it in allowed_origins of the [http] table, or with \
         --allow-origin.\n"
    );
}

#[test]
fn headers_beyond_reason_are_refused() {
    let server = Server::start();
    let huge = format!("X-Huge: {}", "x".repeat(64 * 1024));
    let mut stream = Stream::open(server.http());
    stream.request("GET", "/mqtt", server.http(), &[&huge]);
    assert_eq!(stream.response(false).status, 431);
    let many: Vec<_> = (0..2000).map(|count| format!("X-{count}: x")).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    assert_eq!(request(server.http(), "GET", "/", &many).status, 431);
    assert_eq!(request(server.http(), "GET", "/", &[]).status, 200);
}
