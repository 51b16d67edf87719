//! A broker and the windows of pages that are connected to it, on a virtual clock.

use headcount_broker::{Broker, Chunks, Config, ConnectionId, Credentials, Now, Output, Peer, Transport};
use headcount_mqtt::{
    Connect, ConnectProperties, Decoder, Delivery, Packet, ProtocolVersion, Publish, ReasonCode,
    client::Action,
};
use headcount_page::{
    link::{
        courier::{Addressee, Courier},
        moment::Moment,
        party::{Party, Scene},
    },
    store::Millis,
};
use std::time::Duration;

/// 2026-11-21T12:00:00.000Z, when every script begins.
const NOON: i64 = 1_795_262_400_000;

/// Of everybody.
pub(crate) const PASSWORD: &str = "test";

struct Window<S> {
    store: S,
    session: Courier<S>,
    transport: Option<(ConnectionId, Decoder)>,
}

pub(crate) struct Place<S> {
    broker: Broker,
    windows: Vec<Window<S>>,
    now: Duration,
    /// Whether passwords for devices are made, or asked for in vain.
    pub(crate) makes_passwords: bool,
}

impl<S: Addressee + Scene> Place<S> {
    pub(crate) fn of(config: Config) -> Self {
        let now =
            Now { monotonic: Duration::ZERO, unix: Duration::from_millis(u64::try_from(NOON).unwrap()) };
        let broker = Broker::new(config, now).unwrap();
        Self { broker, windows: Vec::new(), now: Duration::ZERO, makes_passwords: true }
    }

    /// Opens a window that connects; its number.
    pub(crate) fn open(&mut self, store: S, mut session: Courier<S>) -> usize {
        session.connect(self.moment());
        self.windows.push(Window { store, session, transport: None });
        self.run();
        self.windows.len() - 1
    }

    pub(crate) fn store(&self, window: usize) -> &S {
        &self.windows[window].store
    }

    /// How many windows there are.
    pub(crate) fn count(&self) -> usize {
        self.windows.len()
    }

    /// Does something to a window's store.
    pub(crate) fn act(&mut self, window: usize, act: impl FnOnce(Millis, &mut S)) {
        let now = self.moment();
        act(now.unix, &mut self.windows[window].store);
        self.run();
    }

    /// Loses a window's connection.
    pub(crate) fn cut(&mut self, window: usize) {
        let (now, clocks) = (self.moment(), self.clocks());
        let window = &mut self.windows[window];
        if let Some((id, _)) = window.transport.take() {
            self.broker.handle_closed(clocks, id);
            window.session.handle_closed(now);
        }
        self.run();
    }

    /// A client publishes and leaves; one with a password has its Client Identifier as user name.
    pub(crate) fn publish_as(
        &mut self,
        id: &str,
        password: Option<&str>,
        topic: &str,
        payload: &str,
        retain: bool,
    ) {
        let peer = Peer::new("127.0.0.1:5", Transport::Tcp);
        let connection = self.broker.handle_open(self.clocks(), peer);
        let connect = Connect {
            version: ProtocolVersion::V5,
            clean_start: true,
            keep_alive: 0,
            client_id: id.try_into().unwrap(),
            will: None,
            user_name: password.map(|_| id.try_into().unwrap()),
            password: password.map(|password| password.to_owned().into()),
            properties: ConnectProperties::default(),
        };
        self.broker.handle_packet(self.clocks(), connection, Packet::Connect(Box::new(connect)));
        self.run();
        let publish = Publish {
            dup: false,
            delivery: Delivery::AtMostOnce,
            retain,
            topic: Some(topic.try_into().unwrap()),
            payload: payload.to_owned().into(),
            properties: None,
        };
        self.broker.handle_packet(self.clocks(), connection, Packet::Publish(publish));
        self.run();
        self.broker.handle_closed(self.clocks(), connection);
        self.run();
    }

    /// Lets time pass; whoever wants to be woken is.
    pub(crate) fn advance(&mut self, length: Duration) {
        let end = self.now + length;
        while let Some(due) = self.next_due().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            let now = self.moment();
            self.broker.handle_timeout(self.clocks());
            for window in &mut self.windows {
                window.session.handle_timeout(now);
                window.store.tick(now.unix);
            }
            self.run();
        }
        self.now = end;
    }

    fn next_due(&mut self) -> Option<Duration> {
        let since_noon = |at: Millis| Duration::from_millis(u64::try_from(at.0 - NOON).unwrap());
        let windows = self
            .windows
            .iter()
            .flat_map(|window| [window.session.poll_timeout(), window.store.next_tick().map(since_noon)]);
        windows.chain([self.broker.poll_timeout()]).flatten().min()
    }

    fn run(&mut self) {
        loop {
            let mut acted = false;
            for at in 0..self.windows.len() {
                acted |= self.pump(at);
            }
            while let Some(output) = self.broker.poll_output() {
                acted = true;
                self.carry_out(&output);
            }
            if !acted {
                return;
            }
        }
    }

    fn pump(&mut self, at: usize) -> bool {
        let (now, clocks) = (self.moment(), self.clocks());
        let Window { store, session, transport } = &mut self.windows[at];
        session.tell(now, store);
        let mut acted = false;
        while let Some(action) = session.poll_action() {
            acted = true;
            match (action, &mut *transport) {
                (Action::Open, _) => {
                    let peer = Peer::new("127.0.0.1:6", Transport::WebSocket);
                    *transport = Some((self.broker.handle_open(clocks, peer), Decoder::server(1 << 20)));
                    session.handle_opened(now);
                }
                (Action::Send(bytes), Some((id, decoder))) => {
                    decoder.feed(&bytes);
                    while let Some(packet) = decoder.decode().unwrap() {
                        self.broker.handle_packet(clocks, *id, packet);
                    }
                }
                (Action::Close, Some((id, _))) => {
                    self.broker.handle_closed(clocks, *id);
                    *transport = None;
                }
                (Action::Send(_) | Action::Close, None) => {}
            }
            session.tell(now, store);
        }
        acted
    }

    fn carry_out(&mut self, output: &Output) {
        let (now, clocks) = (self.moment(), self.clocks());
        let id = match output {
            Output::Ready(id) | Output::Close(id) => id,
            Output::Authenticate { connection, password, .. } => {
                let is_right = password.as_deref().is_some_and(|it| it == PASSWORD.as_bytes());
                let verdict = if is_right { Ok(()) } else { Err(ReasonCode::BadUserNameOrPassword) };
                return self.broker.handle_authenticated(clocks, *connection, verdict);
            }
            Output::Credentials { job, .. } if self.makes_passwords => {
                let (client_id, password, hash) =
                    (format!("dev-{job}"), PASSWORD.to_owned(), "hash".to_owned());
                return self.broker.handle_credentials(
                    clocks,
                    *job,
                    Ok(Credentials { client_id, password, hash }),
                );
            }
            _ => return,
        };
        let mut chunks = Chunks::new();
        self.broker.take_send(clocks, *id, &mut chunks);
        let is_own = |window: &&mut Window<S>| window.transport.as_ref().is_some_and(|(own, _)| own == id);
        let Some(window) = self.windows.iter_mut().find(is_own) else { return };
        window.session.handle_bytes(now, &chunks.concat());
        if let Output::Close(_) = output {
            window.transport = None;
            window.session.handle_closed(now);
        }
    }

    fn moment(&self) -> Moment {
        let unix = Millis(NOON + i64::try_from(self.now.as_millis()).unwrap());
        Moment { monotonic: self.now, unix }
    }

    fn clocks(&self) -> Now {
        Now { monotonic: self.now, unix: Duration::from_millis(u64::try_from(NOON).unwrap()) + self.now }
    }
}
