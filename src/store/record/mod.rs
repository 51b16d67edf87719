//! A record: rows of the timeline as a file, written and opened again.
//!
//! Every fact on the timeline is an MQTT message, so a line of a record *is* the message: when it came, its topic, its
//! payload. What a row shows is read from it as it was then. The format stands in `docs/search.md`.

mod base64;
mod csv;
mod read;
mod rebuild;
mod write;

pub use csv::csv;
pub use read::{FILE_MAX, read};
pub use write::write;

/// The version of the format that is written and read.
const VERSION: u64 = 1;

/// Rows of a record at most: as many as the timeline keeps.
const ROWS_MAX: usize = super::timeline::DEFAULT_CAP;
