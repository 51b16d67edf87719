//! Devices of an account: clients with credentials of their own and rights in channels alone, as ThingSpeak has them.
//!
//! `$headcount/<account>/devices/<verb>` takes `add`, `list`, `update`, `rotate` and `remove` in JSON; the answer goes to
//! the asker alone, and where it holds a new password, that password is said this once. docs/devices.md shows all of it.
//!
//! ```text
//! request → fields (a draft) → [credentials: made and hashed elsewhere] → change → book → records
//!                                                                                   └ rights (compiled for each client) → account
//! ```
//!
//! A device's connection belongs to the account that owns it, in every feed and limit, with none of that account's
//! rights. Its Client Identifier, which is its User Name too, is its own: no other client may use it.

mod answer;
mod book;
mod change;
mod credentials;
mod fields;
mod kept;
mod login;
mod request;
mod rights;
mod stored;

pub(crate) use book::Devices;
pub use credentials::Credentials;
pub(crate) use request::Verb;
pub(crate) use rights::{Badge, Rights};
pub use stored::reads_device;
