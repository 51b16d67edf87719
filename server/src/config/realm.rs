//! A realm's table.

use super::account_limits::{self, AccountLimitsTable};
use super::address::address;
use super::emitter;
use super::error::{ConfigError, Source};
use super::guard::{Problem, Sources, acl_path};
use super::limits::LimitsTable;
use super::listener::{ListenerConfig, ListenerTable};
use super::period::{Period, period};
use crate::accounts::Accounts;
use crate::door::DoorLimits;
use crate::password::{Entry, Hash};
use headcount_broker::Config as BrokerConfig;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::time::Duration;
use toml::Spanned;

/// Seconds. 10, as Mosquitto.
const SYS_INTERVAL: u64 = 10;

/// A realm, checked.
#[derive(Debug)]
pub(crate) struct RealmConfig {
    /// Where its TCP clients come in.
    pub(crate) listeners: Vec<ListenerConfig>,
    /// Where the HTTP listener takes its WebSocket clients.
    pub(crate) websocket_paths: Vec<String>,
    pub(crate) accounts: Accounts,
    /// Where accounts and rules come from.
    pub(crate) sources: Sources,
    pub(crate) door: DoorLimits,
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
    administrators: Option<Spanned<Vec<String>>>,
    dynamic_security: Option<Spanned<bool>>,
    devices: Option<Spanned<bool>>,
    emitter_keys: Option<Vec<Spanned<String>>>,
    acl_file: Option<Spanned<String>>,
    password_file: Option<Spanned<String>>,
    sys_interval: Option<Spanned<Period>>,
    #[serde(default)]
    accounts: BTreeMap<String, String>,
    #[serde(default)]
    limits: LimitsTable,
    #[serde(default)]
    account_limits: BTreeMap<String, AccountLimitsTable>,
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
        let mut limits = self.limits.check(source);
        let (everybody, account_limits) = account_limits::check(source, &self.account_limits, limits.account);
        limits.account = everybody;
        let door = self.limits.door(source);
        let sys_interval = period(source, "sys_interval", self.sys_interval.as_ref(), 0..=86_400);
        let sys_interval = sys_interval.unwrap_or(SYS_INTERVAL);
        let sys_interval = (sys_interval > 0).then(|| Duration::from_secs(sys_interval));
        let observers = match self.observers {
            Some(Observers::Everybody(Everybody::Everybody)) => None,
            Some(Observers::Accounts(accounts)) => Some(accounts),
            None => Some(Vec::new()),
        };
        if let Some(names) = self.administrators.as_ref().filter(|names| !names.get_ref().is_empty())
            && self.trust_user_names
        {
            let sentence = "administrators: anybody could use such a name; take trust_user_names away";
            return Err(source.error(&names.span(), sentence));
        }
        if let Some(on) = self.dynamic_security.as_ref().filter(|on| *on.get_ref())
            && self.trust_user_names
        {
            let sentence = "dynamic_security: anybody could use any name; take trust_user_names away";
            return Err(source.error(&on.span(), sentence));
        }
        if let Some(on) = self.devices.as_ref().filter(|on| *on.get_ref())
            && self.trust_user_names
        {
            let sentence = "devices: anybody could use any device's name; take trust_user_names away";
            return Err(source.error(&on.span(), sentence));
        }
        let is_administered = self.administrators.as_ref().is_some_and(|names| !names.get_ref().is_empty());
        if let Some(on) = self.dynamic_security.as_ref().filter(|on| *on.get_ref())
            && self.acl_file.is_none()
            && !is_administered
        {
            let sentence = "dynamic_security: nobody could use it; name administrators, or an acl_file that lets \
                            somebody write $CONTROL/dynamic-security/#";
            return Err(source.error(&on.span(), sentence));
        }
        let dynamic_security = self.dynamic_security.is_some_and(Spanned::into_inner);
        let devices = self.devices.is_some_and(Spanned::into_inner);
        let emitter_keys = self.emitter_keys.map(|keys| emitter::keys(source, keys)).transpose()?;
        let administrators = self.administrators.map(Spanned::into_inner).unwrap_or_default();
        let plain = self.accounts.iter().map(|(user_name, password)| {
            let hash = Hash::cheap(password.as_bytes())?;
            Ok(Entry { user_name: user_name.clone(), hash, line: None })
        });
        let accounts =
            plain.collect::<Result<_, String>>().map_err(|error| ConfigError::whole(source.name, &error))?;
        let sources = Sources {
            acl_name: self.acl_file.as_ref().map(|file| file.get_ref().clone()),
            acl_path: self.acl_file.as_ref().and_then(|file| acl_path(source.folder, file.get_ref())),
            password_path: self.password_file.as_ref().map(|file| source.folder.join(file.get_ref())),
            accounts,
            allow_anonymous: self.allow_anonymous,
            trust_user_names: self.trust_user_names,
            observers,
            administrators,
            dynamic_security,
            devices,
            emitter_keys,
        };
        let guard = sources.read().map_err(|problems| {
            let place = |option| if option == "acl_file" { &self.acl_file } else { &self.password_file };
            let errors = problems.into_iter().map(|problem| match problem {
                Problem::File(option, sentence) => {
                    let span = place(option).as_ref().map_or(0..0, Spanned::span);
                    let advice = "write the file or take the line away";
                    source.error(&span, &format!("{option}: {sentence}; {advice}"))
                }
                Problem::Line(sentence) => ConfigError::elsewhere(sentence),
            });
            ConfigError::all(errors.collect()).expect("at least one problem")
        })?;
        Ok(RealmConfig {
            listeners,
            websocket_paths: self.websocket_paths.into_iter().map(Spanned::into_inner).collect(),
            accounts: guard.accounts,
            sources,
            door,
            broker: BrokerConfig {
                realm: name,
                access: guard.access,
                limits,
                account_limits,
                durable: false,
                sys_interval,
                random: crate::password::fill_random,
            },
        })
    }
}
