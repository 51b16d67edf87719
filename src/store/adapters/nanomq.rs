//! `NanoMQ`: `$SYS/brokers/client_status/<client id>`, and `$SYS/brokers/connected` and `…/disconnected` before 0.24.1, JSON.
//!
//! Source: the messages in `mqtt_parser.h` of <https://github.com/nanomq/NanoNNG>. `ts` is milliseconds; `IPv4` has no
//! port; a client without a user name has `(null)`. `reason_code` and `return_code` are hexadecimal: Reason Codes from
//! 0x80 on, 0 for a DISCONNECT, and else an error of its sockets. Names are not escaped and a message is cut at 255
//! bytes: of one that is no JSON for that, the beginning is read and the topic's name.

use super::{ADDRESSES, Card, Message, REASONS, REFUSALS, Told, message::protocol};
use crate::store::{event::Kind, json::Json};

pub(super) const CARD: Card = Card {
    name: "nanomq",
    label: "NanoMQ",
    filters: &["$SYS/brokers/client_status/+", "$SYS/brokers/connected", "$SYS/brokers/disconnected"],
    tells: REASONS | ADDRESSES | REFUSALS,
    read: |message| Some(message.or_unreadable(read(message).or_else(|why| torn(message).ok_or(why)))),
};

/// What a message that is no JSON tells all the same.
fn torn(message: &Message<'_>) -> Option<Told> {
    let status = message.text()?.strip_prefix("{\"status\":\"")?;
    let kind = match status.split_once('"')?.0 {
        // One that was refused has another code.
        "online" if status.contains("\"return_code\":\"0\"") => Kind::Connected,
        "offline" => Kind::Disconnected,
        _ => return None,
    };
    Some(message.told(kind, message.level(3))).filter(|told| !told.event.client.id.is_empty())
}

fn read(message: &Message<'_>) -> Result<Told, String> {
    let json = Json::read(message.payload)?;
    let code = |name| {
        let digits = json.text(name)?.unwrap_or("0");
        u8::from_str_radix(digits, 16).map_err(|_| "a code is no hexadecimal number".to_owned())
    };
    let status = json.text("status")?.unwrap_or(message.level(2));
    let (kind, reason) = match status {
        "online" | "connected" => match code("return_code")? {
            0 => (Kind::Connected, ""),
            code => (Kind::Refused, refusal(code)),
        },
        "offline" | "disconnected" => (Kind::Disconnected, end(code("reason_code")?)),
        _ => return Err("\"status\" is neither online nor offline".to_owned()),
    };
    let mut told = message.told(kind, json.text("client_id")?.unwrap_or(message.level(3)));
    told.at(json.number("ts")?);
    told.because(reason);
    let client = &mut told.event.client;
    let name = json.text("username")?.filter(|name| *name != "(null)");
    client.account = name.unwrap_or_default().into();
    client.address = json.text("IPv4")?.map(Into::into);
    client.protocol = json.number("proto_ver")?.and_then(protocol);
    client.keep_alive = json.number("keepalive")?;
    client.clean_start = json.number::<u64>("clean_start")?.map(|clean| clean != 0);
    Ok(told)
}

/// Why a connection ended.
fn end(code: u8) -> &'static str {
    match code {
        0x00 => "client-disconnect",
        0x04 => "client-disconnect-with-will",
        0x8b => "server-shutdown",
        0x8d => "keep-alive-timeout",
        0x8e => "taken-over",
        0x98 => "kicked",
        0x80.. => refusal(code),
        _ => "connection-lost",
    }
}

/// Why a connection was refused, by the codes of both versions.
pub(super) fn refusal(code: u8) -> &'static str {
    match code {
        0x01 | 0x84 => "unsupported-protocol-version",
        0x02 | 0x85 => "bad-client-id",
        0x03 | 0x88 | 0x89 => "server-busy",
        0x04 | 0x86 => "bad-user-name-or-password",
        0x05 | 0x87 => "not-authorized",
        0x81 => "malformed-packet",
        0x82 => "protocol-error",
        0x8a => "banned",
        0x95 => "packet-too-large",
        0x97 => "quota-exceeded",
        // Its code stands in the message.
        _ => "",
    }
}
