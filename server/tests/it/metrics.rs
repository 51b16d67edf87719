//! `/metrics`, `/healthz`, `/readyz`.

use crate::support::{Client, Folder, Response, Server, Stream, connect, publish, request};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

/// A scrape that keeps the format's grammar and Prometheus' rules: values by name and labels.
fn scraped(response: &Response) -> BTreeMap<String, f64> {
    assert_eq!(response.status, 200, "{response:?}");
    let kind = response.header("content-type").unwrap();
    assert_eq!(kind, "application/openmetrics-text; version=1.0.0; charset=utf-8");
    let text = response.text().strip_suffix("# EOF\n").expect("a scrape that is whole");
    let (mut kinds, mut helped, mut values) = (BTreeMap::new(), BTreeSet::new(), BTreeMap::new());
    for line in text.lines() {
        let mut words = line.split(' ');
        match (words.next().unwrap(), words.next().unwrap()) {
            ("#", "HELP") => {
                let name = words.next().unwrap();
                assert!(helped.insert(name.to_owned()), "{name} has two helps");
                assert!(words.next().is_some_and(|word| word.starts_with(|c: char| c.is_ascii_uppercase())));
            }
            ("#", "TYPE") => {
                let (name, kind) = (words.next().unwrap(), words.next().unwrap());
                assert!(kinds.insert(name.to_owned(), kind.to_owned()).is_none(), "{name} has two types");
                lint(name, kind);
            }
            ("#", "UNIT") => {
                let (name, unit) = (words.next().unwrap(), words.next().unwrap());
                assert!(name.ends_with(&format!("_{unit}")), "{name} does not end in {unit}");
                assert!(["bytes", "seconds"].contains(&unit), "{unit} is no base unit");
            }
            (sample, value) => {
                let name = sample.split('{').next().unwrap();
                let suffixes = ["_total", "_info", ""];
                let of = suffixes.iter().find_map(|suffix| kinds.get_key_value(name.strip_suffix(suffix)?));
                let (of, kind) = of.unwrap_or_else(|| panic!("{line} stands before its type"));
                assert!(helped.contains(of), "{of} has no help");
                assert_eq!(name.ends_with("_total"), kind == "counter", "{name} is a {kind}");
                for label in
                    sample.split_once('{').map_or("", |(_, labels)| labels.trim_end_matches('}')).split(',')
                {
                    let known = ["", "file", "realm", "reason", "version"];
                    assert!(known.contains(&label.split('=').next().unwrap()), "{label} in {line}");
                }
                let value: f64 = value.parse().unwrap();
                assert!(value >= 0.0 && words.next().is_none(), "{line}");
                assert!(values.insert(sample.to_owned(), value).is_none(), "{sample} comes twice");
            }
        }
    }
    values
}

/// What `promtool check metrics` would say.
fn lint(name: &str, kind: &str) {
    assert!(name.starts_with("headcount_") || name.starts_with("process_"), "{name} has no prefix");
    assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{name}");
    for part in ["_total", "_count", "_sum", "_bucket", "_info", "_gauge", "_counter", "milli", "kilo"] {
        assert!(!name.contains(part), "{name} has {part} in it");
    }
    assert!(["counter", "gauge", "info"].contains(&kind), "{name} is a {kind}");
}

fn get(address: SocketAddr, path: &str) -> Response {
    request(address, "GET", path, &[])
}

#[test]
fn tell_what_happens() {
    let server = Server::start();
    let mut client = Client::tcp(server.tcp("open"), "lamp");
    client.subscribe("a/#");
    client.send(&publish("a/b", "12345"));
    client.receive_publish();
    let mut refused = Client::over(crate::support::Transport::Tcp(Stream::open(server.tcp("secure")).0));
    assert!(refused.connect(connect("stranger")).reason.is_error());
    let values = scraped(&get(server.http(), "/metrics"));
    let check = |sample: &str, expected: f64| {
        let value = values.get(sample).unwrap_or_else(|| panic!("{sample} is not in {values:#?}"));
        assert!((value - expected).abs() < 1e-9, "{sample} is {value}");
    };
    check("headcount_clients{realm=\"open\"}", 1.0);
    check("headcount_clients{realm=\"secure\"}", 0.0);
    check("headcount_subscriptions{realm=\"open\"}", 1.0);
    check("headcount_messages_received_total{realm=\"open\"}", 1.0);
    check("headcount_messages_sent_total{realm=\"open\"}", 1.0);
    check("headcount_payload_sent_bytes_total{realm=\"open\"}", 5.0);
    check("headcount_refusals_total{realm=\"secure\",reason=\"not-authorized\"}", 1.0);
    check(concat!("headcount_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"}"), 1.0);
    assert!(values["headcount_received_bytes_total{realm=\"open\"}"] > 20.0);
    assert!(values["process_resident_memory_bytes"] > 1e6);
    assert!(values["process_open_fds"] > 5.0);
    assert!(values["process_start_time_seconds"] > 1.7e9);
    assert!(values.contains_key("process_cpu_seconds_total"));
    drop(client);
    let ends = "headcount_disconnects_total{realm=\"open\",reason=\"connection-lost\"}";
    let begun = std::time::Instant::now();
    while !scraped(&get(server.http(), "/metrics")).contains_key(ends) {
        assert!(begun.elapsed() < crate::support::PATIENCE, "the end is not counted");
    }
}

#[test]
fn are_for_this_machine_and_not_for_what_a_proxy_on_it_brings() {
    let server = Server::start();
    for line in ["X-Forwarded-For: 127.0.0.1", "Forwarded: for=127.0.0.1"] {
        assert_eq!(request(server.http(), "GET", "/metrics", &[line]).status, 403, "{line}");
    }
    assert_eq!(get(server.http(), "/metrics").header("cache-control"), Some("no-store"));
}

const REALM: &str = "[[realm]]\nname = \"open\"\nallow_anonymous = true\n";

#[test]
fn may_have_a_listener_of_their_own() {
    let folder = Folder::with(&[]);
    let text = "[http]\nlisten = \"127.0.0.1:0\"\n[metrics]\nlisten = \"127.0.0.1:0\"\npath = \"/numbers\"\n";
    let server = Server::configured(&folder, &format!("{text}{REALM}"));
    let url = server.addresses()["metrics"].as_str().unwrap();
    let own = url.trim_start_matches("http://").trim_end_matches("/numbers").parse().unwrap();
    scraped(&get(own, "/numbers"));
    for (address, path, status) in [
        (own, "/metrics", 404),
        (own, "/", 404),
        (own, "/healthz", 200),
        (own, "/readyz", 200),
        (server.http(), "/healthz", 200),
    ] {
        assert_eq!(get(address, path).status, status, "{address} {path}");
    }
    // Elsewhere these are paths like any other, which are the page's.
    for path in ["/numbers", "/metrics"] {
        assert!(!get(server.http(), path).text().contains("headcount_clients"), "{path}");
    }
}

#[test]
fn may_be_for_certain_networks() {
    let folder = Folder::with(&[]);
    let text =
        |allow: &str| format!("[http]\nlisten = \"127.0.0.1:0\"\n[metrics]\nallow = [\"{allow}\"]\n{REALM}");
    let server = Server::configured(&folder, &text("192.0.2.0/24"));
    assert_eq!(get(server.http(), "/metrics").status, 403);
    let server = Server::configured(&folder, &text("127.0.0.0/8"));
    assert_eq!(get(server.http(), "/metrics").status, 200);
    // The peer says that it stands for somebody else, and is no trusted proxy.
    let forwarded = request(server.http(), "GET", "/metrics", &["X-Forwarded-For: 127.0.0.1"]);
    assert_eq!(forwarded.status, 403);
}

#[test]
fn health_is_told_to_everybody() {
    let server = Server::start();
    for path in ["/healthz", "/readyz"] {
        let response = request(server.http(), "GET", path, &["X-Forwarded-For: 203.0.113.9"]);
        assert_eq!((response.status, response.header("cache-control")), (200, Some("no-store")));
        assert_eq!(request(server.http(), "HEAD", path, &[]).status, 200);
    }
}
