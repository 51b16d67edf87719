//! The codec against its vector table, its refusals, and what chance finds.

mod arbitrary;
mod caller;
mod chance;
mod corpus;
mod dissect;
mod oracle;
mod refused;
mod topics;
mod vector;
mod vectors;
