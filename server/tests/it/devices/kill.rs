//! kill -9 while devices are added and entries are published: what was answered stands, and no number is given twice.

use super::{Desk, Device};
use crate::support::{Client, Folder, PATIENCE, Server, Stream, Transport};
use headcount_mqtt::client::Message;
use headcount_mqtt::{Packet, ProtocolVersion, QoS, ReasonCode};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::net::SocketAddr;
use std::time::Instant;

const KILLS: u64 = 12;

/// A publisher of either kind, and what it may be sure of.
struct Publisher {
    session: crate::support::Session,
    qos: QoS,
    sent: u64,
}

impl Publisher {
    fn new(version: ProtocolVersion, device: &Device, qos: QoS) -> Self {
        let session = crate::support::Session::with(version, &device.id, |options| {
            options.user_name = Some(device.id.as_str().try_into().unwrap());
            options.password = Some(device.password.clone().into());
        });
        Self { session, qos, sent: 0 }
    }

    fn step(&mut self, address: SocketAddr) {
        // What is published at QoS 0 while there is no connection goes nowhere.
        let may_publish = self.qos > QoS::AtMostOnce || self.session.is_connected();
        if may_publish && self.session.unacknowledged() < 10 {
            self.sent += 1;
            let body = format!("field1={}&field2={}", self.qos as u8, self.sent);
            let mut message = Message::new("channels/7/publish".try_into().unwrap(), body.into());
            message.qos = self.qos;
            self.session.publish_message(message);
        }
        self.session.step(address);
    }
}

/// On the port that was there before, so that clients find it again.
fn start(folder: &Folder, tcp: Option<SocketAddr>) -> Server {
    let store = folder.path("store");
    let secure = tcp.map(|tcp| format!("secure={tcp}"));
    let mut options: Vec<&OsStr> = vec!["--any-port".as_ref(), "--store".as_ref(), store.as_os_str()];
    if let Some(secure) = &secure {
        options.push("--listen-tcp".as_ref());
        options.push(secure.as_ref());
    }
    Server::with(options)
}

/// What was heard of the channel: numbers with what stood in them. A number that is heard twice says the same twice.
fn remember(heard: &mut BTreeMap<u64, Value>, session: &mut crate::support::Session) {
    for message in session.got.drain(..) {
        let entry: Value = serde_json::from_slice(&message.payload).unwrap();
        let number = entry["entry_id"].as_u64().unwrap();
        let old = heard.insert(number, entry.clone());
        assert!(old.is_none_or(|old| old == entry), "the number {number} was given twice");
    }
}

#[test]
fn kills_lose_no_device_and_give_no_number_twice() {
    let folder = Folder::with(&[]);
    let mut server = start(&folder, None);
    let tcp = server.tcp("secure");
    let mut desk = Desk::enter(tcp);
    let (first, second) = (desk.add(), desk.add());
    let mut publishers = [
        Publisher::new(ProtocolVersion::V5, &first, QoS::AtLeastOnce),
        Publisher::new(ProtocolVersion::V311, &second, QoS::AtMostOnce),
    ];
    // One that hears at QoS 0 what is heard at once, and one that gets at QoS 1 what came while it was away.
    let listener = |qos, id: &str| {
        let mut session = crate::support::Session::with(ProtocolVersion::V5, id, |options| {
            options.user_name = Some("vy".try_into().unwrap());
            options.password = Some("test".into());
        });
        session.subscribe("channels/7/subscribe", qos);
        session
    };
    let mut listeners = [listener(QoS::AtMostOnce, "now"), listener(QoS::AtLeastOnce, "later")];
    for listener in &mut listeners {
        listener.until(tcp, |it| it.subscribed == 1);
    }
    let mut heard: BTreeMap<u64, Value> = BTreeMap::new();
    let mut devices = vec![first, second];
    for round in 0..KILLS {
        // Logins take the time of their hash: until some more are acknowledged, and a moment that differs.
        let wanted = publishers[0].session.published + 5 + usize::try_from(round % 7).unwrap();
        let begun = Instant::now();
        while publishers[0].session.published < wanted || publishers[1].sent == 0 {
            assert!(begun.elapsed() < PATIENCE);
            for publisher in &mut publishers {
                publisher.step(tcp);
            }
            for listener in &mut listeners {
                listener.step(tcp);
                remember(&mut heard, listener);
            }
        }
        let added = Device::of(&desk.ask("add", &json!({"name": format!("{round}")})));
        // Killed in the moment of the answer, or before the answer to one more.
        desk.0.send(&crate::support::publish("$headcount/vy/devices/add", r#"{"name":"unheard"}"#));
        server.kill();
        devices.push(added);
        server = start(&folder, Some(tcp));
        for session in publishers.iter_mut().map(|it| &mut it.session).chain(&mut listeners) {
            session.lose();
        }
        desk = Desk::enter(tcp);
        let list = desk.ask("list", &json!({}));
        let names: Vec<_> = list["devices"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
        assert!(devices.iter().all(|device| names.contains(&&json!(device.id))), "{devices:?} {list}");
        let entries = list["channels"][0]["entries"].as_u64().unwrap();
        let greatest = heard.keys().next_back().copied().unwrap_or(0);
        assert!(entries >= greatest, "{greatest} was heard, {entries} are remembered");
        let ((oldest, newest), past) = desk.past();
        assert_eq!(
            (newest.saturating_sub(999).max(1), newest >= entries),
            (oldest, true),
            "{newest} of {entries}"
        );
        assert!(past.keys().copied().eq(oldest..=newest), "without a gap: {past:?}");
        let kept = heard.range(oldest..);
        assert!(
            kept.clone().all(|(number, entry)| past.get(number) == Some(entry)),
            "what was heard is kept"
        );
    }
    let begun = Instant::now();
    while publishers[0].session.unacknowledged() > 0 {
        publishers[0].session.step(tcp);
        assert!(begun.elapsed() < PATIENCE);
    }
    let entries = desk.ask("list", &json!({}))["channels"][0]["entries"].as_u64().unwrap();
    // All that came while it was away, without a gap: the session of QoS 1 misses no entry of QoS 1.
    let acknowledged = publishers[0].session.published as u64;
    while heard.values().filter(|it| it["field1"] == "1").count() < usize::try_from(acknowledged).unwrap() {
        listeners[1].step(tcp);
        remember(&mut heard, &mut listeners[1]);
        assert!(begun.elapsed() < PATIENCE, "{acknowledged} were acknowledged, {} were heard", heard.len());
    }
    assert!(heard.keys().all(|number| (1..=entries).contains(number)));
    assert!(entries > 60, "{entries} entries are no load");
    // Every password that was said opens its device.
    for device in devices {
        let mut client = Client::over(Transport::Tcp(Stream::open(tcp).0));
        assert_eq!(client.connect(device.connect()).reason, ReasonCode::Success);
        client.send(&Packet::PingReq);
        assert_eq!(client.receive(), Packet::PingResp);
    }
}
