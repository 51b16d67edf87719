//! The page, a demo client and strangers around one broker core, on a virtual clock.

use bytes::Bytes;
use headcount_broker::{Access, Broker, Chunks, Config, ConnectionId, Now, Output, Peer, Transport};
use headcount_mqtt::{
    Connect, ConnectProperties, Decoder, Disconnect, Packet, ProtocolVersion, ReasonCode, client::Action,
};
use headcount_page::{
    link::{demo::DemoClient, moment::Moment, party::Party, session::Session},
    store::{LinkEvent, Settings, Store, connection::Protocol},
};
use std::time::Duration;

use crate::wire::moment;

/// A client of the page's on its WebSocket.
struct Line<P> {
    party: P,
    transport: Option<(ConnectionId, Decoder)>,
}

pub(crate) struct Town {
    config: Config,
    broker: Broker,
    /// Whether the broker can be reached.
    pub(crate) reachable: bool,
    /// Whether the network holds back what the broker has for the page, and what it holds.
    slow: bool,
    held: Vec<ConnectionId>,
    page: Line<Session>,
    demo: Option<Line<DemoClient>>,
    pub(crate) store: Store,
    pub(crate) now: Duration,
    strangers: u16,
}

/// The realm `open`: everybody is welcome and an observer.
pub(crate) fn open() -> Config {
    Config::open("open")
}

/// The realm `secure`, where the password of everybody is `test` and admin alone observes.
pub(crate) fn secure() -> Config {
    let access = Access {
        allow_anonymous: false,
        trust_user_names: false,
        observers: Some(vec!["admin".to_owned()]),
        acl: Some("user peter\ntopic readwrite mine/#\n".to_owned()),
        ..Access::open()
    };
    Config { realm: "secure".to_owned(), access, ..open() }
}

impl Town {
    /// A broker of this realm, and a page that has done what it can at once.
    pub(crate) fn new(config: Config, settings: &Settings) -> Self {
        let mut town = Self::without_page(config, settings);
        town.act(Session::connect);
        town
    }

    /// A broker of this realm, and a page that has not begun to connect.
    pub(crate) fn without_page(config: Config, settings: &Settings) -> Self {
        let now = Duration::ZERO;
        let mut store = Store::default();
        store.fold(moment(now).unix, LinkEvent::Wanted { account: settings.account() });
        let mut town = Self {
            broker: Broker::new(config.clone(), clocks(now)).unwrap(),
            config,
            reachable: true,
            slow: false,
            held: Vec::new(),
            page: Line { party: Session::new(settings, None, 3).unwrap(), transport: None },
            demo: None,
            store,
            now,
            strangers: 0,
        };
        town.publish_server();
        town
    }

    /// A TCP client that connects.
    pub(crate) fn connect(
        &mut self,
        client_id: &str,
        user_name: Option<&str>,
        keep_alive: u16,
    ) -> ConnectionId {
        self.strangers += 1;
        let peer = Peer::new(format!("127.0.0.1:{}", 50_000 + self.strangers), Transport::Tcp);
        let now = clocks(self.now);
        let id = self.broker.handle_open(now, peer);
        let connect = Connect {
            version: ProtocolVersion::V311,
            clean_start: true,
            keep_alive,
            client_id: client_id.try_into().unwrap(),
            will: None,
            user_name: user_name.map(|name| name.try_into().unwrap()),
            password: user_name.map(|_| Bytes::from_static(b"test")),
            properties: ConnectProperties::default(),
        };
        self.send(id, Packet::Connect(Box::new(connect)));
        id
    }

    pub(crate) fn send(&mut self, id: ConnectionId, packet: Packet) {
        self.broker.handle_packet(clocks(self.now), id, packet);
        self.run();
    }

    pub(crate) fn leave(&mut self, id: ConnectionId) {
        self.send(id, Packet::Disconnect(Disconnect::default()));
    }

    /// The transport of a stranger ends without a word.
    pub(crate) fn cut(&mut self, id: ConnectionId) {
        self.broker.handle_closed(clocks(self.now), id);
        self.run();
    }

    pub(crate) fn stop_demo(&mut self) {
        let now = moment(self.now);
        self.demo.as_mut().unwrap().party.disconnect(now);
        self.run();
    }

    pub(crate) fn start_demo(&mut self, settings: &Settings) {
        let demo = DemoClient::new(moment(self.now), settings, Protocol::V5, 0xabc).unwrap();
        self.demo = Some(Line { party: demo, transport: None });
        self.run();
    }

    /// The broker's machine loses its power; a new broker stands in its place.
    pub(crate) fn crash(&mut self) {
        self.broker = Broker::new(self.config.clone(), clocks(self.now)).unwrap();
        self.publish_server();
        self.page.transport = None;
        self.page.party.handle_closed(moment(self.now));
        self.run();
    }

    pub(crate) fn shut_down(&mut self) {
        self.broker.handle_shutdown(clocks(self.now));
        self.reachable = false;
        self.run();
    }

    pub(crate) fn act(&mut self, act: impl FnOnce(&mut Session, Moment)) {
        act(&mut self.page.party, moment(self.now));
        self.run();
    }

    /// The network to the page is slow from here on, or fast again.
    pub(crate) fn slow(&mut self, slow: bool) {
        self.slow = slow;
        if !slow {
            for id in std::mem::take(&mut self.held) {
                self.carry_out(Output::Ready(id));
            }
            self.run();
        }
    }

    /// Lets time pass; whoever wants to be woken is.
    pub(crate) fn advance(&mut self, length: Duration) {
        let end = self.now + length;
        while let Some(due) = self.next_due().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            let now = moment(self.now);
            self.broker.handle_timeout(clocks(self.now));
            self.page.party.handle_timeout(now);
            if let Some(demo) = &mut self.demo {
                demo.party.handle_timeout(now);
            }
            self.store.tick(now.unix);
            self.run();
        }
        self.now = end;
    }

    fn next_due(&mut self) -> Option<Duration> {
        let tick = self
            .store
            .next_tick()
            .map(|at| Duration::from_millis(u64::try_from(at.0 - crate::stage::NOON).unwrap()));
        let demo = self.demo.as_ref().and_then(|demo| demo.party.poll_timeout());
        let dues = [self.broker.poll_timeout(), self.page.party.poll_timeout(), demo, tick];
        dues.into_iter().flatten().min()
    }

    fn publish_server(&mut self) {
        let payload = r#"{"name":"headcount","version":"0.1.0","listeners":[{"realm":"open","transport":"tcp","address":"127.0.0.1","port":21883}]}"#;
        self.broker.publish_fact(
            clocks(self.now),
            "$headcount/server",
            Bytes::from_static(payload.as_bytes()),
        );
    }

    /// Until nobody has anything left to do.
    fn run(&mut self) {
        loop {
            let now = moment(self.now);
            let mut acted = self.page.act(now, &mut self.store, &mut self.broker, self.reachable);
            if let Some(demo) = &mut self.demo {
                acted |= demo.act(now, &mut self.store, &mut self.broker, self.reachable);
            }
            while let Some(output) = self.broker.poll_output() {
                acted = true;
                self.carry_out(output);
            }
            if !acted {
                break;
            }
        }
    }

    fn carry_out(&mut self, output: Output) {
        let now = clocks(self.now);
        let (id, closing) = match output {
            Output::Ready(id) if self.slow && self.page.is_on(id) => return self.held.push(id),
            Output::Ready(id) => (id, false),
            Output::Close(id) => (id, true),
            Output::Authenticate { connection, password, .. } => {
                let right = password.as_deref() == Some(b"test");
                let verdict = if right { Ok(()) } else { Err(ReasonCode::BadUserNameOrPassword) };
                return self.broker.handle_authenticated(now, connection, verdict);
            }
            Output::Pause(_)
            | Output::Resume(_)
            | Output::Persist(..)
            | Output::Hash { .. }
            | Output::Credentials { .. } => return,
        };
        let mut chunks = Chunks::new();
        self.broker.take_send(now, id, &mut chunks);
        let bytes = chunks.concat();
        self.page.deliver(moment(self.now), id, &bytes, closing);
        if let Some(demo) = &mut self.demo {
            demo.deliver(moment(self.now), id, &bytes, closing);
        }
    }
}

impl<P: Party<Store = Store>> Line<P> {
    /// Does what the party asks for; whether it asked for anything.
    fn act(&mut self, now: Moment, store: &mut Store, broker: &mut Broker, reachable: bool) -> bool {
        self.party.tell(now, store);
        let mut acted = false;
        while let Some(action) = self.party.poll_action() {
            acted = true;
            let clocks = clocks(now.monotonic);
            match (action, &mut self.transport) {
                (Action::Open, _) if reachable => {
                    let peer = Peer::new("127.0.0.1:40000", Transport::WebSocket);
                    let id = broker.handle_open(clocks, peer);
                    self.transport = Some((id, Decoder::server(1 << 20)));
                    self.party.handle_opened(now);
                }
                (Action::Open, _) => self.party.handle_closed(now),
                (Action::Send(bytes), Some((id, decoder))) => {
                    decoder.feed(&bytes);
                    while let Some(packet) = decoder.decode().unwrap() {
                        broker.handle_packet(clocks, *id, packet);
                    }
                }
                (Action::Close, Some((id, _))) => {
                    broker.handle_closed(clocks, *id);
                    self.transport = None;
                }
                (Action::Send(_) | Action::Close, None) => {}
            }
            self.party.tell(now, store);
        }
        acted
    }

    fn is_on(&self, connection: ConnectionId) -> bool {
        self.transport.as_ref().is_some_and(|(id, _)| *id == connection)
    }

    fn deliver(&mut self, now: Moment, to: ConnectionId, bytes: &[u8], closing: bool) {
        if !self.is_on(to) {
            return;
        }
        if !bytes.is_empty() {
            self.party.handle_bytes(now, bytes);
        }
        if closing {
            self.transport = None;
            self.party.handle_closed(now);
        }
    }
}

fn clocks(now: Duration) -> Now {
    Now { monotonic: now, unix: Duration::from_millis(crate::stage::NOON.unsigned_abs()) + now }
}
