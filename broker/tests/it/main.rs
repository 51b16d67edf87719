//! The core, driven by packets on a virtual clock.

mod delivery;
mod feeds;
mod support;
