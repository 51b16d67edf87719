//! A realm's table.

use super::CHAT_ACL;
use super::error::{ConfigError, Source};
use super::file::address;
use super::limits::LimitsTable;
use super::listener::{ListenerConfig, ListenerTable};
use crate::accounts::Accounts;
use headcount_broker::{Access, Config as BrokerConfig};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use toml::Spanned;

/// A realm, checked.
#[derive(Debug)]
pub(crate) struct RealmConfig {
    /// Where its TCP clients come in.
    pub(crate) listeners: Vec<ListenerConfig>,
    /// Where the HTTP listener takes its WebSocket clients.
    pub(crate) websocket_paths: Vec<String>,
    pub(crate) accounts: Accounts,
    /// What the core is told.
    pub(crate) broker: BrokerConfig,
}

/// `[[realm]]`, as written. Options that Mosquitto has bear its names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RealmTable {
    name: Spanned<String>,
    #[serde(default)]
    listen: Vec<Spanned<String>>,
    #[serde(default)]
    listener: Vec<ListenerTable>,
    #[serde(default)]
    websocket_paths: Vec<Spanned<String>>,
    #[serde(default)]
    allow_anonymous: bool,
    #[serde(default)]
    trust_user_names: bool,
    observers: Option<Observers>,
    acl_file: Option<Spanned<String>>,
    #[serde(default)]
    accounts: BTreeMap<String, String>,
    #[serde(default)]
    limits: LimitsTable,
}

/// Who sees the events of every account.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "observers: write \"everybody\", or a list of user names: [\"admin\"]")]
enum Observers {
    Everybody(Everybody),
    Accounts(Vec<String>),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Everybody {
    Everybody,
}

impl RealmTable {
    /// What no two realms may share.
    pub(super) fn check_unique<'a>(
        &'a self,
        source: &Source<'_>,
        has_http: bool,
        names: &mut HashMap<&'a str, Range<usize>>,
        paths: &mut HashMap<&'a str, Range<usize>>,
    ) -> Result<(), ConfigError> {
        if names.insert(self.name.get_ref(), self.name.span()).is_some() {
            let sentence = format!("name: there is already a realm `{}`; rename one", self.name.get_ref());
            return Err(source.error(&self.name.span(), &sentence));
        }
        for path in &self.websocket_paths {
            let text = path.get_ref();
            let mistake = if !has_http {
                Some("needs the HTTP listener; add an [http] table, or take the path away".to_owned())
            } else if !text.starts_with('/') || text.contains(['?', '#', ' ']) {
                Some(format!("`{text}` is not a path; write it with a slash in front: /mqtt"))
            } else if paths.insert(text, path.span()).is_some() {
                Some(format!("`{text}` already leads to a realm; a path leads to one"))
            } else {
                None
            };
            if let Some(mistake) = mistake {
                return Err(source.error(&path.span(), &format!("websocket_paths: {mistake}")));
            }
        }
        Ok(())
    }

    pub(super) fn check(self, source: &Source<'_>) -> Result<RealmConfig, ConfigError> {
        let name = self.name.get_ref().clone();
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            let sentence = format!("name: `{name}` is not a realm's name; use letters, digits and `-`");
            return Err(source.error(&self.name.span(), &sentence));
        }
        let plain = self.listen.iter().map(|text| address(source, text).map(ListenerConfig::plain));
        let full = self.listener.into_iter().map(|table| table.check(source));
        let listeners = plain.chain(full).collect::<Result<_, _>>()?;
        let limits = self.limits.check(source)?;
        let acl = self.acl_file.as_ref().map(|file| acl(source, file)).transpose()?;
        let observers = match self.observers {
            Some(Observers::Everybody(Everybody::Everybody)) => None,
            Some(Observers::Accounts(accounts)) => Some(accounts),
            None => Some(Vec::new()),
        };
        let access = Access {
            allow_anonymous: self.allow_anonymous,
            trust_user_names: self.trust_user_names,
            observers,
            acl,
            acl_name: self
                .acl_file
                .map(|file| file.into_inner().trim_start_matches(':').to_owned())
                .unwrap_or_default(),
        };
        let accounts =
            Accounts::new(self.accounts.iter().map(|(name, password)| (name.as_str(), password.as_str())));
        Ok(RealmConfig {
            listeners,
            websocket_paths: self.websocket_paths.into_iter().map(Spanned::into_inner).collect(),
            accounts,
            broker: BrokerConfig { realm: name, access, limits, durable: false },
        })
    }
}

/// The text of an access rule file.
fn acl(source: &Source<'_>, file: &Spanned<String>) -> Result<String, ConfigError> {
    if file.get_ref() == ":chat.acl" {
        return Ok(CHAT_ACL.to_owned());
    }
    let path = source.folder.join(file.get_ref());
    std::fs::read_to_string(&path).map_err(|error| {
        let sentence = format!(
            "acl_file: {} cannot be read: {error}; write the file or take the line away",
            path.display()
        );
        source.error(&file.span(), &sentence)
    })
}
