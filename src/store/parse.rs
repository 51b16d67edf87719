//! JSON to [`Event`]: the feed, the events, the retained present state.
//!
//! Fields that are not named here are left alone (the raw bytes keep them), and words that are not in the contract are
//! kept as they are. A payload that is no such object becomes an event of its own, [`Kind::Unreadable`].

use std::{borrow::Cow, sync::Arc};

use serde::Deserialize;

use super::{
    clock::Millis,
    event::{Client, Event, Kind, Source, Transport},
};

/// Text that is borrowed from the payload where it has no escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl Text<'_> {
    fn arc(&self) -> Arc<str> {
        Arc::from(&*self.0)
    }
}

/// All three kinds of object have these members, each some of them.
#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(borrow)]
    event: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow)]
    at: Option<Text<'a>>,
    seq: Option<u64>,
    #[serde(borrow)]
    reason: Option<Text<'a>>,
    #[serde(borrow)]
    client: Option<WireClient<'a>>,
    #[serde(borrow)]
    session: Option<WireSession<'a>>,
    #[serde(borrow)]
    action: Option<Text<'a>>,
    #[serde(borrow)]
    topic: Option<Text<'a>>,
    #[serde(borrow)]
    rule: Option<Text<'a>>,
    #[serde(borrow)]
    other: Option<WireClient<'a>>,
    take_overs: Option<u64>,
    within_seconds: Option<u64>,
}

#[derive(Deserialize)]
struct WireClient<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    account: Option<Text<'a>>,
    #[serde(borrow)]
    address: Option<Text<'a>>,
    #[serde(borrow)]
    transport: Option<Text<'a>>,
    #[serde(borrow)]
    protocol: Option<Text<'a>>,
    keep_alive: Option<u32>,
    clean_start: Option<bool>,
}

#[derive(Deserialize)]
struct WireSession<'a> {
    #[serde(borrow)]
    connected_at: Option<Text<'a>>,
}

/// Where a payload comes from, as far as the payload does not say itself.
pub(crate) struct Origin<'a> {
    pub(crate) now: Millis,
    pub(crate) source: Source,
    pub(crate) account: &'a str,
    pub(crate) topic: Arc<str>,
}

/// Reads an event of the feed or of the events; never fails, see [`Kind::Unreadable`].
pub(crate) fn event(origin: &Origin<'_>, payload: &[u8]) -> Event {
    let read = read(payload).and_then(|wire| {
        let name = match origin.source {
            Source::Events => wire.event.as_ref().ok_or("the object has no \"event\""),
            Source::Feed => wire.status.as_ref().ok_or("the object has no \"status\""),
        };
        let kind = Kind::from_name(&name?.0);
        Ok(assemble(origin, payload, kind, &wire))
    });
    read.unwrap_or_else(|why| unreadable(origin, payload, &why))
}

/// Reads a retained present state: the client, and since when it is connected; none for `disconnected`.
pub(crate) fn present(origin: &Origin<'_>, payload: &[u8]) -> Result<(Client, Option<Millis>), String> {
    let wire = read(payload)?;
    let status = wire.status.as_ref().ok_or("the object has no \"status\"")?;
    let since = (status.0 == "connected").then(|| at(&wire).unwrap_or(origin.now));
    Ok((client(origin, &wire), since))
}

/// A payload that could not be read, as an event.
pub(crate) fn unreadable(origin: &Origin<'_>, payload: &[u8], why: &str) -> Event {
    Event {
        kind: Kind::Unreadable(why.into()),
        at: origin.now,
        seq: None,
        reason: None,
        client: Client { account: origin.account.into(), ..Client::default() },
        started: None,
        lasted: None,
        detail: None,
        source: origin.source,
        topic: Arc::clone(&origin.topic),
        raw: payload.into(),
    }
}

fn read(payload: &[u8]) -> Result<Wire<'_>, String> {
    serde_json::from_slice(payload).map_err(|error| error.to_string())
}

fn assemble(origin: &Origin<'_>, payload: &[u8], kind: Kind, wire: &Wire<'_>) -> Event {
    let at = at(wire).unwrap_or(origin.now);
    let started = wire.session.as_ref().and_then(|session| moment(session.connected_at.as_ref()));
    Event {
        at,
        seq: wire.seq,
        reason: wire.reason.as_ref().map(|reason| Box::from(&*reason.0)),
        client: client(origin, wire),
        started,
        lasted: started.filter(|_| kind == Kind::Disconnected).map(|started| at.since(started)),
        detail: detail(&kind, wire),
        kind,
        source: origin.source,
        topic: Arc::clone(&origin.topic),
        raw: payload.into(),
    }
}

fn client(origin: &Origin<'_>, wire: &Wire<'_>) -> Client {
    let Some(client) = &wire.client else {
        return Client { account: origin.account.into(), ..Client::default() };
    };
    Client {
        id: client.id.as_ref().map(Text::arc).unwrap_or_default(),
        account: client.account.as_ref().map_or_else(|| origin.account.into(), Text::arc),
        address: client.address.as_ref().map(Text::arc),
        transport: client.transport.as_ref().map(|name| Transport::from_name(&name.0)),
        protocol: client.protocol.as_ref().map(Text::arc),
        keep_alive: client.keep_alive,
        clean_start: client.clean_start,
    }
}

fn detail(kind: &Kind, wire: &Wire<'_>) -> Option<Box<str>> {
    match kind {
        Kind::Denied => Some(denied(wire).into()),
        Kind::Conflict => Some(conflict(wire).into()),
        _ => None,
    }
}

/// `publish chat/x, by acl:7`
fn denied(wire: &Wire<'_>) -> String {
    let mut line = wire.action.as_ref().map_or("action", |action| &action.0).to_owned();
    if let Some(topic) = &wire.topic {
        line = format!("{line} {}", topic.0);
    }
    if let Some(rule) = &wire.rule {
        line = format!("{line}, by {}", rule.0);
    }
    line
}

/// `127.0.0.1:5 (TCP) and 127.0.0.1:6 (WebSocket), 3 take-overs in 60 s`
fn conflict(wire: &Wire<'_>) -> String {
    let sides: Vec<String> = [&wire.client, &wire.other].into_iter().flatten().map(side).collect();
    let mut line = sides.join(" and ");
    if let Some(take_overs) = wire.take_overs {
        line = format!("{line}, {take_overs} take-overs");
    }
    if let Some(seconds) = wire.within_seconds {
        line = format!("{line} in {seconds} s");
    }
    line
}

fn side(client: &WireClient<'_>) -> String {
    let address = client.address.as_ref().map_or("unknown address", |address| &address.0);
    match &client.transport {
        Some(name) => format!("{address} ({})", Transport::from_name(&name.0).label()),
        None => address.to_owned(),
    }
}

fn at(wire: &Wire<'_>) -> Option<Millis> {
    moment(wire.at.as_ref())
}

fn moment(text: Option<&Text<'_>>) -> Option<Millis> {
    Millis::from_rfc3339(&text?.0)
}
