//! Answers, with Mosquitto's keys in its order.

use super::fields::{Fields, Refused};
use super::ranking::{Ranking, UNRANKED};
use super::registry::{Client, DefaultAccess, Group};
use super::role::Role;
use serde::Serialize;

/// The answers to one request.
#[derive(Debug, Serialize)]
pub(super) struct Answers<'a> {
    pub(super) responses: Vec<Answer<'a>>,
}

/// The answer to one command.
#[derive(Debug, Serialize)]
pub(super) struct Answer<'a> {
    pub(super) command: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<Refused>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) data: Option<Found>,
    #[serde(rename = "correlationData", skip_serializing_if = "Option::is_none")]
    pub(super) correlation_data: Option<&'a str>,
}

/// What was asked for.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Found {
    Client {
        client: ClientEntry,
    },
    Clients {
        #[serde(rename = "totalCount")]
        total: usize,
        clients: Vec<Entry<ClientEntry>>,
    },
    Group {
        group: GroupEntry,
    },
    Groups {
        #[serde(rename = "totalCount")]
        total: usize,
        groups: Vec<Entry<GroupEntry>>,
    },
    Role {
        role: RoleEntry,
    },
    Roles {
        #[serde(rename = "totalCount")]
        total: usize,
        roles: Vec<Entry<RoleEntry>>,
    },
    DefaultAccess {
        acls: [DefaultEntry; 4],
    },
    AnonymousGroup {
        group: GroupName,
    },
}

/// In a list, whole where it is verbose.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Entry<T> {
    Name(String),
    Whole(T),
}

#[derive(Debug, Serialize)]
pub(super) struct ClientEntry {
    username: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    clientid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    textname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    textdescription: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    disabled: bool,
    roles: Vec<RoleRank>,
    groups: Vec<GroupRank>,
}

#[derive(Debug, Serialize)]
pub(super) struct GroupEntry {
    groupname: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    textname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    textdescription: Option<String>,
    clients: Vec<Member>,
    roles: Vec<RoleRank>,
}

#[derive(Debug, Serialize)]
pub(super) struct RoleEntry {
    rolename: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    textname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    textdescription: Option<String>,
    acls: Vec<AclEntry>,
}

#[derive(Debug, Serialize)]
struct AclEntry {
    acltype: &'static str,
    topic: String,
    priority: i32,
    allow: bool,
}

#[derive(Debug, Serialize)]
struct RoleRank {
    rolename: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<i32>,
}

#[derive(Debug, Serialize)]
struct GroupRank {
    groupname: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<i32>,
}

#[derive(Debug, Serialize)]
struct Member {
    username: String,
}

#[derive(Debug, Serialize)]
pub(super) struct GroupName {
    pub(super) groupname: String,
}

#[derive(Debug, Serialize)]
pub(super) struct DefaultEntry {
    acltype: &'static str,
    allow: bool,
}

impl ClientEntry {
    pub(super) fn of(name: &str, client: &Client) -> Self {
        Self {
            username: name.to_owned(),
            clientid: client.only_id.clone(),
            textname: client.text_name.clone(),
            textdescription: client.text_description.clone(),
            disabled: client.disabled,
            roles: role_ranks(&client.roles),
            groups: client
                .groups
                .iter()
                .map(|(name, rank)| GroupRank { groupname: name.to_owned(), priority: shown(rank) })
                .collect(),
        }
    }
}

impl GroupEntry {
    pub(super) fn of(name: &str, group: &Group) -> Self {
        Self {
            groupname: name.to_owned(),
            textname: group.text_name.clone(),
            textdescription: group.text_description.clone(),
            clients: group.members.iter().map(|name| Member { username: name.clone() }).collect(),
            roles: role_ranks(&group.roles),
        }
    }
}

impl RoleEntry {
    pub(super) fn of(name: &str, role: &Role) -> Self {
        let acls = role.acls.iter().map(|acl| AclEntry {
            acltype: acl.kind.as_str(),
            topic: acl.topic.as_str().to_owned(),
            priority: acl.priority,
            allow: acl.allow,
        });
        Self {
            rolename: name.to_owned(),
            textname: role.text_name.clone(),
            textdescription: role.text_description.clone(),
            acls: acls.collect(),
        }
    }
}

impl DefaultAccess {
    /// Each with the name that commands give it.
    pub(super) fn entries(self) -> [DefaultEntry; 4] {
        [
            ("publishClientSend", self.send),
            ("publishClientReceive", self.receive),
            ("subscribe", self.subscribe),
            ("unsubscribe", self.unsubscribe),
        ]
        .map(|(acltype, allow)| DefaultEntry { acltype, allow })
    }
}

/// The part of a list that a command asks for, and how long the list is. As in Mosquitto, a `count` of 0 is one.
pub(super) fn page<'a, T, E>(
    fields: Fields<'_>,
    all: impl ExactSizeIterator<Item = (&'a String, T)>,
    whole: impl Fn(&str, T) -> E,
) -> (usize, Vec<Entry<E>>) {
    let total = all.len();
    let count = usize::try_from(fields.number("count", -1)).map_or(usize::MAX, |count| count.max(1));
    let offset = usize::try_from(fields.number("offset", 0)).unwrap_or(0);
    let is_verbose = fields.flag("verbose");
    let part = all
        .skip(offset)
        .take(count)
        .map(|(name, it)| if is_verbose { Entry::Whole(whole(name, it)) } else { Entry::Name(name.clone()) });
    (total, part.collect())
}

fn role_ranks(ranking: &Ranking) -> Vec<RoleRank> {
    let rank = |(name, rank): (&str, i32)| RoleRank { rolename: name.to_owned(), priority: shown(rank) };
    ranking.iter().map(rank).collect()
}

fn shown(priority: i32) -> Option<i32> {
    Some(priority).filter(|priority| *priority != UNRANKED)
}
