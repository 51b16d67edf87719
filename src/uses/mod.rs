//! Three further uses of MQTT, each with all that it takes in one page: a news ticker, progress of tasks, auctions.
//!
//! The [`store`] is plain Rust: a [`store::Room`] holds what its one connection heard, and what it wants to say.
//! A [`crate::link::courier`] is the client that feeds it, without socket or clock; the view draws it and sends
//! [`store::Wish`]es.

pub mod store;

#[cfg(target_arch = "wasm32")]
pub mod view;
