//! Rooms: who is in them, and how the administrator changes that by Mosquitto's dynamic-security interface.
//!
//! A room is a group with a role of its own, which may write `chat/room/<id>` and read it and what the room says of
//! itself. A retained `chat/room/<id>/about` tells members; it is written after an addition and before a removal, so
//! that whoever it is about may read it.

use std::sync::Arc;

use super::{
    Chat, MEMBERS_MAX,
    ask::{Ask, Purpose},
    payload::{About, Said},
    thread::With,
    topic,
    write::Writing,
};
use crate::{
    chat::login::ADMIN,
    store::{Millis, json::Json},
};

/// Where commands go; their answers come to `/response` behind it.
pub const CONTROL: &str = "$CONTROL/dynamic-security/v1";

/// Rooms that are kept: more than one person follows.
const ROOMS_MAX: usize = 100;

/// The role by which the administrator writes and reads in every room.
const ADMIN_ROLE: &str = "rooms-admin";

/// A room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// Its level in topics.
    pub id: Arc<str>,
    /// Its name for people.
    pub name: Arc<str>,
    /// Who is in it, as far as it says.
    pub members: Vec<Arc<str>>,
    /// Whether the user may write there.
    pub is_open: bool,
}

/// What to publish once a command succeeded.
#[derive(Debug)]
pub(super) struct Follow {
    correlation: String,
    ask: Ask,
}

impl Chat {
    /// All rooms that this user was told of.
    pub fn rooms(&self) -> &[Room] {
        &self.rooms
    }

    /// A room.
    pub fn room(&self, id: &str) -> Option<&Room> {
        self.rooms.iter().find(|room| *room.id == *id)
    }

    /// Whether this user makes rooms.
    pub fn is_admin(&self) -> bool {
        *self.user == *ADMIN
    }

    /// What a conversation is called.
    pub fn title(&self, with: &With) -> String {
        match with {
            With::Person(name) => name.to_string(),
            With::Room(id) => self.room(id).map_or_else(|| id.to_string(), |room| room.name.to_string()),
            With::Between(first, second) => format!("{first} and {second}"),
        }
    }

    /// A room says its name and members; nothing where it is no more.
    pub(super) fn about(&mut self, id: &str, payload: &[u8]) {
        let about = About::read(payload);
        let was_open = self.room(id).is_some_and(|room| room.is_open);
        let is_open = about
            .as_ref()
            .is_some_and(|about| self.is_admin() || about.members.iter().any(|member| *member == *self.user));
        let has_space = self.rooms.len() < ROOMS_MAX;
        match (self.rooms.iter_mut().find(|room| *room.id == *id), about) {
            (Some(room), Some(about)) => {
                room.name = about.name.into();
                room.members = about.members.into_iter().map(Into::into).collect();
                room.is_open = is_open;
            }
            (Some(room), None) => (room.members, room.is_open) = (Vec::new(), false),
            (None, Some(about)) if has_space => {
                let members = about.members.into_iter().map(Into::into).collect();
                self.rooms.push(Room { id: id.into(), name: about.name.into(), members, is_open });
            }
            (None, _) => {}
        }
        if is_open {
            self.thread_of(&With::Room(id.into()));
        }
        if was_open != is_open {
            self.ask_rules();
        }
    }

    /// A message in a room; the broker sends the user's own, too.
    pub(super) fn room_message(&mut self, now: Millis, id: &str, said: Said) {
        let with = With::Room(id.into());
        let is_own = said.sender == *self.user
            && self.thread_mut(&with).is_some_and(|thread| thread.own_mut(&said.id).is_some());
        if !is_own {
            let sender = if said.sender.is_empty() { "?".to_owned() } else { said.sender.clone() };
            self.receive(now, &with, &sender, said);
        }
    }

    /// Makes a room with nobody in it.
    pub(super) fn make_room(&mut self, name: &str, random: u128) {
        let id = format!("{:08x}", random & 0xffff_ffff);
        let role = role_of(&id);
        let commands = [
            // The first two fail where an earlier room has done it, which is as good.
            create_role(ADMIN_ROLE, &[(SEND, "chat/room/#"), (RECEIVE, "chat/room/#")]),
            command("addClientRole").text("username", ADMIN).text("rolename", ADMIN_ROLE).end(),
            create_role(
                &role,
                &[(SEND, &topic::room(&id)), (RECEIVE, &topic::room(&id)), (RECEIVE, &topic::about(&id))],
            ),
        ];
        let roles = format!("[{}]", Writing::object().text("rolename", &role).end());
        let last = command("createGroup").text("groupname", &role).json("roles", &roles);
        let about = About { name: name.to_owned(), members: Vec::new() };
        let follow = Some(tells(&id, &about.write()));
        self.control(&commands, last, follow);
    }

    /// Lets somebody into a room.
    pub(super) fn add_member(&mut self, id: &str, user: &str) {
        let Some(mut about) = self.about_of(id) else { return };
        if about.members.iter().any(|member| member == user) || about.members.len() >= MEMBERS_MAX {
            return;
        }
        about.members.push(user.to_owned());
        let last = command("addGroupClient").text("groupname", &role_of(id)).text("username", user);
        let follow = Some(tells(id, &about.write()));
        self.control(&[], last, follow);
    }

    /// Shows somebody the door.
    pub(super) fn remove_member(&mut self, id: &str, user: &str) {
        let Some(mut about) = self.about_of(id) else { return };
        about.members.retain(|member| member != user);
        self.asks.push_back(tells(id, &about.write()));
        let last = command("removeGroupClient").text("groupname", &role_of(id)).text("username", user);
        self.control(&[], last, None);
    }

    /// Ends a room for everybody in it.
    pub(super) fn end_room(&mut self, id: &str) {
        self.asks.push_back(tells(id, ""));
        let role = role_of(id);
        let commands = [command("deleteGroup").text("groupname", &role).end()];
        self.control(&commands, command("deleteRole").text("rolename", &role), None);
    }

    /// Answers to commands.
    pub(super) fn controlled(&mut self, now: Millis, payload: &[u8]) {
        let Ok(json) = Json::read(payload) else { return };
        for answer in json.list("responses").unwrap_or_default() {
            let text = |name: &str| answer.text(name).ok().flatten().unwrap_or_default();
            let Some(at) = self.follows.iter().position(|it| it.correlation == text("correlationData"))
            else {
                continue;
            };
            let follow = self.follows.remove(at);
            match text("error") {
                "" => self.asks.push_back(follow.ask),
                error => self.complain(now, &format!("{}: {error}.", text("command"))),
            }
        }
        self.ask_rules();
    }

    fn about_of(&self, id: &str) -> Option<About> {
        let room = self.room(id)?;
        let members = room.members.iter().map(ToString::to_string).collect();
        Some(About { name: room.name.to_string(), members })
    }

    fn control(&mut self, commands: &[String], last: Writing, follow: Option<Ask>) {
        self.last_serial += 1;
        let correlation = self.last_serial.to_string();
        let mut all = Writing::list();
        for command in commands {
            all.item(command);
        }
        all.item(&last.text("correlationData", &correlation).end());
        self.follows.extend(follow.map(|ask| Follow { correlation, ask }));
        let payload = Writing::object().json("commands", &all.end()).end();
        let (topic, retain) = (CONTROL.to_owned(), false);
        self.asks.push_back(Ask { topic, payload, retain, purpose: Purpose::Room });
    }
}

const SEND: &str = "publishClientSend";
const RECEIVE: &str = "publishClientReceive";

/// The name of a room's role, and of its group.
fn role_of(id: &str) -> String {
    format!("room-{id}")
}

fn command(name: &str) -> Writing {
    Writing::object().text("command", name)
}

fn create_role(name: &str, acls: &[(&str, &str)]) -> String {
    let mut list = Writing::list();
    for (kind, topic) in acls {
        let acl = Writing::object().text("acltype", kind).text("topic", topic).json("allow", "true");
        list.item(&acl.end());
    }
    command("createRole").text("rolename", name).json("acls", &list.end()).end()
}

fn tells(id: &str, payload: &str) -> Ask {
    let (topic, payload) = (topic::about(id), payload.to_owned());
    Ask { topic, payload, retain: true, purpose: Purpose::Room }
}
