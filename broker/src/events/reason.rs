//! Why a connection ended or an attempt failed: a closed list, without "unknown".

use headcount_mqtt::ReasonCode;

/// A reason as the feeds name it.
#[allow(missing_docs, reason = "the names are the contract's")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    ClientDisconnect,
    ClientDisconnectWithWill,
    KeepAliveTimeout,
    ConnectionLost,
    TakenOver,
    Kicked,
    MalformedPacket,
    ProtocolError,
    PacketTooLarge,
    QuotaExceeded,
    NotAuthorized,
    IdleTimeout,
    ConnectTimeout,
    ServerShutdown,
    ServerRestart,
    BadUserNameOrPassword,
    Banned,
    BadClientId,
    UnsupportedProtocolVersion,
    ServerBusy,
}

impl Reason {
    /// In the order of their declaration.
    pub(crate) const ALL: [Self; 20] = [
        Self::ClientDisconnect,
        Self::ClientDisconnectWithWill,
        Self::KeepAliveTimeout,
        Self::ConnectionLost,
        Self::TakenOver,
        Self::Kicked,
        Self::MalformedPacket,
        Self::ProtocolError,
        Self::PacketTooLarge,
        Self::QuotaExceeded,
        Self::NotAuthorized,
        Self::IdleTimeout,
        Self::ConnectTimeout,
        Self::ServerShutdown,
        Self::ServerRestart,
        Self::BadUserNameOrPassword,
        Self::Banned,
        Self::BadClientId,
        Self::UnsupportedProtocolVersion,
        Self::ServerBusy,
    ];

    /// The reason behind a Reason Code that this server sends.
    pub(crate) fn of(code: ReasonCode) -> Self {
        match code {
            ReasonCode::MalformedPacket | ReasonCode::PayloadFormatInvalid => Self::MalformedPacket,
            ReasonCode::PacketTooLarge => Self::PacketTooLarge,
            ReasonCode::QuotaExceeded
            | ReasonCode::ReceiveMaximumExceeded
            | ReasonCode::MessageRateTooHigh => Self::QuotaExceeded,
            ReasonCode::NotAuthorized | ReasonCode::BadAuthenticationMethod => Self::NotAuthorized,
            ReasonCode::BadUserNameOrPassword => Self::BadUserNameOrPassword,
            ReasonCode::Banned => Self::Banned,
            ReasonCode::ClientIdentifierNotValid => Self::BadClientId,
            ReasonCode::UnsupportedProtocolVersion => Self::UnsupportedProtocolVersion,
            ReasonCode::ServerBusy | ReasonCode::ServerUnavailable | ReasonCode::ConnectionRateExceeded => {
                Self::ServerBusy
            }
            ReasonCode::SessionTakenOver => Self::TakenOver,
            ReasonCode::AdministrativeAction => Self::Kicked,
            ReasonCode::KeepAliveTimeout => Self::KeepAliveTimeout,
            ReasonCode::ServerShuttingDown => Self::ServerShutdown,
            ReasonCode::MaximumConnectTime => Self::ConnectTimeout,
            _ => Self::ProtocolError,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::ClientDisconnect => "client-disconnect",
            Self::ClientDisconnectWithWill => "client-disconnect-with-will",
            Self::KeepAliveTimeout => "keep-alive-timeout",
            Self::ConnectionLost => "connection-lost",
            Self::TakenOver => "taken-over",
            Self::Kicked => "kicked",
            Self::MalformedPacket => "malformed-packet",
            Self::ProtocolError => "protocol-error",
            Self::PacketTooLarge => "packet-too-large",
            Self::QuotaExceeded => "quota-exceeded",
            Self::NotAuthorized => "not-authorized",
            Self::IdleTimeout => "idle-timeout",
            Self::ConnectTimeout => "connect-timeout",
            Self::ServerShutdown => "server-shutdown",
            Self::ServerRestart => "server-restart",
            Self::BadUserNameOrPassword => "bad-user-name-or-password",
            Self::Banned => "banned",
            Self::BadClientId => "bad-client-id",
            Self::UnsupportedProtocolVersion => "unsupported-protocol-version",
            Self::ServerBusy => "server-busy",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Reason;

    #[test]
    fn all_are_listed_in_order() {
        for (at, reason) in Reason::ALL.into_iter().enumerate() {
            assert_eq!(reason as usize, at, "{reason:?}");
        }
    }
}
