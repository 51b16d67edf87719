//! A term of the search, and how it is written.

use crate::store::json::quote;

/// What a term asks about; a term without a key asks about the whole row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The Client Identifier.
    Client,
    /// The account.
    Account,
    /// What happened: `connected`, `refused`, ….
    Status,
    /// Why, in the broker's word (`keep-alive-timeout`) or the page's (`keep alive timed out`).
    Reason,
    /// `TCP`, `WebSocket`, ….
    Transport,
    /// The network address: with its port, or the host alone.
    Address,
    /// The Topic Name that the message came by, or the topic that a rule refused.
    Topic,
    /// From this moment on, by the broker's clock.
    Since,
    /// Before this moment.
    Until,
}

/// What the asked is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A part of it, case ignored; of a status its beginning.
    Part(String),
    /// The whole of it.
    Whole(String),
    /// A regular expression as it was written: what stands between its slashes, and its flags.
    Pattern(String, String),
}

/// A term of the search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Whether what it finds is hidden.
    pub excluded: bool,
    /// What it asks about.
    pub key: Option<Key>,
    /// What that is compared with.
    pub value: Value,
}

impl Key {
    /// All keys, in the order of the help.
    pub const ALL: [Self; 9] = [
        Self::Client,
        Self::Account,
        Self::Status,
        Self::Reason,
        Self::Transport,
        Self::Address,
        Self::Topic,
        Self::Since,
        Self::Until,
    ];

    /// The word before the colon.
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Account => "account",
            Self::Status => "status",
            Self::Reason => "reason",
            Self::Transport => "transport",
            Self::Address => "address",
            Self::Topic => "topic",
            Self::Since => "since",
            Self::Until => "until",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.name().eq_ignore_ascii_case(name))
    }

    /// Whether it bounds the time.
    pub(super) fn is_moment(self) -> bool {
        matches!(self, Self::Since | Self::Until)
    }
}

impl Term {
    /// The term that finds exactly this value: `client:"lamp"`.
    pub fn exact(key: Key, value: &str) -> Self {
        Self { excluded: false, key: Some(key), value: Value::Whole(value.to_owned()) }
    }

    /// The term that hides what this one finds, and the other way round.
    pub fn opposite(&self) -> Self {
        Self { excluded: !self.excluded, ..self.clone() }
    }

    /// As one types it; read again, it is the same term.
    pub fn write(&self) -> String {
        let mut out = String::new();
        if self.excluded {
            out.push('-');
        }
        if let Some(key) = self.key {
            out.push_str(key.name());
            out.push(':');
        }
        match &self.value {
            Value::Part(text) if self.is_plain(text) => out.push_str(text),
            // A field of one line takes no line breaks, so they are written in letters, as in JSON.
            Value::Part(text) | Value::Whole(text) => quote(&mut out, text),
            Value::Pattern(source, flags) => {
                out.push('/');
                out.push_str(source);
                out.push('/');
                out.push_str(flags);
            }
        }
        out
    }

    /// Whether a part may stand without quotes. Behind a key it has to: quoted, it would be the whole.
    fn is_plain(&self, text: &str) -> bool {
        self.key.is_some()
            || !(text.is_empty()
                || text.starts_with(['"', '/', '-'])
                || text.contains(char::is_whitespace)
                || text.split_once(':').is_some_and(|(name, _)| Key::from_name(name).is_some()))
    }
}
