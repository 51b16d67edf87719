//! Emitter's interface over sockets, and what of it survives a restart.

use crate::support::{Client, Folder, Server, publish};
use serde_json::Value;

fn presence(client: &mut Client, channel: &str) {
    let request = format!(r#"{{"key":"demo","channel":"{channel}"}}"#);
    client.send(&publish("emitter/presence/", request));
}

/// The next message, which comes to this topic.
fn said(client: &mut Client, topic: &str) -> Value {
    let (to, json) = client.receive_publish();
    assert_eq!(to, topic);
    serde_json::from_slice(&json).unwrap()
}

/// `event`, `occupancy` and `who` of a change.
fn change(client: &mut Client) -> (String, u64, String) {
    let said = said(client, "emitter/presence/");
    let text = |key: &str| said[key].as_str().unwrap().to_owned();
    (text("event"), said["occupancy"].as_u64().unwrap(), text("who"))
}

#[test]
fn presence_over_both_transports() {
    let server = Server::start();
    let mut watcher = Client::websocket(server.http(), "watcher");
    presence(&mut watcher, "presence-demo/8758f6d3/");
    let status = said(&mut watcher, "emitter/presence/");
    assert_eq!((&status["event"], &status["occupancy"]), (&"status".into(), &0.into()));

    let mut alan = Client::tcp(server.tcp("open"), "Alan");
    alan.subscribe("demo/presence-demo/8758f6d3/");
    assert_eq!(change(&mut watcher), ("subscribe".to_owned(), 1, "Alan".to_owned()));
    let mut margaret = Client::websocket(server.http(), "Margaret");
    margaret.subscribe("demo/presence-demo/8758f6d3/");
    assert_eq!(change(&mut watcher), ("subscribe".to_owned(), 2, "Margaret".to_owned()));
    // Its socket is closed, and nothing more is said.
    drop(alan);
    assert_eq!(change(&mut watcher), ("unsubscribe".to_owned(), 1, "Alan".to_owned()));
    drop(margaret);
    assert_eq!(change(&mut watcher), ("unsubscribe".to_owned(), 0, "Margaret".to_owned()));
}

#[test]
fn keys_and_stored_messages_survive_the_server() {
    let folder = Folder::with(&[]);
    let server = Server::stored(&folder.path("store"));
    let mut maker = Client::tcp(server.tcp("open"), "maker");
    let mut keys = Vec::new();
    for _ in 0..2 {
        let request = r#"{"key":"demo","channel":"a/#/","type":"rl","ttl":600}"#;
        maker.send(&publish("emitter/keygen/", request));
        let made = said(&mut maker, "emitter/keygen/");
        assert_eq!(made["status"], 200);
        keys.push(made["key"].as_str().unwrap().to_owned());
    }
    assert_ne!(keys[0], keys[1]);
    maker.send(&publish("demo/a/b/?ttl=600", "kept"));
    maker.prove();
    server.stop();

    let server = Server::stored(&folder.path("store"));
    let mut late = Client::tcp(server.tcp("open"), "late");
    late.subscribe(&format!("{}/a/?last=1", keys[0]));
    assert_eq!(late.receive_publish(), ("a/b/".to_owned(), "kept".into()));
    late.send(&publish(&format!("{}/a/", keys[1]), "may not"));
    assert_eq!(said(&mut late, "emitter/error/")["status"], 401);
}

#[test]
fn the_other_realm_does_not_speak_it() {
    let folder = Folder::with(&[]);
    let text = "[[realm]]\nname = \"home\"\nlisten = [\"127.0.0.1:0\"]\nallow_anonymous = true\n";
    let server = Server::configured(&folder, text);
    let mut plain = Client::tcp(server.tcp("home"), "plain");
    plain.subscribe("#");
    plain.send(&publish("demo/a/?me=0", "x"));
    assert_eq!(plain.receive_publish(), ("demo/a/?me=0".to_owned(), "x".into()));
}
