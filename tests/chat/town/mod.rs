//! The broker, the devices of people, and the networks between them.

mod network;
mod shown;

use headcount_broker::{Access, Broker, Config, ConnectionId, Now, Record};
use headcount_mqtt::Decoder;
use headcount_page::{
    chat::{
        login::{Leave, Login},
        session::Session,
        store::{
            Chat, Taker, Wish, With,
            shelf::{Memory, Shelf},
            stage::Stage,
        },
    },
    link::{moment::Moment, party::Party},
    store::{Millis, settings::VersionChoice},
};
use std::{rc::Rc, sync::Arc, time::Duration};

/// 2026-11-21T12:00:00.000Z, when every script begins.
pub(crate) const NOON: i64 = 1_795_262_400_000;

pub(crate) const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

/// A browser's tab.
struct Tab {
    store: Chat,
    session: Option<Session>,
    transport: Option<(ConnectionId, Decoder)>,
    /// Whether nothing comes in, nothing gets out, and nobody says so.
    is_deaf: bool,
    is_mute: bool,
    /// Whether its timers stand still.
    is_frozen: bool,
    login: Login,
    /// Of the connection: how many bytes it has had.
    heard: usize,
}

pub(crate) struct Town {
    broker: Option<Broker>,
    config: Config,
    past: Vec<Record>,
    tabs: Vec<Option<Tab>>,
    pub(crate) now: Duration,
    random: u128,
}

/// Names a tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Id(usize);

impl Town {
    pub(crate) fn new() -> Self {
        let mut town = Self::of(Config::open("open"));
        town.start();
        town
    }

    /// The realm `secure` with its rules, where the password of everybody is `test`.
    pub(crate) fn secure() -> Self {
        let names = ["vy", "jo", "admin", "backend"];
        let access = Access {
            allow_anonymous: false,
            trust_user_names: false,
            observers: Some(vec!["admin".to_owned()]),
            acl: Some(include_str!("../../../server/default/chat.acl").to_owned()),
            acl_name: "chat.acl".to_owned(),
            dynamic_security: true,
            accounts: Arc::new(names.map(|name| (name.to_owned(), "users".to_owned())).into()),
            ..Access::open()
        };
        let mut town = Self::of(Config { access, ..Config::open("secure") });
        town.start();
        town
    }

    fn of(config: Config) -> Self {
        let config = Config { durable: true, ..config };
        Self { broker: None, config, past: Vec::new(), tabs: Vec::new(), now: secs(100), random: 0 }
    }

    /// Logs a user in on a device of their own.
    pub(crate) fn open(&mut self, user: &str, stage: Stage) -> Id {
        self.open_with(user, stage, VersionChoice::Auto, &Memory::default())
    }

    /// Logs a user in on this device.
    pub(crate) fn open_with(
        &mut self,
        user: &str,
        stage: Stage,
        version: VersionChoice,
        device: &Memory,
    ) -> Id {
        let id = self.tab_for(user, stage, version, device);
        let login = self.tab(id).login.clone();
        self.log_in(id, &login);
        id
    }

    /// A tab of this device whose login is on its way and has not reached the broker.
    pub(crate) fn prepare(&mut self, user: &str, stage: Stage, device: &Memory) -> Id {
        let id = self.tab_for(user, stage, VersionChoice::V5, device);
        self.tab_mut(id).store.begin(user, stage);
        id
    }

    /// That login reaches the broker.
    pub(crate) fn arrive(&mut self, id: Id) {
        let (now, seed) = (self.moment(), self.seed());
        let tab = self.tab_mut(id);
        let mut session = Session::new(&tab.login, seed).unwrap();
        session.connect(now);
        tab.session = Some(session);
        self.run();
    }

    fn tab_for(&mut self, user: &str, stage: Stage, version: VersionChoice, device: &Memory) -> Id {
        let password = if stage < Stage::Forty { String::new() } else { "test".to_owned() };
        let login = Login { user: user.to_owned(), password, stage, version, ..Login::default() };
        let store = Chat::new(Rc::new(device.clone()));
        let (session, transport) = (None, None);
        let tab = Tab {
            store,
            session,
            transport,
            is_deaf: false,
            is_mute: false,
            is_frozen: false,
            login,
            heard: 0,
        };
        self.tabs.push(Some(tab));
        Id(self.tabs.len() - 1)
    }

    /// The link's part of a login: another session in the place of the one there was.
    pub(crate) fn log_in(&mut self, id: Id, login: &Login) {
        let (now, seed) = (self.moment(), self.seed());
        let tab = self.tab_mut(id);
        if let Some(session) = &mut tab.session {
            session.leave(now, session.login().leaves_for(login));
        }
        self.run();
        let tab = self.tab_mut(id);
        tab.login = login.clone();
        tab.store.begin(&login.user, login.stage);
        let mut session = Session::new(login, seed).unwrap();
        session.connect(now);
        tab.session = Some(session);
        self.run();
    }

    /// The same user at another stage.
    pub(crate) fn set_stage(&mut self, id: Id, stage: Stage) {
        let login = Login { stage, ..self.tab(id).login.clone() };
        self.log_in(id, &login);
    }

    pub(crate) fn log_out(&mut self, id: Id, leave: Leave) {
        let now = self.moment();
        self.tab_mut(id).session.as_mut().unwrap().leave(now, leave);
        self.run();
    }

    /// Logs in again as before, after a logout or a take-over.
    pub(crate) fn return_to(&mut self, id: Id) {
        let login = self.tab(id).login.clone();
        self.tab_mut(id).session = None;
        self.log_in(id, &login);
    }

    /// The tab is closed: nobody says goodbye.
    pub(crate) fn close(&mut self, id: Id) {
        let tab = self.tabs[id.0].take().unwrap();
        if let Some((connection, _)) = tab.transport.filter(|_| !(tab.is_deaf && tab.is_mute)) {
            let now = self.clocks();
            self.broker.as_mut().unwrap().handle_closed(now, connection);
        }
        self.run();
    }

    /// The tab is loaded anew, which takes this long.
    pub(crate) fn reload(&mut self, id: Id, device: &Memory, takes: Duration) -> Id {
        let Login { user, stage, version, .. } = self.tab(id).login.clone();
        self.close(id);
        self.advance(takes);
        self.open_with(&user, stage, version, device)
    }

    /// The network of a device is gone, and nobody says so.
    pub(crate) fn cut(&mut self, id: Id) {
        self.deafen(id, true);
        self.mute(id, true);
    }

    /// The network is back; what was sent meanwhile is lost, and the old connection with it.
    pub(crate) fn heal(&mut self, id: Id) {
        self.deafen(id, false);
        self.mute(id, false);
        // What was lost in between cannot come any more.
        if let Some(tab) = &mut self.tabs[id.0] {
            tab.transport = None;
        }
    }

    /// What is sent to a device is lost.
    pub(crate) fn deafen(&mut self, id: Id, is_deaf: bool) {
        self.tab_mut(id).is_deaf = is_deaf;
    }

    /// What a device sends is lost.
    pub(crate) fn mute(&mut self, id: Id, is_mute: bool) {
        self.tab_mut(id).is_mute = is_mute;
    }

    /// A device sleeps, or wakes up.
    pub(crate) fn freeze(&mut self, id: Id, is_frozen: bool) {
        self.tab_mut(id).is_frozen = is_frozen;
    }

    /// Forgets everything about the user of a tab.
    pub(crate) fn forget(&mut self, id: Id) {
        self.tab_mut(id).store.forget();
    }

    /// A tab goes while there is no broker.
    pub(crate) fn close_dead(&mut self, id: Id) {
        self.tabs[id.0] = None;
    }

    /// The browser tells the page that the network is back, or that somebody looks at it.
    pub(crate) fn wake(&mut self, id: Id) {
        let now = self.moment();
        self.tab_mut(id).session.as_mut().unwrap().wake(now);
        self.run();
    }

    /// The broker's process dies. `forgets`: whoever stands in its place knows nothing.
    pub(crate) fn kill_broker(&mut self, forgets: bool) {
        self.broker = None;
        if forgets {
            self.past.clear();
        }
        let now = self.moment();
        for tab in self.tabs.iter_mut().flatten() {
            if tab.transport.take().is_some()
                && let Some(session) = &mut tab.session
            {
                session.handle_closed(now);
            }
        }
        self.run();
    }

    /// A broker that goes on from what the last one stored.
    pub(crate) fn start(&mut self) {
        let now = self.clocks();
        let broker = Broker::restore(self.config.clone(), now, self.past.clone());
        self.broker = Some(broker.unwrap());
        self.run();
    }

    pub(crate) fn wish(&mut self, id: Id, wish: &Wish) {
        let now = self.moment();
        self.tab_mut(id).store.apply(now.unix, wish);
        self.run();
    }

    /// Writes to a user.
    pub(crate) fn say(&mut self, id: Id, to: &str, content: &str) {
        self.random += 1;
        let wish = Wish::Send { with: person(to), content: content.to_owned(), random: self.random };
        self.wish(id, &wish);
    }

    /// Another tab of the same browser says that it takes over.
    pub(crate) fn claim(&mut self, id: Id) {
        let now = self.moment();
        let tab = self.tab_mut(id);
        tab.store.taken(Taker::Tab);
        if let Some(session) = &mut tab.session {
            session.give_way(now);
        }
        self.run();
    }

    fn seed(&mut self) -> u64 {
        self.random += 1;
        u64::try_from(self.random).unwrap().wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    fn tab(&self, id: Id) -> &Tab {
        self.tabs[id.0].as_ref().unwrap()
    }

    fn tab_mut(&mut self, id: Id) -> &mut Tab {
        self.tabs[id.0].as_mut().unwrap()
    }

    fn moment(&self) -> Moment {
        let unix = Millis(NOON + i64::try_from(self.now.as_millis()).unwrap());
        Moment { monotonic: self.now, unix }
    }

    fn clocks(&self) -> Now {
        Now { monotonic: self.now, unix: Duration::from_millis(NOON.unsigned_abs()) + self.now }
    }
}

pub(crate) fn person(name: &str) -> With {
    With::Person(name.into())
}

/// Whatever a device has stored, for tests of what a device keeps.
pub(crate) fn keys(shelf: &Memory) -> Vec<String> {
    shelf.keys()
}
