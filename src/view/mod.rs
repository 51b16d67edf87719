//! The view: one file a panel. A panel reads the store through the [`board`] when its version rises, and sends intents;
//! it keeps only what passes with it: an opened row, a draft, where the reader stands.

// Leptos' component macro writes the properties' struct as `pub`, whatever the component is.
#![cfg_attr(target_arch = "wasm32", allow(unreachable_pub))]

pub mod cursor;
pub mod labels;
pub mod lanes;

#[cfg(target_arch = "wasm32")]
mod banner;
#[cfg(target_arch = "wasm32")]
pub mod board;
#[cfg(target_arch = "wasm32")]
pub(crate) mod connect;
#[cfg(target_arch = "wasm32")]
pub(crate) mod copy;
#[cfg(target_arch = "wasm32")]
mod demo;
#[cfg(target_arch = "wasm32")]
mod details;
#[cfg(target_arch = "wasm32")]
mod empty;
#[cfg(target_arch = "wasm32")]
pub(crate) mod face;
#[cfg(target_arch = "wasm32")]
mod feeds;
#[cfg(target_arch = "wasm32")]
mod field;
#[cfg(target_arch = "wasm32")]
mod file;
#[cfg(target_arch = "wasm32")]
mod foot;
#[cfg(target_arch = "wasm32")]
pub(crate) mod form;
#[cfg(target_arch = "wasm32")]
pub(crate) mod icon;
#[cfg(target_arch = "wasm32")]
pub(crate) mod list;
#[cfg(target_arch = "wasm32")]
pub(crate) mod live;
#[cfg(target_arch = "wasm32")]
pub(crate) mod login;
#[cfg(target_arch = "wasm32")]
mod menu;
#[cfg(target_arch = "wasm32")]
pub mod packets;
#[cfg(target_arch = "wasm32")]
mod page;
#[cfg(target_arch = "wasm32")]
pub(crate) mod part;
#[cfg(target_arch = "wasm32")]
mod pill;
#[cfg(target_arch = "wasm32")]
pub mod place;
#[cfg(target_arch = "wasm32")]
mod presence;
#[cfg(target_arch = "wasm32")]
mod record;
#[cfg(target_arch = "wasm32")]
pub(crate) mod remember;
#[cfg(target_arch = "wasm32")]
mod resize;
#[cfg(target_arch = "wasm32")]
mod row;
#[cfg(target_arch = "wasm32")]
pub(crate) mod save;
#[cfg(target_arch = "wasm32")]
pub(crate) mod search;
#[cfg(target_arch = "wasm32")]
mod share;
#[cfg(target_arch = "wasm32")]
mod shortcuts;
#[cfg(target_arch = "wasm32")]
pub(crate) mod standing;
#[cfg(target_arch = "wasm32")]
pub mod styles;
#[cfg(target_arch = "wasm32")]
mod timeline;
#[cfg(target_arch = "wasm32")]
mod toolbar;
#[cfg(target_arch = "wasm32")]
mod trouble;
#[cfg(target_arch = "wasm32")]
mod viewport;
#[cfg(target_arch = "wasm32")]
pub mod wire;

#[cfg(target_arch = "wasm32")]
pub use connect::connects_by_itself;
#[cfg(target_arch = "wasm32")]
pub use page::Page;
#[cfg(target_arch = "wasm32")]
pub use pill::Standing;
