//! One message as an adapter reads it, and what it makes of it.

use std::sync::Arc;

use super::Adapter;
use crate::store::{
    clock::Millis,
    event::{Event, Kind, Source, Timed},
    json::Json,
    parse::{self, Origin},
};

/// A message of a topic that an adapter asked for.
pub(in crate::store) struct Message<'a> {
    pub(super) now: Millis,
    pub(super) topic: &'a Arc<str>,
    pub(super) payload: &'a [u8],
    pub(super) by: Adapter,
}

/// What a message tells.
pub(in crate::store) struct Told {
    pub(in crate::store) event: Event,
    /// A number by which an end names the beginning that it belongs to: the end of another one takes nobody away.
    pub(in crate::store) session: Option<u64>,
    /// How the names begin of those who go with it.
    pub(in crate::store) brood: Option<String>,
}

impl<'a> Message<'a> {
    /// A level of the topic, counted from 0; empty where there is none.
    pub(super) fn level(&self, at: usize) -> &'a str {
        self.topic.split('/').nth(at).unwrap_or_default()
    }

    /// The topic without its last level.
    pub(super) fn parent(&self) -> &'a str {
        self.topic.rsplit_once('/').map_or("", |(parent, _)| parent)
    }

    /// The payload as text.
    pub(super) fn text(&self) -> Option<&'a str> {
        std::str::from_utf8(self.payload).ok()
    }

    /// A fact about the client `id`, of which nothing else is known; its time is that of its coming.
    pub(super) fn told(&self, kind: Kind, id: &str) -> Told {
        let origin = Origin {
            now: self.now,
            source: Source::Other(self.by),
            account: "",
            topic: Arc::clone(self.topic),
        };
        let mut event = Event { kind, ..parse::unreadable(&origin, self.payload, "") };
        event.client.id = id.into();
        Told { event, session: None, brood: None }
    }

    /// What was read, or why it could not be.
    pub(super) fn or_unreadable(&self, read: Result<Told, String>) -> Told {
        read.unwrap_or_else(|why| self.told(Kind::Unreadable(why.into()), ""))
    }

    /// What the device `id` says of itself by one of two words; none where it is another. Nothing at all removes it:
    /// so a retained message is cleared.
    pub(super) fn own_word(&self, id: &str, [online, offline]: [&str; 2]) -> Option<Told> {
        let kind = match self.text()? {
            word if word == online => Kind::Connected,
            word if word == offline || word.is_empty() => Kind::Disconnected,
            _ => return None,
        };
        Some(self.told(kind, id).by_its_own_word())
    }

    /// As [`Message::own_word`], of `{"state":"online"}` as well.
    pub(super) fn own_state(&self, id: &str) -> Option<Told> {
        let words = ["online", "offline"];
        if self.payload.first() != Some(&b'{') {
            return self.own_word(id, words);
        }
        let json = Json::read(self.payload).ok()?;
        let state = json.text("state").ok()?.filter(|state| !state.is_empty())?;
        let told = Message { payload: state.as_bytes(), ..*self }.own_word(id, words)?;
        Some(Told { event: Event { raw: self.payload.into(), ..told.event }, ..told })
    }
}

impl Told {
    /// Notes that the device speaks of itself.
    pub(super) fn by_its_own_word(mut self) -> Self {
        let how = if self.event.raw.is_empty() { "its state was removed" } else { "by its own word" };
        self.event.detail = Some(how.into());
        self
    }

    /// The message's own time of the event, in milliseconds or seconds since the UNIX epoch.
    pub(super) fn at(&mut self, time: Option<u64>) {
        if let Some(at) = time.and_then(moment) {
            self.event.at = at;
            self.event.timed = Timed::ByMessage;
        }
    }

    /// When the connection began, likewise.
    pub(super) fn started(&mut self, time: Option<u64>) {
        let event = &mut self.event;
        event.started = time.and_then(moment);
        event.lasted =
            event.started.filter(|_| event.kind == Kind::Disconnected).map(|from| event.at.since(from));
    }

    /// Why, by the name of the contract where there is one, else by the broker's own word.
    pub(super) fn because(&mut self, reason: &str) {
        self.event.reason = Some(reason.into()).filter(|_| !reason.is_empty());
    }
}

/// Milliseconds since the UNIX epoch; a number so small that it were in 1973 counts seconds. None for 0, which stands
/// for no time, and for what is no time of this calendar.
fn moment(time: u64) -> Option<Millis> {
    const YEAR_1973: u64 = 100_000_000_000;
    const YEAR_5138: u64 = YEAR_1973 * 1_000;
    let ms = if time < YEAR_1973 { time.saturating_mul(1_000) } else { time };
    i64::try_from(ms).ok().filter(|_| time > 0 && ms < YEAR_5138).map(Millis)
}

/// The protocol version by its level in CONNECT.
pub(super) fn protocol(level: u64) -> Option<Arc<str>> {
    let version = match level {
        3 => "3.1",
        4 => "3.1.1",
        5 => "5.0",
        _ => return None,
    };
    Some(version.into())
}
