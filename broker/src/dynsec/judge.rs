//! The rules of all roles that bind one client, ready to be asked.

use super::registry::{DefaultAccess, Registry};
use super::role::{Acl, AclKind, Role};
use crate::acl::filled;
use crate::cover::{covers, overlap};
use headcount_mqtt::{TopicFilter, TopicName};
use std::sync::Arc;

/// The rules of all roles that bind one client, each list in the order in which it is judged.
#[derive(Debug, Clone, Default)]
pub(crate) struct Judge {
    send: Vec<Bound>,
    receive: Vec<Bound>,
    subscribe: Vec<Bound>,
    unsubscribe: Vec<Bound>,
    pub(crate) default: DefaultAccess,
}

/// A rule with the client's names filled in.
#[derive(Debug, Clone)]
struct Bound {
    filter: TopicFilter,
    is_literal: bool,
    allow: bool,
    name: Arc<str>,
}

/// What the first rule that speaks says: the error is the name of one that denies. `None`: none speaks.
pub(crate) type Judged = Option<Result<(), Arc<str>>>;

/// A rule as it binds one client, for people.
#[derive(Debug)]
pub(crate) struct Told<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: AclKind,
    /// As it was written.
    pub(crate) written: &'a str,
    pub(crate) topic: TopicFilter,
    pub(crate) allow: bool,
    pub(crate) priority: i32,
    pub(crate) role: &'a str,
    /// The group that has the role, where it is not the client's own.
    pub(crate) group: Option<&'a str>,
}

impl Registry {
    /// The rules for a client with this User Name, where it has one, and Client Identifier.
    pub(crate) fn judge(&self, user: Option<&str>, client_id: &str) -> Judge {
        let mut judge = Judge { default: self.general.default_access, ..Judge::default() };
        for (.., role) in self.roles_of(user) {
            // Literals come before patterns, role by role.
            for acl in &role.acls {
                let Some(filter) = bound(acl, user, client_id) else { continue };
                let (list, is_literal) = match acl.kind {
                    AclKind::PublishClientSend => (&mut judge.send, false),
                    AclKind::PublishClientReceive => (&mut judge.receive, false),
                    AclKind::SubscribeLiteral => (&mut judge.subscribe, true),
                    AclKind::SubscribePattern => (&mut judge.subscribe, false),
                    AclKind::UnsubscribeLiteral => (&mut judge.unsubscribe, true),
                    AclKind::UnsubscribePattern => (&mut judge.unsubscribe, false),
                };
                list.push(Bound { filter, is_literal, allow: acl.allow, name: Arc::clone(&acl.name) });
            }
        }
        judge
    }

    /// The same rules for people, in the same order.
    pub(crate) fn told(&self, user: Option<&str>, client_id: &str) -> impl Iterator<Item = Told<'_>> {
        let rules = self
            .roles_of(user)
            .into_iter()
            .flat_map(move |(group, role, it)| it.acls.iter().map(move |acl| (group, role, acl)));
        let bound = rules.map(|(group, role, acl)| (group, role, acl, bound(acl, user, client_id)));
        let told = bound.filter_map(|(group, role, acl, topic)| {
            Some(Told {
                name: &acl.name,
                kind: acl.kind,
                written: acl.topic.as_str(),
                topic: topic?,
                allow: acl.allow,
                priority: acl.priority,
                role,
                group,
            })
        });
        told.collect::<Vec<_>>().into_iter()
    }

    /// The roles that bind a client in the order of judgement: its own, then those of its groups.
    fn roles_of(&self, user: Option<&str>) -> Vec<(Option<&str>, &str, &Role)> {
        let mut roles = Vec::new();
        let mut groups: Vec<&str> = Vec::new();
        if let Some(client) = user.and_then(|user| self.clients.get(user)) {
            roles.extend(client.roles.names().map(|role| (None, role)));
            groups.extend(client.groups.names());
        }
        if user.is_none() {
            groups.extend(self.general.anonymous_group.as_deref());
        }
        for name in groups {
            let group = self.groups.get(name).into_iter();
            roles.extend(group.flat_map(|group| group.roles.names()).map(|role| (Some(name), role)));
        }
        let found = |(group, role)| Some((group, role, self.roles.get(role)?));
        roles.into_iter().filter_map(found).collect()
    }
}

impl Judge {
    pub(crate) fn may_send(&self, topic: &TopicName) -> Judged {
        first(&self.send, |it| it.filter.matches(topic))
    }

    pub(crate) fn may_receive(&self, topic: &TopicName) -> Judged {
        first(&self.receive, |it| it.filter.matches(topic))
    }

    pub(crate) fn may_subscribe(&self, filter: &TopicFilter) -> Judged {
        first(&self.subscribe, |it| it.speaks_of(filter))
    }

    pub(crate) fn may_unsubscribe(&self, filter: &TopicFilter) -> Judged {
        first(&self.unsubscribe, |it| it.speaks_of(filter))
    }

    /// Whether something that this filter catches may be heard.
    pub(crate) fn lets_hear(&self, filter: &TopicFilter) -> bool {
        self.receive.iter().any(|it| it.allow && overlap(&it.filter, filter))
    }
}

impl Bound {
    /// Whether a rule about subscriptions speaks of this one. A rule that names a share speaks of that share alone, any
    /// other one of shared subscriptions, too.
    fn speaks_of(&self, filter: &TopicFilter) -> bool {
        if let Some(share) = self.filter.shared()
            && filter.shared().is_none_or(|other| other.name != share.name)
        {
            return false;
        }
        if self.is_literal {
            return self.filter.levels().eq(filter.levels());
        }
        covers(&self.filter, filter)
    }
}

fn first(rules: &[Bound], speaks: impl Fn(&Bound) -> bool) -> Judged {
    let rule = rules.iter().find(|rule| speaks(rule))?;
    Some(if rule.allow { Ok(()) } else { Err(Arc::clone(&rule.name)) })
}

/// A rule's topic for one client. As with the file's patterns, a name with wildcards or levels fills nothing that allows.
fn bound(acl: &Acl, user: Option<&str>, client_id: &str) -> Option<TopicFilter> {
    let topic = acl.topic.as_str();
    if !["%u", "%c", "%s"].iter().any(|name| topic.contains(name)) {
        return Some(acl.topic.clone());
    }
    let wild = |name: &str| name.contains(['+', '#']);
    if acl.allow && (wild(client_id) || user.is_some_and(wild)) {
        return None;
    }
    TopicFilter::try_from(filled(topic, !acl.allow, user, client_id)?).ok()
}
