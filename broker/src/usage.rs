//! What the clients of one account use together, and what the realm's use in all.

use crate::account::Account;
use crate::key::SessionKey;
use crate::rate::Rate;
use crate::{AccountLimits, Broker, Message, Now};
use headcount_mqtt::{ReasonCode, Text};
use std::collections::HashMap;
use std::time::Duration;

/// Seconds' worth of connections that may come at once: everybody comes back after a restart.
const CONNECTION_BURST: u32 = 10;
/// Seconds' worth of messages that may come at once: devices send what they measured in one go.
const PUBLISH_BURST: u32 = 1;
/// Lines about limits that an account hears at once, and one a second from then on. Whoever floods must not be
/// answered by a flood.
const LINES: Rate = Rate { interval: Duration::from_secs(1), burst: 10 };
/// Accounts without a connection that are remembered for what they spent, beside as many as are connected.
const SPARE: usize = 1_000;

/// Counts of one account.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    connections: usize,
    /// What was spent of each rate.
    connects: Duration,
    publishes: Duration,
    lines: Duration,
    /// Lines that were not said.
    unsaid: u64,
}

/// Counts of all accounts.
#[derive(Debug, Default)]
pub(crate) struct Usages {
    accounts: HashMap<Text, Usage>,
    connected: usize,
    /// Spent of the realm's own rates.
    connects: Duration,
    publishes: Duration,
}

impl AccountLimits {
    fn connects(&self) -> Option<Rate> {
        Rate::new(self.max_connection_rate, Duration::from_secs(1), CONNECTION_BURST)
    }

    fn publishes(&self) -> Option<Rate> {
        Rate::new(self.max_publish_rate, Duration::from_secs(1), PUBLISH_BURST)
    }
}

impl Usages {
    pub(crate) fn of(&mut self, account: &Text) -> &mut Usage {
        if !self.accounts.contains_key(account) {
            self.accounts.insert(account.clone(), Usage::default());
        }
        self.accounts.get_mut(account).expect("just made")
    }

    /// Forgets accounts that use and owe nothing, once they are many.
    fn sweep(&mut self, now: Duration) {
        if self.accounts.len() > self.connected * 2 + SPARE {
            self.accounts
                .retain(|_, it| it.connections > 0 || it.connects.max(it.publishes).max(it.lines) > now);
        }
    }
}

impl Broker {
    /// Whether one more connection of this account may come; `again` where it takes one over. What is wrong
    /// otherwise, with a line for people.
    pub(crate) fn may_connect(
        &mut self,
        now: Now,
        account: &Account,
        again: bool,
    ) -> Result<(), (ReasonCode, String)> {
        let realm =
            Rate::new(self.config.limits.max_connection_rate, Duration::from_secs(1), CONNECTION_BURST);
        let own = account.limits;
        let now = now.monotonic;
        if let Some(rate) = realm
            && rate.due(self.usages.connects, now) > now
        {
            let most = self.config.limits.max_connection_rate;
            let line = format!("the realm takes no more than {most} connections a second");
            return Err((ReasonCode::ConnectionRateExceeded, line));
        }
        let usage = self.usages.of(&account.name);
        if let Some(rate) = own.connects()
            && rate.due(usage.connects, now) > now
        {
            let line = format!("more than {} connections a second", own.max_connection_rate);
            return Err((ReasonCode::ConnectionRateExceeded, line));
        }
        if usage.connections >= own.max_connections.saturating_add(usize::from(again)) {
            let line = format!("more than {} connections at one time", own.max_connections);
            return Err((ReasonCode::QuotaExceeded, line));
        }
        if let Some(rate) = own.connects() {
            rate.take(&mut usage.connects, now);
        }
        if let Some(rate) = realm {
            rate.take(&mut self.usages.connects, now);
        }
        Ok(())
    }

    pub(crate) fn count_connection(&mut self, account: &Text) {
        self.usages.connected += 1;
        self.usages.of(account).connections += 1;
    }

    pub(crate) fn discount_connection(&mut self, now: Now, account: &Text) {
        self.usages.connected = self.usages.connected.saturating_sub(1);
        let usage = self.usages.of(account);
        usage.connections = usage.connections.saturating_sub(1);
        self.usages.sweep(now.monotonic);
    }

    /// Whether clients of this account publish under a rate.
    pub(crate) fn is_paced(&self, account: &Account) -> bool {
        account.limits.max_publish_rate > 0 || self.config.limits.max_publish_rate > 0
    }

    /// Spends one message of this account, or says when there will be one to spend, and what the rate is.
    pub(crate) fn spend_publish(&mut self, now: Now, account: &Account) -> Result<(), (Duration, String)> {
        let now = now.monotonic;
        let realm = Rate::new(self.config.limits.max_publish_rate, Duration::from_secs(1), PUBLISH_BURST);
        let own = account.limits.publishes();
        let due_of_realm = realm.map_or(now, |rate| rate.due(self.usages.publishes, now));
        if due_of_realm > now {
            let most = self.config.limits.max_publish_rate;
            return Err((due_of_realm, format!("the realm takes no more than {most} messages a second")));
        }
        let usage = self.usages.of(&account.name);
        let due = own.map_or(now, |rate| rate.due(usage.publishes, now));
        if due > now {
            return Err((due, format!("more than {} messages a second", account.limits.max_publish_rate)));
        }
        if let Some(rate) = own {
            rate.take(&mut usage.publishes, now);
        }
        if let Some(rate) = realm {
            rate.take(&mut self.usages.publishes, now);
        }
        Ok(())
    }

    /// Whether the account of this session may retain one more message, or another one in the place of its own.
    pub(crate) fn account_may_retain(&self, key: SessionKey, message: &Message) -> bool {
        let Some(session) = self.sessions.get(key.0) else { return false };
        let (account, limits) = (&session.account.name, &session.account.limits);
        let unbounded = limits.max_retained_messages == usize::MAX && limits.max_retained_bytes == usize::MAX;
        if unbounded || message.payload.is_empty() {
            return true;
        }
        let old = self.retained.get(&message.topic).filter(|_| self.retained.is_of(&message.topic, account));
        let (count, bytes) = self.retained.of(account);
        count + usize::from(old.is_none()) <= limits.max_retained_messages
            && bytes + message.size() - old.map_or(0, |old| old.size()) <= limits.max_retained_bytes
    }

    /// Whether a line about a limit may be said; with the number of those that were not.
    pub(crate) fn may_complain(&mut self, now: Now, account: &Text) -> Option<u64> {
        let now = now.monotonic;
        let usage = self.usages.of(account);
        if LINES.due(usage.lines, now) > now {
            usage.unsaid += 1;
            return None;
        }
        LINES.take(&mut usage.lines, now);
        Some(std::mem::take(&mut usage.unsaid))
    }
}
