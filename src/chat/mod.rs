//! The chat: what MQTT is good for, shown stage by stage.
//!
//! The [`store`] is plain Rust and knows everything that a window shows; [`session`] drives the client that feeds it,
//! without socket or clock; the view draws it and sends [`store::Wish`]es.

#[cfg(target_arch = "wasm32")]
pub mod link;
pub mod login;
pub mod session;
pub mod store;
#[cfg(target_arch = "wasm32")]
pub mod view;
