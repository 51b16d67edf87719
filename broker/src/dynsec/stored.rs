//! What of it survives a restart: each item as JSON.

use super::registry::{Affected, Client, General, Group, Registry};
use super::role::{Acl, AclKind, Role};
use bytes::Bytes;
use headcount_mqtt::TopicFilter;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One thing that dynamic security keeps.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecurityItem {
    /// Default access and the group of clients without a User Name.
    General,
    /// A client by its User Name.
    Client(String),
    /// A group by its name.
    Group(String),
    /// A role by its name.
    Role(String),
}

impl SecurityItem {
    /// Whether JSON is that of such an item. A store that holds another is damaged: an item left out might be one that
    /// denies.
    pub fn reads(&self, json: &[u8]) -> bool {
        match self {
            Self::General => read::<General>(json).is_some(),
            Self::Client(_) => read::<Client>(json).is_some(),
            Self::Group(_) => read::<Group>(json).is_some(),
            Self::Role(_) => read::<StoredRole>(json).is_some(),
        }
    }
}

/// What changed.
#[derive(Debug)]
pub(super) struct Changed {
    /// Each with its JSON; without, where it is gone.
    pub(super) items: Vec<(SecurityItem, Option<Bytes>)>,
    pub(super) affected: Affected,
    /// User Names whose connections end.
    pub(super) kicked: BTreeSet<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredRole {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text_description: Option<String>,
    acls: Vec<(AclKind, String, i32, bool)>,
}

impl Registry {
    /// What changed since this was asked last.
    pub(super) fn take_changes(&mut self) -> Changed {
        let touched = std::mem::take(&mut self.touched);
        let changes = touched.items.into_iter().map(|item| {
            let json = self.json(&item);
            let size = json.as_ref().map_or(0, Bytes::len);
            self.resize(item.clone(), size);
            (item, json)
        });
        Changed { items: changes.collect(), affected: touched.affected, kicked: touched.kicked }
    }

    /// Takes back what storage remembers, if it can be read ([`SecurityItem::reads`]).
    pub(crate) fn restore(&mut self, item: SecurityItem, json: &[u8]) {
        let is_read = match &item {
            SecurityItem::General => read(json).map(|general| self.general = general),
            SecurityItem::Client(name) => read(json).map(|it| drop(self.clients.insert(name.clone(), it))),
            SecurityItem::Group(name) => read(json).map(|it| drop(self.groups.insert(name.clone(), it))),
            SecurityItem::Role(name) => {
                read(json).map(|it| drop(self.roles.insert(name.clone(), read_role(name, it))))
            }
        };
        if is_read.is_some() {
            self.resize(item, json.len());
        }
    }

    /// The same for what is gone.
    pub(crate) fn forget(&mut self, item: &SecurityItem) {
        match item {
            SecurityItem::General => self.general = General::default(),
            SecurityItem::Client(name) => drop(self.clients.remove(name)),
            SecurityItem::Group(name) => drop(self.groups.remove(name)),
            SecurityItem::Role(name) => drop(self.roles.remove(name)),
        }
        self.resize(item.clone(), 0);
    }

    /// Everything is restored: who is in which group is known again.
    pub(crate) fn restored(&mut self) {
        for group in self.groups.values_mut() {
            group.members.clear();
        }
        for (user_name, client) in &self.clients {
            for group in client.groups.names() {
                if let Some(group) = self.groups.get_mut(group) {
                    group.members.insert(user_name.clone());
                }
            }
        }
    }

    fn resize(&mut self, item: SecurityItem, size: usize) {
        let before = if size == 0 { self.sizes.remove(&item) } else { self.sizes.insert(item, size) };
        self.bytes = self.bytes + size - before.unwrap_or(0);
    }

    fn json(&self, item: &SecurityItem) -> Option<Bytes> {
        let json = match item {
            SecurityItem::General => serde_json::to_vec(&self.general),
            SecurityItem::Client(name) => serde_json::to_vec(self.clients.get(name)?),
            SecurityItem::Group(name) => serde_json::to_vec(self.groups.get(name)?),
            SecurityItem::Role(name) => serde_json::to_vec(&written(self.roles.get(name)?)),
        };
        Some(json.expect("text, numbers and flags").into())
    }
}

fn read<T: DeserializeOwned>(json: &[u8]) -> Option<T> {
    serde_json::from_slice(json).ok()
}

fn written(role: &Role) -> StoredRole {
    let acls = role.acls.iter().map(|acl| (acl.kind, acl.topic.as_str().to_owned(), acl.priority, acl.allow));
    StoredRole {
        text_name: role.text_name.clone(),
        text_description: role.text_description.clone(),
        acls: acls.collect(),
    }
}

fn read_role(name: &str, stored: StoredRole) -> Role {
    let mut role =
        Role { text_name: stored.text_name, text_description: stored.text_description, acls: Vec::new() };
    for (kind, topic, priority, allow) in stored.acls {
        if let Ok(topic) = TopicFilter::try_from(topic) {
            role.add(Acl::new(name, kind, topic, priority, allow));
        }
    }
    role
}
