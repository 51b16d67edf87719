//! RMQTT: EMQX' topics, sent by its plugin `rmqtt-sys-topic`; a node is a number.
//!
//! Source: <https://github.com/rmqtt/rmqtt/blob/master/docs/en_US/sys-topic.md>, and `Reason` in its `types.rs`.
//! `ipaddress` has a port, a `disconnected` has no beginning, and `time`, a local time without its zone, is left alone.

use super::{ADDRESSES, Card, REASONS, emqx};

pub(super) const CARD: Card = Card {
    name: "rmqtt",
    label: "RMQTT",
    filters: &emqx::FILTERS,
    tells: REASONS | ADDRESSES,
    read: |message| Some(emqx::read(message, reason)),
};

/// A reason may carry its text in parentheses, and there may be several with commas between: the first counts.
fn reason(words: &str) -> &str {
    match words.split([',', '(']).next().unwrap_or_default() {
        "Disconnect" => "client-disconnect",
        "RemoteClose" | "ReadWriteError" | "ReadWriteTimeout" => "connection-lost",
        "KeepaliveTimeout" => "keep-alive-timeout",
        // Kicked by a newer connection; an operator's is `ByAdminKick`.
        "Kicked" => "taken-over",
        "ByAdminKick" => "kicked",
        "SessionExpiration" => "session-expired",
        "ProtocolError" => "protocol-error",
        _ => words,
    }
}
