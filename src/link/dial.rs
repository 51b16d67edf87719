//! A client session that finds out which version its broker speaks, and says what happened in the page's words.

use std::{collections::VecDeque, time::Duration};

use headcount_mqtt::{
    Disconnect, DisconnectProperties, ProtocolVersion, ReasonCode, Text,
    client::{Action, Cause, Client, Event, Options, Refused, State},
};

use super::moment::Moment;
use crate::store::{
    connection::{Protocol, Refusal, Step},
    settings::VersionChoice,
};

/// One wish for a connection, over as many attempts as it takes.
#[derive(Debug)]
pub struct Dial {
    client: Client,
    seed: u64,
    /// What is left to do for a client that was replaced.
    actions: VecDeque<Action>,
    /// The version to try when the broker does not speak the present one.
    fallback: Option<ProtocolVersion>,
    accepted: bool,
    attempt: u32,
    why: String,
    /// The step that was told last.
    step: Option<Step>,
}

/// What happened.
#[derive(Debug)]
pub enum Dialled {
    /// A step on the way has begun; the number of the attempt counts retries.
    Step(Step, u32),
    /// What the client reports while all is well.
    Event(Event),
    /// The connection ended or did not come about: why, the number of the next attempt, and when it comes.
    Lost(String, u32, Duration),
    /// The broker said no for good.
    Refused(Refusal),
    /// The broker said that another connection took the session over.
    TakenOver,
    /// The caller ended it.
    Ended,
}

impl Dial {
    /// A client at rest. `options` are for the version tried first.
    ///
    /// # Errors
    /// Why the options make no CONNECT, as a sentence without a full stop.
    pub fn new(mut options: Options, choice: VersionChoice, seed: u64) -> Result<Self, String> {
        let (version, fallback) = match choice {
            VersionChoice::Auto => (ProtocolVersion::V5, Some(ProtocolVersion::V311)),
            VersionChoice::V5 => (ProtocolVersion::V5, None),
            VersionChoice::V311 => (ProtocolVersion::V311, None),
        };
        options.version = version;
        let client = Client::new(options, seed).map_err(|error| error.to_string())?;
        let actions = VecDeque::new();
        let (accepted, attempt, why, step) = (false, 0, String::new(), None);
        Ok(Self { client, seed, actions, fallback, accepted, attempt, why, step })
    }

    /// The client, to publish and subscribe by.
    pub fn client(&mut self) -> &mut Client {
        &mut self.client
    }

    /// The version that is spoken, or tried.
    pub fn protocol(&self) -> Protocol {
        match self.client.options().version {
            ProtocolVersion::V311 => Protocol::V311,
            ProtocolVersion::V5 => Protocol::V5,
        }
    }

    /// Whether it is connected.
    pub fn is_connected(&self) -> bool {
        matches!(self.client.state(), State::Connected { .. })
    }

    /// Whether it is at rest and nothing is left to do.
    pub fn is_over(&self) -> bool {
        self.client.state() == State::Disconnected && self.actions.is_empty()
    }

    /// Begins to connect, also after a refusal; an attempt that waits begins at once.
    pub fn connect(&mut self, now: Moment) {
        match self.client.state() {
            State::Waiting { .. } => self.client.reconnect_now(now.monotonic),
            _ => self.client.connect(now.monotonic),
        }
    }

    /// Ends the connection, or the attempts for one. `ends_session`: the broker need not keep the session, which only
    /// MQTT 5 has a word for.
    pub fn leave(&mut self, now: Moment, ends_session: bool) {
        if ends_session && self.protocol() == Protocol::V5 {
            let properties =
                DisconnectProperties { session_expiry_interval: Some(0), ..DisconnectProperties::default() };
            let disconnect = Disconnect { properties: Some(Box::new(properties)), ..Disconnect::default() };
            if self.client.disconnect_with(now.monotonic, &disconnect).is_ok() {
                return;
            }
        }
        self.client.disconnect(now.monotonic);
    }

    /// Lets the connection go without DISCONNECT, so that its Will speaks, and tries no other.
    pub fn drop_line(&mut self, now: Moment) {
        self.actions.extend(std::iter::from_fn(|| self.client.poll_action()));
        if self.client.state() != State::Disconnected {
            self.client.handle_closed(now.monotonic);
            self.client.disconnect(now.monotonic);
            self.actions.push_back(Action::Close);
        }
    }

    /// The network came back or the page is looked at again: waits no longer, and asks a connection whether it stands.
    pub fn wake(&mut self, now: Moment) {
        match self.client.state() {
            State::Waiting { .. } => self.client.reconnect_now(now.monotonic),
            _ => self.client.ping(now.monotonic),
        }
    }

    /// Goes on with another client in the place of this one, of the same version.
    ///
    /// # Errors
    /// Why the options make no CONNECT, as a sentence without a full stop.
    pub fn replace(&mut self, options: Options) -> Result<(), String> {
        self.seed = self.seed.wrapping_add(1);
        let client = Client::new(options, self.seed).map_err(|error| error.to_string())?;
        self.actions.extend(std::iter::from_fn(|| self.client.poll_action()));
        self.client = client;
        self.step = None;
        Ok(())
    }

    /// The transport is open.
    pub fn handle_opened(&mut self, now: Moment) {
        self.client.handle_opened(now.monotonic);
    }

    /// Bytes came.
    pub fn handle_bytes(&mut self, now: Moment, bytes: &[u8]) {
        self.client.handle_bytes(now.monotonic, bytes);
    }

    /// The transport could not be opened, or ended.
    pub fn handle_closed(&mut self, now: Moment) {
        self.client.handle_closed(now.monotonic);
    }

    /// Does what has come due.
    pub fn handle_timeout(&mut self, now: Moment) {
        self.client.handle_timeout(now.monotonic);
    }

    /// When to call [`Dial::handle_timeout`].
    pub fn poll_timeout(&self) -> Option<Duration> {
        self.client.poll_timeout()
    }

    /// What to do to the transport next.
    pub fn poll_action(&mut self) -> Option<Action> {
        self.actions.pop_front().or_else(|| self.client.poll_action())
    }

    /// What happened next.
    pub fn poll(&mut self, now: Moment) -> Option<Dialled> {
        while let Some(event) = self.client.poll_event() {
            let told = self.take(now, event);
            if told.is_some() {
                return told;
            }
        }
        let step = match self.client.state() {
            State::Opening { .. } => Some(Step::OpeningSocket),
            State::Connecting { .. } => Some(Step::WaitingForConnack),
            _ => None,
        };
        let is_new = std::mem::replace(&mut self.step, step) != step;
        step.filter(|_| is_new).map(|step| Dialled::Step(step, self.attempt))
    }

    fn take(&mut self, now: Moment, event: Event) -> Option<Dialled> {
        match event {
            Event::Refused(refused) => self.refused(now, &refused),
            Event::Disconnected { cause, terminal } => self.disconnected(now, cause, terminal),
            Event::Reconnecting { at, attempt } => {
                self.attempt = attempt;
                Some(Dialled::Lost(std::mem::take(&mut self.why), attempt, at))
            }
            Event::Connected(_) => {
                self.accepted = true;
                self.attempt = 0;
                Some(Dialled::Event(event))
            }
            _ => Some(Dialled::Event(event)),
        }
    }

    fn refused(&mut self, now: Moment, refused: &Refused) -> Option<Dialled> {
        if refused.reason == ReasonCode::UnsupportedProtocolVersion && self.falls_back(now) {
            return None;
        }
        let refusal = Refusal::new(refused.reason, refused.reason_string.as_ref().map_or("", Text::as_str));
        if refused.terminal {
            return Some(Dialled::Refused(refusal));
        }
        self.why = refusal.words.to_string();
        None
    }

    fn disconnected(&mut self, now: Moment, cause: Cause, terminal: bool) -> Option<Dialled> {
        // A broker that knows no MQTT 5 may hang up over its CONNECT instead of refusing it, or wait for the rest of what
        // it takes for a CONNECT of 3.1.1.
        let over_connect = !self.accepted && self.step == Some(Step::WaitingForConnack);
        let is_lost = matches!(cause, Cause::ConnectionLost | Cause::ConnectTimeout | Cause::Violation(_));
        if over_connect && is_lost && self.falls_back(now) {
            return None;
        }
        match cause {
            Cause::Requested => return Some(Dialled::Ended),
            Cause::Server { reason: ReasonCode::SessionTakenOver, .. } => return Some(Dialled::TakenOver),
            Cause::Server { reason, reason_string, .. } => {
                let refusal = Refusal::new(reason, reason_string.as_ref().map_or("", Text::as_str));
                if terminal {
                    return Some(Dialled::Refused(refusal));
                }
                self.why = refusal.words.to_string();
            }
            _ if terminal => return Some(Dialled::Ended),
            other => self.why = other.to_string(),
        }
        None
    }

    /// Tries the other protocol version at once, if there is one to try.
    fn falls_back(&mut self, now: Moment) -> bool {
        let Some(version) = self.fallback.take() else { return false };
        let options = Options { version, ..self.client.options().clone() };
        if self.replace(options).is_err() {
            return false;
        }
        self.client.connect(now.monotonic);
        true
    }
}
