//! Roles, groups and rules by chance, judged by Mosquitto and by us.

use super::{Admin, EVERYTHING, enter, level, ours};
use crate::support::{Client, Dice, Folder, Mosquitto, Stream, Transport, connect};
use headcount_mqtt::{
    Delivery, Packet, PacketId, Publish, QoS, ReasonCode, Subscribe, Subscription, Unsubscribe,
};
use serde_json::{Value, json};
use std::fmt::Write;
use std::net::SocketAddr;

const ROUNDS: usize = 12;
/// Commands of a round.
const COMMANDS: usize = 60;

const ROLES: [&str; 4] = ["r0", "r1", "r2", "r3"];
const GROUPS: [&str; 3] = ["g0", "g1", "g2"];
const TOPICS: [&str; 8] = ["a", "a/b", "a/b/c", "b", "b/b", "/a", "a/b/d", "c/b/c"];
/// None that may catch a topic of the broker's own, which we grant for the sake of that.
const FILTERS: [&str; 9] = ["a", "a/b", "a/b/c", "a/b/+", "a/b/#", "+/b/c", "+/+/c", "+", "a/+/c"];
const ACL_TOPICS: [&str; 12] =
    ["a", "a/b", "a/+", "a/#", "+", "#", "+/b/c", "+/+/c", "a/b/#", "/a", "+/b", "a/b/+"];
const KINDS: [&str; 6] = [
    "publishClientSend",
    "publishClientReceive",
    "subscribeLiteral",
    "subscribePattern",
    "unsubscribeLiteral",
    "unsubscribePattern",
];

/// A command by chance. None that makes Mosquitto 2.0.11 use what it has freed.
fn command(dice: &mut Dice) -> Value {
    let (role, group) = (*dice.roll(&ROLES), *dice.roll(&GROUPS));
    let priority = *dice.roll(&[-1, 0, 1, 1, 5]);
    let (kind, topic) = (*dice.roll(&KINDS), *dice.roll(&ACL_TOPICS));
    let allow = *dice.roll(&[true, false, true]);
    match *dice.roll(&[0, 1, 1, 1, 1, 1, 1, 2, 3, 3, 4, 5, 5, 6, 7, 7, 8, 9, 10]) {
        0 => json!({"command": "createRole", "rolename": role}),
        1 => json!({"command": "addRoleACL", "rolename": role, "acltype": kind, "topic": topic,
                    "priority": priority, "allow": allow}),
        2 => json!({"command": "removeRoleACL", "rolename": role, "acltype": kind, "topic": topic}),
        3 => json!({"command": "addGroupRole", "groupname": group, "rolename": role, "priority": priority}),
        4 => json!({"command": "removeGroupRole", "groupname": group, "rolename": role}),
        5 => {
            json!({"command": "addGroupClient", "groupname": group, "username": "alice", "priority": priority})
        }
        6 => json!({"command": "removeGroupClient", "groupname": group, "username": "alice"}),
        // What is there already gets another answer from us, and the same place.
        7 => json!({"command": "addClientRole", "username": "alice", "rolename": role, "priority": priority}),
        8 => json!({"command": "removeClientRole", "username": "alice", "rolename": role}),
        9 => json!({"command": "createGroup", "groupname": group}),
        _ => {
            let acltype =
                *dice.roll(&["publishClientSend", "publishClientReceive", "subscribe", "unsubscribe"]);
            json!({"command": "setDefaultACLAccess", "acls": [{"acltype": acltype, "allow": allow}]})
        }
    }
}

/// The reason of an acknowledgement.
fn acknowledged(client: &mut Client) -> ReasonCode {
    loop {
        match client.receive() {
            Packet::PubAck(ack) => return ack.reason,
            Packet::SubAck(ack) => return ack.reasons[0],
            Packet::UnsubAck(ack) => return ack.reasons[0],
            Packet::Publish(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

fn message(topic: &str) -> Packet {
    Packet::Publish(Publish {
        dup: false,
        delivery: Delivery::AtLeastOnce(PacketId::new(2).unwrap()),
        retain: false,
        topic: Some(topic.try_into().unwrap()),
        payload: "x".into(),
        properties: None,
    })
}

/// What a client may do, and what reaches it, as lines.
fn judge(client: &mut Client, speaker: &mut Client) -> String {
    let mut verdicts = String::new();
    for topic in TOPICS {
        client.send(&message(topic));
        // Nobody hears it: whether somebody does is no reason to differ.
        let reason = acknowledged(client);
        let _ = writeln!(verdicts, "send {topic}: {}", !reason.is_error());
    }
    for filter in FILTERS {
        client.send(&Packet::Subscribe(Subscribe {
            packet_id: PacketId::new(3).unwrap(),
            subscription_identifier: None,
            user_properties: Vec::new(),
            subscriptions: vec![Subscription::new(filter.try_into().unwrap(), QoS::AtMostOnce)],
        }));
        let is_granted = !acknowledged(client).is_error();
        let _ = write!(verdicts, "subscribe {filter}: {is_granted}; hears");
        for topic in TOPICS {
            speaker.send(&message(topic));
            assert!(!acknowledged(speaker).is_error(), "{topic}");
            client.send(&Packet::PingReq);
            // Mosquitto sends a copy for each subscription that matches, we send one.
            let mut hears = false;
            loop {
                match client.receive() {
                    Packet::PingResp => break,
                    Packet::Publish(_) => hears = true,
                    other => panic!("{other:?}"),
                }
            }
            if hears {
                let _ = write!(verdicts, " {topic}");
            }
        }
        client.send(&Packet::Unsubscribe(Unsubscribe {
            packet_id: PacketId::new(4).unwrap(),
            filters: vec![filter.try_into().unwrap()],
            user_properties: Vec::new(),
        }));
        let is_denied = acknowledged(client) == ReasonCode::NotAuthorized;
        let _ = writeln!(verdicts, "; unsubscribe: {}", !is_denied);
    }
    verdicts
}

/// Verdicts on alice and on a client without a name.
fn judge_all(address: SocketAddr) -> String {
    let (mut speaker, _) = enter(address, "speaker", "s", "speaker");
    let (mut alice, reason) = enter(address, "alice", "a", "alice");
    assert_eq!(reason, ReasonCode::Success);
    let mut nameless = Client::over(Transport::Tcp(Stream::open(address).0));
    assert_eq!(nameless.connect(connect("nameless")).reason, ReasonCode::Success);
    let of_alice = judge(&mut alice, &mut speaker);
    format!("alice\n{of_alice}nameless\n{}", judge(&mut nameless, &mut speaker))
}

#[test]
fn mosquitto_and_we_judge_alike() {
    let folder = Folder::with(&[]);
    let (server, mosquitto) = (ours(&folder), Mosquitto::dynamic(&folder));
    let (mut ours, mut theirs) = (Admin::enter(server.tcp("home")), Admin::enter(mosquitto.address));
    level(&mut ours);
    let speaker = json!([
        {"command": "createRole", "rolename": "speaker",
         "acls": [{"acltype": "publishClientSend", "topic": "#", "allow": true}]},
        {"command": "createClient", "username": "speaker", "password": "s", "roles": [{"rolename": "speaker"}]},
        {"command": "createClient", "username": "alice", "password": "a"},
        {"command": "createGroup", "groupname": "g0"},
        {"command": "setAnonymousGroup", "groupname": "g0"},
    ]);
    ours.tell(&speaker);
    theirs.tell(&speaker);
    let mut dice = Dice(0x5EED);
    let mut told = String::new();
    let mut heard = 0;
    for _ in 0..ROUNDS {
        for _ in 0..COMMANDS {
            let command = command(&mut dice);
            let request = json!({"commands": [command]}).to_string();
            let (own, other) = (ours.ask(&request), theirs.ask(&request));
            let own = own.replace("Client is already in this role", "Internal error");
            assert_eq!(own, other, "{request}");
            let _ = writeln!(told, "{command}");
        }
        assert_eq!(ours.ask(EVERYTHING), theirs.ask(EVERYTHING));
        let (own, other) = (judge_all(server.tcp("home")), judge_all(mosquitto.address));
        for (own, other) in own.lines().zip(other.lines()) {
            assert_eq!(own, other, "ours, then theirs, after\n{told}");
        }
        heard += own.matches("hears a").count();
    }
    assert!(heard > 20, "{heard}");
}
