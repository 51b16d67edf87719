//! A broker from what was stored: the same records as were put out, all of them in order, or a shorter story that
//! ends the same.

use crate::connection::{Connection, Link, Phase, Told};
use crate::emitter::KeyId;
use crate::events::Reason;
use crate::inflight::{Flight, Pending};
use crate::key::SessionKey;
use crate::options::Options;
use crate::session::PendingWill;
use crate::session::{FOREVER, Session};
use crate::timers::Timer;
use crate::{Broker, Config, Connected, ConnectionId, Now, Record};
use bytes::Bytes;
use headcount_mqtt::{Subscription, Text};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

/// What is known while records are read.
#[derive(Default)]
struct Remembered {
    /// Who was connected. Never iterated but in order.
    connected: HashMap<Text, Box<Connected>>,
    /// Keys for channels that are stored as they are, with what takes their place.
    plain_keys: BTreeMap<Text, (Text, Bytes)>,
}

impl Broker {
    /// A broker that goes on where another one stopped or died.
    ///
    /// `records` are what [`Output::Persist`](crate::Output::Persist) gave, or what is left of it: a record that a
    /// later one cancels may be missing together with that one. Within a session its `SessionSet` comes first, then
    /// its subscriptions; `Sent`, and a `Released` without one, come in the order of their places. `Message::received` is on the clock of `now`
    /// ([`Now::monotonic_at`]).
    ///
    /// Whoever was connected is told off as `server-restart`, with its Will as after any lost connection; sessions and
    /// Wills whose time passed meanwhile end. That puts out records again: drain
    /// [`Broker::poll_output`] before anything else.
    ///
    /// # Errors
    /// A sentence naming the rule's line where the access rules cannot be read.
    pub fn restore(
        config: Config,
        now: Now,
        records: impl IntoIterator<Item = Record>,
    ) -> Result<Self, String> {
        let mut broker = Self::new(config, now)?;
        let mut remembered = Remembered::default();
        for record in records {
            broker.apply(now, &mut remembered, record);
        }
        broker.dynsec.restored();
        if !broker.dynsec.is_empty() || !broker.devices.is_empty() {
            broker.renew_accounts(now);
        }
        broker.hash_plain_keys(&mut remembered);
        broker.mark_served();
        broker.set_restored_timers();
        let mut connected: Vec<_> = remembered.connected.into_iter().collect();
        connected.sort_by(|a, b| (a.1.connected_unix, &a.0).cmp(&(b.1.connected_unix, &b.0)));
        for (client_id, connection) in connected {
            broker.end_of_old(now, &client_id, *connection);
        }
        broker.end_keys(now);
        broker.trim_journal(now);
        broker.trim_channels();
        broker.handle_timeout(now);
        Ok(broker)
    }

    fn apply(&mut self, now: Now, remembered: &mut Remembered, record: Record) {
        match record {
            Record::SessionSet { client_id, user_name, expiry, left_unix } => {
                let key = self.restored_session(&client_id, user_name.as_ref());
                let Some(session) = self.sessions.get_mut(key.0) else { return };
                session.recorded = true;
                session.expiry = expiry;
                session.ends = left_unix
                    .filter(|_| expiry < FOREVER)
                    .map(|left| now.until(left + Duration::from_secs(expiry.into())));
            }
            Record::SessionRemoved { client_id } => self.forget_restored(&client_id),
            Record::Connected { client_id, connection } => {
                remembered.connected.insert(client_id, connection);
            }
            Record::Left { client_id } => {
                remembered.connected.remove(&client_id);
            }
            Record::SubscriptionSet { client_id, subscription, identifier, emitter_key } => {
                let of_key = emitter_key.map(KeyId);
                self.restore_subscription(&client_id, &subscription, identifier, of_key);
            }
            Record::SubscriptionRemoved { client_id, filter } => {
                let Some(key) = self.clients.get(&client_id).copied() else { return };
                if let Some(session) = self.sessions.get_mut(key.0) {
                    session.subscriptions.remove(&filter);
                }
                self.subscriptions.remove(&filter, key);
                self.emitter.bonds.remove(key, &filter);
            }
            Record::SecuritySet { item, json } => self.dynsec.restore(item, &json),
            Record::SecurityRemoved { item } => self.dynsec.forget(&item),
            Record::DeviceSet { client_id, json } => self.devices.remember_device(&client_id, &json),
            Record::DeviceRemoved { client_id } => self.devices.lose_device(&client_id),
            Record::ChannelSet { channel, owner, entries, last } => {
                self.devices.remember_channel(channel, &owner, entries, last);
            }
            Record::ChannelRemoved { channel } => self.devices.lose_channel(channel),
            Record::EntrySet { channel, number, json } => {
                self.devices.remember_entry(channel, number, json);
            }
            Record::EntriesDropped { channel, before } => self.devices.lose_entries(channel, before),
            Record::EmitterKeySet { key, json } => self.restore_key(remembered, key, json),
            Record::EmitterKeyRemoved { key } => {
                remembered.plain_keys.remove(&key);
                self.emitter.keys.forget_stored(key.as_str());
            }
            Record::HistorySet { number, until_unix, message } => {
                self.emitter.history.restore(number, message, until_unix);
            }
            Record::HistoryRemoved { number } => self.emitter.history.forget(number),
            Record::RetainedSet { message, owner } => self.retained.set(message, owner),
            Record::RetainedCleared(topic) => {
                self.retained.clear(&topic);
            }
            Record::WillSet { client_id, will, due_unix } => {
                if let Some(session) = self.restored(&client_id) {
                    session.will = Some(Box::new(PendingWill { due: now.until(due_unix), will }));
                }
            }
            Record::WillCleared { client_id } => {
                if let Some(session) = self.restored(&client_id) {
                    session.will = None;
                }
            }
            Record::Event { seq, at_unix, account, json } => {
                self.journal.push(seq, at_unix, account.as_str(), json);
            }
            Record::EventsDropped { before } => self.journal.drop_before(before),
            record => self.apply_to_messages(record),
        }
    }

    /// What is on its way, in both directions.
    fn apply_to_messages(&mut self, record: Record) {
        match record {
            Record::Queued { client_id, number, message, qos, retain, identifiers, share } => {
                let share = share.and_then(|filter| self.subscriptions.share_of(&filter));
                let Some(session) = self.restored(&client_id) else { return };
                session.numbered = session.numbered.max(number);
                let pending = Pending { message, qos, retain, identifiers, share, number };
                session.outgoing().queue.restore(pending);
            }
            Record::Sent { client_id, number, place } => {
                let Some(out) = self.restored(&client_id).map(Session::outgoing) else { return };
                if let Some(pending) = out.queue.take(number) {
                    out.inflight.restore(place, Flight::Published(pending));
                }
            }
            Record::Released { client_id, number, place } => {
                let Some(session) = self.restored(&client_id) else { return };
                session.numbered = session.numbered.max(number);
                let inflight = &mut session.outgoing().inflight;
                match inflight.find(number) {
                    Some(id) => drop(inflight.release(id)),
                    // A store need not keep the message.
                    None => inflight.restore(place, Flight::Released { number }),
                }
            }
            Record::Ended { client_id, number } => {
                let Some(out) = self.restored(&client_id).map(Session::outgoing) else { return };
                match out.inflight.find(number) {
                    Some(id) => drop::<Option<Flight>>(out.inflight.take(id)),
                    None => drop(out.queue.take(number)),
                }
            }
            Record::Received { client_id, packet_id } => {
                if let Some(session) = self.restored(&client_id) {
                    session.received.insert(packet_id.get());
                }
            }
            Record::Completed { client_id, packet_id } => {
                if let Some(session) = self.restored(&client_id) {
                    session.received.remove(&packet_id.get());
                }
            }
            _ => {}
        }
    }

    fn restored(&mut self, client_id: &Text) -> Option<&mut Session> {
        self.sessions.get_mut(self.clients.get(client_id)?.0)
    }

    /// The session of a client, made where there is none.
    fn restored_session(&mut self, client_id: &Text, user_name: Option<&Text>) -> SessionKey {
        if let Some(key) = self.clients.get(client_id) {
            return *key;
        }
        let account = Arc::new(self.gate.account(user_name, client_id, &self.dynsec, &self.devices));
        let key = SessionKey(self.sessions.insert(Session::new(client_id.clone(), account)));
        self.clients.insert(client_id.clone(), key);
        key
    }

    fn restore_subscription(
        &mut self,
        client_id: &Text,
        subscription: &Subscription,
        identifier: Option<u32>,
        of_key: Option<KeyId>,
    ) {
        let Some(key) = self.clients.get(client_id).copied() else { return };
        let Some(session) = self.sessions.get_mut(key.0) else { return };
        let options = Options { identifier, ..Options::from(subscription) };
        session.subscriptions.insert(subscription.filter.clone(), options);
        self.subscriptions.set(&subscription.filter, key, options);
        self.emitter.bonds.set(key, &subscription.filter, of_key);
    }

    fn restore_key(&mut self, remembered: &mut Remembered, key: Text, json: Bytes) {
        if let Some(id) = self.emitter.keys.restore(key.as_str(), &json) {
            remembered.plain_keys.insert(key, (id.text(), json));
        }
    }

    /// Stores of older versions hold keys themselves: their hashes take their places.
    fn hash_plain_keys(&mut self, remembered: &mut Remembered) {
        for (key, (id, json)) in std::mem::take(&mut remembered.plain_keys) {
            self.persist(|| Record::EmitterKeyRemoved { key });
            self.persist(|| Record::EmitterKeySet { key: id, json });
        }
    }

    /// What its end meant for others stands in records of its own.
    fn forget_restored(&mut self, client_id: &Text) {
        let Some(key) = self.clients.remove(client_id) else { return };
        let Some(session) = self.sessions.remove(key.0) else { return };
        for filter in session.subscriptions.keys() {
            self.subscriptions.remove(filter, key);
        }
        self.emitter.bonds.forget(key);
    }

    fn set_restored_timers(&mut self) {
        let keys: Vec<_> = self.sessions.keys().map(SessionKey).collect();
        for key in keys {
            let Some(session) = self.sessions.get(key.0) else { continue };
            let (ends, will) = (session.ends, session.will.as_ref().map(|will| will.due));
            if let Some(at) = ends {
                self.timers.set(at, Timer::Session(key));
            }
            if let Some(at) = will {
                self.timers.set(at, Timer::Will(key));
            }
        }
    }

    /// Ends a connection that the broker before this one did not live to end, as if it were lost at this moment.
    fn end_of_old(&mut self, now: Now, client_id: &Text, was: Connected) {
        let key = self.restored_session(client_id, was.user_name.as_ref());
        let id = ConnectionId(self.connections.insert(Connection::new(was.peer)));
        let Some(session) = self.sessions.get_mut(key.0) else { return };
        session.connection = Some(id);
        let link = Link {
            version: was.version,
            session: key,
            account: Arc::clone(&session.account),
            wants_reasons: false,
            max_packet_size: usize::MAX,
            window: 1,
            patience: Duration::ZERO,
            last_packet: now.monotonic,
            last_active: now.monotonic,
            will: was.will,
            aliases: None,
            memo: None,
            asked_expiry: session.expiry,
            keep_alive: was.keep_alive,
            clean_start: was.clean_start,
            connected_unix: was.connected_unix,
            told: Told::of(&self.config.limits),
            is_paced: false,
            waiting: None,
        };
        self.count_connection(&link.account.name);
        if let Some(it) = self.connections.get_mut(id.0) {
            it.phase = Phase::Connected(Box::new(link));
        }
        self.stats.clients += 1;
        self.end(now, id, Reason::ServerRestart);
        self.connections.remove(id.0);
    }
}
