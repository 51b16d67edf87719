//! What was said, for people who read a failure.

use bytes::Bytes;
use headcount_mqtt::{Ack, Packet, Publish};
use std::fmt::Write as _;
use std::time::Duration;

/// Lines of a play that a failure shows: the last act, not the thousand pings before it.
const SHOWN: usize = 40;

/// A play as it went, line by line.
#[derive(Debug, Default)]
pub struct Transcript {
    lines: Vec<String>,
}

/// Why a play failed, with what was said before.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The expectation that was not met.
    pub message: String,
    /// The play up to there.
    pub transcript: String,
}

impl Transcript {
    /// A client sent something.
    pub fn sent(&mut self, client: &str, what: &str) {
        self.lines.push(format!("{client:>8} --> {what}"));
    }

    /// A client got something.
    pub fn received(&mut self, client: &str, what: &str) {
        self.lines.push(format!("{client:>8} <-- {what}"));
    }

    /// Time passed.
    pub fn waited(&mut self, time: Duration) {
        self.lines.push(format!("{:>8}     {} s pass", "", time.as_secs_f32()));
    }

    /// The play, its last lines where it was long.
    pub fn text(&self) -> String {
        let left_out = self.lines.len().saturating_sub(SHOWN);
        let mut text = if left_out > 0 { format!("({left_out} lines)\n") } else { String::new() };
        text.push_str(&self.lines[left_out..].join("\n"));
        text
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}", self.message)?;
        f.write_str(&self.transcript)
    }
}

/// A packet in one line: what is set, in the standard's words.
pub(crate) fn describe(packet: &Packet) -> String {
    let body = match packet {
        Packet::Publish(publish) => describe_publish(publish),
        Packet::PubAck(ack) | Packet::PubRec(ack) | Packet::PubRel(ack) | Packet::PubComp(ack) => {
            describe_ack(ack)
        }
        Packet::PingReq | Packet::PingResp => String::new(),
        Packet::Connect(connect) => only_set(&format!("{connect:?}")),
        Packet::ConnAck(ack) => only_set(&format!("{ack:?}")),
        Packet::Subscribe(it) => only_set(&format!("{it:?}")),
        Packet::SubAck(it) => only_set(&format!("{it:?}")),
        Packet::Unsubscribe(it) => only_set(&format!("{it:?}")),
        Packet::UnsubAck(it) => only_set(&format!("{it:?}")),
        Packet::Disconnect(it) => only_set(&format!("{it:?}")),
        Packet::Auth(it) => only_set(&format!("{it:?}")),
    };
    format!("{} {body}", packet.packet_type())
}

/// Bytes in hexadecimal, the first 64 of them.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes.iter().take(64) {
        let _ = write!(text, "{byte:02X} ");
    }
    if bytes.len() > 64 {
        let _ = write!(text, "… {} bytes", bytes.len());
    }
    text
}

fn describe_publish(publish: &Publish) -> String {
    let mut text = match publish.delivery.packet_id() {
        Some(id) => format!("QoS {} id {}", publish.delivery.qos() as u8, id.get()),
        None => "QoS 0".to_owned(),
    };
    if publish.dup {
        text.push_str(" DUP");
    }
    if publish.retain {
        text.push_str(" RETAIN");
    }
    let _ = write!(text, " {:?} {}", publish.topic, describe_payload(&publish.payload));
    if let Some(properties) = &publish.properties {
        let _ = write!(text, " {}", only_set(&format!("{properties:?}")));
    }
    text
}

fn describe_payload(payload: &Bytes) -> String {
    if payload.len() > 64 { format!("({} bytes)", payload.len()) } else { format!("{payload:?}") }
}

fn describe_ack(ack: &Ack) -> String {
    let mut text = format!("id {} {:?}", ack.packet_id.get(), ack.reason);
    if let Some(properties) = &ack.properties {
        let _ = write!(text, " {}", only_set(&format!("{properties:?}")));
    }
    text
}

/// A debug text without the fields that hold nothing.
fn only_set(debug: &str) -> String {
    let mut text = debug.to_owned();
    for empty in ["None", "[]"] {
        while let Some(at) = text.find(&format!(": {empty}")) {
            let start = text[..at].rfind([' ', '{']).map_or(0, |start| start + 1);
            let mut end = at + 2 + empty.len();
            if text[end..].starts_with(", ") {
                end += 2;
            }
            text.replace_range(start..end, "");
        }
    }
    text.replace("  ", " ").replace(", }", " }").replace("{ }", "{}")
}
