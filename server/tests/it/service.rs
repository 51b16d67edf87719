//! What service managers and containers see: systemd's notify protocol, logs in JSON, health, the manual.

use crate::support::{BINARY, Client, Folder, Server};
use rustix::process::Signal;
use std::os::unix::net::UnixDatagram;
use std::process::Command;
use std::time::{Duration, Instant};

/// The next word of the server that is not a sign of life.
fn word(socket: &UnixDatagram) -> String {
    loop {
        let mut bytes = [0; 256];
        let length = socket.recv(&mut bytes).expect("a word in time");
        let word = String::from_utf8(bytes[..length].to_vec()).unwrap();
        if word.trim() != "WATCHDOG=1" {
            return word;
        }
    }
}

#[test]
fn systemd_hears_of_start_reload_life_and_end() {
    let folder = Folder::with(&[]);
    let path = folder.path("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(crate::support::PATIENCE)).unwrap();
    let notify = format!("NOTIFY_SOCKET={}", path.display());
    let server = Server::run("env", [&notify, "WATCHDOG_USEC=100000", BINARY, "--any-port"]);
    assert_eq!(word(&socket).trim(), "READY=1");
    let mut bytes = [0; 256];
    let length = socket.recv(&mut bytes).unwrap();
    assert_eq!(str::from_utf8(&bytes[..length]).unwrap().trim(), "WATCHDOG=1");
    server.signal(Signal::HUP);
    let reloading = word(&socket);
    assert!(reloading.starts_with("RELOADING=1\nMONOTONIC_USEC="), "{reloading}");
    assert_eq!(word(&socket).trim(), "READY=1");
    server.signal(Signal::TERM);
    assert_eq!(word(&socket).trim(), "STOPPING=1");
    assert!(server.ended().0.success());
}

#[test]
fn an_idle_server_ends_at_once() {
    let server = Server::start();
    let begun = Instant::now();
    server.signal(Signal::TERM);
    assert!(server.ended().0.success());
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}

#[test]
fn logs_are_json_on_request() {
    let server = Server::with(["--any-port", "--log-format", "json"]);
    drop(Client::tcp(server.tcp("open"), "lamp"));
    let log = server.stop();
    let lines: Vec<serde_json::Value> =
        log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect();
    let opened = lines.iter().find(|line| line["message"] == "opened").unwrap();
    assert_eq!((&opened["level"], &opened["realm"]), (&"DEBUG".into(), &"open".into()));
    assert!(opened["timestamp"].as_str().unwrap().ends_with('Z'));
    assert!(opened["address"].as_str().unwrap().starts_with("127.0.0.1:"));
}

fn run(arguments: &[&str]) -> (bool, String, String) {
    let output = Command::new(BINARY).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_container_asks_for_its_health() {
    let server = Server::start();
    let url = format!("http://{}/readyz", server.http());
    assert_eq!(run(&["healthcheck", &url]), (true, String::new(), String::new()));
    let elsewhere = format!("http://{}/mqtt", server.http());
    let (ready, _, complaint) = run(&["healthcheck", &elsewhere]);
    assert!(!ready && complaint.contains("HTTP/1.1 426 "), "{complaint}");
    let gone = server.http();
    server.stop();
    let (ready, _, complaint) = run(&["healthcheck", &format!("http://{gone}/readyz")]);
    assert!(!ready && complaint.contains("refused"), "{complaint}");
}

#[test]
fn completions_and_manual_know_every_command() {
    for shell in ["bash", "zsh", "fish"] {
        let (written, text, complaint) = run(&["completions", shell]);
        assert!(written && complaint.is_empty(), "{complaint}");
        for word in ["listen-tcp", "print-default-config", "passwd", "check", "healthcheck"] {
            assert!(text.contains(word), "{word} for {shell}");
        }
    }
    let (written, manual, complaint) = run(&["man"]);
    assert!(written && complaint.is_empty(), "{complaint}");
    assert!(manual.contains(".TH headcount 1"), "{manual}");
    for word in ["listen\\-tcp", "HEADCOUNT PASSWD", "HEADCOUNT CHECK", "HEADCOUNT_LOG", "SIGHUP"] {
        assert!(manual.contains(word), "{word} in {manual}");
    }
}
