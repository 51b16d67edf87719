//! Lines of plain text on `<account>/errors`, one for each refused action, and on `<account>/throttle`, one for each
//! limit that was hit.

use crate::account::{ANONYMOUS, Account, Denial};
use crate::key::SessionKey;
use crate::route::Keep;
use crate::system::level;
use crate::{Broker, ConnectionId, Now};
use headcount_mqtt::{Connect, Text, TopicName};
use std::sync::Arc;

impl Broker {
    /// Why an attempt to connect failed, to the account that it named.
    pub(crate) fn report_refusal(&mut self, now: Now, id: ConnectionId, connect: &Connect, why: &str) {
        let Some(it) = self.connections.get(id.0) else { return };
        let user_name = connect.user_name.as_ref().map_or(ANONYMOUS, Text::as_str);
        let account = self.owner_or(user_name);
        let (client_id, address) = (&connect.client_id, &it.peer.address);
        let line = format!("{client_id} from {address} may not connect as {user_name}: {why}");
        let topic = format!("{}/errors", level(account));
        self.say(now, &topic, Keep::No, |_| line.into());
    }

    /// Something met a bound before it could name an account: a line on `anonymous/throttle`, unless there were too
    /// many.
    pub fn report_flood(&mut self, now: Now, line: &str) {
        let nobody = Text::try_from(ANONYMOUS).expect("a UTF-8 Encoded String");
        if let Some(unsaid) = self.may_complain(now, &nobody) {
            let line = with_unsaid(line.to_owned(), unsaid);
            self.say(now, &format!("{ANONYMOUS}/throttle"), Keep::No, |_| line.into());
        }
    }

    /// A rule refused a Will, whose connection is gone.
    pub(crate) fn report_denied_will(
        &mut self,
        now: Now,
        key: SessionKey,
        topic: &TopicName,
        denial: &Denial,
    ) {
        let Some(session) = self.sessions.get(key.0) else { return };
        let account = Arc::clone(&session.account);
        let denied = self.gate.denied_by(denial);
        let line = format!("{} may not publish its Will to {topic}: {denied}", session.client_id);
        self.complain(now, &account, "errors", line);
    }

    /// A bound of the realm was met.
    pub(crate) fn report_throttled(&mut self, now: Now, key: SessionKey, what: &str) {
        let Some(session) = self.sessions.get(key.0) else { return };
        let account = Arc::clone(&session.account);
        let line = format!("{}: {what}", session.client_id);
        self.complain_of_limit(now, &account, line);
    }

    /// A line about a limit that was hit, unless there were too many.
    pub(crate) fn complain_of_limit(&mut self, now: Now, account: &Account, line: String) {
        if let Some(unsaid) = self.may_complain(now, &account.name) {
            self.complain(now, account, "throttle", with_unsaid(line, unsaid));
        }
    }

    /// A sentence for the people behind an account, about what it asked for.
    pub(crate) fn report_mistake(&mut self, now: Now, id: ConnectionId, what: &str) {
        let Some(link) = self.link(id) else { return };
        let account = Arc::clone(&link.account);
        let complaint = format!("{}: {what}", self.client_id(link.session));
        self.complain(now, &account, "errors", complaint);
    }

    pub(crate) fn complain(&mut self, now: Now, account: &Account, topic: &str, line: String) {
        self.say(now, &format!("{}/{topic}", account.level), Keep::No, |_| line.into());
    }
}

/// A line with the number of those that were left out before it.
fn with_unsaid(line: String, unsaid: u64) -> String {
    if unsaid == 0 { line } else { format!("{line} (and {unsaid} more limits were hit)") }
}
