//! `emitter/link/`: short names for channels, for one connection.

use super::channel::Channel;
use super::key::Right;
use super::{Fault, channel, json};
use crate::{Broker, ConnectionId, Now};
use headcount_mqtt::TopicName;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::fmt;

/// Links of one connection. 100: a device has few channels, and each may be 64 KiB long.
const MAX_LINKS: usize = 100;

/// The short names of all connections.
#[derive(Debug, Default)]
pub(crate) struct Links {
    /// Never iterated.
    of: HashMap<ConnectionId, BTreeMap<Box<str>, Link>>,
}

struct Link {
    /// `<key>/<channel>/?<options>`
    topic: TopicName,
    /// The length of `<key>/`.
    key: usize,
}

/// Without its key.
impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Link({})", self.channel())
    }
}

/// What is published. Other keys say nothing: Emitter's server has forgotten `private`, which its clients still send.
#[derive(Deserialize)]
struct Request {
    name: String,
    key: String,
    channel: String,
    #[serde(default)]
    subscribe: bool,
}

#[derive(Debug, Serialize)]
struct Answer<'a> {
    status: u16,
    name: &'a str,
    channel: &'a str,
}

impl Link {
    fn channel(&self) -> &str {
        &self.topic.as_str()[self.key..]
    }
}

impl Links {
    /// Whether a topic is as short as a link's name, where there are any.
    #[inline]
    pub(crate) fn may_be(&self, topic: &[u8]) -> bool {
        topic.len() <= 2 && !self.of.is_empty()
    }

    /// What a topic of one or two characters stands for.
    pub(crate) fn find(&self, id: ConnectionId, topic: &TopicName) -> Option<TopicName> {
        if self.of.is_empty() || topic.as_bytes().len() > 2 {
            return None;
        }
        Some(self.of.get(&id)?.get(topic.as_str())?.topic.clone())
    }

    pub(super) fn forget(&mut self, id: ConnectionId) {
        if !self.of.is_empty() {
            self.of.remove(&id);
        }
    }

    /// Each with its channel, without the key.
    pub(super) fn shown(&self, id: ConnectionId) -> impl Iterator<Item = (&str, &str)> {
        let links = self.of.get(&id).into_iter().flatten();
        links.map(|(name, link)| (&**name, link.channel()))
    }
}

impl Broker {
    pub(super) fn link_request(&mut self, now: Now, id: ConnectionId, payload: &[u8]) -> Result<(), Fault> {
        let request: Request = serde_json::from_slice(payload).map_err(|error| {
            let example = "{\"name\":\"a0\",\"key\":\"…\",\"channel\":\"a/b/\",\"subscribe\":true}";
            Fault::new(400, format!("{error}; publish {example}"))
        })?;
        let name = request.name.as_str();
        if !matches!(name.len(), 1 | 2) || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Fault::new(400, "name: one or two letters or digits"));
        }
        let read = Channel::read(&request.channel);
        let channel = read.ok_or(Fault::new(400, "channel: it ends with `/`"))??;
        let filter = channel::exactly(channel.name)?;
        channel::topic(channel.name)?;
        if self.emitter.keys.get(&request.key).is_none() {
            return Err(Fault::new(401, "there is no such key"));
        }
        let topic = format!("{}/{}", request.key, request.channel);
        let topic =
            TopicName::try_from(topic.as_str()).map_err(|error| Fault::new(400, error.to_string()))?;
        let links = self.emitter.links.of.entry(id).or_default();
        if links.len() >= MAX_LINKS && !links.contains_key(name) {
            return Err(Fault::new(429, format!("a connection has {MAX_LINKS} links at most")));
        }
        links.insert(name.into(), Link { topic, key: request.key.len() + 1 });
        if request.subscribe && self.allowed(now, &request.key, Right::Read, &filter).is_ok() {
            self.subscribe_to_channel(now, id, &request.key, channel);
        }
        let answer = json(&Answer { status: 200, name, channel: &request.channel });
        self.tell_bytes(now, id, "emitter/link/", answer);
        Ok(())
    }
}
