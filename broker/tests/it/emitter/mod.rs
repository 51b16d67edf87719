//! Emitter's interface: channels, keys, presence and requests.

mod durable;
mod ending;
mod keys;
mod presence;
mod random;
mod secrets;
mod slow;
mod stored;

use crate::support::*;
use headcount_broker::{Config, ConnectionId};
use headcount_mqtt::{Packet, PacketId, ReasonCode, Unsubscribe};
use std::sync::atomic::{AtomicU8, Ordering};

/// A realm with the key `demo`, whose random bytes are the same each time.
pub(super) fn config() -> Config {
    let mut config = Config::open("open");
    config.access.emitter_keys = Some(vec!["demo".to_owned()].into());
    config.random = |bytes| {
        bytes.fill(0x5a);
        true
    };
    config
}

pub(super) fn net() -> Net {
    Net::new(config())
}

/// The same, with random bytes that differ from key to key.
pub(super) fn config_of_many_keys() -> Config {
    static COUNT: AtomicU8 = AtomicU8::new(0);
    let mut config = config();
    config.random = |bytes| {
        bytes.fill(COUNT.fetch_add(1, Ordering::Relaxed));
        true
    };
    config
}

/// A key from `demo`.
pub(super) fn make(net: &mut Net, id: ConnectionId, channel: &str, rights: &str, ttl: u32) -> String {
    let json = format!(r#"{{"key":"demo","channel":"{channel}","type":"{rights}","ttl":{ttl}}}"#);
    let answer: serde_json::Value = serde_json::from_str(&ask(net, id, "keygen", &json)).unwrap();
    assert_eq!(answer["status"], 200, "{answer}");
    answer["key"].as_str().unwrap().to_owned()
}

/// Publishes a request to `emitter/<name>/`, and gives what came back on the same topic.
pub(super) fn ask(net: &mut Net, id: ConnectionId, name: &str, payload: &str) -> String {
    let topic = format!("emitter/{name}/");
    net.publish(id, &topic, payload);
    let (to, answer) = net.messages(id).remove(0);
    assert_eq!(to, topic);
    answer
}

/// What came to `emitter/error/`.
pub(super) fn fault(net: &mut Net, id: ConnectionId) -> String {
    let Some(Packet::Publish(publish)) = net.take(id) else { panic!("no error") };
    assert_eq!(publish.topic.unwrap().as_str(), "emitter/error/");
    String::from_utf8(publish.payload.to_vec()).unwrap()
}

pub(super) fn unsubscribe(net: &mut Net, id: ConnectionId, filter: &str) -> ReasonCode {
    let packet_id = PacketId::new(7).unwrap();
    let filters = vec![filter.try_into().unwrap()];
    net.send(id, Packet::Unsubscribe(Unsubscribe { packet_id, filters, user_properties: Vec::new() }));
    // Messages may have come before it.
    let mut packets = std::iter::from_fn(|| net.take(id));
    let code = packets.find_map(|packet| match packet {
        Packet::UnsubAck(ack) => Some(ack.reasons[0]),
        _ => None,
    });
    code.expect("an UNSUBACK")
}
