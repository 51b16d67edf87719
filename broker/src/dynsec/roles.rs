//! Commands about roles and default access.

use super::answer::{Found, RoleEntry, page};
use super::commands::Done;
use super::fields::{Fields, Refused, at_most, is_name};
use super::ranking::Ranking;
use super::registry::{House, Registry};
use super::role::{Acl, AclKind, Role};
use super::stored::SecurityItem;
use headcount_mqtt::TopicFilter;

impl Registry {
    pub(super) fn create_role(&mut self, fields: Fields<'_>, house: &House<'_>) -> Done {
        let name = fields.role_name()?;
        let text_name = fields.text_or("textname", "Invalid/missing textname")?;
        let text_description = fields.text_or("textdescription", "Invalid/missing textdescription")?;
        if self.roles.contains_key(name) {
            return Err("Role already exists".into());
        }
        house.has_room()?;
        at_most("roles", self.roles.len(), house.limits.max_dynamic_roles)?;
        let role = Role {
            text_name: text_name.map(str::to_owned),
            text_description: text_description.map(str::to_owned),
            acls: given_acls(name, fields, house)?.unwrap_or_default(),
        };
        self.roles.insert(name.to_owned(), role);
        self.touch_role(name);
        Ok(None)
    }

    pub(super) fn delete_role(&mut self, fields: Fields<'_>, _: &House<'_>) -> Done {
        let name = fields.role_name()?;
        self.found_role(name)?;
        self.touch_role(name);
        self.roles.remove(name);
        let clients = self.clients.iter().filter(|(_, client)| client.roles.contains(name));
        let clients: Vec<_> = clients.map(|(user_name, _)| user_name.clone()).collect();
        for user_name in clients {
            self.client_mut(&user_name).roles.remove(name);
        }
        let groups: Vec<_> = self.groups_with(name).collect();
        for group in groups {
            if let Some(group) = self.groups.get_mut(&group) {
                group.roles.remove(name);
            }
            self.touch_group(&group);
        }
        Ok(None)
    }

    pub(super) fn modify_role(&mut self, fields: Fields<'_>, house: &House<'_>) -> Done {
        let name = fields.role_name()?;
        if !self.roles.contains_key(name) {
            return Err("Role does not exist".into());
        }
        house.has_room()?;
        let acls = given_acls(name, fields, house)?;
        let Some(role) = self.roles.get_mut(name) else { return Ok(None) };
        if let Some(text) = fields.given("textname") {
            role.text_name = Some(text.to_owned());
        }
        if let Some(text) = fields.given("textdescription") {
            role.text_description = Some(text.to_owned());
        }
        if let Some(acls) = acls {
            role.acls = acls;
        }
        self.touch_role(name);
        Ok(None)
    }

    pub(super) fn get_role(&mut self, fields: Fields<'_>, _: &House<'_>) -> Done {
        let name = fields.role_name()?;
        self.found_role(name)?;
        let role = self.roles.get(name).map(|role| RoleEntry::of(name, role));
        Ok(role.map(|role| Found::Role { role }))
    }

    #[allow(clippy::unnecessary_wraps, reason = "a command like the others")]
    pub(super) fn list_roles(&mut self, fields: Fields<'_>, _: &House<'_>) -> Done {
        let (total, roles) = page(fields, self.roles.iter(), RoleEntry::of);
        Ok(Some(Found::Roles { total, roles }))
    }

    pub(super) fn add_role_acl(&mut self, fields: Fields<'_>, house: &House<'_>) -> Done {
        let name = fields.role_name()?;
        self.found_role(name)?;
        let kind = acl_kind(fields)?;
        let topic = fields.given("topic").ok_or("Invalid/missing topic")?;
        let topic = acl_topic(topic)?;
        house.has_room()?;
        let Some(role) = self.roles.get_mut(name) else { return Ok(None) };
        at_most("ACLs of a role", role.acls.len(), house.limits.max_dynamic_acls)?;
        if !role.add(Acl::new(name, kind, topic, fields.number("priority", 0), fields.flag("allow"))) {
            return Err("ACL with this topic already exists".into());
        }
        self.touch_role(name);
        Ok(None)
    }

    pub(super) fn remove_role_acl(&mut self, fields: Fields<'_>, _: &House<'_>) -> Done {
        let name = fields.role_name()?;
        self.found_role(name)?;
        let kind = acl_kind(fields)?;
        let topic = fields.given("topic").ok_or("Invalid/missing topic")?;
        let topic = acl_topic(topic)?;
        let is_gone = self.roles.get_mut(name).is_some_and(|role| role.remove(kind, &topic));
        if !is_gone {
            return Err("ACL not found".into());
        }
        self.touch_role(name);
        Ok(None)
    }

    pub(super) fn set_default_acl_access(&mut self, fields: Fields<'_>, _: &House<'_>) -> Done {
        let acls = fields.list("acls").ok_or("Missing/invalid actions array")?;
        let access = &mut self.general.default_access;
        for acl in acls.iter().filter_map(Fields::of) {
            let allow = acl.get("allow").and_then(serde_json::Value::as_bool);
            let (Some(kind), Some(allow)) = (acl.given("acltype"), allow) else { continue };
            match kind.to_ascii_lowercase().as_str() {
                "publishclientsend" => access.send = allow,
                "publishclientreceive" => access.receive = allow,
                "subscribe" => access.subscribe = allow,
                "unsubscribe" => access.unsubscribe = allow,
                _ => {}
            }
        }
        self.touched.items.insert(SecurityItem::General);
        self.touched.affected.everybody = true;
        Ok(None)
    }

    #[allow(clippy::unnecessary_wraps, reason = "a command like the others")]
    pub(super) fn get_default_acl_access(&mut self, _: Fields<'_>, _: &House<'_>) -> Done {
        Ok(Some(Found::DefaultAccess { acls: self.general.default_access.entries() }))
    }

    pub(super) fn found_role(&self, name: &str) -> Result<(), Refused> {
        if self.roles.contains_key(name) { Ok(()) } else { Err("Role not found".into()) }
    }

    /// The list `roles` of a command, where it has one.
    pub(super) fn given_roles(
        &self,
        fields: Fields<'_>,
        house: &House<'_>,
    ) -> Result<Option<Ranking>, Refused> {
        const WRONG: &str = "'roles' not an array or missing/invalid rolename";
        if fields.get("roles").is_none() {
            return Ok(None);
        }
        let mut roles = Ranking::default();
        for role in fields.list("roles").ok_or(WRONG)? {
            let role = Fields::of(role).ok_or(WRONG)?;
            let name = role.given("rolename").ok_or(WRONG)?;
            self.found_role(name)?;
            roles.insert(name, role.priority());
        }
        at_most("roles in one list", roles.len(), house.limits.max_dynamic_memberships + 1)?;
        Ok(Some(roles))
    }
}

/// The list `acls` of a command, where it has one. As in Mosquitto, entries without a known type or a topic are passed
/// over.
fn given_acls(role: &str, fields: Fields<'_>, house: &House<'_>) -> Result<Option<Vec<Acl>>, Refused> {
    let Some(given) = fields.list("acls") else { return Ok(None) };
    at_most("ACLs of a role", given.len(), house.limits.max_dynamic_acls + 1)?;
    let mut read = Role::default();
    for acl in given.iter().filter_map(Fields::of) {
        let kind = acl.given("acltype").and_then(AclKind::of);
        let (Some(kind), Some(topic)) = (kind, acl.given("topic")) else { continue };
        read.add(Acl::new(role, kind, acl_topic(topic)?, acl.number("priority", 0), acl.flag("allow")));
    }
    Ok(Some(read.acls))
}

fn acl_kind(fields: Fields<'_>) -> Result<AclKind, Refused> {
    let name = fields.given("acltype").ok_or("Invalid/missing acltype")?;
    AclKind::of(name).ok_or_else(|| "Unknown acltype".into())
}

fn acl_topic(topic: &str) -> Result<TopicFilter, Refused> {
    if !is_name(topic) {
        return Err("Topic not valid UTF-8".into());
    }
    TopicFilter::try_from(topic).map_err(|_| "Invalid ACL topic".into())
}
