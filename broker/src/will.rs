//! Wills (3.1.2.5): published when a connection ends in any other way than by DISCONNECT with Reason Code 0.

use crate::key::SessionKey;
use crate::message::Message;
use crate::session::PendingWill;
use crate::timers::Timer;
use crate::{Broker, Now, Record};
use headcount_mqtt::{PublishProperties, Will};
use std::time::Duration;

impl Broker {
    /// The connection of a session ended: publishes its Will, at once or after its delay, the session's end included
    /// [MQTT-3.1.2-8].
    pub(crate) fn leave_will(&mut self, now: Now, key: SessionKey, will: Box<Will>) {
        let Some(session) = self.sessions.get_mut(key.0) else { return };
        let delay = will.properties.will_delay_interval.unwrap_or(0);
        if delay == 0 || !session.outlives_connection() {
            self.publish_will(now, key, &will);
            return;
        }
        let due = now.monotonic + Duration::from_secs(delay.into());
        if session.recorded {
            let client_id = session.client_id.clone();
            let due_unix = now.unix + Duration::from_secs(delay.into());
            let will = will.clone();
            self.persist(move || Record::WillSet { client_id, will, due_unix });
        }
        let session = self.sessions.get_mut(key.0).expect("found above");
        session.will = Some(Box::new(PendingWill { due, will }));
        self.timers.set(due, Timer::Will(key));
    }

    /// The delay is over, or the session ends before it.
    pub(crate) fn publish_pending_will(&mut self, now: Now, key: SessionKey) {
        if let Some(pending) = self.take_pending_will(key) {
            self.publish_will(now, key, &pending.will);
        }
    }

    /// The client came back before the delay was over: nothing is published [MQTT-3.1.3-9].
    pub(crate) fn cancel_will(&mut self, key: SessionKey) {
        self.take_pending_will(key);
    }

    fn take_pending_will(&mut self, key: SessionKey) -> Option<Box<PendingWill>> {
        let session = self.sessions.get_mut(key.0)?;
        let pending = session.will.take()?;
        self.timers.clear(pending.due, Timer::Will(key));
        self.record_of(key, |client_id| Record::WillCleared { client_id });
        Some(pending)
    }

    fn publish_will(&mut self, now: Now, key: SessionKey, will: &Will) {
        if self.channel_will(now, key, will) {
            return;
        }
        let Some(session) = self.sessions.get(key.0) else { return };
        let account = session.account.clone();
        let speaks = self.emitter.keys.may_speak(will.topic.as_bytes());
        let of_channel = speaks.then(|| self.emitter_will(now, &will.topic, will.retain)).flatten();
        let (topic, ttl) = match of_channel {
            None => (will.topic.clone(), None),
            Some(Ok(channel)) => channel,
            Some(Err((topic, denial))) => return self.report_denied_will(now, key, &topic, &denial),
        };
        if let Err(denial) = account.may_publish(&topic) {
            self.report_denied_will(now, key, &topic, &denial);
            return;
        }
        let given = &will.properties;
        let properties = PublishProperties {
            payload_format_indicator: given.payload_format_indicator,
            message_expiry_interval: given.message_expiry_interval,
            content_type: given.content_type.clone(),
            response_topic: given.response_topic.clone(),
            correlation_data: given.correlation_data.clone(),
            // [MQTT-3.1.3-10]
            user_properties: given.user_properties.clone(),
            ..PublishProperties::default()
        };
        let message = Message {
            topic,
            payload: will.payload.clone(),
            qos: will.qos,
            properties: (properties != PublishProperties::default()).then(|| Box::new(properties)),
            received: now.monotonic,
            received_unix: now.unix,
        };
        if let Some(ttl) = ttl {
            self.store_message(now, &message, ttl);
        }
        // [MQTT-3.1.2-14] [MQTT-3.1.2-15] retained or not, as the Will says.
        self.publish_message(now, message, will.retain, Some(key));
    }
}
