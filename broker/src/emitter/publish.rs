//! PUBLISH to a channel.

use super::Fault;
use super::channel::{self, Channel};
use super::key::{ChannelKey, Right};
use super::keys::First;
use crate::account::Denial;
use crate::events::Action;
use crate::explain::Refusal;
use crate::key::SessionKey;
use crate::publish::Manner;
use crate::subscriptions::Matches;
use crate::{Broker, ConnectionId, Now, owned};
use headcount_mqtt::{Publish, TopicFilter, TopicName, Will};
use std::sync::Arc;

/// A topic, and for how many seconds what goes there is stored.
type Kept = (TopicName, Option<u32>);

impl Broker {
    /// Serves a message whose topic is one of the interface; gives back what is an ordinary one.
    pub(crate) fn emitter_publish(
        &mut self,
        now: Now,
        id: ConnectionId,
        session: SessionKey,
        topic: &TopicName,
        publish: Publish,
    ) -> Result<Result<(), Refusal>, Publish> {
        let linked = self.emitter.links.find(id, topic);
        let topic = linked.as_ref().unwrap_or(topic);
        match self.emitter.keys.first(topic.as_str()) {
            None => Err(publish),
            Some(First::Request(name)) => Ok(self.emitter_request(now, id, name, &publish)),
            Some(First::Key(key, rest)) => match self.write_channel(now, key, rest, publish.retain) {
                None => Err(publish),
                Some(Ok((topic, manner))) => {
                    // The topic that was judged before had the key in it.
                    if self.is_storage_full() && self.would_store(session, &topic, &publish) {
                        let fault = Fault::new(507, "storage is full: the message cannot be kept");
                        return Ok(Err(self.refuse_channel(now, id, Action::Publish, rest, &fault)));
                    }
                    Ok(self.pass_message(now, id, session, topic, publish, manner))
                }
                Some(Err(fault)) => Ok(Err(self.refuse_channel(now, id, Action::Publish, rest, &fault))),
            },
        }
    }

    /// A Will as it is kept and stored: with the hash of its key in the key's place.
    pub(crate) fn kept_will(&self, will: &Will) -> Will {
        let mut will = owned::will(will);
        let keys = &self.emitter.keys;
        if keys.may_speak(will.topic.as_bytes())
            && let Some(kept) = keys.kept_will(will.topic.as_str())
        {
            // What is too long for a topic so is refused when it is due.
            let kept = TopicName::try_from(kept.as_str()).or_else(|_| TopicName::try_from("emitter/"));
            will.topic = kept.expect("a Topic Name");
        }
        will
    }

    /// The topic and the seconds to keep it of a Will to a channel; `None` where its topic is an ordinary one. An error has
    /// the topic to name.
    pub(crate) fn emitter_will(
        &self,
        now: Now,
        topic: &TopicName,
        retain: bool,
    ) -> Option<Result<Kept, (TopicName, Denial)>> {
        let denied = |shown: &str, fault: Fault| {
            let shown = TopicName::try_from(shown).unwrap_or_else(|_| topic.clone());
            Err((shown, Denial::ChannelKey(fault.message)))
        };
        match self.emitter.keys.first_of_will(topic.as_str())? {
            First::Request(_) => Some(denied(topic.as_str(), Fault::new(403, "a Will asks for nothing"))),
            First::Key(key, rest) => Some(match self.write_channel(now, key, rest, retain)? {
                Ok((topic, manner)) => Ok((topic, manner.ttl)),
                Err(fault) => denied(rest, fault),
            }),
        }
    }

    /// The topic to publish to, and how.
    fn write_channel(
        &self,
        now: Now,
        key: &ChannelKey,
        rest: &str,
        retain: bool,
    ) -> Option<Result<(TopicName, Manner), Fault>> {
        let Some(read) = Channel::read(rest) else { return no_channel(key).map(Err) };
        Some(read.and_then(|channel| {
            let topic = channel::topic(channel.name)?;
            let filter = TopicFilter::new(topic.text().clone()).expect("a Topic Name is a filter of itself");
            key.allows(Right::Write, &filter, now.unix)?;
            if retain || channel.options.ttl.is_some() {
                key.allows(Right::Store, &filter, now.unix)?;
            }
            if channel.options.ttl.is_some() && self.is_storage_full() {
                return Err(Fault::new(507, "storage is full: no message can be kept"));
            }
            Ok((topic, Manner { echo: channel.options.me, ttl: channel.options.ttl }))
        }))
    }

    /// Says that a key does not do, on all the ways that there are.
    pub(super) fn refuse_channel(
        &mut self,
        now: Now,
        id: ConnectionId,
        action: Action,
        channel: &str,
        fault: &Fault,
    ) -> Refusal {
        self.tell_fault(now, id, fault);
        let said = if matches!(fault.status, 401 | 403) {
            let shown = headcount_mqtt::Text::try_from(channel).unwrap_or_default();
            self.report_denied(now, id, action, &shown, &Denial::ChannelKey(fault.message.clone()))
        } else {
            let said = format!("{channel}: {}", fault.message);
            self.report_mistake(now, id, &said);
            said
        };
        Refusal::new(fault.code(), said)
    }
}

/// What stands behind a key is no channel. A key of the configuration may be a word like others, and its topics too; a
/// key that was made is nobody's word, and must not travel to subscribers.
pub(super) fn no_channel(key: &ChannelKey) -> Option<Fault> {
    (!key.is_configured).then(|| Fault::new(400, "a channel ends with a slash: <key>/a/b/"))
}

/// The same subscribers but for one session (`me=0`).
pub(crate) fn without(matches: &Arc<Matches>, session: SessionKey) -> Arc<Matches> {
    if matches.entries.iter().all(|entry| entry.session != session) {
        return Arc::clone(matches);
    }
    Arc::new(Matches {
        topic: matches.topic.clone(),
        generation: matches.generation,
        entries: matches.entries.iter().filter(|entry| entry.session != session).copied().collect(),
        shares: matches.shares.clone(),
    })
}
