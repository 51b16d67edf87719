//! The vector table: literal bytes and the packet they mean, by version and direction. Shared by the tests of the host
//! and of wasm32, and the seed of the fuzz corpus.

mod v311;
mod v5;
mod v5_flow;

use headcount_mqtt::{
    Connect, ConnectProperties, Decoder, Packet, PacketId, ProtocolVersion, Text, TopicFilter, TopicName,
};

/// Larger than any vector.
pub(crate) const MAXIMUM: usize = 1 << 20;

/// Which sides may send a vector's packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum From {
    Client,
    Server,
    Both,
}

/// One line of the table.
pub(crate) struct Vector {
    pub(crate) name: &'static str,
    pub(crate) version: ProtocolVersion,
    pub(crate) from: From,
    pub(crate) bytes: Vec<u8>,
    pub(crate) packet: Packet,
}

/// Every line.
pub(crate) fn all() -> Vec<Vector> {
    let mut all = v311::all();
    all.extend(v5::all());
    all.extend(v5_flow::all());
    all
}

impl Vector {
    /// A line whose bytes are words of hexadecimal digits and `'quoted text'`.
    pub(crate) fn new(
        version: ProtocolVersion,
        from: From,
        name: &'static str,
        bytes: &str,
        packet: Packet,
    ) -> Self {
        Self { name, version, from, bytes: bytes_of(bytes), packet }
    }

    /// A decoder for each side that may receive the packet, ready for it.
    pub(crate) fn decoders(&self) -> Vec<Decoder> {
        let mut decoders = Vec::new();
        if self.from != From::Client {
            decoders.push(Decoder::client(self.version, MAXIMUM));
        }
        if self.from != From::Server {
            let connect = matches!(self.packet, Packet::Connect(_));
            decoders.push(if connect { Decoder::server(MAXIMUM) } else { server(self.version) });
        }
        decoders
    }
}

/// A server's decoder behind the CONNECT.
pub(crate) fn server(version: ProtocolVersion) -> Decoder {
    let mut decoder = Decoder::server(MAXIMUM);
    decoder.feed(&connect(version));
    assert!(matches!(decoder.decode(), Ok(Some(Packet::Connect(_)))));
    decoder
}

/// A CONNECT.
pub(crate) fn connect(version: ProtocolVersion) -> Vec<u8> {
    bytes_of(match version {
        ProtocolVersion::V311 => "10 0C 0004 'MQTT' 04 02 0000 0000",
        ProtocolVersion::V5 => "10 0D 0004 'MQTT' 05 02 0000 00 0000",
    })
}

/// `"30 0002 'ab'"`: hexadecimal digits, and text between quotes.
pub(crate) fn bytes_of(literal: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (at, part) in literal.split('\'').enumerate() {
        if at % 2 == 1 {
            bytes.extend_from_slice(part.as_bytes());
            continue;
        }
        let digits: Vec<u8> = part
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| u8::try_from(c.to_digit(16).expect("a hexadecimal digit")).expect("below 16"))
            .collect();
        assert!(digits.len().is_multiple_of(2), "half a byte in {literal}");
        bytes.extend(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]));
    }
    bytes
}

/// A CONNECT with nothing in it but a Client Identifier of one character.
pub(crate) fn minimal_connect(version: ProtocolVersion) -> Connect {
    Connect {
        version,
        clean_start: true,
        keep_alive: 60,
        client_id: text("c"),
        will: None,
        user_name: None,
        password: None,
        properties: ConnectProperties::default(),
    }
}

pub(crate) fn id(id: u16) -> PacketId {
    PacketId::new(id).expect("not zero")
}

pub(crate) fn text(text: &str) -> Text {
    Text::try_from(text).expect("a valid text")
}

pub(crate) fn topic(name: &str) -> TopicName {
    TopicName::try_from(name).expect("a valid name")
}

pub(crate) fn filter(filter: &str) -> TopicFilter {
    TopicFilter::try_from(filter).expect("a valid filter")
}

pub(crate) fn user(pairs: &[(&str, &str)]) -> Vec<(Text, Text)> {
    pairs.iter().map(|(name, value)| (text(name), text(value))).collect()
}
