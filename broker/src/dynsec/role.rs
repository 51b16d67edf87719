//! Roles and their rules.

use headcount_mqtt::TopicFilter;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a rule judges; in the order in which `getRole` lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum AclKind {
    PublishClientSend,
    PublishClientReceive,
    SubscribeLiteral,
    SubscribePattern,
    UnsubscribeLiteral,
    UnsubscribePattern,
}

/// A rule of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Acl {
    pub(super) kind: AclKind,
    /// With `%u` and `%c` as they were written.
    pub(super) topic: TopicFilter,
    pub(super) priority: i32,
    pub(super) allow: bool,
    /// Its name in events, on `<account>/errors` and in the rules in force.
    pub(super) name: Arc<str>,
}

/// A role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Role {
    pub(super) text_name: Option<String>,
    pub(super) text_description: Option<String>,
    /// By kind, then the higher priority first, then by age.
    pub(super) acls: Vec<Acl>,
}

impl AclKind {
    const ALL: [Self; 6] = [
        Self::PublishClientSend,
        Self::PublishClientReceive,
        Self::SubscribeLiteral,
        Self::SubscribePattern,
        Self::UnsubscribeLiteral,
        Self::UnsubscribePattern,
    ];

    /// By its name, in any case.
    pub(super) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str().eq_ignore_ascii_case(name))
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::PublishClientSend => "publishClientSend",
            Self::PublishClientReceive => "publishClientReceive",
            Self::SubscribeLiteral => "subscribeLiteral",
            Self::SubscribePattern => "subscribePattern",
            Self::UnsubscribeLiteral => "unsubscribeLiteral",
            Self::UnsubscribePattern => "unsubscribePattern",
        }
    }

    /// The action as the rules in force name it.
    pub(crate) fn action(self) -> &'static str {
        match self {
            Self::PublishClientSend => "write",
            Self::PublishClientReceive => "read",
            Self::SubscribeLiteral | Self::SubscribePattern => "subscribe",
            Self::UnsubscribeLiteral | Self::UnsubscribePattern => "unsubscribe",
        }
    }
}

impl Acl {
    pub(super) fn new(role: &str, kind: AclKind, topic: TopicFilter, priority: i32, allow: bool) -> Self {
        let name = format!("dynamic-security:{role}:{}:{topic}", kind.as_str()).into();
        Self { kind, topic, priority, allow, name }
    }
}

impl Role {
    /// Adds a rule; whether the role had none of this kind and topic.
    pub(super) fn add(&mut self, acl: Acl) -> bool {
        if self.acls.iter().any(|known| known.kind == acl.kind && known.topic == acl.topic) {
            return false;
        }
        let rank = |it: &Acl| (it.kind, -i64::from(it.priority));
        let at = self.acls.partition_point(|known| rank(known) <= rank(&acl));
        self.acls.insert(at, acl);
        true
    }

    /// Whether it was there.
    pub(super) fn remove(&mut self, kind: AclKind, topic: &TopicFilter) -> bool {
        let before = self.acls.len();
        self.acls.retain(|known| known.kind != kind || known.topic != *topic);
        self.acls.len() != before
    }
}
