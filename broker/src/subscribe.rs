//! SUBSCRIBE and UNSUBSCRIBE (chapters 3.8 and 3.10).

use crate::account::Denial;
use crate::emitter::KeyId;
use crate::events::Action;
use crate::explain::Refusal;
use crate::key::SessionKey;
use crate::options::Options;
use crate::queue::{MAX_BACKLOG, Retained};
use crate::{Broker, ConnectionId, Now, Record, Storage, owned};
use headcount_mqtt::{
    Packet, QoS, ReasonCode, RetainHandling, SubAck, Subscribe, Subscription, TopicFilter, UnsubAck,
    Unsubscribe,
};

impl Broker {
    /// Each subscription in order, then SUBACK with as many codes, then their retained messages
    /// [MQTT-3.8.4-1] [MQTT-3.8.4-6].
    pub(crate) fn subscribe(&mut self, now: Now, id: ConnectionId, subscribe: Subscribe) {
        let Some(key) = self.link(id).map(|link| link.session) else { return };
        let mut fresh = Vec::new();
        let identifier = subscribe.subscription_identifier;
        let mut refused = None;
        // [MQTT-3.8.4-5] as that many packets, in their order [MQTT-3.9.3-1].
        let reasons = subscribe
            .subscriptions
            .into_iter()
            .map(|subscription| match self.set_subscription(now, id, key, subscription, identifier) {
                Ok((code, wanted)) => {
                    fresh.extend(wanted);
                    code
                }
                Err(refusal) => {
                    let code = refusal.code;
                    refused.get_or_insert(refusal);
                    code
                }
            })
            .collect();
        self.promise_own(id);
        // One sentence has room: it explains the first refusal.
        let properties = refused.and_then(|refusal| self.ack_properties(id, &refusal.said));
        let properties = properties.unwrap_or_default();
        let ack = SubAck { packet_id: subscribe.packet_id, reasons, properties }; // [MQTT-3.8.4-2]
        self.send_explained(id, Packet::SubAck(ack));
        for (filter, qos) in fresh {
            self.queue_retained(key, &filter, qos, identifier);
            self.pump(now, key);
        }
        self.replay(now, key);
    }

    /// One subscription; with its filter and `QoS` where retained messages are wanted.
    pub(crate) fn set_subscription(
        &mut self,
        now: Now,
        id: ConnectionId,
        key: SessionKey,
        mut subscription: Subscription,
        identifier: Option<u32>,
    ) -> Result<(ReasonCode, Option<(TopicFilter, QoS)>), Refusal> {
        let mut of_key = None;
        if self.emitter.keys.may_speak(subscription.filter.as_bytes())
            && let Some(channel) = self.emitter_subscribe(now, id, &subscription.filter)
        {
            let (filter, key_id) = channel?;
            subscription.filter = filter;
            of_key = Some(key_id);
        }
        self.set_subscription_with(now, id, key, subscription, identifier, of_key)
    }

    /// The same to exactly this filter, with the key of Emitter's interface that it came by.
    pub(crate) fn set_subscription_with(
        &mut self,
        now: Now,
        id: ConnectionId,
        key: SessionKey,
        mut subscription: Subscription,
        identifier: Option<u32>,
        of_key: Option<KeyId>,
    ) -> Result<(ReasonCode, Option<(TopicFilter, QoS)>), Refusal> {
        let limits = &self.config.limits;
        if let Some(line) = limits.topic_fault(subscription.filter.as_bytes()) {
            self.report_throttled(now, key, &format!("subscription: {line}"));
            return Err(Refusal::new(ReasonCode::TopicFilterInvalid, line));
        }
        let session = self.sessions.get_mut(key.0);
        let session = session.ok_or(Refusal::new(ReasonCode::UnspecifiedError, "the session has ended"))?;
        if let Err(denial) = session.account.may_subscribe(&subscription.filter) {
            let filter = subscription.filter.text().clone();
            let said = self.report_denied(now, id, Action::Subscribe, &filter, &denial);
            return Err(Refusal::new(ReasonCode::NotAuthorized, said));
        }
        let known = session.subscriptions.contains_key(&subscription.filter);
        let most = session.account.limits.max_subscriptions;
        if !known && session.subscriptions.len() >= most {
            let line = format!("more than {most} subscriptions: {}", subscription.filter);
            self.report_throttled(now, key, &line);
            return Err(Refusal::new(ReasonCode::QuotaExceeded, line));
        }
        if !known && session.recorded && self.storage != Storage::Ready {
            let line = format!("storage is full: {}", subscription.filter);
            self.report_throttled(now, key, &line);
            return Err(Refusal::new(ReasonCode::QuotaExceeded, line));
        }
        // [MQTT-3.8.4-7] [MQTT-3.2.2-10] the QoS granted may be lower than the one asked for.
        subscription.qos = subscription.qos.min(self.config.limits.max_qos);
        subscription.filter = owned::filter(&subscription.filter);
        let filter = &subscription.filter;
        let options = Options { identifier, ..Options::from(&subscription) };
        let session = self.sessions.get_mut(key.0).expect("found above");
        session.subscriptions.insert(filter.clone(), options);
        self.subscriptions.set(filter, key, options);
        self.emitter.bonds.set(key, filter, of_key);
        if !known {
            self.presence_subscribed(now, key, filter);
        }
        self.record_of(key, |client_id| Record::SubscriptionSet {
            client_id,
            subscription: subscription.clone(),
            identifier,
            emitter_key: of_key.map(|it| it.0),
        });
        let wanted = match subscription.retain_handling {
            // [MQTT-3.8.4-4] [MQTT-3.3.1-9] [MQTT-3.3.1-10] [MQTT-3.3.1-11]
            RetainHandling::Send => true,
            RetainHandling::SendIfNew => !known,
            RetainHandling::DoNotSend => false,
        };
        // A Shared Subscription gets no retained messages when it is made (4.8.2).
        let wanted = wanted && subscription.filter.shared().is_none();
        let code = match subscription.qos {
            QoS::AtMostOnce => ReasonCode::Success,
            QoS::AtLeastOnce => ReasonCode::GrantedQoS1,
            QoS::ExactlyOnce => ReasonCode::GrantedQoS2,
        };
        Ok((code, wanted.then_some((subscription.filter, subscription.qos))))
    }

    fn queue_retained(&mut self, key: SessionKey, filter: &TopicFilter, qos: QoS, identifier: Option<u32>) {
        let found = self.retained.matching(filter);
        let Some(session) = self.sessions.get_mut(key.0) else { return };
        if found.is_empty() {
            return;
        }
        let backlog = &mut session.outgoing().backlog;
        let room = MAX_BACKLOG.saturating_sub(backlog.len());
        self.stats.dropped += found.len().saturating_sub(room) as u64;
        backlog.extend(found.iter().take(room).map(|message| Retained {
            topic: message.topic.clone(),
            qos,
            identifier,
        }));
    }

    /// Gives subscriptions up, in order as that many packets [MQTT-3.10.4-6]: nothing new is added [MQTT-3.10.4-2],
    /// what is on its way stays [MQTT-3.10.4-3]. Then answers with as many codes [MQTT-3.10.4-1] [MQTT-3.10.4-4]
    /// [MQTT-3.10.4-5] [MQTT-2.2.1-6].
    pub(crate) fn unsubscribe(&mut self, now: Now, id: ConnectionId, unsubscribe: &Unsubscribe) {
        let Some(key) = self.link(id).map(|link| link.session) else { return };
        let mut refused = None;
        let reasons = unsubscribe
            .filters
            .iter()
            .map(|filter| {
                let of_channel = self.emitter.keys.may_speak(filter.as_bytes());
                let of_channel = of_channel.then(|| self.emitter_unsubscribe(key, filter)).flatten();
                let filter = of_channel.as_ref().unwrap_or(filter);
                if let Err(denial) = self.may_unsubscribe(key, filter) {
                    let said = self.report_denied(now, id, Action::Unsubscribe, filter.text(), &denial);
                    refused.get_or_insert(said);
                    return ReasonCode::NotAuthorized;
                }
                let existed = self.end_subscription(now, key, filter);
                if existed { ReasonCode::Success } else { ReasonCode::NoSubscriptionExisted }
            })
            .collect();
        self.promise_own(id);
        let properties = refused.and_then(|said| self.ack_properties(id, &said)).unwrap_or_default();
        let ack = UnsubAck { packet_id: unsubscribe.packet_id, reasons, properties };
        self.send_explained(id, Packet::UnsubAck(ack));
    }

    fn may_unsubscribe(&self, key: SessionKey, filter: &TopicFilter) -> Result<(), Denial> {
        self.sessions.get(key.0).map_or(Ok(()), |session| session.account.may_unsubscribe(filter))
    }

    /// Ends a subscription, whoever wants that; whether there was one.
    pub(crate) fn end_subscription(&mut self, now: Now, key: SessionKey, filter: &TopicFilter) -> bool {
        let Some(session) = self.sessions.get_mut(key.0) else { return false };
        if session.subscriptions.remove(filter).is_none() {
            return false;
        }
        let is_connected = session.connection.is_some();
        self.subscriptions.remove(filter, key);
        self.emitter.bonds.remove(key, filter);
        if is_connected {
            self.presence_unsubscribed(now, key, filter);
        }
        self.record_of(key, |client_id| Record::SubscriptionRemoved { client_id, filter: filter.clone() });
        true
    }
}
