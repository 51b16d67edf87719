//! The configurations that are shipped: each starts as it is.

use crate::support::{Authority, BINARY, Client, Folder, Server};
use std::path::Path;
use std::process::Command;

fn shipped(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// A folder as /etc/headcount is to be.
fn folder(name: &str) -> Folder {
    let folder = Folder::with(&[("headcount.toml", &shipped(name)), ("rules.acl", &shipped("rules.acl"))]);
    std::fs::create_dir(folder.path("tls")).unwrap();
    let server = Authority::new("Test").server();
    std::fs::write(folder.path("tls/fullchain.pem"), server.certificate).unwrap();
    std::fs::write(folder.path("tls/privkey.pem"), server.key).unwrap();
    let passwd = Command::new(BINARY)
        .args(["passwd", "--create", "--batch"])
        .arg(folder.path("passwords"))
        .args(["admin", "secret"])
        .output()
        .unwrap();
    assert!(passwd.status.success(), "{passwd:?}");
    folder
}

fn check(name: &str, transports: &[&str]) -> Server {
    let folder = folder(name);
    let file = folder.path("headcount.toml");
    let checked = Command::new(BINARY).arg("check").arg("--config").arg(&file).output().unwrap();
    assert!(checked.status.success(), "{name}: {checked:?}");
    let server = Server::with(["--any-port".as_ref(), "--config".as_ref(), file.as_os_str()]);
    let listeners = server.addresses()["listeners"].as_array().unwrap();
    let mut open: Vec<_> = listeners.iter().map(|at| at["transport"].as_str().unwrap()).collect();
    open.sort_unstable();
    open.dedup();
    assert_eq!(open, transports, "{name}");
    server
}

#[test]
fn the_packages_configuration_serves_this_machine() {
    let server = check("headcount.toml", &["tcp", "websocket"]);
    assert!(server.tcp("main").ip().is_loopback() && server.http().ip().is_loopback());
    Client::tcp(server.tcp("main"), "lamp").prove();
}

#[test]
fn the_containers_configuration_serves_its_network() {
    let server = check("container.toml", &["tcp", "websocket"]);
    assert!(server.tcp("main").ip().is_unspecified());
}

#[test]
fn the_example_for_the_internet_has_every_transport() {
    check("public.toml", &["secure-websocket", "tcp", "tls", "websocket"]);
    let ports = [":80\"", ":443\"", ":1883\"", ":8883\""];
    assert!(ports.iter().all(|port| shipped("public.toml").contains(port)));
}

/// The unit names what the package installs.
#[test]
fn the_unit_starts_the_packages_program_with_its_configuration() {
    let unit = shipped("headcount.service");
    assert!(unit.contains("ExecStart=/usr/bin/headcount --config /etc/headcount/headcount.toml\n"));
    assert!(unit.contains("Type=notify\n") && unit.contains("StateDirectory=headcount\n"));
}

/// 1 is a service that may do nothing at all, 10 one that may do everything; a unit without a word about it has 9.6.
#[test]
fn the_unit_leaves_the_program_no_right_that_it_does_not_use() {
    let unit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/headcount.service");
    let judged = Command::new("systemd-analyze")
        .args(["security", "--no-pager", "--offline=true", "--threshold=20"])
        .arg(unit)
        .output()
        .expect("systemd-analyze cannot be started: install Debian's package systemd");
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stdout));
}
