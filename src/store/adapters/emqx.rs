//! EMQX 3 to 6: `$SYS/brokers/<node>/clients/<client id>/connected` and `…/disconnected`, JSON.
//!
//! Source: <https://docs.emqx.com/en/emqx/latest/observability/mqtt-system-topics.html>, and `apps/emqx/src/emqx_sys.erl`
//! of 5.0.0, 5.8.9 and 6.3.0-beta.2. Up to 4 a `connected` with a `connack` that is not 0 tells of a refusal.
//! Times are milliseconds. `ipaddress` has no port. An Erlang atom is written as its name, so that a client without a
//! user name has the user name `undefined`.

use super::{ADDRESSES, Card, Message, REASONS, Told, message::protocol, nanomq};
use crate::store::{event::Kind, json::Json};

pub(super) const CARD: Card = Card {
    name: "emqx",
    label: "EMQX",
    filters: &FILTERS,
    tells: REASONS | ADDRESSES,
    read: |message| {
        // A node is `name@host` here, and a number at RMQTT.
        message.level(2).contains('@').then(|| read(message, reason))
    },
};

pub(super) const FILTERS: [&str; 2] =
    ["$SYS/brokers/+/clients/+/connected", "$SYS/brokers/+/clients/+/disconnected"];

/// Reads either broker's object; `reason` knows its words.
pub(super) fn read(message: &Message<'_>, reason: fn(&str) -> &str) -> Told {
    let read = || {
        let json = Json::read(message.payload)?;
        let code = json.number("connack")?.unwrap_or(0_u8);
        let kind = if code == 0 { Kind::from_name(message.level(5)) } else { Kind::Refused };
        let ended = kind == Kind::Disconnected;
        let mut told = message.told(kind, json.text("clientid")?.unwrap_or(message.level(4)));
        let [began, over, sent] =
            [json.number("connected_at")?, json.number("disconnected_at")?, json.number("ts")?];
        told.at(if ended { over } else { began }.or(sent));
        if ended {
            told.started(began);
        }
        told.because(json.text("reason")?.map_or_else(|| nanomq::refusal(code), reason));
        let client = &mut told.event.client;
        let name = json.text("username")?.filter(|name| *name != "undefined");
        client.account = name.unwrap_or_default().into();
        client.address = json.text("ipaddress")?.map(Into::into);
        client.protocol = json.number("proto_ver")?.and_then(protocol);
        client.keep_alive = json.number("keepalive")?;
        client.clean_start = json.flag("clean_start")?.or(json.flag("clean_session")?);
        Ok(told)
    };
    message.or_unreadable(read())
}

/// The names of reasons in `emqx_connection` and `emqx_channel`.
fn reason(word: &str) -> &str {
    match word {
        "normal" => "client-disconnect",
        "keepalive_timeout" => "keep-alive-timeout",
        "disconnect_with_will_message" => "client-disconnect-with-will",
        "tcp_closed" | "ssl_closed" | "ws_closed" | "closed" | "econnreset" | "etimedout" | "epipe" => {
            "connection-lost"
        }
        "takenover" | "takeovered" | "discarded" | "session_taken_over" => "taken-over",
        "kicked" | "administrative_action" => "kicked",
        "frame_error" | "frame_parse_error" | "malformed_packet" => "malformed-packet",
        "frame_too_large" | "packet_too_large" => "packet-too-large",
        "protocol_error" => "protocol-error",
        "not_authorized" => "not-authorized",
        "idle_timeout" => "idle-timeout",
        "server_shutdown" | "server_shutting_down" => "server-shutdown",
        other => other,
    }
}
