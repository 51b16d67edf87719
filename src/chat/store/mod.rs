//! What one chat window knows: its user, the conversations, who is there, and what waits to be sent.
//!
//! No DOM, no timer, no clock: every moment is passed in. The session calls [`Chat::fold`], the link [`Chat::tick`],
//! the view reads and sends a [`Wish`]. What is received is on the [`Shelf`] when [`Chat::save`] returns, and the
//! session calls that before an acknowledgement leaves.

pub mod address;
mod apply;
pub mod ask;
mod complain;
mod fold;
mod keep;
pub mod message;
pub mod outbox;
mod own;
pub mod payload;
pub mod presence;
pub mod rooms;
pub mod rules;
pub mod shelf;
pub mod stage;
pub mod thread;
pub mod told;
pub mod topic;
pub mod wish;
pub(crate) mod write;

use std::{collections::VecDeque, rc::Rc, sync::Arc};

use crate::{
    link::party::Scene,
    store::{Connection, Millis, connection::Live},
};
use ask::{Ask, Purpose};
use message::Mark;
use outbox::Outbox;
use own::Own;
use presence::{Badge, Presence};
use rooms::{Follow, Room};
use rules::Rules;
use shelf::Shelf;
use stage::{Feature, Stage};
use thread::Thread;

pub use own::session as session_name;
pub use thread::With;
pub use told::Told;
pub use wish::Wish;

/// Bytes of a user's name: it is a level of topics and a part of the Client Identifier, and a line in a list.
pub const NAME_MAX: usize = 200;

/// Members of a room that are listed; more than one page of names.
pub const MEMBERS_MAX: usize = 200;

/// Conversations kept, in memory and in storage: together with [`thread::MESSAGES_MAX`] what a browser's usual 5 MB of
/// storage hold at a few hundred bytes a message, for two users and only if few of them are full.
pub const THREADS_MAX: usize = 100;

/// Characters of a message that can be written here: two pages of a book.
pub const DRAFT_MAX: usize = 4_000;

/// People listed with whom there is no conversation: more than anybody looks through; a name can be entered, too.
pub const OTHERS_SHOWN: usize = 100;

/// Who holds the connection in this window's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taker {
    /// Another tab or window of this browser.
    Tab,
    /// The second window of this very page.
    Window,
    /// Another device or program.
    Elsewhere,
}

/// What this window had to leave out, to be said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// Whether this browser keeps nothing for it.
    pub unsaved: bool,
    /// Conversations that made room for others.
    pub threads: u32,
}

/// Messages that waited at the broker while this user was away.
#[derive(Clone, Copy, Debug, Default)]
struct Waited {
    /// Since when this connection stands, where the broker kept a session for it.
    since: Option<Millis>,
    /// Messages that came and were written before.
    counted: u64,
    /// What the broker says.
    told: Option<u64>,
    dismissed: bool,
}

/// Everything that a window knows.
#[derive(Debug)]
pub struct Chat {
    user: Arc<str>,
    stage: Stage,
    connection: Connection,
    /// Between CONNACK and the next end.
    live: Option<Live>,
    taken_by: Option<Taker>,
    /// Whether this window has found that it should give way to another device.
    yields: bool,
    threads: Vec<Thread>,
    open: Option<With>,
    /// Whether somebody looks at the page.
    looked_at: bool,
    presence: Presence,
    own: Own,
    outbox: Outbox,
    waited: Waited,
    missing: Missing,
    errors: Vec<(Millis, Arc<str>)>,
    rules: Rules,
    rooms: Vec<Room>,
    asks: VecDeque<Ask>,
    follows: Vec<Follow>,
    last_serial: u64,
    shelf: Rc<dyn Shelf>,
    /// Whether the list of conversations differs from storage.
    is_dirty: bool,
    /// Whether everything here is as storage had it when the user logged in.
    is_fresh: bool,
    version: u64,
}

impl Chat {
    /// A window that nobody is logged in to.
    pub fn new(shelf: Rc<dyn Shelf>) -> Self {
        Self {
            user: "".into(),
            stage: Stage::default(),
            connection: Connection::Offline,
            live: None,
            taken_by: None,
            yields: false,
            threads: Vec::new(),
            open: None,
            looked_at: true,
            presence: Presence::default(),
            own: Own::default(),
            outbox: Outbox::default(),
            waited: Waited::default(),
            missing: Missing::default(),
            errors: Vec::new(),
            rules: Rules::default(),
            rooms: Vec::new(),
            asks: VecDeque::new(),
            follows: Vec::new(),
            last_serial: 0,
            shelf,
            is_dirty: false,
            is_fresh: false,
            version: 0,
        }
    }

    /// The user; empty before the login.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The stage that the connection is for.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// How the connection stands.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Who took the connection over.
    pub fn taken_by(&self) -> Option<Taker> {
        self.taken_by
    }

    /// Whether CONNACK has come and nothing ended the connection since.
    pub fn is_connected(&self) -> bool {
        self.own.is_connected
    }

    /// Whether this window is the one of its user's that holds the connection, or means to.
    pub fn holds(&self) -> bool {
        !self.user.is_empty() && self.taken_by.is_none()
    }

    /// The conversations, the latest first.
    pub fn threads(&self) -> &[Thread] {
        &self.threads
    }

    /// A conversation.
    pub fn thread(&self, with: &With) -> Option<&Thread> {
        self.threads.iter().find(|thread| thread.with == *with)
    }

    /// The conversation that is shown.
    pub fn open(&self) -> Option<&Thread> {
        self.thread(self.open.as_ref()?)
    }

    /// Messages that nobody has looked at.
    pub fn unread(&self) -> u32 {
        self.threads.iter().map(|thread| thread.unread).sum()
    }

    /// What stands beside a name; none where no status messages are used.
    pub fn badge(&self, name: &str) -> Option<Badge> {
        self.stage.has(Feature::Status).then(|| self.presence.badge(name))
    }

    /// People who said how they are, with whom there is no conversation; the first [`OTHERS_SHOWN`] of them.
    pub fn others(&self) -> Vec<Arc<str>> {
        let is_other = |name: &&Arc<str>| {
            let is_user = ***name != *self.user && ***name != *topic::BACKEND;
            is_user && self.thread(&With::Person(Arc::clone(*name))).is_none()
        };
        self.presence.names().filter(is_other).take(OTHERS_SHOWN).cloned().collect()
    }

    /// Messages that wait here to be sent or acknowledged.
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// Messages that waited at the broker while the user was away; zero once that was dismissed.
    pub fn waited(&self) -> u64 {
        if self.waited.dismissed { 0 } else { self.waited.told.unwrap_or(self.waited.counted) }
    }

    /// What had to be left out.
    pub fn missing(&self) -> Missing {
        self.missing
    }

    /// What the broker refused to this account, latest last.
    pub fn errors(&self) -> &[(Millis, Arc<str>)] {
        &self.errors
    }

    /// The user is known; takes up what storage has of them.
    pub fn begin(&mut self, user: &str, stage: Stage) {
        *self = Self {
            user: user.into(),
            stage,
            last_serial: self.last_serial,
            looked_at: self.looked_at,
            version: self.version + 1,
            is_fresh: true,
            ..Self::new(Rc::clone(&self.shelf))
        };
        self.load();
    }

    /// Somebody else took the connection over.
    pub fn taken(&mut self, by: Taker) {
        self.save();
        self.taken_by = Some(by);
        self.connection = Connection::TakenOver;
        self.lose();
    }

    /// The rules that bind this user.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// What else to publish, given once.
    pub fn take_ask(&mut self) -> Option<Ask> {
        self.asks.pop_front()
    }

    /// The next message to send, given once.
    pub fn next_to_send(&mut self) -> Option<outbox::Entry> {
        self.outbox.hand_over()
    }

    /// The client did not take the message that was given out last.
    pub fn take_back(&mut self, serial: u64) {
        self.outbox.take_back(serial);
    }

    /// Whether this window should give way to another device, which comes back whenever it does. Given once.
    pub fn take_yield(&mut self) -> bool {
        std::mem::take(&mut self.yields)
    }

    fn ask_rules(&mut self) {
        if !self.stage.has(Feature::Authentication) {
            return;
        }
        let topic = topic::own(&self.user, "rules");
        let ask = Ask { topic, payload: "{}".to_owned(), retain: false, purpose: Purpose::Rules };
        // One answer tells all.
        if !self.asks.contains(&ask) {
            self.asks.push_back(ask);
        }
    }

    fn mark(&mut self, with: &With, serial: u64, mark: Mark) {
        if let Some(message) = self.thread_mut(with).and_then(|thread| thread.message_mut(serial)) {
            message.mark = mark;
        }
        self.version += 1;
    }
}

impl Scene for Chat {
    /// Ends what time ends: graces of badges.
    fn tick(&mut self, now: Millis) {
        if self.presence.tick(now) {
            self.version += 1;
        }
    }

    fn next_tick(&self) -> Option<Millis> {
        self.presence.next_tick()
    }

    fn version(&self) -> u64 {
        self.version
    }
}
