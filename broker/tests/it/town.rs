//! A durable broker, clients with kept sessions, a storage that lags behind, and crashes.

use bytes::Bytes;
use headcount_broker::{
    Broker, Chunks, Config, ConnectionId, Message, Now, Output, Peer, Record, RecordId, Transport,
};
use headcount_mqtt::client::{Action, Client, Event, Options};
use headcount_mqtt::{Decoder, ProtocolVersion, QoS, ReasonCode, Subscription};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

/// Dice that fall the same way for the same seed.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        // The generator of Knuth's MMIX; its upper bits are the good ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// A client with its half of the line.
pub(crate) struct Citizen {
    pub(crate) session: Client,
    connection: Option<ConnectionId>,
    decoder: Decoder,
    to_broker: VecDeque<Bytes>,
    to_client: VecDeque<Bytes>,
    hung_up: bool,
    pub(crate) got: Vec<(String, u64)>,
    pub(crate) published: usize,
}

pub(crate) struct Town {
    pub(crate) broker: Broker,
    config: Config,
    base: Duration,
    pub(crate) time: Duration,
    pub(crate) dice: Dice,
    pub(crate) citizens: Vec<Citizen>,
    /// What is on disk, of all brokers so far.
    pub(crate) disk: Vec<Record>,
    /// Turns that are not.
    pub(crate) unstored: VecDeque<Vec<(RecordId, Record)>>,
    ready: Vec<ConnectionId>,
    names: HashMap<ConnectionId, usize>,
    pub(crate) crashes: usize,
}

const START: Duration = Duration::from_secs(1_508_861_318);

impl Town {
    pub(crate) fn new(seed: u64) -> Self {
        let mut config = Config::open("open");
        config.durable = true;
        let base = Duration::from_secs(1_000);
        let now = Now { monotonic: base, unix: START };
        Self {
            broker: Broker::new(config.clone(), now).unwrap(),
            config,
            base,
            time: Duration::ZERO,
            dice: Dice(seed),
            citizens: Vec::new(),
            disk: Vec::new(),
            unstored: VecDeque::new(),
            ready: Vec::new(),
            names: HashMap::new(),
            crashes: 0,
        }
    }

    pub(crate) fn settle_citizen(&mut self, name: &str, version: ProtocolVersion, filters: &[(&str, QoS)]) {
        let mut options = Options::new(version, name.try_into().unwrap());
        options.clean_start = false;
        options.session_expiry_interval = if version == ProtocolVersion::V5 { u32::MAX } else { 0 };
        options.keep_alive = 0;
        options.reconnect = None;
        let mut session = Client::new(options, 1).unwrap();
        for (filter, qos) in filters {
            let subscription = Subscription::new((*filter).try_into().unwrap(), *qos);
            session.subscribe(self.time, vec![subscription], None).unwrap();
        }
        self.citizens.push(Citizen {
            session,
            connection: None,
            decoder: Decoder::server(1 << 20),
            to_broker: VecDeque::new(),
            to_client: VecDeque::new(),
            hung_up: false,
            got: Vec::new(),
            published: 0,
        });
    }

    pub(crate) fn now(&self) -> Now {
        Now { monotonic: self.base + self.time, unix: START + self.time }
    }

    /// One call of the core and what it puts out, which is stored as a whole or not at all.
    fn turn(&mut self, act: impl FnOnce(&mut Broker, Now)) {
        let now = self.now();
        act(&mut self.broker, now);
        let mut records = Vec::new();
        while let Some(output) = self.broker.poll_output() {
            match output {
                Output::Ready(id) => self.ready.push(id),
                Output::Close(id) => {
                    self.fetch(id);
                    if let Some(at) = self.names.remove(&id) {
                        self.citizens[at].hung_up = true;
                    }
                }
                Output::Persist(id, record) => records.push((id, record)),
                // What comes all the same waits in the core.
                Output::Pause(_) | Output::Resume(_) => {}
                Output::Authenticate { .. } | Output::Hash { .. } | Output::Credentials { .. } => {
                    unreachable!("an open realm asks nobody")
                }
            }
        }
        if !records.is_empty() {
            self.unstored.push_back(records);
        }
    }

    fn fetch(&mut self, id: ConnectionId) {
        let mut chunks = Chunks::new();
        self.turn(|broker, now| {
            broker.take_send(now, id, &mut chunks);
        });
        if let Some(at) = self.names.get(&id) {
            self.citizens[*at].to_client.extend(chunks);
        }
    }

    /// Lets the storage finish some turns.
    pub(crate) fn store(&mut self, turns: usize) {
        let count = turns.min(self.unstored.len());
        let mut last = None;
        for (id, record) in self.unstored.drain(..count).flatten() {
            last = Some(id);
            self.disk.push(record);
        }
        if let Some(id) = last {
            self.turn(|broker, _| broker.handle_persisted(id));
        }
    }

    pub(crate) fn connect(&mut self, at: usize) {
        if self.citizens[at].connection.is_some() {
            return;
        }
        let mut opened = None;
        self.turn(|broker, now| {
            let peer = Peer::new(format!("127.0.0.1:{at}"), Transport::Tcp);
            opened = Some(broker.handle_open(now, peer));
        });
        let citizen = &mut self.citizens[at];
        citizen.connection = opened;
        citizen.decoder = Decoder::server(1 << 20);
        self.names.insert(opened.unwrap(), at);
        citizen.session.connect(self.time);
        self.speak(at);
    }

    /// The client's line breaks, with all that is on it.
    pub(crate) fn lose(&mut self, at: usize) {
        let citizen = &mut self.citizens[at];
        let Some(id) = citizen.connection.take() else { return };
        citizen.to_broker.clear();
        citizen.to_client.clear();
        citizen.hung_up = false;
        citizen.session.handle_closed(self.time);
        self.speak(at);
        if self.names.remove(&id).is_some() {
            self.turn(|broker, now| broker.handle_closed(now, id));
        }
    }

    /// Takes what the client wants sent and what it tells.
    pub(crate) fn speak(&mut self, at: usize) {
        let citizen = &mut self.citizens[at];
        while let Some(action) = citizen.session.poll_action() {
            match action {
                Action::Open => citizen.session.handle_opened(self.time),
                Action::Send(bytes) => citizen.to_broker.push_back(bytes),
                Action::Close => citizen.hung_up = true,
            }
        }
        while let Some(event) = citizen.session.poll_event() {
            match event {
                Event::Message(message) => {
                    // The feeds are no numbers.
                    if let Ok(number) = str::from_utf8(&message.payload).unwrap().parse() {
                        citizen.got.push((message.topic.as_str().to_owned(), number));
                    }
                }
                Event::Published { reason, .. } => {
                    // (3.7.2.1) a PUBREL sent again after its end was stored: no error when a session is taken up.
                    let known = reason != ReasonCode::PacketIdentifierNotFound;
                    assert!(!(known && reason.is_error()), "{reason:?}");
                    citizen.published += 1;
                }
                Event::GivenUp { .. } | Event::Refused(_) => panic!("{event:?}"),
                _ => {}
            }
        }
    }

    /// Moves one piece of what is on the lines; whether there was any.
    pub(crate) fn step(&mut self, at: usize) -> bool {
        let mut moved = false;
        if let Some(id) = self.citizens[at].connection {
            if let Some(index) = self.ready.iter().position(|it| *it == id) {
                self.ready.swap_remove(index);
                self.fetch(id);
                moved = true;
            }
            if let Some(bytes) = self.citizens[at].to_broker.pop_front() {
                self.citizens[at].decoder.feed(&bytes);
                while let Some(packet) = self.citizens[at].decoder.decode().unwrap() {
                    self.turn(|broker, now| broker.handle_packet(now, id, packet));
                }
                moved = true;
            }
        }
        let (citizen, time) = (&mut self.citizens[at], self.time);
        if let Some(bytes) = citizen.to_client.pop_front() {
            citizen.session.handle_bytes(time, &bytes);
            self.speak(at);
            moved = true;
        } else if citizen.hung_up {
            self.lose(at);
            moved = true;
        }
        moved
    }

    /// The broker dies with some of what was not stored yet, and starts again from the disk.
    pub(crate) fn crash(&mut self) {
        self.crashes += 1;
        let kept = self.dice.roll(self.unstored.len() + 1);
        let more: Vec<_> = self.unstored.drain(..kept).flatten().map(|(_, record)| record).collect();
        self.disk.extend(more);
        self.unstored.clear();
        self.ready.clear();
        self.names.clear();
        self.time += Duration::from_secs(1);
        // Another process counts from another origin.
        self.base = START;
        let now = self.now();
        let records: Vec<_> = self.disk.iter().cloned().map(|record| rebased(record, now)).collect();
        self.broker = Broker::restore(self.config.clone(), now, records).unwrap();
        self.turn(|_, _| ());
        for at in 0..self.citizens.len() {
            self.lose(at);
        }
    }

    /// Connects everybody and lets everything come to rest.
    pub(crate) fn rest(&mut self) {
        for round in 0..10_000 {
            let mut moved = false;
            for at in 0..self.citizens.len() {
                self.connect(at);
                self.speak(at);
                moved |= self.step(at);
            }
            moved |= !self.unstored.is_empty();
            self.store(usize::MAX);
            if !moved {
                return;
            }
            assert!(round < 9_999, "no rest");
        }
    }
}

/// The record as a store gives it back: with the message's age on the clock of this process.
pub(crate) fn rebased(mut record: Record, now: Now) -> Record {
    let (Record::Queued { message, .. } | Record::RetainedSet { message, .. }) = &mut record else {
        return record;
    };
    let received = now.monotonic_at(message.received_unix);
    *message = Arc::new(Message { received, ..message.as_ref().clone() });
    record
}
