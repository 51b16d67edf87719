//! Commands about groups.

use super::answer::{Found, GroupEntry, GroupName, page};
use super::commands::Done;
use super::fields::{Fields, Refused, at_most};
use super::ranking::Ranking;
use super::registry::{Group, House, Registry};
use super::stored::SecurityItem;

impl Registry {
    pub(super) fn create_group(&mut self, fields: Fields<'_>, house: &House<'_>) -> Done {
        let name = fields.group_name()?;
        let text_name = fields.text_or("textname", "Invalid/missing textname")?;
        let text_description = fields.text_or("textdescription", "Invalid/missing textdescription")?;
        if self.groups.contains_key(name) {
            return Err("Group already exists".into());
        }
        house.has_room()?;
        at_most("groups", self.groups.len(), house.limits.max_dynamic_groups)?;
        let group = Group {
            text_name: text_name.map(str::to_owned),
            text_description: text_description.map(str::to_owned),
            roles: self.given_roles(fields, house)?.unwrap_or_default(),
            ..Group::default()
        };
        self.groups.insert(name.to_owned(), group);
        self.touch_group(name);
        Ok(None)
    }

    pub(super) fn delete_group(&mut self, fields: Fields<'_>, _: &House<'_>) -> Done {
        let name = self.known_group(fields)?;
        self.touch_group(name);
        let members = self.groups.remove(name).map(|group| group.members).unwrap_or_default();
        for user_name in members {
            self.client_mut(&user_name).groups.remove(name);
        }
        if self.general.anonymous_group.as_deref() == Some(name) {
            self.general.anonymous_group = None;
            self.touched.items.insert(SecurityItem::General);
        }
        Ok(None)
    }

    pub(super) fn modify_group(&mut self, fields: Fields<'_>, house: &House<'_>) -> Done {
        let name = self.known_group(fields)?;
        house.has_room()?;
        let roles = self.given_roles(fields, house)?;
        let members = self.given_members(fields, house)?;
        // Those that leave are affected, too.
        self.touch_group(name);
        if let Some(members) = members {
            let old = self.groups.get(name).map(|group| group.members.clone()).unwrap_or_default();
            for user_name in old {
                self.leave(&user_name, name);
            }
            for (user_name, priority) in members.iter() {
                self.join(user_name, name, priority);
            }
        }
        let Some(group) = self.groups.get_mut(name) else { return Ok(None) };
        if let Some(text) = fields.given("textname") {
            group.text_name = Some(text.to_owned());
        }
        if let Some(text) = fields.given("textdescription") {
            group.text_description = Some(text.to_owned());
        }
        if let Some(roles) = roles {
            group.roles = roles;
        }
        Ok(None)
    }

    pub(super) fn get_group(&mut self, fields: Fields<'_>, _: &House<'_>) -> Done {
        let name = self.known_group(fields)?;
        let group = self.groups.get(name).map(|group| GroupEntry::of(name, group));
        Ok(group.map(|group| Found::Group { group }))
    }

    #[allow(clippy::unnecessary_wraps, reason = "a command like the others")]
    pub(super) fn list_groups(&mut self, fields: Fields<'_>, _: &House<'_>) -> Done {
        let (total, groups) = page(fields, self.groups.iter(), GroupEntry::of);
        Ok(Some(Found::Groups { total, groups }))
    }

    pub(super) fn add_group_client(&mut self, fields: Fields<'_>, house: &House<'_>) -> Done {
        let (user_name, group) = (fields.user_name()?, fields.group_name()?);
        self.found(user_name, house)?;
        self.found_group(group)?;
        house.has_room()?;
        let groups = self.clients.get(user_name).map(|client| &client.groups);
        if groups.is_some_and(|groups| groups.contains(group)) {
            return Err("Client is already in this group".into());
        }
        let count = groups.map_or(0, Ranking::len);
        at_most("groups of a client", count, house.limits.max_dynamic_memberships)?;
        self.join(user_name, group, fields.priority());
        Ok(None)
    }

    pub(super) fn remove_group_client(&mut self, fields: Fields<'_>, house: &House<'_>) -> Done {
        let (user_name, group) = (fields.user_name()?, fields.group_name()?);
        self.found(user_name, house)?;
        self.found_group(group)?;
        self.leave(user_name, group);
        Ok(None)
    }

    pub(super) fn add_group_role(&mut self, fields: Fields<'_>, house: &House<'_>) -> Done {
        let (name, role) = (fields.group_name()?, fields.role_name()?);
        self.found_group(name)?;
        self.found_role(role)?;
        house.has_room()?;
        let Some(group) = self.groups.get_mut(name) else { return Ok(None) };
        at_most("roles of a group", group.roles.len(), house.limits.max_dynamic_memberships)?;
        if !group.roles.insert(role, fields.priority()) {
            return Err("Group is already in this role".into());
        }
        self.touch_group(name);
        Ok(None)
    }

    pub(super) fn remove_group_role(&mut self, fields: Fields<'_>, _: &House<'_>) -> Done {
        let (name, role) = (fields.group_name()?, fields.role_name()?);
        self.found_group(name)?;
        self.found_role(role)?;
        if let Some(group) = self.groups.get_mut(name) {
            group.roles.remove(role);
        }
        self.touch_group(name);
        Ok(None)
    }

    pub(super) fn set_anonymous_group(&mut self, fields: Fields<'_>, _: &House<'_>) -> Done {
        let name = self.known_group(fields)?;
        self.general.anonymous_group = Some(name.to_owned());
        self.touched.items.insert(SecurityItem::General);
        self.touched.affected.anonymous = true;
        Ok(None)
    }

    #[allow(clippy::unnecessary_wraps, reason = "a command like the others")]
    pub(super) fn get_anonymous_group(&mut self, _: Fields<'_>, _: &House<'_>) -> Done {
        let groupname = self.general.anonymous_group.clone().unwrap_or_default();
        Ok(Some(Found::AnonymousGroup { group: GroupName { groupname } }))
    }

    /// The group that a command names.
    fn known_group<'a>(&self, fields: Fields<'a>) -> Result<&'a str, Refused> {
        let name = fields.group_name()?;
        self.found_group(name)?;
        Ok(name)
    }

    fn found_group(&self, name: &str) -> Result<(), Refused> {
        if self.groups.contains_key(name) { Ok(()) } else { Err("Group not found".into()) }
    }

    /// The list `clients` of a command, where it has one.
    fn given_members(&self, fields: Fields<'_>, house: &House<'_>) -> Result<Option<Ranking>, Refused> {
        let Some(given) = fields.list("clients") else { return Ok(None) };
        let mut members = Ranking::default();
        for client in given.iter().filter_map(Fields::of) {
            let name = client.given("username");
            let name = name.ok_or("'clients' contains an object with an invalid 'username'")?;
            if !self.knows(name, house) {
                return Err("'clients' contains an object with a 'username' that does not exist".into());
            }
            let groups = self.clients.get(name).map_or(0, |client| client.groups.len());
            at_most("groups of a client", groups, house.limits.max_dynamic_memberships + 1)?;
            members.insert(name, client.priority());
        }
        Ok(Some(members))
    }
}
