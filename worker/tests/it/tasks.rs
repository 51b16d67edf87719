//! Long tasks: progress for whoever looks, whenever they come.

use crate::process::{Worker, open};
use crate::rumqttc::Peer;
use serde_json::json;

fn worker(url: &str) -> Worker {
    let worker = Worker::start(&["tasks", "--broker", url]);
    worker.until_logged("are known");
    worker
}

#[test]
fn progress_is_there_at_once_and_goes_on_after_a_kill() {
    let (server, url) = open();
    let port = server.port("open");
    let watcher = Peer::new(port, "watcher", None, &["tasks/+/progress", "status/tasks"]);
    let first = worker(&url);
    watcher.publish("tasks/a/request", json!({"title": "Primes", "below": 1_000_000, "seconds": 4}));
    let third = watcher.until("a third", |heard| heard.json["percent"].as_u64() >= Some(33));
    assert_eq!(third.json["status"], "running");
    first.kill();
    watcher.until("the Will", |heard| heard.topic == "status/tasks" && heard.json["status"] == "offline");
    let late = Peer::new(port, "late", None, &["tasks/+/progress"]);
    let seen = late.next();
    let percent = seen.json["percent"].as_u64().unwrap();
    assert!(seen.retain && percent >= 33 && seen.json["status"] == "running", "{seen:?}");
    let _second = worker(&url);
    let next = late.next();
    assert!(next.json["percent"].as_u64().unwrap() > percent, "it begins anew: {next:?}");
    assert_eq!(next.json["startedAt"], seen.json["startedAt"]);
    let done = late.until("the result", |heard| heard.json["status"] == "done");
    assert_eq!((&done.json["found"], &done.json["percent"]), (&json!(78_498), &json!(100)));
}

#[test]
fn tasks_are_cancelled_refused_and_asked_for_while_nobody_is_there() {
    let (server, url) = open();
    let watcher = Peer::new(server.port("open"), "watcher", None, &["tasks/+/progress"]);
    worker(&url).kill();
    // The worker's session takes them, as it would take chat messages.
    watcher.publish("tasks/a/request", json!({"title": "Primes", "below": 1_000, "seconds": 3_600}));
    watcher.publish("tasks/b/request", json!({"title": "Primes", "below": 1}));
    let _second = worker(&url);
    let refused = watcher.until("the refusal", |heard| heard.topic == "tasks/b/progress");
    assert_eq!(refused.json["reason"], "below is 1; from 2 to 50000000 are taken");
    watcher.publish("tasks/a/cancel", "");
    watcher.until("its end", |heard| heard.json["status"] == "cancelled");
}
