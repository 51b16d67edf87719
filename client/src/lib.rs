//! An MQTT client for programs: the session of [`headcount_mqtt::client`] over TCP or TLS, driven by tokio.
//!
//! ```text
//! Client (commands) ──► driver (a task: session, transport, timer) ──► Events
//!                          │  ▲
//!                   TCP or TLS, opened anew by the session's schedule
//! ```
//!
//! [`start`] spawns the driver. It lives until [`Client::disconnect`], until every [`Client`] or the [`Events`] is
//! dropped, or until the broker ends it for good. Nothing in it grows without bound: publishing waits while the
//! session's queue is full, and while nobody takes events the transport is not read, but kept alive.

mod broker;
mod client;
mod driver;
mod event;
mod transport;

pub use broker::{Broker, InvalidBroker};
pub use client::{Acknowledged, Client, Ended, Failed, Refused};
pub use event::{Event, Events};
pub use headcount_mqtt::client::{InvalidOptions, Limits, Message, Options, Receipt, Reconnect};

use driver::Driver;
use headcount_mqtt::Will;
use headcount_mqtt::client::Client as Session;
use std::hash::{BuildHasher, Hasher, RandomState};

/// Makes the Will of the next connection. It is asked before each CONNECT, so that every connection's Will can tell
/// its own.
pub type MakeWill = Box<dyn FnMut() -> Will + Send>;

/// Connects, and keeps connected. `make_will` stands above the Will of `options`.
///
/// # Errors
/// [`InvalidOptions`].
///
/// # Panics
/// Outside of a tokio runtime.
pub fn start(
    broker: Broker,
    mut options: Options,
    make_will: Option<MakeWill>,
) -> Result<(Client, Events), InvalidOptions> {
    broker.identify(&mut options);
    let queued = options.limits.queued_messages;
    // Random to each process and call, which is all that jitter asks for.
    let session = Session::new(options, RandomState::new().build_hasher().finish())?;
    let (client, commands, stop) = Client::new();
    let (events, sender) = Events::new();
    tokio::spawn(Driver::new(session, broker, make_will, queued, commands, sender, stop).run());
    Ok((client, events))
}
