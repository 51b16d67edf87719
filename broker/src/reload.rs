//! Other rules, accounts and limits while clients are connected.

use crate::account::Gate;
use crate::events::Reason;
use crate::{Access, Broker, ConnectionId, Limits, Now};
use headcount_mqtt::ReasonCode;
use std::sync::Arc;

impl Broker {
    /// Other access rules, for live connections too. Messages that wait are held back where they may no longer be
    /// read.
    ///
    /// # Errors
    /// A sentence with file and line; the old rules stay.
    pub fn set_access(&mut self, access: Access) -> Result<(), String> {
        let gate = Gate::new(access.clone())?;
        self.gate = gate;
        self.config.access = access;
        self.subscriptions.renew();
        let keys: Vec<_> = self.sessions.keys().collect();
        for key in keys {
            let session = self.sessions.get_mut(key).expect("a key in use");
            let account = Arc::new(self.gate.renewed(&session.account, &session.client_id));
            session.account = Arc::clone(&account);
            if let Some(link) = session.connection.and_then(|id| self.connections.get_mut(id.0)?.link_mut()) {
                link.account = account;
            }
        }
        Ok(())
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
                    Some(name) => !trusting && it.peer.account.is_none() && !is_account(name.as_str()),
                }
            })
            .collect();
        for id in gone {
            self.expel(now, id, ReasonCode::NotAuthorized, Reason::NotAuthorized);
        }
    }

    /// Other limits. Each holds from the next time that it is asked, but for what CONNACK told a client: that holds
    /// for this client until it comes again.
    pub fn set_limits(&mut self, limits: Limits) {
        self.config.limits = limits;
    }
}
