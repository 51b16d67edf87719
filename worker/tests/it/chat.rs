//! The chat's validation.

use crate::process::Worker;
use crate::rumqttc::Peer;
use crate::server::Server;
use rumqttc::v5::mqttbytes::v5::PubAckReason;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::Path;
use tempfile::TempDir;

/// A broker with the embedded rules, which know the worker, and a folder for the list.
fn secured() -> (TempDir, Server) {
    (tempfile::tempdir().unwrap(), Server::start([] as [&str; 0]))
}

fn worker(server: &Server, words: &Path) -> Worker {
    let url = format!("mqtt://backend:backend@127.0.0.1:{}", server.port("secure"));
    let worker = Worker::start(&["chat", "--broker", &url, "--words", words.to_str().unwrap()]);
    worker.until_logged("connected");
    worker
}

/// A user, and what they hear.
fn user(server: &Server, name: &str) -> Peer {
    let heard = [format!("chat/messages/{name}/+/accepted"), format!("chat/messages/+/{name}/rejected")];
    Peer::new(server.port("secure"), name, Some(name), &[&heard[0], &heard[1]])
}

#[allow(clippy::needless_pass_by_value, reason = "a test reads better without references")]
fn said(id: impl ToString, content: &str) -> Value {
    json!({"messageId": id.to_string(), "content": content, "timestamp": "2026-11-21T20:00:00.000Z"})
}

/// Per conversation in order, each once after its doubles are dropped, over two kills.
#[test]
fn a_thousand_messages_pass_in_order_though_the_worker_is_killed_twice() {
    let (folder, server) = secured();
    let words = folder.path().join("words.txt");
    std::fs::write(&words, "darn").unwrap();
    let users = ["vy", "minh", "jenny"];
    let peers: HashMap<_, _> = users.iter().map(|name| (*name, user(&server, name))).collect();
    let mut running = worker(&server, &words);
    // 334 in each of three conversations; every tenth contains the word.
    let conversations = [("minh", "vy"), ("jenny", "vy"), ("vy", "minh")];
    for number in 0..334 {
        for (receiver, sender) in conversations {
            let content = if number % 10 == 3 { "oh, darn" } else { "hello" };
            let topic = format!("chat/messages/{receiver}/{sender}/request");
            peers[sender].publish(&topic, said(format!("{receiver}-{sender}-{number}"), content));
        }
    }
    let mut answers: HashMap<String, Vec<u32>> = HashMap::new();
    let mut once = 0;
    while once < 3 * 334 {
        // Each has what it sent back and what was sent to it: in turn, whatever is there.
        for name in users {
            while let Some(heard) = peers[name].try_next() {
                let (answer, verdict) = heard.topic.rsplit_once('/').unwrap();
                let id = heard.json["messageId"].as_str().unwrap();
                let number: u32 = id.rsplit_once('-').unwrap().1.parse().unwrap();
                if verdict == "rejected" {
                    assert_eq!(heard.json["reason"], "contains the word “darn”");
                    assert_eq!(heard.json["content"], "oh, darn");
                }
                assert_eq!(verdict == "rejected", number % 10 == 3, "{heard:?}");
                let numbers = answers.entry(format!("{answer} {verdict}")).or_default();
                if !numbers.contains(&number) {
                    numbers.push(number);
                    once += 1;
                    if once == 200 || once == 500 {
                        running.kill();
                        running = worker(&server, &words);
                    }
                }
            }
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    for (receiver, sender) in conversations {
        for (verdict, is_bad) in [("accepted", false), ("rejected", true)] {
            let expected: Vec<u32> = (0..334).filter(|number| (number % 10 == 3) == is_bad).collect();
            assert_eq!(answers[&format!("chat/messages/{receiver}/{sender} {verdict}")], expected);
        }
    }
}

/// Whoever is killed: the worker, and then the broker, while requests wait.
#[test]
fn requests_outlive_the_broker() {
    let folder = tempfile::tempdir().unwrap();
    let words = folder.path().join("words.txt");
    std::fs::write(&words, "darn").unwrap();
    let store = folder.path().join("store");
    let at = |port: u16| {
        let listen = format!("secure=127.0.0.1:{port}");
        Server::start(["--store".as_ref(), store.as_os_str(), "--listen-tcp".as_ref(), listen.as_ref()])
    };
    let server = at(0);
    let port = server.port("secure");
    worker(&server, &words).kill();
    let vy = user(&server, "vy");
    for number in 0..50 {
        vy.publish("chat/messages/minh/vy/request", said(number, "hello"));
        assert_eq!(vy.acknowledged(), PubAckReason::Success);
    }
    drop(server);
    let server = at(port);
    let minh = user(&server, "minh");
    let _worker = worker(&server, &words);
    for number in 0..50 {
        assert_eq!(minh.next().json["messageId"], number.to_string());
    }
}

#[test]
fn accepted_messages_are_the_same_bytes_and_malformed_ones_come_back() {
    let (folder, server) = secured();
    let words = folder.path().join("words.txt");
    std::fs::write(&words, "darn\nson of a gun # a phrase").unwrap();
    let (vy, minh) = (user(&server, "vy"), user(&server, "minh"));
    let _worker = worker(&server, &words);
    let request = "chat/messages/minh/vy/request";
    let spaced = r#" {"timestamp":"t", "content":"Grüße, darned 🦀","messageId":"1","more":[1]} "#;
    vy.publish(request, spaced);
    let heard = minh.next();
    assert_eq!(
        (heard.topic.as_str(), heard.payload.as_slice()),
        ("chat/messages/minh/vy/accepted", spaced.as_bytes())
    );
    assert!(!heard.retain);
    for (payload, reason) in [
        ("hello".to_owned(), "the payload is no chat message in JSON"),
        (String::new(), "the payload is no chat message in JSON"),
        (json!({"content": "hello"}).to_string(), "it has no messageId"),
        (said(2, &"x".repeat(20_000)).to_string(), "content has 20000 bytes"),
        (said(3, "SON OF A GUN!").to_string(), "contains the phrase “son of a gun”"),
    ] {
        vy.publish(request, payload);
        let heard = vy.next();
        assert_eq!(heard.topic, "chat/messages/minh/vy/rejected");
        assert!(heard.json["reason"].as_str().unwrap().starts_with(reason), "{heard:?}");
    }
}

#[test]
fn only_the_worker_writes_answers() {
    let (folder, server) = secured();
    let words = folder.path().join("words.txt");
    std::fs::write(&words, "darn").unwrap();
    let (vy, minh) = (user(&server, "vy"), user(&server, "minh"));
    let _worker = worker(&server, &words);
    for answer in ["accepted", "rejected"] {
        for conversation in ["minh/vy", "vy/minh"] {
            vy.publish(&format!("chat/messages/{conversation}/{answer}"), said("forged", "darn"));
            assert_eq!(vy.acknowledged(), PubAckReason::NotAuthorized);
        }
    }
    // In another's name neither.
    vy.publish("chat/messages/jenny/minh/request", said("forged", "hello"));
    assert_eq!(vy.acknowledged(), PubAckReason::NotAuthorized);
    vy.publish("chat/messages/minh/vy/request", said("real", "hello"));
    assert_eq!(vy.acknowledged(), PubAckReason::Success);
    assert_eq!(minh.next().json["messageId"], "real");
}

#[test]
fn the_list_is_read_again_and_a_bad_one_changes_nothing() {
    let (folder, server) = secured();
    let words = folder.path().join("words.txt");
    std::fs::write(&words, "darn").unwrap();
    let (vy, minh) = (user(&server, "vy"), user(&server, "minh"));
    let worker = worker(&server, &words);
    let say = |id: u32, content: &str| vy.publish("chat/messages/minh/vy/request", said(id, content));
    say(1, "darn");
    assert_eq!(vy.next().json["messageId"], "1");
    std::fs::write(&words, "heck\n***\n").unwrap();
    worker.until_logged("words.txt:2: `***` has neither a letter nor a digit");
    say(2, "darn");
    assert_eq!(vy.next().json["messageId"], "2");
    // As editors do it: a new file in the old one's place.
    let new = folder.path().join("words.new");
    std::fs::write(&new, "heck\n").unwrap();
    std::fs::rename(&new, &words).unwrap();
    worker.until_logged("read again, 1 words");
    say(3, "darn");
    assert_eq!(minh.next().json["messageId"], "3");
    say(4, "heck");
    assert_eq!(vy.next().json["messageId"], "4");
}

#[test]
fn a_list_that_is_bad_from_the_start_is_told_before_anything_else() {
    let folder = tempfile::tempdir().unwrap();
    let words = folder.path().join("words.txt");
    std::fs::write(&words, "darn\n\n--\n").unwrap();
    let (status, log) = Worker::start(&["chat", "--words", words.to_str().unwrap()]).ended();
    assert!(!status.success() && log.contains("words.txt:3: `--` has neither"), "{status} {log}");
}
