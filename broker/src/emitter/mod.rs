//! Emitter's interface: channels with keys, presence with occupancy, and requests under `emitter/`.
//!
//! ```text
//! <key>/<channel>/?<options> → Keys (rights, target) → the channel's topic → publish, subscribe as ever
//! emitter/presence/          → Watches ← every change of who is connected and subscribed
//! ```
//!
//! A channel is a topic with a slash at its end. What is published to it reaches subscribers of the channel and of those
//! above it, under its topic without the key. Answers, changes and errors go to the one connection that they are for,
//! subscribed or not, as that is what Emitter's clients expect. Emitter itself has no `occupancy` any more; ours counts.

mod bonds;
mod channel;
mod ending;
mod history;
mod key;
mod key_id;
mod keyban;
mod keygen;
mod keys;
mod limits;
mod link;
mod presence;
mod publish;
mod request;
mod subscribe;
mod watches;

use crate::message::Message;
use crate::{Broker, ConnectionId, Now};
use bytes::Bytes;
use headcount_mqtt::{QoS, ReasonCode, TopicFilter, TopicName};
use key::Right;
use serde::Serialize;
use std::borrow::Cow;

pub(crate) use bonds::Bonds;
pub(crate) use history::History;
pub(crate) use key_id::KeyId;
pub(crate) use keys::Keys;
pub use keys::{EmitterKeys, MAX_KEY_BYTES, reads_emitter_key};
pub use limits::EmitterLimits;
pub(crate) use link::Links;
pub(crate) use publish::without;
pub(crate) use subscribe::Replay;
pub(crate) use watches::Watches;

/// What requests' topics begin with.
const REQUESTS: &[u8] = b"emitter/";

/// Where errors go that answer no request.
const ERRORS: &str = "emitter/error/";

/// A realm's side of the interface.
#[derive(Debug, Default)]
pub(crate) struct Emitter {
    pub(crate) keys: Keys,
    pub(crate) bonds: Bonds,
    pub(crate) watches: Watches,
    pub(crate) links: Links,
    pub(crate) history: History,
    /// Stored messages that new subscriptions get behind their SUBACK.
    pub(crate) replays: Vec<Replay>,
}

impl Emitter {
    /// Whether a topic may be one of the interface.
    pub(crate) fn may_speak(&self, id: ConnectionId, topic: &TopicName) -> bool {
        self.keys.is_open() && (self.keys.may_speak(topic.as_bytes()) || self.links.find(id, topic).is_some())
    }
}

/// An error as Emitter says it: a status as in HTTP, and a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Fault {
    status: u16,
    message: Cow<'static, str>,
}

impl Fault {
    fn new(status: u16, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, message: message.into() }
    }

    /// The nearest word of MQTT.
    fn code(&self) -> ReasonCode {
        match self.status {
            400 => ReasonCode::PayloadFormatInvalid,
            401 | 403 => ReasonCode::NotAuthorized,
            404 => ReasonCode::TopicNameInvalid,
            429 | 507 => ReasonCode::QuotaExceeded,
            _ => ReasonCode::ImplementationSpecificError,
        }
    }
}

impl Broker {
    /// Sends JSON to one connection, whether or not it is subscribed there.
    fn tell_bytes(&mut self, now: Now, id: ConnectionId, topic: &str, json: Bytes) {
        let message = Message {
            topic: TopicName::try_from(topic).expect("a Topic Name of the interface"),
            payload: json,
            qos: QoS::AtMostOnce,
            properties: None,
            received: now.monotonic,
            received_unix: now.unix,
        };
        self.tell(id, message);
    }

    /// Says what is wrong where no request's topic says it.
    fn tell_fault(&mut self, now: Now, id: ConnectionId, fault: &Fault) {
        self.tell_bytes(now, id, ERRORS, json(fault));
    }

    /// A topic as people may read it: of a channel, without its key.
    pub(crate) fn without_key<'a>(&self, topic: &'a TopicName) -> &'a str {
        let topic = topic.as_str();
        if !self.emitter.keys.may_speak(topic.as_bytes()) {
            return topic;
        }
        match self.emitter.keys.first(topic) {
            Some(keys::First::Key(_, rest)) => rest,
            _ => topic,
        }
    }

    /// Whether a key lets its bearer do this; which one it is.
    fn allowed(&self, now: Now, key: &str, right: Right, filter: &TopicFilter) -> Result<KeyId, Fault> {
        let known = self.emitter.keys.get(key).ok_or(Fault::new(401, "there is no such key"))?;
        known.allows(right, filter, now.unix)?;
        Ok(known.id)
    }
}

fn json(it: &impl Serialize) -> Bytes {
    serde_json::to_vec(it).expect("text and numbers").into()
}
