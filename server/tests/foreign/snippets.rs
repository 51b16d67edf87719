//! The code that the page shows for a device, run as it stands there: what it publishes becomes an entry, and what it
//! subscribes to it prints.
//!
//! The sketch is compiled for a board that is this machine (`board/`).

use crate::devices::{Desk, Device};
use crate::peer::interpreter;
use crate::place::Place;
use crate::support::{Client, Folder, PATIENCE};
use libtest_mimic::Trial;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Instant;

const SHELL: &str = include_str!("../../../src/things/snippets/mosquitto_pub.sh");
const PAHO: &str = include_str!("../../../src/things/snippets/paho.py");
const ARDUINO: &str = include_str!("../../../src/things/snippets/arduino.ino");

const BOARD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/foreign/board");

/// A test for each snippet.
pub(crate) fn trials(place: &Arc<Place>) -> Vec<Trial> {
    let trial = |name, run: fn(&Place)| {
        let place = Arc::clone(place);
        Trial::test(format!("snippets::{name}"), move || {
            run(&place);
            Ok(())
        })
    };
    vec![trial("shell", shell), trial("paho", paho), trial("arduino", arduino)]
}

/// A device, a folder with its code, and the owner who listens.
struct Stage {
    folder: Folder,
    channel: u64,
    owner: Client,
}

impl Stage {
    fn new(place: &Place, template: &str, file: &str) -> Self {
        let mut desk = Desk::new(place);
        let (device, channel) = desk.add(None);
        let code = filled(template, place, &device, channel);
        Self { folder: Folder::with(&[(file, &code)]), channel, owner: desk.listen(channel) }
    }

    /// The next entry that the owner hears.
    fn entry(&mut self) -> Value {
        let (topic, entry) = self.owner.receive_publish();
        assert_eq!(topic, format!("channels/{}/subscribe", self.channel));
        serde_json::from_slice(&entry).unwrap()
    }

    /// The line that a program prints of an entry.
    fn line(&self, program: Command) -> Value {
        let head = format!("channels/{}/subscribe ", self.channel);
        let line = until(program, |line| line.starts_with(&head));
        serde_json::from_str(&line[head.len()..]).unwrap()
    }
}

/// With everything filled in that the page fills in.
fn filled(template: &str, place: &Place, device: &Device, channel: u64) -> String {
    let code = [
        ("{host}", "127.0.0.1"),
        ("{tcp_port}", &place.tcp("secure").port().to_string()),
        ("{mosquitto_tls}", ""),
        ("{ws_port}", &place.websocket("secure").port().to_string()),
        ("{ws_path}", "/secure/mqtt"),
        ("{paho_tls}", ""),
        ("{client_id}", &device.id),
        ("{user_name}", &device.id),
        ("{channel_id}", &channel.to_string()),
        ("{password}", &device.password),
    ]
    .into_iter()
    .fold(template.to_owned(), |code, (name, value)| code.replace(name, value));
    let is_place = |rest: &str| {
        let end = rest.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(0);
        end > 0 && rest[end..].starts_with('}')
    };
    assert!(!code.split('{').skip(1).any(is_place), "not everything is filled in: {code}");
    code
}

fn shell(place: &Place) {
    let mut stage = Stage::new(place, SHELL, "publish.sh");
    let output = Command::new("sh").arg("-e").arg(stage.folder.path("publish.sh")).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let first = stage.entry();
    assert_eq!((&first["field1"], &first["status"]), (&"21.5".into(), &"Hello".into()));
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    assert_eq!(printed, stage.entry());
    assert_eq!((&printed["entry_id"], &printed["field2"]), (&2.into(), &"41".into()));
}

fn paho(place: &Place) {
    let mut stage = Stage::new(place, PAHO, "device.py");
    let mut python = Command::new(interpreter());
    python.arg("-u").arg(stage.folder.path("device.py"));
    let printed = stage.line(python);
    assert_eq!(printed, stage.entry());
    assert_eq!((&printed["field1"], &printed["status"]), (&"21.5".into(), &"Hello".into()));
}

fn arduino(place: &Place) {
    let mut stage = Stage::new(place, ARDUINO, "device.ino");
    let program = stage.folder.path("device");
    // Arduino's own tools include the core by themselves, too.
    let compiled = Command::new("g++")
        .args(["-std=c++17", "-Wall", "-Wextra", "-Werror", "-pthread", "-I", BOARD, "-include", "Arduino.h"])
        .args(["-x", "c++"])
        .arg(stage.folder.path("device.ino"))
        .arg(format!("{BOARD}/board.cpp"))
        .args(["-l:libmosquitto.so.1", "-o"])
        .arg(&program)
        .output()
        .expect("g++ cannot be started: install Debian's package g++");
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    let printed = stage.line(Command::new(program));
    assert_eq!(printed, stage.entry());
    assert_eq!((&printed["field1"], &printed["status"]), (&"512".into(), &"Hello".into()));
}

/// Runs a program until it prints such a line, and ends it.
fn until(mut program: Command, is_it: impl Fn(&str) -> bool) -> String {
    let mut child = Ended(program.stdout(Stdio::piped()).spawn().unwrap());
    let stdout = BufReader::new(child.0.stdout.take().unwrap());
    let (send, lines) = channel();
    std::thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
    let (begun, mut printed) = (Instant::now(), Vec::new());
    loop {
        let left = PATIENCE.saturating_sub(begun.elapsed());
        let line =
            lines.recv_timeout(left).unwrap_or_else(|_| panic!("{program:?} printed {printed:?} alone"));
        if is_it(&line) {
            return line;
        }
        printed.push(line);
    }
}

/// A child that does not outlive its test.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
