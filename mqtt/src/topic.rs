//! Topic Names and Topic Filters (chapter 4.7 of both standards), valid by construction.

use crate::{InvalidText, Text};
use bytes::Bytes;

/// The name of the topic a message is published to: at least one character, no `+`, no `#`
/// [MQTT-4.7.3-1] [MQTT-3.3.2-2].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicName(Text);

/// What a subscription asks for: a valid filter, a Shared Subscription's included.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicFilter(Text);

/// The parts of `$share/{ShareName}/{filter}` (chapter 4.8.2 of MQTT 5.0).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharedSubscription<'a> {
    /// The Share Name: at least one byte, no `/`, `+` or `#` [MQTT-4.8.2-1] [MQTT-4.8.2-2].
    pub name: &'a [u8],
    /// The Topic Filter behind it.
    pub filter: &'a [u8],
}

/// Why a text is no Topic Name or no Topic Filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidTopic {
    /// No UTF-8 Encoded String at all.
    Text(InvalidText),
    /// Not a single character [MQTT-4.7.3-1].
    Empty,
    /// A `+` or `#` in a Topic Name [MQTT-3.3.2-2].
    WildcardInName,
    /// A `#` that is not the last character, or does not fill its level [MQTT-4.7.1-1].
    MultiLevel,
    /// A `+` that does not fill its level [MQTT-4.7.1-2].
    SingleLevel,
    /// `$share/` with an empty or wild Share Name, or no filter behind it [MQTT-4.8.2-1] [MQTT-4.8.2-2].
    Share,
}

impl TopicName {
    /// # Errors
    /// [`InvalidTopic`] where the text is no Topic Name.
    pub fn new(text: Text) -> Result<Self, InvalidTopic> {
        if text.is_empty() {
            return Err(InvalidTopic::Empty);
        }
        if text.as_bytes().iter().any(|b| matches!(b, b'+' | b'#')) {
            return Err(InvalidTopic::WildcardInName);
        }
        Ok(Self(text))
    }

    /// At least one byte, and all of them plain (see [`text::is_plain`](crate::text::is_plain)).
    #[inline]
    pub(crate) fn plain(bytes: Bytes) -> Self {
        Self(Text::plain(bytes))
    }

    /// The name's bytes: compare and split these on hot paths.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The name as text; see [`Text::as_str`].
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The underlying text.
    pub fn text(&self) -> &Text {
        &self.0
    }

    /// The levels between the slashes, empty ones included.
    pub fn levels(&self) -> impl Iterator<Item = &[u8]> {
        self.as_bytes().split(|b| *b == b'/')
    }
}

impl TopicFilter {
    /// # Errors
    /// [`InvalidTopic`] where the text is no Topic Filter.
    pub fn new(text: Text) -> Result<Self, InvalidTopic> {
        if text.is_empty() {
            return Err(InvalidTopic::Empty);
        }
        let filter = match share(text.as_bytes()) {
            Some(None) => return Err(InvalidTopic::Share),
            Some(Some(shared)) => shared.filter,
            None => text.as_bytes(),
        };
        let mut levels = filter.split(|b| *b == b'/').peekable();
        while let Some(level) = levels.next() {
            if level.contains(&b'#') && (level.len() > 1 || levels.peek().is_some()) {
                return Err(InvalidTopic::MultiLevel);
            }
            if level.contains(&b'+') && level.len() > 1 {
                return Err(InvalidTopic::SingleLevel);
            }
        }
        Ok(Self(text))
    }

    /// The whole filter's bytes, `$share/…/` included.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The whole filter as text; see [`Text::as_str`].
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The underlying text.
    pub fn text(&self) -> &Text {
        &self.0
    }

    /// The Share Name and the filter behind it, where this is a Shared Subscription.
    pub fn shared(&self) -> Option<SharedSubscription<'_>> {
        share(self.as_bytes()).flatten()
    }

    /// The levels that topics are matched against: without `$share/{ShareName}/`.
    pub fn levels(&self) -> impl Iterator<Item = &[u8]> {
        self.shared().map_or(self.as_bytes(), |s| s.filter).split(|b| *b == b'/')
    }

    /// Whether a message published to `topic` matches, byte by byte [MQTT-4.7.3-4], with the `$` rule: a leading wildcard does not match a
    /// Topic Name that begins with `$` [MQTT-4.7.2-1].
    pub fn matches(&self, topic: &TopicName) -> bool {
        let mut names = topic.levels();
        let mut filters = self.levels().enumerate();
        loop {
            match (filters.next(), names.next()) {
                (Some((0, b"#" | b"+")), Some(name)) if name.starts_with(b"$") => return false,
                (Some((_, b"#")), _) | (None, None) => return true,
                (Some((_, b"+")), Some(_)) => {}
                (Some((_, level)), Some(name)) if level == name => {}
                _ => return false,
            }
        }
    }
}

#[allow(clippy::option_option, reason = "three cases, and private")]
/// `None`: not shared. `Some(None)`: begins with `$share/` but is no valid Shared Subscription.
fn share(filter: &[u8]) -> Option<Option<SharedSubscription<'_>>> {
    if filter == b"$share" {
        return Some(None);
    }
    let rest = filter.strip_prefix(b"$share/")?;
    let shared = rest
        .iter()
        .position(|b| *b == b'/')
        .map(|slash| SharedSubscription { name: &rest[..slash], filter: &rest[slash + 1..] });
    Some(shared.filter(|s| {
        !s.name.is_empty() && !s.filter.is_empty() && !s.name.iter().any(|b| matches!(b, b'+' | b'#'))
    }))
}

impl TryFrom<Bytes> for TopicName {
    type Error = InvalidTopic;
    fn try_from(bytes: Bytes) -> Result<Self, InvalidTopic> {
        if bytes.is_empty() {
            return Err(InvalidTopic::Empty);
        }
        match Text::scanned(bytes) {
            Ok((text, false)) => Ok(Self(text)),
            Ok((_, true)) => Err(InvalidTopic::WildcardInName),
            Err(error) => Err(InvalidTopic::Text(error)),
        }
    }
}

impl TryFrom<Bytes> for TopicFilter {
    type Error = InvalidTopic;
    fn try_from(bytes: Bytes) -> Result<Self, InvalidTopic> {
        Self::new(Text::new(bytes).map_err(InvalidTopic::Text)?)
    }
}

macro_rules! from_text {
    ($type:ty) => {
        impl TryFrom<&str> for $type {
            type Error = InvalidTopic;
            fn try_from(text: &str) -> Result<Self, InvalidTopic> {
                Self::new(Text::try_from(text).map_err(InvalidTopic::Text)?)
            }
        }
        impl TryFrom<String> for $type {
            type Error = InvalidTopic;
            fn try_from(text: String) -> Result<Self, InvalidTopic> {
                Self::new(Text::try_from(text).map_err(InvalidTopic::Text)?)
            }
        }
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }
    };
}
from_text!(TopicName);
from_text!(TopicFilter);

impl InvalidTopic {
    /// The rule that is broken, with its statement number.
    pub fn rule(self) -> &'static str {
        match self {
            Self::Text(error) => error.rule(),
            Self::Empty => "a Topic Name or Topic Filter is empty [MQTT-4.7.3-1]",
            Self::WildcardInName => {
                "a Topic Name contains a wildcard [MQTT-4.7.0-1] [MQTT-3.3.2-2] [MQTT-4.7.1-1 (3.1.1)]"
            }
            Self::MultiLevel => {
                "a # does not fill the last level of a Topic Filter [MQTT-4.7.1-1] [MQTT-4.7.1-2 (3.1.1)]"
            }
            Self::SingleLevel => {
                "a + does not fill its level of a Topic Filter [MQTT-4.7.1-2] [MQTT-4.7.1-3 (3.1.1)]"
            }
            Self::Share => {
                "a Shared Subscription is not $share/{name}/{filter} [MQTT-4.8.2-1] [MQTT-4.8.2-2]"
            }
        }
    }
}

impl std::fmt::Display for InvalidTopic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(error) => error.fmt(f),
            Self::Empty => f.write_str("empty"),
            Self::WildcardInName => f.write_str("a Topic Name holds no + and no #"),
            Self::MultiLevel => f.write_str("# must fill the last level"),
            Self::SingleLevel => f.write_str("+ must fill its level"),
            Self::Share => f.write_str("a Shared Subscription is $share/{name}/{filter}"),
        }
    }
}

impl std::error::Error for InvalidTopic {}
