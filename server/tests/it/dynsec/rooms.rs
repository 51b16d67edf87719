//! Rooms of the chat, made by Debian's `mosquitto_ctrl` while their members are connected.

use super::enter;
use crate::support::{Client, Folder, Server};
use headcount_mqtt::{Delivery, Packet, PacketId, Publish, QoS, ReasonCode, Subscribe, Subscription};
use std::process::Command;

/// What `mosquitto_ctrl dynsec` says; it does so once the answer came.
fn ctrl(server: &Server, arguments: &[&str]) -> String {
    let output = Command::new("mosquitto_ctrl")
        .args(["-p", &server.tcp("secure").port().to_string(), "-u", "admin", "-P", "admin", "dynsec"])
        .args(arguments)
        .output()
        .expect("mosquitto_ctrl cannot be started: install Debian's package mosquitto");
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    let lines = text.lines().filter(|line| {
        // It warns of connections without TLS.
        !line.is_empty()
            && !line.starts_with("Warning: You are running")
            && !line.starts_with("This means all of")
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn chatter(server: &Server, name: &str) -> Client {
    let (client, reason) = enter(server.tcp("secure"), name, "test", name);
    assert_eq!(reason, ReasonCode::Success, "{name}");
    client
}

/// Publishes at `QoS` 1; the reason of the acknowledgement.
fn say(client: &mut Client, topic: &str, payload: &str) -> ReasonCode {
    client.send(&Packet::Publish(Publish {
        dup: false,
        delivery: Delivery::AtLeastOnce(PacketId::new(1).unwrap()),
        retain: false,
        topic: Some(topic.try_into().unwrap()),
        payload: payload.to_owned().into(),
        properties: None,
    }));
    loop {
        match client.receive() {
            Packet::PubAck(ack) => return ack.reason,
            Packet::Publish(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

fn try_subscribe(client: &mut Client, filter: &str) -> ReasonCode {
    client.send(&Packet::Subscribe(Subscribe {
        packet_id: PacketId::new(1).unwrap(),
        subscription_identifier: None,
        user_properties: Vec::new(),
        subscriptions: vec![Subscription::new(filter.try_into().unwrap(), QoS::AtMostOnce)],
    }));
    match client.receive() {
        Packet::SubAck(ack) => ack.reasons[0],
        other => panic!("{other:?}"),
    }
}

/// Passwords are hashed one by one, and logins take turns with them.
#[test]
fn many_clients_are_made_in_one_request() {
    let server = Server::start();
    let mut admin = super::Admin::enter(server.tcp("secure"));
    let create = |n: usize| serde_json::json!({"command": "createClient", "username": format!("u{n}"), "password": format!("p{n}")});
    admin.tell(&(0..20).map(create).collect());
    for (name, password, reason) in [
        ("u0", "p0", ReasonCode::Success),
        ("u7", "p7", ReasonCode::Success),
        ("u19", "p19", ReasonCode::Success),
        ("u7", "p8", ReasonCode::BadUserNameOrPassword),
    ] {
        assert_eq!(enter(server.tcp("secure"), name, password, name).1, reason, "{name} {password}");
    }
}

/// Makes the room with peter in it.
fn make_room(server: &Server) {
    for arguments in [
        &["createRole", "room-7"][..],
        &["addRoleACL", "room-7", "publishClientSend", "chat/room/7", "allow", "5"],
        &["addRoleACL", "room-7", "publishClientReceive", "chat/room/7", "allow", "5"],
        &["addRoleACL", "room-7", "subscribePattern", "chat/room/7", "allow", "5"],
        &["createGroup", "room-7"],
        &["addGroupRole", "room-7", "room-7"],
        &["addGroupClient", "room-7", "peter"],
    ] {
        assert_eq!(ctrl(server, arguments), "", "{arguments:?}");
    }
}

#[test]
fn delivery_begins_and_ends_with_the_answer() {
    let server = Server::start();
    let (mut peter, mut vy) = (chatter(&server, "peter"), chatter(&server, "vy"));
    let room = "chat/room/7";
    assert_eq!(say(&mut peter, room, "nobody is in it"), ReasonCode::NotAuthorized);
    make_room(&server);
    assert_eq!(try_subscribe(&mut vy, room), ReasonCode::NotAuthorized);
    assert_eq!(ctrl(&server, &["addGroupClient", "room-7", "vy"]), "");
    assert_eq!(try_subscribe(&mut vy, room), ReasonCode::Success);
    vy.subscribe("chat/messages/vy/+");
    for round in 0..3 {
        // Whatever is published behind the answer is judged by the new rules, on connections that stay.
        let text = format!("in {round}");
        assert_ne!(say(&mut peter, room, &text), ReasonCode::NotAuthorized);
        assert_eq!(vy.receive_publish(), (room.to_owned(), text.into()));
        assert_eq!(ctrl(&server, &["removeGroupClient", "room-7", "vy"]), "");
        assert_ne!(say(&mut peter, room, "out"), ReasonCode::NotAuthorized);
        assert_eq!(say(&mut vy, room, "out"), ReasonCode::NotAuthorized);
        say(&mut peter, "chat/messages/vy/peter", "later");
        assert_eq!(vy.receive_publish().1, "later", "and nothing before it");
        assert_eq!(ctrl(&server, &["addGroupClient", "room-7", "vy"]), "");
    }
    assert_eq!(
        ctrl(&server, &["getRole", "room-7"]),
        "Rolename: room-7\n\
         ACLs:     publishClientSend    : allow : chat/room/7 (priority: 5)\n          \
         publishClientReceive : allow : chat/room/7 (priority: 5)\n          \
         subscribePattern     : allow : chat/room/7 (priority: 5)"
    );
    let names = "admin\nbackend\nhannes\njenny\nminh\npeter\nsebastian\nvy";
    assert_eq!(ctrl(&server, &["listClients"]), names);
    assert_eq!(ctrl(&server, &["addGroupClient", "room-8", "vy"]), "addGroupClient: Error: Group not found");
}

/// The commands of `docs/access.md`, as they are printed there.
#[test]
fn the_documented_room_is_made() {
    let server = Server::start();
    let document = include_str!("../../../../docs/access.md");
    let (_, rest) = document.split_once("```sh\nctrl=").unwrap();
    let (script, _) = rest.split_once("```").unwrap();
    let port = format!("-p {}", server.tcp("secure").port());
    assert!(script.contains("-p 1884"), "{script}");
    let script = format!("ctrl={}", script.replace("-p 1884", &port));
    let output = Command::new("sh").args(["-ec", &script]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && !said.contains("Error"), "{said}");
    let group = ctrl(&server, &["getGroup", "room-7"]);
    assert!(group.contains("vy") && !group.contains("peter"), "{group}");
}

/// A client made by the tool comes in with its password, and goes when it is disabled.
#[test]
fn a_client_is_made_and_disabled_by_the_tool() {
    let server = Server::start();
    let address = server.tcp("secure");
    assert_eq!(enter(address, "bob", "secret", "b").1, ReasonCode::BadUserNameOrPassword);
    assert_eq!(ctrl(&server, &["createClient", "bob", "-p", "secret"]), "");
    let (mut bob, reason) = enter(address, "bob", "secret", "b");
    assert_eq!(reason, ReasonCode::Success);
    assert_eq!(enter(address, "bob", "wrong", "c").1, ReasonCode::BadUserNameOrPassword);
    assert_eq!(ctrl(&server, &["disableClient", "bob"]), "");
    bob.receive_end(ReasonCode::AdministrativeAction);
    assert_eq!(enter(address, "bob", "secret", "b").1, ReasonCode::NotAuthorized);
    assert_eq!(ctrl(&server, &["enableClient", "bob"]), "");
    let (mut bob, _) = enter(address, "bob", "secret", "b");
    assert_eq!(ctrl(&server, &["setClientPassword", "bob", "other"]), "");
    bob.receive_end(ReasonCode::AdministrativeAction);
    assert_eq!(enter(address, "bob", "secret", "b").1, ReasonCode::BadUserNameOrPassword);
    assert_eq!(enter(address, "bob", "other", "b").1, ReasonCode::Success);
    assert_eq!(
        ctrl(&server, &["deleteClient", "vy"]),
        "deleteClient: Error: Client is an account of [realm.accounts]: take it away there"
    );
}

#[test]
fn who_has_no_right_is_refused_by_the_tool_too() {
    let server = Server::start();
    let output = Command::new("mosquitto_ctrl")
        .args(["-p", &server.tcp("secure").port().to_string(), "-u", "vy", "-P", "test", "-V", "mqttv5"])
        .args(["dynsec", "listClients"])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.ends_with("Subscribe error: Not authorized\n"), "{said}");
}

#[test]
fn the_tool_may_speak_either_version_at_any_qos() {
    let server = Server::start();
    let port = server.tcp("secure").port().to_string();
    for version in ["mqttv311", "mqttv5"] {
        for qos in ["0", "1", "2"] {
            let output = Command::new("mosquitto_ctrl")
                .args(["-p", &port, "-u", "admin", "-P", "admin", "-V", version, "-q", qos])
                .args(["dynsec", "listClients", "2", "1"])
                .output()
                .unwrap();
            let said = String::from_utf8(output.stdout).unwrap();
            assert_eq!(said, "backend\nhannes\n", "{version} {qos}");
        }
    }
}

/// What was answered holds after `kill -9`.
#[test]
fn rooms_survive_kill_9() {
    let folder = Folder::with(&[]);
    let store = folder.path("store");
    let server = Server::stored(&store);
    make_room(&server);
    assert_eq!(ctrl(&server, &["createClient", "bob", "-p", "secret"]), "");
    assert_eq!(ctrl(&server, &["addGroupClient", "room-7", "bob"]), "");
    let group = ctrl(&server, &["getGroup", "room-7"]);
    assert!(group.contains("bob") && group.contains("peter"), "{group}");
    server.kill();
    let server = Server::stored(&store);
    assert_eq!(ctrl(&server, &["getGroup", "room-7"]), group);
    let (mut bob, reason) = enter(server.tcp("secure"), "bob", "secret", "b");
    assert_eq!(reason, ReasonCode::Success);
    assert_eq!(try_subscribe(&mut bob, "chat/room/7"), ReasonCode::Success);
    let mut peter = chatter(&server, "peter");
    assert_ne!(say(&mut peter, "chat/room/7", "still here"), ReasonCode::NotAuthorized);
    assert_eq!(bob.receive_publish().1, "still here");
}
