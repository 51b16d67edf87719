//! Devices of accounts, and ThingSpeak's channels.

mod bodies;
mod bounds;
mod channels;
mod durable;
mod feeds;
mod kept;
mod live;
mod login;
mod mistakes;
mod requests;
mod rights;

use crate::support::*;
use headcount_broker::{Access, Config, ConnectionId, Credentials};
use headcount_mqtt::{Connect, Packet, ProtocolVersion, ReasonCode};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A realm with the accounts admin, vy and minh, and devices.
fn realm(change: impl FnOnce(&mut Config)) -> Config {
    let places = ["admin", "vy", "minh"].map(|name| (name.to_owned(), "users:1".to_owned()));
    let mut config = Config::open("secure");
    config.access = Access {
        allow_anonymous: true,
        trust_user_names: false,
        observers: Some(vec!["admin".to_owned()]),
        administrators: vec!["admin".to_owned()],
        devices: true,
        accounts: Arc::new(BTreeMap::from(places)),
        ..Access::open()
    };
    change(&mut config);
    config
}

fn net() -> Net {
    Net::new(realm(|_| ()))
}

/// A client of 5.0 whose password is right.
fn enter(net: &mut Net, user_name: &str, client_id: &str) -> ConnectionId {
    let (id, reason) = try_enter(net, named(connect(client_id, V5), user_name));
    assert_eq!(reason, ReasonCode::Success);
    id
}

/// The same where it may be refused.
fn try_enter(net: &mut Net, connect: Connect) -> (ConnectionId, ReasonCode) {
    let id = net.attach(connect.version);
    net.send(id, connect.into_packet());
    if net.questions.pop().is_some() {
        net.answer(id, Ok(()));
    }
    match net.take(id) {
        Some(Packet::ConnAck(ack)) => (id, ack.reason),
        other => panic!("expected CONNACK, got {other:?}"),
    }
}

/// An account that hears answers about its devices.
fn desk(net: &mut Net, user_name: &str) -> ConnectionId {
    desk_of(net, user_name, &format!("desk-{user_name}"))
}

fn desk_of(net: &mut Net, user_name: &str, client_id: &str) -> ConnectionId {
    let id = enter(net, user_name, client_id);
    let answers = format!("$headcount/+/devices/+/{client_id}");
    if user_name == "admin" {
        assert_eq!(net.subscribe(id, &answers, AtMostOnce), ReasonCode::Success);
    } else {
        let answers = format!("$headcount/{user_name}/devices/+/{client_id}");
        assert_eq!(net.subscribe(id, &answers, AtMostOnce), ReasonCode::Success);
    }
    id
}

/// Makes what was asked for: `dev-1` with the password `secret-1` and so on.
fn make(net: &mut Net) {
    while !net.wanted.is_empty() {
        let job = net.wanted.remove(0);
        let made = Credentials {
            client_id: format!("dev-{job}"),
            password: format!("secret-{job}"),
            hash: format!("hash-{job}"),
        };
        net.act(|broker, now| broker.handle_credentials(now, job, Ok(made)));
    }
}

/// Sends a request under an account's name; the answer.
fn ask_of(net: &mut Net, desk: ConnectionId, account: &str, verb: &str, request: &Value) -> Value {
    net.publish(desk, &format!("$headcount/{account}/devices/{verb}"), &request.to_string());
    make(net);
    answer(net, desk)
}

/// The answer, whatever else came before it.
fn answer(net: &mut Net, desk: ConnectionId) -> Value {
    let (_, payload) =
        net.messages(desk).into_iter().find(|(topic, _)| topic.contains("/devices/")).expect("an answer");
    serde_json::from_str(&payload).unwrap()
}

/// The same for vy.
fn ask(net: &mut Net, desk: ConnectionId, verb: &str, request: &Value) -> Value {
    ask_of(net, desk, "vy", verb, request)
}

/// A device of vy with these channels; its id.
fn add(net: &mut Net, desk: ConnectionId, channels: &Value) -> String {
    let answer = ask(net, desk, "add", &json!({"name": "Lamp", "channels": channels}));
    answer["device"]["id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

/// A device comes in.
fn plug_in(net: &mut Net, device: &str, version: ProtocolVersion) -> ConnectionId {
    let (id, reason) = try_enter(net, named(connect(device, version), device));
    assert_eq!(reason, ReasonCode::Success);
    id
}

/// A channel with both rights.
fn both(id: u32) -> Value {
    json!({"id": id, "publish": true, "subscribe": true})
}
