//! `headcount check`: reads everything that a start would read, and says what is wrong with it.

use crate::config::{Config, RealmConfig};
use clap::Args;
use std::fmt::Write;
use std::path::PathBuf;

/// Check the configuration with its rules and passwords
///
/// Prints every problem with file, line, column and what to do, or else what was found. Nothing is opened. The exit
/// status is 0 where the broker would start with it, and 1 where it would not.
#[derive(Debug, Clone, Args)]
pub(crate) struct CheckArgs {
    /// Configuration file; without it, the embedded default is checked
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl CheckArgs {
    /// Prints what was found.
    ///
    /// # Errors
    /// All problems, a line each, and their number.
    pub(crate) fn run(&self) -> Result<(), String> {
        let config = Config::load(self.config.as_deref()).map_err(|error| {
            let problems = error.sentences();
            let number = problems.len();
            let word = if number == 1 { "problem" } else { "problems" };
            format!("{number} {word}\n{}", problems.join("\n"))
        })?;
        let mut text = String::new();
        for http in &config.http {
            let _ = writeln!(text, "page and WebSocket on {}", http.listener.listen);
        }
        for realm in &config.realms {
            text.push_str(&realm_line(realm));
        }
        crate::print(&text)
    }
}

fn realm_line(realm: &RealmConfig) -> String {
    let access = &realm.broker.access;
    let mut listeners: Vec<_> = realm.listeners.iter().map(|it| it.listen.to_string()).collect();
    listeners.extend(realm.websocket_paths.iter().cloned());
    let mut who = vec![counted(realm.accounts.len(), "account")];
    if access.trust_user_names {
        who = vec!["any user name without a password".to_owned()];
    }
    if access.allow_anonymous {
        who.push("anonymous clients".to_owned());
    }
    let dynamic = if access.dynamic_security { "; dynamic security" } else { "" };
    let devices = if access.devices { "; devices" } else { "" };
    let rules = match &access.acl {
        Some(acl) => format!("{} of {}", counted(headcount_broker::rule_count(acl), "rule"), access.acl_name),
        None if access.dynamic_security => "no rule file".to_owned(),
        None => "no rules: everything is allowed".to_owned(),
    };
    format!(
        "realm {}: listens on {}; lets in {}; {rules}{dynamic}{devices}\n",
        realm.broker.realm,
        listeners.join(", "),
        who.join(" and ")
    )
}

fn counted(count: usize, what: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {what}{ending}")
}
