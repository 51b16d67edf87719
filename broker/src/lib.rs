//! The broker core: sessions, subscriptions, retained messages, Wills, presence and feeds of one *realm*, without I/O.
//!
//! It opens no socket, reads no clock and spawns nothing. The caller says what happened (`handle_*`, with the time
//! as an argument) and then drains what to do ([`Broker::poll_output`], [`Broker::take_send`],
//! [`Broker::poll_timeout`]). It does not know who calls it: one task, a lock, or a test on a virtual clock.
//!
//! ```text
//! listener → connection (Decoder) → Broker::handle_packet → Output { Ready, Close, Authenticate, Persist }
//!                                                         → Broker::take_send → connection (one write)
//! ```

mod account;
mod ack;
mod acl;
mod broker;
mod channels;
mod config;
mod connect;
mod connection;
mod control;
mod cover;
mod deliver;
mod devices;
mod disconnect;
mod dynsec;
mod emitter;
mod events;
mod explain;
mod inflight;
mod key;
mod lifecycle;
mod message;
mod options;
mod outbox;
mod output;
mod overlap;
mod owned;
mod pace;
mod publish;
mod queue;
mod rate;
mod record;
mod reload;
mod request;
mod restore;
mod retained;
mod route;
mod rules;
mod served;
mod session;
mod shared;
mod slots;
mod stats;
mod storage;
mod subscribe;
mod subscriptions;
mod sys;
mod system;
mod timers;
mod trie;
mod usage;
mod will;

pub use acl::{rule_count, rule_mistakes};
pub use broker::Broker;
pub use config::{Access, AccountLimits, Config, DeviceLimits, Limits, SecurityLimits, no_random};
pub use devices::{Credentials, reads_device};
pub use dynsec::{Comparison, SecurityItem};
pub use emitter::{EmitterKeys, EmitterLimits, MAX_KEY_BYTES as MAX_EMITTER_KEY_BYTES, reads_emitter_key};
pub use message::Message;
pub use output::{Chunks, ConnectionId, Now, Output, Peer, Transport};
pub use rate::Rate;
pub use record::{Connected, Record, RecordId};
pub use stats::{Stats, Waiting};
pub use storage::Storage;
