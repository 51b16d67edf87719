//! Access rules in the grammar of Mosquitto's `acl_file`.
//!
//! ```text
//! # rules above the first `user` are for clients without a User Name
//! topic read news/#
//! user admin
//! topic readwrite chat/#
//! topic deny chat/secret
//! pattern write chat/status/%u
//! ```
//!
//! `topic` and `pattern` take `read`, `write`, `readwrite` (the default) or `deny`; `%u` is the User Name and `%c`, also
//! `%s`, the Client Identifier, in `pattern` rules, which are for everybody. `deny` is judged first; what no rule
//! allows is denied.

use crate::cover::{covers, overlap};
use headcount_mqtt::{TopicFilter, TopicName};
use std::collections::BTreeMap;

/// A file of rules.
#[derive(Debug, Default)]
pub(crate) struct Acl {
    anonymous: Vec<Rule>,
    users: BTreeMap<String, Section>,
    patterns: Vec<Rule>,
    /// The line behind the last: where a section for a user without one would stand.
    end: u32,
}

#[derive(Debug, Default)]
struct Section {
    /// Of its `user` line.
    line: u32,
    rules: Vec<Rule>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    access: Access,
    filter: String,
    line: u32,
    /// The line as it stands in the file.
    text: Box<str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
    ReadWrite,
    Deny,
}

/// The rules that concern one client, with its names filled in. Denials come first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rules {
    rules: Vec<(Access, TopicFilter, u32)>,
    home: u32,
}

/// What refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The rule of this line.
    By(u32),
    /// No rule, as none allows. The line at which one would have to stand: the client's `user` line, 1 for clients
    /// without a name, or the line behind the last where a user has no section.
    ByNone(u32),
}

/// A rule as it binds one client.
#[derive(Debug)]
pub(crate) struct Binding<'a> {
    pub(crate) line: u32,
    pub(crate) text: &'a str,
    pub(crate) access: Access,
    /// With the client's names.
    pub(crate) filter: TopicFilter,
}

/// Everything that is wrong with rules in the grammar of Mosquitto's `acl_file`, each as `line:column: sentence`.
pub fn rule_mistakes(text: &str) -> Vec<String> {
    Acl::read(text).1
}

/// How many rules a text in the same grammar holds.
pub fn rule_count(text: &str) -> usize {
    let acl = Acl::read(text).0;
    let of_users: usize = acl.users.values().map(|section| section.rules.len()).sum();
    acl.anonymous.len() + acl.patterns.len() + of_users
}

impl Acl {
    /// Reads rules.
    ///
    /// # Errors
    /// A sentence with `name:line:column`, of the first mistake.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, String> {
        let (acl, mistakes) = Self::read(text);
        mistakes.first().map_or(Ok(acl), |mistake| Err(format!("{name}:{mistake}")))
    }

    /// The rules that can be read, and the mistakes in the others.
    fn read(text: &str) -> (Self, Vec<String>) {
        let mut acl = Self::default();
        let mut user: Option<String> = None;
        let mut mistakes = Vec::new();
        for (line, text) in (1..).zip(text.lines()) {
            acl.end = line;
            if let Err(error) = acl.line(line, text.trim(), &mut user) {
                let column = text.chars().take_while(|c| c.is_whitespace()).count() + 1;
                mistakes.push(format!("{line}:{column}: {error}"));
            }
        }
        acl.end += 1;
        (acl, mistakes)
    }

    fn line(&mut self, line: u32, text: &str, user: &mut Option<String>) -> Result<(), String> {
        if text.is_empty() || text.starts_with('#') {
            return Ok(());
        }
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let rest = rest.trim();
        match word {
            "user" if rest.is_empty() => Err("`user` wants a name behind it".to_owned()),
            "user" => {
                self.users.entry(rest.to_owned()).or_insert_with(|| Section { line, rules: Vec::new() });
                *user = Some(rest.to_owned());
                Ok(())
            }
            "topic" => {
                let rule = rule(line, text, rest)?;
                let rules = match user {
                    Some(user) => &mut self.users.get_mut(user).expect("entered by its line").rules,
                    None => &mut self.anonymous,
                };
                rules.push(rule);
                Ok(())
            }
            "pattern" => {
                self.patterns.push(rule(line, text, rest)?);
                Ok(())
            }
            other => {
                Err(format!("`{other}` is no rule; a line begins with `user`, `topic`, `pattern` or `#`"))
            }
        }
    }

    /// The rules for a client with this User Name, where it has one, and Client Identifier.
    pub(crate) fn rules(&self, user: Option<&str>, client_id: &str) -> Rules {
        let section = user.and_then(|user| self.users.get(user));
        let home = match user {
            Some(_) => section.map_or(self.end, |section| section.line),
            None => 1,
        };
        let bindings = self.bindings(user, client_id).into_iter();
        Rules { rules: bindings.map(|it| (it.access, it.filter, it.line)).collect(), home }
    }

    /// The same rules as they stand in the file, in the order in which they are judged.
    pub(crate) fn bindings(&self, user: Option<&str>, client_id: &str) -> Vec<Binding<'_>> {
        let section = user.and_then(|user| self.users.get(user));
        let own = match user {
            Some(_) => section.map_or(&[][..], |section| &section.rules),
            None => &self.anonymous,
        };
        let own = own.iter().map(|rule| (rule, Some(rule.filter.clone())));
        // As in Mosquitto, patterns allow nothing to a client whose names hold wildcards, those without a name in them
        // included: whoever chose such a name tries something.
        let wild = |name: &str| name.contains(['+', '#']);
        let is_suspect = wild(client_id) || user.is_some_and(wild);
        let patterns = self
            .patterns
            .iter()
            .filter(move |rule| rule.access == Access::Deny || !is_suspect)
            .map(|rule| (rule, filled(&rule.filter, rule.access == Access::Deny, user, client_id)));
        let mut bindings: Vec<_> = own
            .chain(patterns)
            .filter_map(|(rule, filter)| {
                let filter = TopicFilter::try_from(filter?).ok()?;
                Some(Binding { line: rule.line, text: &rule.text, access: rule.access, filter })
            })
            .collect();
        bindings.sort_by_key(|it| it.access != Access::Deny);
        bindings
    }
}

impl Rules {
    /// Whether the client may publish to this topic.
    pub(crate) fn may_write(&self, topic: &TopicName) -> Result<(), Refused> {
        self.judge(topic, Access::Write)
    }

    /// Whether a message of this topic may be delivered to the client.
    pub(crate) fn may_read(&self, topic: &TopicName) -> Result<(), Refused> {
        self.judge(topic, Access::Read)
    }

    /// Whether there can be a message of this filter that the client may read: a filter wider than a rule is fine, one
    /// beside all of them is denied, so that nobody waits for what never comes.
    pub(crate) fn may_subscribe(&self, filter: &TopicFilter) -> Result<(), Refused> {
        for (access, rule, line) in &self.rules {
            match access {
                Access::Deny if covers(rule, filter) => return Err(Refused::By(*line)),
                Access::Read | Access::ReadWrite if overlap(rule, filter) => return Ok(()),
                _ => {}
            }
        }
        Err(Refused::ByNone(self.home))
    }

    fn judge(&self, topic: &TopicName, wanted: Access) -> Result<(), Refused> {
        for (access, filter, line) in &self.rules {
            let speaks = *access == wanted || matches!(access, Access::Deny | Access::ReadWrite);
            if speaks && filter.matches(topic) {
                return if *access == Access::Deny { Err(Refused::By(*line)) } else { Ok(()) };
            }
        }
        Err(Refused::ByNone(self.home))
    }
}

fn rule(line: u32, whole: &str, text: &str) -> Result<Rule, String> {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or(("", text));
    let access = match word {
        "" | "readwrite" => Access::ReadWrite,
        "read" => Access::Read,
        "write" => Access::Write,
        "deny" => Access::Deny,
        other => return Err(format!("`{other}` is no access; use `read`, `write`, `readwrite` or `deny`")),
    };
    let filter = rest.trim();
    let parsed =
        TopicFilter::try_from(filter).map_err(|error| format!("`{filter}` is no filter: {error}"))?;
    if parsed.shared().is_some() {
        return Err(format!("`{filter}`: rules speak of topics, write the filter behind `$share/{{name}}/`"));
    }
    Ok(Rule { access, filter: filter.to_owned(), line, text: whole.into() })
}

/// A pattern with the client's names; `None` where it speaks of a name that the client does not have, or where it allows
/// something and the name would add levels to it. A name that adds levels to a denial denies no more than it says.
pub(crate) fn filled(pattern: &str, denies: bool, user: Option<&str>, client_id: &str) -> Option<String> {
    let mut filter = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(at) = rest.find('%') {
        filter.push_str(&rest[..at]);
        let name = match rest.as_bytes().get(at + 1) {
            Some(b'u') => user?,
            Some(b'c' | b's') => client_id,
            _ => {
                filter.push('%');
                rest = &rest[at + 1..];
                continue;
            }
        };
        if !denies && name.contains('/') {
            return None;
        }
        filter.push_str(name);
        rest = &rest[at + 2..];
    }
    filter.push_str(rest);
    Some(filter)
}

#[cfg(test)]
mod tests {
    use super::Acl;

    #[test]
    fn errors_name_file_and_line() {
        for (text, error) in [
            ("user", "acl:1:1: `user` wants a name behind it"),
            (
                "\ntopics a",
                "acl:2:1: `topics` is no rule; a line begins with `user`, `topic`, `pattern` or `#`",
            ),
            ("topic reads a", "acl:1:1: `reads` is no access; use `read`, `write`, `readwrite` or `deny`"),
            ("# x\npattern read a/#/b", "acl:2:1: `a/#/b` is no filter: # must fill the last level"),
            ("topic", "acl:1:1: `` is no filter: empty"),
            (
                "topic read $share/g/a",
                "acl:1:1: `$share/g/a`: rules speak of topics, write the filter behind `$share/{name}/`",
            ),
        ] {
            assert_eq!(Acl::parse("acl", text).map(|_| ()), Err(error.to_owned()));
        }
    }
}
