//! What the broker tells, taken in.

use std::sync::Arc;

use super::{
    ERRORS_MAX, Things,
    channel::Entry,
    device::{Credentials, Device, Limits},
    request::Stage,
};
use crate::{
    chat::store::topic::own,
    link::courier::Told,
    store::{
        Connection, Millis, ServerInfo,
        connection::Live,
        event::Source,
        journal,
        json::Json,
        parse::{self, Origin},
        query,
    },
};

/// Events to ask the journal for: of an account with a hundred devices the last five of each.
const JOURNAL: &str = r#"{"limit":500}"#;

impl Things {
    pub(super) fn take(&mut self, now: Millis, told: Told<'_>) {
        match told {
            Told::Step(step, attempt) => self.connection = Connection::Connecting { step, attempt },
            Told::Connected(protocol, client_id) => {
                let client_id = client_id.into();
                self.connection = Connection::Live(Live { since: now, protocol, client_id, assigned: false });
                self.seen.restart();
                self.past_doubted();
                self.list(now);
                self.request("journal", JOURNAL.to_owned());
            }
            Told::Subscribed(filter, Some(why)) => {
                self.complain(now, &format!("{filter} cannot be read: {why}"));
            }
            Told::Subscribed(_, None) => {}
            Told::Message { topic, payload, answers, .. } => self.message(now, topic, payload, answers),
            Told::Published(serial, refused) => self.published(serial, refused),
            Told::Lost(why, attempt, retry_at) => {
                self.connection = Connection::Reconnecting { attempt, retry_at, error: why.into() };
                self.lost();
            }
            Told::Refused(refusal) => {
                self.connection = Connection::Refused(refusal);
                self.lost();
            }
            Told::TakenOver => {
                self.connection = Connection::TakenOver;
                self.lost();
            }
            Told::Ended => {
                self.connection = Connection::Offline;
                self.lost();
            }
        }
    }

    fn message(&mut self, now: Millis, topic: &str, payload: &[u8], answers: Option<u64>) {
        let taken = self.route(now, topic, payload, answers);
        if let Err(why) = taken {
            self.complain(now, &format!("A message on {topic} cannot be read: {why}"));
        }
    }

    fn route(
        &mut self,
        now: Millis,
        topic: &str,
        payload: &[u8],
        answers: Option<u64>,
    ) -> Result<(), String> {
        if let Some((id, rest)) = topic.strip_prefix("channels/").and_then(|rest| rest.split_once('/')) {
            let Ok(id) = id.parse() else { return Ok(()) };
            let json = Json::read(payload)?;
            return if rest == "subscribe" {
                self.entry(now, id, &json)
            } else {
                self.take_past(now, id, &json)
            };
        }
        if topic == "$headcount/server" {
            self.server = Some(ServerInfo::read(payload)?);
            return Ok(());
        }
        let Some(what) = topic.strip_prefix(&*own(&self.account, "")) else {
            // `<account>/errors`
            self.complain(now, &String::from_utf8_lossy(payload));
            return Ok(());
        };
        match what.split_once('/').unwrap_or((what, "")) {
            // `{"changed":true}`
            ("devices", "") => self.list(now),
            ("devices", verb) => {
                let (verb, _) = verb.split_once('/').unwrap_or((verb, ""));
                return self.answer(now, verb, answers, payload);
            }
            ("clients", id) => return self.seen.take_state(&query::decode(id), payload),
            ("events", _) => self.event(now, topic, payload),
            ("journal", _) => journal::items(payload, &mut |item| self.event(now, topic, item)),
            _ => {}
        }
        Ok(())
    }

    fn answer(
        &mut self,
        now: Millis,
        verb: &str,
        answers: Option<u64>,
        payload: &[u8],
    ) -> Result<(), String> {
        let json = Json::read(payload)?;
        let error = json.text("error")?;
        if self.is_list(verb, answers) {
            let taken = match error {
                Some(error) => Err(error.to_owned()),
                None => self.take_list(now, &json),
            };
            self.listed(now, taken.err());
            return Ok(());
        }
        let stage = match error {
            Some(error) => Stage::Refused(error.into(), json.text("field")?.unwrap_or_default().into()),
            None => Stage::Done,
        };
        let is_done = stage == Stage::Done;
        if self.settle(verb, answers, stage) && is_done {
            // At once, without the list that is on its way: the row must stand behind the dialog that closes.
            if let Some(device) = json.object("device")? {
                self.put(Device::read(device)?);
            }
            if let Some(id) = json.text("removed").ok().flatten()
                && let Some(devices) = &mut self.devices
            {
                devices.retain(|device| *device.id != *id);
            }
            self.credentials = Credentials::read(&json)?.or(self.credentials.take());
            self.list(now);
        }
        Ok(())
    }

    fn put(&mut self, device: Device) {
        let devices = self.devices.get_or_insert_default();
        match devices.iter_mut().find(|known| known.id == device.id) {
            Some(known) => *known = device,
            None => devices.push(device),
        }
    }

    fn take_list(&mut self, now: Millis, json: &Json<'_>) -> Result<(), String> {
        self.devices = Some(json.list("devices")?.iter().map(Device::read).collect::<Result<_, _>>()?);
        if let Some(limits) = json.object("limits")? {
            self.limits = Limits {
                devices: limits.number("devices")?.unwrap_or(self.limits.devices),
                channels: limits.number("channels")?.unwrap_or(self.limits.channels),
            };
        }
        let mut listed = Vec::new();
        for channel in json.list("channels")? {
            let Some(id) = channel.number("id")? else { continue };
            let last = channel.object("last")?.map(|last| Entry::read(last, now)).transpose()?;
            let count = channel.number("entries")?.unwrap_or_default();
            listed.push(id);
            if let Some(known) = self.channel_mut(id) {
                known.listed(count, last);
            }
        }
        self.channels.retain(|id, _| listed.contains(id));
        // What stands still must not outlive its channel, nor stand for another of its number.
        let channels = &self.channels;
        self.paused.take_if(|paused| channels.get(&paused.id).is_none_or(|it| it.count < paused.count));
        Ok(())
    }

    fn entry(&mut self, now: Millis, channel: u32, json: &Json<'_>) -> Result<(), String> {
        let entry = Entry::read(json, now)?;
        if let Some(channel) = self.channel_mut(channel) {
            channel.take(entry);
        }
        Ok(())
    }

    fn event(&mut self, now: Millis, topic: &str, payload: &[u8]) {
        let (account, topic) = (&*self.account, topic.into());
        let event = parse::event(&Origin { now, source: Source::Events, account, topic }, payload);
        self.seen.take_event(event);
    }

    fn complain(&mut self, now: Millis, what: &str) {
        self.errors.push_back((now, Arc::from(what)));
        if self.errors.len() > ERRORS_MAX {
            self.errors.pop_front();
        }
    }
}
