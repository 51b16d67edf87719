//! An account as one client uses it, and who may read the topics that the broker itself publishes to.

use crate::acl::{Acl, Binding, Refused, Rules};
use crate::{Access, AccountLimits, Config, owned};
use headcount_mqtt::{Text, TopicFilter, TopicName};
use std::collections::BTreeMap;

/// The account of clients without a User Name.
pub(crate) const ANONYMOUS: &str = "anonymous";

/// Whose a client is and what it may do.
#[derive(Debug)]
pub(crate) struct Account {
    /// The User Name, or `anonymous`.
    pub(crate) name: Text,
    /// The name as one level of a topic.
    pub(crate) level: String,
    named: bool,
    observer: bool,
    pub(crate) administrator: bool,
    rules: Option<Rules>,
    pub(crate) limits: AccountLimits,
}

/// Who refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denial {
    /// The broker alone publishes to system topics.
    SystemTopicWritten,
    /// Others' system topics are for observers.
    SystemTopicRead,
    /// Others' clients and messages are for administrators.
    Administration,
    /// A rule of the realm's file, by its line.
    Rule(u32),
    /// No rule allows it; the line at which one would have to stand.
    NoRule(u32),
}

impl From<Refused> for Denial {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::By(line) => Self::Rule(line),
            Refused::ByNone(line) => Self::NoRule(line),
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

/// Who may read a system topic.
#[derive(Debug, PartialEq, Eq)]
enum Readers<'a> {
    Everybody,
    Observers,
    /// The account of this level, and observers.
    Account(&'a [u8]),
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

    /// The account of a client that was let in.
    pub(crate) fn account(&self, user_name: Option<&Text>, client_id: &Text) -> Account {
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
            rules: self.acl.as_ref().map(|acl| acl.rules(user_name.map(Text::as_str), client_id.as_str())),
            name,
        }
    }

    /// The same client under the rules of this gate.
    pub(crate) fn renewed(&self, account: &Account, client_id: &Text) -> Account {
        self.account(account.user_name(), client_id)
    }

    /// A denial's rule as `file:line`; [`DEFAULT`] where no rule allows it.
    pub(crate) fn rule(&self, denial: Denial) -> String {
        match denial {
            Denial::SystemTopicWritten => "built-in:1".to_owned(),
            Denial::SystemTopicRead => "built-in:2".to_owned(),
            Denial::Administration => "built-in:3".to_owned(),
            Denial::Rule(line) => self.place(line),
            Denial::NoRule(_) => DEFAULT.to_owned(),
        }
    }

    /// The end of a sentence for people: which rule denies.
    pub(crate) fn denied_by(&self, denial: Denial) -> String {
        let rule = self.rule(denial);
        match denial {
            Denial::NoRule(line) => {
                format!("denied by {rule}; no rule allows it, one would stand at {}", self.place(line))
            }
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
    /// The User Name, where the client has one.
    pub(crate) fn user_name(&self) -> Option<&Text> {
        self.named.then_some(&self.name)
    }

    /// Whether this client may publish there.
    pub(crate) fn may_publish(&self, topic: &TopicName) -> Result<(), Denial> {
        if is_system(topic) {
            return Err(Denial::SystemTopicWritten);
        }
        self.rules.as_ref().map_or(Ok(()), |rules| rules.may_write(topic).map_err(Denial::from))
    }

    /// Whether a message of this topic may be delivered to this client.
    pub(crate) fn may_read(&self, topic: &TopicName) -> bool {
        match readers(topic.as_bytes()) {
            Some(readers) => self.is_among(&readers),
            None => self.rules.as_ref().is_none_or(|rules| rules.may_read(topic).is_ok()),
        }
    }

    /// Whether this client may subscribe to a filter: not to one that speaks of nothing it may read. What a wider
    /// filter catches is judged message by message.
    pub(crate) fn may_subscribe(&self, filter: &TopicFilter) -> Result<(), Denial> {
        if let Some(readers) = readers_of_filter(filter) {
            return if self.is_among(&readers) { Ok(()) } else { Err(Denial::SystemTopicRead) };
        }
        let rules = match &self.rules {
            // What the account reads by the contract needs no rule in a file.
            Some(rules) if !catches_system_topics(filter) => rules,
            _ => return Ok(()),
        };
        rules.may_subscribe(filter).map_err(Denial::from)
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

/// Whether the broker alone publishes there.
pub(crate) fn is_system(topic: &TopicName) -> bool {
    readers(topic.as_bytes()).is_some()
}

/// What the broker says of an account, one of the name `journal` too.
const OF_ACCOUNTS: [&[u8]; 6] = [b"clients", b"control", b"devices", b"events", b"journal", b"rules"];

/// The readers of a topic that the broker itself publishes to; `None` for all other topics.
fn readers(topic: &[u8]) -> Option<Readers<'_>> {
    let mut levels = topic.split(|b| *b == b'/');
    match (levels.next()?, levels.next(), levels.next()) {
        (b"$SYS", ..) | (b"$headcount", None, _) => Some(Readers::Observers),
        (b"$headcount", Some(b"server"), None) => Some(Readers::Everybody),
        // Answers of the journal of all that the asker may read: they go to the asker alone.
        (b"$headcount", Some(b"journal"), Some(asker))
            if levels.next().is_none() && !OF_ACCOUNTS.contains(&asker) =>
        {
            Some(Readers::Everybody)
        }
        (b"$headcount", Some(account), _) | (account, Some(b"clients" | b"errors" | b"throttle"), None) => {
            Some(Readers::Account(account))
        }
        _ => None,
    }
}

/// The same for all that a filter catches, where that is one answer.
fn readers_of_filter(filter: &TopicFilter) -> Option<Readers<'_>> {
    let behind_share = filter.shared().map_or(filter.as_bytes(), |shared| shared.filter);
    let mut levels = behind_share.split(|b| *b == b'/');
    match (levels.next()?, levels.next(), levels.next()) {
        (b"+" | b"#", ..) | (b"$headcount", Some(b"+" | b"#"), _) => None,
        _ => readers(behind_share),
    }
}

/// Whether a filter with wildcards may catch system topics beside others.
fn catches_system_topics(filter: &TopicFilter) -> bool {
    let mut levels = filter.levels();
    match (levels.next(), levels.next(), levels.next()) {
        (Some(b"$headcount" | b"#"), ..) | (_, Some(b"#"), _) => true,
        (_, Some(b"+" | b"clients" | b"errors" | b"throttle"), rest) => {
            rest.is_none_or(|level| level == b"#")
        }
        _ => false,
    }
}

/// An account's name as one level of a topic. A `$` in front would make a topic of the broker's own.
pub(crate) fn level(name: &str) -> String {
    match name.strip_prefix('$') {
        Some(rest) => format!("%24{}", percent_encoded(rest)),
        None => percent_encoded(name),
    }
}

/// A name without `/`, `+` and `#`, and without `%`, so that two names never meet.
pub(crate) fn percent_encoded(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '/' => encoded.push_str("%2F"),
            '+' => encoded.push_str("%2B"),
            '#' => encoded.push_str("%23"),
            '%' => encoded.push_str("%25"),
            c => encoded.push(c),
        }
    }
    encoded
}

/// The name that a level of a topic stands for; what was encoded by nobody stays as it is.
pub(crate) fn percent_decoded(level: &str) -> String {
    let mut decoded = String::with_capacity(level.len());
    let mut rest = level;
    while let Some(at) = rest.find('%') {
        decoded.push_str(&rest[..at]);
        let known = ["%2F", "%2B", "%23", "%25", "%24"].into_iter().zip(["/", "+", "#", "%", "$"]);
        let found = known.into_iter().find(|(code, _)| rest[at..].starts_with(code));
        let (code, text) = found.unwrap_or(("%", "%"));
        decoded.push_str(text);
        rest = &rest[at + code.len()..];
    }
    decoded.push_str(rest);
    decoded
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

#[cfg(test)]
mod tests {
    use super::{Readers, level, percent_decoded, readers};

    #[test]
    fn names_become_one_level() {
        for (name, expected) in
            [("alice", "alice"), ("a/b+c#d%", "a%2Fb%2Bc%23d%25"), ("$SYS", "%24SYS"), ("a$", "a$"), ("", "")]
        {
            assert_eq!(level(name), expected);
            assert_eq!(percent_decoded(expected), name);
        }
    }

    #[test]
    fn system_topics_have_their_readers() {
        for (topic, expected) in [
            ("alice/clients", Some(Readers::Account(b"alice"))),
            ("alice/throttle", Some(Readers::Account(b"alice"))),
            ("alice/clients/x", None),
            ("clients", None),
            ("a/b/clients", None),
            ("$headcount/server", Some(Readers::Everybody)),
            ("$headcount/server/events", Some(Readers::Account(b"server"))),
            ("$headcount/alice/clients/x", Some(Readers::Account(b"alice"))),
            ("$headcount/journal/a-client", Some(Readers::Everybody)),
            ("$headcount/journal/events", Some(Readers::Account(b"journal"))),
            ("$headcount/journal/clients/x", Some(Readers::Account(b"journal"))),
            ("$headcount", Some(Readers::Observers)),
            ("$SYS/uptime", Some(Readers::Observers)),
            ("$other/x", None),
        ] {
            assert_eq!(readers(topic.as_bytes()), expected, "{topic}");
        }
    }
}
