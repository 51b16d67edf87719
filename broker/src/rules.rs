//! `$headcount/<account>/rules`: the rules that bind a client, in the order in which they are judged, so that whoever was
//! refused can see the line that did it.
//!
//! ```json
//! {"account":"bob","client":"lamp","rules":[
//!   {"rule":"chat.acl:5","text":"pattern read chat/messages/%u/+","topic":"chat/messages/bob/+","action":"read",
//!    "allow":true,"source":"acl_file"}],
//!  "default":{"rule":"default","publish":false,"read":false,"subscribe":false,"unsubscribe":true}}
//! ```
//!
//! `rule` is the name that `denied` events and `<account>/errors` use. Observers may ask for another account; its
//! clients' identifiers stay `%c` then.

use crate::account::{ANONYMOUS, DEFAULT, Denial, percent_decoded};
use crate::acl;
use crate::events::Action;
use crate::explain::Refusal;
use crate::{Broker, ConnectionId, Now};
use headcount_mqtt::{Publish, ReasonCode, TopicName};
use serde::Serialize;

#[derive(Debug, Serialize)]
struct InForce<'a> {
    account: &'a str,
    client: &'a str,
    rules: Vec<Line<'a>>,
    default: Default,
}

/// One rule; what it does not allow it denies.
#[derive(Debug, Serialize)]
struct Line<'a> {
    rule: String,
    /// As it was written.
    text: &'a str,
    /// With the client's names.
    topic: String,
    action: &'static str,
    allow: bool,
    source: &'static str,
}

/// What no rule speaks of.
#[derive(Debug, Serialize)]
struct Default {
    rule: &'static str,
    publish: bool,
    read: bool,
    subscribe: bool,
    unsubscribe: bool,
}

impl Broker {
    /// Answers with the rules of an account.
    pub(crate) fn tell_rules(
        &mut self,
        now: Now,
        id: ConnectionId,
        topic: &TopicName,
        level: &str,
        publish: &Publish,
    ) -> Result<(), Refusal> {
        let account = self.link(id).map(|link| std::sync::Arc::clone(&link.account));
        let Some(account) = account.filter(|account| account.journal_of(Some(level)).is_some()) else {
            let said = self.report_denied(now, id, Action::Publish, topic.text(), Denial::SystemTopicRead);
            return Err(Refusal::new(ReasonCode::NotAuthorized, said));
        };
        let client_id = self.link(id).map(|link| self.client_id(link.session)).unwrap_or_default();
        let (name, client) = if account.level == level {
            (account.name.as_str().to_owned(), client_id.as_str())
        } else {
            (percent_decoded(level), "%c")
        };
        let is_named =
            if account.level == level { account.user_name().is_some() } else { name.as_str() != ANONYMOUS };
        self.answer_with(now, id, topic, publish, |broker, room| {
            let json = broker.rules_in_force(&name, is_named, client);
            (json.len() <= room).then_some(json)
        })
    }

    fn rules_in_force(&self, account: &str, is_named: bool, client: &str) -> Vec<u8> {
        let bindings = self.gate.bindings(is_named.then_some(account), client);
        let is_free = bindings.is_none();
        let rules = bindings.into_iter().flatten().map(|it| Line {
            rule: self.gate.place(it.line),
            text: it.text,
            topic: it.filter.as_str().to_owned(),
            action: match it.access {
                acl::Access::Read => "read",
                acl::Access::Write => "write",
                acl::Access::ReadWrite | acl::Access::Deny => "readwrite",
            },
            allow: it.access != acl::Access::Deny,
            source: "acl_file",
        });
        let default =
            Default { rule: DEFAULT, publish: is_free, read: is_free, subscribe: is_free, unsubscribe: true };
        serde_json::to_vec(&InForce { account, client, rules: rules.collect(), default })
            .expect("text and flags")
    }
}
