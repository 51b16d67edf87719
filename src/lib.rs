//! The Headcount page: a [`store`] of plain Rust that folds what the broker tells, a link that owns the
//! WebSocket, timers and frames, and a view that shows the store and sends it intents.

#[cfg(target_arch = "wasm32")]
pub mod app;
pub mod chat;
pub mod link;
pub mod locale;
pub mod store;
pub mod view;
