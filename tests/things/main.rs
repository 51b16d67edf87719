//! Devices and channels on a virtual clock: the page's session and store against the broker core.

mod past;
#[path = "../place/mod.rs"]
mod place;
mod scripts;
