//! What a client is told once, before it connects.

use crate::{
    Connect, ConnectProperties, EncodeError, Packet, ProtocolVersion, Text, UserProperties, Will,
    encoded_len_from_client,
};
use bytes::Bytes;
use std::num::{NonZeroU16, NonZeroU32};
use std::time::Duration;

/// Everything CONNECT carries, and the client's own bounds. Its `Debug` hides the password.
#[derive(Clone, PartialEq, Eq)]
pub struct Options {
    /// Protocol version of every connection.
    pub version: ProtocolVersion,
    /// Client Identifier. Empty: the server assigns one, which is kept for reconnects.
    pub client_id: Text,
    /// Clean Start of MQTT 5.0, Clean Session of 3.1.1.
    ///
    /// Where the session outlives the connection (5.0 with a Session Expiry Interval), it holds for the first
    /// connection, and reconnects resume what that began; else it holds for each. False on a first connection takes
    /// up the session that the server keeps under this Client Identifier: the client then counts its own, empty
    /// state as that session's.
    pub clean_start: bool,
    /// Keep Alive in seconds; 0 turns it off. The server may choose another [MQTT-3.2.2-21].
    pub keep_alive: u16,
    /// User Name.
    pub user_name: Option<Text>,
    /// Password; in 3.1.1 only with a User Name [MQTT-3.1.2-22].
    pub password: Option<Bytes>,
    /// The Will, sent again with every CONNECT.
    pub will: Option<Will>,
    /// Session Expiry Interval in seconds; 0 ends the session with the connection, `u32::MAX` keeps it. MQTT 5.0.
    pub session_expiry_interval: u32,
    /// How many `QoS` 1 and 2 messages the server may have unfinished towards this client. MQTT 5.0.
    pub receive_maximum: NonZeroU16,
    /// The largest whole packet in bytes that this client takes; announced in MQTT 5.0, enforced in both.
    pub maximum_packet_size: NonZeroU32,
    /// Highest Topic Alias the server may use; 0 forbids them. MQTT 5.0.
    pub topic_alias_maximum: u16,
    /// User Properties of CONNECT. MQTT 5.0.
    pub user_properties: UserProperties,
    /// Whether PUBACK waits for [`acknowledge`](super::Client::acknowledge), so that the server keeps what the caller
    /// has not finished. `QoS` 2 is answered as ever.
    #[cfg(feature = "manual-acks")]
    pub manual_acks: bool,
    /// When to try again after a connection ended; `None`: only when [`connect`](super::Client::connect) is called.
    pub reconnect: Option<Reconnect>,
    /// What the client holds at most.
    pub limits: Limits,
}

/// The reconnect schedule: full jitter, that is a delay drawn evenly from a window that doubles with every attempt, so
/// that clients who lost one server at one moment do not come back at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reconnect {
    /// The first attempt's window: a server that restarts is met again within this.
    pub base: Duration,
    /// The widest window: a server that is down for hours is asked about twice in it.
    pub cap: Duration,
    /// How long a connection must have stood before the window shrinks to `base` again; a server that accepts and
    /// drops at once is not hammered.
    pub stable_after: Duration,
}

/// Bounds on what a client holds and waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Messages of `QoS` 1 and 2 that wait for the connection or for the server's Receive Maximum.
    pub queued_messages: usize,
    /// Their bytes, and the bytes that [`poll_action`](super::Client::poll_action) has not fetched.
    pub queued_bytes: usize,
    /// Unacknowledged messages on their way, whatever more the server's Receive Maximum allows.
    pub in_flight: u16,
    /// Topic Filters subscribed or asked for.
    pub subscriptions: usize,
    /// SUBSCRIBE and UNSUBSCRIBE that wait for their answer.
    pub requests: usize,
    /// From opening the transport to CONNACK.
    pub connect_timeout: Duration,
    /// From PINGREQ to any sign of life.
    pub ping_timeout: Duration,
}

impl Default for Reconnect {
    fn default() -> Self {
        Self {
            base: Duration::from_secs(1),
            cap: Duration::from_mins(1),
            // Longer than a server needs to accept a connection and then find a reason to end it.
            stable_after: Duration::from_secs(10),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // A minute of a busy page (16 a second); more would arrive too late to matter.
            queued_messages: 1_000,
            // Small beside a browser tab's memory, large beside a thousand usual messages.
            queued_bytes: 4 << 20,
            // Fills 10 MB/s at 100 ms with messages of 4 kB; an unanswered one is held in memory.
            in_flight: 256,
            // A page has a dozen; a bridge has hundreds.
            subscriptions: 1_000,
            // Each holds a Packet Identifier, of which there are 65,535 in all.
            requests: 100,
            // TLS and WebSocket take 4 round trips, on a poor mobile line 2 s each; and a server's own patience.
            connect_timeout: Duration::from_secs(20),
            // A round trip of the poorest line, several times over.
            ping_timeout: Duration::from_secs(10),
        }
    }
}

/// Why options cannot make a client. Blame: the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidOptions {
    /// An empty Client Identifier in 3.1.1 without Clean Session [MQTT-3.1.3-7].
    EmptyClientId,
    /// A Password without a User Name in 3.1.1 [MQTT-3.1.2-22].
    PasswordWithoutUserName,
    /// A limit that leaves no room for anything; its name.
    ZeroLimit(&'static str),
    /// Reconnect's `base` is zero or above its `cap`.
    Window,
    /// CONNECT has no bytes: a field is too long, the Password's and the Will's among them.
    Connect(EncodeError),
}

impl Options {
    /// The usual options: Clean Start, 30 s of Keep Alive, no Will, reconnects by the default schedule.
    pub fn new(version: ProtocolVersion, client_id: Text) -> Self {
        Self {
            version,
            client_id,
            clean_start: true,
            // Half of the 60 s after which common proxies drop a silent WebSocket.
            keep_alive: 30,
            user_name: None,
            password: None,
            will: None,
            session_expiry_interval: 0,
            // Twice the default in-flight window of common servers; each costs one entry of a set.
            receive_maximum: NonZeroU16::new(256).expect("256 is not 0"),
            // The journal's longest answer (1,000 events) fits several times.
            maximum_packet_size: NonZeroU32::new(1 << 20).expect("1 MiB is not 0"),
            // Each may hold a Topic Name of 65,535 bytes, 4 MiB in all at the very worst.
            topic_alias_maximum: 64,
            user_properties: Vec::new(),
            #[cfg(feature = "manual-acks")]
            manual_acks: false,
            reconnect: Some(Reconnect::default()),
            limits: Limits::default(),
        }
    }

    /// # Errors
    /// [`InvalidOptions`], each with the field to change.
    pub fn check(&self) -> Result<(), InvalidOptions> {
        if self.version == ProtocolVersion::V311 {
            if self.client_id.is_empty() && !self.clean_start {
                // [MQTT-3.1.3-7 (3.1.1)]
                return Err(InvalidOptions::EmptyClientId);
            }
            if self.password.is_some() && self.user_name.is_none() {
                return Err(InvalidOptions::PasswordWithoutUserName);
            }
        }
        let limits = &self.limits;
        for (name, value) in [
            ("queued_messages", limits.queued_messages),
            ("queued_bytes", limits.queued_bytes),
            ("in_flight", usize::from(limits.in_flight)),
            ("subscriptions", limits.subscriptions),
            ("requests", limits.requests),
            ("connect_timeout", usize::from(!limits.connect_timeout.is_zero())),
            ("ping_timeout", usize::from(!limits.ping_timeout.is_zero())),
        ] {
            if value == 0 {
                return Err(InvalidOptions::ZeroLimit(name));
            }
        }
        if self.reconnect.is_some_and(|r| r.base.is_zero() || r.base > r.cap) {
            return Err(InvalidOptions::Window);
        }
        let connect = self.connect_packet(self.client_id.clone(), self.clean_start);
        encoded_len_from_client(&connect, self.version).map(drop).map_err(InvalidOptions::Connect)
    }

    pub(super) fn connect_packet(&self, client_id: Text, clean_start: bool) -> Packet {
        let some = |value: u32| (value != 0).then_some(value);
        Packet::Connect(Box::new(Connect {
            version: self.version,
            clean_start,
            keep_alive: self.keep_alive,
            client_id,
            will: self.will.clone(),
            user_name: self.user_name.clone(),
            password: self.password.clone(),
            properties: match self.version {
                ProtocolVersion::V311 => ConnectProperties::default(),
                ProtocolVersion::V5 => ConnectProperties {
                    session_expiry_interval: some(self.session_expiry_interval),
                    receive_maximum: Some(self.receive_maximum.get()),
                    maximum_packet_size: Some(self.maximum_packet_size.get()),
                    topic_alias_maximum: (self.topic_alias_maximum != 0).then_some(self.topic_alias_maximum),
                    user_properties: self.user_properties.clone(),
                    ..ConnectProperties::default()
                },
            },
        }))
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            version,
            client_id,
            clean_start,
            keep_alive,
            user_name,
            password,
            will,
            session_expiry_interval,
            receive_maximum,
            maximum_packet_size,
            topic_alias_maximum,
            user_properties,
            #[cfg(feature = "manual-acks")]
            manual_acks,
            reconnect,
            limits,
        } = self;
        let mut shown = f.debug_struct("Options");
        #[cfg(feature = "manual-acks")]
        shown.field("manual_acks", manual_acks);
        shown
            .field("version", version)
            .field("client_id", client_id)
            .field("clean_start", clean_start)
            .field("keep_alive", keep_alive)
            .field("user_name", user_name)
            .field("password", &password.as_ref().map(|_| "hidden"))
            .field("will", will)
            .field("session_expiry_interval", session_expiry_interval)
            .field("receive_maximum", receive_maximum)
            .field("maximum_packet_size", maximum_packet_size)
            .field("topic_alias_maximum", topic_alias_maximum)
            .field("user_properties", user_properties)
            .field("reconnect", reconnect)
            .field("limits", limits)
            .finish()
    }
}

impl std::fmt::Display for InvalidOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::EmptyClientId => {
                f.write_str("client_id is empty: name one, or set clean_start, which MQTT 3.1.1 asks for")
            }
            Self::PasswordWithoutUserName => {
                f.write_str("password without user_name: give both, which MQTT 3.1.1 asks for")
            }
            Self::ZeroLimit(name) => write!(f, "limits.{name} is 0: give it room for one"),
            Self::Window => f.write_str("reconnect.base is 0 or above reconnect.cap"),
            Self::Connect(error) => write!(f, "CONNECT cannot be encoded: {error}"),
        }
    }
}

impl std::error::Error for InvalidOptions {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_tells_everything_but_the_password() {
        let mut options = Options::new(ProtocolVersion::V5, Text::try_from("lamp").expect("valid"));
        assert!(format!("{options:?}").contains("password: None"));
        options.password = Some(Bytes::from_static(b"swordfish"));
        let shown = format!("{options:?}");
        assert!(shown.contains("lamp") && shown.contains("password: Some(\"hidden\")"), "{shown}");
        assert!(!shown.contains("swordfish"), "{shown}");
    }
}
