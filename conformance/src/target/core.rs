//! The broker core in this process, on a virtual clock.

use super::{Read, Target, Transport, Wire};
use bytes::BytesMut;
use headcount_broker::{Broker, Chunks, Config, ConnectionId, Now, Output, Peer};
use headcount_mqtt::{Decoder, ReasonCode, Text};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

/// The one password that the core target knows, for every User Name.
pub(crate) const PASSWORD: &[u8] = b"correct";

/// 2017-10-24T16:08:38Z, the time of the first example of the clients feed.
const START: Duration = Duration::from_secs(1_508_861_318);

/// A broker core with its clock. Bytes pass through the real codec on both sides.
pub struct Core {
    inner: Rc<RefCell<Inner>>,
}

struct Inner {
    broker: Broker,
    elapsed: Duration,
    maximum: usize,
    connections: HashMap<ConnectionId, Connection>,
}

/// What the server keeps for a connection.
struct Connection {
    decoder: Decoder,
    to_client: BytesMut,
    closed: bool,
}

impl Core {
    /// A realm that welcomes everybody, with the default limits, changed by `configure`.
    ///
    /// # Errors
    /// What [`Broker::new`] says of the configuration.
    pub fn new(configure: Option<fn(&mut Config)>) -> Result<Self, String> {
        let mut config = Config { durable: true, ..Config::open("open") };
        if let Some(configure) = configure {
            configure(&mut config);
        }
        let maximum = config.limits.max_packet_size;
        let elapsed = Duration::ZERO;
        let broker = Broker::new(config, reading(elapsed))?;
        let inner = Inner { broker, elapsed, maximum, connections: HashMap::new() };
        Ok(Self { inner: Rc::new(RefCell::new(inner)) })
    }
}

/// The monotonic clock starts away from zero, so that nothing mistakes zero for "never".
fn reading(elapsed: Duration) -> Now {
    Now { monotonic: Duration::from_secs(1_000) + elapsed, unix: START + elapsed }
}

impl Target for Core {
    fn open(&self) -> Result<Box<dyn Wire>, String> {
        let mut inner = self.inner.borrow_mut();
        let address = format!("127.0.0.1:{}", 50_000 + inner.connections.len());
        let peer = Peer::new(address, headcount_broker::Transport::Tcp);
        let now = reading(inner.elapsed);
        let id = inner.broker.handle_open(now, peer);
        let decoder = Decoder::server(inner.maximum);
        inner.connections.insert(id, Connection { decoder, to_client: BytesMut::new(), closed: false });
        inner.drain();
        drop(inner);
        Ok(Box::new(Line { id, inner: Rc::clone(&self.inner) }))
    }

    fn advance(&self, time: Duration) {
        self.inner.borrow_mut().advance(time);
    }

    fn transport(&self) -> Transport {
        Transport::Memory
    }
}

impl Inner {
    /// Stops at each moment that the core asked for, as a server's timer would.
    fn advance(&mut self, time: Duration) {
        let end = self.elapsed + time;
        let target = reading(end).monotonic;
        let mut last = None;
        while let Some(due) = self.broker.poll_timeout().filter(|due| *due <= target) {
            assert_ne!(
                last,
                Some(due),
                "poll_timeout asks for {due:?} again after handle_timeout at that time"
            );
            last = Some(due);
            self.elapsed += due.saturating_sub(reading(self.elapsed).monotonic);
            self.broker.handle_timeout(reading(self.elapsed));
            self.drain();
        }
        self.elapsed = end;
        self.drain();
    }

    fn receive(&mut self, id: ConnectionId, bytes: &[u8]) {
        let now = reading(self.elapsed);
        let Some(connection) = self.connections.get_mut(&id).filter(|connection| !connection.closed) else {
            return;
        };
        connection.decoder.feed(bytes);
        self.broker.handle_received(id, bytes.len());
        loop {
            let Some(connection) = self.connections.get_mut(&id).filter(|connection| !connection.closed)
            else {
                return;
            };
            match connection.decoder.decode() {
                Ok(Some(packet)) => self.broker.handle_packet(now, id, packet),
                Ok(None) => return,
                Err(error) => {
                    let version = connection.decoder.version();
                    self.broker.handle_decode_error(now, id, version, error);
                    self.drain();
                    return;
                }
            }
            self.drain();
        }
    }

    /// Does what the core asks for until it asks for nothing.
    fn drain(&mut self) {
        let now = reading(self.elapsed);
        while let Some(output) = self.broker.poll_output() {
            match output {
                Output::Ready(id) => self.fetch(id),
                Output::Close(id) => {
                    self.fetch(id);
                    if let Some(connection) = self.connections.get_mut(&id) {
                        connection.closed = true;
                    }
                }
                // What comes all the same waits in the core.
                Output::Pause(_) | Output::Resume(_) | Output::Hash { .. } | Output::Credentials { .. } => {}
                Output::Authenticate { connection, user_name, password, .. } => {
                    let verdict = judge(&user_name, password.as_deref());
                    self.broker.handle_authenticated(now, connection, verdict);
                }
                Output::Persist(id, _) => self.broker.handle_persisted(id),
            }
        }
    }

    fn fetch(&mut self, id: ConnectionId) {
        let now = reading(self.elapsed);
        let mut chunks = Chunks::new();
        while self.broker.take_send(now, id, &mut chunks) {}
        let Some(connection) = self.connections.get_mut(&id) else { return };
        assert!(chunks.is_empty() || !connection.closed, "bytes for {id:?} after its Close");
        for chunk in chunks {
            connection.to_client.extend_from_slice(&chunk);
        }
    }
}

fn judge(_user_name: &Text, password: Option<&[u8]>) -> Result<(), ReasonCode> {
    if password == Some(PASSWORD) { Ok(()) } else { Err(ReasonCode::BadUserNameOrPassword) }
}

struct Line {
    id: ConnectionId,
    inner: Rc<RefCell<Inner>>,
}

impl Wire for Line {
    fn write(&mut self, bytes: &[u8]) {
        self.inner.borrow_mut().receive(self.id, bytes);
    }

    fn read(&mut self, _patience: Duration) -> Read {
        let mut inner = self.inner.borrow_mut();
        let Some(connection) = inner.connections.get_mut(&self.id) else { return Read::Closed };
        if !connection.to_client.is_empty() {
            return Read::Bytes(connection.to_client.split().to_vec());
        }
        if connection.closed { Read::Closed } else { Read::Quiet }
    }

    fn vanish(&mut self) {
        let mut inner = self.inner.borrow_mut();
        let now = reading(inner.elapsed);
        let Some(connection) = inner.connections.get_mut(&self.id) else { return };
        if !connection.closed {
            connection.closed = true;
            connection.to_client.clear();
            inner.broker.handle_closed(now, self.id);
            inner.drain();
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        // A play that ended leaves its connections as they are: the core goes with it.
        if let Ok(mut inner) = self.inner.try_borrow_mut() {
            inner.connections.remove(&self.id);
        }
    }
}
