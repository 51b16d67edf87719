//! Who is in a channel, an account's devices, and what they measure: three views over nothing but MQTT.

pub mod login;
pub mod store;

#[cfg(target_arch = "wasm32")]
mod program;
#[cfg(target_arch = "wasm32")]
mod view;

#[cfg(target_arch = "wasm32")]
pub use program::mount;
