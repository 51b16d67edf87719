//! A Network Connection as the core sees it.

use crate::account::Account;
use crate::key::SessionKey;
use crate::outbox::Outbox;
use crate::subscriptions::Matches;
use crate::{Comparison, ConnectionId, Limits, Peer};
use headcount_mqtt::{Connect, Packet, ProtocolVersion, QoS, TopicName, Will};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

/// One connection.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) peer: Box<Peer>,
    pub(crate) phase: Phase,
    pub(crate) outbox: Outbox,
    /// The deadline that stands in the table of timers.
    pub(crate) timer: Option<Duration>,
    pub(crate) traffic: Traffic,
}

/// How far it got.
#[derive(Debug)]
pub(crate) enum Phase {
    /// Waits for CONNECT.
    Opened,
    /// Waits for the verdict on its credentials.
    Authenticating(Box<Authenticating>),
    /// Serves a session.
    Connected(Box<Link>),
    /// Is over; what is in the outbox may still leave. Nothing that comes is served [MQTT-3.1.4-6].
    Closing,
}

/// A CONNECT whose credentials are being checked.
#[derive(Debug)]
pub(crate) struct Authenticating {
    pub(crate) connect: Box<Connect>,
    /// What its password is compared with, where that is no file's.
    pub(crate) comparison: Option<Comparison>,
    /// What came behind it.
    pub(crate) waiting: VecDeque<Packet>,
}

/// Packets that may wait behind a CONNECT: the caller stops reading, so they come from one read of some 64 KiB; a
/// thousand SUBSCRIBEs fit.
pub(crate) const MAX_WAITING: usize = 1_000;

/// A connection that serves a session.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) version: ProtocolVersion,
    pub(crate) session: SessionKey,
    pub(crate) account: Arc<Account>,
    /// The client's Maximum Packet Size in bytes.
    pub(crate) max_packet_size: usize,
    /// Whether Reason Strings are welcome (Request Problem Information).
    pub(crate) wants_reasons: bool,
    /// How many messages of `QoS` 1 and 2 may be on their way to it.
    pub(crate) window: u16,
    /// One and a half times the Keep Alive; zero where there is none.
    pub(crate) patience: Duration,
    /// When its last Control Packet came.
    pub(crate) last_packet: Duration,
    /// When its last packet other than PINGREQ came.
    pub(crate) last_active: Duration,
    pub(crate) will: Option<Box<Will>>,
    /// Absent until the first Topic Alias; they end with the connection [MQTT-3.3.2-7].
    pub(crate) aliases: Option<HashMap<u16, TopicName>>,
    /// The answer for the last topic it published to, with the permission to do so.
    pub(crate) memo: Option<Arc<Matches>>,
    /// Seconds: Session Expiry Interval as the client asked for.
    pub(crate) asked_expiry: u32,
    /// As the client said them, for events.
    pub(crate) keep_alive: u16,
    pub(crate) clean_start: bool,
    pub(crate) connected_unix: Duration,
    pub(crate) told: Told,
    /// Whether its account publishes under a rate.
    pub(crate) is_paced: bool,
    /// Packets that wait because of that, the first of them for its time. Absent where none does.
    pub(crate) waiting: Option<VecDeque<Packet>>,
}

/// What CONNACK told the client of our limits, which a reload may have changed since.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told {
    pub(crate) receive_maximum: u16,
    pub(crate) topic_alias_maximum: u16,
    pub(crate) max_qos: QoS,
    pub(crate) retain_available: bool,
}

impl Told {
    pub(crate) fn of(limits: &Limits) -> Self {
        Self {
            receive_maximum: limits.receive_maximum.max(1),
            topic_alias_maximum: limits.topic_alias_maximum,
            max_qos: limits.max_qos,
            retain_available: limits.retain_available,
        }
    }
}

/// Counters of one connection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Traffic {
    pub(crate) packets_in: u64,
    pub(crate) packets_out: u64,
    pub(crate) bytes_in: u64,
    pub(crate) bytes_out: u64,
}

impl Connection {
    pub(crate) fn new(peer: Peer) -> Self {
        Self {
            peer: Box::new(peer),
            phase: Phase::Opened,
            outbox: Outbox::default(),
            timer: None,
            traffic: Traffic::default(),
        }
    }

    pub(crate) fn link(&self) -> Option<&Link> {
        match &self.phase {
            Phase::Connected(link) => Some(link),
            _ => None,
        }
    }

    pub(crate) fn link_mut(&mut self) -> Option<&mut Link> {
        match &mut self.phase {
            Phase::Connected(link) => Some(link),
            _ => None,
        }
    }
}

impl crate::Broker {
    pub(crate) fn link(&self, id: ConnectionId) -> Option<&Link> {
        self.connections.get(id.0)?.link()
    }

    pub(crate) fn link_mut(&mut self, id: ConnectionId) -> Option<&mut Link> {
        self.connections.get_mut(id.0)?.link_mut()
    }
}
