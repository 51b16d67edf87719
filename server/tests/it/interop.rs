//! Mosquitto's own clients against the binary.

use crate::support::{Folder, PATIENCE, Server};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

/// Retained in every realm: a subscriber that hears it has its subscriptions.
const SERVER_TOPIC: &str = "$headcount/server";

/// A `mosquitto_sub` that has its subscription.
struct Subscriber {
    child: Child,
    lines: Receiver<String>,
}

/// `mosquitto_pub` or `mosquitto_sub` for a realm, with these options.
fn mosquitto(program: &str, server: &Server, realm: &str, options: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(["-p", &server.tcp(realm).port().to_string()]).args(options);
    command
}

impl Subscriber {
    fn start(server: &Server, realm: &str, options: &[&str]) -> Self {
        let mut child =
            mosquitto("mosquitto_sub", server, realm, &[&["-v", "-t", SERVER_TOPIC], options].concat())
                .stdout(Stdio::piped())
                .spawn()
                .expect("mosquitto_sub cannot be started: install Debian's package mosquitto-clients");
        let (send, lines) = channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        let subscriber = Self { child, lines };
        subscriber.until(SERVER_TOPIC);
        subscriber
    }

    /// Waits for a line with this in it.
    fn until(&self, text: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no line with {text:?}"));
            if line.contains(text) {
                return line;
            }
        }
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn publishes_reach_subscribers_in_both_versions_at_every_qos() {
    let server = Server::start();
    for version in ["mqttv311", "mqttv5"] {
        let subscriber = Subscriber::start(&server, "open", &["-V", version, "-q", "2", "-t", "lamp/#"]);
        for qos in ["0", "1", "2"] {
            let payload = format!("{version} at {qos}");
            let published = mosquitto(
                "mosquitto_pub",
                &server,
                "open",
                &["-V", version, "-q", qos, "-t", "lamp/a", "-m", &payload],
            )
            .status()
            .unwrap();
            assert!(published.success());
            assert_eq!(subscriber.until(&payload), format!("lamp/a {payload}"));
        }
    }
}

#[test]
fn a_wrong_password_is_told() {
    let server = Server::start();
    let output = mosquitto(
        "mosquitto_pub",
        &server,
        "secure",
        &["-u", "peter", "-P", "wrong", "-t", "chat/messages/vy/peter", "-m", "x"],
    )
    .output()
    .expect("mosquitto_pub cannot be started: install Debian's package mosquitto-clients");
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("bad user name or password"), "{output:?}");
}

#[test]
fn the_feed_names_who_comes_and_goes() {
    let server = Server::start();
    let feed = Subscriber::start(&server, "open", &["-i", "watcher", "-t", "alice/clients"]);
    let published = mosquitto(
        "mosquitto_pub",
        &server,
        "open",
        &["-i", "io-mqtt-39dc5a71", "-u", "alice", "-t", "x", "-m", "y"],
    )
    .status()
    .unwrap();
    assert!(published.success());
    for status in ["connected", "disconnected"] {
        let line = feed.until("alice/clients {");
        let json = line.strip_prefix("alice/clients ").unwrap();
        let (head, tail) =
            (format!("{{\"status\":\"{status}\",\"at\":\""), "\",\"client\":{\"id\":\"io-mqtt-39dc5a71\"}}");
        assert!(json.starts_with(&head) && json.ends_with(tail), "{json}");
        assert_eq!(json.len(), head.len() + "2017-10-24T16:08:38.552Z".len() + tail.len(), "{json}");
    }
}

/// A folder as somebody who comes from Mosquitto has it, and their clients, in both versions.
#[test]
fn mosquittos_files_and_mosquittos_clients() {
    let config = "[[realm]]\nname = \"home\"\nlisten = [\"127.0.0.1:0\"]\npassword_file = \"users\"\nacl_file = \"rules\"\n";
    let rules = "user peter\ntopic readwrite lamp/#\ntopic deny lamp/secret\n\nuser vy\ntopic read lamp/+\n\n\
                 pattern write from/%u/%c\n";
    let folder = Folder::with(&[("headcount.toml", config), ("rules", rules), ("users", "")]);
    for (hash, user_name) in [("sha512", "peter"), ("sha512-pbkdf2", "vy")] {
        let made = Command::new("mosquitto_passwd")
            .args(["-H", hash, "-b"])
            .arg(folder.path("users"))
            .args([user_name, "secret"])
            .status();
        assert!(made.unwrap().success());
    }
    let server = Server::with(["--config".as_ref(), folder.path("headcount.toml").as_os_str()]);
    for version in ["mqttv311", "mqttv5"] {
        let login = |user_name| ["-V", version, "-u", user_name, "-P", "secret"];
        let publish = |user_name, topic, payload| {
            let options = [&login(user_name)[..], &["-q", "1", "-t", topic, "-m", payload]].concat();
            assert!(mosquitto("mosquitto_pub", &server, "home", &options).status().unwrap().success());
        };
        let vy = Subscriber::start(&server, "home", &[&login("vy")[..], &["-t", "lamp/#"]].concat());
        publish("vy", "lamp/a", "vy may not write");
        publish("peter", "lamp/secret", "nobody may");
        publish("peter", "lamp/deep/er", "vy may not read");
        let payload = format!("{version} arrives");
        publish("peter", "lamp/a", &payload);
        assert_eq!(vy.until("lamp/"), format!("lamp/a {payload}"), "and nothing before it");
        let wrong = ["-V", version, "-u", "vy", "-P", "Secret", "-t", "lamp/a", "-m", "x"];
        assert!(!mosquitto("mosquitto_pub", &server, "home", &wrong).output().unwrap().status.success());
        let nameless = ["-V", version, "-t", "lamp/a", "-m", "x"];
        assert!(!mosquitto("mosquitto_pub", &server, "home", &nameless).output().unwrap().status.success());
    }
}
