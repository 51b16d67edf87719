//! What one connection of the presence page knows. No clock, no socket.

pub mod channel;
pub mod snippet;
pub mod watcher;

use std::sync::Arc;

use crate::{
    link::{
        courier::{Addressee, Outgoing, Told},
        party::Scene,
    },
    store::{Connection, Millis, connection::Live},
};
use channel::Channel;
use watcher::Watcher;

/// Clients in one window beside the watcher. Each is a WebSocket; a screen shows as many.
pub const CLIENTS_MAX: usize = 8;

/// Bytes of a name. As much as a line shows.
pub const NAME_MAX: usize = 64;

/// One connection.
#[derive(Debug)]
pub struct Seat {
    connection: Connection,
    channel: Channel,
    role: Role,
    version: u64,
}

/// What it is there for.
#[derive(Debug)]
pub enum Role {
    /// It asks who is there, and hears who comes and goes.
    Watcher(Watcher),
    /// It is there: whether it is subscribed, and why not.
    Client(Subscribed),
}

/// What the broker said of a client's subscription.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Subscribed {
    /// Nothing yet.
    #[default]
    Asked,
    /// Yes.
    Yes,
    /// No, with its words.
    No(Arc<str>),
}

impl Seat {
    /// One who watches this channel.
    pub fn watcher(channel: Channel) -> Self {
        Self::new(channel, Role::Watcher(Watcher::default()))
    }

    /// One who is to be on it.
    pub fn client(channel: Channel) -> Self {
        Self::new(channel, Role::Client(Subscribed::Asked))
    }

    fn new(channel: Channel, role: Role) -> Self {
        Self { connection: Connection::Offline, channel, role, version: 0 }
    }

    /// How the connection stands.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// What the watcher heard; none for a client.
    pub fn heard(&self) -> Option<&Watcher> {
        match &self.role {
            Role::Watcher(watcher) => Some(watcher),
            Role::Client(_) => None,
        }
    }

    /// In a word or a sentence, how a client stands; for `data-state` the first.
    pub fn standing(&self, now: Millis) -> (&'static str, String) {
        match (&self.connection, &self.role) {
            (Connection::Live(_), Role::Client(Subscribed::Asked)) => {
                ("connecting", "connected, subscribing".to_owned())
            }
            (Connection::Live(_), Role::Client(Subscribed::No(why))) => {
                ("refused", format!("connected, but the channel is refused: {why}"))
            }
            (Connection::Live(_), _) => ("live", "connected and subscribed".to_owned()),
            (Connection::Offline, _) => ("offline", "not connected".to_owned()),
            (Connection::TakenOver, _) => (
                "taken-over",
                "taken over: a connection elsewhere has this Client Identifier, and this one does not fight for it"
                    .to_owned(),
            ),
            (other, _) => (other.name(), other.label(now)),
        }
    }

    fn is_over(&mut self) {
        match &mut self.role {
            Role::Watcher(watcher) => watcher.lost(),
            Role::Client(subscribed) => *subscribed = Subscribed::Asked,
        }
    }
}

/// What is wrong with a name for one more client beside these; `None` where it will do.
pub fn name_mistake<'a>(name: &str, others: impl IntoIterator<Item = &'a str>) -> Option<&'static str> {
    if name.is_empty() {
        return Some("A client needs a name: it is its Client Identifier.");
    }
    if name.len() > NAME_MAX {
        return Some("64 bytes at most.");
    }
    if name.chars().any(char::is_control) {
        return Some("No control characters.");
    }
    let is_known = others.into_iter().any(|other| other == name);
    is_known.then_some("This name is here already.")
}

impl Addressee for Seat {
    fn wanted(&self) -> Vec<String> {
        match &self.role {
            Role::Watcher(_) => vec![watcher::SERVER.to_owned()],
            Role::Client(_) => vec![self.channel.keyed()],
        }
    }

    fn take_outgoing(&mut self) -> Option<Outgoing> {
        match &mut self.role {
            Role::Watcher(watcher) => watcher.request(self.channel),
            Role::Client(_) => None,
        }
    }

    fn fold(&mut self, now: Millis, told: Told<'_>) {
        self.version += 1;
        match told {
            Told::Step(step, attempt) => self.connection = Connection::Connecting { step, attempt },
            Told::Connected(protocol, client_id) => {
                let client_id = client_id.into();
                self.connection = Connection::Live(Live { since: now, protocol, client_id, assigned: false });
                if let Role::Watcher(watcher) = &mut self.role {
                    watcher.connected(now);
                }
            }
            Told::Subscribed(_, refused) => {
                if let Role::Client(subscribed) = &mut self.role {
                    *subscribed = refused.map_or(Subscribed::Yes, |why| Subscribed::No(why.into()));
                }
            }
            Told::Message { topic, payload, .. } => {
                if let Role::Watcher(watcher) = &mut self.role {
                    watcher.take(now, self.channel, topic, payload);
                }
            }
            Told::Published(_, refused) => {
                if let (Role::Watcher(watcher), Some(why)) = (&mut self.role, refused) {
                    watcher.refuse(why);
                }
            }
            Told::Lost(why, attempt, retry_at) => {
                self.connection = Connection::Reconnecting { attempt, retry_at, error: why.into() };
                self.is_over();
            }
            Told::Refused(refusal) => {
                self.connection = Connection::Refused(refusal);
                self.is_over();
            }
            Told::TakenOver => {
                self.connection = Connection::TakenOver;
                self.is_over();
            }
            Told::Ended => {
                self.connection = Connection::Offline;
                self.is_over();
            }
        }
    }
}

impl Scene for Seat {
    fn tick(&mut self, now: Millis) {
        if let Role::Watcher(watcher) = &mut self.role
            && watcher.tick(now)
        {
            self.version += 1;
        }
    }

    fn next_tick(&self) -> Option<Millis> {
        self.heard().and_then(Watcher::next_tick)
    }

    fn version(&self) -> u64 {
        self.version
    }
}

#[cfg(test)]
mod tests;
