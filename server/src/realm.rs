//! A realm at work: the broker core under its lock, the connections it wakes, and its timer.

mod entry;
mod told;
mod wake;

pub(crate) use told::Told;
pub(crate) use wake::Wake;

use crate::accounts::Accounts;
use crate::clock::Clock;
use crate::door::{Door, DoorLimits};
use crate::storage::{Depot, Parked, Word};
use bytes::Bytes;
use headcount_broker::{Broker, Chunks, ConnectionId, Now, Output, Peer, Record, RecordId};
use headcount_mqtt::{DecodeError, Packet, ProtocolVersion, ReasonCode};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// One realm, shared by its connections.
#[derive(Debug)]
pub(crate) struct Realm {
    name: String,
    core: Mutex<Core>,
    door: Door,
    max_packet_size: AtomicUsize,
    clock: Clock,
    /// Where records go; `None`: nothing is kept.
    depot: Option<Depot>,
    /// Whether the server ends.
    ending: AtomicBool,
    /// Rung when the core's next deadline comes earlier than the timer sleeps.
    alarm: Notify,
}

/// Why nothing more of a peer can be understood.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// Its MQTT cannot be decoded.
    Packet(Option<ProtocolVersion>, DecodeError),
    /// It broke a rule of the transport.
    Transport(ReasonCode),
}

/// What the lock guards.
#[derive(Debug)]
struct Core {
    broker: Broker,
    wakes: HashMap<ConnectionId, Arc<Wake>>,
    /// When the timer task will look again.
    armed: Option<Duration>,
}

impl Realm {
    /// A realm without connections; with the store's end and what it remembers, one that goes on.
    ///
    /// # Errors
    /// The core's sentence where it cannot read the access rules.
    pub(crate) fn new(
        mut config: headcount_broker::Config,
        door: DoorLimits,
        accounts: Accounts,
        clock: Clock,
        past: Option<(Depot, Vec<Record>)>,
    ) -> Result<Self, String> {
        let (name, max_packet_size) = (config.realm.clone(), config.limits.max_packet_size);
        config.durable = past.is_some();
        let (depot, records) = past.unzip();
        let broker = Broker::restore(config, clock.now(), records.unwrap_or_default())?;
        let core = Mutex::new(Core { broker, wakes: HashMap::new(), armed: None });
        let realm = Self {
            name,
            core,
            door: Door::new(door, accounts),
            max_packet_size: AtomicUsize::new(max_packet_size),
            clock,
            depot,
            ending: AtomicBool::new(false),
            alarm: Notify::new(),
        };
        // What starting again changed is stored.
        realm.turn(None, |_, _| ());
        Ok(realm)
    }

    /// What became of records.
    pub(crate) fn hear(&self, word: Word) {
        self.turn(None, |core, now| match word {
            Word::Stored(id) => core.broker.handle_persisted(id),
            Word::Storage(storage) => core.broker.handle_storage(now, storage),
        });
    }

    /// Whether storage is too far behind to read more from clients; the waker of `cx` hears when it is not.
    pub(crate) fn is_behind(&self, parked: &mut Parked, cx: &std::task::Context<'_>) -> bool {
        self.depot.as_ref().is_some_and(|depot| depot.is_behind(parked, cx.waker()))
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Bytes of the largest Control Packet that is read.
    pub(crate) fn max_packet_size(&self) -> usize {
        self.max_packet_size.load(Ordering::Relaxed)
    }

    pub(crate) fn open(&self, peer: Peer) -> (ConnectionId, Arc<Wake>) {
        let wake = Arc::new(Wake::default());
        let connection = self.turn(None, |core, now| {
            let connection = core.broker.handle_open(now, peer);
            core.wakes.insert(connection, Arc::clone(&wake));
            connection
        });
        (connection, wake)
    }

    /// Hands over what one read of `bytes` bytes gave, and what ended it.
    pub(crate) fn receive(
        &self,
        connection: ConnectionId,
        bytes: usize,
        packets: impl Iterator<Item = Packet>,
        fault: Option<Fault>,
    ) {
        self.turn(Some(connection), |core, now| {
            core.broker.handle_received(connection, bytes);
            for packet in packets {
                core.broker.handle_packet(now, connection, packet);
            }
            match fault {
                Some(Fault::Packet(version, error)) => {
                    core.broker.handle_decode_error(now, connection, version, error);
                }
                Some(Fault::Transport(reason)) => {
                    core.broker.handle_transport_error(now, connection, reason);
                }
                None => {}
            }
        });
    }

    /// The transport is gone.
    pub(crate) fn closed(&self, connection: ConnectionId) {
        self.turn(Some(connection), |core, now| {
            if core.wakes.remove(&connection).is_some() {
                core.broker.handle_closed(now, connection);
            }
        });
    }

    pub(crate) fn take_send(&self, connection: ConnectionId, chunks: &mut Chunks) {
        self.turn(Some(connection), |core, now| core.broker.take_send(now, connection, chunks));
    }

    /// Publishes a retained message in the server's own name.
    pub(crate) fn publish_fact(&self, topic: &str, payload: Bytes) {
        self.turn(None, |core, now| core.broker.publish_fact(now, topic, payload));
    }

    /// Ends every connection with Server shutting down.
    pub(crate) fn shut_down(&self) {
        self.ending.store(true, Ordering::Release);
        self.door.close();
        self.turn(None, |core, now| core.broker.handle_shutdown(now));
    }

    /// Whether [`Realm::shut_down`] was called.
    pub(crate) fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Acquire)
    }

    /// Calls the core whenever it is due, until `stop`.
    pub(crate) async fn keep_time(self: Arc<Self>, stop: CancellationToken) {
        loop {
            let armed = self.lock().armed;
            let due = async {
                match armed {
                    Some(deadline) => tokio::time::sleep_until(self.clock.instant(deadline).into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = due => self.turn(None, |core, now| core.broker.handle_timeout(now)),
                () = self.alarm.notified() => {}
                () = stop.cancelled() => return,
            }
        }
    }

    /// Lets `act` tell the core what happened, then does what the core asks for. `own` is the connection whose task
    /// is running: it looks at its [`Wake`] by itself afterwards and is not woken.
    fn turn<T>(&self, own: Option<ConnectionId>, act: impl FnOnce(&mut Core, Now) -> T) -> T {
        let mut woken = Vec::new();
        let result = {
            let mut core = self.lock();
            let result = act(&mut core, self.clock.now());
            self.drain(&mut core, own, &mut woken);
            result
        };
        for wake in woken {
            wake.waker.wake();
        }
        result
    }

    fn drain(&self, core: &mut Core, own: Option<ConnectionId>, woken: &mut Vec<Arc<Wake>>) {
        let mut records: Vec<(RecordId, Record)> = Vec::new();
        while let Some(output) = core.broker.poll_output() {
            match output {
                Output::Ready(connection) => {
                    if let Some(wake) = core.wakes.get(&connection) {
                        wake.ready.store(true, Ordering::Release);
                        if own != Some(connection) {
                            woken.push(Arc::clone(wake));
                        }
                    }
                }
                Output::Close(connection) => {
                    if let Some(wake) = core.wakes.remove(&connection) {
                        wake.closing.store(true, Ordering::Release);
                        if own != Some(connection) {
                            woken.push(wake);
                        }
                    }
                }
                Output::Authenticate { connection, user_name, password, comparison } => {
                    self.authenticate(core, connection, user_name, password, comparison);
                }
                Output::Hash { job, connection, passwords } => {
                    self.hash(core, job, connection, passwords);
                }
                Output::Credentials { job, connection } => self.credentials(core, job, connection),
                Output::Pause(connection) => {
                    if let Some(wake) = core.wakes.get(&connection) {
                        wake.paused.store(true, Ordering::Release);
                    }
                }
                Output::Resume(connection) => {
                    if let Some(wake) = core.wakes.get(&connection) {
                        wake.paused.store(false, Ordering::Release);
                        if own != Some(connection) {
                            woken.push(Arc::clone(wake));
                        }
                    }
                }
                Output::Persist(id, record) => records.push((id, record)),
            }
        }
        if let Some(depot) = self.depot.as_ref().filter(|_| !records.is_empty()) {
            depot.put(records);
        }
        let due = core.broker.poll_timeout();
        let earlier = match (due, core.armed) {
            (Some(due), Some(armed)) => due < armed,
            (Some(_), None) => true,
            (None, _) => false,
        };
        // A deadline that moved later costs one look too many when the old one comes, and no wake-up in between.
        let passed = core.armed.is_some_and(|armed| armed <= self.clock.monotonic());
        if earlier || passed {
            core.armed = due;
            self.alarm.notify_one();
        }
    }

    /// The core stays usable after a panic in one of its callers: a torn session is less harm than a dead realm.
    fn lock(&self) -> MutexGuard<'_, Core> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
