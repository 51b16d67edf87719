//! Keys of the table.

use headcount_mqtt::PacketId;
use sha2::{Digest, Sha256};

pub(super) type Key = Vec<u8>;

pub(super) const SESSION: u8 = 1;
pub(super) const SUBSCRIPTION: u8 = 2;
pub(super) const MESSAGE: u8 = 3;
pub(super) const QUEUED: u8 = 4;
pub(super) const SENT: u8 = 5;
pub(super) const RECEIVED: u8 = 6;
pub(super) const WILL: u8 = 7;
pub(super) const RETAINED: u8 = 8;
pub(super) const EVENT: u8 = 9;
pub(super) const CONNECTED: u8 = 10;
pub(super) const SECURITY: u8 = 11;
pub(super) const DEVICE: u8 = 12;
pub(super) const CHANNEL: u8 = 13;
pub(super) const EMITTER_KEY: u8 = 14;
pub(super) const HISTORY: u8 = 15;
pub(super) const ENTRY: u8 = 16;

/// In front of the names of realms.
pub(super) const REALMS: u16 = u16::MAX;

/// A client's number in the store; identifiers may be 65,535 bytes long, and keys must not.
pub(super) type ClientNumber = u32;

/// Names a filter or a topic in 16 bytes; two that meet would take 2^64 attempts to find.
pub(super) type Hash = [u8; 16];

pub(super) fn hash(name: &[u8]) -> Hash {
    let digest: [u8; 32] = Sha256::digest(name).into();
    *digest.first_chunk().expect("32 bytes")
}

pub(super) fn realm(name: &str) -> Key {
    join(&[&REALMS.to_be_bytes(), name.as_bytes()])
}

pub(super) fn of_client(realm: u16, tag: u8, client: ClientNumber) -> Key {
    join(&[&realm.to_be_bytes(), &[tag], &client.to_be_bytes()])
}

pub(super) fn of_subscription(realm: u16, client: ClientNumber, filter: &Hash) -> Key {
    join(&[&realm.to_be_bytes(), &[SUBSCRIPTION], &client.to_be_bytes(), filter])
}

/// `QUEUED` or `SENT`.
pub(super) fn of_delivery(realm: u16, tag: u8, client: ClientNumber, number: u64) -> Key {
    join(&[&realm.to_be_bytes(), &[tag], &client.to_be_bytes(), &number.to_be_bytes()])
}

pub(super) fn of_received(realm: u16, client: ClientNumber, id: PacketId) -> Key {
    join(&[&realm.to_be_bytes(), &[RECEIVED], &client.to_be_bytes(), &id.get().to_be_bytes()])
}

/// `MESSAGE`, `EVENT` or `HISTORY`.
pub(super) fn of_number(realm: u16, tag: u8, number: u64) -> Key {
    join(&[&realm.to_be_bytes(), &[tag], &number.to_be_bytes()])
}

pub(super) fn of_retained(realm: u16, topic: &Hash) -> Key {
    join(&[&realm.to_be_bytes(), &[RETAINED], topic])
}

/// `kind` is a number of its own for clients, groups, roles and the rest.
pub(super) fn of_security(realm: u16, kind: u8, name: &Hash) -> Key {
    join(&[&realm.to_be_bytes(), &[SECURITY, kind], name])
}

/// By its Client Identifier.
pub(super) fn of_device(realm: u16, name: &Hash) -> Key {
    join(&[&realm.to_be_bytes(), &[DEVICE], name])
}

pub(super) fn of_channel(realm: u16, channel: u32) -> Key {
    join(&[&realm.to_be_bytes(), &[CHANNEL], &channel.to_be_bytes()])
}

/// An entry of a channel, by its number there.
pub(super) fn of_entry(realm: u16, channel: u32, number: u64) -> Key {
    join(&[&realm.to_be_bytes(), &[ENTRY], &channel.to_be_bytes(), &number.to_be_bytes()])
}

pub(super) fn of_emitter_key(realm: u16, name: &Hash) -> Key {
    join(&[&realm.to_be_bytes(), &[EMITTER_KEY], name])
}

fn join(parts: &[&[u8]]) -> Key {
    parts.concat()
}
