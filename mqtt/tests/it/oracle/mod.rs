//! Independent public codecs, which must agree with ours both ways: what they write we read, what we write they read.

mod npm;
mod rumqttc_v4;
mod rumqttc_v5;
mod rumqttc_v5_connection;
mod told;

use crate::vector::{self, MAXIMUM};
use bytes::BytesMut;
use headcount_mqtt::*;

/// A packet of ours from bytes of theirs, by the side that takes it.
fn decode(bytes: &[u8], version: ProtocolVersion) -> Packet {
    let connect = bytes.first().is_some_and(|first| first >> 4 == 1);
    let server = if connect { Decoder::server(MAXIMUM) } else { vector::server(version) };
    let mut errors = Vec::new();
    for mut decoder in [server, Decoder::client(version, MAXIMUM)] {
        decoder.feed(bytes);
        match decoder.decode() {
            Ok(Some(packet)) => {
                assert!(decoder.buffer().is_empty(), "bytes are left over: {bytes:02X?}");
                return packet;
            }
            Ok(None) => panic!("cut short: {bytes:02X?}"),
            Err(error) => errors.push(error),
        }
    }
    panic!("{bytes:02X?}: {errors:?}");
}

fn encode(packet: &Packet, version: ProtocolVersion) -> BytesMut {
    let mut bytes = BytesMut::new();
    headcount_mqtt::encode(packet, version, &mut bytes).expect("an arbitrary packet has bytes");
    bytes
}

fn utf8(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("checked")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}
