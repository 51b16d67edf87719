//! An account's devices and channels: what its one connection heard of them, and what is asked of the broker. No clock,
//! no socket.

pub mod channel;
pub mod chart;
mod decimal;
pub mod device;
pub mod draft;
mod fold;
mod past;
pub mod request;
mod seen;
pub mod snippet;

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use crate::{
    chat::store::topic::own,
    link::{
        courier::{Addressee, Outgoing, Told},
        party::Scene,
    },
    store::{Connection, Millis, ServerInfo, event::Event, query},
};
use channel::{Channel, Entry};
use device::{Credentials, Device, Limits};
use draft::Ask;
use past::Asking;
use request::{Listing, Request, Said, Stage};
use seen::Seen;

pub use past::Past;
pub use seen::{EVENTS_MAX, State};

/// Channels that are kept: as many as all devices of an account may have at the broker's own limits.
const CHANNELS_MAX: usize = 1_000;

/// Refusals that are shown: a screenful, the latest tell what goes wrong.
const ERRORS_MAX: usize = 20;

/// Everything of one login.
#[derive(Debug, Default)]
pub struct Things {
    account: Arc<str>,
    client_id: Arc<str>,
    connection: Connection,
    /// Whether the broker's list has come on some connection; what it says stays in sight while the page is away.
    devices: Option<Vec<Device>>,
    limits: Limits,
    listing: Listing,
    channels: BTreeMap<u32, Channel>,
    /// The channel that is shown.
    shown: Option<u32>,
    /// What is asked of its past.
    asking: Option<Asking>,
    /// The channel as it was when its page was paused.
    paused: Option<Channel>,
    seen: Seen,
    server: Option<ServerInfo>,
    /// What the user asked for last.
    request: Option<Request>,
    credentials: Option<Credentials>,
    /// The entry that the user published last.
    said: Option<Said>,
    errors: VecDeque<(Millis, Arc<str>)>,
    outbox: VecDeque<Outgoing>,
    last_serial: u64,
    version: u64,
}

/// What the user wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Something of the broker.
    Ask(Ask),
    /// The list once more.
    List,
    /// What was asked for has been seen, or is given up.
    Close,
    /// The credentials are in safe hands, or given up: they are forgotten here.
    Forget,
    /// Publishes an entry: fields and their values, and a status; what is empty is left out.
    Publish(u32, Vec<String>, String),
    /// Shows a channel, with its past.
    Show(u32),
    /// Holds what is shown of a channel.
    Pause(u32),
    /// Shows what comes.
    Resume,
}

impl Things {
    /// Nobody is logged in.
    pub fn new() -> Self {
        Self::default()
    }

    /// Somebody logs in; nothing of whoever was here before stays.
    pub fn begin(&mut self, account: &str, client_id: &str) {
        let (version, last_serial, shown) = (self.version + 1, self.last_serial, self.shown);
        *self = Self {
            account: account.into(),
            client_id: client_id.into(),
            version,
            last_serial,
            shown,
            ..Self::default()
        };
    }

    /// Whose devices these are.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// How the connection stands.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Whether what is shown is so at present.
    pub fn is_live(&self) -> bool {
        matches!(self.connection, Connection::Live(_))
    }

    /// The devices in the order of the broker's list; none before it came.
    pub fn devices(&self) -> Option<&[Device]> {
        self.devices.as_deref()
    }

    /// A device.
    pub fn device(&self, id: &str) -> Option<&Device> {
        self.devices.iter().flatten().find(|device| *device.id == *id)
    }

    /// How much an account may have.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Why there is no newer list, as a sentence; empty where all is well.
    pub fn list_error(&self) -> &str {
        self.listing.error()
    }

    /// The channels by their numbers.
    pub fn channels(&self) -> impl Iterator<Item = &Channel> {
        self.channels.values()
    }

    /// A channel as it is shown: as it was when it was paused, or as it is.
    pub fn channel(&self, id: u32) -> Option<&Channel> {
        self.paused.as_ref().filter(|paused| paused.id == id).or_else(|| self.channels.get(&id))
    }

    /// The newest entry of a channel, paused or not.
    pub fn last(&self, channel: u32) -> Option<&Arc<Entry>> {
        self.channels.get(&channel)?.last()
    }

    /// How many entries came since a channel was paused; none where it is not.
    pub fn held(&self, id: u32) -> Option<u64> {
        let paused = self.paused.as_ref().filter(|paused| paused.id == id)?;
        Some(self.channels.get(&id).map_or(0, |channel| channel.count.saturating_sub(paused.count)))
    }

    /// The devices that may do something with a channel.
    pub fn users(&self, channel: u32) -> Vec<&Device> {
        let uses = |device: &&Device| device.channels.iter().any(|right| right.id == Some(channel));
        self.devices.iter().flatten().filter(uses).collect()
    }

    /// How a device is.
    pub fn state(&self, id: &str) -> State {
        self.seen.state(id)
    }

    /// What happened to a device last, newest first.
    pub fn events(&self, id: &str) -> Vec<Arc<Event>> {
        self.seen.events(id)
    }

    /// What the broker says of itself.
    pub fn server(&self) -> Option<&ServerInfo> {
        self.server.as_ref()
    }

    /// How far the broker is with what the user asked for last.
    pub fn stage(&self) -> Option<&Stage> {
        self.request.as_ref().map(Request::stage)
    }

    /// Credentials that are yet to be saved.
    pub fn credentials(&self) -> Option<&Credentials> {
        self.credentials.as_ref()
    }

    /// What became of the entry that was published last.
    pub fn said(&self) -> Option<&Said> {
        self.said.as_ref()
    }

    /// What the broker refused to this account and its devices, newest first.
    pub fn errors(&self) -> impl Iterator<Item = &(Millis, Arc<str>)> {
        self.errors.iter().rev()
    }

    /// Does what the user wants.
    pub fn apply(&mut self, now: Millis, wish: Wish) {
        self.version += 1;
        match wish {
            Wish::Ask(ask) => self.ask(now, &ask),
            Wish::List => self.list(now),
            Wish::Close => self.request = None,
            Wish::Forget => self.credentials = None,
            Wish::Publish(channel, fields, status) => self.publish(channel, &fields, &status),
            Wish::Show(id) => self.shown = Some(id),
            Wish::Pause(id) => self.paused = self.channels.get(&id).cloned(),
            Wish::Resume => self.paused = None,
        }
        self.ask_past(now);
    }

    fn publish(&mut self, channel: u32, fields: &[String], status: &str) {
        let names = (0..fields.len()).map(channel::name).chain(["status".to_owned()]);
        let values = fields.iter().map(String::as_str).chain([status]);
        let pairs: Vec<_> = names
            .zip(values)
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", query::encode(value)))
            .collect();
        let serial = self.say(format!("channels/{channel}/publish"), pairs.join("&"), None);
        self.said = Some(Said::new(serial));
    }

    /// Puts a message out; its number.
    fn say(&mut self, topic: String, payload: String, answer_to: Option<String>) -> u64 {
        self.last_serial += 1;
        self.outbox.push_back(Outgoing { serial: self.last_serial, topic, payload, answer_to });
        self.last_serial
    }

    /// Puts a request out: below `$headcount/<account>/`. Its number.
    fn request(&mut self, what: &str, payload: String) -> u64 {
        let topic = own(&self.account, what);
        let answer_to = self.answers(what);
        self.say(topic, payload, Some(answer_to))
    }

    /// Where answers come to.
    fn answers(&self, what: &str) -> String {
        own(&self.account, &format!("{what}/{}", query::encode_level(&self.client_id)))
    }

    fn channel_mut(&mut self, id: u32) -> Option<&mut Channel> {
        if !self.channels.contains_key(&id) && self.channels.len() >= CHANNELS_MAX {
            return None;
        }
        Some(self.channels.entry(id).or_insert_with(|| Channel::new(id)))
    }
}

impl Addressee for Things {
    fn wanted(&self) -> Vec<String> {
        vec![
            self.answers("devices/+"),
            self.answers("journal"),
            own(&self.account, "devices"),
            own(&self.account, "clients/+"),
            own(&self.account, "events"),
            format!("{}/errors", query::encode_level(&self.account)),
            "channels/+/subscribe".to_owned(),
            self.past_answers(),
            "$headcount/server".to_owned(),
        ]
    }

    fn take_outgoing(&mut self) -> Option<Outgoing> {
        self.outbox.pop_front()
    }

    fn fold(&mut self, now: Millis, told: Told<'_>) {
        self.version += 1;
        self.take(now, told);
        self.ask_past(now);
    }
}

impl Scene for Things {
    /// Gives up on answers that do not come.
    fn tick(&mut self, now: Millis) {
        if self.next_tick().is_some_and(|at| at <= now) {
            self.version += 1;
            self.give_up(now);
            self.ask_past(now);
        }
    }

    fn next_tick(&self) -> Option<Millis> {
        let until = [
            self.listing.until(),
            self.request.as_ref().and_then(Request::until),
            self.asking.as_ref().map(Asking::until),
        ];
        until.into_iter().flatten().min()
    }

    fn version(&self) -> u64 {
        self.version
    }
}

#[cfg(test)]
mod tests;
