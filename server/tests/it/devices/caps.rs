//! A realm's cap on QoS and its end for idle connections, by the words of the configuration, over the wire.

use crate::support::{Client, Folder, PATIENCE, Server, Stream, Transport, bytes, connect};
use bytes::BytesMut;
use headcount_mqtt::{
    ConnAckProperties, Connect, Delivery, Packet, PacketId, ProtocolVersion, Publish, QoS, ReasonCode,
    Subscribe, Subscription, encode,
};
use std::process::Command;
use std::time::{Duration, Instant};

fn realm(limits: &str) -> (Folder, Server) {
    let folder = Folder::with(&[]);
    let config = format!(
        "[[realm]]\nname = \"home\"\nlisten = [\"127.0.0.1:0\"]\nallow_anonymous = true\nobservers = \"everybody\"\n\
         [realm.limits]\n{limits}\n"
    );
    let server = Server::configured(&folder, &config);
    (folder, server)
}

fn open(server: &Server, version: ProtocolVersion) -> Client {
    Client::speaking(version, Transport::Tcp(Stream::open(server.tcp("home")).0))
}

fn in_version(packet: &Packet, version: ProtocolVersion) -> BytesMut {
    let mut bytes = BytesMut::new();
    encode(packet, version, &mut bytes).unwrap();
    bytes
}

fn enter(client: &mut Client, version: ProtocolVersion, client_id: &str) -> ConnAckProperties {
    let hello = Packet::Connect(Box::new(Connect { version, ..connect(client_id) }));
    client.send_bytes(&in_version(&hello, version));
    match client.receive() {
        Packet::ConnAck(answer) => {
            assert_eq!(answer.reason, ReasonCode::Success);
            answer.properties
        }
        other => panic!("{other:?}"),
    }
}

/// [MQTT-3.2.2-9] [MQTT-3.2.2-10] [MQTT-3.2.2-11]: 5.0 is told and held to it; 3.1.1 is granted 0, and what it publishes above is
/// taken and passed on at 0.
#[test]
fn no_more_than_qos_0() {
    let (_folder, server) = realm("max_qos = 0");
    for version in [ProtocolVersion::V311, ProtocolVersion::V5] {
        let mut client = open(&server, version);
        let told = enter(&mut client, version, "s");
        let expected = (version == ProtocolVersion::V5).then_some(QoS::AtMostOnce);
        assert_eq!(told.maximum_qos, expected);
        client.send_bytes(&in_version(
            &Packet::Subscribe(Subscribe {
                packet_id: PacketId::new(1).unwrap(),
                subscription_identifier: None,
                user_properties: Vec::new(),
                subscriptions: vec![Subscription::new("t".try_into().unwrap(), QoS::ExactlyOnce)],
            }),
            version,
        ));
        match client.receive() {
            Packet::SubAck(answer) => assert_eq!(answer.reasons, [ReasonCode::Success]),
            other => panic!("{other:?}"),
        }
        let packet_id = PacketId::new(2).unwrap();
        let publish = Packet::Publish(Publish {
            dup: false,
            delivery: Delivery::AtLeastOnce(packet_id),
            retain: false,
            topic: Some("t".try_into().unwrap()),
            payload: "x".into(),
            properties: None,
        });
        client.send_bytes(&in_version(&publish, version));
        if version == ProtocolVersion::V5 {
            client.receive_end(ReasonCode::QoSNotSupported);
            continue;
        }
        let got = [client.receive(), client.receive()];
        let is_message =
            |it: &Packet| matches!(it, Packet::Publish(it) if it.delivery == Delivery::AtMostOnce);
        assert!(
            got.iter().any(is_message) && got.iter().any(|it| matches!(it, Packet::PubAck(_))),
            "{got:?}"
        );
    }
}

/// Debian's clients do as they are told, in both versions.
#[test]
fn mosquittos_clients_live_with_qos_0() {
    let (_folder, server) = realm("max_qos = 0");
    let port = server.tcp("home").port().to_string();
    for version in ["mqttv311", "mqttv5"] {
        let ours = ["-p", &port, "-V", version];
        let publish = ["-q", "0", "-r", "-t", "lamp/a", "-m", version];
        let published = Command::new("mosquitto_pub").args(ours).args(publish).status();
        assert!(published.expect("mosquitto_pub: install Debian's package mosquitto-clients").success());
        let output = Command::new("mosquitto_sub")
            .args(ours)
            .args(["-q", "2", "-t", "lamp/#", "-C", "1", "-W", "20", "-F", "%q %t %p"])
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), format!("0 lamp/a {version}\n"));
    }
}

/// (4.13) Idle is who sends nothing but PINGREQ: pings keep nothing alive, everything else does.
#[test]
fn pings_alone_are_idle() {
    let (_folder, server) = realm("idle_timeout = \"1s\"");
    for version in [ProtocolVersion::V311, ProtocolVersion::V5] {
        let (mut idle, mut busy) = (open(&server, version), open(&server, version));
        enter(&mut idle, version, "idle");
        enter(&mut busy, version, "busy");
        let mut watcher = Client::tcp(server.tcp("home"), "watcher");
        watcher.subscribe("$headcount/anonymous/events");
        let begun = Instant::now();
        let ended = loop {
            idle.send_bytes(&bytes(&Packet::PingReq));
            busy.send_bytes(&in_version(&crate::support::publish("x", "y"), version));
            match idle.next() {
                Some(Packet::PingResp) => {}
                Some(Packet::Disconnect(it)) => {
                    assert_eq!(version, ProtocolVersion::V5);
                    break Some(it.reason);
                }
                None => break None,
                other => panic!("{other:?}"),
            }
            assert!(begun.elapsed() < PATIENCE);
            std::thread::sleep(Duration::from_millis(50));
        };
        assert!(begun.elapsed() >= Duration::from_millis(900), "{:?}", begun.elapsed());
        assert_eq!(ended.is_some(), version == ProtocolVersion::V5);
        let event = loop {
            let (_, event) = watcher.receive_publish();
            let event: serde_json::Value = serde_json::from_slice(&event).unwrap();
            if event["event"] == "disconnected" {
                break event;
            }
        };
        assert_eq!((&event["reason"], &event["client"]["id"]), (&"idle-timeout".into(), &"idle".into()));
        busy.send_bytes(&bytes(&Packet::PingReq));
        assert_eq!(busy.receive(), Packet::PingResp);
    }
}
