//! Requests about devices, and their answers.

use super::answer::Answer;
use super::credentials::Credentials;
use super::fields::{self, Draft, Wrong};
use crate::account::{Account, Denial};
use crate::events::Action;
use crate::explain::Refusal;
use crate::system::{level as level_of, percent_decoded};
use crate::{Broker, ConnectionId, Now, Output};
use bytes::Bytes;
use headcount_mqtt::{Delivery, Publish, ReasonCode, TopicName};

/// Requests that wait for credentials at one time; each may be some kilobytes large.
const MAX_WAITING: usize = 64;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Add,
    List,
    Update,
    Rotate,
    Remove,
}

/// A request that waits for credentials.
#[derive(Debug)]
pub(super) struct Waiting {
    connection: ConnectionId,
    owner: String,
    change: Change,
    to: TopicName,
    /// Without its payload.
    publish: Publish,
}

/// What credentials are for.
#[derive(Debug)]
enum Change {
    Add(Draft),
    Rotate(String),
}

/// A request as it is served.
pub(super) struct Asked<'a> {
    pub(super) id: ConnectionId,
    pub(super) owner: &'a str,
    pub(super) to: TopicName,
    pub(super) publish: &'a Publish,
}

impl Verb {
    /// By the last level of the request's topic.
    pub(crate) fn of(verb: &str) -> Option<Self> {
        match verb {
            "add" => Some(Self::Add),
            "list" => Some(Self::List),
            "update" => Some(Self::Update),
            "rotate" => Some(Self::Rotate),
            "remove" => Some(Self::Remove),
            _ => None,
        }
    }

    fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Add => &["name", "description", "channels"],
            Self::List | Self::Rotate => &["id"],
            Self::Update => &["id", "name", "description", "channels"],
            Self::Remove => &["id", "channel"],
        }
    }
}

impl Broker {
    /// Does what an account asks for its devices, or an administrator for anybody's, and answers.
    pub(crate) fn devices_request(
        &mut self,
        now: Now,
        id: ConnectionId,
        topic: &TopicName,
        (level, verb): (&str, Verb),
        publish: &Publish,
    ) -> Result<(), Refusal> {
        let account = self.link(id).map(|link| link.account.clone());
        let Some(owner) = account.and_then(|account| account.devices_of(level)) else {
            let said = self.report_denied(now, id, Action::Publish, topic.text(), &Denial::Administration);
            return Err(Refusal::new(ReasonCode::NotAuthorized, said));
        };
        let to = self.answer_to(id, topic, publish).map(|(to, _)| to);
        // Known before the act: a password that nobody hears would be lost.
        let Some(to) = to.filter(|to| self.hears(id, to)) else {
            let line = format!(
                "the request to {topic} is not served: subscribe to {topic}/<client id> or give a Response Topic \
                 that you are subscribed to, so that the answer finds you"
            );
            self.report_mistake(now, id, &line);
            return Err(Refusal::new(ReasonCode::NoMatchingSubscribers, line));
        };
        let asked = Asked { id, owner: &owner, to, publish };
        if let Err(wrong) = self.serve_devices(now, &asked, verb) {
            self.answer_devices(now, &asked, &Answer::refused(&wrong).json());
        }
        Ok(())
    }

    fn serve_devices(&mut self, now: Now, asked: &Asked<'_>, verb: Verb) -> Result<(), Wrong> {
        if !self.gate.has_devices() {
            let error = "This realm has no devices; its configuration turns them on: devices = true.";
            return Err(Wrong::new(error));
        }
        let fields = fields::object(&asked.publish.payload, verb.fields())?;
        let limits = self.config.limits.devices;
        match verb {
            Verb::List => {
                let only = fields.contains_key("id").then(|| fields::id(&fields)).transpose()?;
                if let Some(id) = only {
                    self.known(asked.owner, id)?;
                }
                let room = self.answer_to(asked.id, &asked.to, asked.publish).map_or(0, |(_, room)| room);
                let list = |is_brief| self.devices.list(asked.owner, only, &limits, is_brief);
                let json = Some(list(false)).filter(|json| json.len() <= room).unwrap_or_else(|| list(true));
                if json.len() > room {
                    let error = "The list is larger than this client's Maximum Packet Size; ask for one device: {\"id\":…}.";
                    return Err(Wrong::new(error));
                }
                self.answer_devices(now, asked, &json);
                Ok(())
            }
            Verb::Add => {
                let draft = Draft::of(&fields)?;
                self.has_room_for_devices()?;
                self.knows_owner(asked)?;
                draft.judge(asked.owner, None, &self.devices, &limits)?;
                self.want_credentials(asked, Change::Add(draft))
            }
            Verb::Rotate => {
                let id = fields::id(&fields)?;
                self.known(asked.owner, id)?;
                self.has_room_for_devices()?;
                self.want_credentials(asked, Change::Rotate(id.to_owned()))
            }
            Verb::Update => {
                let id = fields::id(&fields)?;
                let draft = Draft::of(&fields)?;
                self.update_device(now, asked, id, &draft)
            }
            Verb::Remove => match fields.get("channel") {
                Some(channel) if !fields.contains_key("id") => self.remove_channel(now, asked, channel),
                Some(_) => Err(Wrong::at("channel", "Remove one thing at a time: a device or a channel.")),
                None => self.remove_device(now, asked, fields::id(&fields)?),
            },
        }
    }

    fn want_credentials(&mut self, asked: &Asked<'_>, change: Change) -> Result<(), Wrong> {
        if self.devices.waiting.len() >= MAX_WAITING {
            return Err(Wrong::new(
                "Too many requests wait for a password to be made; try again in a moment.",
            ));
        }
        let publish =
            Publish { payload: Bytes::new(), topic: Some(asked.to.clone()), ..asked.publish.clone() };
        let (owner, to) = (asked.owner.to_owned(), asked.to.clone());
        self.await_credentials(Waiting { connection: asked.id, owner, change, to, publish });
        Ok(())
    }

    fn await_credentials(&mut self, waiting: Waiting) {
        self.devices.jobs += 1;
        let (job, connection) = (self.devices.jobs, waiting.connection);
        self.devices.waiting.insert(job, waiting);
        self.outputs.push_back(Output::Credentials { job, connection });
    }

    /// The answer to [`Output::Credentials`]: new ones, or why there are none.
    pub fn handle_credentials(&mut self, now: Now, job: u64, made: Result<Credentials, String>) {
        self.turn = self.recorded;
        let Some(waiting) = self.devices.waiting.remove(&job) else { return };
        let made = match made {
            // A name that is in use would take over what belongs to another.
            Ok(made) if matches!(waiting.change, Change::Add(_)) && self.is_name_taken(&made.client_id) => {
                return self.await_credentials(waiting);
            }
            made => made.map_err(|why| Wrong::new(format!("There is no password: {why}."))),
        };
        let Waiting { connection: id, owner, change, to, mut publish } = waiting;
        // Its right may have gone while it waited, and so may the asker itself: then nothing is changed.
        let account = self.link(id).map(|link| link.account.clone());
        let is_entitled = account.and_then(|it| it.devices_of(&level_of(&owner))).is_some();
        if !is_entitled || !self.hears(id, &to) {
            return self.report_mistake(
                now,
                id,
                "the request for a password was not served: nobody hears the answer",
            );
        }
        // What is kept for a client that is slow or away would be kept in storage, too.
        publish.delivery = Delivery::AtMostOnce;
        let asked = Asked { id, owner: &owner, to, publish: &publish };
        let done = made.and_then(|made| match change {
            Change::Add(draft) => self.add_device(now, &asked, &draft, made),
            Change::Rotate(device) => self.rotate_device(now, &asked, &device, &made),
        });
        if let Err(wrong) = done {
            self.answer_devices(now, &asked, &Answer::refused(&wrong).json());
        }
    }
}

impl Account {
    /// The account of this level, if this client may ask for its devices.
    fn devices_of(&self, level: &str) -> Option<String> {
        if self.is_device() {
            return None;
        }
        if self.level == level && self.user_name().is_some() {
            return Some(self.name.as_str().to_owned());
        }
        self.administrator.then(|| percent_decoded(level))
    }
}
