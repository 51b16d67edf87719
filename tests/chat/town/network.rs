//! Bytes on their way, and time passing.

use headcount_broker::{Broker, Chunks, Output, Peer, Transport};
use headcount_mqtt::{
    Connect, ConnectProperties, Decoder, Delivery, Packet, ProtocolVersion, Publish, ReasonCode,
    client::Action,
};
use headcount_page::{
    link::party::{Party, Scene},
    store::Millis,
};
use std::time::Duration;

use super::{NOON, Tab, Town};

impl Town {
    /// Another client than a page publishes.
    pub(crate) fn publish(&mut self, topic: &str, payload: &str, retain: bool) {
        self.send(None, topic, payload, retain);
    }

    /// Another client of this account publishes.
    pub(crate) fn publish_as(&mut self, user: &str, topic: &str, payload: &str) {
        self.send(Some(user), topic, payload, false);
    }

    /// The broker says for how long it runs.
    pub(crate) fn tell_uptime(&mut self, seconds: u64) {
        self.tell("$SYS/broker/uptime", &format!("{seconds} seconds"));
    }

    /// The broker itself says something.
    pub(crate) fn tell(&mut self, topic: &str, payload: &str) {
        let now = self.clocks();
        self.broker.as_mut().unwrap().publish_fact(now, topic, payload.to_owned().into());
        self.run();
    }

    fn send(&mut self, user: Option<&str>, topic: &str, payload: &str, retain: bool) {
        let now = self.clocks();
        let broker = self.broker.as_mut().unwrap();
        let id = broker.handle_open(now, Peer::new("127.0.0.1:5", Transport::Tcp));
        let connect = Connect {
            version: ProtocolVersion::V5,
            clean_start: true,
            keep_alive: 0,
            client_id: "stranger".try_into().unwrap(),
            will: None,
            user_name: user.map(|user| user.try_into().unwrap()),
            password: user.map(|_| "test".into()),
            properties: ConnectProperties::default(),
        };
        broker.handle_packet(now, id, Packet::Connect(Box::new(connect)));
        self.run();
        let broker = self.broker.as_mut().unwrap();
        let publish = Publish {
            dup: false,
            delivery: Delivery::AtMostOnce,
            retain,
            topic: Some(topic.try_into().unwrap()),
            payload: payload.to_owned().into(),
            properties: None,
        };
        broker.handle_packet(now, id, Packet::Publish(publish));
        broker.handle_closed(now, id);
        self.run();
    }

    /// Lets time pass; whoever wants to be woken is.
    pub(crate) fn advance(&mut self, length: Duration) {
        let end = self.now + length;
        while let Some(due) = self.next_due().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            let (now, clocks) = (self.moment(), self.clocks());
            if let Some(broker) = &mut self.broker {
                broker.handle_timeout(clocks);
            }
            for tab in self.tabs.iter_mut().flatten() {
                if tab.is_frozen {
                    continue;
                }
                if let Some(session) = &mut tab.session {
                    session.handle_timeout(now);
                }
                tab.store.tick(now.unix);
            }
            self.run();
        }
        self.now = end;
    }

    fn next_due(&mut self) -> Option<Duration> {
        let since_noon = |at: Millis| Duration::from_millis(u64::try_from(at.0 - NOON).unwrap());
        let broker = self.broker.as_mut().and_then(Broker::poll_timeout);
        let tabs = self.tabs.iter().flatten().filter(|tab| !tab.is_frozen).flat_map(|tab| {
            let session = tab.session.as_ref().and_then(Party::poll_timeout);
            [session, tab.store.next_tick().map(since_noon)]
        });
        tabs.chain([broker]).flatten().min()
    }

    pub(super) fn run(&mut self) {
        let mut acted = true;
        while acted {
            acted = false;
            for at in 0..self.tabs.len() {
                acted |= self.act(at);
            }
            while let Some(output) = self.broker.as_mut().and_then(Broker::poll_output) {
                acted = true;
                self.carry_out(output);
            }
        }
    }

    fn act(&mut self, at: usize) -> bool {
        let (now, clocks) = (self.moment(), self.clocks());
        let Some(tab) = &mut self.tabs[at] else { return false };
        let Some(session) = &mut tab.session else { return false };
        session.tell(now, &mut tab.store);
        let mut acted = false;
        while let Some(action) = session.poll_action() {
            acted = true;
            match (action, &mut tab.transport, &mut self.broker) {
                // Nobody answers.
                (Action::Open, ..) if tab.is_deaf || tab.is_mute => {}
                (Action::Open, _, Some(broker)) => {
                    let peer = Peer::new(format!("127.0.0.1:{}", 40_000 + at), Transport::WebSocket);
                    tab.transport = Some((broker.handle_open(clocks, peer), Decoder::server(1 << 20)));
                    session.handle_opened(now);
                }
                (Action::Open, ..) => session.handle_closed(now),
                (Action::Send(bytes), Some((id, decoder)), Some(broker)) if !tab.is_mute => {
                    decoder.feed(&bytes);
                    while let Some(packet) = decoder.decode().unwrap() {
                        broker.handle_packet(clocks, *id, packet);
                    }
                }
                (Action::Close, Some((id, _)), broker) => {
                    if let Some(broker) = broker.as_mut().filter(|_| !tab.is_mute) {
                        broker.handle_closed(clocks, *id);
                    }
                    tab.transport = None;
                }
                (Action::Send(_) | Action::Close, ..) => {}
            }
            session.tell(now, &mut tab.store);
        }
        acted
    }

    fn carry_out(&mut self, output: Output) {
        let (clocks, now) = (self.clocks(), self.moment());
        let broker = self.broker.as_mut().unwrap();
        let (id, closing) = match output {
            Output::Ready(id) => (id, false),
            Output::Close(id) => (id, true),
            Output::Persist(id, record) => {
                self.past.push(record);
                return broker.handle_persisted(id);
            }
            Output::Authenticate { connection, password, .. } => {
                let right = password.as_deref() == Some(b"test");
                let verdict = if right { Ok(()) } else { Err(ReasonCode::BadUserNameOrPassword) };
                return broker.handle_authenticated(clocks, connection, verdict);
            }
            Output::Pause(_) | Output::Resume(_) | Output::Hash { .. } | Output::Credentials { .. } => return,
        };
        let mut chunks = Chunks::new();
        broker.take_send(clocks, id, &mut chunks);
        let bytes = chunks.concat();
        let is_on = |tab: &&mut Tab| tab.transport.as_ref().is_some_and(|(own, _)| *own == id);
        let Some(tab) = self.tabs.iter_mut().flatten().find(is_on) else { return };
        if tab.is_deaf {
            return;
        }
        let session = tab.session.as_mut().unwrap();
        tab.heard += bytes.len();
        if !bytes.is_empty() {
            session.handle_bytes(now, &bytes);
        }
        if closing {
            tab.transport = None;
            session.handle_closed(now);
        }
    }
}
