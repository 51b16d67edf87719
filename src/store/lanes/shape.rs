//! The shape of a session's end, by its reason: what the eye tells apart without colour.

/// A shape; each stands for reasons that ask the same of whoever looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// It stands: an open edge.
    Open,
    /// The client said goodbye: a round cap.
    Goodbye,
    /// It said goodbye and had its Will sent: a round cap and a dot.
    Will,
    /// It was silent for too long: a notch.
    Silent,
    /// The connection broke: a jagged edge.
    Lost,
    /// A newer connection took over: a chevron.
    TakenOver,
    /// Somebody ended it: a bar across.
    Ended,
    /// It did what it should not: a cross.
    Fault,
    /// The broker stopped: a square.
    Broker,
    /// A reason that this page has no shape for: a diamond.
    Other,
    /// No reason was told: a straight edge.
    Plain,
    /// The end was not seen: dots.
    Unseen,
}

impl Shape {
    /// All, as a legend lists them.
    pub const ALL: [Self; 12] = [
        Self::Open,
        Self::Goodbye,
        Self::Will,
        Self::Silent,
        Self::Lost,
        Self::TakenOver,
        Self::Ended,
        Self::Fault,
        Self::Broker,
        Self::Other,
        Self::Plain,
        Self::Unseen,
    ];

    /// The shape for a reason in the broker's word.
    pub fn of(reason: Option<&str>) -> Self {
        match reason {
            None => Self::Plain,
            Some("client-disconnect" | "session-expired") => Self::Goodbye,
            Some("client-disconnect-with-will") => Self::Will,
            Some("keep-alive-timeout" | "idle-timeout" | "connect-timeout") => Self::Silent,
            Some("connection-lost") => Self::Lost,
            Some("taken-over") => Self::TakenOver,
            Some("kicked" | "banned") => Self::Ended,
            Some(
                "malformed-packet" | "protocol-error" | "packet-too-large" | "quota-exceeded"
                | "not-authorized",
            ) => Self::Fault,
            Some("server-shutdown" | "server-restart") => Self::Broker,
            Some(_) => Self::Other,
        }
    }

    /// The reason where this page knows it, and a word of its own where it does not: the broker's words never become
    /// markup.
    pub fn reason(reason: Option<&str>) -> &'static str {
        const KNOWN: [&str; 16] = [
            "client-disconnect",
            "client-disconnect-with-will",
            "keep-alive-timeout",
            "connection-lost",
            "taken-over",
            "kicked",
            "malformed-packet",
            "protocol-error",
            "packet-too-large",
            "quota-exceeded",
            "not-authorized",
            "idle-timeout",
            "connect-timeout",
            "session-expired",
            "server-shutdown",
            "server-restart",
        ];
        let Some(reason) = reason else { return "none" };
        KNOWN.into_iter().find(|known| *known == reason).unwrap_or("other")
    }

    /// One word, for styles.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Goodbye => "goodbye",
            Self::Will => "will",
            Self::Silent => "silent",
            Self::Lost => "lost",
            Self::TakenOver => "taken-over",
            Self::Ended => "ended",
            Self::Fault => "fault",
            Self::Broker => "broker",
            Self::Other => "other",
            Self::Plain => "plain",
            Self::Unseen => "unseen",
        }
    }

    /// What it means, for the legend.
    pub fn words(self) -> &'static str {
        match self {
            Self::Open => "still connected",
            Self::Goodbye => "said goodbye",
            Self::Will => "goodbye with Will",
            Self::Silent => "silent too long",
            Self::Lost => "connection lost",
            Self::TakenOver => "taken over",
            Self::Ended => "ended by an operator",
            Self::Fault => "broke a rule",
            Self::Broker => "the broker stopped",
            Self::Other => "another reason",
            Self::Plain => "no reason told",
            Self::Unseen => "end not seen",
        }
    }
}
