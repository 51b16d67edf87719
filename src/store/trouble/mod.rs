//! What goes wrong: the lines of `<account>/errors` and `<account>/throttle`, who misbehaves, who fights over a Client
//! Identifier, and who keeps reconnecting.
//!
//! Events are told with their own times, which are the broker's; what is calm is forgotten by the page's clock. Everything
//! here is bounded, whoever comes under however many names.

pub mod advice;
pub mod complaints;
pub mod conduct;
pub mod fights;
pub mod flapping;
mod turnover;

use std::sync::Arc;

use super::{
    clock::Millis,
    event::{Event, Kind, Source},
};
use complaints::Complaints;
use conduct::{Conduct, Misdeed};
use fights::{Fight, Fights};
use flapping::{Flapper, Flappers};
use turnover::{Turn, Turnover};

pub use complaints::Topic;

/// A take-over in the events.
const TAKEN_OVER: &str = "taken-over";

/// What goes wrong.
#[derive(Debug, Default)]
pub struct Trouble {
    complaints: Complaints,
    conduct: Conduct,
    fights: Fights,
    flappers: Flappers,
    turnover: Turnover,
    /// How far the broker's clock is behind the page's: the least that was seen of an event that came at once.
    behind: Option<i64>,
}

/// A client that calls for a card over the timeline.
#[derive(Clone, Copy, Debug)]
pub enum Card<'a> {
    /// Two connections take its identifier from each other.
    Fight(&'a Fight),
    /// It keeps reconnecting.
    Flapping(&'a Flapper),
}

impl Trouble {
    /// The lines of errors and throttle.
    pub fn complaints(&self) -> &Complaints {
        &self.complaints
    }

    /// Who misbehaves.
    pub fn conduct(&self) -> &Conduct {
        &self.conduct
    }

    /// The cards that nobody dismissed, the newest fight first, then who reconnects.
    pub fn cards(&self) -> Vec<Card<'_>> {
        let fights = self.fights.list().filter(|fight| !fight.is_dismissed).map(Card::Fight);
        // Of two that fight each keeps reconnecting; the fight says why.
        let flappers = self.flappers.list().filter(|flapper| {
            !flapper.is_dismissed && self.fights.get(&flapper.account, &flapper.id).is_none()
        });
        fights.chain(flappers.map(Card::Flapping)).collect()
    }

    /// The card of this client, dismissed or not.
    pub fn card(&self, account: &str, id: &str) -> Option<Card<'_>> {
        let flapping = || self.flappers.get(account, id).map(Card::Flapping);
        self.fights.get(account, id).map(Card::Fight).or_else(flapping)
    }

    /// A moment of the broker's on the page's clock.
    pub fn on_page(&self, at: Millis) -> Millis {
        at.plus(self.behind.unwrap_or_default())
    }

    /// Takes an event of the timeline; whether anything that is shown changed.
    pub(super) fn note(&mut self, event: &Event) -> bool {
        let attributed = self.complaints.attribute(&event.client, &mut self.conduct);
        let noted = self.conduct.note(event);
        let fought = match event.kind {
            Kind::Conflict => {
                if self.fights.told(event) {
                    let client = &event.client;
                    self.conduct.count(&client.account, &client.id, Misdeed::Fighting, 1, event.at);
                }
                true
            }
            Kind::Connected => self.fights.came(&event.client, event.at) | self.arrived(event),
            Kind::Disconnected if event.reason.as_deref() == Some(TAKEN_OVER) => {
                self.flappers.left(event);
                self.turnover.left(event);
                self.fights.taken(event)
            }
            Kind::Disconnected => {
                self.turnover.left(event);
                self.flappers.left(event) | self.fights.left(&event.client)
            }
            _ => false,
        };
        attributed | noted | fought
    }

    /// A client came, perhaps once too often.
    fn arrived(&mut self, event: &Event) -> bool {
        if self.flappers.came(&event.client, event.at) {
            return true;
        }
        match self.turnover.came(event) {
            Turn::Flapping(history) => {
                self.flappers.add(&event.client, &history, event.at);
                true
            }
            // Where reasons are told, a take-over is none without being called so.
            Turn::Fight(since) if event.source == Source::Feed => {
                self.fights.guess(&event.client, since, event.at);
                true
            }
            _ => false,
        }
    }

    /// An event came as it happened: what that says of the clocks.
    pub(super) fn compare_clocks(&mut self, now: Millis, at: Millis) {
        let behind = now.0.saturating_sub(at.0);
        self.behind = Some(self.behind.map_or(behind, |least| least.min(behind)));
    }

    /// A line of `<account>/errors` or `<account>/throttle`. `known` gives the Client Identifier of one who is here.
    pub(super) fn complain(
        &mut self,
        now: Millis,
        topic: Topic,
        account: &str,
        payload: &[u8],
        known: &dyn Fn(&str) -> Option<Arc<str>>,
    ) {
        self.complaints.take(now, topic, account, payload, known, &mut self.conduct);
    }

    /// The page hears of everything from here on.
    pub(super) fn watch(&mut self, now: Millis) {
        self.behind = None;
        self.complaints.watch(now);
    }

    /// The page was cut off at `at`.
    pub(super) fn leave(&mut self, at: Millis) {
        self.complaints.leave(at);
    }

    /// The reader has seen this card.
    pub(super) fn dismiss(&mut self, account: &str, id: &str) {
        self.fights.dismiss(account, id);
        self.flappers.dismiss(account, id);
    }

    /// Forgets what has become calm; whether there was any.
    pub(super) fn tick(&mut self, now: Millis) -> bool {
        let now = Millis(now.0.saturating_sub(self.behind.unwrap_or_default()));
        self.fights.forget(now) | self.flappers.forget(now)
    }

    /// When [`Trouble::tick`] has something to do.
    pub(super) fn next_tick(&self) -> Option<Millis> {
        let next = [self.fights.next_end(), self.flappers.next_end()].into_iter().flatten().min();
        next.map(|at| self.on_page(at))
    }
}
