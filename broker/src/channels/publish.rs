//! From a message to an entry, and from the entry to all who may read the channel.

use super::body::{self, Reading};
use super::entry;
use super::topic::{PREFIX, Target, target};
use crate::account::{Account, Denial};
use crate::events::Action;
use crate::explain::Refusal;
use crate::key::SessionKey;
use crate::message::Message;
use crate::route::Keep;
use crate::{Broker, ConnectionId, Now};
use bytes::Bytes;
use headcount_mqtt::{Publish, PublishProperties, QoS, ReasonCode, TopicName, Will};
use std::sync::Arc;

/// Why a message becomes no entry.
enum Fault {
    Denied(Denial),
    Mistake(ReasonCode, String),
}

/// What of a message its entry goes by.
struct Source<'a> {
    topic: &'a TopicName,
    payload: &'a [u8],
    qos: QoS,
    expiry: Option<u32>,
}

impl Broker {
    /// Makes an entry of a message to a channel, or says why not; a device publishes nothing else. `None`: it is an
    /// ordinary message.
    pub(crate) fn channel_publish(
        &mut self,
        now: Now,
        id: ConnectionId,
        topic: &TopicName,
        publish: &Publish,
    ) -> Option<Result<(), Refusal>> {
        let account = &self.link(id)?.account;
        if !self.is_for_channels(account, topic) {
            return None;
        }
        if let Some(Target::Feeds(channel)) = target(topic.as_str()) {
            return Some(self.feeds_request(now, id, topic, channel, publish));
        }
        let account = Arc::clone(account);
        let source = Source {
            topic,
            payload: &publish.payload,
            qos: publish.delivery.qos(),
            expiry: publish.properties.as_ref().and_then(|given| given.message_expiry_interval),
        };
        Some(match self.take_entry(now, &account, &source) {
            Ok(()) => Ok(()),
            Err(Fault::Denied(denial)) => {
                let said = self.report_denied(now, id, Action::Publish, topic.text(), &denial);
                Err(Refusal::new(ReasonCode::NotAuthorized, said))
            }
            Err(Fault::Mistake(code, why)) => {
                let line = format!("the message to {topic} is no entry: {why}");
                self.report_mistake(now, id, &line);
                Err(Refusal::new(code, line))
            }
        })
    }

    /// The same for a Will; whether it is one of these.
    pub(crate) fn channel_will(&mut self, now: Now, key: SessionKey, will: &Will) -> bool {
        let Some(session) = self.sessions.get(key.0) else { return false };
        let account = Arc::clone(&session.account);
        if !self.is_for_channels(&account, &will.topic) {
            return false;
        }
        let expiry = will.properties.message_expiry_interval;
        let source = Source { topic: &will.topic, payload: &will.payload, qos: will.qos, expiry };
        match self.take_entry(now, &account, &source) {
            Ok(()) => {}
            Err(Fault::Denied(denial)) => self.report_denied_will(now, key, &will.topic, &denial),
            Err(Fault::Mistake(_, why)) => {
                let line = format!("{}: its Will to {} is no entry: {why}", self.client_id(key), will.topic);
                self.complain(now, &account, "errors", line);
            }
        }
        true
    }

    /// Whether a message of this account to these topics leaves something: all but a request does.
    pub(crate) fn would_enter(&self, account: &Account, topic: &TopicName) -> Option<bool> {
        let is_request = || matches!(target(topic.as_str()), Some(Target::Feeds(_)));
        self.is_for_channels(account, topic).then(|| !is_request())
    }

    /// Whether a message of this account is the channels' to take.
    pub(crate) fn is_for_channels(&self, account: &Account, topic: &TopicName) -> bool {
        account.is_device() || self.gate.has_devices() && topic.as_bytes().starts_with(PREFIX)
    }

    fn take_entry(&mut self, now: Now, account: &Account, source: &Source<'_>) -> Result<(), Fault> {
        account.may_publish(source.topic).map_err(Fault::Denied)?;
        let most = self.config.limits.devices.max_field_bytes;
        let (channel, reading) = match target(source.topic.as_str()) {
            Some(Target::PublishField(channel, at)) => (channel, body::single(at, source.payload, most)),
            Some(Target::Publish(channel)) => (channel, body::form(source.payload, most)),
            _ => {
                let why =
                    "publish to channels/<number>/publish or channels/<number>/publish/fields/field<1 to 8>";
                return Err(Fault::Mistake(ReasonCode::TopicNameInvalid, why.to_owned()));
            }
        };
        let mistake = |why| Fault::Mistake(ReasonCode::PayloadFormatInvalid, why);
        let reading = reading.map_err(mistake)?;
        if self.config.durable && self.is_storage_full() {
            // A Will; what a client publishes was refused before.
            return Err(Fault::Mistake(ReasonCode::QuotaExceeded, "storage is full".to_owned()));
        }
        // Without the room that was left to grow, as it is kept.
        let json = |number| Bytes::from(entry::json(channel, number, now.unix, &reading).into_boxed_slice());
        let limits = self.config.limits.devices;
        let Some((json, records)) = self.devices.enter(channel, &limits, json) else { return Ok(()) };
        for record in records {
            self.persist(|| record);
        }
        self.relay(now, channel, json, &reading, source);
        Ok(())
    }

    /// Gives an entry to all who may read the channel, once its number is stored: none is ever given twice.
    fn relay(&mut self, now: Now, channel: u32, json: Bytes, reading: &Reading, source: &Source<'_>) {
        let topic = format!("channels/{channel}/subscribe");
        let whole = PublishProperties {
            payload_format_indicator: Some(true),
            content_type: "application/json".try_into().ok(),
            ..PublishProperties::default()
        };
        self.relay_one(now, &topic, json, whole, source);
        for (at, value) in reading.fields.iter().enumerate() {
            let Some(value) = value else { continue };
            let topic = format!("{topic}/fields/field{}", at + 1);
            let one =
                PublishProperties { payload_format_indicator: Some(true), ..PublishProperties::default() };
            self.relay_one(now, &topic, Bytes::copy_from_slice(value.as_bytes()), one, source);
        }
    }

    fn relay_one(
        &mut self,
        now: Now,
        topic: &str,
        payload: Bytes,
        properties: PublishProperties,
        source: &Source<'_>,
    ) {
        let Ok(topic) = TopicName::try_from(topic) else { return };
        let matches = self.matches(&topic);
        if matches.entries.is_empty() && matches.shares.is_empty() {
            return;
        }
        self.hold_back(&matches);
        let properties = PublishProperties { message_expiry_interval: source.expiry, ..properties };
        let message = Message {
            topic,
            payload,
            qos: source.qos.min(self.config.limits.max_qos),
            properties: Some(Box::new(properties)),
            received: now.monotonic,
            received_unix: now.unix,
        };
        self.route(message, Keep::No, None, &matches);
    }
}
