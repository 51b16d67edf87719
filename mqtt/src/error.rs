//! Errors sorted by blame.

use crate::{InvalidText, InvalidTopic, PacketType, ReasonCode};

/// What is wrong with the bytes of a peer. Too few bytes is no error: [`Decoder`](crate::Decoder) answers `Ok(None)`.
///
/// The line between Malformed and Protocol: bytes that do not form a field's type are malformed (a Topic Name with a
/// wildcard is none), and so is what the standard calls malformed; a field that can be read and has a value that is not
/// allowed is a Protocol Error.
///
/// The connection cannot go on: answer with [`DecodeError::reason`] where the version knows how, and close it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecodeError {
    /// A Malformed Packet: the bytes cannot be parsed by the standard. Blame: the peer's encoder.
    Malformed {
        /// The packet's type, where its first byte names one.
        packet: Option<PacketType>,
        /// The rule that is broken, with its statement number.
        rule: &'static str,
    },
    /// A Protocol Error: well-formed bytes that the protocol does not allow here. Blame: the peer's logic.
    Protocol {
        /// The packet's type.
        packet: PacketType,
        /// The rule that is broken, with its statement number.
        rule: &'static str,
        /// What to answer; `ProtocolError` unless the standard names a better one.
        reason: ReasonCode,
    },
    /// Larger than our own maximum packet size. Blame: our limit, if we announced none in the peer's version.
    TooLarge {
        /// Size of the whole packet in bytes, as its Fixed Header declares it.
        size: usize,
        /// The limit in bytes.
        maximum: usize,
    },
    /// A CONNECT of a Protocol Name or Protocol Version other than MQTT 3.1.1 and 5.0 [MQTT-3.1.2-2].
    UnsupportedVersion {
        /// The Protocol Version byte.
        level: u8,
    },
}

impl DecodeError {
    /// The Reason Code to answer with before closing.
    pub fn reason(&self) -> ReasonCode {
        match self {
            Self::Malformed { .. } => ReasonCode::MalformedPacket,
            Self::Protocol { reason, .. } => *reason,
            Self::TooLarge { .. } => ReasonCode::PacketTooLarge,
            Self::UnsupportedVersion { .. } => ReasonCode::UnsupportedProtocolVersion,
        }
    }
}

impl std::fmt::Display for DecodeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Malformed { packet: Some(packet), rule } => write!(f, "malformed {packet}: {rule}"),
            Self::Malformed { packet: None, rule } => write!(f, "malformed packet: {rule}"),
            Self::Protocol { packet, rule, .. } => write!(f, "protocol error in {packet}: {rule}"),
            Self::TooLarge { size, maximum } => {
                write!(f, "packet of {size} bytes is larger than the maximum of {maximum}")
            }
            Self::UnsupportedVersion { level } => write!(f, "protocol version {level} is not spoken here"),
        }
    }
}

impl std::error::Error for DecodeError {}

/// A packet that cannot be put into bytes. Blame: the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EncodeError {
    /// Longer than a Variable Byte Integer can say, or than `maximum`: nothing was written.
    TooLarge {
        /// Size of the whole packet in bytes.
        size: usize,
        /// The limit in bytes.
        maximum: usize,
    },
    /// A field longer than its two-byte length can say.
    FieldTooLong(&'static str),
    /// A combination that this version has no bytes for (AUTH in 3.1.1, a Topic Alias without a name, …).
    NotInVersion(&'static str),
    /// A text that is not valid where it stands.
    Text(InvalidText),
    /// A topic that is not valid where it stands.
    Topic(InvalidTopic),
}

impl std::fmt::Display for EncodeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooLarge { size, maximum } => write!(f, "{size} bytes; at most {maximum} are allowed"),
            Self::FieldTooLong(field) => write!(f, "{field} is longer than 65,535 bytes"),
            Self::NotInVersion(what) => write!(f, "{what} has no encoding in this protocol version"),
            Self::Text(error) => error.fmt(f),
            Self::Topic(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for EncodeError {}
