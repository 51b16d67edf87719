//! RMQTT: EMQX' topics, sent by its plugin `rmqtt-sys-topic`; a node is a number.
//!
//! Source: what 0.24.0 sends, <https://github.com/rmqtt/rmqtt/blob/master/docs/en_US/sys-topic.md>, and `Reason` in its
//! `types.rs`. A client without a user name has the user name `undefined`.
//! `ipaddress` has a port, a `disconnected` has no beginning, and `time`, a local time without its zone, is left alone.

use super::{ADDRESSES, Card, REASONS, emqx};

pub(super) const CARD: Card = Card {
    name: "rmqtt",
    label: "RMQTT",
    filters: &emqx::FILTERS,
    tells: REASONS | ADDRESSES,
    read: |message| Some(emqx::read(message, reason)),
};

/// A reason may carry its text in parentheses, and there may be several with commas between: the first counts. One that
/// its decoder gives is a sentence.
fn reason(words: &str) -> &str {
    match words.split([',', '(']).next().unwrap_or_default() {
        "Disconnect" if words.contains(": DisconnectWithWill") => "client-disconnect-with-will",
        "Disconnect" => "client-disconnect",
        "RemoteClose" | "ReadWriteError" | "ReadWriteTimeout" | "io error" => "connection-lost",
        "Malformed packet" | "Unsupported packet type" => "malformed-packet",
        "KeepaliveTimeout" => "keep-alive-timeout",
        // Kicked by a newer connection; an operator's is `ByAdminKick`.
        "Kicked" => "taken-over",
        "ByAdminKick" => "kicked",
        "SessionExpiration" => "session-expired",
        "ProtocolError" => "protocol-error",
        _ => words,
    }
}
