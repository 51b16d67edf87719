//! What survives the process.

mod disk;
mod folder;
mod full;
mod kill;
mod restart;
