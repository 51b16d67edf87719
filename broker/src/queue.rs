//! Messages that wait for one session.

use crate::{AccountLimits, inflight::Pending};
use headcount_mqtt::{QoS, TopicName};
use std::collections::VecDeque;

/// First in, first out, bounded in count and bytes. When it is full the newest message is dropped, as Mosquitto does:
/// what was promised first is kept, and the order has no holes in its middle.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    waiting: VecDeque<Pending>,
    bytes: usize,
}

impl Queue {
    /// Takes it, or gives it back when there is no room.
    pub(crate) fn push(&mut self, pending: Pending, limits: &AccountLimits) -> Result<(), Pending> {
        let size = pending.message.size();
        if self.waiting.len() >= limits.max_queued_messages || self.bytes + size > limits.max_queued_bytes {
            return Err(pending);
        }
        self.bytes += size;
        self.waiting.push_back(pending);
        Ok(())
    }

    /// Takes back what storage remembers: it was within the bounds when it came.
    pub(crate) fn restore(&mut self, pending: Pending) {
        self.bytes += pending.message.size();
        self.waiting.push_back(pending);
    }

    /// Takes the message of this number out.
    pub(crate) fn take(&mut self, number: u64) -> Option<Pending> {
        // Records speak of the newest, the oldest, or one in between.
        let newest = self.waiting.back().filter(|it| it.number == number).map(|_| self.waiting.len() - 1);
        let at = newest.or_else(|| self.waiting.iter().position(|it| it.number == number))?;
        let pending = self.waiting.remove(at)?;
        self.bytes -= pending.message.size();
        Some(pending)
    }

    pub(crate) fn pop(&mut self) -> Option<Pending> {
        let pending = self.waiting.pop_front()?;
        self.bytes -= pending.message.size();
        if self.waiting.is_empty() {
            self.waiting = VecDeque::new();
        }
        Some(pending)
    }

    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

/// A retained message on its way to a new subscription: the topic, as the message may be replaced while it waits, and
/// the newest is the one to send.
#[derive(Debug)]
pub(crate) struct Retained {
    pub(crate) topic: TopicName,
    pub(crate) qos: QoS,
    pub(crate) identifier: Option<u32>,
}

/// Retained messages that wait for one client. 100,000 entries of some 50 bytes: all that a realm retains by
/// default, for one subscription to everything.
pub(crate) const MAX_BACKLOG: usize = 100_000;
