//! The command line and standard output.

use crate::support::{BINARY, Server, request};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};

fn run(options: &[&str]) -> Output {
    // What starts in spite of the test's intention shall not find another test's store.
    let state = env!("CARGO_TARGET_TMPDIR");
    Command::new(BINARY).args(options).env("XDG_STATE_HOME", state).output().unwrap()
}

fn complaint(options: &[&str]) -> String {
    let output = run(options);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn says_its_version() {
    let output = run(&["--version"]);
    assert!(output.status.success());
    assert_eq!(output.stdout, concat!("headcount ", env!("CARGO_PKG_VERSION"), "\n").as_bytes());
}

#[test]
fn explains_every_option() {
    let output = run(&["--help"]);
    assert!(output.status.success());
    let help = String::from_utf8(output.stdout).unwrap();
    for option in [
        "--config",
        "--listen-http",
        "--listen-tcp",
        "--any-port",
        "--store",
        "--ephemeral",
        "--page-dir",
        "--allow-origin",
        "--print-addresses",
        "--log",
        "--log-format",
        "--verbose",
        "--print-default-config",
        "--version",
    ] {
        assert!(help.contains(option), "{option} in {help}");
    }
}

#[test]
fn an_option_that_does_not_exist_ends_with_a_hint() {
    let output = run(&["--listen-htpp", "127.0.0.1:1"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("'--listen-http'"));
}

#[test]
fn prints_addresses_for_programs_as_one_line() {
    let server = Server::start();
    let listeners = server.addresses()["listeners"].as_array().unwrap();
    let told: Vec<_> = listeners
        .iter()
        .map(|at| (at["realm"].as_str().unwrap(), at["transport"].as_str().unwrap(), at["path"].as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("open", "websocket", Some("/mqtt")),
            ("open", "websocket", Some("/")),
            ("secure", "websocket", Some("/secure/mqtt")),
            ("open", "tcp", None),
            ("secure", "tcp", None),
        ]
    );
    assert!(listeners.iter().all(|at| at["port"].as_u64().unwrap() > 0 && at["address"] == "127.0.0.1"));
}

#[test]
fn prints_addresses_for_people_that_work_as_printed() {
    let mut child = Command::new(BINARY)
        .args(["--any-port", "--ephemeral"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().take(6);
    let lines: Vec<_> = lines.map(|line| line.unwrap()).collect();
    let page = lines[0].split_once("  ").unwrap();
    assert_eq!(page.1.trim(), "page");
    let address = page.0.trim_start_matches("http://").trim_end_matches('/').parse().unwrap();
    assert_eq!(request(address, "GET", "/", &[]).status, 200);
    let rest: Vec<_> = lines[1..].iter().map(|line| line.rsplit_once(' ').unwrap()).collect();
    assert_eq!(rest[0].0.trim_end(), format!("ws://{address}/mqtt"));
    assert_eq!(
        rest.iter().map(|(_, realm)| *realm).collect::<Vec<_>>(),
        ["open", "open", "secure", "open", "secure"]
    );
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_port_that_is_taken_is_named_with_its_option() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let address = format!("127.0.0.1:{port}");
    let open = format!("open={address}");
    let free = "127.0.0.1:0";
    assert_eq!(
        complaint(&[
            "--ephemeral",
            "--listen-http",
            &address,
            "--listen-tcp",
            "open=127.0.0.1:0",
            "--listen-tcp",
            "secure=127.0.0.1:0"
        ]),
        format!(
            "headcount: port {port} of 127.0.0.1 is taken by another program; stop that program, or choose another \
             port with --listen-http (in the file: listen of [http])\n"
        )
    );
    assert_eq!(
        complaint(&[
            "--ephemeral",
            "--listen-tcp",
            &open,
            "--listen-http",
            free,
            "--listen-tcp",
            "secure=127.0.0.1:0"
        ]),
        format!(
            "headcount: port {port} of 127.0.0.1 is taken by another program; stop that program, or choose another \
             port with --listen-tcp open=127.0.0.1:PORT (in the file: listen of the realm)\n"
        )
    );
}

#[test]
fn an_address_of_another_machine_is_named() {
    let complaint = complaint(&["--any-port", "--ephemeral", "--listen-http", "192.0.2.1:80"]);
    assert!(complaint.starts_with("headcount: 192.0.2.1 is no address of this machine; "), "{complaint}");
}

#[test]
fn a_realm_that_does_not_exist_is_named() {
    assert_eq!(
        complaint(&["--listen-tcp", "opne=127.0.0.1:0"]),
        "headcount: --listen-tcp: there is no realm `opne`; there is open, secure\n"
    );
}

#[test]
fn a_log_filter_that_cannot_be_read_is_named() {
    let complaint = complaint(&["--any-port", "--ephemeral", "--log", "headcount=loud"]);
    assert!(complaint.starts_with("headcount: --log: "), "{complaint}");
}

#[test]
fn prints_the_configuration_that_is_used_without_a_file() {
    let output = run(&["--print-default-config"]);
    assert!(output.status.success());
    assert_eq!(output.stdout, include_bytes!("../../default/headcount.toml"));
}
