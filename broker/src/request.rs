//! Requests that clients publish to the broker itself, under `$headcount/`, and their answers.
//!
//! An answer goes to the asker alone, whoever else subscribes to its topic: to the request's Response Topic with its
//! Correlation Data, or, as 3.1.1 has neither, to `<request topic>/<client id>`. The asker has to be subscribed
//! there, as MQTT sends nothing unasked, and gets it at the lower `QoS` of request and subscription.
//!
//! `$headcount/<account>/journal` and `$headcount/journal` (all that the asker may read: an observer everything) take
//! `{"after":SEQ,"limit":N}`: the oldest N events behind that number; without `after`, the newest N. The rules in force
//! are in `rules`, what administrators may ask for in `control`, and an account's devices in `devices`.

use crate::account::Denial;
use crate::control::Control;
use crate::devices::Verb;
use crate::events::{Action, Excerpt};
use crate::explain::Refusal;
use crate::message::Message;
use crate::route::Keep;
use crate::subscriptions::Matches;
use crate::system::percent_encoded;
use crate::{Broker, ConnectionId, Now};
use bytes::Bytes;
use headcount_mqtt::{Publish, PublishProperties, ReasonCode, TopicName};
use serde::Deserialize;

/// What all requests' topics begin with.
pub(crate) const PREFIX: &[u8] = b"$headcount/";

/// Events of one answer: some 500 kB.
const MAX_EVENTS: u64 = 1_000;

/// The same where the request names no limit: a screen's worth.
const USUAL_EVENTS: u64 = 100;

/// Bytes of an answer that are not its payload: Fixed Header, Packet Identifier, lengths, a few properties.
const HEAD: usize = 64;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct JournalRequest {
    after: Option<u64>,
    limit: Option<u64>,
}

/// What a request's topic asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Request<'a> {
    /// One account's journal, or all that the asker may read.
    Journal(Option<&'a str>),
    /// The rules that bind an account.
    Rules(&'a str),
    /// An administrator's act, under its account.
    Control(&'a str, Control),
    /// About an account's devices.
    Devices(&'a str, Verb),
}

impl Broker {
    /// Answers a request, or says why not. `None`: the topic is that of no request.
    pub(crate) fn request(
        &mut self,
        now: Now,
        id: ConnectionId,
        topic: &TopicName,
        publish: &Publish,
    ) -> Option<Result<(), Refusal>> {
        Some(match parse(topic.as_str())? {
            Request::Journal(level) => self.journal_excerpt(now, id, topic, level, publish),
            Request::Rules(level) => self.tell_rules(now, id, topic, level, publish),
            Request::Control(level, control) => self.control(now, id, topic, (level, control), publish),
            Request::Devices(level, verb) => self.devices_request(now, id, topic, (level, verb), publish),
        })
    }

    fn journal_excerpt(
        &mut self,
        now: Now,
        id: ConnectionId,
        topic: &TopicName,
        level: Option<&str>,
        publish: &Publish,
    ) -> Result<(), Refusal> {
        let account = self.link(id).map(|link| std::sync::Arc::clone(&link.account));
        let Some(level) = account.as_ref().and_then(|account| account.journal_of(level)) else {
            let said = self.report_denied(now, id, Action::Publish, topic.text(), &Denial::SystemTopicRead);
            return Err(Refusal::new(ReasonCode::NotAuthorized, said));
        };
        let (after, limit) = match journal_request(&publish.payload) {
            Ok(request) => request,
            Err(mistake) => {
                let line = format!(
                    "the request to {topic} cannot be answered: {mistake}; publish {{\"after\":SEQ,\"limit\":N}}, N \
                     at most {MAX_EVENTS}, or {{\"limit\":N}} for the newest"
                );
                self.report_mistake(now, id, &line);
                return Err(Refusal::new(ReasonCode::PayloadFormatInvalid, line));
            }
        };
        self.trim_journal(now);
        self.answer_with(now, id, topic, publish, |broker, bytes| {
            Some(broker.journal.excerpt(Excerpt { level, after, limit, bytes }))
        })
    }

    /// Answers a request, or says why that cannot be. `write` gets the number of bytes that the answer may have, and gives `None`
    /// where they are too few.
    pub(crate) fn answer_with(
        &mut self,
        now: Now,
        id: ConnectionId,
        topic: &TopicName,
        publish: &Publish,
        write: impl FnOnce(&Self, usize) -> Option<Vec<u8>>,
    ) -> Result<(), Refusal> {
        let Some((to, room)) = self.answer_to(id, topic, publish) else {
            let line = format!("the request to {topic} cannot be answered: there is no topic for the answer");
            self.report_mistake(now, id, &line);
            return Err(Refusal::new(ReasonCode::TopicNameInvalid, line));
        };
        let Some(json) = write(self, room) else {
            let line = format!("the answer to {topic} is larger than this client's Maximum Packet Size");
            self.report_mistake(now, id, &line);
            return Err(Refusal::new(ReasonCode::PacketTooLarge, line));
        };
        if !self.answer_asker(now, id, to.clone(), publish, json.into()) {
            let line = format!("the answer to {topic} is lost: subscribe to {to} before the request");
            self.report_mistake(now, id, &line);
            return Err(Refusal::new(ReasonCode::NoMatchingSubscribers, line));
        }
        Ok(())
    }

    /// Where the answer goes, and how many bytes it may have.
    pub(crate) fn answer_to(
        &self,
        id: ConnectionId,
        topic: &TopicName,
        publish: &Publish,
    ) -> Option<(TopicName, usize)> {
        let link = self.link(id)?;
        let given = publish.properties.as_ref();
        let to = if let Some(to) = given.and_then(|properties| properties.response_topic.clone()) {
            to
        } else {
            let client_id = &self.sessions.get(link.session.0)?.client_id;
            TopicName::try_from(format!("{topic}/{}", percent_encoded(client_id.as_str())).as_str()).ok()?
        };
        let correlation =
            given.and_then(|properties| properties.correlation_data.as_ref()).map_or(0, Bytes::len);
        let most = link.max_packet_size.min(self.config.limits.max_packet_size);
        let head = to.as_bytes().len() + correlation + HEAD;
        Some((to, most.saturating_sub(head)))
    }

    /// Whether the asker has subscribed there.
    pub(crate) fn hears(&mut self, id: ConnectionId, to: &TopicName) -> bool {
        let Some(session) = self.link(id).map(|link| link.session) else { return false };
        self.matches(to).entries.iter().any(|entry| entry.session == session)
    }

    /// Publishes to the asker alone; whether it has subscribed there.
    pub(crate) fn answer_asker(
        &mut self,
        now: Now,
        id: ConnectionId,
        to: TopicName,
        publish: &Publish,
        payload: Bytes,
    ) -> bool {
        let Some(session) = self.link(id).map(|link| link.session) else { return false };
        let all = self.matches(&to);
        let entries: Vec<_> = all.entries.iter().filter(|entry| entry.session == session).copied().collect();
        if entries.is_empty() {
            return false;
        }
        let matches =
            Matches { topic: all.topic.clone(), generation: all.generation, entries, shares: Vec::new() };
        let correlation = publish.properties.as_ref().and_then(|given| given.correlation_data.clone());
        let properties = correlation.map(|data| {
            Box::new(PublishProperties { correlation_data: Some(data), ..PublishProperties::default() })
        });
        let message = Message {
            topic: to,
            payload,
            qos: publish.delivery.qos(),
            properties,
            received: now.monotonic,
            received_unix: now.unix,
        };
        self.route(message, Keep::No, None, &matches);
        true
    }
}

fn parse(topic: &str) -> Option<Request<'_>> {
    match topic.strip_prefix("$headcount/")?.split_once('/') {
        None => (topic == "$headcount/journal").then_some(Request::Journal(None)),
        Some((level, "journal")) => Some(Request::Journal(Some(level))),
        Some((level, "rules")) => Some(Request::Rules(level)),
        Some((level, rest)) => match rest.split_once('/')? {
            ("control", verb) => Some(Request::Control(level, Control::of(verb)?)),
            ("devices", verb) => Some(Request::Devices(level, Verb::of(verb)?)),
            _ => None,
        },
    }
}

fn journal_request(payload: &[u8]) -> Result<(Option<u64>, usize), String> {
    let request: JournalRequest = serde_json::from_slice(payload).map_err(|error| error.to_string())?;
    let limit = request.limit.unwrap_or(USUAL_EVENTS);
    if limit == 0 || limit > MAX_EVENTS {
        return Err(format!("limit is {limit}"));
    }
    Ok((request.after, usize::try_from(limit).expect("at most 1,000")))
}
