//! Who may come into a realm, how fast, and what is set anew while clients are there.

use super::{Core, Realm};
use crate::config::Guard;
use crate::door::{Admission, Door, DoorLimits, Job, Login, Network, Outcome, Task, Verdict};
use bytes::Bytes;
use headcount_broker::{AccountLimits, Comparison, ConnectionId, Limits, Peer};
use headcount_mqtt::{ReasonCode, Text};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

impl Realm {
    /// Waits until the door lets a connection of this peer in; whether it does.
    pub(crate) async fn admit(&self, peer: &Peer) -> bool {
        let network = Network::of(&peer.address);
        let admission = self.door.admit(network, self.clock.monotonic());
        if admission == Admission::Now {
            return true;
        }
        let most = self.door.limits().connection_rate;
        let what = if admission == Admission::Never { "turned away" } else { "they wait" };
        self.flooded(&format!("{network}: more than {most} connections a second, {what}"));
        if let Admission::After(wait) = admission {
            tokio::time::sleep(wait).await;
        }
        admission != Admission::Never
    }

    /// Starts the threads that check passwords; they end with [`Realm::shut_down`].
    ///
    /// # Errors
    /// A sentence where the system gives no threads.
    pub(crate) fn start_checking(self: &Arc<Self>) -> Result<(), String> {
        for _ in 0..Door::workers() {
            let realm = Arc::clone(self);
            let work = move || {
                let clock = || realm.clock.monotonic();
                let still_waits = |connection| realm.lock().wakes.contains_key(&connection);
                let answer = |outcome| match outcome {
                    Outcome::Login(connection, verdict) => realm.authenticated(connection, verdict),
                    Outcome::Hashes(job, hashes) => {
                        realm.turn(None, |core, now| core.broker.handle_hashed(now, job, hashes));
                    }
                    Outcome::Credentials(job, made) => {
                        realm.turn(None, |core, now| core.broker.handle_credentials(now, job, made));
                    }
                };
                realm.door.work(clock, still_waits, answer, |line| realm.flooded(line));
            };
            std::thread::Builder::new()
                .name("passwords".to_owned())
                .spawn(work)
                .map_err(|error| format!("the system gives no thread to check passwords on: {error}"))?;
        }
        Ok(())
    }

    /// Other rules and accounts, for live connections too. Accounts that are gone are disconnected; a password that
    /// changed is asked for at the next login.
    ///
    /// # Errors
    /// The core's sentence where it cannot read the rules; nothing has changed then.
    pub(crate) fn set_guard(&self, guard: Guard) -> Result<(), String> {
        self.turn(None, |core, now| {
            core.broker.set_access(now, guard.access)?;
            core.broker.retain_accounts(now, |user_name| guard.accounts.has(user_name));
            self.door.set_accounts(guard.accounts);
            core.broker.tell_new_rules(now);
            Ok(())
        })
    }

    /// Other limits. What a client was told at its CONNACK holds for it until it comes again.
    pub(crate) fn set_limits(
        &self,
        limits: Limits,
        account_limits: BTreeMap<String, AccountLimits>,
        door: DoorLimits,
    ) {
        self.max_packet_size.store(limits.max_packet_size, Ordering::Relaxed);
        self.turn(None, |core, now| core.broker.set_limits(now, limits, account_limits));
        self.door.set_limits(door);
    }

    /// How long a peer may accept not one byte.
    pub(crate) fn write_timeout(&self) -> Duration {
        self.door.limits().write_timeout
    }

    /// Lets a password be checked; the answer comes from another thread, or at once where there is nothing to check.
    pub(super) fn authenticate(
        &self,
        core: &mut Core,
        connection: ConnectionId,
        user_name: Text,
        password: Option<Bytes>,
        comparison: Option<Comparison>,
    ) {
        let network = Network::of(core.broker.address(connection));
        // No password is wrong for everybody, which says nothing about anybody.
        let none = || (ReasonCode::BadUserNameOrPassword, Some("it sent no password".to_owned()));
        let password = password.ok_or_else(none);
        let submitted = password.and_then(|password| {
            let login = Login { connection, user_name, password, comparison };
            self.door.submit(network, Task::Check(login))
        });
        match (submitted, core.wakes.get(&connection)) {
            (Ok(()), Some(wake)) => wake.paused.store(true, Ordering::Release),
            (Ok(()), None) => {}
            (Err(reason), _) => core.broker.handle_login(self.clock.now(), connection, Err(reason)),
        }
    }

    /// Lets passwords be hashed; the hashes come from another thread.
    pub(super) fn hash(&self, core: &mut Core, job: u64, connection: ConnectionId, passwords: Vec<Bytes>) {
        let network = Network::of(core.broker.address(connection));
        if self.door.submit(network, Task::Hash(Job::new(job, passwords))).is_err() {
            let why = "Too many passwords wait to be hashed".to_owned();
            core.broker.handle_hashed(self.clock.now(), job, Err(why));
        }
    }

    /// Lets credentials be made for a device; they come from another thread.
    pub(super) fn credentials(&self, core: &mut Core, job: u64, connection: ConnectionId) {
        let network = Network::of(core.broker.address(connection));
        if self.door.submit(network, Task::Credentials(job)).is_err() {
            let why = "too many passwords wait to be made".to_owned();
            core.broker.handle_credentials(self.clock.now(), job, Err(why));
        }
    }

    /// Says on `anonymous/throttle` that an address came too often.
    fn flooded(&self, line: &str) {
        tracing::debug!(realm = self.name, "{line}");
        self.turn(None, |core, now| core.broker.report_flood(now, line));
    }

    /// The answer to what was submitted.
    fn authenticated(&self, connection: ConnectionId, verdict: Verdict) {
        let wake = self.turn(None, |core, now| {
            let wake = core.wakes.get(&connection).cloned();
            if let Some(wake) = &wake {
                wake.paused.store(false, Ordering::Release);
            }
            core.broker.handle_login(now, connection, verdict);
            wake
        });
        if let Some(wake) = wake {
            wake.waker.wake();
        }
    }
}
