//! The public face of the core.

use crate::account::Gate;
use crate::connection::{Connection, Phase};
use crate::devices::Devices;
use crate::dynsec::{Registry, Requests};
use crate::emitter::Emitter;
use crate::events::Journal;
use crate::key::SessionKey;
use crate::retained::Retained;
use crate::served::Served;
use crate::session::Session;
use crate::slots::Slots;
use crate::stats::Ends;
use crate::subscriptions::Subscriptions;
use crate::sys::Sys;
use crate::timers::{Timer, Timers};
use crate::usage::Usages;
use crate::{Chunks, Config, ConnectionId, Now, Output, Peer, Record, RecordId, Stats, Storage};
use headcount_mqtt::{Packet, Text};
use std::collections::{HashMap, VecDeque};
use std::time::Duration;

/// One realm's broker.
#[derive(Debug)]
pub struct Broker {
    pub(crate) config: Config,
    pub(crate) gate: Gate,
    pub(crate) dynsec: Registry,
    pub(crate) requests: Requests,
    pub(crate) devices: Devices,
    pub(crate) emitter: Emitter,
    pub(crate) served: Served,
    pub(crate) connections: Slots<Connection>,
    pub(crate) sessions: Slots<Session>,
    /// Sessions by Client Identifier. Never iterated.
    pub(crate) clients: HashMap<Text, SessionKey>,
    pub(crate) subscriptions: Subscriptions,
    pub(crate) retained: Retained,
    pub(crate) timers: Timers,
    pub(crate) usages: Usages,
    pub(crate) outputs: VecDeque<Output>,
    pub(crate) journal: Journal,
    pub(crate) stats: Stats,
    pub(crate) disconnects: Ends,
    pub(crate) refusals: Ends,
    pub(crate) sys: Sys,
    /// The last record put out, and the last that is stored.
    pub(crate) recorded: RecordId,
    pub(crate) stored: RecordId,
    /// The last record before the packet in work.
    pub(crate) turn: RecordId,
    /// Connections whose outbox waits for a record, in the order of records.
    pub(crate) promises: VecDeque<(RecordId, ConnectionId)>,
    pub(crate) shutting_down: bool,
    pub(crate) storage: Storage,
}

impl Broker {
    /// An empty broker.
    ///
    /// # Errors
    /// A sentence naming the rule's line where the access rules cannot be read.
    pub fn new(config: Config, now: Now) -> Result<Self, String> {
        let gate = Gate::new(&config)?;
        let mut emitter = Emitter::default();
        emitter.keys.configure(config.access.emitter_keys.as_deref());
        let mut timers = Timers::default();
        if config.sys_interval.is_some() {
            timers.set(now.monotonic, Timer::Sys);
        }
        let served = Served::of(&gate, &emitter.keys);
        Ok(Self {
            config,
            gate,
            dynsec: Registry::default(),
            requests: Requests::default(),
            devices: Devices::default(),
            served,
            emitter,
            connections: Slots::new(),
            sessions: Slots::new(),
            clients: HashMap::new(),
            subscriptions: Subscriptions::new(),
            retained: Retained::new(),
            timers,
            usages: Usages::default(),
            outputs: VecDeque::new(),
            journal: Journal::default(),
            stats: Stats::default(),
            disconnects: Ends::default(),
            refusals: Ends::default(),
            sys: Sys::new(now),
            recorded: RecordId(0),
            stored: RecordId(0),
            turn: RecordId(0),
            promises: VecDeque::new(),
            shutting_down: false,
            storage: Storage::Ready,
        })
    }

    /// A transport was opened; its first packet has to be CONNECT.
    pub fn handle_open(&mut self, now: Now, peer: Peer) -> ConnectionId {
        let id = ConnectionId(self.connections.insert(Connection::new(peer)));
        self.stats.connections_opened += 1;
        self.set_timer(id, now.monotonic + self.config.limits.connect_timeout);
        id
    }

    /// Bytes were read from it, whole packets or not: they are counted in the session's events.
    pub fn handle_received(&mut self, connection: ConnectionId, bytes: usize) {
        self.stats.bytes_received += bytes as u64;
        if let Some(connection) = self.connections.get_mut(connection.0) {
            connection.traffic.bytes_in += bytes as u64;
        }
    }

    /// A packet arrived. Packets of one connection come in order; ids of ended connections are ignored.
    pub fn handle_packet(&mut self, now: Now, connection: ConnectionId, packet: Packet) {
        self.turn = self.recorded;
        let Some(it) = self.connections.get_mut(connection.0) else { return };
        self.stats.packets_received += 1;
        match &mut it.phase {
            Phase::Connected(link) => {
                it.traffic.packets_in += 1;
                link.last_packet = now.monotonic;
                if !matches!(packet, Packet::PingReq) {
                    link.last_active = now.monotonic;
                }
                if link.is_paced {
                    self.paced_packet(now, connection, packet);
                } else {
                    self.packet(now, connection, packet);
                }
            }
            Phase::Opened => {
                it.traffic.packets_in += 1;
                match packet {
                    Packet::Connect(connect) => self.connect(now, connection, connect),
                    // [MQTT-3.1.0-1] the first packet is CONNECT.
                    _ => self.abandon(now, connection),
                }
            }
            Phase::Authenticating(it) => {
                it.waiting.push_back(packet);
                if it.waiting.len() > crate::connection::MAX_WAITING {
                    self.flooded(now, connection);
                }
            }
            Phase::Closing => {}
        }
    }

    /// Time passed; call it when [`Broker::poll_timeout`] is due.
    pub fn handle_timeout(&mut self, now: Now) {
        while let Some(timer) = self.timers.pop_due(now.monotonic) {
            match timer {
                Timer::Connection(id) => self.connection_timeout(now, id),
                Timer::Will(key) => self.publish_pending_will(now, key),
                Timer::Session(key) => {
                    self.stats.sessions_expired += 1;
                    self.remove_session(now, key);
                }
                Timer::Sys => self.say_sys(now),
                Timer::Pace(id) => self.resume_pace(now, id),
                Timer::Conflicts => self.end_conflicts(now),
                Timer::Keys => self.end_keys(now),
            }
        }
    }

    /// All records up to and including this one are stored.
    pub fn handle_persisted(&mut self, id: RecordId) {
        self.stored = self.stored.max(id);
        while let Some((record, connection)) = self.promises.front().copied()
            && record <= id
        {
            self.promises.pop_front();
            if let Some(it) = self.connections.get_mut(connection.0)
                && it.outbox.stored(id)
                && it.outbox.announce()
            {
                self.outputs.push_back(Output::Ready(connection));
            }
        }
    }

    /// The next thing to do.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When [`Broker::handle_timeout`] wants to be called, on the monotonic clock.
    pub fn poll_timeout(&mut self) -> Option<Duration> {
        self.timers.next()
    }

    /// Takes all bytes that may leave for this connection, appending to `chunks`; whether there were any.
    ///
    /// The room may be filled from the session's queue: drain [`Broker::poll_output`] behind it, too.
    pub fn take_send(&mut self, now: Now, connection: ConnectionId, chunks: &mut Chunks) -> bool {
        let Some(it) = self.connections.get_mut(connection.0) else { return false };
        let taken = it.outbox.take(chunks);
        it.traffic.bytes_out += taken as u64;
        self.stats.bytes_sent += taken as u64;
        match &it.phase {
            Phase::Connected(link) => {
                let session = link.session;
                if self.emitter.watches.is_anything_missed() {
                    self.tell_missed(now, connection);
                }
                self.pump(now, session);
            }
            Phase::Closing if it.outbox.is_empty() => {
                self.connections.remove(connection.0);
            }
            _ => {}
        }
        taken > 0
    }

    /// Address and port of a connection's peer, as events show it; empty where there is no such connection.
    pub fn address(&self, connection: ConnectionId) -> &str {
        self.connections.get(connection.0).map_or("", |it| it.peer.address.as_str())
    }

    /// Puts a record out, where the realm is durable.
    pub(crate) fn persist(&mut self, record: impl FnOnce() -> Record) {
        if self.config.durable {
            self.recorded.0 += 1;
            self.outputs.push_back(Output::Persist(self.recorded, record()));
        }
    }

    /// The same for the answer to a packet that changed what is stored; another's records are no concern of it.
    pub(crate) fn promise_own(&mut self, id: ConnectionId) {
        if self.turn < self.recorded {
            self.promise(id);
        }
    }

    /// What is appended to this connection from here on promises all records so far.
    pub(crate) fn promise(&mut self, id: ConnectionId) {
        if self.stored < self.recorded
            && let Some(it) = self.connections.get_mut(id.0)
            && it.outbox.promise(self.recorded)
        {
            self.promises.push_back((self.recorded, id));
        }
    }

    /// Replaces the connection's deadline.
    pub(crate) fn set_timer(&mut self, id: ConnectionId, at: Duration) {
        self.clear_timer(id);
        if let Some(it) = self.connections.get_mut(id.0) {
            it.timer = Some(at);
            self.timers.set(at, Timer::Connection(id));
        }
    }

    pub(crate) fn clear_timer(&mut self, id: ConnectionId) {
        if let Some(at) = self.connections.get_mut(id.0).and_then(|it| it.timer.take()) {
            self.timers.clear(at, Timer::Connection(id));
        }
    }

    pub(crate) fn packet(&mut self, now: Now, id: ConnectionId, packet: Packet) {
        match packet {
            Packet::Publish(publish) => self.publish(now, id, publish),
            Packet::PubAck(ack) => self.puback(now, id, &ack),
            Packet::PubRec(ack) => self.pubrec(now, id, &ack),
            Packet::PubRel(ack) => self.pubrel(id, &ack),
            Packet::PubComp(ack) => self.pubcomp(now, id, &ack),
            Packet::Subscribe(subscribe) => self.subscribe(now, id, subscribe),
            Packet::Unsubscribe(unsubscribe) => self.unsubscribe(now, id, &unsubscribe),
            Packet::PingReq => self.send(id, &Packet::PingResp), // [MQTT-3.12.4-1]
            Packet::Disconnect(disconnect) => self.disconnect(now, id, &disconnect),
            Packet::Connect(_) => self.protocol_error(now, id, "a second CONNECT [MQTT-3.1.0-2]"),
            Packet::Auth(_) => {
                self.protocol_error(
                    now,
                    id,
                    "AUTH without an Authentication Method in CONNECT [MQTT-4.12.0-7]",
                );
            }
            Packet::ConnAck(_) | Packet::SubAck(_) | Packet::UnsubAck(_) | Packet::PingResp => {
                self.protocol_error(now, id, "a packet that only servers send (table 2-1)");
            }
        }
    }
}
