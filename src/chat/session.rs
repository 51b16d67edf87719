//! A window's session: its client, what it subscribes to, its birth and Will, and the outbox on its way.

use std::time::Duration;

use headcount_mqtt::{
    QoS, ReasonCode, Subscription, Text, TopicFilter, TopicName, Will, WillProperties,
    client::{Connected, Event, Message, Options, PublishError, Token},
};

use super::{
    login::{Leave, Login},
    store::{
        Chat, Taker, Told, With,
        ask::{Ask, Purpose},
        outbox::Entry,
        payload::{self, Status},
        session_name,
        stage::Feature,
        topic::{self, Step},
    },
};
use crate::{
    link::{
        caller::Caller,
        dial::{Dial, Dialled},
        moment::Moment,
    },
    store::{
        Millis,
        connection::{Protocol, Refusal},
    },
};

/// How long the connection that ends a kept session of 3.1.1 may take to come about; the user waits for it.
const SWEEP_TIMEOUT: Duration = Duration::from_secs(3);

/// One login, over as many connections as it takes.
#[derive(Debug)]
pub struct Session {
    login: Login,
    dial: Dial,
    seed: u64,
    /// When the user asked for it, in milliseconds since 1970; above every login heard of elsewhere.
    wanted: i64,
    /// What birth and Will of the present connection share.
    name: String,
    /// Whether CONNECT left under that name, and the store was not told.
    is_opened: bool,
    /// Messages of the outbox that the client has.
    in_hand: Vec<(Token, u64)>,
    /// What else was published, and is not answered.
    asked: Vec<(Token, Purpose)>,
    /// SUBSCRIBEs without an answer.
    awaited: usize,
    /// Whether this client has been connected before.
    has_begun: bool,
    /// Whether the connection is there to end the session that the broker keeps, and for nothing else.
    sweeps: bool,
    /// Whether the store was not told that its own connection ended before that.
    is_left: bool,
}

impl Session {
    /// A session at rest. `seed` spreads reconnects out and names connections.
    ///
    /// # Errors
    /// Why the login makes no CONNECT, as a sentence without a full stop.
    pub fn new(login: &Login, seed: u64) -> Result<Self, String> {
        Ok(Self {
            dial: Dial::new(login.options()?, login.version, seed)?,
            login: login.clone(),
            seed,
            wanted: 0,
            asked: Vec::new(),
            name: String::new(),
            is_opened: false,
            in_hand: Vec::new(),
            awaited: 0,
            has_begun: false,
            sweeps: false,
            is_left: false,
        })
    }

    /// Who logs in, and how.
    pub fn login(&self) -> &Login {
        &self.login
    }

    /// Whether it neither is connected nor tries to be.
    pub fn is_at_rest(&self) -> bool {
        self.dial.is_over()
    }

    /// Begins to connect because the user wants it, also after a refusal; an attempt that waits begins at once.
    pub fn connect(&mut self, now: Moment) {
        self.wanted = now.unix.0.max(self.wanted);
        self.dial.connect(now);
    }

    /// Logs out: says "offline" where status messages are used, and DISCONNECT.
    pub fn leave(&mut self, now: Moment, leave: Leave) {
        if self.dial.is_connected() && self.login.stage.has(Feature::Status) && !self.sweeps {
            self.say_status(now, false);
        }
        let ends_session = leave == Leave::EndSession && self.login.stage.has(Feature::Qos1);
        self.dial.leave(now, ends_session);
        if ends_session && self.dial.protocol() == Protocol::V311 && self.has_begun {
            self.sweep(now);
        }
    }

    /// Lets go for somebody else of the same name: the Will speaks, and whoever holds the connection says otherwise.
    pub fn give_way(&mut self, now: Moment) {
        self.dial.drop_line(now);
    }

    /// In 3.1.1 a session ends when a client comes that wants a clean one and leaves [MQTT-3.1.2-6 (3.1.1)].
    fn sweep(&mut self, now: Moment) {
        let mut options = Options { clean_start: true, will: None, ..self.dial.client().options().clone() };
        options.reconnect = None;
        options.limits.connect_timeout = SWEEP_TIMEOUT;
        self.sweeps = self.dial.replace(options).is_ok();
        self.is_left = true;
        if self.sweeps {
            self.dial.connect(now);
        }
    }

    fn take(&mut self, now: Moment, event: Dialled, store: &mut Chat) {
        match event {
            Dialled::Step(step, attempt) => store.fold(now.unix, Told::Step { step, attempt }),
            Dialled::Event(event) => self.event(now, event, store),
            Dialled::Lost(why, attempt, at) => {
                self.awaited = 0;
                store.fold(now.unix, Told::Lost { why: &why, attempt, retry_at: now.unix_at(at) });
            }
            Dialled::Refused(refusal) => store.fold(now.unix, Told::Refused(refusal)),
            Dialled::TakenOver => store.fold(now.unix, Told::TakenOver),
            Dialled::Ended => store.fold(now.unix, Told::Ended),
        }
    }

    fn event(&mut self, now: Moment, event: Event, store: &mut Chat) {
        match event {
            Event::Connected(connected) => self.connected(now, &connected, store),
            Event::Message(message) => {
                let (topic, payload) = (message.topic.as_str(), &*message.payload);
                store.fold(now.unix, Told::Message { topic, payload, retain: message.retain });
            }
            Event::Subscribed(subscribed) => {
                for (filter, reason) in &subscribed.results {
                    if reason.is_error() {
                        store.fold(now.unix, Told::Denied { filter: filter.as_str() });
                    }
                }
                self.awaited = self.awaited.saturating_sub(1);
                if self.awaited == 0 {
                    store.fold(now.unix, Told::Subscribed);
                }
            }
            Event::Published { token, reason, reason_string } => {
                let said = reason_string.as_ref().map_or("", Text::as_str);
                let refused = if reason.is_error() { words(reason, said) } else { String::new() };
                self.answered(now, token, &refused, store);
            }
            Event::GivenUp { token, .. } => {
                self.answered(now, token, "the broker does not take messages like this", store);
            }
            Event::Refused(_)
            | Event::Disconnected { .. }
            | Event::Reconnecting { .. }
            | Event::Unsubscribed { .. } => {}
        }
    }

    fn connected(&mut self, now: Moment, connected: &Connected, store: &mut Chat) {
        let (protocol, session_present) = (self.dial.protocol(), connected.session_present);
        store.fold(now.unix, Told::Connected { protocol, session_present });
        // Where the broker lost the session, the client asks for everything again by itself.
        let asks = session_present || !std::mem::replace(&mut self.has_begun, true);
        self.awaited = 1;
        if asks {
            self.subscribe(now, session_present);
        }
        // Behind SUBSCRIBE, so that what was retained before is heard before it is replaced.
        if self.login.stage.has(Feature::Status) {
            self.say_status(now, true);
        }
    }

    fn subscribe(&mut self, now: Moment, session_present: bool) {
        let filter = |filter: String| TopicFilter::try_from(filter).ok();
        if session_present {
            let unwanted: Vec<TopicFilter> = self.login.unwanted().into_iter().filter_map(filter).collect();
            // What cannot be asked for is not there either.
            let _ = self.dial.client().unsubscribe(now.monotonic, unwanted);
        }
        let wanted = self.login.filters().into_iter();
        let wanted: Vec<Subscription> =
            wanted.filter_map(|(name, qos)| Some(Subscription::new(filter(name)?, qos))).collect();
        if self.dial.client().subscribe(now.monotonic, wanted.clone(), None).is_ok() {
            return;
        }
        // CONNACK rules some of them out (no wildcards, say): each for itself.
        self.awaited = 0;
        for one in wanted {
            let taken = self.dial.client().subscribe(now.monotonic, vec![one], None).is_ok();
            self.awaited += usize::from(taken);
        }
    }

    /// Birth or goodbye, retained.
    fn say_status(&mut self, now: Moment, online: bool) {
        let status = self.status(now.unix, online, !online);
        let Ok(topic) = TopicName::try_from(topic::status(&self.login.user)) else { return };
        let mut message = Message::new(topic, status.write().into());
        message.retain = true;
        // A broker without retained messages says so in CONNACK, and has no statuses.
        let _ = self.dial.client().publish(now.monotonic, message);
    }

    fn status(&self, at: Millis, online: bool, is_logout: bool) -> Status {
        Status { online, at: Some(at), session: self.name.clone(), is_logout }
    }

    /// A name for the connection that is about to open, and the Will that bears it.
    fn make_will(&mut self, now: Moment) {
        self.seed = self.seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        let random = (self.seed >> 32) as u32;
        self.name = session_name(self.wanted, self.dial.protocol(), random);
        self.is_opened = true;
        if !self.login.stage.has(Feature::Status) || self.sweeps {
            return;
        }
        let Ok(topic) = TopicName::try_from(topic::status(&self.login.user)) else { return };
        let payload = self.status(now.unix, false, false).write().into();
        let properties = WillProperties::default();
        let will = Will { topic, payload, qos: QoS::AtMostOnce, retain: true, properties };
        // A name of at most 200 bytes makes no Will that is too long.
        let _ = self.dial.client().set_will(Some(will));
    }

    /// Hands over what waits, in its order, as far as the client takes it.
    fn hand_over(&mut self, now: Moment, store: &mut Chat) {
        while let Some(entry) = store.next_to_send() {
            match self.publish(now, &entry) {
                Ok(token) => self.in_hand.push((token, entry.serial)),
                Err(PublishError::NotConnected | PublishError::QueueFull) => {
                    return store.take_back(entry.serial);
                }
                Err(other) => {
                    let refused = other.to_string();
                    store.fold(now.unix, Told::Published { serial: entry.serial, refused: &refused });
                }
            }
        }
    }

    fn publish(&mut self, now: Moment, entry: &Entry) -> Result<Token, PublishError> {
        let me = self.login.user.as_str();
        let is_validated = self.login.stage.has(Feature::Validation);
        let step = if is_validated { Step::Request } else { Step::Direct };
        let (topic, sender) = match &entry.with {
            With::Person(name) => (topic::message(name, me, step), None),
            With::Room(id) => (topic::room(id), Some(me)),
            With::Between(..) => (String::new(), None),
        };
        let unsupported = PublishError::Unsupported(ReasonCode::TopicNameInvalid);
        let topic = TopicName::try_from(topic).map_err(|_| unsupported)?;
        let payload = payload::message(&entry.id, &entry.content, entry.at, sender);
        let mut message = Message::new(topic, payload.into());
        message.qos = self.login.qos();
        self.dial.client().publish(now.monotonic, message)
    }

    /// Publishes what is asked beside the messages, in its order.
    fn ask(&mut self, now: Moment, store: &mut Chat) {
        while let Some(ask) = store.take_ask() {
            let Ask { topic, payload, retain, purpose } = ask;
            let Ok(topic) = TopicName::try_from(topic) else { continue };
            let mut message = Message::new(topic, payload.into());
            // So that the answer is known; what is asked for again with each connection need not wait for one.
            message.qos = if purpose == Purpose::Rules { QoS::AtMostOnce } else { QoS::AtLeastOnce };
            message.retain = retain;
            match self.dial.client().publish(now.monotonic, message) {
                Ok(token) => self.asked.push((token, purpose)),
                Err(why) => store.fold(now.unix, Told::Answered { purpose, refused: &why.to_string() }),
            }
        }
    }

    fn answered(&mut self, now: Moment, token: Token, refused: &str, store: &mut Chat) {
        if let Some(at) = self.in_hand.iter().position(|(known, _)| *known == token) {
            let (_, serial) = self.in_hand.remove(at);
            return store.fold(now.unix, Told::Published { serial, refused });
        }
        if let Some(at) = self.asked.iter().position(|(known, _)| *known == token) {
            let (_, purpose) = self.asked.remove(at);
            store.fold(now.unix, Told::Answered { purpose, refused });
        }
    }

    /// A connection whose only end is to end the session: nobody is told of it.
    fn tell_sweep(&mut self, now: Moment) {
        while let Some(event) = self.dial.poll(now) {
            match event {
                Dialled::Event(Event::Connected(_)) => self.dial.leave(now, false),
                Dialled::Refused(_) | Dialled::TakenOver | Dialled::Ended => self.sweeps = false,
                _ => {}
            }
        }
    }
}

impl Caller for Session {
    type Store = Chat;

    fn dial(&self) -> &Dial {
        &self.dial
    }

    fn dial_mut(&mut self) -> &mut Dial {
        &mut self.dial
    }

    fn prepare(&mut self, now: Moment) {
        self.make_will(now);
    }

    /// Whatever was received is on the store's shelf when this returns: acknowledgements are among the actions, which
    /// are fetched afterwards.
    fn tell(&mut self, now: Moment, store: &mut Chat) {
        if std::mem::take(&mut self.is_left) {
            store.fold(now.unix, Told::Ended);
            store.save();
        }
        if self.sweeps {
            return self.tell_sweep(now);
        }
        if std::mem::take(&mut self.is_opened) {
            store.fold(now.unix, Told::Opened { session: &self.name });
        }
        while let Some(event) = self.dial.poll(now) {
            self.take(now, event, store);
        }
        self.wanted = self.wanted.max(store.newest_login() + 1);
        if store.take_yield() && self.dial.protocol() == Protocol::V311 {
            store.taken(Taker::Elsewhere);
            self.give_way(now);
        }
        if store.take_correction() && self.dial.is_connected() {
            self.say_status(now, true);
        }
        if self.dial.is_connected() {
            self.ask(now, store);
            self.hand_over(now, store);
        }
        store.save();
    }

    fn is_over(&self) -> bool {
        !self.sweeps && self.dial.is_over()
    }
}

fn words(reason: ReasonCode, said: &str) -> String {
    Refusal::new(reason, said).words.to_string()
}
