//! The page's own connection: the client session, what it subscribes to, and which protocol version it speaks.

use std::{collections::VecDeque, time::Duration};

use headcount_mqtt::{
    ProtocolVersion, QoS, ReasonCode, Subscription, Text, TopicFilter,
    client::{Action, Cause, Client, Event, Options, Refused, State},
};

use super::{moment::Moment, party::Party};
use crate::store::{
    LinkEvent, Settings, Store,
    connection::{Protocol, Refusal, Step},
    settings::VersionChoice,
};

/// One wish for a connection, over as many attempts as it takes.
#[derive(Debug)]
pub struct Session {
    client: Client,
    options: Options,
    seed: u64,
    /// What is left to do for a client that was replaced, and requests, which no client counts.
    actions: VecDeque<Action>,
    /// The version to try when the broker does not speak the present one.
    fallback: Option<ProtocolVersion>,
    /// Whether the broker accepted this version.
    accepted: bool,
    /// Whether this client has been connected before.
    begun: bool,
    /// When a replaced client's wait ends, which its successor takes over.
    resume_at: Option<Duration>,
    heard: bool,
    attempt: u32,
    /// Why the last attempt ended, until the next one is scheduled.
    why: String,
    /// The step that the store was told last.
    step: Option<Step>,
}

impl Session {
    /// A session for these settings; `known` is the version that this broker is known to speak, for `Auto`. Nothing is
    /// tried before [`Session::connect`]. `seed` spreads reconnects out.
    ///
    /// # Errors
    /// Why the settings make no CONNECT, as a sentence without a full stop.
    pub fn new(settings: &Settings, known: Option<Protocol>, seed: u64) -> Result<Self, String> {
        let (version, fallback) = match (settings.version, known) {
            (VersionChoice::V5, _) => (ProtocolVersion::V5, None),
            (VersionChoice::V311, _) | (VersionChoice::Auto, Some(Protocol::V311)) => {
                (ProtocolVersion::V311, None)
            }
            (VersionChoice::Auto, _) => (ProtocolVersion::V5, Some(ProtocolVersion::V311)),
        };
        let options = options(settings, version, &settings.client_id)?;
        let client = Client::new(options.clone(), seed).map_err(|error| error.to_string())?;
        Ok(Self {
            client,
            options,
            seed,
            actions: VecDeque::new(),
            fallback,
            accepted: false,
            begun: false,
            resume_at: None,
            heard: false,
            attempt: 0,
            why: String::new(),
            step: None,
        })
    }

    /// Begins to connect, also after a refusal; an attempt that waits begins at once.
    pub fn connect(&mut self, now: Moment) {
        self.resume_at = None;
        match self.client.state() {
            State::Waiting { .. } => self.client.reconnect_now(now.monotonic),
            _ => self.client.connect(now.monotonic),
        }
    }

    /// Ends the connection with a DISCONNECT, or the attempts for one.
    pub fn disconnect(&mut self, now: Moment) {
        self.resume_at = None;
        self.client.disconnect(now.monotonic);
    }

    /// The network came back or the page is looked at again: waits no longer, and asks a connection whether it stands.
    pub fn wake(&mut self, now: Moment) {
        if self.resume_at.is_some() || matches!(self.client.state(), State::Waiting { .. }) {
            self.connect(now);
        } else {
            self.probe(now);
        }
    }

    /// The network went away, it seems: asks a connection whether it stands.
    pub fn probe(&mut self, now: Moment) {
        self.client.ping(now.monotonic);
    }

    /// The version that this broker accepted.
    pub fn accepted(&self) -> Option<Protocol> {
        self.accepted.then_some(self.protocol())
    }

    fn take(&mut self, now: Moment, event: Event, store: &mut Store) {
        match event {
            Event::Connected(connected) => {
                self.accepted = true;
                self.attempt = 0;
                let again = std::mem::replace(&mut self.begun, true);
                let assigned = connected.properties.assigned_client_identifier.is_some();
                let client_id = connected.client_id.as_str();
                let protocol = self.protocol();
                store.fold(now.unix, LinkEvent::Connected { protocol, client_id, assigned, again });
                self.subscribe(now, store);
            }
            Event::Subscribed(subscribed) => {
                for (filter, reason) in &subscribed.results {
                    let code = *reason as u8;
                    store.fold(now.unix, LinkEvent::Subscribed { filter: filter.as_str(), code });
                }
                self.subscribe(now, store);
            }
            Event::Message(message) => {
                let (topic, payload) = (message.topic.as_str(), &message.payload);
                let retained = message.retain;
                store.fold(now.unix, LinkEvent::Message { topic, payload, retained });
            }
            Event::Refused(refused) => self.refused(now, &refused, store),
            Event::Disconnected { cause, terminal } => self.disconnected(now, &cause, terminal, store),
            Event::Reconnecting { at, attempt } => {
                self.attempt = attempt;
                let caution = store.caution();
                let (why, retry_at) = (self.why.as_str(), now.unix_at(at));
                store.fold(now.unix, LinkEvent::Lost { why, attempt, retry_at });
                if store.caution() > caution {
                    // This client would repeat the filters that the broker hung up over.
                    let version = self.options.version;
                    self.resume_at = self.replace(version).then_some(at);
                }
            }
            // The page publishes requests alone, whose answer is awaited, and keeps its subscriptions.
            Event::Published { .. } | Event::GivenUp { .. } | Event::Unsubscribed { .. } => {}
        }
    }

    fn refused(&mut self, now: Moment, refused: &Refused, store: &mut Store) {
        let said = refused.reason_string.as_ref().map_or("", Text::as_str);
        if refused.reason == ReasonCode::UnsupportedProtocolVersion && self.fall_back(now) {
            return;
        }
        if refused.terminal {
            store.fold(now.unix, LinkEvent::Refused { code: refused.reason, said });
        } else {
            self.why = Refusal::new(refused.reason, said).words.to_string();
        }
    }

    fn disconnected(&mut self, now: Moment, cause: &Cause, terminal: bool, store: &mut Store) {
        // A broker that knows no MQTT 5 may hang up over its CONNECT instead of refusing it, or wait for the rest of what
        // it takes for a CONNECT of 3.1.1.
        let over_connect = !self.accepted && self.step == Some(Step::WaitingForConnack);
        let is_lost = matches!(cause, Cause::ConnectionLost | Cause::ConnectTimeout | Cause::Violation(_));
        if over_connect && is_lost && self.fall_back(now) {
            return;
        }
        match cause {
            Cause::Requested => store.fold(now.unix, LinkEvent::Ended),
            Cause::Server { reason: ReasonCode::SessionTakenOver, .. } => {
                store.fold(now.unix, LinkEvent::TakenOver);
            }
            Cause::Server { reason, reason_string, .. } => {
                let said = reason_string.as_ref().map_or("", Text::as_str);
                if terminal {
                    store.fold(now.unix, LinkEvent::Refused { code: *reason, said });
                } else {
                    self.why = Refusal::new(*reason, said).words.to_string();
                }
            }
            other => self.why = other.to_string(),
        }
    }

    /// Leaves the Client Identifier to another connection.
    fn give_way(&mut self, now: Moment, store: &mut Store) {
        self.resume_at = None;
        self.actions.extend(std::iter::from_fn(|| self.client.poll_action()));
        if self.client.state() != State::Disconnected {
            self.client.handle_closed(now.monotonic);
            self.client.disconnect(now.monotonic);
            self.actions.push_back(Action::Close);
        }
        // How it ends is known.
        while self.client.poll_event().is_some() {}
        while self.client.poll_action().is_some() {}
        store.fold(now.unix, LinkEvent::TakenOver);
    }

    /// Tries the other protocol version at once, if there is one to try.
    fn fall_back(&mut self, now: Moment) -> bool {
        let Some(version) = self.fallback.take() else { return false };
        if !self.replace(version) {
            return false;
        }
        self.client.connect(now.monotonic);
        true
    }

    /// A new client in the place of this one, which has ended; not where the settings make no CONNECT of `version`.
    fn replace(&mut self, version: ProtocolVersion) -> bool {
        let options = Options { version, ..self.options.clone() };
        self.seed = self.seed.wrapping_add(1);
        let Ok(client) = Client::new(options.clone(), self.seed) else { return false };
        self.actions.extend(std::iter::from_fn(|| self.client.poll_action()));
        self.client = client;
        self.options = options;
        self.begun = false;
        self.step = None;
        true
    }

    fn subscribe(&mut self, now: Moment, store: &mut Store) {
        let asks = store.take_asks();
        if asks.is_empty() {
            return;
        }
        let filters: Vec<TopicFilter> =
            asks.iter().filter_map(|ask| TopicFilter::try_from(ask.as_str()).ok()).collect();
        let all = filters.iter().cloned().map(at_most_once).collect();
        if filters.len() == asks.len() && self.client.subscribe(now.monotonic, all, None).is_ok() {
            return;
        }
        // CONNACK rules some of them out (no wildcards, say): each for itself, and the rest count as refused.
        for ask in asks {
            let taken = TopicFilter::try_from(ask.as_str()).is_ok_and(|filter| {
                self.client.subscribe(now.monotonic, vec![at_most_once(filter)], None).is_ok()
            });
            if !taken {
                let code = ReasonCode::TopicFilterInvalid as u8;
                store.fold(now.unix, LinkEvent::Subscribed { filter: &ask, code });
            }
        }
        self.subscribe(now, store);
    }

    /// Publishes past the client: its answer is what tells that it arrived, and the client's own way to publish, with
    /// its queues, would weigh as much as the rest of the journal.
    fn request(&mut self, topic: &str, payload: &str) {
        let Ok(length) = u16::try_from(topic.len()) else { return };
        let mut bytes = vec![0x30];
        // Remaining Length (2.1.4): Topic Name, no Properties where there are such, Application Message.
        let is_v5 = self.options.version == ProtocolVersion::V5;
        let mut rest = 2 + topic.len() + usize::from(is_v5) + payload.len();
        while rest > 0x7f {
            bytes.push(rest.to_le_bytes()[0] | 0x80);
            rest >>= 7;
        }
        bytes.push(rest.to_le_bytes()[0]);
        bytes.extend(length.to_be_bytes());
        bytes.extend(topic.as_bytes());
        if is_v5 {
            bytes.push(0);
        }
        bytes.extend(payload.as_bytes());
        self.actions.push_back(Action::Send(bytes.into()));
    }

    fn protocol(&self) -> Protocol {
        match self.options.version {
            ProtocolVersion::V311 => Protocol::V311,
            ProtocolVersion::V5 => Protocol::V5,
        }
    }
}

impl Party for Session {
    type Store = Store;

    fn handle_opened(&mut self, now: Moment) {
        self.client.handle_opened(now.monotonic);
    }

    fn handle_bytes(&mut self, now: Moment, bytes: &[u8]) {
        self.heard = true;
        self.client.handle_bytes(now.monotonic, bytes);
    }

    fn handle_closed(&mut self, now: Moment) {
        self.client.handle_closed(now.monotonic);
    }

    fn handle_timeout(&mut self, now: Moment) {
        if self.resume_at.is_some_and(|at| at <= now.monotonic) {
            self.connect(now);
        }
        self.client.handle_timeout(now.monotonic);
    }

    fn poll_timeout(&self) -> Option<Duration> {
        [self.resume_at, self.client.poll_timeout()].into_iter().flatten().min()
    }

    fn poll_action(&mut self) -> Option<Action> {
        self.actions.pop_front().or_else(|| self.client.poll_action())
    }

    fn tell(&mut self, now: Moment, store: &mut Store) {
        if std::mem::take(&mut self.heard) {
            store.fold(now.unix, LinkEvent::Heard);
        }
        while let Some(event) = self.client.poll_event() {
            self.take(now, event, store);
        }
        if store.take_yield() {
            self.give_way(now, store);
        }
        if matches!(self.client.state(), State::Connected { .. }) {
            // The store may want more once it knows the broker.
            self.subscribe(now, store);
        }
        if let Some((topic, payload)) = store.take_request() {
            self.request(&topic, payload);
        }
        let step = match self.client.state() {
            State::Opening { .. } => Some(Step::OpeningSocket),
            State::Connecting { .. } => Some(Step::WaitingForConnack),
            _ => None,
        };
        if let Some(step) = step.filter(|_| self.step != step) {
            store.fold(now.unix, LinkEvent::Step { step, attempt: self.attempt });
        }
        self.step = step;
    }
}

fn at_most_once(filter: TopicFilter) -> Subscription {
    Subscription::new(filter, QoS::AtMostOnce)
}

/// CONNECT for these settings.
pub(super) fn options(
    settings: &Settings,
    version: ProtocolVersion,
    client_id: &str,
) -> Result<Options, String> {
    let text =
        |what: &str, value: &str| Text::try_from(value).map_err(|error| format!("the {what}: {error}"));
    let mut options = Options::new(version, text("client id", client_id)?);
    if !settings.user_name.is_empty() {
        options.user_name = Some(text("user name", &settings.user_name)?);
    }
    if !settings.password.is_empty() {
        options.password = Some(settings.password.clone().into_bytes().into());
    }
    Ok(options)
}
