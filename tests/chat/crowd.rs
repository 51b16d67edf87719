//! A crowd to which everything happens at random, for ten minutes of virtual time: no badge stays wrong.

use headcount_page::{
    chat::{login::Leave, store::stage::Stage},
    store::settings::VersionChoice,
};
use std::time::Duration;

use crate::town::{Id, Town, secs};

const PEOPLE: usize = 20;

/// How long nothing may have happened to two people and the broker before a badge has to be right: the broker misses a
/// silent client after 45 s, a reconnect waits a minute at most, and the grace comes on top.
const SETTLED: Duration = secs(115);

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Gone,
    LoggedOut(Id),
    In(Id),
    Cut(Id),
}

struct Crowd {
    town: Town,
    people: Vec<(State, Duration)>,
    broker_since: Duration,
    random: u64,
    checked: usize,
}

impl Crowd {
    fn new(seed: u64) -> Self {
        let mut town = Town::new();
        let people =
            (0..PEOPLE).map(|at| (State::In(town.open(&name(at), Stage::Thirty)), town.now)).collect();
        let broker_since = town.now;
        Self { town, people, broker_since, random: seed, checked: 0 }
    }

    fn draw(&mut self, below: u64) -> u64 {
        self.random = self.random.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) % below
    }

    fn set(&mut self, at: usize, state: State) {
        self.people[at] = (state, self.town.now);
    }

    /// Something happens to somebody, or to the broker.
    fn happen(&mut self) {
        let what = self.draw(24);
        if what == 0 {
            self.town.kill_broker(false);
            let down = Duration::from_millis(self.draw(5_000));
            self.town.advance(down);
            self.town.start();
            self.broker_since = self.town.now;
            return;
        }
        let at = usize::try_from(self.draw(PEOPLE as u64)).unwrap();
        match (self.people[at].0, what % 4) {
            (State::Gone, _) => {
                let id = come(&mut self.town, at);
                self.set(at, State::In(id));
            }
            (State::LoggedOut(id), _) => {
                self.town.return_to(id);
                self.set(at, State::In(id));
            }
            (State::Cut(id), _) => {
                self.town.heal(id);
                if what.is_multiple_of(2) {
                    self.town.wake(id);
                }
                self.set(at, State::In(id));
            }
            (State::In(id), 0) => {
                self.town.close(id);
                self.set(at, State::Gone);
            }
            (State::In(id), 1) => {
                self.town.log_out(id, Leave::KeepSession);
                self.set(at, State::LoggedOut(id));
            }
            (State::In(id), 2) => {
                self.town.cut(id);
                self.set(at, State::Cut(id));
            }
            (State::In(id), _) => {
                let takes = Duration::from_millis(self.draw(3_000));
                let id = self.town.reload(id, &<_>::default(), takes);
                self.set(at, State::In(id));
            }
        }
    }

    /// What is settled is shown as it is.
    fn check(&mut self) {
        let is_settled = |since: Duration| self.town.now.saturating_sub(since) > SETTLED;
        if !is_settled(self.broker_since) {
            return;
        }
        for (watcher, since) in &self.people {
            let State::In(id) = watcher else { continue };
            if !is_settled(*since) {
                continue;
            }
            for (at, (state, since)) in self.people.iter().enumerate() {
                let name = name(at);
                if !is_settled(*since) || *self.town.store(*id).user() == *name {
                    continue;
                }
                let wanted = if matches!(state, State::In(_)) { "online" } else { "offline" };
                let badge = self.town.badge(*id, &name);
                assert_eq!(badge.name(), wanted, "{name} is {state:?}, and {badge:?} to {id:?}");
                self.checked += 1;
            }
        }
    }
}

/// Every third speaks 3.1.1.
fn come(town: &mut Town, at: usize) -> Id {
    let version = if at.is_multiple_of(3) { VersionChoice::V311 } else { VersionChoice::V5 };
    town.open_with(&name(at), Stage::Thirty, version, &<_>::default())
}

fn name(at: usize) -> String {
    format!("user-{at}")
}

#[test]
fn no_badge_stays_wrong() {
    for seed in 0..3 {
        let mut crowd = Crowd::new(seed);
        let end = crowd.town.now + secs(600);
        while crowd.town.now < end {
            crowd.happen();
            let pause = Duration::from_millis(crowd.draw(4_000));
            crowd.town.advance(pause);
            crowd.check();
        }
        let checked = crowd.checked;
        crowd.town.advance(SETTLED + secs(1));
        crowd.check();
        assert!(
            crowd.checked > checked + 50,
            "seed {seed} judged {} badges at rest",
            crowd.checked - checked
        );
    }
}
