//! How the page's own connection stands: what the state pill says.

use std::sync::Arc;

use super::clock::Millis;

/// The state of the page's own connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Connection {
    /// Nobody asked for a connection, or the user ended it.
    #[default]
    Offline,
    /// On the way.
    Connecting {
        /// Which step is under way.
        step: Step,
        /// 0 for the first attempt, then counting the retries since the last live connection.
        attempt: u32,
    },
    /// Connected and subscribed.
    Live(Live),
    /// Waiting before the next attempt.
    Reconnecting {
        /// The number of the attempt that comes next, from 1.
        attempt: u32,
        /// When it comes.
        retry_at: Millis,
        /// What went wrong last, as a sentence without a full stop.
        error: Arc<str>,
    },
    /// The broker said no, and trying again would not help.
    Refused(Refusal),
    /// Another connection with the same Client Identifier took over; the page does not fight.
    TakenOver,
}

/// A step on the way to a live connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The WebSocket is opening.
    OpeningSocket,
    /// CONNECT is sent.
    WaitingForConnack,
    /// SUBSCRIBE is sent.
    Subscribing,
}

/// The protocol version that a connection speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// MQTT 3.1.1.
    V311,
    /// MQTT 5.0.
    V5,
}

/// A live connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Live {
    /// Since CONNACK.
    pub since: Millis,
    /// The version spoken.
    pub protocol: Protocol,
    /// The Client Identifier in force.
    pub client_id: Arc<str>,
    /// Whether the server assigned it.
    pub assigned: bool,
}

/// A refusal that ends the attempts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Reason Code of MQTT 5, into which those of 3.1.1 are translated; none where no broker was asked.
    pub code: Option<u8>,
    /// What the broker said, in words.
    pub words: Arc<str>,
    /// What the user may do about it.
    pub advice: Arc<str>,
}

impl Connection {
    /// One word for `data-state`: `offline`, `connecting`, `live`, `reconnecting`, `refused`, `taken-over`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::Connecting { .. } => "connecting",
            Self::Live(_) => "live",
            Self::Reconnecting { .. } => "reconnecting",
            Self::Refused(_) => "refused",
            Self::TakenOver => "taken-over",
        }
    }

    /// The pill's text.
    pub fn label(&self, now: Millis) -> String {
        match self {
            Self::Offline => "Offline".to_owned(),
            Self::Connecting { step, .. } => step.words().to_owned(),
            Self::Live(live) => format!("Live, MQTT {}", live.protocol.name()),
            Self::Reconnecting { retry_at, .. } => match retry_at.since(now) {
                0 => "Reconnecting…".to_owned(),
                wait => format!("Reconnecting in {} s", (wait + 999) / 1_000),
            },
            Self::Refused(refusal) => format!("Refused: {}", refusal.words),
            Self::TakenOver => "Taken over by another connection".to_owned(),
        }
    }

    /// Whether the page means to be connected, so that the button says Disconnect.
    pub fn is_wanted(&self) -> bool {
        matches!(self, Self::Connecting { .. } | Self::Live(_) | Self::Reconnecting { .. })
    }
}

impl Step {
    /// The pill's text.
    pub fn words(self) -> &'static str {
        match self {
            Self::OpeningSocket => "Opening the WebSocket…",
            Self::WaitingForConnack => "Waiting for CONNACK…",
            Self::Subscribing => "Subscribing…",
        }
    }
}

impl Protocol {
    /// `3.1.1` or `5.0`.
    pub fn name(self) -> &'static str {
        match self {
            Self::V311 => "3.1.1",
            Self::V5 => "5.0",
        }
    }
}
