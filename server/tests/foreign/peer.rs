//! A process that speaks MQTT by somebody else's library.
//!
//! It is told, a line of JSON each:
//! - `{"do":"connect","as":NAME,"id":…,"clean":…,"expiry":…}`, with `username`, `password` (and `bound` where they open no other client id), a `will`, and a `filter`
//!   with its `qos` to subscribe to: `connected` (with `session` where the library says it) or `refused`, `subscribed`
//! - `{"do":"publish","as":NAME,"topic":…,"payload":…,"qos":…,"retain":…}`: `published` when the flow is over
//! - `{"do":"disconnect","as":NAME}`: `disconnected`
//!
//! and says by itself `message` and, when a connection ends otherwise, `lost`.

use crate::Cast;
use crate::place::Place;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// How long anything may take: generous, as four peers and a build may share the machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// Somebody else's work.
#[derive(Debug)]
pub(crate) struct Library {
    pub(crate) name: &'static str,
    /// The transports that it has, by the scheme of their URL.
    pub(crate) schemes: &'static [&'static str],
    start: fn(&str, &str, &str) -> Command,
}

pub(crate) static LIBRARIES: &[Library] = &[
    Library {
        name: "mosquitto",
        schemes: &["mqtt", "mqtts"],
        start: |url, version, ca| python("mosquitto", url, version, ca),
    },
    Library {
        name: "paho",
        schemes: &["mqtt", "mqtts", "ws", "wss"],
        start: |url, version, ca| python("paho", url, version, ca),
    },
    Library {
        name: "aiomqtt",
        schemes: &["mqtt", "mqtts", "ws", "wss"],
        start: |url, version, ca| python("aiomqtt", url, version, ca),
    },
    Library {
        name: "gmqtt",
        schemes: &["mqtt", "mqtts"],
        start: |url, version, ca| python("gmqtt", url, version, ca),
    },
    Library { name: "MQTT.js", schemes: &["mqtt", "mqtts", "ws", "wss"], start: node },
    Library { name: "rumqttc", schemes: &["mqtt", "mqtts", "ws", "wss"], start: crate::rumqttc::start },
];

/// A running peer; killed when it is dropped.
pub(crate) struct Peer {
    child: Child,
    stdin: ChildStdin,
    events: Receiver<Value>,
    /// Events that came and were not asked for yet.
    waiting: Vec<Value>,
}

/// How a client connects.
pub(crate) struct Hello<'a> {
    pub(crate) name: &'a str,
    pub(crate) id: &'a str,
    pub(crate) kept: bool,
    pub(crate) filter: Option<(&'a str, u8)>,
    pub(crate) more: Value,
}

/// A Python with the packages.
///
/// # Panics
/// Where none is named, with what to do.
pub(crate) fn interpreter() -> String {
    std::env::var("HEADCOUNT_PYTHON").unwrap_or_else(|_| {
        panic!("HEADCOUNT_PYTHON names no Python with e2e/requirements.txt: run `cargo xtask test rust`")
    })
}

fn python(library: &str, url: &str, version: &str, ca: &str) -> Command {
    let mut command = Command::new(interpreter());
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../e2e/peers/led.py")).args([library, url, version]);
    if !ca.is_empty() {
        command.args(["--ca", ca]);
    }
    command
}

fn node(url: &str, version: &str, ca: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../e2e/peers/led.mjs")).args([url, version, ca]);
    command
}

/// Adds fields to an object.
pub(crate) fn extend(object: &mut Value, fields: Value) {
    if let (Value::Object(object), Value::Object(fields)) = (object, fields) {
        object.extend(fields);
    }
}

impl Peer {
    pub(crate) fn start(place: &Place, cast: Cast, realm: &str) -> Result<Self, String> {
        let (url, ca) = (place.url(cast.scheme, realm), place.ca(cast.scheme));
        let mut child = (cast.library.start)(&url, cast.version, &ca)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .map_err(|error| format!("{} cannot be started: {error}", cast.library.name))?;
        let (send, events) = channel();
        let stdout = BufReader::new(child.stdout.take().expect("piped"));
        std::thread::spawn(move || {
            let lines =
                stdout.lines().map_while(Result::ok).filter_map(|line| serde_json::from_str(&line).ok());
            lines.take_while(|event: &Value| send.send(event.clone()).is_ok()).count()
        });
        let stdin = child.stdin.take().expect("piped");
        Ok(Self { child, stdin, events, waiting: Vec::new() })
    }

    fn tell(&mut self, command: &Value) -> Result<(), String> {
        writeln!(self.stdin, "{command}").map_err(|error| format!("the peer is gone: {error}"))
    }

    /// Connects a client, and waits until it is connected and subscribed; whether there was a session, where known.
    pub(crate) fn connect(&mut self, hello: &Hello<'_>) -> Result<Option<bool>, String> {
        let mut command = json!({
            "do": "connect", "as": hello.name, "id": hello.id, "clean": !hello.kept,
            "expiry": if hello.kept { 60 } else { 0 },
        });
        extend(&mut command, hello.more.clone());
        if let Some((filter, qos)) = hello.filter {
            command["filter"] = filter.into();
            command["qos"] = qos.into();
        }
        self.tell(&command)?;
        let session = self.expect(hello.name, "connected")?["session"].as_bool();
        if let Some((_, qos)) = hello.filter {
            let granted = self.expect(hello.name, "subscribed")?["qos"].clone();
            if granted != qos {
                return Err(format!("{}: QoS {granted} is granted for {qos}", hello.name));
            }
        }
        Ok(session)
    }

    /// Tries to connect a client, which is refused.
    pub(crate) fn is_refused(&mut self, id: &str, more: Value) -> Result<(), String> {
        let mut command = json!({ "do": "connect", "as": "refused", "id": id, "clean": true, "expiry": 0 });
        extend(&mut command, more);
        self.tell(&command)?;
        self.expect("refused", "refused").map(drop)
    }

    pub(crate) fn publish(
        &mut self,
        name: &str,
        topic: &str,
        payload: &str,
        qos: u8,
        retain: bool,
    ) -> Result<(), String> {
        let message = json!({ "topic": topic, "payload": payload, "qos": qos, "retain": retain });
        let mut command = json!({ "do": "publish", "as": name });
        extend(&mut command, message);
        self.tell(&command)?;
        self.expect(name, "published").map(drop)
    }

    pub(crate) fn disconnect(&mut self, name: &str) -> Result<(), String> {
        self.tell(&json!({ "do": "disconnect", "as": name }))?;
        self.expect(name, "disconnected").map(drop)
    }

    /// This message comes next to a client.
    pub(crate) fn receives(
        &mut self,
        name: &str,
        topic: &str,
        payload: &str,
        qos: u8,
        retain: bool,
    ) -> Result<(), String> {
        let got = self.expect(name, "message")?;
        let wanted = json!({ "as": name, "event": "message", "topic": topic, "payload": payload, "qos": qos, "retain": retain });
        if got == wanted { Ok(()) } else { Err(format!("{got} came, {wanted} was expected")) }
    }

    /// An event of a client. Others are left to be asked for, the end of its connection aside.
    pub(crate) fn expect(&mut self, name: &str, event: &str) -> Result<Value, String> {
        let until = Instant::now() + PATIENCE;
        loop {
            let is_it = |it: &Value| it["as"] == name && it["event"] == event;
            if let Some(at) = self.waiting.iter().position(is_it) {
                return Ok(self.waiting.remove(at));
            }
            let left = until.saturating_duration_since(Instant::now());
            let Ok(next) = self.events.recv_timeout(left) else {
                return Err(format!("{name}: no {event} came; {:?} came", self.waiting));
            };
            self.waiting.push(next);
        }
    }

    /// Ends the process as nobody can keep it from.
    pub(crate) fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
