//! A packet of the record, and what a row says of it.

use std::sync::Arc;

use headcount_mqtt::{
    PacketType, ProtocolVersion,
    dissect::{Dissection, Sender, dissect},
};

use super::secret;
use crate::store::Millis;

/// A packet that was sent or received. A Password in it is overwritten with asterisks before anything else happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// Its place in the record, counted from 0.
    pub number: u64,
    /// When it was sent or had come whole, by the browser's clock.
    pub at: Millis,
    /// The number of its connection.
    pub connection: u32,
    /// The Client Identifier of its connection, as far as it was known then.
    pub client: Arc<str>,
    /// Who sent it: the page is the client.
    pub from: Sender,
    /// What it is read as.
    pub version: ProtocolVersion,
    /// All of it.
    pub bytes: Box<[u8]>,
    /// Its type; none for type 0.
    pub packet_type: Option<PacketType>,
    /// The Topic Name, that of its Topic Alias, or the first Topic Filter; empty where it has none.
    pub topic: String,
    /// Its Packet Identifier.
    pub id: Option<u16>,
    /// What else a row says: `QoS 1 · retain`, `Success`.
    pub note: String,
    /// Whether it is malformed or not allowed.
    pub is_faulty: bool,
    /// The number of the packet that began what this one is part of: of the PUBLISH that a PUBACK answers, say.
    pub flow: Option<u64>,
    /// Its Topic Alias.
    pub(super) alias: Option<u16>,
}

/// A packet as it comes into the record.
#[derive(Clone, Debug)]
pub(crate) struct Raw {
    /// See [`Packet::at`].
    pub(crate) at: Millis,
    /// See [`Packet::connection`].
    pub(crate) connection: u32,
    /// See [`Packet::client`].
    pub(crate) client: Arc<str>,
    /// See [`Packet::from`].
    pub(crate) from: Sender,
    /// See [`Packet::version`].
    pub(crate) version: ProtocolVersion,
    /// All of it.
    pub(crate) bytes: Vec<u8>,
}

impl Packet {
    /// Reads what a row says, and hides a Password.
    pub(crate) fn new(raw: Raw, number: u64) -> Self {
        let Raw { at, connection, client, from, version, mut bytes } = raw;
        let read = dissect(&bytes, version, from);
        bytes[read.hidden.clone()].fill(b'*');
        if read.packet == Some(PacketType::Publish) {
            secret::hide(&mut bytes);
        }
        let value = |name: &str| read.field(name).map_or("", |field| &field.value);
        let client = match (read.packet, value("Client Identifier")) {
            (Some(PacketType::Connect), id) if !id.is_empty() => Arc::from(id),
            _ => client,
        };
        let is_publish = read.packet == Some(PacketType::Publish);
        let topic = value(if is_publish { "Topic Name" } else { "Topic Filter" }).to_owned();
        Self {
            number,
            at,
            connection,
            client,
            from,
            version: read.version,
            packet_type: read.packet,
            topic,
            id: value("Packet Identifier").parse().ok(),
            note: note(&read),
            is_faulty: read.fault.is_some(),
            flow: None,
            alias: value("Topic Alias").parse().ok(),
            bytes: bytes.into(),
        }
    }

    /// All its fields.
    pub fn dissect(&self) -> Dissection {
        dissect(&self.bytes, self.version, self.from)
    }

    /// Whether it went from this page to the broker.
    pub fn is_sent(&self) -> bool {
        self.from == Sender::Client
    }

    /// Whether it is PINGREQ or PINGRESP.
    pub fn is_ping(&self) -> bool {
        matches!(self.packet_type, Some(PacketType::PingReq | PacketType::PingResp))
    }

    /// The name of its type.
    pub fn type_name(&self) -> String {
        self.packet_type.map_or_else(|| "Forbidden".to_owned(), |packet| packet.to_string())
    }

    /// Its bytes, two digits each.
    pub fn hex(&self) -> String {
        let mut text = String::new();
        super::ndjson::hex(&mut text, &self.bytes);
        text
    }

    /// About as much memory as it takes, in bytes.
    pub(crate) fn weight(&self) -> usize {
        size_of::<Self>() + self.bytes.len() + self.topic.len() + self.note.len()
    }
}

/// `3.1.1` or `5.0`.
pub fn version_name(version: ProtocolVersion) -> &'static str {
    match version {
        ProtocolVersion::V311 => "3.1.1",
        ProtocolVersion::V5 => "5.0",
    }
}

fn note(read: &Dissection) -> String {
    let mut parts: Vec<String> = Vec::new();
    let value = |name: &str| read.field(name).map(|field| field.value.as_str());
    let is_set = |name: &str| value(name).is_some_and(|value| value.starts_with('1'));
    match read.packet {
        Some(PacketType::Connect) => {
            parts.extend(value("Client Identifier").filter(|id| !id.is_empty()).map(str::to_owned));
            parts.push(format!("MQTT {}", version_name(read.version)));
            parts.extend(value("Keep Alive").map(|time| format!("keep alive {time}")));
            if is_set("Clean Start") || is_set("Clean Session") {
                parts.push("clean".to_owned());
            }
            parts.extend(value("Will Topic").map(|topic| format!("will to {topic}")));
        }
        Some(PacketType::Publish) => {
            let qos = value("QoS level").and_then(|qos| qos.get(..1)).unwrap_or_default();
            parts.push(format!("QoS {qos}"));
            parts.extend(is_set("RETAIN").then(|| "retain".to_owned()));
            parts.extend(is_set("DUP flag").then(|| "dup".to_owned()));
        }
        Some(PacketType::Subscribe | PacketType::Unsubscribe) => {
            let filters = read.fields.iter().filter(|field| field.name == "Topic Filter").count();
            if filters > 1 {
                parts.push(format!("and {} more", filters - 1));
            }
        }
        _ => {
            let codes = read.fields.iter().filter(|field| {
                field.name.ends_with("Reason Code") || field.name.eq_ignore_ascii_case("return code")
            });
            // `0x00, Success`
            let words = codes.filter_map(|field| field.value.split_once(", ")).map(|(_, words)| words);
            let mut runs: Vec<(&str, usize)> = Vec::new();
            for word in words {
                match runs.last_mut() {
                    Some((last, times)) if *last == word => *times += 1,
                    _ => runs.push((word, 1)),
                }
            }
            let run = |(word, times): &(&str, usize)| {
                if *times == 1 { (*word).to_owned() } else { format!("{word} ×{times}") }
            };
            // A dozen of them tell enough.
            parts.extend(runs.iter().take(12).map(run));
            parts.extend(is_set("Session Present").then(|| "session present".to_owned()));
            parts.extend(value("Reason String").map(|words| format!("“{words}”")));
        }
    }
    parts.join(" · ")
}
