//! A broker and the rooms connected to it.

use headcount_broker::{Broker, Chunks, Config, ConnectionId, Now, Output, Peer, Transport};
use headcount_mqtt::{
    Connect, ConnectProperties, Decoder, Delivery, Packet, ProtocolVersion, Publish, client::Action,
};
use headcount_page::{
    link::{
        courier::Courier,
        moment::Moment,
        party::{Party, Scene},
    },
    store::Millis,
    uses::store::{Room, Subject, Wish},
};
use std::time::Duration;

/// 2026-11-21T12:00:00.000Z, when every script begins.
const NOON: i64 = 1_795_262_400_000;

struct Window {
    room: Room,
    session: Courier<Room>,
    transport: Option<(ConnectionId, Decoder)>,
}

pub(crate) struct Place {
    broker: Broker,
    windows: Vec<Window>,
    now: Duration,
}

impl Place {
    pub(crate) fn new() -> Self {
        let now =
            Now { monotonic: Duration::ZERO, unix: Duration::from_millis(u64::try_from(NOON).unwrap()) };
        let broker = Broker::new(Config::open("open"), now).unwrap();
        Self { broker, windows: Vec::new(), now: Duration::ZERO }
    }

    /// Opens a window that connects; its number.
    pub(crate) fn open(&mut self, subject: Subject) -> usize {
        let number = self.windows.len();
        let mut session = Courier::new(&format!("window-{number}"), 7).unwrap();
        session.connect(self.moment());
        self.windows.push(Window { room: Room::new(subject), session, transport: None });
        self.run();
        number
    }

    pub(crate) fn room(&self, window: usize) -> &Room {
        &self.windows[window].room
    }

    pub(crate) fn wish(&mut self, window: usize, wish: Wish) {
        let now = self.moment();
        self.windows[window].room.apply(now.unix, wish);
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

    /// Another client publishes.
    pub(crate) fn publish(&mut self, topic: &str, payload: &str, retain: bool) {
        let clocks = self.clocks();
        let id = self.broker.handle_open(clocks, Peer::new("127.0.0.1:5", Transport::Tcp));
        let connect = Connect {
            version: ProtocolVersion::V5,
            clean_start: true,
            keep_alive: 0,
            client_id: "stranger".try_into().unwrap(),
            will: None,
            user_name: None,
            password: None,
            properties: ConnectProperties::default(),
        };
        self.broker.handle_packet(clocks, id, Packet::Connect(Box::new(connect)));
        let publish = Publish {
            dup: false,
            delivery: Delivery::AtMostOnce,
            retain,
            topic: Some(topic.try_into().unwrap()),
            payload: payload.to_owned().into(),
            properties: None,
        };
        self.broker.handle_packet(clocks, id, Packet::Publish(publish));
        self.broker.handle_closed(clocks, id);
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
                window.room.tick(now.unix);
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
            .flat_map(|window| [window.session.poll_timeout(), window.room.next_tick().map(since_noon)]);
        windows.chain([self.broker.poll_timeout()]).flatten().min()
    }

    fn run(&mut self) {
        loop {
            let mut acted = false;
            for at in 0..self.windows.len() {
                acted |= self.act(at);
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

    fn act(&mut self, at: usize) -> bool {
        let (now, clocks) = (self.moment(), self.clocks());
        let Window { room, session, transport } = &mut self.windows[at];
        session.tell(now, room);
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
            session.tell(now, room);
        }
        acted
    }

    fn carry_out(&mut self, output: &Output) {
        let (now, clocks) = (self.moment(), self.clocks());
        let (Output::Ready(id) | Output::Close(id)) = output else { return };
        let mut chunks = Chunks::new();
        self.broker.take_send(clocks, *id, &mut chunks);
        let is_own = |window: &&mut Window| window.transport.as_ref().is_some_and(|(own, _)| own == id);
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
