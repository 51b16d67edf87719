//! The realms' rules, accounts and limits: on SIGHUP the whole configuration, and when a rule or password file changes,
//! that realm's two files.
//!
//! A reload applies as a whole or not at all: everything is read and checked first, and whatever is wrong leaves all
//! as it was and drops nobody.

use super::fixed::Fixed;
use super::{Cause, Reload};
use crate::config::{Config, Guard, RealmConfig, Sources};
use crate::realm::Realm;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The topic of the retained message that tells a realm's observers how the last reload went.
const RELOAD_TOPIC: &str = "$headcount/server/reload";

/// Reads the configuration as the command line amends it, or says all that is wrong with it.
pub(crate) type Load = Box<dyn Fn() -> Result<Config, Vec<String>> + Send + Sync>;

/// All realms with what they were made of.
pub(crate) struct Realms {
    load: Load,
    fixed: Fixed,
    running: Vec<Arc<Realm>>,
    sources: Mutex<Vec<Source>>,
}

/// Where one realm's accounts and rules come from.
pub(crate) struct Source {
    realm: String,
    sources: Sources,
    /// Of the contents that were tried last, so that a file that was only touched does nothing.
    fingerprint: u64,
}

/// `$headcount/server/reload`
#[derive(Serialize)]
struct Fact<'a> {
    /// Whether the new state holds; otherwise the old one does.
    applied: bool,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    problems: &'a [String],
    /// What was changed in the file and holds from the next start on.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    needs_restart: &'a [String],
}

impl Realms {
    /// Not complete before [`Realms::with`]; `config` is what the server starts with.
    pub(crate) fn new(config: &Config, load: Load) -> Self {
        let sources = Mutex::new(config.realms.iter().map(Source::of).collect());
        Self { load, fixed: Fixed::of(config), running: Vec::new(), sources }
    }

    /// With the running realms.
    pub(crate) fn with(self, running: Vec<Arc<Realm>>) -> Self {
        Self { running, ..self }
    }

    /// The whole configuration.
    fn everything(&self) -> Result<(), String> {
        let config = match (self.load)() {
            Ok(config) => config,
            Err(problems) => return tell(&self.running, &Fact::kept(&problems)),
        };
        let needs_restart = self.fixed.changes(&Fixed::of(&config));
        let mut sources = self.sources();
        sources.clear();
        for config in config.realms {
            sources.push(Source::of(&config));
            let Some(realm) = self.realm(&config.broker.realm) else { continue };
            realm.set_limits(config.broker.limits, config.broker.account_limits, config.door);
            realm.set_guard(Guard { access: config.broker.access, accounts: config.accounts })?;
        }
        for what in &needs_restart {
            tracing::warn!("{what} has changed; that holds from the next start on");
        }
        tell(&self.running, &Fact { needs_restart: &needs_restart, ..Fact::APPLIED })
    }

    /// The rules and passwords of each realm whose files changed.
    fn files(&self) -> Result<(), String> {
        let mut result = Ok(());
        for source in &mut *self.sources() {
            let fingerprint = source.sources.fingerprint();
            if source.fingerprint == fingerprint {
                continue;
            }
            source.fingerprint = fingerprint;
            let Some(realm) = self.realm(&source.realm) else { continue };
            let only = std::slice::from_ref(realm);
            let told = match source.sources.read() {
                Ok(guard) => realm.set_guard(guard).and_then(|()| tell(only, &Fact::APPLIED)),
                Err(problems) => {
                    let problems: Vec<_> = problems.iter().map(|it| it.sentence().to_owned()).collect();
                    tell(only, &Fact::kept(&problems))
                }
            };
            result = result.and(told);
        }
        result
    }

    fn realm(&self, name: &str) -> Option<&Arc<Realm>> {
        self.running.iter().find(|realm| realm.name() == name)
    }

    fn sources(&self) -> MutexGuard<'_, Vec<Source>> {
        self.sources.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reload for Realms {
    fn name(&self) -> String {
        "accounts, rules and limits".to_owned()
    }

    fn paths(&self) -> Vec<PathBuf> {
        self.sources().iter().flat_map(|it| it.sources.files()).map(Path::to_owned).collect()
    }

    fn reload(&self, cause: Cause) -> Result<(), String> {
        match cause {
            Cause::Signal => self.everything(),
            Cause::Files => self.files(),
        }
    }
}

impl std::fmt::Debug for Realms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Realms").field(&self.running).finish()
    }
}

impl Source {
    fn of(config: &RealmConfig) -> Self {
        let sources = config.sources.clone();
        Self { realm: config.broker.realm.clone(), fingerprint: sources.fingerprint(), sources }
    }
}

impl<'a> Fact<'a> {
    const APPLIED: Self = Self { applied: true, problems: &[], needs_restart: &[] };

    fn kept(problems: &'a [String]) -> Self {
        Self { applied: false, problems, needs_restart: &[] }
    }
}

/// Says to each realm's observers how it went. The problems are the error.
fn tell(realms: &[Arc<Realm>], fact: &Fact<'_>) -> Result<(), String> {
    let json = serde_json::to_vec(fact).expect("text alone");
    for realm in realms {
        realm.publish_fact(RELOAD_TOPIC, json.clone().into());
    }
    if fact.applied { Ok(()) } else { Err(fact.problems.join("; ")) }
}
