//! The wire view: what the connections of the page said, packet by packet.
//!
//! A [`Piece`] is what a socket said, as index.html's notebook has it; the [`Wire`] makes packets of pieces and a list of
//! packets. It is plain Rust without a clock; the view reads it and asks for changes.

mod connection;
mod dump;
mod filter;
mod flow;
mod ndjson;
mod packet;
mod piece;
mod record;
mod secret;
mod store;
#[cfg(target_arch = "wasm32")]
mod tap;
#[cfg(target_arch = "wasm32")]
mod watch;

pub use dump::{DumpPart, DumpRow, dump, offset};
pub use filter::Filter;
pub use ndjson::FILE_MAX;
pub use packet::{Packet, version_name};
pub use piece::{Kind, Piece};
pub use record::{BYTES_MAX, PACKETS_MAX, Record};
pub use store::{Recorded, Wire};
#[cfg(target_arch = "wasm32")]
pub use watch::mount;
