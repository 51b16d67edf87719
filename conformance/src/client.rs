//! A client in a script: it sends, and it expects.

use crate::Bench;
use crate::target::{Frames, Read, Wire};
use crate::transcript::{describe, hex};
use bytes::BytesMut;
use headcount_mqtt::{Decoder, Packet, ProtocolVersion, encode};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// How long an expected packet may take. A bound for failing only: nothing waits for it to pass.
const PATIENCE: Duration = Duration::from_secs(5);

/// After this silence the broker is asked for a sign of life; if that comes, what was expected will not.
const SILENCE: Duration = Duration::from_millis(1_500);

/// The largest packet that scripts take from a broker: one of 300 kB is the largest they send.
const MAXIMUM_PACKET: usize = 1024 * 1024;

/// A client. All its waits end in [`Bench::fail`] with the transcript when the expected does not come.
pub struct Client {
    pub(crate) bench: Bench,
    actor: Rc<RefCell<Actor>>,
}

/// The state of a client, which its [`Bench`] knows as well.
pub(crate) struct Actor {
    name: &'static str,
    wire: Box<dyn Wire>,
    version: ProtocolVersion,
    decoder: Decoder,
    inbox: VecDeque<Packet>,
    connected: bool,
    closed: bool,
    /// Whether something was sent that no answer is known for.
    unsettled: bool,
    last_id: u16,
}

/// What came next.
enum Next {
    Packet(Packet),
    Closed,
    Nothing,
}

impl Actor {
    pub(crate) fn new(name: &'static str, wire: Box<dyn Wire>, version: ProtocolVersion) -> Self {
        Self {
            name,
            wire,
            version,
            decoder: Decoder::client(version, MAXIMUM_PACKET),
            inbox: VecDeque::new(),
            connected: false,
            closed: false,
            unsettled: false,
            last_id: 0,
        }
    }

    pub(crate) fn is_unsettled(&self) -> bool {
        self.unsettled && self.connected && !self.closed
    }
}

impl Client {
    pub(crate) fn new(bench: Bench, actor: Rc<RefCell<Actor>>) -> Self {
        Self { bench, actor }
    }

    /// The client's name in the script.
    pub fn name(&self) -> &'static str {
        self.actor.borrow().name
    }

    /// The next Packet Identifier of this client.
    pub(crate) fn next_id(&self) -> u16 {
        let mut actor = self.actor.borrow_mut();
        actor.last_id += 1;
        actor.last_id
    }

    /// CONNACK came: from here on the client may be asked for a PINGREQ.
    pub(crate) fn connected(&self) {
        let mut actor = self.actor.borrow_mut();
        actor.connected = true;
        actor.unsettled = false;
    }

    /// Sends a packet.
    pub fn send(&self, packet: &Packet) {
        self.take_turn();
        self.bench.transcript().sent(self.name(), &describe(packet));
        self.write(&self.encoded(packet));
    }

    /// Sends packets in one piece.
    pub fn send_together(&self, packets: &[Packet]) {
        self.take_turn();
        let mut bytes = Vec::new();
        for packet in packets {
            self.bench.transcript().sent(self.name(), &format!("{} (together)", describe(packet)));
            bytes.extend_from_slice(&self.encoded(packet));
        }
        self.write(&bytes);
    }

    /// Sends a packet in pieces of so many bytes.
    pub fn send_in_pieces(&self, packet: &Packet, size: usize) {
        self.take_turn();
        self.bench.transcript().sent(self.name(), &format!("{} (in pieces of {size})", describe(packet)));
        for piece in self.encoded(packet).chunks(size) {
            self.write(piece);
        }
    }

    /// Sends bytes.
    pub fn send_bytes(&self, bytes: &[u8]) {
        self.take_turn();
        self.bench.transcript().sent(self.name(), &hex(bytes));
        self.write(bytes);
    }

    /// Sends the first bytes of a packet whose rest never comes: from here on nothing else can be said.
    pub fn send_cut(&self, bytes: &[u8]) {
        self.send_bytes(bytes);
        self.actor.borrow_mut().connected = false;
    }

    /// Sends bytes given in hexadecimal; spaces are free.
    pub fn send_hex(&self, text: &str) {
        self.send_bytes(&unhex(text));
    }

    /// Sends something that only WebSocket knows, in scripts that are for it alone.
    pub fn send_frames(&self, frames: Frames<'_>) {
        self.take_turn();
        self.bench.transcript().sent(self.name(), &format!("{frames:?}"));
        let mut actor = self.actor.borrow_mut();
        actor.unsettled = true;
        actor.wire.write_frames(frames);
    }

    /// A packet's bytes in the version of the play.
    pub fn encoded(&self, packet: &Packet) -> BytesMut {
        self.bench.note(packet);
        let mut bytes = BytesMut::new();
        let version = self.actor.borrow().version;
        encode(packet, version, &mut bytes).expect("scripts send bad packets as bytes");
        bytes
    }

    /// The next packet.
    pub fn next(&self, expected: &str) -> Packet {
        match self.read(SILENCE) {
            Next::Packet(packet) => packet,
            Next::Closed => self.fail(&format!("the broker closed the connection; {expected} was expected")),
            Next::Nothing => self.probe(expected),
        }
    }

    /// The next packet, or `None` where the broker closes the connection instead.
    pub fn next_or_closed(&self, expected: &str) -> Option<Packet> {
        match self.read(SILENCE) {
            Next::Packet(packet) => Some(packet),
            Next::Closed => None,
            Next::Nothing => self.probe(expected),
        }
    }

    /// The version that this client speaks.
    pub fn version(&self) -> ProtocolVersion {
        self.actor.borrow().version
    }

    /// The next packet that `is_it` picks; messages before it are left to be read.
    pub(crate) fn next_past_messages(&self, expected: &str, is_it: impl Fn(&Packet) -> bool) -> Packet {
        let mut messages = VecDeque::new();
        let packet = loop {
            match self.next(expected) {
                packet if is_it(&packet) => break packet,
                packet @ Packet::Publish(_) => messages.push_back(packet),
                other => self.fail(&format!("{} came; {expected} was expected", describe(&other))),
            }
        };
        let mut actor = self.actor.borrow_mut();
        messages.append(&mut actor.inbox);
        actor.inbox = messages;
        packet
    }

    /// Exactly this packet comes next.
    pub fn expect(&self, packet: &Packet) {
        let expected = describe(packet);
        let got = self.next(&expected);
        if got != *packet {
            self.fail(&format!("{} came; {expected} was expected", describe(&got)));
        }
    }

    /// Nothing comes, although the broker has dealt with everything that any client sent.
    pub fn expect_nothing(&self) {
        self.bench.settle(Some(&self.actor));
        self.send(&Packet::PingReq);
        match self.next("PINGRESP and nothing before it") {
            Packet::PingResp => self.actor.borrow_mut().unsettled = false,
            other => self.fail(&format!("{} came; nothing was expected", describe(&other))),
        }
    }

    /// The broker closes the connection, without another packet.
    pub fn expect_closed(&self) {
        match self.read(SILENCE) {
            Next::Closed => {}
            Next::Packet(packet) => {
                self.fail(&format!("{} came; a closed connection was expected", describe(&packet)));
            }
            Next::Nothing => {
                let packet = self.probe_closed();
                self.fail(&format!("{packet}; a closed connection was expected"));
            }
        }
    }

    /// Ends the connection without a word; the broker has noticed when this returns.
    pub fn vanish(&self) {
        self.take_turn();
        self.bench.transcript().sent(self.name(), "(ends the connection without a word)");
        self.settle_if_needed();
        let mut actor = self.actor.borrow_mut();
        actor.wire.vanish();
        actor.closed = true;
    }

    /// Whether the broker has closed the connection, as far as was read.
    pub fn is_closed(&self) -> bool {
        self.actor.borrow().closed
    }

    /// Ends the play as failed, naming this client.
    pub fn fail(&self, message: &str) -> ! {
        self.bench.fail(&format!("{}: {message}", self.name()))
    }

    /// The broker has dealt with all that this client sent.
    pub(crate) fn settle(&self) {
        let ping = self.encoded(&Packet::PingReq);
        self.bench.transcript().sent(self.name(), &describe(&Packet::PingReq));
        self.write(&ping);
        // Packets of open flows may come before; they stay to be read.
        let mut before = VecDeque::new();
        loop {
            match self.read(PATIENCE) {
                Next::Packet(Packet::PingResp) | Next::Closed => break,
                Next::Packet(packet) => before.push_back(packet),
                Next::Nothing => self.fail("PINGREQ is not answered"),
            }
        }
        let mut actor = self.actor.borrow_mut();
        before.append(&mut actor.inbox);
        actor.inbox = before;
        actor.unsettled = false;
    }

    fn settle_if_needed(&self) {
        if self.actor.borrow().is_unsettled() {
            self.settle();
        }
    }

    /// Waits until the broker has dealt with what others sent before: connections are not ordered among themselves,
    /// scripts are.
    fn take_turn(&self) {
        self.bench.settle(Some(&self.actor));
    }

    fn write(&self, bytes: &[u8]) {
        let mut actor = self.actor.borrow_mut();
        actor.unsettled = true;
        actor.wire.write(bytes);
    }

    /// After a silence: a broker that answers PINGREQ has nothing else to say.
    fn probe(&self, expected: &str) -> ! {
        self.bench.settle(Some(&self.actor));
        let came = self.probe_closed();
        self.fail(&format!("{came}; {expected} was expected"))
    }

    fn probe_closed(&self) -> String {
        self.send(&Packet::PingReq);
        match self.read(PATIENCE) {
            Next::Packet(Packet::PingResp) => "nothing came but the answer to a PINGREQ".to_owned(),
            Next::Packet(packet) => format!("{} came late", describe(&packet)),
            Next::Closed => "the broker closed the connection late".to_owned(),
            Next::Nothing => "nothing came, not even the answer to a PINGREQ".to_owned(),
        }
    }

    /// The next packet within the patience.
    fn read(&self, patience: Duration) -> Next {
        let until = Instant::now() + patience;
        loop {
            let mut actor = self.actor.borrow_mut();
            if let Some(packet) = actor.inbox.pop_front() {
                return Next::Packet(packet);
            }
            match actor.decoder.decode() {
                Ok(Some(packet)) => {
                    drop(actor);
                    self.bench.transcript().received(self.name(), &describe(&packet));
                    return Next::Packet(packet);
                }
                Ok(None) => {}
                Err(error) => {
                    drop(actor);
                    self.fail(&format!("the broker sends nonsense: {error}"));
                }
            }
            if actor.closed {
                return Next::Closed;
            }
            let left = until.saturating_duration_since(Instant::now());
            match actor.wire.read(left) {
                Read::Bytes(bytes) => actor.decoder.feed(&bytes),
                Read::Closed => {
                    actor.closed = true;
                    drop(actor);
                    self.bench.transcript().received(self.name(), "(closed by the broker)");
                }
                Read::Quiet => return Next::Nothing,
                Read::Nonsense(what) => {
                    drop(actor);
                    self.fail(&format!("the broker sends {what}"));
                }
            }
        }
    }
}

/// Bytes of a hexadecimal text; spaces are free.
pub(crate) fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> =
        text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_digit(16).expect("hexadecimal")).collect();
    assert!(digits.len().is_multiple_of(2), "an even number of hexadecimal digits");
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).expect("two digits")).collect()
}
