//! SUBSCRIBE to a channel, and UNSUBSCRIBE from it.

use super::channel::{self, Channel, Options};
use super::key::{ChannelKey, Right};
use super::keys::First;
use super::publish::no_channel;
use super::{Fault, KeyId};
use crate::cover::covers;
use crate::events::Action;
use crate::explain::Refusal;
use crate::key::SessionKey;
use crate::route::Keep;
use crate::subscriptions::{Entry, Matches};
use crate::{Broker, ConnectionId, Now};
use headcount_mqtt::{QoS, Subscription, TopicFilter};

/// Stored messages that wait for the SUBACK of a new subscription.
#[derive(Debug)]
pub(crate) struct Replay {
    filter: TopicFilter,
    options: Options,
}

impl Broker {
    /// The filter that stands for a channel, and the key; `None` where it is an ordinary one.
    pub(crate) fn emitter_subscribe(
        &mut self,
        now: Now,
        id: ConnectionId,
        filter: &TopicFilter,
    ) -> Option<Result<(TopicFilter, KeyId), Refusal>> {
        let First::Key(key, rest) = self.emitter.keys.first(filter.as_str())? else {
            // Answers come without a subscription; whoever wants one has it.
            return None;
        };
        let Some(read) = read(rest) else {
            let fault = no_channel(key)?;
            return Some(Err(self.refuse_channel(now, id, Action::Subscribe, rest, &fault)));
        };
        let verdict = read.and_then(|channel| {
            let filter = read_filter(now, key, channel.name)?;
            let may_load = key.allows(Right::Load, &filter, now.unix);
            Ok((filter, key.id, channel, may_load))
        });
        let (found, key_id, channel, may_load) = match verdict {
            Ok(it) => it,
            Err(fault) => return Some(Err(self.refuse_channel(now, id, Action::Subscribe, rest, &fault))),
        };
        match may_load {
            Ok(()) => self.emitter.replays.push(Replay { filter: found.clone(), options: channel.options }),
            Err(fault) if channel.options.last.is_some() => self.tell_fault(now, id, &fault),
            Err(_) => {}
        }
        Some(Ok((found, key_id)))
    }

    /// The filter that a client gives up by a channel's name: the one that it has. A key that has expired will do.
    pub(crate) fn emitter_unsubscribe(
        &self,
        session: SessionKey,
        filter: &TopicFilter,
    ) -> Option<TopicFilter> {
        let First::Key(key, rest) = self.emitter.keys.first(filter.as_str())? else { return None };
        let held = &self.sessions.get(session.0)?.subscriptions;
        if held.contains_key(filter) {
            return None;
        }
        let name = read(rest)?.ok()?.name;
        let deep = channel::with_those_below(name).ok()?;
        if covers(&key.target, &deep) { Some(deep) } else { channel::exactly(name).ok() }
    }

    /// Stored messages for the subscriptions that were just acknowledged.
    pub(crate) fn replay(&mut self, now: Now, key: SessionKey) {
        for Replay { filter, options } in std::mem::take(&mut self.emitter.replays) {
            let held = self.sessions.get(key.0).and_then(|session| session.subscriptions.get(&filter));
            let Some(held) = held.copied() else { continue };
            for message in self.emitter.history.newest(&filter, options, now.unix) {
                let account = self.sessions.get(key.0).map(|session| session.account.clone());
                if !account.is_some_and(|account| account.may_read(&message.topic)) {
                    continue;
                }
                let matches = Matches {
                    topic: message.topic.as_bytes().into(),
                    generation: self.subscriptions.generation(),
                    entries: vec![Entry { session: key, options: held }],
                    shares: Vec::new(),
                };
                self.route((*message).clone(), Keep::No, None, &matches);
            }
        }
    }

    /// Subscribes as a link asks for it, without SUBACK.
    pub(super) fn subscribe_to_channel(
        &mut self,
        now: Now,
        id: ConnectionId,
        key: &str,
        channel: Channel<'_>,
    ) {
        let Some(session) = self.link(id).map(|link| link.session) else { return };
        let Some(key) = self.emitter.keys.get(key) else { return };
        let Ok(filter) = read_filter(now, key, channel.name) else { return };
        let (key_id, may_load) = (key.id, key.allows(Right::Load, &filter, now.unix).is_ok());
        let subscription = Subscription::new(filter.clone(), QoS::AtMostOnce);
        if self.set_subscription_with(now, id, session, subscription, None, Some(key_id)).is_ok() && may_load
        {
            self.emitter.replays.push(Replay { filter, options: channel.options });
            self.replay(now, session);
        }
    }
}

/// A channel's subscribers hear those below it too, as in Emitter, unless the key is for it alone.
fn read_filter(now: Now, key: &ChannelKey, name: &str) -> Result<TopicFilter, Fault> {
    let deep = channel::with_those_below(name)?;
    if key.allows(Right::Read, &deep, now.unix).is_ok() {
        return Ok(deep);
    }
    let exact = channel::exactly(name)?;
    key.allows(Right::Read, &exact, now.unix)?;
    Ok(exact)
}

/// What stands behind a key in a filter: a channel, or one that ends with `#` in MQTT's own manner.
fn read(rest: &str) -> Option<Result<Channel<'_>, Fault>> {
    Channel::read(rest).or_else(|| {
        let name = rest.strip_suffix('#')?;
        (name.is_empty() || name.ends_with('/'))
            .then_some(Ok(Channel { name: rest, options: Options::default() }))
    })
}
