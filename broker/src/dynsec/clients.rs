//! Commands about clients.

use super::answer::{ClientEntry, Found, page};
use super::commands::Done;
use super::fields::{Fields, Refused, at_most, is_name};
use super::ranking::Ranking;
use super::registry::{Client, House, Registry};
use std::collections::BTreeMap;

const UNKNOWN: &str = "Client not found";

impl Registry {
    pub(super) fn create_client(&mut self, fields: Fields<'_>, house: &House<'_>) -> Done {
        let user_name = fields.user_name()?;
        let password = fields.text_or("password", "Invalid/missing password")?;
        let client_id = fields.text_or("clientid", "Invalid/missing client id")?;
        if client_id.is_some_and(|id| !is_name(id)) {
            return Err("Client ID not valid UTF-8".into());
        }
        let text_name = fields.text_or("textname", "Invalid/missing textname")?;
        let text_description = fields.text_or("textdescription", "Invalid/missing textdescription")?;
        if self.knows(user_name, house) {
            return Err("Client already exists".into());
        }
        house.has_room()?;
        at_most("clients", self.clients.len(), house.limits.max_dynamic_clients)?;
        let hash = password.map(|_| house.hash()).transpose()?;
        let roles = self.given_roles(fields, house)?.unwrap_or_default();
        let mut groups = Ranking::default();
        for group in fields.list("groups").into_iter().flatten().filter_map(Fields::of) {
            let Some(name) = group.given("groupname") else { continue };
            if !self.groups.contains_key(name) {
                return Err("Group not found".into());
            }
            groups.insert(name, group.priority());
        }
        at_most("groups of a client", groups.len(), house.limits.max_dynamic_memberships + 1)?;
        let client = self.client_mut(user_name);
        *client = Client {
            hash,
            only_id: client_id.filter(|id| !id.is_empty()).map(str::to_owned),
            text_name: text_name.map(str::to_owned),
            text_description: text_description.map(str::to_owned),
            disabled: false,
            roles,
            groups: Ranking::default(),
        };
        for (group, priority) in groups.iter() {
            self.join(user_name, group, priority);
        }
        Ok(None)
    }

    pub(super) fn delete_client(&mut self, fields: Fields<'_>, house: &House<'_>) -> Done {
        let user_name = self.known_client(fields, house)?;
        house.not_in_file(user_name, "take it away")?;
        let groups = self.clients.get(user_name).map(|client| client.groups.clone()).unwrap_or_default();
        for group in groups.names() {
            self.leave(user_name, group);
        }
        self.clients.remove(user_name);
        self.touch_client(user_name);
        self.kick(user_name);
        Ok(None)
    }

    pub(super) fn enable_client(&mut self, fields: Fields<'_>, house: &House<'_>) -> Done {
        let user_name = self.known_client(fields, house)?;
        self.client_mut(user_name).disabled = false;
        Ok(None)
    }

    pub(super) fn disable_client(&mut self, fields: Fields<'_>, house: &House<'_>) -> Done {
        let user_name = self.known_client(fields, house)?;
        self.client_mut(user_name).disabled = true;
        self.kick(user_name);
        Ok(None)
    }

    pub(super) fn set_client_id(&mut self, fields: Fields<'_>, house: &House<'_>) -> Done {
        let user_name = fields.user_name()?;
        let client_id = fields.text_or("clientid", "Invalid/missing client ID")?;
        if client_id.is_some_and(|id| !is_name(id)) {
            return Err("Client ID not valid UTF-8".into());
        }
        let user_name = self.found(user_name, house)?;
        house.has_room()?;
        self.client_mut(user_name).only_id = client_id.filter(|id| !id.is_empty()).map(str::to_owned);
        self.kick(user_name);
        Ok(None)
    }

    pub(super) fn set_client_password(&mut self, fields: Fields<'_>, house: &House<'_>) -> Done {
        let user_name = fields.user_name()?;
        let password = fields.given("password").ok_or("Invalid/missing password")?;
        if password.is_empty() {
            return Err("Empty password is not allowed".into());
        }
        let user_name = self.found(user_name, house)?;
        house.not_in_file(user_name, "change its password")?;
        self.client_mut(user_name).hash = Some(house.hash()?);
        self.kick(user_name);
        Ok(None)
    }

    pub(super) fn modify_client(&mut self, fields: Fields<'_>, house: &House<'_>) -> Done {
        let user_name = self.known_client(fields, house)?;
        house.has_room()?;
        let client_id = fields.given("clientid");
        if client_id.is_some_and(|id| !is_name(id)) {
            return Err("Client ID not valid UTF-8".into());
        }
        let mut hash = None;
        if fields.given("password").is_some_and(|password| !password.is_empty()) {
            house.not_in_file(user_name, "change its password")?;
            hash = Some(house.hash()?);
        }
        let roles = self.given_roles(fields, house)?;
        let groups = self.given_groups(fields, house)?;
        if let Some(groups) = groups {
            let old = self.clients.get(user_name).map(|client| client.groups.clone()).unwrap_or_default();
            for group in old.names() {
                self.leave(user_name, group);
            }
            for (group, priority) in groups.iter() {
                self.join(user_name, group, priority);
            }
        }
        let is_another = hash.is_some() || client_id.is_some();
        let client = self.client_mut(user_name);
        if let Some(id) = client_id {
            client.only_id = Some(id.to_owned()).filter(|id| !id.is_empty());
        }
        if let Some(hash) = hash {
            client.hash = Some(hash);
        }
        if let Some(text) = fields.given("textname") {
            client.text_name = Some(text.to_owned());
        }
        if let Some(text) = fields.given("textdescription") {
            client.text_description = Some(text.to_owned());
        }
        if let Some(roles) = roles {
            client.roles = roles;
        }
        if is_another {
            self.kick(user_name);
        }
        Ok(None)
    }

    pub(super) fn get_client(&mut self, fields: Fields<'_>, house: &House<'_>) -> Done {
        let user_name = self.known_client(fields, house)?;
        let plain = Client::default();
        let client = self.clients.get(user_name).unwrap_or(&plain);
        Ok(Some(Found::Client { client: ClientEntry::of(user_name, client) }))
    }

    #[allow(clippy::unnecessary_wraps, reason = "a command like the others")]
    pub(super) fn list_clients(&mut self, fields: Fields<'_>, house: &House<'_>) -> Done {
        let plain = Client::default();
        let of_files = house.accounts.keys().map(|name| (name, &plain));
        let all: BTreeMap<_, _> = of_files.chain(&self.clients).collect();
        let (total, clients) = page(fields, all.into_iter(), ClientEntry::of);
        Ok(Some(Found::Clients { total, clients }))
    }

    pub(super) fn add_client_role(&mut self, fields: Fields<'_>, house: &House<'_>) -> Done {
        let (user_name, role) = (fields.user_name()?, fields.role_name()?);
        let user_name = self.found(user_name, house)?;
        self.found_role(role)?;
        house.has_room()?;
        let roles = self.clients.get(user_name).map_or(0, |client| client.roles.len());
        at_most("roles of a client", roles, house.limits.max_dynamic_memberships)?;
        if !self.client_mut(user_name).roles.insert(role, fields.priority()) {
            return Err("Client is already in this role".into());
        }
        Ok(None)
    }

    pub(super) fn remove_client_role(&mut self, fields: Fields<'_>, house: &House<'_>) -> Done {
        let (user_name, role) = (fields.user_name()?, fields.role_name()?);
        let user_name = self.found(user_name, house)?;
        self.found_role(role)?;
        self.client_mut(user_name).roles.remove(role);
        Ok(None)
    }

    /// The client that a command names.
    fn known_client<'a>(&self, fields: Fields<'a>, house: &House<'_>) -> Result<&'a str, Refused> {
        self.found(fields.user_name()?, house)
    }

    pub(super) fn found<'a>(&self, user_name: &'a str, house: &House<'_>) -> Result<&'a str, Refused> {
        if self.knows(user_name, house) { Ok(user_name) } else { Err(UNKNOWN.into()) }
    }

    /// The list `groups` of a command, where it has one.
    fn given_groups(&self, fields: Fields<'_>, house: &House<'_>) -> Result<Option<Ranking>, Refused> {
        let Some(given) = fields.list("groups") else { return Ok(None) };
        let mut groups = Ranking::default();
        for group in given.iter().filter_map(Fields::of) {
            let name = group.given("groupname");
            let name = name.ok_or("'groups' contains an object with an invalid 'groupname'")?;
            if !self.groups.contains_key(name) {
                return Err("'groups' contains an object with a 'groupname' that does not exist".into());
            }
            groups.insert(name, group.priority());
        }
        at_most("groups of a client", groups.len(), house.limits.max_dynamic_memberships + 1)?;
        Ok(Some(groups))
    }

    fn kick(&mut self, user_name: &str) {
        self.touched.kicked.insert(user_name.to_owned());
    }
}

impl House<'_> {
    /// Whether something may be added.
    pub(super) fn has_room(&self) -> Result<(), Refused> {
        self.full.map_or(Ok(()), |why| Err(why.into()))
    }

    fn hash(&self) -> Result<String, Refused> {
        match self.hash {
            Some(Ok(hash)) => Ok(hash.to_owned()),
            Some(Err(why)) => Err(why.to_owned().into()),
            None => Err("Internal error".into()),
        }
    }

    /// What is written in a file is changed there.
    fn not_in_file(&self, user_name: &str, what: &str) -> Result<(), Refused> {
        match self.accounts.get(user_name) {
            Some(place) => Err(format!("Client is an account of {place}: {what} there").into()),
            None => Ok(()),
        }
    }
}
