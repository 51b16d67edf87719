//! `$SYS/broker/…` beside Mosquitto's own.

use crate::support::{Folder, PATIENCE, Server};
use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command};
use std::time::Instant;

/// What Debian's Mosquitto says and we do not: two old names of values that are said, and what its allocator counts.
const LEFT_OUT: [&str; 4] = ["clients/active", "clients/inactive", "heap/current", "heap/maximum"];

struct Mosquitto(Child, u16);

impl Mosquitto {
    fn start(folder: &Folder) -> Self {
        // Free a moment ago: nobody else asks the system for this one.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let file = folder.path("mosquitto.conf");
        std::fs::write(&file, format!("listener {port} 127.0.0.1\nallow_anonymous true\nsys_interval 1\n"))
            .unwrap();
        // A user's PATH often lacks /usr/sbin.
        let path = Path::new("/usr/sbin/mosquitto");
        let program = if path.exists() { path } else { Path::new("mosquitto") };
        let child = Command::new(program)
            .arg("-c")
            .arg(file)
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("mosquitto cannot be started: install Debian's package mosquitto");
        let begun = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < PATIENCE, "mosquitto does not listen");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        Self(child, port)
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Names and values that are there two intervals after the start, as Mosquitto's client prints them.
fn said(port: u16) -> Vec<(String, String)> {
    let output = Command::new("mosquitto_sub")
        .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-t", "$SYS/#", "-W", "3", "-F", "%t=%p"])
        .output()
        .expect("mosquitto_sub cannot be started: install Debian's package mosquitto-clients");
    let text = String::from_utf8(output.stdout).unwrap();
    let line = |line: &str| {
        let (topic, value) = line.strip_prefix("$SYS/broker/").unwrap().split_once('=').unwrap();
        (topic.to_owned(), value.to_owned())
    };
    text.lines().map(line).collect()
}

/// A value without what it counts: `# seconds`, `#`, `#.##`.
fn shape(value: &str) -> String {
    let mut shape = String::new();
    for c in value.chars() {
        let c = if c.is_ascii_digit() { '#' } else { c };
        if c != '#' || !shape.ends_with('#') || shape.contains('.') {
            shape.push(c);
        }
    }
    shape
}

#[test]
fn every_name_of_mosquittos_is_there_in_its_format() {
    let folder = Folder::with(&[]);
    let mosquitto = Mosquitto::start(&folder);
    let server = Server::configured(
        &folder,
        "[[realm]]\nname = \"open\"\nlisten = [\"127.0.0.1:0\"]\nallow_anonymous = true\nobservers = \
         \"everybody\"\nsys_interval = 1\n",
    );
    let port = server.tcp("open").port();
    let shapes = |said: &[(String, String)]| -> BTreeSet<_> {
        let kept = said.iter().filter(|(name, _)| !LEFT_OUT.contains(&name.as_str()) && name != "version");
        kept.map(|(name, value)| (name.clone(), shape(value))).collect()
    };
    let begun = Instant::now();
    let (ours, theirs) = loop {
        let (ours, theirs) = std::thread::scope(|scope| {
            let theirs = scope.spawn(|| said(mosquitto.1));
            (said(port), theirs.join().unwrap())
        });
        // On a busy machine the first look may come before everything was said.
        if shapes(&ours) == shapes(&theirs) || begun.elapsed() > PATIENCE {
            break (ours, theirs);
        }
    };
    assert!(theirs.len() > 40, "{theirs:?}");
    assert_eq!(shapes(&ours), shapes(&theirs));
    let version = ours.iter().find(|(name, _)| name == "version").map(|(_, value)| value.as_str());
    assert_eq!(version, Some(concat!("headcount version ", env!("CARGO_PKG_VERSION"))));
    for name in LEFT_OUT {
        assert!(theirs.iter().any(|(said, _)| said == name), "{name} is no more one of Mosquitto's");
    }
}
