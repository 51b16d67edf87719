//! What survives a restart: the core's records, folded into a table on disk.
//!
//! ```text
//! realm (turns of records) → commit (one thread: gathers, writes one batch, syncs) → realm (handle_persisted)
//!                              └ ledger (records to keys and values) → table (fjall)
//! folder (version, lock) → table → recall (keys and values to records) → Broker::restore
//! ```
//!
//! # Layout, version 1
//!
//! `<path>/lock` is held while a process uses the store. `<path>/store/version` holds the line `headcount store 1`,
//! and `<path>/store/table/` is a fjall 3 database with the one keyspace `records`. A store of another version, or a
//! folder with anything else in it, is refused and not touched.
//!
//! Integers are big-endian, times are nanoseconds since 1970, a text is two bytes of length and UTF-8. The key
//! `FF FF <name>` gives a realm its number; all its other keys are `<realm: 2> <tag: 1>` and then:
//!
//! | tag | key | value |
//! | --- | --- | --- |
//! | 1 session | client: 4 | Client Identifier, User Name, Session Expiry Interval, when it was left |
//! | 2 subscription | client: 4, hash of the filter: 16 | filter, options, Subscription Identifier |
//! | 3 message | number: 8 | when it came, PUBLISH of MQTT 5.0 without its payload, payload |
//! | 4 queued | client: 4, number in the session: 8 | number of the message, `QoS`, RETAIN, identifiers, share |
//! | 5 sent | client: 4, number in the session: 8 | place, whether PUBREC came |
//! | 6 received | client: 4, Packet Identifier: 2 | - |
//! | 7 will | client: 4 | when it is due, CONNECT of MQTT 5.0 that carries it |
//! | 8 retained | hash of the topic: 16 | account that it counts against, as 3 |
//! | 9 event | seq: 8 | when, account, JSON |
//! | 10 connected | client: 4 | Protocol Version, transport, address, when, CONNECT of MQTT 5.0 with the Will |
//! | 11 security | kind: 1, hash of the name: 16 | name, JSON |
//! | 12 device | hash of the Client Identifier: 16 | Client Identifier, JSON |
//! | 13 channel | number: 4 | account, 0 (before tag 16: the number of its newest entry, that entry's JSON) |
//! | 14 key of Emitter's interface | hash of the key: 16 | the key, JSON |
//! | 15 stored message | number: 8 | until when it is kept, as 3 |
//! | 16 entry | number of the channel: 4, number: 8 | JSON |
//!
//! A message that many sessions are to get is stored once; the ledger counts in memory who still needs it. What is
//! put and taken back within one batch is not written at all.

mod changes;
mod codec;
mod commit;
mod depot;
mod folder;
mod key;
mod ledger;
mod opening;
mod recall;
mod table;

pub(crate) use commit::Store;
pub(crate) use depot::{Depot, Parked, Word};
pub(crate) use opening::Opening;

use std::path::PathBuf;
use std::time::Duration;

/// Where and how records are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoreConfig {
    pub(crate) path: PathBuf,
    pub(crate) fsync: Fsync,
    /// Bytes of the file system that are left free: what waits has room then, deletions too, and the table can be
    /// compacted.
    pub(crate) min_free: u64,
}

/// When the disk is asked to keep what it was given, and so what an acknowledgement promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fsync {
    /// Before each acknowledgement: it outlives a loss of power.
    Always,
    /// That often: it outlives the process at once, and a loss of power after that time.
    Interval(Duration),
    /// When the system likes: it outlives the process.
    Never,
}
