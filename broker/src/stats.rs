//! Counters of a realm.

use crate::Broker;
use crate::events::Reason;

/// What a realm holds, and what it did since its start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Connections, those without CONNECT included.
    pub connections: usize,
    /// Connections with a session.
    pub clients: usize,
    /// The most of them there were at one time.
    pub clients_maximum: usize,
    /// Sessions, those of absent clients included.
    pub sessions: usize,
    /// Sessions that ended because their client stayed away.
    pub sessions_expired: u64,
    /// Subscriptions.
    pub subscriptions: usize,
    /// Those that share their messages with others.
    pub shared_subscriptions: usize,
    /// Retained messages, without the broker's own.
    pub retained_messages: usize,
    /// Bytes of them.
    pub retained_bytes: usize,
    /// Connections that were opened.
    pub connections_opened: u64,
    /// Clients that were let in.
    pub connects: u64,
    /// Control Packets that came.
    pub packets_received: u64,
    /// Control Packets that were put out.
    pub packets_sent: u64,
    /// Bytes that came.
    pub bytes_received: u64,
    /// Bytes that left.
    pub bytes_sent: u64,
    /// PUBLISH packets that came.
    pub publishes_received: u64,
    /// PUBLISH packets that were put out: one for each copy.
    pub publishes_sent: u64,
    /// Bytes of their Application Messages.
    pub publish_bytes_received: u64,
    /// The same of what was put out.
    pub publish_bytes_sent: u64,
    /// PUBLISH packets encoded. One message to many subscribers is encoded once for each version, `QoS` and RETAIN.
    pub encoded: u64,
    /// Copies that were not delivered: a full outbox or queue, an absent client at `QoS` 0, too large, expired.
    pub dropped: u64,
}

/// Messages that wait for clients, counted one by one: see [`Broker::waiting`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// In queues, and sent without an acknowledgement.
    pub messages: usize,
    /// Bytes of those in queues.
    pub queued_bytes: usize,
}

/// How often each reason ended a connection or an attempt.
#[derive(Debug, Default)]
pub(crate) struct Ends([u64; Reason::ALL.len()]);

impl Ends {
    pub(crate) fn count(&mut self, reason: Reason) {
        self.0[reason as usize] += 1;
    }
}

impl Broker {
    /// Counters, as of this moment.
    pub fn stats(&self) -> Stats {
        Stats {
            connections: self.connections.len(),
            sessions: self.sessions.len(),
            subscriptions: self.subscriptions.len(),
            shared_subscriptions: self.subscriptions.shared(),
            retained_messages: self.retained.len(),
            retained_bytes: self.retained.bytes(),
            ..self.stats
        }
    }

    /// Messages that wait. It looks at every session: some milliseconds where there are 100,000.
    pub fn waiting(&self) -> Waiting {
        let outgoing = self.sessions.values().filter_map(|session| session.outgoing.as_ref());
        outgoing.fold(Waiting::default(), |sum, out| Waiting {
            messages: sum.messages + out.queue.len() + out.inflight.len(),
            queued_bytes: sum.queued_bytes + out.queue.bytes(),
        })
    }

    /// How often each reason of the contract's closed lists ended a connection, or (`true`) an attempt to connect.
    pub fn ends(&self) -> impl Iterator<Item = (&'static str, bool, u64)> {
        let of = |refused, ends: &Ends| {
            let counts = ends.0;
            Reason::ALL.into_iter().zip(counts).map(move |(reason, count)| (reason.as_str(), refused, count))
        };
        of(false, &self.disconnects).chain(of(true, &self.refusals))
    }

    /// A client is there.
    pub(crate) fn count_client(&mut self) {
        self.stats.connects += 1;
        self.stats.clients += 1;
        self.stats.clients_maximum = self.stats.clients_maximum.max(self.stats.clients);
    }
}
