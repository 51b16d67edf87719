//! An account as one client uses it.

use crate::acl::{Acl, Binding, Refused, Rules};
use crate::devices::{Badge, Devices, Rights};
use crate::dynsec::{self, Judge, Registry};
use crate::system::{Readers, catches_system_topics, is_system, level, readers, readers_of_filter};
use crate::{Access, AccountLimits, Config, owned};
use headcount_mqtt::{Text, TopicFilter, TopicName};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The account of clients without a User Name.
pub(crate) const ANONYMOUS: &str = "anonymous";

/// Whose a client is and what it may do.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    /// The User Name, or `anonymous`.
    pub(crate) name: Text,
    /// The name as one level of a topic.
    pub(crate) level: String,
    named: bool,
    observer: bool,
    pub(crate) administrator: bool,
    /// Of the file.
    rules: Option<Arc<Rules>>,
    /// Of dynamic security, where it is open.
    judge: Option<Box<Judge>>,
    /// In channels, where the realm has devices.
    rights: Option<Arc<Rights>>,
    pub(crate) limits: AccountLimits,
}

/// Who refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Denial {
    /// The broker alone publishes to system topics.
    SystemTopicWritten,
    /// Others' system topics are for observers.
    SystemTopicRead,
    /// Others' clients and messages are for administrators.
    Administration,
    /// A key for channels does not do; why.
    ChannelKey(Cow<'static, str>),
    /// A rule of the realm's file, by its line.
    Rule(u32),
    /// A rule of a role, by its name.
    Role(Arc<str>),
    /// The owner of a channel, or what a device was given, by a name, and in words.
    Channel { rule: String, why: String },
    /// No rule allows it; the line of the file, where there is one, at which one would have to stand.
    NoRule(Option<u32>),
}

impl From<Refused> for Denial {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::By(line) => Self::Rule(line),
            Refused::ByNone(line) => Self::NoRule(Some(line)),
        }
    }
}

/// The rule that refuses where no rule allows.
pub(crate) const DEFAULT: &str = "default";

/// A realm's access rules, ready to be asked.
#[derive(Debug)]
pub(crate) struct Gate {
    access: Access,
    acl: Option<Acl>,
    /// Of every account that has none of its own.
    limits: AccountLimits,
    own_limits: BTreeMap<String, AccountLimits>,
}

impl Gate {
    pub(crate) fn new(config: &Config) -> Result<Self, String> {
        let access = config.access.clone();
        let acl = access.acl.as_deref().map(|text| Acl::parse(&access.acl_name, text)).transpose()?;
        Ok(Self { access, acl, limits: config.limits.account, own_limits: config.account_limits.clone() })
    }

    pub(crate) fn access(&self) -> &Access {
        &self.access
    }

    /// Whether accounts have devices.
    pub(crate) fn has_devices(&self) -> bool {
        self.access.has_devices()
    }

    /// The account of a client that was let in.
    pub(crate) fn account(
        &self,
        user_name: Option<&Text>,
        client_id: &Text,
        dynsec: &Registry,
        devices: &Devices,
    ) -> Account {
        if let Some((owner, rights)) = user_name.and_then(|name| devices.rights_of_device(name)) {
            return self.device(owner, rights);
        }
        let name =
            user_name.map_or_else(|| Text::try_from(ANONYMOUS).expect("a UTF-8 Encoded String"), owned::text);
        Account {
            level: level(name.as_str()),
            named: user_name.is_some(),
            observer: self
                .access
                .observers
                .as_ref()
                .is_none_or(|names| names.iter().any(|it| it.as_bytes() == name.as_bytes())),
            administrator: user_name.is_some_and(|name| {
                self.access.administrators.iter().any(|it| it.as_bytes() == name.as_bytes())
            }),
            limits: self.own_limits.get(name.as_str()).copied().unwrap_or(self.limits),
            rules: self
                .acl
                .as_ref()
                .map(|acl| Arc::new(acl.rules(user_name.map(Text::as_str), client_id.as_str()))),
            judge: self.judge(user_name, client_id, dynsec),
            rights: self.has_devices().then(|| devices.rights_of_account(name.as_str())),
            name,
        }
    }

    /// A device's connection is its owner's, with none of the owner's rights.
    fn device(&self, owner: &str, rights: Arc<Rights>) -> Account {
        Account {
            name: Text::try_from(owner).expect("it was a User Name"),
            level: level(owner),
            named: true,
            observer: false,
            administrator: false,
            limits: self.own_limits.get(owner).copied().unwrap_or(self.limits),
            rules: None,
            judge: None,
            rights: Some(rights),
        }
    }

    /// The same client where the rules of dynamic security alone have changed.
    pub(crate) fn rejudged(&self, account: &Account, client_id: &Text, dynsec: &Registry) -> Account {
        Account { judge: self.judge(account.user_name(), client_id, dynsec), ..account.clone() }
    }

    fn judge(&self, user_name: Option<&Text>, client_id: &Text, dynsec: &Registry) -> Option<Box<Judge>> {
        let is_open = self.access.has_dynamic_security();
        is_open.then(|| Box::new(dynsec.judge(user_name.map(Text::as_str), client_id.as_str())))
    }

    /// A denial's rule as `file:line`; [`DEFAULT`] where no rule allows it.
    pub(crate) fn rule(&self, denial: &Denial) -> String {
        match denial {
            Denial::SystemTopicWritten => "built-in:1".to_owned(),
            Denial::SystemTopicRead => "built-in:2".to_owned(),
            Denial::Administration => "built-in:3".to_owned(),
            Denial::ChannelKey(_) => "channel-key".to_owned(),
            Denial::Rule(line) => self.place(*line),
            Denial::Role(name) => name.to_string(),
            Denial::Channel { rule, .. } => rule.clone(),
            Denial::NoRule(_) => DEFAULT.to_owned(),
        }
    }

    /// The end of a sentence for people: which rule denies.
    pub(crate) fn denied_by(&self, denial: &Denial) -> String {
        let rule = self.rule(denial);
        match denial {
            Denial::NoRule(Some(line)) => {
                format!("denied by {rule}; no rule allows it, one would stand at {}", self.place(*line))
            }
            Denial::ChannelKey(why) => format!("denied by {rule}; {why}"),
            Denial::NoRule(None) => format!("denied by {rule}; no rule allows it"),
            Denial::Channel { why, .. } => format!("denied by {rule}; {why}"),
            _ => format!("denied by {rule}"),
        }
    }

    /// The file's rules that bind a client, in the order in which they are judged; `None` without a file.
    pub(crate) fn bindings(&self, user_name: Option<&str>, client_id: &str) -> Option<Vec<Binding<'_>>> {
        self.acl.as_ref().map(|acl| acl.bindings(user_name, client_id))
    }

    /// A line of the rules' file.
    pub(crate) fn place(&self, line: u32) -> String {
        format!("{}:{line}", self.access.acl_name)
    }
}

impl Account {
    /// The User Name, where the client has one; a device's is its own, and not its account's.
    pub(crate) fn user_name(&self) -> Option<&Text> {
        match self.badge() {
            Some(badge) => Some(&badge.client_id),
            None => self.named.then_some(&self.name),
        }
    }

    /// Whether the client is a device, which may do nothing but what its rights in channels say.
    pub(crate) fn is_device(&self) -> bool {
        self.badge().is_some()
    }

    /// The device's name for people.
    pub(crate) fn device_name(&self) -> Option<&str> {
        self.badge().map(|badge| badge.name.as_str())
    }

    fn badge(&self) -> Option<&Badge> {
        self.rights.as_ref()?.badge()
    }

    /// Whether rules say what this client may do.
    pub(crate) fn is_bound(&self) -> bool {
        !self.observer && (self.rules.is_some() || self.judge.is_some())
    }

    /// Whether this client may publish there.
    pub(crate) fn may_publish(&self, topic: &TopicName) -> Result<(), Denial> {
        if let Some(verdict) = self.rights.as_ref().and_then(|rights| rights.may_publish(topic)) {
            return verdict;
        }
        if is_system(topic) || self.judge.is_some() && topic.as_bytes().starts_with(dynsec::PREFIX) {
            return Err(Denial::SystemTopicWritten);
        }
        self.may_send(topic)
    }

    /// What the rules say of publishing there, whoever takes it.
    pub(crate) fn may_send(&self, topic: &TopicName) -> Result<(), Denial> {
        if let Some(verdict) = self.judge.as_ref().and_then(|judge| judge.may_send(topic)) {
            return verdict.map_err(Denial::Role);
        }
        match (&self.rules, &self.judge) {
            (Some(rules), _) => rules.may_write(topic).map_err(Denial::from),
            (None, Some(judge)) => self.by_default(topic.as_bytes(), judge.default.send),
            (None, None) => Ok(()),
        }
    }

    /// Whether a message of this topic may be delivered to this client.
    pub(crate) fn may_read(&self, topic: &TopicName) -> bool {
        if let Some(verdict) = self.rights.as_ref().and_then(|rights| rights.may_read(topic)) {
            return verdict;
        }
        if let Some(readers) = readers(topic.as_bytes()) {
            return self.is_among(&readers);
        }
        if let Some(verdict) = self.judge.as_ref().and_then(|judge| judge.may_receive(topic)) {
            return verdict.is_ok();
        }
        match (&self.rules, &self.judge) {
            (Some(rules), _) => rules.may_read(topic).is_ok(),
            (None, Some(judge)) => self.by_default(topic.as_bytes(), judge.default.receive).is_ok(),
            (None, None) => true,
        }
    }

    /// Whether this client may subscribe to a filter: not to one that speaks of nothing it may read. What a wider
    /// filter catches is judged message by message.
    pub(crate) fn may_subscribe(&self, filter: &TopicFilter) -> Result<(), Denial> {
        if let Some(verdict) = self.rights.as_ref().and_then(|rights| rights.may_subscribe(filter)) {
            return verdict;
        }
        if let Some(readers) = readers_of_filter(filter) {
            return if self.is_among(&readers) { Ok(()) } else { Err(Denial::SystemTopicRead) };
        }
        if let Some(verdict) = self.judge.as_ref().and_then(|judge| judge.may_subscribe(filter)) {
            return verdict.map_err(Denial::Role);
        }
        // What the account reads by the contract needs no rule.
        if catches_system_topics(filter) {
            return Ok(());
        }
        match (&self.rules, &self.judge) {
            (Some(rules), judge) => rules.may_subscribe(filter).or_else(|refused| match refused {
                // A role may let something through.
                Refused::ByNone(_) if judge.as_ref().is_some_and(|judge| judge.lets_hear(filter)) => Ok(()),
                refused => Err(refused.into()),
            }),
            (None, Some(judge)) => self.by_default(filter.as_bytes(), judge.default.subscribe),
            (None, None) => Ok(()),
        }
    }

    /// Whether this client may give a subscription up; files have no word on that.
    pub(crate) fn may_unsubscribe(&self, filter: &TopicFilter) -> Result<(), Denial> {
        if self.rights.as_ref().is_some_and(|rights| rights.may_subscribe(filter).is_some()) {
            return Ok(());
        }
        let Some(judge) = &self.judge else { return Ok(()) };
        match judge.may_unsubscribe(filter) {
            Some(verdict) => verdict.map_err(Denial::Role),
            None if self.rules.is_some() || readers_of_filter(filter).is_some() => Ok(()),
            None => self.by_default(filter.as_bytes(), judge.default.unsubscribe),
        }
    }

    /// In a realm without a file: default access, which never opens what administers. Administrators need no rule for
    /// that, as somebody has to make the first.
    fn by_default(&self, topic: &[u8], allow: bool) -> Result<(), Denial> {
        let allow = if topic.starts_with(dynsec::PREFIX) { self.administrator } else { allow };
        if allow { Ok(()) } else { Err(Denial::NoRule(None)) }
    }

    /// Whose events this client gets that asks for an account's, or with `None` for all that it may read: one
    /// account's, or with `Some(None)` everybody's. `None`: it may not read them.
    #[allow(clippy::option_option, reason = "nobody's, everybody's and one account's are three answers")]
    pub(crate) fn journal_of<'a>(&'a self, level: Option<&'a str>) -> Option<Option<&'a str>> {
        match level {
            _ if self.observer => Some(level),
            None => Some(Some(&self.level)),
            Some(level) => (level == self.level).then_some(Some(level)),
        }
    }

    fn is_among(&self, readers: &Readers<'_>) -> bool {
        match readers {
            Readers::Everybody => true,
            Readers::Observers => self.observer,
            Readers::Account(level) => self.observer || *level == self.level.as_bytes(),
        }
    }
}

impl Config {
    /// Whether the realm's rules can be read.
    ///
    /// # Errors
    /// A sentence with file and line.
    pub fn check(&self) -> Result<(), String> {
        Gate::new(self).map(drop)
    }
}
