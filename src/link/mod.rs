//! The link: the page's way to its broker.
//!
//! [`session`] and [`demo`] drive the client session of `headcount-mqtt` and tell the store what came of it; they own
//! no socket and read no clock, so that tests drive them against the broker core on a virtual clock. The rest is the
//! only code that touches a WebSocket, a timer or an animation frame.

pub mod caller;
pub mod courier;
pub mod demo;
pub mod dial;
pub mod moment;
pub mod party;
pub mod session;

#[cfg(target_arch = "wasm32")]
mod alarm;
#[cfg(target_arch = "wasm32")]
mod beat;
#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(target_arch = "wasm32")]
mod channel;
#[cfg(target_arch = "wasm32")]
mod drive;
#[cfg(target_arch = "wasm32")]
mod frame;
#[cfg(target_arch = "wasm32")]
mod line;
#[cfg(target_arch = "wasm32")]
mod listen;
#[cfg(target_arch = "wasm32")]
mod socket;

#[cfg(target_arch = "wasm32")]
pub use beat::Beat;
#[cfg(target_arch = "wasm32")]
pub use browser::{Link, clock, random};
#[cfg(target_arch = "wasm32")]
pub use channel::Channel;
#[cfg(target_arch = "wasm32")]
pub use drive::Drive;
#[cfg(target_arch = "wasm32")]
pub use frame::Frame;
