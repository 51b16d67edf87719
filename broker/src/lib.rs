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

mod broker;
mod config;
mod output;

pub use broker::Broker;
pub use config::{Access, Config, Limits};
pub use output::{Chunks, ConnectionId, Now, Output, Peer, Record, RecordId, Transport};
