//! Other rules, accounts and limits while clients are connected.

use crate::account::{Account, Gate};
use crate::dynsec::Affected;
use crate::events::Reason;
use crate::session::Session;
use crate::{Access, AccountLimits, Broker, ConnectionId, Limits, Now};
use headcount_mqtt::{ReasonCode, Text};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Broker {
    /// Other access rules, for live connections too. Messages that wait are held back where they may no longer be
    /// read, and what is watched or heard by a key of Emitter's interface ends with that key.
    ///
    /// # Errors
    /// A sentence with file and line; the old rules stay.
    pub fn set_access(&mut self, now: Now, access: Access) -> Result<(), String> {
        let old = std::mem::replace(&mut self.config.access, access);
        match Gate::new(&self.config) {
            Ok(gate) => {
                self.gate = gate;
                self.emitter.keys.configure(self.config.access.emitter_keys.as_deref());
                self.mark_served();
                self.end_keys(now);
            }
            Err(error) => {
                self.config.access = old;
                return Err(error);
            }
        }
        self.renew_accounts(now);
        Ok(())
    }

    /// Judges every client anew by the gate.
    pub(crate) fn renew_accounts(&mut self, now: Now) {
        let keys: Vec<_> = self.sessions.keys().collect();
        self.renew_sessions(now, &keys, |broker, session| {
            broker.gate.account(
                session.account.user_name(),
                &session.client_id,
                &broker.dynsec,
                &broker.devices,
            )
        });
    }

    /// The same for those whose rules dynamic security changed.
    pub(crate) fn renew_affected(&mut self, now: Now, affected: &Affected) {
        if affected.is_nobody() {
            return;
        }
        let is_affected = |key: &u64| {
            let session = self.sessions.get(*key);
            session.is_some_and(|it| affected.has(it.account.user_name().map(Text::as_str)))
        };
        let keys: Vec<_> = self.sessions.keys().filter(is_affected).collect();
        self.renew_sessions(now, &keys, |broker, session| {
            broker.gate.rejudged(&session.account, &session.client_id, &broker.dynsec)
        });
    }

    /// The same for an account's clients and devices, whose channels may be others.
    pub(crate) fn renew_owner(&mut self, now: Now, owner: &str) {
        let is_its = |key: &u64| {
            let session = self.sessions.get(*key);
            session.is_some_and(|it| it.account.name.as_str() == owner)
        };
        let keys: Vec<_> = self.sessions.keys().filter(is_its).collect();
        self.renew_sessions(now, &keys, |broker, session| {
            let user_name = session.account.user_name();
            broker.gate.account(user_name, &session.client_id, &broker.dynsec, &broker.devices)
        });
    }

    fn renew_sessions(&mut self, now: Now, keys: &[u64], renewed: impl Fn(&Self, &Session) -> Account) {
        self.subscriptions.renew();
        for key in keys {
            let account = Arc::new(renewed(self, self.sessions.get(*key).expect("a key in use")));
            let session = self.sessions.get_mut(*key).expect("a key in use");
            session.account = Arc::clone(&account);
            let connection = session.connection;
            let is_paced = self.is_paced(&account);
            if let Some(link) = connection.and_then(|id| self.link_mut(id)) {
                link.account = account;
                // Who waits is served to the end of what waits.
                link.is_paced = is_paced || link.waiting.is_some();
            }
        }
        self.judge_watches(now, keys);
    }

    /// Ends the connections of clients that could not come in any more: those without a User Name where anonymous
    /// clients are not welcome, and those of whose User Name `is_account` says no, unless a certificate proves it or
    /// every name is believed. They are told Not authorized (0x87). Their sessions stay, for the account may return.
    pub fn retain_accounts(&mut self, now: Now, is_account: impl Fn(&str) -> bool) {
        let access = self.gate.access();
        let (anonymous, trusting) = (access.allow_anonymous, access.trust_user_names);
        let gone: Vec<_> = self
            .connections
            .keys()
            .map(ConnectionId)
            .filter(|id| {
                let Some(it) = self.connections.get(id.0) else { return false };
                let Some(link) = it.link() else { return false };
                match link.account.user_name() {
                    None => !anonymous,
                    Some(_) if link.account.is_device() => {
                        let is_known = |name: &str| is_account(name) || self.dynsec.has_password(name);
                        !self.keeps_device(&link.account, is_known)
                    }
                    Some(name) => {
                        let is_known = is_account(name.as_str()) || self.dynsec.has_password(name.as_str());
                        !trusting && it.peer.account.is_none() && !is_known
                    }
                }
            })
            .collect();
        for id in gone {
            self.expel(now, id, ReasonCode::NotAuthorized, Reason::NotAuthorized);
        }
    }

    /// Other limits. Each holds from the next time that it is asked, but for what CONNACK told a client: that holds
    /// for this client until it comes again.
    pub fn set_limits(&mut self, now: Now, limits: Limits, account_limits: BTreeMap<String, AccountLimits>) {
        self.config.limits = limits;
        self.config.account_limits = account_limits;
        if let Ok(gate) = Gate::new(&self.config) {
            self.gate = gate;
        }
        self.trim_channels();
        self.renew_accounts(now);
    }
}
