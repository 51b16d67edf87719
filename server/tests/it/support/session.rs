//! A client with a kept session, over TCP, that lives on when the server or its own connection dies.

use headcount_mqtt::client::{Action, Cause, Client, Event, Message, Options, State};
use headcount_mqtt::{ProtocolVersion, QoS, ReasonCode, Subscription};
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// The library's own client session over a blocking socket.
pub(crate) struct Session {
    client: Client,
    stream: Option<TcpStream>,
    origin: Instant,
    /// Messages that came.
    pub(crate) got: Vec<Message>,
    /// How many were acknowledged.
    pub(crate) published: usize,
    /// Reasons of acknowledgements that were errors.
    pub(crate) refused: Vec<ReasonCode>,
    /// Filters that were granted.
    pub(crate) subscribed: usize,
    /// Of each CONNACK.
    pub(crate) present: Vec<bool>,
    /// Connections and attempts that the server ended.
    pub(crate) closed: usize,
    /// Of the server's DISCONNECTs.
    pub(crate) ended_with: Vec<ReasonCode>,
}

impl Session {
    /// A session that stays until it is given up.
    pub(crate) fn kept(version: ProtocolVersion, client_id: &str) -> Self {
        Self::with(version, client_id, |_| ())
    }

    pub(crate) fn with(version: ProtocolVersion, client_id: &str, change: impl FnOnce(&mut Options)) -> Self {
        let mut options = Options::new(version, client_id.try_into().unwrap());
        options.clean_start = false;
        options.session_expiry_interval = if version == ProtocolVersion::V5 { u32::MAX } else { 0 };
        options.keep_alive = 0;
        options.reconnect = None;
        change(&mut options);
        Self {
            client: Client::new(options, 1).unwrap(),
            stream: None,
            origin: Instant::now(),
            got: Vec::new(),
            published: 0,
            refused: Vec::new(),
            subscribed: 0,
            present: Vec::new(),
            closed: 0,
            ended_with: Vec::new(),
        }
    }

    /// Takes one look at everything: connects where it is not connected, sends, and reads for a moment.
    pub(crate) fn step(&mut self, address: SocketAddr) {
        let now = self.origin.elapsed();
        if self.client.state() == State::Disconnected {
            self.client.connect(now);
        }
        self.client.handle_timeout(now);
        self.act(address);
        let mut piece = [0; 16 * 1024];
        let read = self.stream.as_mut().map(|stream| stream.read(&mut piece));
        match read {
            Some(Ok(length)) if length > 0 => {
                self.client.handle_bytes(self.origin.elapsed(), &piece[..length]);
            }
            Some(Err(error)) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Some(_) => {
                self.closed += 1;
                self.lose();
            }
            None => {}
        }
        self.act(address);
    }

    /// Steps until `is_done`.
    pub(crate) fn until(&mut self, address: SocketAddr, is_done: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !is_done(self) {
            self.step(address);
            assert!(begun.elapsed() < super::PATIENCE, "{:?}", self.client);
        }
    }

    /// The connection breaks.
    pub(crate) fn lose(&mut self) {
        self.stream = None;
        self.client.handle_closed(self.origin.elapsed());
    }

    pub(crate) fn subscribe(&mut self, filter: &str, qos: QoS) {
        let subscription = Subscription::new(filter.try_into().unwrap(), qos);
        self.client.subscribe(self.origin.elapsed(), vec![subscription], None).unwrap();
    }

    pub(crate) fn publish(&mut self, topic: &str, payload: impl Into<bytes::Bytes>, qos: QoS) {
        let mut message = Message::new(topic.try_into().unwrap(), payload.into());
        message.qos = qos;
        self.publish_message(message);
    }

    pub(crate) fn publish_message(&mut self, message: Message) {
        self.client.publish(self.origin.elapsed(), message).unwrap();
    }

    pub(crate) fn is_connected(&self) -> bool {
        matches!(self.client.state(), State::Connected { .. })
    }

    /// Messages that are not acknowledged.
    pub(crate) fn unacknowledged(&self) -> usize {
        self.client.unacknowledged()
    }

    fn act(&mut self, address: SocketAddr) {
        while let Some(action) = self.client.poll_action() {
            match action {
                Action::Open => match TcpStream::connect(address) {
                    Ok(stream) => {
                        stream.set_nodelay(true).unwrap();
                        stream.set_read_timeout(Some(Duration::from_millis(1))).unwrap();
                        self.stream = Some(stream);
                        self.client.handle_opened(self.origin.elapsed());
                    }
                    Err(_) => self.lose(),
                },
                Action::Send(bytes) => {
                    if self.stream.as_mut().is_some_and(|stream| stream.write_all(&bytes).is_err()) {
                        self.lose();
                    }
                }
                Action::Close => self.stream = None,
            }
        }
        while let Some(event) = self.client.poll_event() {
            match event {
                Event::Message(message) => self.got.push(message),
                Event::Published { reason, .. } => {
                    self.published += 1;
                    // Known no more is what it shall be when a session is taken up.
                    if reason.is_error() && reason != ReasonCode::PacketIdentifierNotFound {
                        self.refused.push(reason);
                    }
                }
                Event::Subscribed(_) => self.subscribed += 1,
                Event::Connected(connected) => self.present.push(connected.session_present),
                Event::Disconnected { cause: Cause::Server { reason, .. }, .. } => {
                    self.closed += 1;
                    self.ended_with.push(reason);
                }
                Event::Refused(_) => self.closed += 1,
                Event::GivenUp { .. } => panic!("{event:?}"),
                _ => {}
            }
        }
    }
}
