//! The two realms of the embedded default.

use crate::support::{Client, Server, Stream, Transport, bytes, connect, publish};
use headcount_mqtt::{Connect, Packet, ProtocolVersion, ReasonCode};
use serde_json::Value;
use std::net::SocketAddr;

fn account(user_name: &str, password: Option<&'static str>) -> Connect {
    Connect {
        user_name: Some(user_name.try_into().unwrap()),
        password: password.map(Into::into),
        ..connect(user_name)
    }
}

/// The answer of the realm's TCP listener to this CONNECT.
fn answer(server: &Server, realm: &str, connect: Connect) -> ReasonCode {
    Client::over(Transport::Tcp(Stream::open(server.tcp(realm)).0)).connect(connect).reason
}

#[test]
fn open_believes_every_name() {
    let server = Server::start();
    for connect in [connect("nobody"), account("somebody", None), account("other", Some("secret"))] {
        assert_eq!(answer(&server, "open", connect), ReasonCode::Success);
    }
}

#[test]
fn secure_asks_for_the_password() {
    let server = Server::start();
    for name in ["sebastian", "peter", "hannes", "vy", "minh", "jenny"] {
        assert_eq!(answer(&server, "secure", account(name, Some("test"))), ReasonCode::Success, "{name}");
    }
    assert_eq!(answer(&server, "secure", account("admin", Some("admin"))), ReasonCode::Success);
    assert_eq!(answer(&server, "secure", account("backend", Some("backend"))), ReasonCode::Success);
    let refused = ReasonCode::BadUserNameOrPassword;
    assert_eq!(answer(&server, "secure", account("admin", Some("test"))), refused);
    assert_eq!(answer(&server, "secure", account("peter", None)), refused);
    assert_eq!(answer(&server, "secure", account("nobody", Some("test"))), refused);
    assert_eq!(answer(&server, "secure", connect("nobody")), ReasonCode::NotAuthorized);
    let old = Connect { version: ProtocolVersion::V311, ..account("peter", Some("test")) };
    let mut bytes = bytes::BytesMut::new();
    headcount_mqtt::encode(
        &headcount_mqtt::Packet::Connect(Box::new(Connect { password: Some("wrong".into()), ..old })),
        ProtocolVersion::V311,
        &mut bytes,
    )
    .unwrap();
    let mut stream = Stream::open(server.tcp("secure"));
    std::io::Write::write_all(&mut stream.0, &bytes).unwrap();
    let mut connack = [0; 4];
    std::io::Read::read_exact(&mut stream.0, &mut connack).unwrap();
    assert_eq!(connack, [0x20, 2, 0, 4], "return code 4 of MQTT 3.1.1");
}

#[test]
fn what_is_sent_right_behind_connect_waits_for_the_check() {
    let server = Server::start();
    let mut admin = Client::over(Transport::Tcp(Stream::open(server.tcp("secure")).0));
    assert_eq!(admin.connect(account("admin", Some("admin"))).reason, ReasonCode::Success);
    admin.subscribe("chat/messages/+/+");
    let mut hasty = Client::over(Transport::Tcp(Stream::open(server.tcp("secure")).0));
    let mut all = bytes(&Packet::Connect(Box::new(account("peter", Some("test"))))).to_vec();
    for count in 0..3000 {
        all.extend(bytes(&publish("chat/messages/vy/peter", count.to_string())));
    }
    hasty.send_bytes(&all);
    assert!(matches!(hasty.receive(), Packet::ConnAck(answer) if answer.reason == ReasonCode::Success));
    for count in 0..3000 {
        assert_eq!(admin.receive_publish().1, count.to_string());
    }
}

#[test]
fn a_peer_of_either_family_is_shown_by_its_own_address() {
    let server = Server::with(["--any-port", "--listen-tcp", "open=[::]:0"]);
    let port = server.tcp("open").port();
    for host in ["127.0.0.1", "::1"] {
        let mut client = Client::tcp(SocketAddr::new(host.parse().unwrap(), port), "shown");
        client.subscribe("$headcount/anonymous/clients/shown");
        let (_, state) = client.receive_publish();
        let state: Value = serde_json::from_slice(&state).unwrap();
        let address: SocketAddr = state["client"]["address"].as_str().unwrap().parse().unwrap();
        assert_eq!(address.ip().to_string(), host);
    }
}

#[test]
fn passwords_are_not_logged() {
    let server = Server::start();
    answer(&server, "secure", account("peter", Some("a wrong secret")));
    let log = server.stop();
    assert!(!log.contains("a wrong secret"), "{log}");
}

#[test]
fn realms_hear_nothing_of_each_other() {
    let server = Server::start();
    let mut secure = Client::over(Transport::Tcp(Stream::open(server.tcp("secure")).0));
    assert_eq!(secure.connect(account("admin", Some("admin"))).reason, ReasonCode::Success);
    secure.subscribe("chat/messages/+/+");
    let mut open = Client::tcp(server.tcp("open"), "open");
    open.send(&publish("chat/messages/vy/peter", "from open"));
    open.prove();
    let mut peter = Client::over(Transport::Tcp(Stream::open(server.tcp("secure")).0));
    assert_eq!(peter.connect(account("peter", Some("test"))).reason, ReasonCode::Success);
    peter.send(&publish("chat/messages/vy/peter", "from secure"));
    assert_eq!(secure.receive_publish(), ("chat/messages/vy/peter".to_owned(), "from secure".into()));
}

#[test]
fn tells_every_realm_where_the_server_listens() {
    let server = Server::start();
    let mut open = Client::tcp(server.tcp("open"), "open");
    open.subscribe("$headcount/server");
    let (topic, payload) = open.receive_publish();
    assert_eq!(topic, "$headcount/server");
    let mut fact: Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!((&fact["name"], &fact["version"]), (&"headcount".into(), &env!("CARGO_PKG_VERSION").into()));
    let mut expected = server.addresses()["listeners"].clone();
    for listener in expected.as_array_mut().unwrap() {
        listener.as_object_mut().unwrap().remove("url");
    }
    assert_eq!(fact["listeners"].take(), expected);
    let mut admin = Client::over(Transport::Tcp(Stream::open(server.tcp("secure")).0));
    assert_eq!(admin.connect(account("admin", Some("admin"))).reason, ReasonCode::Success);
    admin.subscribe("$headcount/server");
    assert_eq!(admin.receive_publish(), (topic, payload));
}

/// Accounts, rules, limits, observers and errors of one realm are nothing to the other.
#[test]
fn realms_share_neither_accounts_nor_rules_nor_limits_nor_observers() {
    let config = "[[realm]]\nname = \"a\"\nlisten = [\"127.0.0.1:0\"]\nobservers = [\"peter\"]\nacl_file = \"only\"\n\
                  [realm.accounts]\npeter = \"x\"\nvy = \"x\"\n[realm.limits]\nmax_qos = 0\n\
                  [realm.account_limits.peter]\nmax_connections = 1\n\
                  [[realm]]\nname = \"b\"\nlisten = [\"127.0.0.1:0\"]\nobservers = [\"vy\"]\n\
                  [realm.accounts]\npeter = \"y\"\nvy = \"y\"\n";
    let folder =
        crate::support::Folder::with(&[("headcount.toml", config), ("only", "user peter\ntopic t\n")]);
    let server = Server::with(["--config".as_ref(), folder.path("headcount.toml").as_os_str()]);
    let enter = |realm: &str, user_name: &str, client_id: &str, password| {
        let mut client = Client::over(Transport::Tcp(Stream::open(server.tcp(realm)).0));
        let account = account(user_name, Some(password));
        let answer = client.connect(Connect { client_id: client_id.try_into().unwrap(), ..account });
        (client, answer)
    };
    let (mut peter_a, welcome) = enter("a", "peter", "lamp", "x");
    assert_eq!(welcome.properties.maximum_qos, Some(headcount_mqtt::QoS::AtMostOnce));
    let (mut peter_b, welcome) = enter("b", "peter", "lamp", "y");
    assert_eq!((welcome.reason, welcome.properties.maximum_qos), (ReasonCode::Success, None), "the same id");
    assert_eq!(enter("a", "peter", "2", "y").1.reason, ReasonCode::BadUserNameOrPassword, "b's password");
    assert_eq!(enter("a", "peter", "2", "x").1.reason, ReasonCode::QuotaExceeded);
    assert_eq!(enter("b", "peter", "2", "y").1.reason, ReasonCode::Success);
    // peter observes a, and vy b.
    peter_a.subscribe("vy/errors");
    let (mut vy_b, _) = enter("b", "vy", "vy", "y");
    vy_b.subscribe("peter/clients");
    let (mut vy_a, _) = enter("a", "vy", "vy", "x");
    vy_a.send(&publish("t", "not in a"));
    let (topic, line) = peter_a.receive_publish();
    let denied = "vy may not publish to t: denied by default; no rule allows it, one would stand at only:3";
    assert_eq!((topic.as_str(), &line[..]), ("vy/errors", denied.as_bytes()));
    peter_b.subscribe("t");
    peter_b.send(&publish("t", "in b there are no rules"));
    assert_eq!(peter_b.receive_publish().1, "in b there are no rules");
    drop(peter_a);
    let (_gone, _) = enter("b", "peter", "3", "y");
    let (_, line) = vy_b.receive_publish();
    assert!(str::from_utf8(&line).unwrap().contains("\"id\":\"3\""), "nothing of a: {line:?}");
}
