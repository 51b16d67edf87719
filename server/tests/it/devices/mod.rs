//! Devices and channels over real sockets.

mod caps;
mod kill;
mod past;
mod printed;
mod transports;

use crate::support::{Client, Server, Stream, Transport, connect, publish};
use headcount_mqtt::{Connect, ReasonCode};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// An account that asks for its devices and hears its channels.
struct Desk(Client);

/// What a device comes in with.
#[derive(Debug, Clone)]
struct Device {
    id: String,
    password: String,
}

impl Desk {
    fn enter(address: SocketAddr) -> Self {
        let mut client = Client::over(Transport::Tcp(Stream::open(address).0));
        let answer = client.connect(Connect {
            user_name: Some("vy".try_into().unwrap()),
            password: Some("test".into()),
            ..connect("desk")
        });
        assert_eq!(answer.reason, ReasonCode::Success);
        client.subscribe("$headcount/vy/devices/+/desk");
        client.subscribe("channels/+/feeds/desk");
        Self(client)
    }

    fn ask(&mut self, verb: &str, request: &Value) -> Value {
        self.0.send(&publish(&format!("$headcount/vy/devices/{verb}"), request.to_string()));
        let (topic, answer) = self.0.receive_publish();
        assert_eq!(topic, format!("$headcount/vy/devices/{verb}/desk"));
        serde_json::from_slice(&answer).unwrap()
    }

    /// What channel 7 keeps: its oldest and its newest number, and the entries by their numbers.
    fn past(&mut self) -> ((u64, u64), BTreeMap<u64, Value>) {
        self.0.send(&publish("channels/7/feeds", r#"{"results":8000}"#));
        let (topic, answer) = self.0.receive_publish();
        assert_eq!(topic, "channels/7/feeds/desk");
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        let number = |name: &str| answer["channel"][name].as_u64().unwrap();
        let entries = answer["feeds"].as_array().unwrap().iter();
        let entries = entries.map(|it| (it["entry_id"].as_u64().unwrap(), it.clone())).collect();
        ((number("first_entry_id"), number("last_entry_id")), entries)
    }

    /// A device with both rights in channel 7.
    fn add(&mut self) -> Device {
        let channels = json!([{"id": 7, "publish": true, "subscribe": true}]);
        Device::of(&self.ask("add", &json!({"name": "Lamp", "channels": channels})))
    }
}

impl Device {
    /// Of an answer with credentials.
    fn of(answer: &Value) -> Self {
        let text = |name: &str| {
            answer["credentials"][name].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
        };
        assert_eq!(text("client_id"), text("user_name"));
        Self { id: text("client_id"), password: text("password") }
    }

    fn connect(&self) -> Connect {
        Connect {
            user_name: Some(self.id.as_str().try_into().unwrap()),
            password: Some(self.password.clone().into()),
            ..connect(&self.id)
        }
    }
}

/// The entry in a message to a channel's feed.
fn entry(message: &(String, bytes::Bytes)) -> Value {
    serde_json::from_slice(&message.1).unwrap()
}

/// Nothing of a password is in the log, on the most talkative level.
#[test]
fn no_password_is_logged() {
    let server = Server::start();
    let mut desk = Desk::enter(server.tcp("secure"));
    let first = desk.add();
    let second = Device::of(&desk.ask("rotate", &json!({"id": first.id})));
    assert_ne!(first.password, second.password);
    let mut device = Client::over(Transport::Tcp(Stream::open(server.tcp("secure")).0));
    assert_eq!(device.connect(first.connect()).reason, ReasonCode::BadUserNameOrPassword);
    let mut device = Client::over(Transport::Tcp(Stream::open(server.tcp("secure")).0));
    assert_eq!(device.connect(second.connect()).reason, ReasonCode::Success);
    desk.ask("remove", &json!({"id": first.id}));
    device.receive_end(ReasonCode::AdministrativeAction);
    let log = server.stop();
    assert!(!log.contains(&first.password) && !log.contains(&second.password), "{log}");
}

#[test]
fn the_open_realm_has_none() {
    let server = Server::start();
    let mut client = Client::tcp(server.tcp("open"), "desk");
    client.subscribe("$headcount/anonymous/devices/list/desk");
    client.send(&publish("$headcount/anonymous/devices/list", "{}"));
    client.prove();
}
