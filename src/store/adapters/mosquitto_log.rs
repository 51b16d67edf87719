//! Mosquitto 1.6 to 2.1: the lines of its log about connections, with `log_dest topic` and `connection_messages true`.
//!
//! Source: `src/handle_connect.c` and `src/loop.c` of <https://github.com/eclipse-mosquitto/mosquitto>, and
//! <https://mosquitto.org/man/mosquitto-conf-5.html>. They come by `$SYS/broker/log/N`, a take-over up to 2.0 by
//! `…/E`; the other severities have no fact. In front of a line stands a time, as `log_timestamp_format` has it.
//!
//! A line is made for people: a Client Identifier may hold what looks like the rest of one. What stands behind it is
//! therefore read from the end of the line. A line has 1,000 bytes at most; what is longer is cut and is no fact.

use super::{ADDRESSES, Card, Message, REASONS, REFUSALS, Told};
use crate::store::{
    clock::Millis,
    event::{Kind, Timed},
};

pub(super) const CARD: Card = Card {
    name: "mosquitto",
    label: "Mosquitto log",
    filters: &["$SYS/broker/log/N", "$SYS/broker/log/E"],
    tells: REASONS | ADDRESSES | REFUSALS,
    read,
};

const CAME: [&str; 2] = ["New client connected from ", "New bridge connected from "];

/// How lines begin that tell of an end, before the Client Identifier.
const LEFT: [&str; 3] = ["Client ", "Socket error on client ", "Bad socket read/write on client "];

/// What stands behind the identifier after `Client`, whole, and the reason that it is.
const ENDS: [(&str, &str); 4] = [
    (" disconnected.", "client-disconnect"),
    (" closed its connection.", "connection-lost"),
    (" has exceeded timeout, disconnecting.", "keep-alive-timeout"),
    (" already connected, closing old connection.", "taken-over"),
];

/// What stands between the identifier and a reason in words.
const BEFORE_REASON: [&str; 3] = [" disconnected: ", " disconnected due to ", " disconnected, "];

fn read(message: &Message<'_>) -> Option<Told> {
    let line = message.text()?;
    let found = CAME.iter().chain(&LEFT).filter_map(|start| Some((line.find(start)?, *start)));
    let (at, start) = found.min()?;
    let (before, rest) = (line.get(..at)?, line.get(at + start.len()..)?);
    if !before.is_empty() && !before.ends_with(": ") {
        return None;
    }
    let mut told = if CAME.contains(&start) { came(message, rest) } else { left(message, start, rest) }?;
    if start == CAME[1] {
        told.event.detail = Some("a bridge".into());
    }
    stamp(&mut told, before, message.now);
    Some(told)
}

/// `127.0.0.1:50930 as lamp (p2, c1, k60, u'alice').`; up to 1.6 without the port.
fn came(message: &Message<'_>, rest: &str) -> Option<Told> {
    let (address, rest) = rest.split_once(" as ")?;
    let (id, fields) = rest.rsplit_once(" (p")?;
    let mut fields = fields.strip_suffix(").")?.splitn(4, ", ");
    let mut told = message.told(Kind::Connected, id);
    let client = &mut told.event.client;
    client.address = Some(address.into());
    // Its own numbers: 1 is 3.1, 2 is 3.1.1, 5 is 5.0.
    client.protocol = match fields.next()? {
        "1" => Some("3.1".into()),
        "2" => Some("3.1.1".into()),
        "5" => Some("5.0".into()),
        _ => None,
    };
    client.clean_start = Some(fields.next()?.strip_prefix('c')? == "1");
    client.keep_alive = fields.next()?.strip_prefix('k')?.parse().ok();
    let name = fields.next().and_then(|name| name.strip_prefix("u'")?.strip_suffix('\''));
    client.account = name.unwrap_or_default().into();
    Some(told)
}

/// `lamp [127.0.0.1:50930] disconnected: exceeded timeout.`; up to 2.0 without the address.
fn left(message: &Message<'_>, start: &str, rest: &str) -> Option<Told> {
    let (id, reason) = if start == LEFT[0] {
        let whole = ENDS.iter().find_map(|(end, reason)| Some((rest.strip_suffix(end)?, *reason)));
        whole.or_else(|| {
            let (id, words) = BEFORE_REASON.iter().find_map(|words| rest.rsplit_once(words))?;
            Some((id, name_of(words.strip_suffix('.').unwrap_or(words))))
        })?
    } else {
        // The words behind it are the system's, and stand in the message.
        let id = rest.strip_suffix(", disconnecting.").or_else(|| Some(rest.rsplit_once(": ")?.0))?;
        (id, "connection-lost")
    };
    let (id, address) = id
        .strip_suffix(']')
        .and_then(|id| id.rsplit_once(" ["))
        .filter(|(_, address)| address.contains(':'))
        .map_or((id, None), |(id, address)| (id, Some(address)));
    // Who never sent a CONNECT has no name here, or its address; that is no client.
    let is_nobody =
        id == "<unknown>" || address.is_some_and(|address| address.starts_with(&format!("{id}:")));
    let refusals = ["not-authorized", "bad-client-id", "bad-user-name-or-password", "server-busy", "banned"];
    let kind = if refusals.contains(&reason) { Kind::Refused } else { Kind::Disconnected };
    if is_nobody && kind == Kind::Disconnected {
        return None;
    }
    let mut told = message.told(kind, id);
    told.because(reason);
    told.event.client.address = address.map(Into::into);
    Some(told)
}

/// The reason that the log's words name; words that are not known stay as they are.
fn name_of(words: &str) -> &str {
    match words {
        "malformed packet" => "malformed-packet",
        "protocol error" => "protocol-error",
        "connection closed by client" => "connection-lost",
        "exceeded timeout" => "keep-alive-timeout",
        "oversize packet" | "oversize payload" => "packet-too-large",
        "receive maximum exceeded" | "quota exceeded" | "connection rate exceeded" => "quota-exceeded",
        "administrative action" => "kicked",
        "session taken over" => "taken-over",
        "not authorised" | "no longer authorised" => "not-authorized",
        "client identifier not valid" => "bad-client-id",
        "bad username or password" => "bad-user-name-or-password",
        "server unavailable" | "server busy" => "server-busy",
        "client banned" => "banned",
        other => other,
    }
}

/// Takes the line's time: seconds since the UNIX epoch, or RFC 3339 with a zone. A time without one could be any.
///
/// The line has whole seconds. Within its second the moment of its coming is taken, so that the order of lines is that
/// of the log, and what lasted half a second does not last none.
fn stamp(told: &mut Told, before: &str, now: Millis) {
    let Some(time) = before.strip_suffix(": ") else { return };
    let at = match time.parse() {
        Ok(seconds) => {
            told.at(Some(seconds));
            told.event.at
        }
        Err(_) => match Millis::from_rfc3339(time) {
            Some(at) => at,
            None => return,
        },
    };
    told.event.at = Millis(now.0.clamp(at.0, at.plus(999).0));
    told.event.timed = Timed::ByMessage;
}
