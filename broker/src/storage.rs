//! What is refused while the storage behind the realm takes no more.

use crate::session::SessionKey;
use crate::{Broker, Now};
use headcount_mqtt::{Delivery, Publish, QoS, TopicName};

/// Whether records can be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Storage {
    /// They can.
    #[default]
    Ready,
    /// There is room for what ends things, not for more of them: messages that would be kept, new sessions that
    /// outlive their connection and their subscriptions are refused with Quota exceeded (0x97).
    Full,
    /// They wait until they can. Nobody is let in beside, so that they stay bounded.
    Failing,
}

impl Broker {
    /// The storage's state changed.
    pub fn handle_storage(&mut self, _now: Now, storage: Storage) {
        self.storage = storage;
    }

    pub(crate) fn is_storage_full(&self) -> bool {
        self.storage != Storage::Ready
    }

    /// Whether a PUBLISH would leave something in storage.
    pub(crate) fn would_store(
        &mut self,
        publisher: SessionKey,
        topic: &TopicName,
        publish: &Publish,
    ) -> bool {
        if !self.config.durable {
            return false;
        }
        if publish.retain && !publish.payload.is_empty() {
            return true;
        }
        let is_stored = |key: SessionKey| self.sessions.get(key.0).is_some_and(|session| session.recorded);
        if matches!(publish.delivery, Delivery::ExactlyOnce(_)) && is_stored(publisher) {
            return true;
        }
        if publish.delivery.qos() == QoS::AtMostOnce {
            return false;
        }
        let matches = self.matches(topic);
        let is_stored = |key: SessionKey| self.sessions.get(key.0).is_some_and(|session| session.recorded);
        let lasting = |entry: &crate::subscriptions::Entry| {
            entry.options.qos > QoS::AtMostOnce && is_stored(entry.session)
        };
        // Which member a group's message goes to is not known yet.
        matches.entries.iter().any(lasting) || !matches.shares.is_empty()
    }
}
