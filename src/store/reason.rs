//! Words for the closed list of reasons in the events.

/// A reason in words: `keep-alive-timeout` is `silent for 1.5 times its keep alive`. A reason that is not in the list
/// comes back as the broker wrote it.
pub fn words(reason: &str) -> &str {
    match reason {
        "client-disconnect" => "said goodbye",
        "client-disconnect-with-will" => "said goodbye and asked for its Will",
        "keep-alive-timeout" => "silent for longer than its keep alive allows",
        "connection-lost" => "the connection broke without a goodbye",
        "taken-over" => "another connection took its client id",
        "kicked" => "disconnected by an operator",
        "malformed-packet" => "sent a malformed packet",
        "protocol-error" => "broke the protocol",
        "packet-too-large" => "sent a packet that is too large",
        "quota-exceeded" => "went over its quota",
        "not-authorized" => "not authorized",
        "idle-timeout" => "idle for too long",
        "connect-timeout" => "sent no CONNECT in time",
        "session-expired" => "its session expired",
        "server-shutdown" => "the broker shut down",
        "server-restart" => "the broker restarted",
        "bad-user-name-or-password" => "bad user name or password",
        "banned" => "banned",
        "bad-client-id" => "its client id is not valid here",
        "unsupported-protocol-version" => "the broker does not speak its protocol version",
        "server-busy" => "the broker is busy",
        other => other,
    }
}
