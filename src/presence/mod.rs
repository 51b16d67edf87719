//! Presence by channel: a watcher, and named clients that come and go, each on a connection of its own.
//!
//! The [`store`] is plain Rust. Each connection has a [`store::Seat`] that a [`crate::link::courier`] serves. What the page
//! says of the channel, it says by the broker's messages to the watcher alone: it does not add its own clients up.

pub mod store;

#[cfg(target_arch = "wasm32")]
pub mod view;
