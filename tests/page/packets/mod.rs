//! The wire view's store: pieces of sockets in, packets, lists and files out.

mod dump;
mod file;
mod list;
mod streams;

use headcount_mqtt::{
    Connect, ConnectProperties, Delivery, Packet, PacketId, ProtocolVersion, Publish, QoS, Text, TopicName,
    encode,
};
use headcount_page::{
    store::Millis,
    wire::{Kind, Piece, Wire},
};

/// A Wednesday, and a millisecond more for each piece.
const BEGUN: i64 = 1_508_861_318_000;

/// A wire view and the clock of its pieces.
struct Bench {
    wire: Wire,
    now: i64,
}

impl Bench {
    fn new() -> Self {
        Self { wire: Wire::default(), now: BEGUN }
    }

    fn piece(&mut self, connection: u32, kind: Kind, bytes: &[u8]) {
        self.now += 1;
        self.wire.feed(&Piece { connection, kind, at: Millis(self.now), bytes });
    }

    fn send(&mut self, connection: u32, bytes: &[u8]) {
        self.piece(connection, Kind::Sent, bytes);
    }

    fn receive(&mut self, connection: u32, bytes: &[u8]) {
        self.piece(connection, Kind::Received, bytes);
    }

    /// A connection of this client that was let in.
    fn connect(&mut self, connection: u32, client: &str, version: ProtocolVersion) {
        self.piece(connection, Kind::Opened, &[]);
        self.send(connection, &connect(client, version));
        let connack: &[u8] =
            if version == ProtocolVersion::V5 { &[0x20, 3, 0, 0, 0] } else { &[0x20, 2, 0, 0] };
        self.receive(connection, connack);
    }

    /// `> CONNECT`, `< PUBLISH a/b`: what the list shows.
    fn lines(&self) -> Vec<String> {
        let line = |packet: &std::sync::Arc<headcount_page::wire::Packet>| {
            let arrow = if packet.is_sent() { ">" } else { "<" };
            format!("{arrow} {} {}", packet.type_name(), packet.topic).trim_end().to_owned()
        };
        self.wire.window(0..usize::MAX).map(line).collect()
    }
}

fn connect(client: &str, version: ProtocolVersion) -> Vec<u8> {
    bytes(
        &Packet::Connect(Box::new(Connect {
            version,
            clean_start: true,
            keep_alive: 60,
            client_id: Text::try_from(client).unwrap(),
            will: None,
            user_name: Some(Text::try_from("alice").unwrap()),
            password: Some(b"correct horse".as_slice().into()),
            properties: ConnectProperties::default(),
        })),
        version,
    )
}

/// A PUBLISH; `id` 0 for `QoS` 0.
fn publish(topic: &str, id: u16, qos: QoS, payload: &str, version: ProtocolVersion) -> Vec<u8> {
    let delivery = match (PacketId::new(id), qos) {
        (Some(id), QoS::AtLeastOnce) => Delivery::AtLeastOnce(id),
        (Some(id), QoS::ExactlyOnce) => Delivery::ExactlyOnce(id),
        _ => Delivery::AtMostOnce,
    };
    let publish = Publish {
        dup: false,
        delivery,
        retain: false,
        topic: Some(TopicName::try_from(topic).unwrap()),
        payload: payload.as_bytes().to_vec().into(),
        properties: None,
    };
    bytes(&Packet::Publish(publish), version)
}

fn bytes(packet: &Packet, version: ProtocolVersion) -> Vec<u8> {
    let mut out = bytes::BytesMut::new();
    encode(packet, version, &mut out).unwrap();
    out.to_vec()
}
