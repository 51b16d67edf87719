//! Messages that were published with a `ttl`, for those who subscribe later.

use super::channel::Options;
use crate::message::Message;
use crate::{Broker, Now, Record};
use headcount_mqtt::TopicFilter;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

/// Stored messages of a realm, oldest first.
#[derive(Debug, Default)]
pub(crate) struct History {
    stored: VecDeque<Stored>,
    bytes: usize,
    /// The number of the last.
    numbered: u64,
}

#[derive(Debug)]
struct Stored {
    number: u64,
    message: Arc<Message>,
    /// Since 1970.
    until: Duration,
}

impl History {
    /// As it was stored: in the order of numbers.
    pub(crate) fn restore(&mut self, number: u64, message: Arc<Message>, until: Duration) {
        self.numbered = self.numbered.max(number);
        self.bytes += message.size();
        self.stored.push_back(Stored { number, message, until });
    }

    pub(crate) fn forget(&mut self, number: u64) {
        if let Ok(at) = self.stored.binary_search_by_key(&number, |it| it.number)
            && let Some(gone) = self.stored.remove(at)
        {
            self.bytes -= gone.message.size();
        }
    }

    /// The newest that a new subscription is to get, oldest first.
    pub(super) fn newest(&self, filter: &TopicFilter, options: Options, now: Duration) -> Vec<Arc<Message>> {
        let from = Duration::from_secs(options.from.unwrap_or(0).into());
        let until = options.until.map_or(Duration::MAX, |until| Duration::from_secs(until.into()));
        // Emitter gives one to whoever asks for none: it stands for MQTT's retained message.
        let count = options.last.unwrap_or(1) as usize;
        let found = self.stored.iter().rev().filter(|it| {
            it.until > now
                && (from..=until).contains(&it.message.received_unix)
                && filter.matches(&it.message.topic)
        });
        let mut found: Vec<_> = found.take(count).map(|it| Arc::clone(&it.message)).collect();
        found.reverse();
        found
    }
}

impl Broker {
    /// Keeps a message for so many seconds; the oldest make room.
    pub(crate) fn store_message(&mut self, now: Now, message: &Message, ttl: u32) {
        let limits = self.config.limits.emitter;
        let lasts = Duration::from_secs(ttl.into());
        let until = now.unix + limits.max_history_age.map_or(lasts, |longest| lasts.min(longest));
        let message = Arc::new(message.to_stay());
        if message.size() > limits.max_history_bytes {
            return;
        }
        let history = &mut self.emitter.history;
        history.numbered += 1;
        let number = history.numbered;
        history.restore(number, Arc::clone(&message), until);
        self.persist(|| Record::HistorySet { number, until_unix: until, message });
        loop {
            let history = &mut self.emitter.history;
            let is_full = history.stored.len() > limits.max_history_messages
                || history.bytes > limits.max_history_bytes;
            let oldest = history.stored.front().filter(|it| is_full || it.until <= now.unix);
            let Some(number) = oldest.map(|it| it.number) else { break };
            history.forget(number);
            self.persist(|| Record::HistoryRemoved { number });
        }
    }
}
