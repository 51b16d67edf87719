//! The state of a session (chapter 4.1), which may outlive its connections.

use crate::account::Account;
use crate::inflight::{Flight, InFlight, Pending};
use crate::options::Options;
use crate::queue::{Queue, Retained};
use crate::{ConnectionId, Limits};
use headcount_mqtt::{ProtocolVersion, Text, TopicFilter, Will};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

/// What the broker knows of one Client Identifier. It stays for as long as a connection serves it [MQTT-4.1.0-1].
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) client_id: Text,
    /// Whose it is: nobody else may take it over.
    pub(crate) account: Arc<Account>,
    /// The connection that serves it.
    pub(crate) connection: Option<ConnectionId>,
    /// Seconds after the connection; [`FOREVER`] never ends.
    pub(crate) expiry: u32,
    /// When it ends, while no connection serves it.
    pub(crate) ends: Option<Duration>,
    pub(crate) subscriptions: BTreeMap<TopicFilter, Options>,
    /// Packet Identifiers of `QoS` 2 messages that came and are not released [MQTT-4.3.3-10].
    pub(crate) received: BTreeSet<u16>,
    /// Boxed and absent where nothing is on its way: most sessions are idle.
    pub(crate) outgoing: Option<Box<Outgoing>>,
    /// The Will that waits for its delay.
    pub(crate) will: Option<Box<PendingWill>>,
    /// Messages ever taken for it at `QoS` 1 and 2, the numbers in records.
    pub(crate) numbered: u64,
    /// Whether storage knows it. What happens to it is then recorded until it ends, even where its expiry became 0.
    pub(crate) recorded: bool,
}

/// Session Expiry Interval of a session that does not end by itself [MQTT-3.1.2-23].
pub(crate) const FOREVER: u32 = u32::MAX;

/// What is on its way to the client.
#[derive(Debug, Default)]
pub(crate) struct Outgoing {
    pub(crate) inflight: InFlight,
    pub(crate) queue: Queue,
    pub(crate) backlog: VecDeque<Retained>,
}

/// A Will that waits for its delay.
#[derive(Debug)]
pub(crate) struct PendingWill {
    pub(crate) due: Duration,
    pub(crate) will: Box<Will>,
}

impl Session {
    pub(crate) fn new(client_id: Text, account: Arc<Account>) -> Self {
        Self {
            client_id,
            account,
            connection: None,
            expiry: 0,
            ends: None,
            subscriptions: BTreeMap::new(),
            received: BTreeSet::new(),
            outgoing: None,
            will: None,
            numbered: 0,
            recorded: false,
        }
    }

    /// Whether it stays when its connection ends.
    pub(crate) fn outlives_connection(&self) -> bool {
        self.expiry > 0
    }

    pub(crate) fn outgoing(&mut self) -> &mut Outgoing {
        self.outgoing.get_or_insert_default()
    }

    /// Whether a message of `QoS` 1 or 2 may be sent at once without overtaking others.
    pub(crate) fn may_send(&self, window: u16) -> bool {
        self.outgoing
            .as_ref()
            .is_none_or(|out| out.queue.is_empty() && out.backlog.is_empty() && out.inflight.has_room(window))
    }

    /// The number of one more message.
    pub(crate) fn number(&mut self) -> u64 {
        self.numbered += 1;
        self.numbered
    }
}

impl Outgoing {
    /// What nobody has taken over yet: messages in flight that were not received, then those that wait.
    pub(crate) fn into_unreceived(mut self) -> impl Iterator<Item = (bool, Pending)> {
        let mut left: Vec<_> = self
            .inflight
            .drain()
            .filter_map(|flight| match flight {
                Flight::Published(pending) => Some((true, pending)),
                Flight::Released { .. } => None,
            })
            .collect();
        while let Some(pending) = self.queue.pop() {
            left.push((false, pending));
        }
        left.into_iter()
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.backlog.is_empty() && !self.inflight.must_resend()
    }
}

/// The Session Expiry Interval that is used for what a client asks.
pub(crate) fn expiry(
    version: ProtocolVersion,
    clean_start: bool,
    asked: Option<u32>,
    limits: &Limits,
) -> u32 {
    let wanted = match version {
        ProtocolVersion::V5 => asked.unwrap_or(0),
        // Clean Session 1 of 3.1.1 ends with the connection, 0 lasts.
        ProtocolVersion::V311 if clean_start => 0,
        ProtocolVersion::V311 => FOREVER,
    };
    wanted.min(limits.max_session_expiry.unwrap_or(FOREVER))
}
