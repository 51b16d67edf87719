//! The three uses on a virtual clock: their sessions against the broker core, with stand-ins for nobody.

#[path = "../place/mod.rs"]
mod place;
mod rooms;
mod scripts;
