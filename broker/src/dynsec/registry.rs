//! Clients, groups and roles, and what a command changed of them.

use super::ranking::Ranking;
use super::role::Role;
use super::stored::SecurityItem;
use crate::SecurityLimits;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, RandomState};

/// Everything that the interface knows.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    pub(super) clients: BTreeMap<String, Client>,
    pub(super) groups: BTreeMap<String, Group>,
    pub(super) roles: BTreeMap<String, Role>,
    pub(super) general: General,
    pub(super) touched: Touched,
    /// Bytes of each item as it is stored, and of all.
    pub(super) sizes: BTreeMap<SecurityItem, usize>,
    pub(super) bytes: usize,
    /// Chooses the hash that an unknown user is compared with.
    secret: RandomState,
}

/// A client that was created, or what was added to an account of the password file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Client {
    /// Of its password; none for an account of the file, and for a client that was created without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) hash: Option<String>,
    /// The one Client Identifier that it may use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) only_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) text_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) text_description: Option<String>,
    #[serde(default)]
    pub(super) disabled: bool,
    pub(super) roles: Ranking,
    pub(super) groups: Ranking,
}

/// A group; who is in it stands with the clients.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Group {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) text_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) text_description: Option<String>,
    pub(super) roles: Ranking,
    #[serde(skip)]
    pub(super) members: BTreeSet<String>,
}

/// What belongs to nobody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct General {
    pub(super) default_access: DefaultAccess,
    /// The group of clients without a User Name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) anonymous_group: Option<String>,
}

/// What no rule speaks of, in a realm without a rule file. As Mosquitto's documentation has it: who is let in hears
/// what it was allowed to subscribe to, and says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(clippy::struct_excessive_bools, reason = "four answers to four questions")]
pub(crate) struct DefaultAccess {
    pub(crate) send: bool,
    pub(crate) receive: bool,
    pub(crate) subscribe: bool,
    pub(crate) unsubscribe: bool,
}

impl Default for DefaultAccess {
    fn default() -> Self {
        Self { send: false, receive: true, subscribe: false, unsubscribe: true }
    }
}

/// What commands changed since it was last looked at.
#[derive(Debug, Default)]
pub(super) struct Touched {
    pub(super) items: BTreeSet<SecurityItem>,
    pub(super) affected: Affected,
    /// User Names whose connections end.
    pub(super) kicked: BTreeSet<String>,
}

/// Whose rights are others than before.
#[derive(Debug, Default)]
pub(crate) struct Affected {
    pub(crate) names: BTreeSet<String>,
    /// Clients without a User Name.
    pub(crate) anonymous: bool,
    pub(crate) everybody: bool,
}

impl Affected {
    pub(crate) fn has(&self, user_name: Option<&str>) -> bool {
        self.everybody || user_name.map_or(self.anonymous, |name| self.names.contains(name))
    }

    pub(crate) fn is_nobody(&self) -> bool {
        !self.everybody && !self.anonymous && self.names.is_empty()
    }
}

/// What commands are judged by beside the registry itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct House<'a> {
    /// The password file's accounts, and where each stands.
    pub(super) accounts: &'a BTreeMap<String, String>,
    pub(super) limits: &'a SecurityLimits,
    /// Of the command's password, or why there is none.
    pub(super) hash: Option<Result<&'a str, &'a str>>,
    /// Why nothing is added, where that is so.
    pub(super) full: Option<&'static str>,
}

/// What the password of a client that dynamic security created is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// As [`Broker::handle_hashed`](crate::Broker::handle_hashed) was given it.
    pub hash: String,
    /// Whether it opens anything. Otherwise the user is unknown, and it takes time only, as a known one would.
    pub counts: bool,
}

impl Registry {
    /// What the password of a user that no file knows is compared with. An unknown one costs what a known one costs.
    pub(crate) fn comparison(&self, user_name: &str, accounts: usize) -> Option<Comparison> {
        if let Some(client) = self.clients.get(user_name) {
            return client.hash.clone().map(|hash| Comparison { hash, counts: true });
        }
        let hashes = || self.clients.values().filter_map(|client| client.hash.as_ref());
        let all = hashes().count() + accounts;
        let decoy = self.secret.hash_one(user_name) % all.max(1) as u64;
        let hash = hashes().nth(usize::try_from(decoy).ok()?)?;
        Some(Comparison { hash: hash.clone(), counts: false })
    }

    /// Whether a client of this name was created with a password.
    pub(crate) fn has_password(&self, user_name: &str) -> bool {
        self.clients.get(user_name).is_some_and(|client| client.hash.is_some())
    }

    /// Why this client may not come in, whatever its password.
    pub(crate) fn bars(&self, user_name: &str, client_id: &str) -> Option<&'static str> {
        let client = self.clients.get(user_name)?;
        if client.disabled {
            return Some("the client is disabled (dynamic security)");
        }
        let wanted = client.only_id.as_deref();
        wanted
            .is_some_and(|it| it != client_id)
            .then_some("another Client Identifier is set (dynamic security)")
    }

    /// Whether its clients may not come in.
    pub(crate) fn is_disabled(&self, user_name: &str) -> bool {
        self.clients.get(user_name).is_some_and(|client| client.disabled)
    }

    pub(crate) fn default_access(&self) -> DefaultAccess {
        self.general.default_access
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.sizes.is_empty()
    }

    /// Whether commands may speak of this client.
    pub(super) fn knows(&self, user_name: &str, house: &House<'_>) -> bool {
        self.clients.contains_key(user_name) || house.accounts.contains_key(user_name)
    }

    /// A client that is known, to be changed.
    pub(super) fn client_mut(&mut self, user_name: &str) -> &mut Client {
        self.touch_client(user_name);
        self.clients.entry(user_name.to_owned()).or_default()
    }

    pub(super) fn touch_client(&mut self, user_name: &str) {
        self.touched.items.insert(SecurityItem::Client(user_name.to_owned()));
        self.touched.affected.names.insert(user_name.to_owned());
    }

    /// A group and all that are in it.
    pub(super) fn touch_group(&mut self, name: &str) {
        self.touched.items.insert(SecurityItem::Group(name.to_owned()));
        self.affect_members(name);
    }

    fn affect_members(&mut self, name: &str) {
        if let Some(group) = self.groups.get(name) {
            self.touched.affected.names.extend(group.members.iter().cloned());
        }
        self.touched.affected.anonymous |= self.general.anonymous_group.as_deref() == Some(name);
    }

    /// A role and all that have it.
    pub(super) fn touch_role(&mut self, name: &str) {
        self.touched.items.insert(SecurityItem::Role(name.to_owned()));
        let own = self.clients.iter().filter(|(_, client)| client.roles.contains(name));
        self.touched.affected.names.extend(own.map(|(user_name, _)| user_name.clone()));
        let groups: Vec<_> = self.groups_with(name).collect();
        for group in groups {
            self.affect_members(&group);
        }
    }

    pub(super) fn groups_with(&self, role: &str) -> impl Iterator<Item = String> {
        self.groups.iter().filter(move |(_, group)| group.roles.contains(role)).map(|(name, _)| name.clone())
    }

    /// Puts a client into a group; whether it is new there. Both are known.
    pub(super) fn join(&mut self, user_name: &str, group: &str, priority: i32) -> bool {
        if !self.client_mut(user_name).groups.insert(group, priority) {
            return false;
        }
        if let Some(group) = self.groups.get_mut(group) {
            group.members.insert(user_name.to_owned());
        }
        true
    }

    pub(super) fn leave(&mut self, user_name: &str, group: &str) {
        if self.clients.get(user_name).is_some_and(|client| client.groups.contains(group)) {
            self.client_mut(user_name).groups.remove(group);
            if let Some(group) = self.groups.get_mut(group) {
                group.members.remove(user_name);
            }
        }
    }
}
