//! JSON to [`Event`]: the feed, the events, the retained present state.
//!
//! Fields that are not named here are left alone (the raw bytes keep them), and words that are not in the contract are
//! kept as they are. A payload that is no such object becomes an event of its own, [`Kind::Unreadable`].

use std::sync::Arc;

use super::{
    clock::Millis,
    event::{Client, Event, Kind, Source, Timed, Transport},
    json::Json,
};

/// All three kinds of object have these members, each some of them.
struct Wire<'a> {
    event: Option<&'a str>,
    status: Option<&'a str>,
    at: Option<&'a str>,
    seq: Option<u64>,
    reason: Option<&'a str>,
    client: Option<WireClient<'a>>,
    connected_at: Option<&'a str>,
    action: Option<&'a str>,
    topic: Option<&'a str>,
    rule: Option<&'a str>,
    other: Option<WireClient<'a>>,
    take_overs: Option<u64>,
    within_seconds: Option<u64>,
}

struct WireClient<'a> {
    id: Option<&'a str>,
    account: Option<&'a str>,
    address: Option<&'a str>,
    transport: Option<&'a str>,
    protocol: Option<&'a str>,
    keep_alive: Option<u32>,
    clean_start: Option<bool>,
}

impl<'a> Wire<'a> {
    fn of(json: &'a Json<'_>) -> Result<Self, String> {
        let client = |name| json.object(name)?.map(WireClient::of).transpose();
        let session = json.object("session")?;
        Ok(Self {
            event: json.text("event")?,
            status: json.text("status")?,
            at: json.text("at")?,
            seq: json.number("seq")?,
            reason: json.text("reason")?,
            client: client("client")?,
            connected_at: session.map_or(Ok(None), |session| session.text("connected_at"))?,
            action: json.text("action")?,
            topic: json.text("topic")?,
            rule: json.text("rule")?,
            other: client("other")?,
            take_overs: json.number("take_overs")?,
            within_seconds: json.number("within_seconds")?,
        })
    }
}

impl<'a> WireClient<'a> {
    fn of(json: &'a Json<'_>) -> Result<Self, String> {
        Ok(Self {
            id: json.text("id")?,
            account: json.text("account")?,
            address: json.text("address")?,
            transport: json.text("transport")?,
            protocol: json.text("protocol")?,
            keep_alive: json.number("keep_alive")?,
            clean_start: json.flag("clean_start")?,
        })
    }
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
    let read = Json::read(payload).and_then(|json| {
        let wire = Wire::of(&json)?;
        let name = match origin.source {
            Source::Events => wire.event.ok_or("the object has no \"event\""),
            Source::Feed | Source::Other(_) => wire.status.ok_or("the object has no \"status\""),
        };
        Ok(assemble(origin, payload, Kind::from_name(name?), &wire))
    });
    read.unwrap_or_else(|why| unreadable(origin, payload, &why))
}

/// Reads a retained present state: the client, and since when it is connected; none for `disconnected`.
pub(crate) fn present(origin: &Origin<'_>, payload: &[u8]) -> Result<(Client, Option<Millis>), String> {
    let json = Json::read(payload)?;
    let wire = Wire::of(&json)?;
    let status = wire.status.ok_or("the object has no \"status\"")?;
    let since = (status == "connected").then(|| moment(wire.at).unwrap_or(origin.now));
    Ok((client(origin, &wire), since))
}

/// A payload that could not be read, as an event.
pub(crate) fn unreadable(origin: &Origin<'_>, payload: &[u8], why: &str) -> Event {
    Event {
        kind: Kind::Unreadable(why.into()),
        at: origin.now,
        received: origin.now,
        timed: Timed::ByReceipt,
        seq: None,
        reason: None,
        client: Client { account: origin.account.into(), ..Client::default() },
        started: None,
        lasted: None,
        detail: None,
        denied: None,
        source: origin.source,
        topic: Arc::clone(&origin.topic),
        raw: payload.into(),
    }
}

/// A message that the page did not ask for.
pub(crate) fn stray(origin: &Origin<'_>, payload: &[u8]) -> Event {
    unreadable(origin, payload, "the page did not ask for this topic")
}

fn assemble(origin: &Origin<'_>, payload: &[u8], kind: Kind, wire: &Wire<'_>) -> Event {
    let own = moment(wire.at);
    let at = own.unwrap_or(origin.now);
    let started = moment(wire.connected_at);
    Event {
        at,
        received: origin.now,
        timed: if own.is_some() { Timed::ByMessage } else { Timed::ByReceipt },
        seq: wire.seq,
        reason: wire.reason.map(Box::from),
        client: client(origin, wire),
        started,
        lasted: started.filter(|_| kind == Kind::Disconnected).map(|started| at.since(started)),
        detail: detail(&kind, wire),
        denied: wire.topic.filter(|_| kind == Kind::Denied).map(Box::from),
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
        id: client.id.unwrap_or_default().into(),
        account: client.account.unwrap_or(origin.account).into(),
        address: client.address.map(Arc::from),
        transport: client.transport.map(Transport::from_name),
        protocol: client.protocol.map(Arc::from),
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
    let mut line = wire.action.unwrap_or("action").to_owned();
    if let Some(topic) = wire.topic {
        line = format!("{line} {topic}");
    }
    if let Some(rule) = wire.rule {
        line = format!("{line}, by {rule}");
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
    let address = client.address.unwrap_or("unknown address");
    match client.transport {
        Some(name) => format!("{address} ({})", Transport::from_name(name).label()),
        None => address.to_owned(),
    }
}

fn moment(text: Option<&str>) -> Option<Millis> {
    Millis::from_rfc3339(text?)
}
