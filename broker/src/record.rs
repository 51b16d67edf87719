//! What has to survive a restart, as changes in order.

use crate::{Message, Peer, SecurityItem};
use bytes::Bytes;
use headcount_mqtt::{PacketId, ProtocolVersion, QoS, Subscription, Text, TopicFilter, TopicName, Will};
use std::sync::Arc;
use std::time::Duration;

/// A place in the order of records; rises by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(pub u64);

/// A change of what has to survive a restart. Sessions that end with their connection are not recorded, but that they
/// are connected is.
///
/// The records of one `handle_*` belong together: a store keeps all of them or none.
/// [`Broker::restore`](crate::Broker::restore) takes them back.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Record {
    /// A session began, was taken up again, was left, or changed its expiry.
    SessionSet {
        /// Client Identifier.
        client_id: Text,
        /// Whose it is; `None` for clients without a User Name.
        user_name: Option<Text>,
        /// Session Expiry Interval in seconds; 0xFFFFFFFF never ends.
        expiry: u32,
        /// When it was left, since 1970; `None` while a connection serves it.
        left_unix: Option<Duration>,
    },
    /// A session ended, with all that belongs to it.
    SessionRemoved {
        /// Client Identifier.
        client_id: Text,
    },
    /// A connection serves a session. A broker that starts again owes it an end, and its Will.
    Connected {
        /// Client Identifier.
        client_id: Text,
        /// The connection, as events show it.
        connection: Box<Connected>,
    },
    /// Its end was told.
    Left {
        /// Client Identifier.
        client_id: Text,
    },
    /// A subscription was made or replaced.
    SubscriptionSet {
        /// Client Identifier.
        client_id: Text,
        /// Filter and options.
        subscription: Subscription,
        /// Subscription Identifier.
        identifier: Option<u32>,
        /// SHA-256 of the key of Emitter's interface that it was made with, and ends with.
        emitter_key: Option<[u8; 32]>,
    },
    /// A subscription was given up.
    SubscriptionRemoved {
        /// Client Identifier.
        client_id: Text,
        /// Its filter.
        filter: TopicFilter,
    },
    /// A message of `QoS` 1 or 2 is to be delivered to a session.
    Queued {
        /// Client Identifier.
        client_id: Text,
        /// Rises within the session; names the message in later records.
        number: u64,
        /// The message, one for all sessions.
        message: Arc<Message>,
        /// `QoS` of the delivery.
        qos: QoS,
        /// RETAIN of the delivery.
        retain: bool,
        /// Subscription Identifiers.
        identifiers: Box<[u32]>,
        /// The Shared Subscription that it came through.
        share: Option<TopicFilter>,
    },
    /// It was sent.
    Sent {
        /// Client Identifier.
        client_id: Text,
        /// As in `Queued`.
        number: u64,
        /// Its place among all that was sent in this session: the order of sending again, and the Packet Identifier.
        place: u64,
    },
    /// `QoS` 2: PUBREC came; from here on PUBREL is sent, not PUBLISH, and the message is needed no longer.
    Released {
        /// Client Identifier.
        client_id: Text,
        /// As in `Queued`.
        number: u64,
        /// As in `Sent`.
        place: u64,
    },
    /// Its delivery ended, by acknowledgement or because it was given up.
    Ended {
        /// Client Identifier.
        client_id: Text,
        /// As in `Queued`.
        number: u64,
    },
    /// A message of `QoS` 2 came from a client under this Packet Identifier and was passed on.
    Received {
        /// Client Identifier.
        client_id: Text,
        /// Packet Identifier.
        packet_id: PacketId,
    },
    /// Its PUBREL came.
    Completed {
        /// Client Identifier.
        client_id: Text,
        /// Packet Identifier.
        packet_id: PacketId,
    },
    /// The topic's retained message.
    RetainedSet {
        /// The message.
        message: Arc<Message>,
        /// The account whose bounds it counts against.
        owner: Option<Text>,
    },
    /// The topic has none.
    RetainedCleared(TopicName),
    /// A Will waits for its delay.
    WillSet {
        /// Client Identifier.
        client_id: Text,
        /// The Will.
        will: Box<Will>,
        /// When it is to be published, since 1970.
        due_unix: Duration,
    },
    /// It waits no more.
    WillCleared {
        /// Client Identifier.
        client_id: Text,
    },
    /// An entry of the realm's journal.
    Event {
        /// Its number; rises by one per realm.
        seq: u64,
        /// When it happened, since 1970.
        at_unix: Duration,
        /// The account it goes to.
        account: Text,
        /// The JSON object.
        json: Bytes,
    },
    /// A client, a group, a role or the rest of dynamic security was made or changed.
    SecuritySet {
        /// Which.
        item: SecurityItem,
        /// All of it, as the core reads it back.
        json: Bytes,
    },
    /// It is gone.
    SecurityRemoved {
        /// Which.
        item: SecurityItem,
    },
    /// A device was added or changed.
    DeviceSet {
        /// Its Client Identifier.
        client_id: Text,
        /// All of it, as the core reads it back ([`reads_device`](crate::reads_device)). Of its password it has the hash.
        json: Bytes,
    },
    /// It is gone.
    DeviceRemoved {
        /// Its Client Identifier.
        client_id: Text,
    },
    /// A channel was made.
    ChannelSet {
        /// Its number.
        channel: u32,
        /// User Name of the account that it belongs to.
        owner: Text,
        /// 0. Stores from before channels kept their entries have the number of the newest here.
        entries: u64,
        /// Empty. In such a store that entry's JSON.
        last: Bytes,
    },
    /// It is gone, and its entries with it.
    ChannelRemoved {
        /// Its number.
        channel: u32,
    },
    /// A channel has a new entry.
    EntrySet {
        /// The channel's number.
        channel: u32,
        /// The entry's; rises by one per channel.
        number: u64,
        /// The entry as it is relayed.
        json: Bytes,
    },
    /// A channel forgot the entries before this number.
    EntriesDropped {
        /// The channel's number.
        channel: u32,
        /// The oldest that is left. The newest always is, as it carries the count.
        before: u64,
    },
    /// A key for channels was made or changed.
    EmitterKeySet {
        /// Its SHA-256 in 64 hexadecimal digits. Stores of older versions have the key itself.
        key: Text,
        /// What it allows, as the core reads it back.
        json: Bytes,
    },
    /// It has expired, and is not kept; or another name took the place of this one.
    EmitterKeyRemoved {
        /// As in `EmitterKeySet`.
        key: Text,
    },
    /// A message was stored for those who subscribe to its channel later.
    HistorySet {
        /// Rises by one; the order in which they were published.
        number: u64,
        /// Until when it is kept, since 1970.
        until_unix: Duration,
        /// The message.
        message: Arc<Message>,
    },
    /// It is kept no longer.
    HistoryRemoved {
        /// As in `HistorySet`.
        number: u64,
    },
    /// The journal forgot the entries before this number.
    EventsDropped {
        /// The oldest that is left. The newest always is, as it carries the count.
        before: u64,
    },
}

/// A connection that serves a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connected {
    /// Whose it is; `None` for clients without a User Name.
    pub user_name: Option<Text>,
    /// The other end.
    pub peer: Peer,
    /// Protocol Version.
    pub version: ProtocolVersion,
    /// Seconds, as the client said.
    pub keep_alive: u16,
    /// Clean Start, or Clean Session.
    pub clean_start: bool,
    /// When it began, since 1970.
    pub connected_unix: Duration,
    /// Published if the broker dies before the connection ends.
    pub will: Option<Box<Will>>,
}
