//! What is refused while the storage behind the realm takes no more.

use crate::events::Reason;
use crate::key::SessionKey;
use crate::{Broker, Now};
use headcount_mqtt::{Delivery, Publish, QoS, ReasonCode, TopicName};
use std::collections::BTreeSet;

/// Whether records can be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Storage {
    /// They can.
    #[default]
    Ready,
    /// There is room for what ends things, not for more of them: messages that would be kept, new sessions that
    /// outlive their connection and their subscriptions are refused with Quota exceeded (0x97).
    Full,
    /// They wait until they can. Whoever waits for an acknowledgement is told Quota exceeded by a DISCONNECT, and
    /// nobody is let in, so that they stay bounded.
    Failing,
}

impl Broker {
    /// The storage's state changed.
    pub fn handle_storage(&mut self, now: Now, storage: Storage) {
        self.storage = storage;
        if storage == Storage::Failing {
            // What was taken is stored later, and known then when it is sent again; but what else was sent cannot be
            // refused past an acknowledgement that waits [MQTT-4.6.0-2].
            let waiting: BTreeSet<_> = self.promises.iter().map(|(_, id)| *id).collect();
            for id in waiting {
                self.expel(now, id, ReasonCode::QuotaExceeded, Reason::QuotaExceeded);
            }
        }
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
        let account = self.sessions.get(publisher.0).map(|session| &session.account);
        if let Some(would_enter) = account.and_then(|account| self.would_enter(account, topic)) {
            return would_enter;
        }
        if publish.retain && !publish.payload.is_empty() {
            return true;
        }
        if matches!(publish.delivery, Delivery::ExactlyOnce(_)) && self.is_recorded(publisher) {
            return true;
        }
        if publish.delivery.qos() == QoS::AtMostOnce {
            return false;
        }
        let matches = self.matches(topic);
        let lasting = |entry: &crate::subscriptions::Entry| {
            entry.options.qos > QoS::AtMostOnce && self.is_recorded(entry.session)
        };
        // Which member a group's message goes to is not known yet.
        matches.entries.iter().any(lasting) || !matches.shares.is_empty()
    }
}
