//! The codec against its vector table, its refusals, and what chance finds.

mod caller;
mod refused;
mod topics;
mod vector;
mod vectors;
