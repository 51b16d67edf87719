//! What ends with a key, and with the right to watch.
//!
//! Emitter looks at a key when somebody subscribes and never again. Here a subscription and a watch last no longer than
//! the key that they were made with: until it expires, is taken out of use, or leaves the configuration.

use super::{Fault, KeyId};
use crate::account::Denial;
use crate::events::Action;
use crate::key::SessionKey;
use crate::timers::Timer;
use crate::{Broker, ConnectionId, Now};
use headcount_mqtt::TopicFilter;
use std::collections::BTreeSet;
use std::sync::Arc;

impl Broker {
    /// Ends what was made with keys that do no more.
    pub(crate) fn end_keys(&mut self, now: Now) {
        self.emitter.keys.end(now.unix);
        self.await_end_of_keys(now);
        let used: BTreeSet<KeyId> = self.emitter.bonds.keys().chain(self.emitter.watches.keys()).collect();
        for key in used {
            if let Some(why) = self.emitter.keys.fault(key, now.unix) {
                self.end_watches(now, Some(key), why);
                for (session, filter) in self.emitter.bonds.on(key) {
                    self.end_bond(now, session, &filter, why);
                }
            }
        }
        if !self.emitter.keys.is_open() {
            self.end_watches(now, None, "this realm speaks Emitter's interface no more");
        }
    }

    /// Sets the clock for the next of them.
    pub(super) fn await_end_of_keys(&mut self, now: Now) {
        if let Some(at) = self.emitter.keys.next_end() {
            self.timers.set(now.until(at), Timer::Keys);
        }
    }

    fn end_bond(&mut self, now: Now, session: SessionKey, filter: &TopicFilter, why: &'static str) {
        self.end_subscription(now, session, filter);
        let Some(it) = self.sessions.get(session.0) else { return };
        let channel = super::key::shown(filter);
        let said = format!("the subscription to {channel} has ended: {why}");
        if let Some(id) = it.connection {
            self.tell_fault(now, id, &Fault::new(401, said));
            self.report_denied(now, id, Action::Subscribe, filter.text(), &Denial::ChannelKey(why.into()));
        } else {
            let account = Arc::clone(&it.account);
            let line = format!("{}: {said}", it.client_id);
            self.complain(now, &account, "errors", line);
        }
    }

    /// Ends the watches that were asked for with a key, or with none.
    fn end_watches(&mut self, now: Now, key: Option<KeyId>, why: &str) {
        for (id, filter, channel) in self.emitter.watches.with_key(key) {
            self.end_watch(now, id, &filter, &channel, 401, why);
        }
    }

    fn end_watch(
        &mut self,
        now: Now,
        id: ConnectionId,
        filter: &TopicFilter,
        channel: &str,
        status: u16,
        why: &str,
    ) {
        self.emitter.watches.remove(id, filter);
        let said = format!("the watch of {channel} has ended: {why}");
        self.report_mistake(now, id, &said);
        self.tell_bytes(now, id, super::presence::TOPIC, super::json(&Fault::new(status, said)));
    }

    /// The rules of these sessions may be others: ends the watches that they forbid.
    pub(crate) fn judge_watches(&mut self, now: Now, sessions: &[u64]) {
        if self.emitter.watches.is_empty() {
            return;
        }
        for key in sessions {
            let Some(id) = self.sessions.get(*key).and_then(|session| session.connection) else { continue };
            for (filter, channel) in self.emitter.watches.all_of(id) {
                if let Err(fault) = self.may_watch(id, &channel, &filter) {
                    self.end_watch(now, id, &filter, &channel, fault.status, &fault.message);
                }
            }
        }
    }
}
