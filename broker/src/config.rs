//! What a realm allows, and its limits.

use crate::{EmitterKeys, EmitterLimits};
use headcount_mqtt::QoS;
use std::collections::BTreeMap;
use std::sync::Arc;
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
    /// Bounds of the accounts that have other ones than [`Limits::account`], by User Name.
    pub account_limits: BTreeMap<String, AccountLimits>,
    /// Whether acknowledgements wait for [`Broker::handle_persisted`](crate::Broker::handle_persisted), and records
    /// are put out at all.
    pub durable: bool,
    /// How often `$SYS/broker/…` is said anew; `None`: never.
    pub sys_interval: Option<Duration>,
    /// Fills a buffer with random bytes that nobody guesses, or says that it cannot: the core has none of its own. Without
    /// ([`no_random`]) no keys are made.
    pub random: fn(&mut [u8]) -> bool,
}

/// No random bytes.
pub fn no_random(_: &mut [u8]) -> bool {
    false
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
    /// Accounts that may kick clients, and delete sessions and retained messages. Empty by default: where user names
    /// are believed without proof, anybody could be one of them.
    pub administrators: Vec<String>,
    /// Rules in the grammar of Mosquitto's `acl_file`; `None`: everything is allowed.
    pub acl: Option<String>,
    /// The name of the file that the rules stand in, as errors and `denied` events give it.
    pub acl_name: String,
    /// Whether Mosquitto's dynamic-security interface is spoken, which adds rules and clients to those of the files.
    /// Not where user names are believed without proof.
    pub dynamic_security: bool,
    /// Whether accounts have devices with credentials of their own, and channels. Not where user names are believed
    /// without proof.
    pub devices: bool,
    /// Keys of Emitter's interface, each of which allows everything and may make others; `None`: it is not spoken. Not
    /// more than 63 bytes each, without `/`, `+` and `#`.
    pub emitter_keys: Option<EmitterKeys>,
    /// The accounts of the password file, each with where it stands: `users:12`. Dynamic security knows them as clients,
    /// and devices belong to them.
    pub accounts: Arc<BTreeMap<String, String>>,
}

/// Bounds of one account: of all its clients together, or of each of its sessions. Each default
/// ([`AccountLimits::default`]) has its reason beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountLimits {
    /// Connections at one time. No bound beside the realm's: one account for all devices is usual.
    pub max_connections: usize,
    /// Connections a second, ten seconds' worth at once; 0: any. 0: the door's rate for each address holds, too.
    pub max_connection_rate: u32,
    /// Messages a second, a second's worth at once; 0: any. Who is above it is read slowly. 0: what is too much
    /// depends on the use.
    pub max_publish_rate: u32,
    /// Unacknowledged `QoS` 1 and 2 messages to one client (`max_inflight_messages`). 20, as Mosquitto.
    pub max_inflight_messages: u16,
    /// `QoS` 1 and 2 messages waiting for one session (`max_queued_messages`). 1,000, as Mosquitto.
    pub max_queued_messages: usize,
    /// Bytes of them. 16 MiB: a thousand messages of 16 KiB.
    pub max_queued_bytes: usize,
    /// Subscriptions of one session. 20,000: a bridge with one for each of its devices.
    pub max_subscriptions: usize,
    /// Messages that its clients retained. No bound beside the realm's.
    pub max_retained_messages: usize,
    /// Bytes of them. No bound beside the realm's.
    pub max_retained_bytes: usize,
}

impl Default for AccountLimits {
    fn default() -> Self {
        Self {
            max_connections: usize::MAX,
            max_connection_rate: 0,
            max_publish_rate: 0,
            max_inflight_messages: 20,
            max_queued_messages: 1_000,
            max_queued_bytes: 16 << 20,
            max_subscriptions: 20_000,
            max_retained_messages: usize::MAX,
            max_retained_bytes: usize::MAX,
        }
    }
}

/// Bounds. Each default ([`Limits::default`]) has its reason beside it.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Whole packet, bytes. 1 MiB: a photo fits, a connection's memory stays small.
    pub max_packet_size: usize,
    /// Application Message of a PUBLISH, bytes. No bound beside the packet's.
    pub max_payload_size: Option<usize>,
    /// Bounds of each account that has none of its own.
    pub account: AccountLimits,
    /// Bytes encoded for one connection and not yet fetched; above it `QoS` 0 is dropped and the rest waits in the
    /// session. 1 MiB: a second of a slow link.
    pub max_outbox_bytes: usize,
    /// Seconds from opening to CONNECT. 10 s: a slow phone makes it, a half-open connection does not stay.
    pub connect_timeout: Duration,
    /// Greatest Keep Alive in seconds (`max_keepalive`); 0 asks nothing. 0: a client knows its own network.
    pub max_keep_alive: u16,
    /// Ends a connection that sends nothing but PINGREQ for so long. Off: silence is no fault.
    pub idle_timeout: Option<Duration>,
    /// Greatest `QoS` that is taken and granted. 2.
    pub max_qos: QoS,
    /// Whether a payload whose Payload Format Indicator says text has to be UTF-8. It is not looked at: the standard
    /// leaves it to the receiver, and reading each payload costs time.
    pub check_payload_format: bool,
    /// Whether messages may be retained. They may.
    pub retain_available: bool,
    /// Whether an empty Client Identifier is given one. It is: small clients have none.
    pub allow_empty_client_id: bool,
    /// Connections a second, ten seconds' worth at once; 0: any. 0: the machine is the bound.
    pub max_connection_rate: u32,
    /// Messages a second from all clients, a second's worth at once; 0: any. Whoever comes above it is read slowly. 0:
    /// the machine is the bound.
    pub max_publish_rate: u32,
    /// Bytes of a Topic Name or Topic Filter. 65,535, the most that the standard can write.
    pub max_topic_bytes: usize,
    /// Connections with a session at one time. 100,000: some 500 MiB of idle clients.
    pub max_connections: usize,
    /// Sessions, those of absent clients included. 200,000: twice the connections.
    pub max_sessions: usize,
    /// Greatest Session Expiry Interval in seconds (`persistent_client_expiration`); in 3.1.1 the interval of Clean
    /// Session 0. `None`, as Mosquitto: sessions that shall stay do.
    pub max_session_expiry: Option<u32>,
    /// Levels of a Topic Name or Topic Filter; each costs a node of the trie. 1,000: five times Mosquitto's, and 64 KiB of slashes
    /// do not turn into megabytes.
    pub max_topic_levels: usize,
    /// `QoS` 1 and 2 messages of one MQTT 5.0 client without an end at one time (Receive Maximum). 100: a link of
    /// 100 ms still does 1,000 a second.
    pub receive_maximum: u16,
    /// Topic Aliases that one client may set (Topic Alias Maximum). 32: a device has few topics, and each may hold
    /// 64 KiB.
    pub topic_alias_maximum: u16,
    /// Retained messages. 100,000: one for each connection, and they are kept in memory.
    pub max_retained_messages: usize,
    /// Bytes of them. 256 MiB: a quarter of a small machine's memory.
    pub max_retained_bytes: usize,
    /// Events that the journal keeps. 10,000: twenty pages' worth of the past, some 5 MiB.
    pub max_journal_events: usize,
    /// Bytes of their JSON. 16 MiB: identifiers may be 64 KiB long, and the journal is kept in memory.
    pub max_journal_bytes: usize,
    /// For how long it keeps them. A week: what happened at the weekend can be seen on Monday. `None`: for good.
    pub max_journal_age: Option<Duration>,
    /// Bounds of dynamic security.
    pub security: SecurityLimits,
    /// Bounds of devices and channels.
    pub devices: DeviceLimits,
    /// Bounds of Emitter's interface.
    pub emitter: EmitterLimits,
}

/// Bounds of devices and their channels. Each default ([`DeviceLimits::default`]) has its reason beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceLimits {
    /// Devices of one account. 100, as ThingSpeak.
    pub max_devices: usize,
    /// Channels of one device, and with the number above of an account's channels. 10, as ThingSpeak.
    pub max_device_channels: usize,
    /// Bytes of a value in a channel. 255, as ThingSpeak.
    pub max_field_bytes: usize,
    /// Entries that each channel keeps, the newest. 1,000: two charts' worth, a day at one in a minute and a half; they
    /// are kept in memory.
    pub max_channel_entries: usize,
    /// Bytes of them. 1 MiB: a thousand with eight long values each. The newest is kept whatever its size.
    pub max_channel_bytes: usize,
    /// The same of all channels of an account; the largest gives first. 16 MiB, as the journal: eighty channels full of
    /// usual entries.
    pub max_account_entry_bytes: usize,
}

impl Default for DeviceLimits {
    fn default() -> Self {
        Self {
            max_devices: 100,
            max_device_channels: 10,
            max_field_bytes: 255,
            max_channel_entries: 1_000,
            max_channel_bytes: 1 << 20,
            max_account_entry_bytes: 16 << 20,
        }
    }
}

/// Bounds of what dynamic security keeps, all of it in memory. Each default ([`SecurityLimits::default`]) has its reason
/// beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecurityLimits {
    /// Clients that are created. 10,000: more come from a password file.
    pub max_dynamic_clients: usize,
    /// Groups. 10,000: a room for each client.
    pub max_dynamic_groups: usize,
    /// Roles. 10,000: one for each group.
    pub max_dynamic_roles: usize,
    /// ACLs of one role. 1,000: a message to a new topic is compared with each.
    pub max_dynamic_acls: usize,
    /// Groups of one client; roles of one client or group. 1,000, for the same reason.
    pub max_dynamic_memberships: usize,
    /// Bytes of all of it as it is stored; nothing is added above. 64 MiB: a quarter of the retained messages' room.
    pub max_dynamic_bytes: usize,
}

impl Default for SecurityLimits {
    fn default() -> Self {
        Self {
            max_dynamic_clients: 10_000,
            max_dynamic_groups: 10_000,
            max_dynamic_roles: 10_000,
            max_dynamic_acls: 1_000,
            max_dynamic_memberships: 1_000,
            max_dynamic_bytes: 64 << 20,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_packet_size: 1 << 20,
            max_payload_size: None,
            account: AccountLimits::default(),
            max_outbox_bytes: 1 << 20,
            connect_timeout: Duration::from_secs(10),
            max_keep_alive: 0,
            idle_timeout: None,
            max_qos: QoS::ExactlyOnce,
            check_payload_format: false,
            retain_available: true,
            allow_empty_client_id: true,
            max_connection_rate: 0,
            max_publish_rate: 0,
            max_topic_bytes: 65_535,
            max_connections: 100_000,
            max_sessions: 200_000,
            max_session_expiry: None,
            max_topic_levels: 1_000,
            receive_maximum: 100,
            topic_alias_maximum: 32,
            max_retained_messages: 100_000,
            max_retained_bytes: 256 << 20,
            max_journal_events: 10_000,
            max_journal_bytes: 16 << 20,
            max_journal_age: Some(Duration::from_hours(7 * 24)),
            security: SecurityLimits::default(),
            devices: DeviceLimits::default(),
            emitter: EmitterLimits::default(),
        }
    }
}

impl Limits {
    /// What is wrong with a topic's or filter's depth or length, if anything.
    pub(crate) fn topic_fault(&self, topic: &[u8]) -> Option<String> {
        if topic.len() > self.max_topic_bytes {
            return Some(format!("a topic of more than {} bytes", self.max_topic_bytes));
        }
        let levels = topic.split(|byte| *byte == b'/').count();
        (levels > self.max_topic_levels)
            .then(|| format!("a topic of more than {} levels", self.max_topic_levels))
    }
}

impl Access {
    /// Everybody comes in, does everything and observes everybody.
    pub fn open() -> Self {
        Self {
            allow_anonymous: true,
            trust_user_names: true,
            observers: None,
            administrators: Vec::new(),
            acl: None,
            acl_name: "acl".to_owned(),
            dynamic_security: false,
            devices: false,
            emitter_keys: None,
            accounts: Arc::default(),
        }
    }

    /// Whether the interface is open.
    pub(crate) fn has_dynamic_security(&self) -> bool {
        self.dynamic_security && !self.trust_user_names
    }

    /// Whether accounts have devices.
    pub(crate) fn has_devices(&self) -> bool {
        self.devices && !self.trust_user_names
    }
}

impl Config {
    /// A realm in memory that is open to everybody, with the default limits.
    pub fn open(realm: &str) -> Self {
        Self {
            realm: realm.to_owned(),
            access: Access::open(),
            limits: Limits::default(),
            durable: false,
            sys_interval: None,
            random: no_random,
            account_limits: BTreeMap::new(),
        }
    }
}
