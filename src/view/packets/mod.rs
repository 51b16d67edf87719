//! The wire view's parts: a bar to ask by, the list of packets, and the opened packet beside it.

mod bar;
mod desk;
mod dock;
mod fields;
mod file;
mod list;
mod opened;
mod row;
mod still;
mod viewport;

pub use desk::Desk;
pub use dock::dock;
