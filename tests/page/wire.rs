//! A session on a virtual clock, and the server's end of its transport in the script's hand.

use bytes::BytesMut;
use headcount_mqtt::{ConnAck, Decoder, Packet, ReasonCode, SubAck, client::Action, encode};
use headcount_page::{
    link::{moment::Moment, party::Party, session::Session},
    store::{LinkEvent, Millis, Settings, Store},
};
use std::{collections::VecDeque, time::Duration};

use crate::stage::NOON;

/// What a party asked of its transport.
#[derive(Debug, PartialEq)]
pub(crate) enum Asked {
    Open,
    Packet(Packet),
    Close,
}

/// A party, its store, and what it asked for.
pub(crate) struct Wire<P = Session> {
    pub(crate) party: P,
    pub(crate) store: Store,
    /// Since the script began, which is noon.
    pub(crate) now: Duration,
    asked: VecDeque<Asked>,
    decoder: Decoder,
}

pub(crate) fn settings() -> Settings {
    Settings::preset("http://127.0.0.1:8080", 1, "?client=page")
}

pub(crate) fn moment(now: Duration) -> Moment {
    Moment { monotonic: now, unix: Millis(NOON + i64::try_from(now.as_millis()).unwrap()) }
}

impl Wire {
    /// A page that has begun to connect.
    pub(crate) fn new(settings: &Settings) -> Self {
        let mut session = Session::new(settings, None, 7).unwrap();
        session.connect(moment(Duration::ZERO));
        let mut store = Store::default();
        store.fold(Millis(NOON), LinkEvent::Wanted { account: settings.account() });
        Self::with(session, store)
    }

    /// A page that is live, on a server that grants everything.
    pub(crate) fn live(settings: &Settings) -> Self {
        let mut wire = Self::new(settings);
        wire.accept();
        wire.grant();
        wire
    }

    /// Opens the transport and accepts CONNECT.
    pub(crate) fn accept(&mut self) {
        self.opened();
        assert!(matches!(self.asked(), Asked::Packet(Packet::Connect(_))));
        self.send(&Packet::ConnAck(Box::default()));
    }

    /// Grants every filter of the SUBSCRIBE that comes next.
    pub(crate) fn grant(&mut self) -> Vec<String> {
        self.answer_subscribe(|_| ReasonCode::Success)
    }

    /// Answers the SUBSCRIBE that comes next, filter by filter, and gives the filters.
    pub(crate) fn answer_subscribe(&mut self, answer: impl Fn(&str) -> ReasonCode) -> Vec<String> {
        let Asked::Packet(Packet::Subscribe(subscribe)) = self.asked() else { panic!("no SUBSCRIBE") };
        let filters: Vec<String> = subscribe
            .subscriptions
            .iter()
            .map(|subscription| subscription.filter.as_str().to_owned())
            .collect();
        let reasons = filters.iter().map(|filter| answer(filter)).collect();
        self.send(&Packet::SubAck(SubAck {
            packet_id: subscribe.packet_id,
            reasons,
            properties: <_>::default(),
        }));
        filters
    }

    /// Refuses CONNECT and closes, as a server does.
    pub(crate) fn refuse(&mut self, reason: ReasonCode) {
        self.opened();
        assert!(matches!(self.asked(), Asked::Packet(Packet::Connect(_))));
        self.send(&Packet::ConnAck(Box::new(ConnAck { reason, ..ConnAck::default() })));
    }
}

impl<P: Party<Store = Store>> Wire<P> {
    pub(crate) fn with(party: P, store: Store) -> Self {
        let decoder = Decoder::server(1 << 20);
        let mut wire = Self { party, store, now: Duration::ZERO, asked: VecDeque::new(), decoder };
        wire.run();
        wire
    }

    /// What the party asks for next.
    pub(crate) fn asked(&mut self) -> Asked {
        self.asked.pop_front().unwrap_or_else(|| panic!("nothing asked for; {:?}", self.store.connection()))
    }

    /// Whether anything was asked for that the script has not taken.
    pub(crate) fn party_asks(&self) -> bool {
        !self.asked.is_empty()
    }

    /// Leaves out how an old transport is closed, up to the next that is asked for.
    pub(crate) fn skip_to_open(&mut self) {
        while self.asked.front().is_some_and(|asked| *asked != Asked::Open) {
            self.asked.pop_front();
        }
    }

    /// Nothing else was asked for.
    pub(crate) fn quiet(&self) {
        assert!(self.asked.is_empty(), "{:?}", self.asked);
    }

    /// The transport that was asked for opens.
    pub(crate) fn opened(&mut self) {
        assert_eq!(self.asked(), Asked::Open);
        self.decoder = Decoder::server(1 << 20);
        self.party.handle_opened(moment(self.now));
        self.run();
    }

    pub(crate) fn send(&mut self, packet: &Packet) {
        let mut bytes = BytesMut::new();
        encode(packet, self.decoder.version().unwrap(), &mut bytes).unwrap();
        self.send_bytes(&bytes);
    }

    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) {
        self.party.handle_bytes(moment(self.now), bytes);
        self.run();
    }

    /// The transport ends, or could not be opened.
    pub(crate) fn closed(&mut self) {
        self.party.handle_closed(moment(self.now));
        self.run();
    }

    /// Lets time pass, waking the party whenever it wants to be.
    pub(crate) fn advance(&mut self, length: Duration) {
        let end = self.now + length;
        while let Some(due) = self.party.poll_timeout().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            self.party.handle_timeout(moment(self.now));
            self.run();
        }
        self.now = end;
    }

    /// Lets the session act, and takes what it asks for.
    pub(crate) fn act(&mut self, act: impl FnOnce(&mut P, Moment)) {
        act(&mut self.party, moment(self.now));
        self.run();
    }

    fn run(&mut self) {
        let now = moment(self.now);
        self.party.tell(now, &mut self.store);
        while let Some(action) = self.party.poll_action() {
            match action {
                Action::Open => self.asked.push_back(Asked::Open),
                Action::Close => self.asked.push_back(Asked::Close),
                Action::Send(bytes) => {
                    self.decoder.feed(&bytes);
                    while let Some(packet) = self.decoder.decode().unwrap() {
                        self.asked.push_back(Asked::Packet(packet));
                    }
                }
            }
            self.party.tell(now, &mut self.store);
        }
    }
}
