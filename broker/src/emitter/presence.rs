//! Presence: who is connected and subscribed to a channel, said to those who ask and watch.
//!
//! A client is *on* a channel while it is connected and one of its subscriptions, however it was made, has a topic in common
//! with the channel. It joins once and leaves once, by whichever of its subscriptions and connections.

use super::{Fault, KeyId, channel};
use crate::cover::overlap;
use crate::key::SessionKey;
use crate::{Broker, ConnectionId, Now};
use headcount_mqtt::{Text, TopicFilter};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Where answers and changes come.
pub(super) const TOPIC: &str = "emitter/presence/";

/// Bytes of a status beside its names and its channel.
const FRAME: usize = 160;

/// What is published to `emitter/presence/`. Keys that nobody knows say nothing, as in Emitter.
#[derive(Deserialize)]
struct Request {
    #[serde(default)]
    key: String,
    channel: String,
    status: Option<bool>,
    changes: Option<bool>,
}

/// What comes back, in the order of its keys.
#[derive(Debug, Serialize)]
struct Said<'a, W> {
    event: &'static str,
    channel: &'a str,
    occupancy: usize,
    /// Seconds since 1970.
    time: u64,
    who: W,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Join,
    Leave,
}

impl Broker {
    pub(super) fn presence_request(
        &mut self,
        now: Now,
        id: ConnectionId,
        payload: &[u8],
    ) -> Result<(), Fault> {
        let request: Request = serde_json::from_slice(payload).map_err(|error| {
            Fault::new(
                400,
                format!("{error}; publish {{\"key\":\"…\",\"channel\":\"a/b/\",\"changes\":true}}"),
            )
        })?;
        let (channel, filter, key) = self.watched(now, id, &request)?;
        let sessions = self.on_channel(&filter);
        if request.changes.unwrap_or(true) {
            self.watch_channel(id, &filter, (&channel, key), sessions.len())?;
        } else {
            self.emitter.watches.remove(id, &filter);
        }
        if request.status.unwrap_or(true) {
            if self.is_full(id) {
                self.emitter.watches.miss(id, &filter);
            }
            self.tell_status(now, id, &channel, &sessions);
        }
        Ok(())
    }

    fn tell_status(&mut self, now: Now, id: ConnectionId, channel: &str, sessions: &[SessionKey]) {
        let who = self.names(id, sessions, channel.len());
        let status = Said { event: "status", channel, occupancy: sessions.len(), time: unix(now), who };
        let json = super::json(&status);
        self.tell_bytes(now, id, TOPIC, json);
    }

    /// The channel that is asked about, as it was written and as a filter, and the key.
    fn watched(
        &self,
        now: Now,
        id: ConnectionId,
        request: &Request,
    ) -> Result<(String, TopicFilter, Option<KeyId>), Fault> {
        let mut channel = request.channel.clone();
        let (filter, key) = if request.key.is_empty() {
            // An ordinary topic, or a filter.
            let ordinary =
                channel.strip_suffix("#/").map_or_else(|| channel.clone(), |above| format!("{above}#"));
            (channel::exactly(&ordinary)?, None)
        } else {
            if !channel.ends_with('/') {
                channel.push('/');
            }
            let filter = channel::exactly(&channel)?;
            let key = self.allowed(now, &request.key, super::key::Right::Presence, &filter)?;
            (filter, Some(key))
        };
        if let Some(fault) = self.config.limits.topic_fault(filter.as_bytes()) {
            return Err(Fault::new(400, fault));
        }
        self.may_watch(id, &channel, &filter)?;
        Ok((channel, filter, key))
    }

    /// Whether the rules let a client watch a channel, whatever its key.
    pub(super) fn may_watch(
        &self,
        id: ConnectionId,
        channel: &str,
        filter: &TopicFilter,
    ) -> Result<(), Fault> {
        let account = &self.link(id).ok_or(Fault::new(403, "the connection has ended"))?.account;
        account.may_subscribe(filter).map_err(|denial| {
            Fault::new(
                403,
                format!("the account may not subscribe to {channel}: {}", self.gate.denied_by(&denial)),
            )
        })?;
        let is_wild = filter.levels().any(|level| matches!(level, b"+" | b"#"));
        if is_wild && account.is_bound() {
            let why =
                "an account that is bound by rules may ask about one channel at a time, without wildcards";
            return Err(Fault::new(403, why));
        }
        Ok(())
    }

    fn watch_channel(
        &mut self,
        id: ConnectionId,
        filter: &TopicFilter,
        (channel, key): (&str, Option<KeyId>),
        occupancy: usize,
    ) -> Result<(), Fault> {
        let (watches, limits) = (&self.emitter.watches, &self.config.limits.emitter);
        if !watches.is_watching(id, filter) {
            let most = limits.max_client_watches;
            if watches.of(id) >= most {
                return Err(Fault::new(429, format!("a client watches {most} channels at most")));
            }
            let most = limits.max_watches;
            if watches.len() >= most {
                return Err(Fault::new(429, format!("{most} watched channels are all that is kept here")));
            }
        }
        self.emitter.watches.add(id, &crate::owned::filter(filter), (channel, key), occupancy);
        Ok(())
    }

    /// The sessions of those on a channel, by the subscription table.
    fn on_channel(&self, filter: &TopicFilter) -> Vec<SessionKey> {
        let mut sessions = self.subscriptions.overlapping(filter);
        sessions.retain(|key| self.sessions.get(key.0).is_some_and(|it| it.connection.is_some()));
        sessions
    }

    /// Their Client Identifiers, sorted; as many as are shown and fit.
    fn names(&self, id: ConnectionId, sessions: &[SessionKey], taken: usize) -> Vec<&str> {
        let link = self.link(id);
        let most = link.map_or(0, |link| link.max_packet_size).min(self.config.limits.max_packet_size);
        let mut room = most.saturating_sub(FRAME + 6 * taken);
        let mut names: Vec<&str> = sessions
            .iter()
            .filter_map(|key| self.sessions.get(key.0))
            .map(|session| session.client_id.as_str())
            .collect();
        names.sort_unstable();
        names.truncate(self.config.limits.emitter.max_presence_names);
        let fitting = names.iter().take_while(|name| {
            // JSON writes at most six bytes for one.
            let needed = 6 * name.len() + 3;
            let fits = needed <= room;
            room = room.saturating_sub(needed);
            fits
        });
        let count = fitting.count();
        names.truncate(count);
        names
    }

    /// A session that is connected has a subscription that it did not have.
    pub(crate) fn presence_subscribed(&mut self, now: Now, key: SessionKey, filter: &TopicFilter) {
        if !self.emitter.watches.is_empty() {
            let touched = self.touched_alone(key, filter);
            self.change_presence(now, key, &touched, Change::Join);
        }
    }

    /// It has one less.
    pub(crate) fn presence_unsubscribed(&mut self, now: Now, key: SessionKey, filter: &TopicFilter) {
        if !self.emitter.watches.is_empty() {
            let touched = self.touched_alone(key, filter);
            self.change_presence(now, key, &touched, Change::Leave);
        }
    }

    /// A connection serves a session, with the subscriptions that it has.
    pub(crate) fn presence_connected(&mut self, now: Now, key: SessionKey) {
        if !self.emitter.watches.is_empty() {
            let touched = self.touched_by_all(key);
            self.change_presence(now, key, &touched, Change::Join);
        }
    }

    /// A connection serves it no more.
    pub(crate) fn presence_left(&mut self, now: Now, id: ConnectionId, key: SessionKey) {
        self.emitter.links.forget(id);
        if !self.emitter.watches.is_empty() {
            self.emitter.watches.forget(id);
            let touched = self.touched_by_all(key);
            self.change_presence(now, key, &touched, Change::Leave);
        }
    }

    /// The watched channels that a session is on by this filter and no other of its own.
    fn touched_alone(&self, key: SessionKey, filter: &TopicFilter) -> BTreeSet<u64> {
        let watches = &self.emitter.watches;
        let Some(session) = self.sessions.get(key.0) else { return BTreeSet::new() };
        let mut touched = watches.touched(filter);
        touched.retain(|watch| {
            let Some(watch) = watches.get(*watch) else { return false };
            let mut others = session.subscriptions.keys().filter(|other| *other != filter);
            !others.any(|other| overlap(other, &watch.filter))
        });
        touched
    }

    fn touched_by_all(&self, key: SessionKey) -> BTreeSet<u64> {
        let filters = self.sessions.get(key.0).into_iter().flat_map(|session| session.subscriptions.keys());
        filters.flat_map(|filter| self.emitter.watches.touched(filter)).collect()
    }

    fn change_presence(&mut self, now: Now, key: SessionKey, watches: &BTreeSet<u64>, change: Change) {
        if watches.is_empty() {
            return;
        }
        let who = self.client_id(key);
        for number in watches {
            let Some(watch) = self.emitter.watches.get_mut(*number) else { continue };
            match change {
                Change::Join => watch.occupancy += 1,
                Change::Leave => watch.occupancy -= 1,
            }
            let occupancy = watch.occupancy;
            for (id, channel) in watch.told() {
                self.tell_change(now, id, (*number, &channel), occupancy, &who, change);
            }
        }
    }

    /// Tells one watcher of a change. Who reads too slowly for it is told the whole status as soon as there is room, and
    /// nothing before that: what it knows is never wrong for good, and no more is kept for it than that it is due.
    fn tell_change(
        &mut self,
        now: Now,
        id: ConnectionId,
        (watch, channel): (u64, &str),
        occupancy: usize,
        who: &Text,
        change: Change,
    ) {
        if self.emitter.watches.has_missed(id, watch) {
            return;
        }
        if self.is_full(id) {
            self.emitter.watches.miss_one(id, watch);
            return;
        }
        let event = match change {
            Change::Join => "subscribe",
            Change::Leave => "unsubscribe",
        };
        let said = Said { event, channel, occupancy, time: unix(now), who: who.as_str() };
        self.tell_bytes(now, id, TOPIC, super::json(&said));
    }

    /// Whether a client reads so slowly that what is sent at `QoS` 0 is dropped.
    fn is_full(&self, id: ConnectionId) -> bool {
        let most = self.config.limits.max_outbox_bytes;
        self.connections.get(id.0).is_some_and(|it| it.outbox.waiting() > most)
    }

    /// A client has read: tells it what became of the channels whose changes it missed.
    pub(crate) fn tell_missed(&mut self, now: Now, id: ConnectionId) {
        while !self.is_full(id)
            && let Some((filter, channel)) = self.emitter.watches.take_missed(id)
        {
            let sessions = self.on_channel(&filter);
            self.tell_status(now, id, &channel, &sessions);
        }
    }
}

fn unix(now: Now) -> u64 {
    now.unix.as_secs()
}
