//! Groups: each message to exactly one member (4.8.2). Which one is the server's affair, so the model offers it to all
//! that may have it, and looks who gets it.

use crate::filter::{matches, split};
use crate::model::Model;
use crate::session::{Copy, Flight, Session, Word};
use crate::step::Options;
use std::time::Duration;

/// A message of a group that nobody was seen to get.
#[derive(Debug)]
pub(crate) struct Offer {
    pub(crate) word: Word,
    retain: bool,
    group: &'static str,
    members: Vec<Member>,
    /// Somebody had room for it, so it has to come in this step.
    at_once: bool,
    /// Whether it was taken for somebody who cannot lose it.
    certain: bool,
    /// It may have been another member's before.
    moved: bool,
}

/// Who may have it, as its subscription stood.
#[derive(Debug, Clone, Copy)]
struct Member {
    client: u8,
    qos: u8,
    options: Options,
}

impl Offer {
    /// What this member gets of it.
    fn copies(&self, client: u8) -> impl Iterator<Item = Copy> + '_ {
        let members = self.members.iter().filter(move |member| member.client == client);
        members.flat_map(|member| {
            let retain = self.retain && member.options.retain_as_published;
            // The member before may have had it without RETAIN.
            let flags = if self.moved && retain { vec![true, false] } else { vec![retain] };
            flags.into_iter().map(|retain| Copy {
                word: self.word.clone(),
                qos: self.word.qos.min(member.qos),
                retain,
                identifiers: member.options.identifier.into_iter().collect(),
                group: Some(self.group),
            })
        })
    }

    fn is_of(&self, client: u8) -> bool {
        self.members.iter().any(|member| member.client == client)
    }
}

impl Model {
    /// Offers a message to each group whose filter matches.
    pub(crate) fn offer(&mut self, word: &Word, retain: bool) {
        let mut groups: Vec<&'static str> = self
            .sessions
            .values()
            .flat_map(|session| session.subscriptions.keys())
            .copied()
            .filter(|filter| split(filter).0.is_some() && matches(split(filter).1, word.topic))
            .collect();
        groups.sort_unstable();
        groups.dedup();
        for group in groups {
            let members = self.members(group, word.qos);
            let ready: Vec<Member> =
                members.iter().copied().filter(|member| self.is_ready(*member, word.qos)).collect();
            let at_once = !ready.is_empty();
            let here = |member: &Member| self.links.contains_key(&member.client);
            let members: Vec<Member> =
                members.into_iter().filter(|member| !at_once || here(member)).collect();
            if !members.is_empty() {
                let word = word.clone();
                self.offers.push(Offer {
                    word,
                    retain,
                    group,
                    members,
                    at_once,
                    certain: true,
                    moved: false,
                });
            }
        }
    }

    /// Those who may have a message now: connected, or away and kept for.
    fn members(&self, group: &'static str, qos: u8) -> Vec<Member> {
        let fits = |client: &u8, session: &Session, granted: u8| {
            self.links.contains_key(client) || (qos.min(granted) > 0 && session.expiry > 0)
        };
        let members = self.sessions.iter().filter_map(|(client, session)| {
            let (qos, options) = *session.subscriptions.get(group)?;
            fits(client, session, qos).then_some(Member { client: *client, qos, options })
        });
        members.collect()
    }

    /// Whether a message certainly goes out to it at once.
    fn is_ready(&self, member: Member, qos: u8) -> bool {
        let (Some(session), Some(link)) = (self.sessions.get(&member.client), self.links.get(&member.client))
        else {
            return false;
        };
        qos.min(member.qos) == 0
            || session.has_room(link)
                && session.queue.is_empty()
                && session.backlog.is_empty()
                && !self.offers.iter().any(|offer| offer.is_of(member.client))
    }

    /// Takes the offer that a client got, if there is one.
    pub(crate) fn accept(&mut self, client: u8, is_it: impl Fn(&Copy) -> bool) -> Option<Copy> {
        for at in 0..self.offers.len() {
            let found = self.offers[at].copies(client).find(|copy| is_it(copy));
            if let Some(copy) = found {
                self.offers.remove(at);
                return Some(copy);
            }
        }
        None
    }

    /// A session ended: what it had of its groups and had not finished goes to others, at `QoS` 2 only what was not
    /// sent.
    pub(crate) fn member_ended(&mut self, client: u8, session: &Session) {
        let mut offers = std::mem::take(&mut self.offers);
        for offer in offers.iter_mut().filter(|offer| offer.is_of(client)) {
            offer.members.retain(|member| member.client != client);
            let others = self.members(offer.group, offer.word.qos);
            offer.certain &= session.subscriptions.contains_key(offer.group) && !others.is_empty();
            offer.certain &= others.iter().all(|member| member.qos.min(offer.word.qos) > 0);
            offer.members.extend(others);
            offer.moved = true;
        }
        let flights = session.flights.iter().filter(|flight| !flight.released && flight.copy.qos == 1);
        for flight in flights {
            let Some(group) = flight.copy.group else { continue };
            if session.subscriptions.contains_key(group) {
                let word = flight.copy.word.clone();
                let members = self.members(group, word.qos);
                let certain = !flight.left && members.iter().all(|member| member.qos.min(word.qos) > 0);
                let (retain, at_once, moved) = (flight.copy.retain, false, true);
                offers.push(Offer { word, retain, group, members, at_once, certain, moved });
            }
        }
        self.offers = offers;
    }

    /// A client left a group: what it has of it may go to others at its end, or not.
    pub(crate) fn leave_group(&mut self, client: u8, group: &str) {
        for offer in self.offers.iter_mut().filter(|offer| offer.group == group && offer.is_of(client)) {
            offer.certain = false;
        }
        let flights = self.sessions.get_mut(&client).into_iter().flat_map(|session| &mut session.flights);
        for flight in flights.filter(|flight| flight.copy.group == Some(group)) {
            flight.left = true;
        }
    }

    /// A session that is not stored is gone with the broker. What its groups gave it may go to others.
    pub(crate) fn forget_member(&mut self, client: u8, flights: Vec<Flight>) {
        let mut offers = std::mem::take(&mut self.offers);
        for offer in offers.iter_mut().filter(|offer| offer.is_of(client)) {
            offer.members.retain(|member| member.client != client);
            offer.members.extend(self.members(offer.group, offer.word.qos));
            (offer.certain, offer.moved) = (false, true);
        }
        for flight in flights.into_iter().filter(|flight| !flight.released && flight.copy.qos == 1) {
            let Copy { word, retain, group: Some(group), .. } = flight.copy else { continue };
            let members = self.members(group, word.qos);
            offers.push(Offer { word, retain, group, members, at_once: false, certain: false, moved: true });
        }
        self.offers = offers;
    }

    /// What is still on offer at the end of a step has to wait for somebody.
    pub(crate) fn settle_offers(&mut self) -> Result<(), String> {
        let now: Duration = self.now;
        if let Some(lost) = self.offers.iter().find(|offer| offer.at_once) {
            return Err(format!("nobody got a message of a group that had room: {lost:?}"));
        }
        self.offers.retain_mut(|offer| {
            offer.members.retain(|member| member.qos.min(offer.word.qos) > 0);
            offer.word.left(now).is_ok() && !offer.members.is_empty()
        });
        let idle = |client: u8| match (self.sessions.get(&client), self.links.get(&client)) {
            (Some(session), Some(link)) => {
                session.has_room(link) && session.queue.is_empty() && session.backlog.is_empty()
            }
            _ => false,
        };
        let lost = |offer: &&Offer| offer.certain && offer.members.iter().all(|member| idle(member.client));
        match self.offers.iter().find(lost) {
            Some(lost) => Err(format!("a message of a group is lost: {lost:?}")),
            None => Ok(()),
        }
    }
}
