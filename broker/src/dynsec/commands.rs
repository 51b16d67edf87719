//! Commands by their names.

use super::answer::Found;
use super::fields::{Fields, Refused};
use super::registry::{House, Registry};

/// What became of a command: an answer with what was asked for, or why it was refused.
pub(super) type Done = Result<Option<Found>, Refused>;

type Act = fn(&mut Registry, Fields<'_>, &House<'_>) -> Done;

/// All of them, as Mosquitto spells them.
const COMMANDS: [(&str, Act); 31] = [
    ("setDefaultACLAccess", Registry::set_default_acl_access),
    ("getDefaultACLAccess", Registry::get_default_acl_access),
    ("createClient", Registry::create_client),
    ("deleteClient", Registry::delete_client),
    ("getClient", Registry::get_client),
    ("listClients", Registry::list_clients),
    ("modifyClient", Registry::modify_client),
    ("setClientPassword", Registry::set_client_password),
    ("setClientId", Registry::set_client_id),
    ("addClientRole", Registry::add_client_role),
    ("removeClientRole", Registry::remove_client_role),
    ("enableClient", Registry::enable_client),
    ("disableClient", Registry::disable_client),
    ("addGroupClient", Registry::add_group_client),
    ("createGroup", Registry::create_group),
    ("deleteGroup", Registry::delete_group),
    ("getGroup", Registry::get_group),
    ("listGroups", Registry::list_groups),
    ("modifyGroup", Registry::modify_group),
    ("removeGroupClient", Registry::remove_group_client),
    ("addGroupRole", Registry::add_group_role),
    ("removeGroupRole", Registry::remove_group_role),
    ("setAnonymousGroup", Registry::set_anonymous_group),
    ("getAnonymousGroup", Registry::get_anonymous_group),
    ("createRole", Registry::create_role),
    ("getRole", Registry::get_role),
    ("listRoles", Registry::list_roles),
    ("modifyRole", Registry::modify_role),
    ("deleteRole", Registry::delete_role),
    ("addRoleACL", Registry::add_role_acl),
    ("removeRoleACL", Registry::remove_role_acl),
];

/// A command that is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Command {
    pub(super) name: &'static str,
    act: Act,
}

impl Command {
    /// By its name, in any case.
    pub(super) fn of(name: &str) -> Option<Self> {
        let known = COMMANDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        known.map(|(name, act)| Self { name, act: *act })
    }

    /// The password that has to be hashed before it can be obeyed.
    pub(super) fn password<'a>(&self, fields: Fields<'a>) -> Option<&'a str> {
        match self.name {
            "createClient" => fields.given("password"),
            "setClientPassword" | "modifyClient" => fields.given("password").filter(|it| !it.is_empty()),
            _ => None,
        }
    }

    /// Whether it changes something.
    pub(super) fn is_change(&self) -> bool {
        !self.name.starts_with("get") && !self.name.starts_with("list")
    }

    pub(super) fn obey(&self, registry: &mut Registry, fields: Fields<'_>, house: &House<'_>) -> Done {
        (self.act)(registry, fields, house)
    }
}
