//! What survives the process.

mod kill;
mod restart;
