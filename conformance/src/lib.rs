//! Conformance scripts for MQTT 3.1.1 and 5.0.
//!
//! A script sends, expects and waits; it is a plain function on a [`Bench`] and knows nothing of what it is played
//! against. The same script drives the broker core on a virtual clock, our server over a socket, and any broker by
//! URL:
//!
//! ```text
//! cargo test -p headcount-conformance
//! cargo run  -p headcount-conformance -- mqtt://127.0.0.1:1883
//! ```
//!
//! `scripts/` has one file a chapter of the standard. That Debian's mosquitto passes the same scripts, the listed
//! [`Difference`]s aside, proves the suite.

mod bench;
mod client;
mod connecting;
mod difference;
mod flow;
mod listing;
mod message;
mod run;
mod script;
pub mod scripts;
mod target;
mod transcript;

pub use bench::Bench;
pub use client::Client;
pub use connecting::Connecting;
pub use difference::{Deviant, Difference};
pub use flow::subscription;
pub use listing::{differences, list};
pub use message::{Message, message};
pub use run::{Place, Play, REAL_WAITS, Report, Verdict, plays, run, run_at};
pub use script::{BOTH, Body, Script, V5, V311, Versions};
pub use target::{Core, Frames, Read, Socket, Target, Transport, Url, Wire};
pub use transcript::{Failure, Transcript};
