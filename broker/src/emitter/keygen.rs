//! `emitter/keygen/`: a key from a key.

use super::channel;
use super::key::{ChannelKey, Right, Rights, shown};
use super::keys::MADE_BYTES;
use super::{Fault, KeyId, json};
use crate::{Broker, ConnectionId, Now, Record};
use headcount_mqtt::TopicFilter;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Random bytes of a key: nobody guesses 192 bits, and they are 32 characters, as Emitter's keys.
const BYTES: usize = MADE_BYTES / 4 * 3;

/// Letters of a key; six bits each, and none that means something in a topic.
pub(super) const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What is published. Keys that nobody knows say nothing, as in Emitter.
#[derive(Deserialize)]
struct Request {
    key: String,
    channel: String,
    #[serde(rename = "type", default)]
    rights: String,
    /// Seconds; 0 asks for the longest.
    #[serde(default)]
    ttl: u32,
}

#[derive(Serialize)]
struct Answer<'a> {
    status: u16,
    key: &'a str,
    channel: &'a str,
}

impl Broker {
    pub(super) fn keygen_request(&mut self, now: Now, id: ConnectionId, payload: &[u8]) -> Result<(), Fault> {
        let request: Request = serde_json::from_slice(payload).map_err(|error| {
            let example = "{\"key\":\"…\",\"channel\":\"a/b/\",\"type\":\"rwp\",\"ttl\":3600}";
            Fault::new(400, format!("{error}; publish {example}"))
        })?;
        let mut rights = Rights::read(&request.rights)?;
        if rights == Rights::default() {
            return Err(Fault::new(400, "type: a key has to allow something; use letters of `rwslpex`"));
        }
        let parent = self.emitter.keys.get(&request.key).cloned();
        let parent = parent.ok_or(Fault::new(401, "there is no such key"))?;
        if self.emitter.keys.next_end().is_some_and(|at| at <= now.unix) {
            self.end_keys(now);
        }
        let mut target = self.target(&request.channel)?;
        if !parent.is_configured {
            parent.allows(Right::Extend, &target, now.unix)?;
            // As in Emitter: a channel of the asker's own below it, which cannot be extended again.
            rights = rights.and(parent.rights).without(Right::Extend);
            target = self.own_channel(id, &target)?;
        }
        let lasts = Duration::from_secs(request.ttl.into());
        let longest = self.config.limits.emitter.max_key_age;
        let lasts =
            if request.ttl == 0 { longest } else { longest.map_or(Some(lasts), |it| Some(it.min(lasts))) };
        // Whole seconds, as they are stored, and never fewer than were asked for.
        let whole = |at: Duration| Duration::from_secs(at.as_secs() + u64::from(at.subsec_nanos() > 0));
        let expires = lasts.map(|lasts| whole(now.unix + lasts));
        let expires = match (expires, parent.expires) {
            (Some(own), Some(of_parent)) => Some(own.min(of_parent)),
            (own, of_parent) => own.or(of_parent),
        };
        self.make_room_for_key()?;
        let name = self.random_key()?;
        let channel = shown(&target);
        let key_id = KeyId::of(&name);
        let key = ChannelKey { id: key_id, rights, target, expires, is_configured: false, is_banned: false };
        self.store_key(&key);
        self.emitter.keys.insert(key);
        self.mark_served();
        self.await_end_of_keys(now);
        // Whoever has a key may count on it.
        self.promise_own(id);
        let answer = json(&Answer { status: 200, key: &name, channel: &channel });
        self.tell_bytes(now, id, "emitter/keygen/", answer);
        Ok(())
    }

    fn target(&self, channel: &str) -> Result<TopicFilter, Fault> {
        if !channel.ends_with('/') || channel.len() < 2 {
            let why = "channel: it ends with `/` for itself alone, or with `/#/` for all below it too";
            return Err(Fault::new(400, why));
        }
        let target = channel::exactly(channel)?;
        match self.config.limits.topic_fault(target.as_bytes()) {
            Some(fault) => Err(Fault::new(400, fault)),
            None => Ok(target),
        }
    }

    /// `a/b/` of the client `lamp` is `a/b/lamp/`.
    fn own_channel(&self, id: ConnectionId, target: &TopicFilter) -> Result<TopicFilter, Fault> {
        let session = self.link(id).map(|link| link.session);
        let client_id = session.map(|key| self.client_id(key)).unwrap_or_default();
        let level = crate::system::percent_encoded(client_id.as_str());
        let channel = shown(target);
        let (above, below) = channel.strip_suffix("#/").map_or((channel.as_str(), ""), |above| (above, "#/"));
        self.target(&format!("{above}{level}/{below}"))
    }

    fn make_room_for_key(&mut self) -> Result<(), Fault> {
        if self.is_storage_full() {
            return Err(Fault::new(507, "storage is full: no key can be kept"));
        }
        let most = self.config.limits.emitter.max_keys;
        while self.emitter.keys.made() >= most
            && let Some(ended) = self.emitter.keys.drop_ended()
        {
            self.persist(|| Record::EmitterKeyRemoved { key: ended.text() });
        }
        if self.emitter.keys.made() >= most {
            return Err(Fault::new(429, format!("{most} keys are all that is kept here; let some expire")));
        }
        Ok(())
    }

    pub(super) fn store_key(&mut self, key: &ChannelKey) {
        let (name, json) = (key.id.text(), key.to_json().into());
        self.persist(|| Record::EmitterKeySet { key: name, json });
    }

    fn random_key(&self) -> Result<String, Fault> {
        let mut bytes = [0; BYTES];
        if !(self.config.random)(&mut bytes) {
            return Err(Fault::new(501, "no key can be made: the system gives no random bytes"));
        }
        let mut name = String::with_capacity(BYTES / 3 * 4);
        for three in bytes.chunks_exact(3) {
            let bits = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
            name.extend([18, 12, 6, 0].map(|shift| char::from(LETTERS[(bits >> shift) as usize & 63])));
        }
        Ok(name)
    }
}
