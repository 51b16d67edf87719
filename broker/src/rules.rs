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
//! What dynamic security knows comes first, with `"source":"dynamic-security"` and its `acltype`, `priority`, `role` and,
//! where the client has the role from one, `group`.
//!
//! `{"client":"DEVICE"}` asks for one of the account's devices, which may do nothing but what it was given: those lines are
//! all, with `"source":"device"`, and the answer has its name (`device`). Those of an account's own channels come first and
//! have `"source":"channel"`.
//!
//! `rule` is the name that `denied` events and `<account>/errors` use. Observers may ask for another account; its
//! clients' identifiers stay `%c` then.

use crate::account::{ANONYMOUS, DEFAULT, Denial};
use crate::acl;
use crate::events::Action;
use crate::explain::Refusal;
use crate::system::percent_decoded;
use crate::{Broker, ConnectionId, Now};
use headcount_mqtt::{Publish, ReasonCode, Text, TopicName};
use serde::Serialize;
use std::borrow::Cow;

#[derive(Debug, Serialize)]
struct InForce<'a> {
    account: &'a str,
    client: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<&'a str>,
    rules: Vec<Line<'a>>,
    default: Default,
}

/// One rule; what it does not allow it denies.
#[derive(Debug, Serialize)]
struct Line<'a> {
    rule: String,
    /// As it was written.
    text: Cow<'a, str>,
    /// With the client's names.
    topic: String,
    action: &'static str,
    allow: bool,
    source: &'static str,
    /// Of dynamic security.
    #[serde(flatten)]
    role: Option<OfRole<'a>>,
}

/// Where a rule of dynamic security comes from.
#[derive(Debug, Serialize)]
struct OfRole<'a> {
    acltype: &'static str,
    priority: i32,
    role: &'a str,
    /// The group that has the role, where it is not the client's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'a str>,
}

/// What is published. Other keys say nothing, as before there was one.
#[derive(Debug, serde::Deserialize)]
struct Asked<'a> {
    #[serde(borrow)]
    client: Cow<'a, str>,
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
            let said = self.report_denied(now, id, Action::Publish, topic.text(), &Denial::SystemTopicRead);
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
        let asked: Option<Asked<'_>> = serde_json::from_slice(&publish.payload).ok();
        let device = asked.map(|asked| asked.client).filter(|client| self.owner_or(client) == name);
        self.answer_with(now, id, topic, publish, |broker, room| {
            let of_device = device.as_deref().and_then(|device| broker.rules_of_device(&name, device));
            let json = of_device.unwrap_or_else(|| broker.rules_in_force(&name, is_named, client));
            (json.len() <= room).then_some(json)
        })
    }

    /// The rules of an account's device; `None` where it is none.
    fn rules_of_device(&self, account: &str, client: &str) -> Option<Vec<u8>> {
        let device = self.device_name(client).filter(|_| self.gate.has_devices())?;
        let (_, rights) = self.devices.rights_of_device(&Text::try_from(client).ok()?)?;
        let rule = format!("device:{client}");
        let line = |channel: u32, verb, action, allow| Line {
            rule: rule.clone(),
            text: format!("channel {channel}: {verb} {}", if allow { "allowed" } else { "not allowed" })
                .into(),
            topic: format!("channels/{channel}/{verb}/#"),
            action,
            allow,
            source: "device",
            role: None,
        };
        let both = |(channel, publish, subscribe)| {
            [line(channel, "publish", "write", publish), line(channel, "subscribe", "read", subscribe)]
        };
        let rules = rights.channels().flat_map(both).collect();
        let default =
            Default { rule: DEFAULT, publish: false, read: false, subscribe: false, unsubscribe: true };
        Some(json(&InForce { account, client, device: Some(device), rules, default }))
    }

    fn rules_in_force(&self, account: &str, is_named: bool, client: &str) -> Vec<u8> {
        let user_name = is_named.then_some(account);
        let bindings = self.gate.bindings(user_name, client);
        let default = self.default_of(bindings.is_some());
        let is_open = self.gate.access().has_dynamic_security();
        let of_roles = is_open.then(|| self.dynsec.told(user_name, client)).into_iter().flatten();
        let of_roles = of_roles.map(|it| Line {
            rule: it.name.to_owned(),
            text: format!("{} {} {}", it.kind.as_str(), it.written, if it.allow { "allow" } else { "deny" })
                .into(),
            topic: it.topic.as_str().to_owned(),
            action: it.kind.action(),
            allow: it.allow,
            source: "dynamic-security",
            role: Some(OfRole {
                acltype: it.kind.as_str(),
                priority: it.priority,
                role: it.role,
                group: it.group,
            }),
        });
        let of_file = bindings.into_iter().flatten().map(|it| Line {
            rule: self.gate.place(it.line),
            text: it.text.into(),
            topic: it.filter.as_str().to_owned(),
            action: match it.access {
                acl::Access::Read => "read",
                acl::Access::Write => "write",
                acl::Access::ReadWrite | acl::Access::Deny => "readwrite",
            },
            allow: it.access != acl::Access::Deny,
            source: "acl_file",
            role: None,
        });
        let rules = self.rules_of_channels(account).into_iter().chain(of_roles).chain(of_file).collect();
        json(&InForce { account, client, device: None, rules, default })
    }

    /// What is judged before all other rules: an account's own channels, and no others.
    fn rules_of_channels(&self, account: &str) -> Vec<Line<'static>> {
        if !self.gate.has_devices() {
            return Vec::new();
        }
        let rights = self.devices.rights_of_account(account);
        let line = |rule: String, text: String, topic: String, allow| Line {
            rule,
            text: text.into(),
            topic,
            action: "readwrite",
            allow,
            source: "channel",
            role: None,
        };
        let own = rights.channels().map(|(channel, ..)| {
            let (rule, topic) = (format!("channel:{channel}"), format!("channels/{channel}/#"));
            line(rule, format!("channel {channel} is the account's"), topic, true)
        });
        let mut lines: Vec<_> = own.collect();
        if !lines.is_empty() {
            let text = "all other channels are not the account's";
            lines.push(line("channels".to_owned(), text.to_owned(), "channels/#".to_owned(), false));
        }
        lines
    }

    fn default_of(&self, has_file: bool) -> Default {
        let given = self.dynsec.default_access();
        let (publish, read, subscribe, unsubscribe) = if has_file {
            (false, false, false, true)
        } else if self.gate.access().has_dynamic_security() {
            (given.send, given.receive, given.subscribe, given.unsubscribe)
        } else {
            (true, true, true, true)
        };
        Default { rule: DEFAULT, publish, read, subscribe, unsubscribe }
    }
}

fn json(it: &InForce<'_>) -> Vec<u8> {
    serde_json::to_vec(it).expect("text and flags")
}
