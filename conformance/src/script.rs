//! What a script is registered with.

use crate::client::unhex;
use crate::{Bench, Transport};
use headcount_broker::Config;
use headcount_mqtt::{ProtocolVersion, ReasonCode};

/// A script: what a broker has to do, as a play of sending, expecting and waiting.
#[derive(Debug, Clone, Copy)]
pub struct Script {
    /// Unique within its chapter.
    pub name: &'static str,
    /// The statements it proves: `MQTT-3.1.2-2`, in the numbering of 5.0; those of 3.1.1 alone carry
    /// ` (3.1.1)`, and a bare chapter stands where the standard gives no number.
    pub statements: &'static [&'static str],
    /// The protocol versions it is played in.
    pub versions: Versions,
    /// Seconds that it waits at most, all waits together.
    pub waits: u32,
    /// A configuration it needs: such a script is for the core alone.
    pub configuration: Option<fn(&mut Config)>,
    /// The only transport it is for, with TLS or without.
    pub transport: Option<Transport>,
    /// The play.
    pub body: Body,
}

/// The protocol versions a script is played in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Versions {
    /// 3.1.1 and 5.0.
    Both,
    /// One of them.
    Only(ProtocolVersion),
}

/// Shorthand for the tables of scripts.
pub const BOTH: Versions = Versions::Both;
/// Shorthand for the tables of scripts.
pub const V311: Versions = Versions::Only(ProtocolVersion::V311);
/// Shorthand for the tables of scripts.
pub const V5: Versions = Versions::Only(ProtocolVersion::V5);

/// What is played.
#[derive(Debug, Clone, Copy)]
pub enum Body {
    /// A function.
    Play(fn(&Bench)),
    /// A row of a table: these bytes, in hexadecimal, sent by a connected client, end the connection; in 5.0 with a
    /// DISCONNECT that carries one of these reasons.
    Refused {
        /// The bytes in hexadecimal; spaces are free.
        bytes: &'static str,
        /// The Reason Codes that fit; the first is the best.
        reasons: &'static [ReasonCode],
    },
    /// A row of a table: these bytes, in hexadecimal, as the first of a connection, end it; with a CONNACK that
    /// carries one of these reasons, or with none.
    RefusedFirst {
        /// The bytes in hexadecimal; spaces are free.
        bytes: &'static str,
        /// The Reason Codes that a CONNACK may carry.
        reasons: &'static [ReasonCode],
    },
}

impl Versions {
    /// The versions, oldest first.
    pub fn iter(self) -> impl Iterator<Item = ProtocolVersion> {
        [ProtocolVersion::V311, ProtocolVersion::V5]
            .into_iter()
            .filter(move |version| self == Self::Both || self == Self::Only(*version))
    }
}

impl Body {
    /// A row of a table: its bytes, and the Reason Codes that fit.
    pub fn row(&self) -> Option<(Vec<u8>, &'static [ReasonCode])> {
        match self {
            Self::Play(_) => None,
            Self::Refused { bytes, reasons } | Self::RefusedFirst { bytes, reasons } => {
                Some((unhex(bytes), reasons))
            }
        }
    }
}

impl Script {
    /// A written script; see [`script!`](crate::script).
    pub const fn new(
        name: &'static str,
        versions: Versions,
        statements: &'static [&'static str],
        body: Body,
    ) -> Self {
        Self { name, statements, versions, waits: 0, configuration: None, transport: None, body }
    }

    /// Declares how many seconds it waits at most.
    pub const fn waits(mut self, seconds: u32) -> Self {
        self.waits = seconds;
        self
    }

    /// Declares the configuration that it needs.
    pub const fn configured(mut self, configuration: fn(&mut Config)) -> Self {
        self.configuration = Some(configuration);
        self
    }

    /// Declares that it speaks of WebSocket alone.
    pub const fn over_websocket(mut self) -> Self {
        self.transport = Some(Transport::WebSocket);
        self
    }
}

/// Registers a function under its own name: `script!(a_second_connect_closes, BOTH, ["MQTT-3.1.0-2"])`.
#[macro_export]
macro_rules! script {
    ($function:ident, $versions:expr, [$($statement:literal),* $(,)?]) => {
        $crate::Script::new(
            stringify!($function),
            $versions,
            &[$($statement),*],
            $crate::Body::Play($function),
        )
    };
}

/// Registers a row of bytes that end the connection:
/// `refused!("pingreq_with_flags", BOTH, ["MQTT-2.1.3-1"], "C1 00", [MalformedPacket])`.
#[macro_export]
macro_rules! refused {
    ($name:literal, $versions:expr, [$($statement:literal),* $(,)?], $bytes:literal, [$($reason:ident),+ $(,)?]) => {
        $crate::Script::new(
            $name,
            $versions,
            &[$($statement),*],
            $crate::Body::Refused { bytes: $bytes, reasons: &[$(::headcount_mqtt::ReasonCode::$reason),+] },
        )
    };
}

/// Registers a row of first bytes that end the connection; as [`refused!`](crate::refused).
#[macro_export]
macro_rules! refused_first {
    ($name:literal, $versions:expr, [$($statement:literal),* $(,)?], $bytes:literal, [$($reason:ident),* $(,)?]) => {
        $crate::Script::new(
            $name,
            $versions,
            &[$($statement),*],
            $crate::Body::RefusedFirst { bytes: $bytes, reasons: &[$(::headcount_mqtt::ReasonCode::$reason),*] },
        )
    };
}
