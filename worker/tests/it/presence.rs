//! Whether a worker is there, and what it says when it may not be.

use crate::process::{Worker, open};
use crate::rumqttc::Peer;
use crate::server::Server;

#[test]
fn its_status_is_right_when_it_comes_when_it_goes_and_when_it_is_killed() {
    let (server, url) = open();
    let watcher = Peer::new(server.port("open"), "watcher", None, &["status/auctions"]);
    let check = |status: &str, reason: Option<&str>| {
        let heard = watcher.next();
        assert_eq!(heard.json["status"], status, "{heard:?}");
        assert_eq!(heard.json["reason"].as_str(), reason);
        assert!(heard.json["lastOnlineTimestamp"].as_str().unwrap().ends_with('Z'));
        heard.json["session"].as_str().unwrap().to_owned()
    };
    let worker = Worker::start(&["auctions", "--broker", &url]);
    let first = check("online", None);
    worker.kill();
    assert_eq!(check("offline", None), first);
    let worker = Worker::start(&["auctions", "--broker", &url]);
    let second = check("online", None);
    assert_ne!(first, second);
    worker.terminate();
    assert_eq!(check("offline", Some("logout")), second);
    let (status, log) = worker.ended();
    assert!(status.success(), "{log}");
    // Whoever comes late sees it, too.
    let late = Peer::new(server.port("open"), "late", None, &["status/+"]);
    let heard = late.next();
    assert!(heard.retain && heard.json["status"] == "offline", "{heard:?}");
}

#[test]
fn a_second_worker_takes_the_place_of_the_first_which_says_so() {
    let (_server, url) = open();
    let first = Worker::start(&["tasks", "--broker", &url]);
    first.until_logged("connected");
    let second = Worker::start(&["tasks", "--broker", &url]);
    let (status, log) = first.ended();
    assert!(!status.success() && log.contains("SessionTakenOver"), "{status} {log}");
    second.until_logged("connected");
}

#[test]
fn a_refused_account_ends_its_worker_and_leaves_the_others_at_work() {
    let (server, url) = open();
    let wrong = format!("mqtt://backend:wrong@127.0.0.1:{}", server.port("secure"));
    let (status, log) = Worker::start(&["chat", "--broker", &wrong]).ended();
    assert!(!status.success() && log.contains("refuses this worker's account"), "{status} {log}");
    assert!(!log.contains("wrong@"), "{log}");
    let watcher = Peer::new(server.port("open"), "watcher", None, &["status/+"]);
    let all = Worker::start(&["all", "--open", &url, "--secure", &wrong]);
    all.until_logged("refuses this worker's account");
    let mut online = [watcher.next().topic, watcher.next().topic];
    online.sort();
    assert_eq!(online, ["status/auctions", "status/tasks"]);
    let task = Peer::new(server.port("open"), "asker", None, &["tasks/+/progress"]);
    task.publish("tasks/1/request", r#"{"title":"Primes","below":100}"#);
    task.until("the result", |heard| heard.json["found"] == 25);
}

#[test]
fn a_worker_waits_for_its_broker() {
    let (server, url) = open();
    drop(server);
    let port = url.rsplit(':').next().unwrap().to_owned();
    let worker = Worker::start(&["auctions", "--broker", &url]);
    worker.until_logged("could not be reached");
    let _server = Server::start(["--listen-tcp", &format!("open=127.0.0.1:{port}")]);
    worker.until_logged("connected");
}

/// As `cargo xtask serve` starts it: the process that did becomes the server, and takes the worker along when it ends.
#[test]
fn it_ends_with_the_process_that_started_it() {
    let (server, url) = open();
    let watcher = Peer::new(server.port("open"), "watcher", None, &["status/tasks"]);
    let worker = env!("CARGO_BIN_EXE_headcount-worker");
    let script = format!("'{worker}' tasks --with-parent --log off --broker {url} & exec sleep 1000");
    let mut parent = std::process::Command::new("sh").args(["-c", &script]).spawn().unwrap();
    assert_eq!(watcher.next().json["status"], "online");
    parent.kill().unwrap();
    parent.wait().unwrap();
    let last = watcher.next().json;
    assert_eq!((last["status"].as_str(), last["reason"].as_str()), (Some("offline"), Some("logout")));
}
