//! Rules, accounts and limits that change while clients are connected.

use crate::support::{Client, Folder, PATIENCE, Server, Stream, Transport, connect, publish};
use headcount_mqtt::{Connect, Packet, ReasonCode};
use rustix::process::Signal;
use serde_json::Value;
use std::time::{Duration, Instant};

const CONFIG: &str = "[[realm]]\nname = \"home\"\nlisten = [\"127.0.0.1:0\"]\nallow_anonymous = true\n\
                      observers = [\"watcher\"]\nacl_file = \"rules\"\npassword_file = \"users\"\n\
                      [realm.accounts]\nwatcher = \"w\"\n";
/// The password `test`, hashed.
const TEST: &str = "$6$c2FsdHNhbHRzYWx0$eLZdoO37W57sOfZeLq/Nmk5tsEM3tCCI5YELIgsFpUP3qMR0h7FFVvLYDRpep2oHKnp9kecfKcN6Rqp8auglJA==";
const RULES: &str = "topic open\nuser peter\ntopic a\nuser vy\ntopic a\nuser watcher\ntopic deny nothing\n";

/// `peter` and `vy`, both with the password `test`.
fn users() -> String {
    format!("peter:{TEST}\nvy:{TEST}\n")
}

struct House {
    folder: Folder,
    server: Server,
    /// Hears how each reload went.
    watcher: Client,
}

impl House {
    fn start(config: &str) -> Self {
        let folder = Folder::with(&[("headcount.toml", config), ("users", &users()), ("rules", RULES)]);
        let server = Server::with(["--config".as_ref(), folder.path("headcount.toml").as_os_str()]);
        let mut watcher = enter(&server, "watcher", "w");
        watcher.subscribe("$headcount/server/reload");
        Self { folder, server, watcher }
    }

    /// Puts a file in the place of the old one, as editors do.
    fn replace(&self, file: &str, text: &str) {
        let beside = self.folder.path("beside");
        std::fs::write(&beside, text).unwrap();
        std::fs::rename(&beside, self.folder.path(file)).unwrap();
    }

    /// How the next reload went.
    fn reloaded(&mut self) -> Value {
        let (topic, fact) = self.watcher.receive_publish();
        assert_eq!(topic, "$headcount/server/reload");
        serde_json::from_slice(&fact).unwrap()
    }
}

fn enter(server: &Server, user_name: &str, password: &'static str) -> Client {
    let mut client = Client::over(Transport::Tcp(Stream::open(server.tcp("home")).0));
    let connect = account(user_name, password);
    assert_eq!(client.connect(connect).reason, ReasonCode::Success, "{user_name}");
    client
}

fn account(user_name: &str, password: &'static str) -> Connect {
    Connect {
        user_name: Some(user_name.try_into().unwrap()),
        password: Some(password.into()),
        ..connect(user_name)
    }
}

#[test]
fn rules_that_change_hold_for_those_who_are_there() {
    let mut house = House::start(CONFIG);
    let mut peter = enter(&house.server, "peter", "test");
    let mut vy = enter(&house.server, "vy", "test");
    peter.subscribe("#");
    vy.send(&publish("a", "before"));
    assert_eq!(peter.receive_publish(), ("a".to_owned(), "before".into()));
    house.replace("rules", "user peter\ntopic b\nuser vy\ntopic a\ntopic b\n");
    assert_eq!(house.reloaded(), serde_json::json!({"applied": true}));
    vy.send(&publish("a", "not for peter"));
    vy.send(&publish("b", "after"));
    assert_eq!(peter.receive_publish(), ("b".to_owned(), "after".into()));
}

#[test]
fn an_account_that_is_gone_is_disconnected_and_a_changed_password_is_asked_for_next_time() {
    let mut house = House::start(CONFIG);
    let mut peter = enter(&house.server, "peter", "test");
    let mut vy = enter(&house.server, "vy", "test");
    let mut nameless = Client::tcp(house.server.tcp("home"), "nameless");
    let set = std::process::Command::new(crate::support::BINARY)
        .args(["passwd", "-b"])
        .arg(house.folder.path("users"))
        .args(["vy", "other"])
        .status();
    assert!(set.unwrap().success());
    assert_eq!(house.reloaded()["applied"], true);
    let gone = std::process::Command::new(crate::support::BINARY)
        .args(["passwd", "-D"])
        .arg(house.folder.path("users"))
        .arg("peter")
        .status();
    assert!(gone.unwrap().success());
    assert_eq!(house.reloaded()["applied"], true);
    peter.receive_end(ReasonCode::NotAuthorized);
    vy.send(&Packet::PingReq);
    assert_eq!(vy.receive(), Packet::PingResp);
    nameless.send(&Packet::PingReq);
    assert_eq!(nameless.receive(), Packet::PingResp);
    let mut late = Client::over(Transport::Tcp(Stream::open(house.server.tcp("home")).0));
    assert_eq!(late.connect(account("vy", "test")).reason, ReasonCode::BadUserNameOrPassword);
    enter(&house.server, "vy", "other");
}

#[test]
fn a_mistake_keeps_the_old_and_drops_nobody() {
    let mut house = House::start(CONFIG);
    let mut peter = enter(&house.server, "peter", "test");
    let mut vy = enter(&house.server, "vy", "test");
    peter.subscribe("a");
    // The passwords are fine and would drop vy, but the rules are not: neither applies.
    house.replace("rules", "user peter\ntopics b\n");
    let fact = house.reloaded();
    assert_eq!(fact["applied"], false);
    let place = format!("{}:2:1: `topics` is no rule; ", house.folder.path("rules").display());
    assert!(fact["problems"][0].as_str().unwrap().starts_with(&place), "{fact}");
    house.replace("users", users().lines().next().unwrap());
    assert_eq!(house.reloaded()["applied"], false);
    vy.send(&publish("a", "still"));
    assert_eq!(peter.receive_publish(), ("a".to_owned(), "still".into()));
    // The rules mended, both apply.
    house.replace("rules", RULES);
    assert_eq!(house.reloaded()["applied"], true);
    vy.receive_end(ReasonCode::NotAuthorized);
    let log = house.server.stop();
    assert!(log.contains(&place) && log.contains("the old one stays"), "{log}");
}

#[test]
fn sighup_reads_the_whole_configuration() {
    let mut house = House::start(CONFIG);
    let mut before = enter(&house.server, "peter", "test");
    let changed = format!(
        "max_connections = 50\n{}[realm.limits]\nmax_qos = 1\nmax_keepalive = 77\n",
        CONFIG.replace("allow_anonymous = true\n", "").replace("127.0.0.1:0", "127.0.0.1:1")
    );
    let mut nameless = Client::tcp(house.server.tcp("home"), "nameless");
    house.replace("headcount.toml", &changed);
    house.server.signal(Signal::HUP);
    let fact = house.reloaded();
    assert_eq!(
        fact,
        serde_json::json!({"applied": true, "needs_restart": ["max_connections", "listen of the realm `home`"]})
    );
    nameless.receive_end(ReasonCode::NotAuthorized);
    before.send(&Packet::PingReq);
    assert_eq!(before.receive(), Packet::PingResp);
    let mut after = Client::over(Transport::Tcp(Stream::open(house.server.tcp("home")).0));
    let answer = after.connect(account("vy", "test"));
    assert_eq!(answer.properties.server_keep_alive, Some(77));
    assert_eq!(answer.properties.maximum_qos, Some(headcount_mqtt::QoS::AtLeastOnce));
    // A file with a mistake changes nothing.
    house.replace("headcount.toml", "[[realm]]\nname = 7\n");
    house.server.signal(Signal::HUP);
    let fact = house.reloaded();
    assert_eq!(fact["applied"], false);
    assert!(fact["problems"][0].as_str().unwrap().contains("headcount.toml:2:8: invalid type"), "{fact}");
    after.send(&Packet::PingReq);
    assert_eq!(after.receive(), Packet::PingResp);
}

#[test]
fn a_file_that_is_only_touched_reloads_nothing() {
    let mut house = House::start(CONFIG);
    house.replace("rules", RULES);
    house.replace("unrelated", "x");
    std::thread::sleep(Duration::from_millis(600));
    house.replace("rules", "topic other\n");
    let begun = Instant::now();
    assert_eq!(house.reloaded()["applied"], true);
    assert!(begun.elapsed() < PATIENCE);
    house.watcher.send(&Packet::PingReq);
    assert_eq!(house.watcher.receive(), Packet::PingResp, "one change, one reload");
}
