//! Proxies in front: the address in events is the client's, and nobody else is believed.

use crate::support::{
    Authority, Client, Folder, Server, Stream, Transport, connect, secured_over, websocket_over,
};
use headcount_mqtt::ReasonCode;
use rustix::process::Signal;
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

fn configuration(trusted: &str) -> String {
    format!(
        r#"
trusted_proxies = ["{trusted}"]

[[http]]
listen = "127.0.0.1:0"

[[http]]
listen = "127.0.0.1:0"
proxy_protocol = true

[[realm]]
name = "open"
websocket_paths = ["/mqtt"]
listen = ["127.0.0.1:0"]
allow_anonymous = true
trust_user_names = true
observers = "everybody"
limits.connect_timeout = 3

[[realm.listener]]
listen = "127.0.0.1:0"
proxy_protocol = true
tls = {{ certfile = "server.pem", keyfile = "server.key" }}

[[realm]]
name = "inner"
allow_anonymous = true
trust_user_names = true
observers = "everybody"
limits.connect_timeout = 3

[[realm.listener]]
listen = "127.0.0.1:0"
proxy_protocol = true
"#
    )
}

struct Town {
    authority: Authority,
    server: Server,
    folder: Folder,
}

fn town(trusted: &str) -> Town {
    configured(&configuration(trusted))
}

fn configured(text: &str) -> Town {
    let folder = Folder::with(&[]);
    let authority = Authority::new("Test");
    authority.write(&folder);
    let server = Server::configured(&folder, text);
    Town { authority, server, folder }
}

fn watcher(server: &Server, realm: &str) -> Client {
    let mut stream = Stream::open(server.tcp(realm));
    if realm == "inner" {
        stream.0.write_all(b"PROXY UNKNOWN\r\n").unwrap();
    }
    let mut watcher = Client::over(Transport::Tcp(stream.0));
    assert_eq!(watcher.connect(connect("watcher")).reason, ReasonCode::Success);
    watcher.subscribe("$headcount/+/events");
    watcher
}

/// The address by which `client_id` came.
fn address(watcher: &mut Client, client_id: &str) -> String {
    loop {
        let (_, payload) = watcher.receive_publish();
        let event: serde_json::Value = serde_json::from_slice(&payload).unwrap();
        if event["client"]["id"] == client_id && event["event"] == "connected" {
            return event["client"]["address"].as_str().unwrap().to_owned();
        }
    }
}

fn with_header(at: SocketAddr, header: &[u8]) -> Stream {
    let mut stream = Stream::open(at);
    stream.0.write_all(header).unwrap();
    stream
}

const V2: &[u8] = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x10\xCB\0\x71\x09\x0A\0\0\x01\x12\x34\x07\x5B\x04\0\x01\0";
const LOCAL: &[u8] = b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0";

#[test]
fn a_header_in_front_names_the_client() {
    let town = town("127.0.0.1");
    let at = town.server.tcp("inner");
    let mut watcher = watcher(&town.server, "inner");
    let mut came_by = |client_id: &str, header: &[u8]| {
        let mut client = Client::over(Transport::Tcp(with_header(at, header).0));
        assert_eq!(client.connect(connect(client_id)).reason, ReasonCode::Success);
        address(&mut watcher, client_id)
    };
    assert_eq!(came_by("v1", b"PROXY TCP4 203.0.113.9 10.0.0.1 4660 1883\r\n"), "203.0.113.9:4660");
    assert_eq!(came_by("v6", b"PROXY TCP6 2001:db8::9 fd00::1 4660 1883\r\n"), "[2001:db8::9]:4660");
    assert_eq!(came_by("v2", V2), "203.0.113.9:4660");
    assert!(came_by("unknown", b"PROXY UNKNOWN\r\n").starts_with("127.0.0.1:"));
    assert!(came_by("local", LOCAL).starts_with("127.0.0.1:"));
}

#[test]
fn tls_and_http_stand_behind_the_header() {
    let town = town("127.0.0.1");
    let mut watcher = watcher(&town.server, "open");
    let stream = with_header(town.server.listener("open", "tls"), V2);
    let stream = secured_over(stream.0, &town.authority.trusted(None)).unwrap();
    let mut lamp = Client::over(Transport::Tls(Box::new(stream)));
    assert_eq!(lamp.connect(connect("lamp")).reason, ReasonCode::Success);
    assert_eq!(address(&mut watcher, "lamp"), "203.0.113.9:4660");
    let listeners = town.server.addresses()["listeners"].as_array().unwrap();
    let url = listeners.iter().rfind(|at| at["transport"] == "websocket").unwrap()["url"].clone();
    let url = url.as_str().unwrap();
    let at = url.trim_start_matches("ws://").trim_end_matches("/mqtt").parse().unwrap();
    let socket = websocket_over(with_header(at, V2).0, url);
    let mut fan = Client::over(Transport::WebSocket(Box::new(socket)));
    assert_eq!(fan.connect(connect("fan")).reason, ReasonCode::Success);
    assert_eq!(address(&mut watcher, "fan"), "203.0.113.9:4660");
}

#[test]
fn what_does_not_begin_with_a_header_is_ended() {
    let town = town("127.0.0.1");
    let at = town.server.tcp("inner");
    let begun = Instant::now();
    let mut late: Vec<_> = [&b""[..], b"PROXY TCP4 203", &V2[..20]].map(|half| with_header(at, half)).into();
    for nonsense in [&b"\x10\x0D\0\x04MQTT"[..], b"GET / HTTP/1.1\r\n", b"PROXY TCP4 1 2 3 4\r\n"] {
        assert!(with_header(at, nonsense).is_ended(), "{nonsense:?}");
    }
    assert!(begun.elapsed() < Duration::from_secs(3), "nonsense is known at once");
    assert!(late.iter_mut().all(Stream::is_ended), "a header has its time");
}

#[test]
fn a_stranger_may_not_name_anybody() {
    let town = town("192.0.2.0/24");
    assert!(with_header(town.server.tcp("inner"), V2).is_ended());
    town.server.until_logged("it is none of trusted_proxies");
}

/// A client over WebSocket with these headers in its handshake.
fn forwarded(server: &Server, client_id: &str, lines: &str) -> Option<Client> {
    let at = server.http();
    let mut stream = Stream::open(at);
    write!(
        stream.0,
        "GET /mqtt HTTP/1.1\r\nHost: {at}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: \
         13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: mqtt\r\n{lines}\r\n\r\n"
    )
    .unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.0.read_exact(&mut byte).unwrap();
        answer.push(byte[0]);
    }
    if !answer.starts_with(b"HTTP/1.1 101") {
        return None;
    }
    let socket = tokio_tungstenite::tungstenite::WebSocket::from_raw_socket(
        stream.0,
        tokio_tungstenite::tungstenite::protocol::Role::Client,
        None,
    );
    let mut client = Client::over(Transport::WebSocket(Box::new(socket)));
    assert_eq!(client.connect(connect(client_id)).reason, ReasonCode::Success);
    Some(client)
}

#[test]
fn x_forwarded_for_is_believed_of_proxies_alone() {
    let town = town("127.0.0.1");
    let mut watch = watcher(&town.server, "open");
    let _lamp = forwarded(&town.server, "lamp", "X-Forwarded-For: 6.6.6.6, 203.0.113.9").unwrap();
    assert_eq!(address(&mut watch, "lamp"), "203.0.113.9");
    let other = self::town("192.0.2.0/24");
    let mut watch = watcher(&other.server, "open");
    let _liar = forwarded(&other.server, "liar", "X-Forwarded-For: 203.0.113.9").unwrap();
    assert!(address(&mut watch, "liar").starts_with("127.0.0.1:"));
}

/// Where the proxy ends TLS, the page's origin is `https`.
#[test]
fn x_forwarded_proto_makes_the_origin_secure() {
    let town = town("127.0.0.1");
    let at = town.server.http();
    let proto = "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https";
    assert!(forwarded(&town.server, "a", &format!("{proto}\r\nOrigin: https://{at}")).is_some());
    assert!(forwarded(&town.server, "b", &format!("{proto}\r\nOrigin: http://{at}")).is_none());
    assert!(forwarded(&town.server, "c", &format!("Origin: https://{at}")).is_none());
}

/// A TLS handshake costs more than a CONNECT: the address's rate is judged before it.
#[test]
fn a_flood_of_handshakes_slows_its_own_address_only() {
    let limit = "limits.connect_timeout = 3\nlimits.address_connection_rate = 1";
    let text = configuration("127.0.0.1").replace("limits.connect_timeout = 3", limit);
    let town = configured(&text);
    let config = town.authority.trusted(None);
    let from = |address: &str| {
        let header = format!("PROXY TCP4 {address} 10.0.0.1 4660 8883\r\n");
        let stream = with_header(town.server.listener("open", "tls"), header.as_bytes());
        secured_over(stream.0, &config)
    };
    let flood = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..40).map(|_| scope.spawn(|| from("203.0.113.9").is_ok())).collect();
        tries.into_iter().filter_map(|one| one.join().ok()).filter(|came| *came).count()
    });
    // Ten at once, and then one each second: who would wait for longer than two is turned away.
    assert!((10..40).contains(&flood), "{flood} of the flood came in");
    // By the flood's bucket it would be turned away as well.
    from("203.0.113.10").unwrap();
}

/// A reload compares listeners by what is set, not by where it stands or what the certificates hold.
#[test]
fn a_listener_that_moves_within_the_file_is_the_same() {
    let town = town("127.0.0.1");
    let file = town.folder.path("headcount.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    town.authority.server().write(&town.folder, "server");
    std::fs::write(&file, format!("# a remark\n\n{text}")).unwrap();
    town.server.signal(Signal::HUP);
    town.server.until_logged("read again name=accounts, rules and limits");
    let log = town.server.stop();
    assert!(!log.contains("holds from the next start on"), "{log}");
}

/// Somebody whom a proxy on this machine brings without a name is not on this machine.
#[test]
fn who_has_no_name_may_not_read_the_metrics() {
    let town = town("127.0.0.1");
    let listeners = town.server.addresses()["listeners"].as_array().unwrap();
    let port = listeners.iter().rfind(|at| at["transport"] == "websocket").unwrap()["port"].as_u64().unwrap();
    let at = SocketAddr::from(([127, 0, 0, 1], u16::try_from(port).unwrap()));
    let status = |header: &[u8]| {
        let mut stream = with_header(at, header);
        stream.request("GET", "/metrics", at, &[]);
        stream.response(false).status
    };
    assert_eq!(status(b"PROXY UNKNOWN\r\n"), 403);
    assert_eq!(status(b"PROXY TCP4 203.0.113.9 10.0.0.1 4660 80\r\n"), 403);
    assert_eq!(status(b"PROXY TCP4 127.0.0.1 127.0.0.1 4660 80\r\n"), 200);
}
