//! Whether a worker is there, by its retained status and its Will.

use std::sync::Arc;

use crate::store::{Millis, json::Json};

/// From SUBACK to the retained status, where there is one: it follows at once, and a slow line gets its time.
const GRACE: i64 = 1_500;

/// What is known of a worker.
#[derive(Debug)]
pub struct Worker {
    name: &'static str,
    state: State,
    /// Of the connection that said "online" last.
    session: Arc<str>,
}

/// Whether it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The page does not know yet.
    Unknown,
    /// Since SUBACK, nothing was heard of one; the moment when that means that there is none.
    Awaited(Millis),
    /// None has ever been here.
    Absent,
    /// It answers.
    Online,
    /// It went, at the moment that it said, if it said one.
    Offline(Option<Millis>),
}

impl Worker {
    /// The worker of `status/<name>`.
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, state: State::Unknown, session: "".into() }
    }

    /// Where it tells.
    pub fn topic(name: &str) -> String {
        format!("status/{name}")
    }

    /// What the program calls it.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether it answers.
    pub fn state(&self) -> State {
        self.state
    }

    /// Whether it is known to be away.
    pub fn is_away(&self) -> bool {
        matches!(self.state, State::Absent | State::Offline(_))
    }

    /// The page is not connected: it does not know.
    pub(super) fn lost(&mut self) {
        self.state = State::Unknown;
    }

    pub(super) fn subscribed(&mut self, now: Millis, filter: &str) {
        if filter == Self::topic(self.name) && self.state == State::Unknown {
            self.state = State::Awaited(now.plus(GRACE));
        }
    }

    /// Takes a message, if it is about this worker.
    pub(super) fn take(&mut self, topic: &str, payload: &[u8], retain: bool) -> bool {
        if topic.strip_prefix("status/") != Some(self.name) {
            return false;
        }
        let Ok(json) = Json::read(payload) else { return true };
        let text = |name: &str| json.text(name).ok().flatten();
        let session = text("session").unwrap_or_default();
        match text("status") {
            Some("online") => {
                self.state = State::Online;
                self.session = super::cut(session, 64);
            }
            // A late Will of an earlier connection says nothing about the present one; what is retained stands.
            Some("offline") if retain || self.state != State::Online || *self.session == *session => {
                self.state = State::Offline(text("lastOnlineTimestamp").and_then(Millis::from_rfc3339));
            }
            _ => {}
        }
        true
    }

    pub(super) fn next_tick(&self) -> Option<Millis> {
        match self.state {
            State::Awaited(until) => Some(until),
            _ => None,
        }
    }

    /// Whether anything changed.
    pub(super) fn tick(&mut self, now: Millis) -> bool {
        let is_due = self.next_tick().is_some_and(|until| until <= now);
        if is_due {
            self.state = State::Absent;
        }
        is_due
    }
}
