//! What a realm allows, and its limits.

use std::time::Duration;

/// A realm's configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// The realm's name: `open`, `secure`.
    pub realm: String,
    /// Who may come in and what they may do.
    pub access: Access,
    /// Bounds, each with its reason.
    pub limits: Limits,
    /// Whether acknowledgements wait for [`Broker::handle_persisted`](crate::Broker::handle_persisted).
    pub durable: bool,
}

/// Who may come in.
#[derive(Debug, Clone)]
pub struct Access {
    /// Whether a client without a User Name is welcome, as the account `anonymous`.
    pub allow_anonymous: bool,
    /// Whether any User Name is believed without asking; otherwise
    /// [`Output::Authenticate`](crate::Output::Authenticate) is put out.
    pub trust_user_names: bool,
    /// Accounts that read `$headcount/+/…`, `+/clients` and `$SYS/#`; `None`: everybody.
    pub observers: Option<Vec<String>>,
    /// Rules in the grammar of Mosquitto's `acl_file`; `None`: everything is allowed.
    pub acl: Option<String>,
}

/// Bounds. Each default has its reason beside it.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Whole packet, bytes. 1 MiB: a photo fits, a connection's memory stays small.
    pub max_packet_size: usize,
    /// Unacknowledged `QoS` 1 and 2 messages to one client (`max_inflight_messages`). 20, as Mosquitto.
    pub max_inflight_messages: u16,
    /// `QoS` 1 and 2 messages waiting for one session (`max_queued_messages`). 1,000, as Mosquitto.
    pub max_queued_messages: usize,
    /// Bytes of them. 16 MiB: a thousand messages of 16 KiB.
    pub max_queued_bytes: usize,
    /// Bytes encoded for one connection and not yet fetched; above it `QoS` 0 is dropped and the rest waits in the
    /// session. 1 MiB: a second of a slow link.
    pub max_outbox_bytes: usize,
    /// Seconds from opening to CONNECT.
    pub connect_timeout: Duration,
    /// Greatest Keep Alive in seconds (`max_keepalive`); 0 asks nothing.
    pub max_keep_alive: u16,
}
