//! What the watcher heard: who is there, by the messages of `emitter/presence/` alone.

use std::{collections::VecDeque, sync::Arc};

use super::channel::{Channel, KEY};
use crate::{
    link::courier::Outgoing,
    store::{Millis, json::Json, server_info::ServerInfo},
};

/// Where requests go, and answers and changes come from.
const TOPIC: &str = "emitter/presence/";

/// Where Emitter says what is wrong otherwise.
const ERRORS: &str = "emitter/error/";

/// Where a Headcount says where it listens.
pub(super) const SERVER: &str = "$headcount/server";

/// Messages kept, the oldest go: a page of them is read.
pub const MESSAGES_MAX: usize = 100;

/// Bytes of a message that are shown.
const MESSAGE_MAX: usize = 4_000;

/// Names kept; the occupancy counts on.
const NAMES_MAX: usize = 1_000;

/// Milliseconds within which a broker that speaks of presence answers.
const PATIENCE: i64 = 5_000;

/// What it knows.
#[derive(Debug, Default)]
pub struct Watcher {
    present: Option<Present>,
    messages: VecDeque<Said>,
    count: u64,
    refused: Option<Arc<str>>,
    server: Option<ServerInfo>,
    /// The request of a new connection waits to be sent.
    asks: bool,
    /// When it counts as unanswered.
    due: Option<Millis>,
    /// It does.
    unanswered: bool,
}

/// Who is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Present {
    /// The number in the newest message.
    pub occupancy: u64,
    /// Client Identifiers in the order in which they were told.
    pub who: Vec<Arc<str>>,
}

/// A message as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Its number in the page.
    pub number: u64,
    /// When it came.
    pub at: Millis,
    /// What it calls itself: `status`, `subscribe`, `unsubscribe`; empty for an error.
    pub event: Arc<str>,
    /// Its payload.
    pub text: Arc<str>,
}

impl Watcher {
    /// Who is there; none while nobody knows.
    pub fn present(&self) -> Option<&Present> {
        self.present.as_ref()
    }

    /// The newest first.
    pub fn messages(&self) -> &VecDeque<Said> {
        &self.messages
    }

    /// All that came since the page opened.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// What the broker has against the request; a sentence for its silence.
    pub fn complaint(&self) -> Option<Arc<str>> {
        let silence = "The broker does not answer: it does not speak Emitter's interface (emitter_keys), or has no \
                       key `demo`.";
        self.refused.clone().or_else(|| self.unanswered.then(|| silence.into()))
    }

    /// What the broker says of itself.
    pub(crate) fn server(&self) -> Option<&ServerInfo> {
        self.server.as_ref()
    }

    pub(super) fn connected(&mut self, now: Millis) {
        self.asks = true;
        self.refused = None;
        self.due = Some(Millis(now.0 + PATIENCE));
    }

    /// Nobody tells any longer who is there.
    pub(super) fn lost(&mut self) {
        self.present = None;
        self.asks = false;
        self.due = None;
        self.unanswered = false;
    }

    pub(super) fn request(&mut self, channel: Channel) -> Option<Outgoing> {
        let payload =
            format!("{{\"key\":\"{KEY}\",\"channel\":\"{channel}\",\"status\":true,\"changes\":true}}");
        let outgoing = Outgoing { serial: 1, topic: TOPIC.to_owned(), payload, answer_to: None };
        std::mem::take(&mut self.asks).then_some(outgoing)
    }

    pub(super) fn refuse(&mut self, why: &str) {
        self.answered();
        self.refused.get_or_insert_with(|| why.into());
    }

    pub(super) fn take(&mut self, now: Millis, channel: Channel, topic: &str, payload: &[u8]) {
        match topic {
            SERVER => self.server = ServerInfo::read(payload).ok(),
            TOPIC | ERRORS => {
                let text = String::from_utf8_lossy(payload);
                let event = self.fold(channel, payload).unwrap_or_default();
                let text = text[..text.floor_char_boundary(MESSAGE_MAX)].into();
                self.messages.push_front(Said { number: self.count, at: now, event, text });
                self.messages.truncate(MESSAGES_MAX);
                self.count += 1;
            }
            _ => {}
        }
    }

    /// Takes in what a message says; its event.
    fn fold(&mut self, channel: Channel, payload: &[u8]) -> Option<Arc<str>> {
        let json = Json::read(payload).ok()?;
        if let Ok(Some(message)) = json.text("message") {
            self.answered();
            self.refused = Some(message.into());
            return None;
        }
        let event = json.text("event").ok()??;
        let of = json.text("channel").ok()??;
        let occupancy = json.number("occupancy").ok()??;
        if of != channel.to_string() {
            return Some(event.into());
        }
        match (event, json.get("who")?) {
            ("status", Json::List(names)) => {
                let who = names.iter().filter_map(|name| match name {
                    Json::Text(name) => Some(Arc::from(&**name)),
                    _ => None,
                });
                self.answered();
                self.present = Some(Present { occupancy, who: who.take(NAMES_MAX).collect() });
            }
            ("subscribe" | "unsubscribe", Json::Text(name)) => {
                // Before its status nobody knows who else is there.
                let present = self.present.as_mut()?;
                present.occupancy = occupancy;
                present.who.retain(|known| **known != **name);
                if event == "subscribe" && present.who.len() < NAMES_MAX {
                    present.who.push((&**name).into());
                }
            }
            _ => {}
        }
        Some(event.into())
    }

    fn answered(&mut self) {
        self.due = None;
        self.unanswered = false;
    }

    pub(super) fn next_tick(&self) -> Option<Millis> {
        self.due
    }

    /// Whether something changed.
    pub(super) fn tick(&mut self, now: Millis) -> bool {
        let is_late = self.due.is_some_and(|due| due <= now);
        if is_late {
            self.due = None;
            self.unanswered = true;
        }
        is_late
    }
}
