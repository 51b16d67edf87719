//! Send, expect, advance: the only file that knows how a client is driven.

use bytes::{Bytes, BytesMut};
use headcount_mqtt::client::{Action, Cause, Client, Connected, Event, Message, Options, State};
use headcount_mqtt::{
    Ack, ConnAck, ConnAckProperties, Decoder, Delivery, Disconnect, Packet, PacketId, ProtocolVersion,
    Publish, PublishProperties, QoS, ReasonCode, Text, TopicFilter, TopicName, encode,
};
use std::collections::VecDeque;
use std::time::Duration;

pub(crate) use ProtocolVersion::{V5, V311};

/// What the client did to its transport.
#[derive(Debug, PartialEq)]
enum Seen {
    Open,
    Packet(Box<Packet>),
    Close,
}

/// A client, a clock, and the server's end of its transport.
pub(crate) struct Script {
    pub(crate) client: Client,
    pub(crate) now: Duration,
    version: ProtocolVersion,
    /// While a transport is open.
    server: Option<Decoder>,
    seen: VecDeque<Seen>,
    events: VecDeque<Event>,
}

impl Script {
    /// A client at rest.
    pub(crate) fn new(options: Options) -> Self {
        Self {
            version: options.version,
            client: Client::new(options, 7).expect("options are valid"),
            now: secs(1_000),
            server: None,
            seen: VecDeque::new(),
            events: VecDeque::new(),
        }
    }

    /// A client with the usual options, connected to a server that limits nothing.
    pub(crate) fn connected(version: ProtocolVersion) -> Self {
        Self::connected_with(options(version), ConnAckProperties::default())
    }

    pub(crate) fn connected_with(options: Options, connack: ConnAckProperties) -> Self {
        let mut script = Self::new(options);
        script.connect();
        script.accept(false, connack);
        script
    }

    /// Calls `connect` and opens the transport, up to and with CONNECT, which it returns.
    pub(crate) fn connect(&mut self) -> Packet {
        self.client.connect(self.now);
        self.open()
    }

    /// Opens the transport that the client asks for, up to and with CONNECT, which it returns.
    pub(crate) fn open(&mut self) -> Packet {
        self.expect_open();
        self.opened();
        self.packet()
    }

    pub(crate) fn opened(&mut self) {
        self.server = Some(Decoder::server(1 << 24));
        self.client.handle_opened(self.now);
        self.drain();
    }

    /// Answers CONNECT and takes the `Connected` event.
    pub(crate) fn accept(&mut self, session_present: bool, properties: ConnAckProperties) -> Connected {
        self.send(connack(session_present, ReasonCode::Success, properties));
        match self.event() {
            Event::Connected(connected) => *connected,
            other => panic!("expected Connected, got {other:?}"),
        }
    }

    /// Loses the connection, waits for the next attempt, and accepts it.
    pub(crate) fn reconnect(&mut self, session_present: bool, properties: ConnAckProperties) {
        self.lose();
        self.wait();
        self.open();
        self.accept(session_present, properties);
    }

    /// Loses the connection and takes the two events that tell so.
    pub(crate) fn lose(&mut self) {
        self.closed();
        self.expect_end(&Cause::ConnectionLost, false);
        assert!(matches!(self.event(), Event::Reconnecting { .. }));
    }

    /// The transport ends without being asked to.
    pub(crate) fn closed(&mut self) {
        self.server = None;
        self.client.handle_closed(self.now);
        self.drain();
    }

    /// Advances to the next attempt.
    pub(crate) fn wait(&mut self) {
        let State::Waiting { until, .. } = self.client.state() else {
            panic!("expected to wait, the client is {:?}", self.client.state());
        };
        self.advance(until.saturating_sub(self.now));
    }

    /// Lets time pass, calling the client whenever it asked for it.
    pub(crate) fn advance(&mut self, by: Duration) {
        let target = self.now + by;
        for _ in 0..10_000 {
            match self.client.poll_timeout() {
                Some(at) if at <= target => {
                    self.now = self.now.max(at);
                    self.client.handle_timeout(self.now);
                    self.drain();
                }
                _ => {
                    self.now = target;
                    return;
                }
            }
        }
        panic!("the client asks for {:?} again and again", self.client.poll_timeout());
    }

    /// The server sends a packet.
    #[allow(clippy::needless_pass_by_value, reason = "a script reads better without references")]
    pub(crate) fn send(&mut self, packet: Packet) {
        let mut bytes = BytesMut::new();
        encode(&packet, self.version, &mut bytes).expect("the script's packet has bytes");
        self.send_bytes(&bytes);
    }

    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) {
        self.client.handle_bytes(self.now, bytes);
        self.drain();
    }

    pub(crate) fn expect(&mut self, packet: Packet) {
        self.drain();
        assert_eq!(self.seen.pop_front(), Some(Seen::Packet(Box::new(packet))), "events: {:?}", self.events);
    }

    pub(crate) fn packet(&mut self) -> Packet {
        self.drain();
        match self.seen.pop_front() {
            Some(Seen::Packet(packet)) => *packet,
            other => panic!("expected a packet, saw {other:?}"),
        }
    }

    pub(crate) fn publish_packet(&mut self) -> Publish {
        match self.packet() {
            Packet::Publish(publish) => publish,
            other => panic!("expected PUBLISH, saw {other:?}"),
        }
    }

    pub(crate) fn expect_open(&mut self) {
        self.drain();
        assert_eq!(self.seen.pop_front(), Some(Seen::Open));
    }

    pub(crate) fn expect_close(&mut self) {
        self.drain();
        assert_eq!(self.seen.pop_front(), Some(Seen::Close));
    }

    /// DISCONNECT with this code where the version has one from a client, and the close.
    pub(crate) fn expect_rejection(&mut self, reason: ReasonCode) {
        if self.version == V5 {
            self.expect(Packet::Disconnect(Disconnect::with(reason)));
        }
        self.expect_close();
        match self.event() {
            Event::Disconnected { cause: Cause::Violation(error), terminal: false } => {
                assert_eq!(error.reason(), reason, "{error}");
            }
            other => panic!("expected a violation, got {other:?}"),
        }
        assert!(matches!(self.event(), Event::Reconnecting { .. }));
    }

    /// Nothing more was done and nothing more happened.
    pub(crate) fn expect_quiet(&mut self) {
        self.drain();
        assert!(self.seen.is_empty(), "saw {:?}", self.seen);
        assert!(self.events.is_empty(), "events {:?}", self.events);
    }

    pub(crate) fn expect_event(&mut self, event: &Event) {
        assert_eq!(&self.event(), event);
    }

    pub(crate) fn expect_end(&mut self, cause: &Cause, terminal: bool) {
        self.expect_event(&Event::Disconnected { cause: cause.clone(), terminal });
    }

    pub(crate) fn event(&mut self) -> Event {
        self.drain();
        self.events.pop_front().unwrap_or_else(|| panic!("no event; saw {:?}", self.seen))
    }

    pub(crate) fn message(&mut self) -> Message {
        match self.event() {
            Event::Message(message) => message,
            other => panic!("expected a message, got {other:?}"),
        }
    }

    /// Does what the client asks for.
    pub(crate) fn drain(&mut self) {
        while let Some(action) = self.client.poll_action() {
            match action {
                Action::Open => self.seen.push_back(Seen::Open),
                Action::Send(bytes) => {
                    let server = self.server.as_mut().expect("bytes are for an open transport");
                    server.feed(&bytes);
                    while let Some(packet) = server.decode().expect("the client sends what a server takes") {
                        self.seen.push_back(Seen::Packet(Box::new(packet)));
                    }
                    assert!(server.buffer().is_empty(), "Send carries whole packets");
                }
                Action::Close => {
                    self.server = None;
                    self.seen.push_back(Seen::Close);
                }
            }
        }
        self.events.extend(std::iter::from_fn(|| self.client.poll_event()));
    }
}

pub(crate) fn options(version: ProtocolVersion) -> Options {
    Options::new(version, text("counter"))
}

/// Options whose session outlives the connection.
pub(crate) fn kept(version: ProtocolVersion) -> Options {
    Options { clean_start: version == V5, session_expiry_interval: 3_600, ..options(version) }
}

pub(crate) fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

pub(crate) fn text(text: &str) -> Text {
    Text::try_from(text).expect("a valid text")
}

pub(crate) fn topic(name: &str) -> TopicName {
    TopicName::try_from(name).expect("a valid Topic Name")
}

pub(crate) fn filter(filter: &str) -> TopicFilter {
    TopicFilter::try_from(filter).expect("a valid Topic Filter")
}

pub(crate) fn id(id: u16) -> PacketId {
    PacketId::new(id).expect("not zero")
}

pub(crate) fn ack(number: u16) -> Ack {
    Ack::new(id(number))
}

pub(crate) fn connack(session_present: bool, reason: ReasonCode, properties: ConnAckProperties) -> Packet {
    Packet::ConnAck(Box::new(ConnAck { session_present, reason, properties }))
}

/// A message on `t`.
pub(crate) fn message(qos: QoS, payload: &'static str) -> Message {
    Message { qos, ..Message::new(topic("t"), Bytes::from_static(payload.as_bytes())) }
}

/// Its PUBLISH; `number` is not read at `QoS` 0.
pub(crate) fn publish(qos: QoS, number: u16, payload: &'static str) -> Publish {
    Publish {
        dup: false,
        delivery: match qos {
            QoS::AtMostOnce => Delivery::AtMostOnce,
            QoS::AtLeastOnce => Delivery::AtLeastOnce(id(number)),
            QoS::ExactlyOnce => Delivery::ExactlyOnce(id(number)),
        },
        retain: false,
        topic: Some(topic("t")),
        payload: Bytes::from_static(payload.as_bytes()),
        properties: None,
    }
}

/// A PUBLISH with a Topic Alias and, perhaps, a Topic Name.
pub(crate) fn aliased(name: Option<&str>, alias: u16) -> Packet {
    Packet::Publish(Publish {
        topic: name.map(topic),
        properties: Some(Box::new(PublishProperties { topic_alias: Some(alias), ..Default::default() })),
        ..publish(QoS::AtMostOnce, 0, "x")
    })
}
