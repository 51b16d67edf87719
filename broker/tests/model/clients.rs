//! A broker with its clients, its clock, and what it puts on disk.

use crate::step::CLIENTS;
use headcount_broker::{Broker, Chunks, Config, ConnectionId, Now, Output, Peer, Record, Transport};
use headcount_mqtt::{Decoder, Packet, ProtocolVersion};
use std::collections::BTreeMap;
use std::time::Duration;

pub(crate) struct Clients {
    broker: Broker,
    pub(crate) now: Duration,
    disk: Vec<Record>,
    open: BTreeMap<ConnectionId, Wire>,
    /// Each client's present connection.
    present: [Option<ConnectionId>; CLIENTS as usize],
}

struct Wire {
    decoder: Decoder,
    inbox: Vec<Packet>,
    closed: bool,
}

/// 2017-10-24T16:08:38Z.
const CALENDAR: Duration = Duration::from_secs(1_508_861_318);

/// Both clocks go on over a crash.
fn reading(now: Duration) -> Now {
    Now { monotonic: CALENDAR + now, unix: CALENDAR + now }
}

fn config() -> Config {
    Config { durable: true, ..Config::open("open") }
}

impl Clients {
    pub(crate) fn new() -> Self {
        let broker = Broker::new(config(), reading(Duration::ZERO)).expect("a valid configuration");
        let present = [None; CLIENTS as usize];
        Self { broker, now: Duration::ZERO, disk: Vec::new(), open: BTreeMap::new(), present }
    }

    /// Opens a connection for a client; the one it had stays to be read.
    pub(crate) fn open(&mut self, client: u8, version: ProtocolVersion) {
        let id = self.broker.handle_open(reading(self.now), Peer::new("127.0.0.1:50000", Transport::Tcp));
        let wire = Wire { decoder: Decoder::client(version, 1 << 20), inbox: Vec::new(), closed: false };
        self.open.insert(id, wire);
        self.present[usize::from(client)] = Some(id);
    }

    pub(crate) fn connection(&self, client: u8) -> Option<ConnectionId> {
        self.present[usize::from(client)]
    }

    pub(crate) fn send(&mut self, client: u8, packet: Packet) {
        let id = self.connection(client).expect("it is connected");
        self.broker.handle_packet(reading(self.now), id, packet);
        self.settle();
    }

    pub(crate) fn lose(&mut self, client: u8) {
        let id = self.present[usize::from(client)].take().expect("it is connected");
        self.broker.handle_closed(reading(self.now), id);
        self.open.remove(&id);
        self.settle();
    }

    /// The next thing that the broker does by itself.
    pub(crate) fn next_due(&mut self) -> Option<Duration> {
        self.broker.poll_timeout().map(|due| due.saturating_sub(CALENDAR))
    }

    pub(crate) fn do_due(&mut self) {
        self.broker.handle_timeout(reading(self.now));
        self.settle();
    }

    /// The broker dies, and another goes on from its records.
    pub(crate) fn crash(&mut self) {
        self.open.clear();
        self.present = [None; CLIENTS as usize];
        self.broker =
            Broker::restore(config(), reading(self.now), self.disk.clone()).expect("a valid configuration");
        self.settle();
    }

    /// What a connection got since it was asked last, and whether it is closed.
    pub(crate) fn take(&mut self, id: ConnectionId) -> (Vec<Packet>, bool) {
        let wire = self.open.get_mut(&id).expect("an open connection");
        (std::mem::take(&mut wire.inbox), wire.closed)
    }

    /// The client's connection is over.
    pub(crate) fn forget(&mut self, client: u8) {
        if let Some(id) = self.present[usize::from(client)].take() {
            self.open.remove(&id);
        }
    }

    fn settle(&mut self) {
        while let Some(output) = self.broker.poll_output() {
            match output {
                Output::Ready(id) => self.fetch(id),
                Output::Close(id) => {
                    self.fetch(id);
                    if let Some(wire) = self.open.get_mut(&id) {
                        wire.closed = true;
                    }
                }
                Output::Persist(id, record) => {
                    self.disk.push(record);
                    self.broker.handle_persisted(id);
                }
                Output::Authenticate { .. } | Output::Hash { .. } | Output::Credentials { .. } => {
                    unreachable!("names are believed")
                }
                Output::Pause(_) | Output::Resume(_) => unreachable!("nobody is throttled"),
            }
        }
    }

    fn fetch(&mut self, id: ConnectionId) {
        let mut chunks = Chunks::new();
        self.broker.take_send(reading(self.now), id, &mut chunks);
        let Some(wire) = self.open.get_mut(&id) else { return };
        for chunk in chunks {
            wire.decoder.feed(&chunk);
        }
        while let Some(packet) = wire.decoder.decode().expect("the core's bytes are well-formed") {
            wire.inbox.push(packet);
        }
    }
}
