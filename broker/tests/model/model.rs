//! The model: sessions, retained messages and Wills, as simple as the standard allows. It says nothing of who of a
//! group gets a message ([`crate::shared`]), and nothing of Packet Identifiers beyond that they are free.

use crate::session::{Link, Session, Testament, Word};
use crate::shared::Offer;
use crate::step::{CLIENTS, FOREVER, TOPICS};
use std::collections::BTreeMap;
use std::time::Duration;

#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) now: Duration,
    pub(crate) sessions: BTreeMap<u8, Session>,
    pub(crate) links: BTreeMap<u8, Link>,
    pub(crate) retained: BTreeMap<&'static str, Word>,
    /// Messages of groups that nobody was seen to get.
    pub(crate) offers: Vec<Offer>,
    pub(crate) said: u64,
    connects: u64,
}

impl Model {
    /// A connection begins; whether there was a session. An older connection has ended before.
    pub(crate) fn connect(
        &mut self,
        client: u8,
        (v5, clean, expiry, window): (bool, bool, u32, u16),
        will: Option<Testament>,
    ) -> bool {
        // 3.1.1: Clean Session says both.
        let clean = if v5 { clean } else { expiry == 0 };
        let expiry = if v5 || expiry == 0 { expiry } else { FOREVER };
        if clean {
            self.end_session(client);
        }
        let resumed = self.sessions.contains_key(&client);
        let session = self.sessions.entry(client).or_default();
        session.expiry = expiry;
        session.ends = None;
        session.will = None;
        for flight in &mut session.flights {
            flight.sent = false;
        }
        self.connects += 1;
        // The server sends no more than 20 at a time to anybody.
        let window = if v5 { usize::from(window).min(20) } else { 20 };
        let (number, due) = (self.connects, std::collections::VecDeque::new());
        self.links.insert(client, Link { v5, window, will, asked_expiry: expiry, number, due });
        resumed
    }

    /// A connection ends; its Will stays unless it was taken off.
    pub(crate) fn leave(&mut self, client: u8) {
        let Some(link) = self.links.remove(&client) else { return };
        let session = self.sessions.get_mut(&client).expect("a connection serves one");
        // Retained messages at QoS 0 are no part of a session.
        session.backlog.retain(|(_, qos, _)| *qos > 0);
        if let Some(will) = link.will {
            if will.words.delay == 0 || session.expiry == 0 || !link.v5 {
                self.say_will(client, &will);
            } else {
                session.will = Some((self.now + Duration::from_secs(will.words.delay.into()), will));
            }
        }
        let session = self.sessions.get_mut(&client).expect("a connection serves one");
        match session.expiry {
            0 => self.end_session(client),
            FOREVER => {}
            expiry => session.ends = Some(self.now + Duration::from_secs(expiry.into())),
        }
    }

    pub(crate) fn end_session(&mut self, client: u8) {
        if let Some((_, will)) = self.sessions.get_mut(&client).and_then(|session| session.will.take()) {
            self.say_will(client, &will);
        }
        let Some(session) = self.sessions.remove(&client) else { return };
        self.member_ended(client, &session);
    }

    fn say_will(&mut self, client: u8, will: &Testament) {
        let topic = TOPICS[usize::from(will.words.topic)];
        let (payload, qos) = (will.payload.clone(), will.words.qos);
        let word = Word { topic, payload, qos, expiry: None, at: self.now };
        self.publish(client, &word, will.words.retain);
    }

    /// A payload that no other message has.
    pub(crate) fn payload(&mut self) -> String {
        self.said += 1;
        self.said.to_string()
    }

    /// When something is due by itself, of the earliest client.
    pub(crate) fn next_due(&self) -> Option<Duration> {
        let dues = self.sessions.values().flat_map(|session| {
            [session.ends, session.will.as_ref().map(|(due, _)| *due)].into_iter().flatten()
        });
        dues.min()
    }

    /// Does what is due: the Will before the end of its session.
    pub(crate) fn do_due(&mut self) {
        for client in 0..CLIENTS {
            let Some(session) = self.sessions.get_mut(&client) else { continue };
            let now = self.now;
            if let Some((_, will)) = session.will.take_if(|(due, _)| *due <= now) {
                self.say_will(client, &will);
            }
            let ends = self.sessions.get(&client).and_then(|session| session.ends);
            if ends.is_some_and(|ends| ends <= now) {
                self.end_session(client);
            }
        }
    }

    /// The broker died and another goes on: every connection is lost, in the order they came, and with them what is
    /// of no stored session.
    pub(crate) fn crash(&mut self) {
        let mut lost: Vec<_> = std::mem::take(&mut self.links).into_iter().collect();
        for client in 0..CLIENTS {
            let Some(session) = self.sessions.get_mut(&client) else { continue };
            session.backlog.clear();
            if session.expiry == 0 {
                session.subscriptions.clear();
                let flights = std::mem::take(&mut session.flights);
                self.forget_member(client, flights);
            }
        }
        lost.sort_unstable_by_key(|(_, link)| link.number);
        for (client, link) in lost {
            self.links.insert(client, link);
            self.leave(client);
        }
    }
}
