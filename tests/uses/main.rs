//! The three uses on a virtual clock: their sessions against the broker core, with stand-ins for nobody.

mod place;
mod scripts;
