//! MQTT 3.1.1 and 5.0, without I/O: the codec, the client session, and packets field by field for people.
//!
//! The path of a byte: socket bytes → [`Decoder`] → [`Packet`] → [`client`] (or a broker) → [`Packet`] →
//! [`encode`] → socket bytes. Nothing here opens a socket, reads a clock or spawns a task; the crate compiles for
//! wasm32 and the host alike. [`dissect`] shows the bytes of a packet to people.
//!
//! Values are valid by construction: past the decoder nobody checks a [`TopicName`], [`TopicFilter`], [`Text`] or
//! [`PacketId`] again. Strings and payloads are slices of the buffer they were read into.

//!
//! Statements of the standards stand at the line that obeys them and at the test that proves it: `[MQTT-3.1.2-3]` is
//! MQTT 5.0's (and 3.1.1's too, where it says the same under the same number), `[MQTT-3.1.2-22 (3.1.1)]` is 3.1.1's
//! alone; a bare `(2.2.2)` is a chapter with no numbered statement.

pub mod client;
mod decoder;
pub mod dissect;
mod error;
#[doc(hidden)]
pub mod fuzz;
mod packet;
mod property;
mod reason;
mod sender;
mod text;
mod topic;
mod wire;

pub use decoder::Decoder;
pub use error::{DecodeError, EncodeError};
pub use packet::*;
pub use reason::ReasonCode;
pub use text::{InvalidText, Text};
pub use topic::{InvalidTopic, SharedSubscription, TopicFilter, TopicName};
