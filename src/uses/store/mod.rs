//! What a use shows: what its one connection heard, and what it wants to say. No clock, no socket.

pub mod auctions;
pub mod examples;
pub mod filter;
pub mod money;
pub mod news;
pub mod tasks;
pub mod wire_service;
pub mod worker;

use std::{collections::VecDeque, sync::Arc};

use crate::{
    link::{
        courier::{Addressee, Outgoing, Told},
        party::Scene,
    },
    store::{Connection, Millis, connection::Live},
};
use auctions::Auctions;
use news::News;
use tasks::Tasks;
use worker::Worker;

/// Messages that wait for the client. What a person clicks together in an offline minute; more is refused.
const OUTBOX_MAX: usize = 100;

/// One use in one window, with its connection.
#[derive(Debug)]
pub struct Room {
    connection: Connection,
    subject: Subject,
    outbox: VecDeque<Outgoing>,
    last_serial: u64,
    version: u64,
}

/// What it is about.
#[derive(Debug)]
pub enum Subject {
    /// `?use=news`
    News(News),
    /// `?use=tasks`
    Tasks(Tasks),
    /// `?use=auctions`
    Auctions(Auctions),
}

/// What the user wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Reads the topics of a filter; one that is valid.
    Follow(String),
    /// Reads them no longer.
    Unfollow(String),
    /// Publishes an article: topic, headline, and chance for its identifier.
    Publish(String, String, u128),
    /// Publishes articles every few seconds, or stops.
    WireService(bool),
    /// Starts a task: title, how far to count, seconds, and chance for its identifier.
    Start(String, u32, u32, u128),
    /// Cancels a task.
    Cancel(Arc<str>),
    /// Bids under this name.
    Name(String),
    /// Bids so many cents for an item, and chance for the bid's identifier.
    Bid(Arc<str>, u64, u128),
    /// Offers an item: title, description, starting price, seconds, and chance for its identifier.
    Offer(String, String, u64, u32, u128),
}

impl Room {
    /// A room that heard nothing yet.
    pub fn new(subject: Subject) -> Self {
        Self { connection: Connection::Offline, subject, outbox: VecDeque::new(), last_serial: 0, version: 0 }
    }

    /// How its connection stands.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The news, where this is their room.
    pub fn news(&self) -> Option<&News> {
        match &self.subject {
            Subject::News(news) => Some(news),
            _ => None,
        }
    }

    /// The tasks, where this is their room.
    pub fn tasks(&self) -> Option<&Tasks> {
        match &self.subject {
            Subject::Tasks(tasks) => Some(tasks),
            _ => None,
        }
    }

    /// The auctions, where this is their room.
    pub fn auctions(&self) -> Option<&Auctions> {
        match &self.subject {
            Subject::Auctions(auctions) => Some(auctions),
            _ => None,
        }
    }

    /// The worker that has to answer here, if one has.
    pub fn worker(&self) -> Option<&Worker> {
        match &self.subject {
            Subject::News(_) => None,
            Subject::Tasks(tasks) => Some(&tasks.worker),
            Subject::Auctions(auctions) => Some(&auctions.worker),
        }
    }

    /// Does what the user wants of it.
    pub fn apply(&mut self, now: Millis, wish: Wish) {
        self.version += 1;
        let serial = self.last_serial + 1;
        let said = match (&mut self.subject, wish) {
            (Subject::News(news), Wish::Follow(filter)) => return news.follow(&filter),
            (Subject::News(news), Wish::Unfollow(filter)) => return news.unfollow(&filter),
            (Subject::News(news), Wish::Publish(topic, headline, random)) => {
                news.publish(now, &topic, &headline, random)
            }
            (Subject::News(news), Wish::WireService(on)) => return news.wire_service(now, on),
            (Subject::Tasks(tasks), Wish::Start(title, below, seconds, random)) => {
                tasks.start(serial, &title, below, seconds, random)
            }
            (Subject::Tasks(_), Wish::Cancel(id)) => tasks::cancel(&id),
            (Subject::Auctions(auctions), Wish::Name(name)) => return auctions.rename(&name),
            (Subject::Auctions(auctions), Wish::Bid(item, amount, random)) => {
                auctions.bid(serial, &item, amount, random)
            }
            (Subject::Auctions(auctions), Wish::Offer(title, description, price, seconds, random)) => {
                auctions.offer(serial, &title, &description, price, seconds, random)
            }
            // A wish of another room.
            _ => return,
        };
        self.say(said);
    }

    fn say(&mut self, (topic, payload): Said) {
        self.last_serial += 1;
        let serial = self.last_serial;
        if self.outbox.len() < OUTBOX_MAX {
            self.outbox.push_back(Outgoing { serial, topic, payload, answer_to: None });
        } else {
            self.fold(Millis(0), Told::Published(serial, Some("too much waits to be sent")));
        }
    }

    fn lost(&mut self) {
        match &mut self.subject {
            Subject::News(news) => news.lost(),
            Subject::Tasks(tasks) => tasks.worker.lost(),
            Subject::Auctions(auctions) => auctions.worker.lost(),
        }
    }
}

impl Addressee for Room {
    fn wanted(&self) -> Vec<String> {
        match &self.subject {
            Subject::News(news) => news.filters().iter().map(|filter| filter.text.to_string()).collect(),
            Subject::Tasks(_) => vec![Worker::topic("tasks"), "tasks/+/progress".to_owned()],
            Subject::Auctions(auctions) => auctions.wanted(),
        }
    }

    fn take_outgoing(&mut self) -> Option<Outgoing> {
        self.outbox.pop_front()
    }

    fn fold(&mut self, now: Millis, told: Told<'_>) {
        self.version += 1;
        match told {
            Told::Step(step, attempt) => self.connection = Connection::Connecting { step, attempt },
            Told::Connected(protocol, client_id) => {
                self.connection = Connection::Live(Live {
                    since: now,
                    protocol,
                    client_id: client_id.into(),
                    assigned: false,
                });
                match &mut self.subject {
                    Subject::News(_) => {}
                    Subject::Tasks(tasks) => tasks.connected(now),
                    Subject::Auctions(auctions) => auctions.connected(),
                }
            }
            Told::Subscribed(filter, refused) => match &mut self.subject {
                Subject::News(news) => news.subscribed(filter, refused),
                Subject::Tasks(tasks) => tasks.worker.subscribed(now, filter),
                Subject::Auctions(auctions) => auctions.worker.subscribed(now, filter),
            },
            Told::Message { topic, payload, retain, .. } => match &mut self.subject {
                Subject::News(news) => news.take(now, topic, payload),
                Subject::Tasks(tasks) => tasks.take(now, topic, payload, retain),
                Subject::Auctions(auctions) => auctions.take(now, topic, payload, retain),
            },
            Told::Published(serial, refused) => match &mut self.subject {
                Subject::News(news) => news.published(refused),
                Subject::Tasks(tasks) => tasks.published(serial, refused),
                Subject::Auctions(auctions) => auctions.published(serial, refused),
            },
            Told::Lost(why, attempt, retry_at) => {
                self.connection = Connection::Reconnecting { attempt, retry_at, error: why.into() };
                self.lost();
            }
            Told::Refused(refusal) => {
                self.connection = Connection::Refused(refusal);
                self.lost();
            }
            Told::TakenOver => self.connection = Connection::TakenOver,
            Told::Ended => {
                self.connection = Connection::Offline;
                self.lost();
            }
        }
    }
}

/// A message's topic and payload.
pub(super) type Said = (String, String);

impl Scene for Room {
    fn tick(&mut self, now: Millis) {
        let is_live = matches!(self.connection, Connection::Live(_));
        let (said, changed) = match &mut self.subject {
            Subject::News(news) => (news.tick(now, is_live), false),
            Subject::Tasks(tasks) => (None, tasks.worker.tick(now)),
            Subject::Auctions(auctions) => (None, auctions.worker.tick(now)),
        };
        self.version += u64::from(changed || said.is_some());
        if let Some(said) = said {
            self.say(said);
        }
    }

    fn next_tick(&self) -> Option<Millis> {
        match &self.subject {
            Subject::News(news) => news.next_tick(),
            Subject::Tasks(tasks) => tasks.worker.next_tick(),
            Subject::Auctions(auctions) => auctions.worker.next_tick(),
        }
    }

    fn version(&self) -> u64 {
        self.version
    }
}

/// The first `most` bytes at most, whole characters.
fn cut(text: &str, most: usize) -> Arc<str> {
    text[..text.floor_char_boundary(most)].into()
}

#[cfg(test)]
mod tests;
