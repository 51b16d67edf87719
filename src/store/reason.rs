//! Words for the closed list of reasons in the events.

/// A reason in words: `keep-alive-timeout` is `keep alive timed out`. A reason that is not in the list
/// comes back as the broker wrote it.
pub fn words(reason: &str) -> &str {
    match reason {
        "client-disconnect" => "said goodbye",
        "client-disconnect-with-will" => "said goodbye and sent its Will",
        "keep-alive-timeout" => "keep alive timed out",
        "connection-lost" => "connection lost without a goodbye",
        "taken-over" => "taken over by a newer connection",
        "kicked" => "disconnected by an operator",
        "malformed-packet" => "sent a malformed packet",
        "protocol-error" => "broke the protocol",
        "packet-too-large" => "sent too large a packet",
        "quota-exceeded" => "over its quota",
        "not-authorized" => "not authorized",
        "idle-timeout" => "idle too long",
        "connect-timeout" => "sent no CONNECT in time",
        "session-expired" => "session expired",
        "server-shutdown" => "the broker shut down",
        "server-restart" => "the broker restarted",
        "bad-user-name-or-password" => "bad user name or password",
        "banned" => "banned",
        "bad-client-id" => "client id not valid here",
        "unsupported-protocol-version" => "protocol version not supported",
        "server-busy" => "broker too busy",
        other => other,
    }
}
