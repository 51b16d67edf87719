//! The queue of logins that wait for their check: one line for each network, served in turn.

use super::buckets::Buckets;
use super::{DoorLimits, Network};
use std::collections::{HashMap, VecDeque};
use std::time::Duration;

/// Logins in the order of their networks' turns.
#[derive(Debug)]
pub(crate) struct Desk<T> {
    lines: HashMap<Network, VecDeque<T>>,
    /// Networks that have a line, the next one first. No line is empty.
    turns: VecDeque<Network>,
    waiting: usize,
    most: usize,
    most_per_network: usize,
    /// Wrong passwords; a network without a token waits.
    failures: Buckets,
    closed: bool,
}

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next<T> {
    Check(Network, T),
    /// Ask again at this time, or when more comes.
    At(Duration),
    /// Ask again when more comes.
    Rest,
    /// Nothing will come.
    Closed,
}

impl<T> Desk<T> {
    pub(crate) fn new(limits: &DoorLimits) -> Self {
        Self {
            lines: HashMap::new(),
            turns: VecDeque::new(),
            waiting: 0,
            most: limits.pending,
            most_per_network: limits.pending_per_address,
            failures: Buckets::new(limits.failures()),
            closed: false,
        }
    }

    pub(crate) fn set_limits(&mut self, limits: &DoorLimits) {
        self.most = limits.pending;
        self.most_per_network = limits.pending_per_address;
        self.failures.set_rate(limits.failures());
    }

    /// Takes one more, or gives it back where too many wait.
    pub(crate) fn push(&mut self, network: Network, login: T) -> Result<(), T> {
        let has_line = self.lines.get(&network).map_or(0, VecDeque::len);
        if self.closed || self.waiting >= self.most || has_line >= self.most_per_network {
            return Err(login);
        }
        if has_line == 0 {
            self.turns.push_back(network);
        }
        self.lines.entry(network).or_default().push_back(login);
        self.waiting += 1;
        Ok(())
    }

    /// The first of the next network that may be served.
    pub(crate) fn next(&mut self, now: Duration) -> Next<T> {
        if self.closed {
            return Next::Closed;
        }
        let mut earliest: Option<Duration> = None;
        for _ in 0..self.turns.len() {
            let Some(network) = self.turns.pop_front() else { break };
            let due = self.failures.due(network, now);
            if due > now {
                self.turns.push_back(network);
                earliest = Some(earliest.map_or(due, |earliest| earliest.min(due)));
                continue;
            }
            let Some(line) = self.lines.get_mut(&network) else { continue };
            let Some(login) = line.pop_front() else { continue };
            if line.is_empty() {
                self.lines.remove(&network);
            } else {
                self.turns.push_back(network);
            }
            self.waiting -= 1;
            return Next::Check(network, login);
        }
        earliest.map_or(Next::Rest, Next::At)
    }

    /// A password of this network was wrong; whether it waits from here on.
    pub(crate) fn failed(&mut self, network: Network, now: Duration) -> bool {
        self.failures.take(network, now);
        self.failures.due(network, now) > now
    }

    /// Nothing is checked any more.
    pub(crate) fn close(&mut self) {
        self.closed = true;
        self.lines.clear();
        self.turns.clear();
        self.waiting = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const NOW: Duration = Duration::from_secs(1_000);

    fn desk() -> Desk<u32> {
        Desk::new(&DoorLimits {
            failure_rate: 60,
            pending_per_address: 100,
            pending: 150,
            ..DoorLimits::default()
        })
    }

    fn network(number: u32) -> Network {
        Network::V4(number.into())
    }

    #[test]
    fn networks_take_turns() {
        let mut desk = desk();
        for login in 0..50 {
            desk.push(network(1), login).unwrap();
        }
        desk.push(network(2), 100).unwrap();
        assert_eq!(desk.next(NOW), Next::Check(network(1), 0));
        assert_eq!(desk.next(NOW), Next::Check(network(2), 100));
        assert_eq!(desk.next(NOW), Next::Check(network(1), 1));
    }

    #[test]
    fn a_network_that_guesses_waits_alone() {
        let mut desk = desk();
        for _ in 0..60 {
            desk.failed(network(1), NOW);
        }
        desk.push(network(1), 1).unwrap();
        desk.push(network(2), 2).unwrap();
        assert_eq!(desk.next(NOW), Next::Check(network(2), 2));
        assert_eq!(desk.next(NOW), Next::At(NOW + SECOND));
        assert_eq!(desk.next(NOW + SECOND), Next::Check(network(1), 1));
        assert_eq!(desk.next(NOW + SECOND), Next::Rest);
    }

    #[test]
    fn what_waits_is_bounded_in_all_and_for_each() {
        let mut desk = desk();
        for login in 0..100 {
            desk.push(network(1), login).unwrap();
        }
        assert_eq!(desk.push(network(1), 100), Err(100));
        for login in 0..50 {
            desk.push(network(2), login).unwrap();
        }
        assert_eq!(desk.push(network(3), 0), Err(0));
        while let Next::Check(..) = desk.next(NOW) {}
        assert!(desk.lines.is_empty() && desk.turns.is_empty() && desk.waiting == 0);
        desk.push(network(3), 0).unwrap();
        desk.close();
        assert_eq!(desk.next(NOW), Next::Closed);
        assert_eq!(desk.push(network(3), 0), Err(0));
    }
}
