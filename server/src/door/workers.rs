//! Checking passwords on threads of their own: a good hash takes tens of milliseconds of a core, and whoever serves
//! connections must not stand still for so long.

use super::desk::Next;
use super::{Door, Network, lock};
use crate::accounts::compare;
use crate::password::{Hash, credentials};
use bytes::Bytes;
use headcount_broker::{Comparison, ConnectionId, Credentials};
use headcount_mqtt::{ReasonCode, Text};
use std::sync::PoisonError;
use std::time::Duration;

/// What takes the time of a hash.
#[derive(Debug)]
pub(crate) enum Task {
    Check(Login),
    Hash(Job),
    /// New credentials for a device; the number names the answer.
    Credentials(u64),
}

/// New hashes for passwords.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) number: u64,
    /// Those that are left, the next one last.
    left: Vec<Bytes>,
    made: Vec<String>,
}

/// Credentials to check.
#[derive(Debug)]
pub(crate) struct Login {
    pub(crate) connection: ConnectionId,
    pub(crate) user_name: Text,
    pub(crate) password: Bytes,
    /// What to compare it with, where no file knows the user.
    pub(crate) comparison: Option<Comparison>,
}

/// What came of a task.
#[derive(Debug)]
pub(crate) enum Outcome {
    Login(ConnectionId, Verdict),
    Hashes(u64, Result<Vec<String>, String>),
    Credentials(u64, Result<Credentials, String>),
}

/// The answer for a connection; with a sentence for the account's own people where it is refused.
pub(crate) type Verdict = Result<(), (ReasonCode, Option<String>)>;

impl Door {
    /// Threads that check at one time: half of the machine, so that a flood of logins leaves the other half to
    /// messages; and as many hashes' memory is in use.
    pub(crate) fn workers() -> usize {
        std::thread::available_parallelism().map_or(1, |cores| (cores.get() / 2).max(1))
    }

    /// Puts a task into the queue.
    ///
    /// # Errors
    /// `ServerBusy` where too many wait, in all or from this network.
    pub(crate) fn submit(&self, network: Network, task: Task) -> Verdict {
        let busy = || {
            let why = format!("too many logins wait for their check, in all or from {network}");
            (ReasonCode::ServerBusy, Some(why))
        };
        lock(&self.desk).push(network, task).map_err(|_| busy())?;
        self.bell.notify_one();
        Ok(())
    }

    /// Checks until [`Door::close`]. `still_waits` tells whether somebody is there to hear the answer; `flooded` hears
    /// of networks that guess.
    pub(crate) fn work(
        &self,
        clock: impl Fn() -> Duration,
        still_waits: impl Fn(ConnectionId) -> bool,
        answer: impl Fn(Outcome),
        flooded: impl Fn(&str),
    ) {
        while let Some((network, task)) = self.next(&clock) {
            let login = match task {
                Task::Check(login) => login,
                Task::Hash(job) => {
                    self.hash_one(network, job, &answer);
                    continue;
                }
                Task::Credentials(job) => {
                    answer(Outcome::Credentials(job, credentials()));
                    continue;
                }
            };
            if !still_waits(login.connection) {
                continue;
            }
            let (accounts, user_name) = (self.accounts(), login.user_name.as_str());
            let verdict = match &login.comparison {
                Some(comparison) => compare(comparison, &login.password),
                None => accounts.check(user_name, &login.password),
            };
            if verdict.is_err() && lock(&self.desk).failed(network, clock()) {
                let most = self.limits().failure_rate;
                flooded(&format!("{network}: more than {most} wrong passwords a minute, its logins wait"));
            }
            let is_dynamic = login.comparison.as_ref().is_some_and(|comparison| comparison.counts);
            let why = || {
                if is_dynamic {
                    return "the password is not the one that dynamic security keeps".to_owned();
                }
                accounts.explain(user_name)
            };
            answer(Outcome::Login(login.connection, verdict.map_err(|code| (code, Some(why())))));
        }
    }

    /// Hashes one password; the rest waits for its network's next turn, so that nobody's login waits for all.
    fn hash_one(&self, network: Network, mut job: Job, answer: impl Fn(Outcome)) {
        let number = job.number;
        if let Some(password) = job.left.pop() {
            match Hash::argon2id(&password) {
                Ok(hash) => job.made.push(hash.to_string()),
                Err(error) => return answer(Outcome::Hashes(number, Err(error))),
            }
        }
        if job.left.is_empty() {
            return answer(Outcome::Hashes(number, Ok(job.made)));
        }
        if let Err((_, why)) = self.submit(network, Task::Hash(job)) {
            answer(Outcome::Hashes(number, Err(why.unwrap_or_default())));
        }
    }

    /// Ends the work; who waits gets no answer.
    pub(crate) fn close(&self) {
        lock(&self.desk).close();
        self.bell.notify_all();
    }

    fn next(&self, clock: &impl Fn() -> Duration) -> Option<(Network, Task)> {
        let mut desk = lock(&self.desk);
        loop {
            let now = clock();
            desk = match desk.next(now) {
                Next::Check(network, task) => return Some((network, task)),
                Next::Closed => return None,
                Next::Rest => self.bell.wait(desk).unwrap_or_else(PoisonError::into_inner),
                Next::At(due) => {
                    let waited = self.bell.wait_timeout(desk, due.saturating_sub(now));
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }
}

impl Job {
    pub(crate) fn new(number: u64, mut passwords: Vec<Bytes>) -> Self {
        passwords.reverse();
        Self { number, left: passwords, made: Vec::new() }
    }
}
