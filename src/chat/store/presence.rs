//! Who is there, by their status messages.
//!
//! A badge says what is known and no more. `online` is a birth, retained by its client after each CONNACK; `offline`
//! is a logout or a Will. Birth and Will of one connection share a session, so that a Will of an older connection
//! changes nothing. A Will waits for a grace: a reload is no absence. While this page is not connected it knows
//! nothing of others.

use std::sync::Arc;

use super::payload::Status;
use crate::store::Millis;

/// How long a badge waits before a Will turns it to offline: a reload of the page, the wait before a reconnect
/// (up to 1 s) and a handshake on a slow line fit in.
pub const GRACE: i64 = 5_000;

/// People whose status is kept; a town's worth, of some 200 bytes each.
pub const PEOPLE_MAX: usize = 1_000;

/// How far the clocks of two devices may differ, and how old a broker's word of its uptime may be (10 s in Mosquitto).
const SKEW: i64 = 30_000;

/// What stands beside a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Badge {
    /// There.
    Online,
    /// Not there.
    Offline(Seen),
    /// Nothing is known for certain; what was known last.
    Unknown(Option<Last>),
}

/// What was known before this page lost its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Last {
    /// There.
    Online,
    /// Not there.
    Offline(Seen),
}

/// When somebody was there last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// At this moment.
    At(Millis),
    /// At this moment or later: a Will knows only when its client came.
    After(Millis),
    /// They did not say.
    Unsaid,
}

/// What is known of everybody.
#[derive(Debug, Default)]
pub struct Presence {
    people: Vec<Person>,
    /// When the broker was started, where it tells.
    started: Option<Millis>,
}

#[derive(Debug)]
struct Person {
    name: Arc<str>,
    state: State,
    /// From before the present connection of this page.
    last: Option<Last>,
    /// The session that ended last: its birth, said again, is an echo.
    ended: String,
    /// When the broker itself saw the connection end.
    broker_saw: Option<Millis>,
}

#[derive(Debug)]
enum State {
    /// Nothing on this connection.
    Unheard,
    Online {
        session: String,
        since: Option<Millis>,
    },
    /// A Will spoke, and the grace runs.
    Leaving {
        session: String,
        due: Millis,
        seen: Seen,
        /// Whether they were online on this very connection of ours.
        was_online: bool,
    },
    Offline(Seen),
}

impl Badge {
    /// One word for `data-badge`: `online`, `offline`, `unknown`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Offline(_) => "offline",
            Self::Unknown(_) => "unknown",
        }
    }
}

impl Presence {
    /// A status message; `retained` when it was said before this page subscribed.
    pub fn fold(&mut self, now: Millis, name: &str, status: &Status, retained: bool) {
        let is_void = self.is_void(status.at);
        let Some(person) = self.person(name) else { return };
        let seen_of_will = match status.at {
            _ if !retained => Seen::At(now),
            Some(at) => Seen::After(at),
            None => Seen::Unsaid,
        };
        if status.online {
            if is_void {
                person.state = State::Offline(status.at.map_or(Seen::Unsaid, Seen::After));
            } else if status.session.is_empty() || status.session != person.ended {
                person.state = State::Online { session: status.session.clone(), since: status.at };
            }
            return;
        }
        person.state = match std::mem::replace(&mut person.state, State::Unheard) {
            State::Online { session, since } => {
                if is_stale(&session, &status.session) {
                    State::Online { session, since }
                } else if status.is_logout || status.at > since {
                    person.ended = session;
                    State::Offline(status.at.map_or(Seen::Unsaid, Seen::At))
                } else {
                    State::Leaving { session, due: now.plus(GRACE), seen: seen_of_will, was_online: true }
                }
            }
            State::Leaving { session, .. } if status.is_logout && !is_stale(&session, &status.session) => {
                person.ended = session;
                State::Offline(status.at.map_or(Seen::Unsaid, Seen::At))
            }
            leaving @ State::Leaving { .. } => leaving,
            // They were there when this page was cut off, and may be on their way back like this page itself.
            State::Unheard if person.last == Some(Last::Online) && !status.is_logout => State::Leaving {
                session: status.session.clone(),
                due: now.plus(GRACE),
                seen: seen_of_will,
                was_online: false,
            },
            State::Unheard | State::Offline(_) => {
                person.ended.clone_from(&status.session);
                State::Offline(match status.at {
                    Some(at) if status.is_logout => Seen::At(at),
                    _ => seen_of_will,
                })
            }
        };
    }

    /// The broker says when it was started: whoever came before that has lost the connection since, though a broker that
    /// crashed may have kept a birth and forgotten its Will.
    pub fn broker_started(&mut self, at: Millis) {
        self.started = Some(at);
        for at in 0..self.people.len() {
            if let State::Online { since, .. } = self.people[at].state
                && self.is_void(since)
            {
                self.people[at].state = State::Offline(since.map_or(Seen::Unsaid, Seen::After));
            }
        }
    }

    /// Whether a birth of this moment is older than the broker.
    fn is_void(&self, birth: Option<Millis>) -> bool {
        self.started.zip(birth).is_some_and(|(started, birth)| birth.plus(SKEW) < started)
    }

    /// The broker's own word about somebody's client: when its connection ended, none while it stands.
    pub fn broker_saw(&mut self, name: &str, ended: Option<Millis>) {
        if let Some(person) = self.person(name) {
            person.broker_saw = ended;
        }
    }

    /// Nothing is retained under this name: it was never used, or was cleared away.
    pub fn forget(&mut self, name: &str) {
        self.people.retain(|person| *person.name != *name);
    }

    /// This page lost its connection.
    pub fn lose(&mut self) {
        self.started = None;
        for person in &mut self.people {
            person.last = person.known().or(person.last);
            person.state = State::Unheard;
        }
    }

    /// Ends the graces that are over.
    pub fn tick(&mut self, now: Millis) -> bool {
        let mut changed = false;
        for person in &mut self.people {
            if let State::Leaving { session, due, seen, .. } = &mut person.state
                && *due <= now
            {
                person.ended = std::mem::take(session);
                person.state = State::Offline(*seen);
                changed = true;
            }
        }
        changed
    }

    /// When the next grace is over.
    pub fn next_tick(&self) -> Option<Millis> {
        let dues = self.people.iter().filter_map(|person| match person.state {
            State::Leaving { due, .. } => Some(due),
            _ => None,
        });
        dues.min()
    }

    /// What to show beside a name.
    pub fn badge(&self, name: &str) -> Badge {
        let Some(person) = self.people.iter().find(|person| *person.name == *name) else {
            return Badge::Unknown(None);
        };
        match person.known() {
            Some(Last::Online) => Badge::Online,
            Some(Last::Offline(seen)) => Badge::Offline(seen),
            None => Badge::Unknown(person.last),
        }
    }

    /// Everybody whose status was ever heard, in the order of their first.
    pub fn names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.people.iter().map(|person| &person.name)
    }

    fn person(&mut self, name: &str) -> Option<&mut Person> {
        let at = match self.people.iter().position(|person| *person.name == *name) {
            Some(at) => at,
            None if self.people.len() >= PEOPLE_MAX => return None,
            None => {
                let (name, ended) = (name.into(), String::new());
                let (state, last, broker_saw) = (State::Unheard, None, None);
                self.people.push(Person { name, state, last, ended, broker_saw });
                self.people.len() - 1
            }
        };
        self.people.get_mut(at)
    }
}

impl Person {
    /// What is known on this connection of ours.
    fn known(&self) -> Option<Last> {
        match &self.state {
            State::Online { .. } | State::Leaving { was_online: true, .. } => Some(Last::Online),
            State::Offline(seen) => Some(Last::Offline(self.better(*seen))),
            State::Unheard | State::Leaving { .. } => None,
        }
    }

    /// The broker may know more than a Will.
    fn better(&self, seen: Seen) -> Seen {
        match (self.broker_saw, seen) {
            (Some(saw), Seen::After(after)) if saw >= after => Seen::At(saw),
            (Some(saw), Seen::Unsaid) => Seen::At(saw),
            _ => seen,
        }
    }
}

/// Whether an `offline` of `theirs` speaks of another connection than that of `known`.
fn is_stale(known: &str, theirs: &str) -> bool {
    !known.is_empty() && !theirs.is_empty() && known != theirs
}
