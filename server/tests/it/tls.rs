//! TLS on listeners: who is let in, as whom, and what happens when certificates change.

use crate::support::{
    Authority, Client, Folder, PATIENCE, Server, Stream, Transport, connect, secured, websocket_over,
};
use headcount_mqtt::{Packet, ReasonCode};
use rustix::process::Signal;
use rustls::ClientConfig;
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A realm inside TLS, with these lines in both of its tables of TLS, and these in the realm's.
fn configuration(tls: &str, realm: &str) -> String {
    format!(
        r#"
[http]
listen = "127.0.0.1:0"
[http.tls]
certfile = "server.pem"
keyfile = "server.key"
{tls}

[[realm]]
name = "open"
websocket_paths = ["/mqtt"]
observers = "everybody"
{realm}

[realm.limits]
connect_timeout = 4

[[realm.listener]]
listen = "127.0.0.1:0"
[realm.listener.tls]
certfile = "server.pem"
keyfile = "server.key"
{tls}
"#
    )
}

const ANYBODY: &str = "allow_anonymous = true\ntrust_user_names = true";
const CERTIFIED: &str = "cafile = \"ca.pem\"\nrequire_certificate = true\nuse_identity_as_username = true";

struct Town {
    authority: Authority,
    folder: Folder,
    server: Server,
}

impl Town {
    fn new(tls: &str, realm: &str) -> Self {
        let folder = Folder::with(&[]);
        let authority = Authority::new("Test");
        authority.write(&folder);
        let server = Server::configured(&folder, &configuration(tls, realm));
        Self { authority, folder, server }
    }

    fn tls(&self) -> SocketAddr {
        self.server.listener("open", "tls")
    }

    fn https(&self) -> SocketAddr {
        self.server.listener("open", "secure-websocket")
    }
}

fn over_tls(address: SocketAddr, config: &Arc<ClientConfig>) -> Client {
    Client::over(Transport::Tls(Box::new(secured(address, config).unwrap())))
}

fn over_secure_websocket(address: SocketAddr, config: &Arc<ClientConfig>) -> Client {
    let stream = secured(address, config).unwrap();
    let socket = websocket_over(stream, &format!("wss://{address}/mqtt"));
    Client::over(Transport::SecureWebSocket(Box::new(socket)))
}

/// The event of `client_id` coming, as an observer over TLS sees it.
fn event(watcher: &mut Client, client_id: &str) -> serde_json::Value {
    loop {
        let (_, payload) = watcher.receive_publish();
        let event: serde_json::Value = serde_json::from_slice(&payload).unwrap();
        if event["client"]["id"] == client_id && event["event"] == "connected" {
            return event;
        }
    }
}

#[test]
fn both_transports_serve_and_say_goodbye() {
    let town = Town::new("", ANYBODY);
    let config = town.authority.trusted(None);
    let mut watcher = over_tls(town.tls(), &config);
    watcher.connect(connect("watcher"));
    watcher.subscribe("$headcount/+/events");
    let mut lamp = over_secure_websocket(town.https(), &config);
    assert_eq!(lamp.connect(connect("lamp")).reason, ReasonCode::Success);
    assert_eq!(event(&mut watcher, "lamp")["client"]["transport"], "secure-websocket");
    let mut fan = over_tls(town.tls(), &config);
    assert_eq!(fan.connect(connect("fan")).reason, ReasonCode::Success);
    assert_eq!(event(&mut watcher, "fan")["client"]["transport"], "tls");
    lamp.prove();
    town.server.signal(Signal::TERM);
    // `close_notify` is part of it: without, the reads of these clients fail.
    lamp.receive_end(ReasonCode::ServerShuttingDown);
    fan.receive_end(ReasonCode::ServerShuttingDown);
    assert!(town.server.ended().0.success());
}

#[test]
fn the_page_comes_over_https_and_its_origin_may_connect() {
    let town = Town::new("", ANYBODY);
    let config = town.authority.trusted(None);
    let address = town.https();
    assert_eq!(town.server.addresses()["page"], format!("https://{address}/"));
    let answer = |lines: &[&str]| {
        let mut stream = secured(address, &config).unwrap();
        let head = format!("GET {} HTTP/1.1\r\nHost: {address}\r\nConnection: close", lines[0]);
        write!(stream, "{head}\r\n{}\r\n\r\n", lines[1..].join("\r\n")).unwrap();
        let mut line = [0; 12];
        stream.read_exact(&mut line).unwrap();
        String::from_utf8(line[9..].to_vec()).unwrap()
    };
    assert_eq!(answer(&["/", "Accept: */*"]), "200");
    let upgrade = |origin: &str, protocols: &str| {
        answer(&[
            "/mqtt",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            &format!("Sec-WebSocket-Protocol: {protocols}"),
            &format!("Origin: {origin}"),
        ])
    };
    assert_eq!(upgrade(&format!("https://{address}"), "mqtt"), "101");
    assert_eq!(upgrade(&format!("https://{address}"), "chat, mqttv3.1"), "101");
    assert_eq!(upgrade(&format!("https://{address}"), "chat"), "400");
    assert_eq!(upgrade(&format!("http://{address}"), "mqtt"), "403");
    assert_eq!(upgrade("https://localhost", "mqtt"), "403");
}

#[test]
fn a_clients_certificate_is_its_account() {
    let town = Town::new(CERTIFIED, "");
    let lamp = town.authority.client("Lamp 1/2");
    let config = town.authority.trusted(Some(&lamp));
    let mut watcher = over_tls(town.tls(), &config);
    assert_eq!(watcher.connect(connect("watcher")).reason, ReasonCode::Success);
    watcher.subscribe("$headcount/+/events");
    let mut client = over_secure_websocket(town.https(), &config);
    assert_eq!(client.connect(connect("lamp")).reason, ReasonCode::Success);
    assert_eq!(event(&mut watcher, "lamp")["client"]["account"], "Lamp 1/2");
}

#[test]
fn who_has_no_certificate_of_the_authority_stays_outside() {
    let town = Town::new(CERTIFIED, ANYBODY);
    let other = Authority::new("Other").client("lamp");
    let nameless = town.authority.client("");
    for shown in [None, Some(&other), Some(&nameless)] {
        for address in [town.tls(), town.https()] {
            // In TLS 1.3 a client learns of it at its first read.
            let refused = secured(address, &town.authority.trusted(shown)).and_then(|mut stream| {
                stream.write_all(b"x")?;
                match stream.read(&mut [0; 1])? {
                    0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
                    length => Ok(length),
                }
            });
            assert!(refused.is_err(), "{shown:?} was let in");
        }
    }
    let welcome = town.authority.client("lamp");
    over_tls(town.tls(), &town.authority.trusted(Some(&welcome))).connect(connect("lamp"));
}

#[test]
fn a_certificate_may_be_optional() {
    let realm = "[realm.accounts]\npeter = \"test\"";
    let town = Town::new("cafile = \"ca.pem\"\nuse_identity_as_username = true", realm);
    let lamp = town.authority.client("lamp");
    let mut certified = over_tls(town.tls(), &town.authority.trusted(Some(&lamp)));
    assert_eq!(certified.connect(connect("lamp")).reason, ReasonCode::Success);
    let plain = |password: &str| {
        let mut client = over_tls(town.tls(), &town.authority.trusted(None));
        let mut packet = connect("peter");
        packet.user_name = Some("peter".try_into().unwrap());
        packet.password = Some(password.to_owned().into());
        client.connect(packet).reason
    };
    assert_eq!(plain("test"), ReasonCode::Success);
    assert_eq!(plain("wrong"), ReasonCode::BadUserNameOrPassword);
}

#[test]
fn mosquittos_clients_come_with_a_certificate() {
    let town = Town::new(CERTIFIED, "");
    let (certificate, key) = town.authority.client("lamp").write(&town.folder, "lamp");
    let port = town.tls().port().to_string();
    let publish = |options: &[&std::ffi::OsStr]| {
        let mut command = Command::new("mosquitto_pub");
        command.args(["-h", "127.0.0.1", "-p", &port, "-t", "lamp/on", "-m", "1", "-q", "1", "--cafile"]);
        command.arg(town.folder.path("ca.pem")).args(options);
        command.output().expect("mosquitto_pub cannot be started: install Debian's package mosquitto-clients")
    };
    let shown = publish(&["--cert".as_ref(), certificate.as_ref(), "--key".as_ref(), key.as_ref()]);
    assert!(shown.status.success(), "{shown:?}");
    assert!(!publish(&[]).status.success());
}

/// Waits until a handshake by this authority's word succeeds.
fn until_trusted(address: SocketAddr, authority: &Authority) -> Client {
    let begun = Instant::now();
    loop {
        match secured(address, &authority.trusted(None)) {
            Ok(stream) => return Client::over(Transport::Tls(Box::new(stream))),
            Err(error) => assert!(begun.elapsed() < PATIENCE, "still the old certificate: {error}"),
        }
    }
}

/// When the server's certificate ends, as the metrics say it.
fn expiry(town: &Town) -> f64 {
    let mut stream = secured(town.https(), &town.authority.trusted(None)).unwrap();
    write!(stream, "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let line =
        answer.lines().find(|line| line.starts_with("headcount_certificate_expiry_timestamp_seconds{"));
    line.unwrap().rsplit(' ').next().unwrap().parse().unwrap()
}

#[test]
fn a_new_certificate_is_taken_while_old_connections_live() {
    let town = Town::new("", ANYBODY);
    let mut old = over_tls(town.tls(), &town.authority.trusted(None));
    old.connect(connect("old"));
    assert!(expiry(&town) > 1e10, "rcgen's certificates end in 4096");
    // Noticed by itself, although the key comes some time after its certificate.
    let second = Authority::new("Second");
    let certified = second.server();
    std::fs::write(town.folder.path("server.pem"), &certified.certificate).unwrap();
    std::fs::write(town.folder.path("new.key"), &certified.key).unwrap();
    std::fs::rename(town.folder.path("new.key"), town.folder.path("server.key")).unwrap();
    until_trusted(town.tls(), &second).connect(connect("new"));
    old.prove();
    // A bad one keeps what was there, and says so.
    std::fs::write(town.folder.path("server.key"), "nonsense").unwrap();
    town.server.until_logged("not read again, the old one stays: keyfile: ");
    until_trusted(town.tls(), &second).connect(connect("newer"));
    // The next good one is taken.
    let third = Authority::new("Third");
    third.write(&town.folder);
    town.server.signal(Signal::HUP);
    until_trusted(town.tls(), &third).connect(connect("newest"));
    old.prove();
}

#[test]
fn a_handshake_that_does_not_end_holds_nobody_up() {
    let town = Town::new("", ANYBODY);
    let begun = Instant::now();
    let mut halves: Vec<_> = (0..50)
        .map(|_| {
            let mut stream = Stream::open(town.tls());
            // The head of a ClientHello.
            stream.0.write_all(&[0x16, 3, 1, 2, 0, 1, 0]).unwrap();
            stream
        })
        .collect();
    let mut client = over_tls(town.tls(), &town.authority.trusted(None));
    client.connect(connect("swift"));
    assert!(begun.elapsed() < Duration::from_secs(4), "others waited for half a handshake");
    assert!(halves.iter_mut().all(Stream::is_ended));
    client.prove();
}

#[test]
fn what_is_no_tls_is_ended() {
    let town = Town::new("", ANYBODY);
    for bytes in [&b"\x10\x0D\x00\x04MQTT\x05\x02\x00\x00\x00\x00\x00"[..], b"GET / HTTP/1.1\r\n\r\n"] {
        for address in [town.tls(), town.https()] {
            let mut stream = Stream::open(address);
            stream.0.write_all(bytes).unwrap();
            // An alert may come before the end.
            let mut answer = Vec::new();
            let _ = stream.0.read_to_end(&mut answer);
            assert!(answer.is_empty() || answer[0] == 0x15, "{answer:?}");
        }
    }
}

#[test]
fn the_oldest_version_is_a_choice() {
    let town = Town::new("tls_version = \"tlsv1.3\"", ANYBODY);
    let config = |versions: &[&'static rustls::SupportedProtocolVersion]| {
        let mut roots = rustls::RootCertStore::empty();
        let authority = rustls::pki_types::pem::PemObject::from_pem_slice(town.authority.pem().as_bytes());
        roots.add(authority.unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider).with_protocol_versions(versions).unwrap();
        Arc::new(builder.with_root_certificates(roots).with_no_client_auth())
    };
    assert!(secured(town.tls(), &config(&[&rustls::version::TLS12])).is_err());
    secured(town.tls(), &config(&[&rustls::version::TLS13])).unwrap();
    let both = Town::new("", ANYBODY);
    let authority = &both.authority;
    let mut old = (*authority.trusted(None)).clone();
    old.alpn_protocols = vec![b"mqtt".to_vec()];
    secured(both.tls(), &Arc::new(old.clone())).unwrap();
    // A client that wants to speak another protocol has come to the wrong place.
    old.alpn_protocols = vec![b"http/1.1".to_vec()];
    assert!(secured(both.tls(), &Arc::new(old.clone())).is_err());
    secured(both.https(), &Arc::new(old)).unwrap();
}

#[test]
fn a_large_message_comes_whole() {
    let town = Town::new("", ANYBODY);
    let config = town.authority.trusted(None);
    for mut client in [over_tls(town.tls(), &config), over_secure_websocket(town.https(), &config)] {
        client.connect(connect("large"));
        client.subscribe("large");
        let payload = vec![7; 900_000];
        client.send(&crate::support::publish("large", payload.clone()));
        let Packet::Publish(publish) = client.receive() else { panic!("no PUBLISH") };
        assert_eq!(publish.payload, payload);
    }
}
