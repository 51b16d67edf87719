//! Mosquitto's dynamic-security interface.

mod clients;
mod commands;
mod durable;
mod live;
mod rights;

use crate::support::*;
use headcount_broker::{Access, Config, ConnectionId};
use headcount_mqtt::ReasonCode;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

const TOPIC: &str = "$CONTROL/dynamic-security/v1";
const RESPONSE: &str = "$CONTROL/dynamic-security/v1/response";

/// A realm with the accounts admin, vy and minh, and without rules unless `change` adds some.
fn realm(change: impl FnOnce(&mut Config)) -> Config {
    let places = ["admin", "vy", "minh"]
        .into_iter()
        .zip(1..)
        .map(|(name, line)| (name.to_owned(), format!("users:{line}")));
    let mut config = Config::open("secure");
    config.access = Access {
        allow_anonymous: true,
        trust_user_names: false,
        observers: Some(vec!["admin".to_owned()]),
        administrators: vec!["admin".to_owned()],
        dynamic_security: true,
        accounts: Arc::new(places.collect::<BTreeMap<_, _>>()),
        ..Access::open()
    };
    change(&mut config);
    config
}

/// The same with rules: admin administers, and everybody reads `news/#`.
fn ruled(config: &mut Config) {
    let rules = "user admin\ntopic readwrite $CONTROL/dynamic-security/#\ntopic #\npattern read news/#\n";
    config.access.acl = Some(rules.to_owned());
}

/// A client whose password is right.
fn enter(net: &mut Net, user_name: &str, client_id: &str) -> ConnectionId {
    enter_with(net, named(connect(client_id, V5), user_name))
}

fn enter_with(net: &mut Net, connect: headcount_mqtt::Connect) -> ConnectionId {
    let (id, reason) = try_enter(net, connect);
    assert_eq!(reason, ReasonCode::Success);
    id
}

/// The same where it may be refused.
fn try_enter(net: &mut Net, connect: headcount_mqtt::Connect) -> (ConnectionId, ReasonCode) {
    let id = net.attach(connect.version);
    net.send(id, connect.into_packet());
    if net.questions.pop().is_some() {
        net.answer(id, Ok(()));
    }
    match net.take(id) {
        Some(headcount_mqtt::Packet::ConnAck(ack)) => (id, ack.reason),
        other => panic!("expected CONNACK, got {other:?}"),
    }
}

/// An administrator that hears answers.
fn admin(net: &mut Net) -> ConnectionId {
    let admin = enter(net, "admin", "desk");
    assert_eq!(net.subscribe(admin, RESPONSE, AtMostOnce), ReasonCode::Success);
    admin
}

/// Sends commands; their answers.
fn ask(net: &mut Net, admin: ConnectionId, commands: &Value) -> Vec<Value> {
    net.publish(admin, TOPIC, &json!({ "commands": commands }).to_string());
    answers(net, admin)
}

fn answers(net: &mut Net, admin: ConnectionId) -> Vec<Value> {
    let answer = net.take_publish(admin);
    assert_eq!(answer.topic.unwrap().as_str(), RESPONSE);
    let answer: Value = serde_json::from_slice(&answer.payload).unwrap();
    answer["responses"].as_array().unwrap().clone()
}

/// Sends commands that succeed.
fn tell(net: &mut Net, admin: ConnectionId, commands: &Value) {
    for answer in ask(net, admin, commands) {
        assert_eq!(answer.get("error"), None, "{answer}");
    }
}

/// The error of one command.
fn error(net: &mut Net, admin: ConnectionId, command: &Value) -> String {
    let answers = ask(net, admin, &json!([command]));
    answers[0]["error"].as_str().unwrap_or_else(|| panic!("no error: {answers:?}")).to_owned()
}

/// A room: the role and the group `room`, whose members write and hear `chat/room`.
fn make_room(net: &mut Net, admin: ConnectionId) {
    let acl = |acltype: &str| json!({"acltype": acltype, "topic": "chat/room", "allow": true});
    let kinds = ["publishClientSend", "publishClientReceive", "subscribePattern"];
    tell(
        net,
        admin,
        &json!([
            {"command": "createRole", "rolename": "room", "acls": kinds.map(acl)},
            {"command": "createGroup", "groupname": "room", "roles": [{"rolename": "room"}]},
        ]),
    );
}

fn join(net: &mut Net, admin: ConnectionId, user_name: &str) {
    tell(net, admin, &json!([{"command": "addGroupClient", "groupname": "room", "username": user_name}]));
}

fn leave(net: &mut Net, admin: ConnectionId, user_name: &str) {
    tell(net, admin, &json!([{"command": "removeGroupClient", "groupname": "room", "username": user_name}]));
}

fn may_write(net: &mut Net, id: ConnectionId, topic: &str) -> bool {
    net.publish_qos1(id, topic, "x");
    net.take_ack(id) == ReasonCode::Success
}
