//! Passwords: those that devices are given, the hashes that `mosquitto_passwd` and `headcount passwd` write, and the files that they stand in.

mod credentials;
mod file;
mod hash;

pub(crate) use credentials::credentials;
pub(crate) use file::{Entry, Mistake, is_no_entry, parse, read_text, replace};
pub(crate) use hash::{Hash, fill_random};
