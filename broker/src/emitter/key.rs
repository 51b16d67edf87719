//! A key: what it lets its bearer do, and where.

use super::{Fault, KeyId, channel};
use crate::cover::covers;
use headcount_mqtt::TopicFilter;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// One thing that a key may allow, with its letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Right {
    Read,
    Write,
    Store,
    Load,
    Presence,
    Extend,
    /// Reserved, in Emitter as well: it allows nothing.
    Execute,
}

const RIGHTS: [(Right, char); 7] = [
    (Right::Read, 'r'),
    (Right::Write, 'w'),
    (Right::Store, 's'),
    (Right::Load, 'l'),
    (Right::Presence, 'p'),
    (Right::Extend, 'e'),
    (Right::Execute, 'x'),
];

/// Why a key does not do, whatever for.
pub(super) const EXPIRED: &str = "the key has expired";
pub(super) const BANNED: &str = "the key was taken out of use";

/// A set of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Rights(u8);

impl Right {
    /// In the words of an error.
    pub(super) fn verb(self) -> &'static str {
        match self {
            Self::Read => "subscribe (r)",
            Self::Write => "publish (w)",
            Self::Store => "store (s)",
            Self::Load => "load stored messages (l)",
            Self::Presence => "ask for presence (p)",
            Self::Extend => "extend (e)",
            Self::Execute => "execute (x)",
        }
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl Rights {
    /// Reads letters, each of which has to be known.
    pub(super) fn read(letters: &str) -> Result<Self, Fault> {
        letters.chars().try_fold(Self::default(), |rights, letter| {
            let known = RIGHTS.into_iter().find(|(_, of_it)| *of_it == letter);
            let (right, _) = known.ok_or_else(|| {
                Fault::new(400, format!("type: `{letter}` is no right; use letters of `rwslpex`"))
            })?;
            Ok(rights.with(right))
        })
    }

    pub(super) fn letters(self) -> String {
        RIGHTS.into_iter().filter(|(right, _)| self.has(*right)).map(|(_, letter)| letter).collect()
    }

    pub(super) fn has(self, right: Right) -> bool {
        self.0 & right.bit() != 0
    }

    pub(super) fn with(self, right: Right) -> Self {
        Self(self.0 | right.bit())
    }

    pub(super) fn without(self, right: Right) -> Self {
        Self(self.0 & !right.bit())
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// What a key lets its bearer do. The key itself is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChannelKey {
    pub(super) id: KeyId,
    pub(super) rights: Rights,
    /// The channels it is for: `a/b/`, or `a/b/#/` with all below, or with `+`.
    pub(super) target: TopicFilter,
    /// When it ends, since 1970.
    pub(super) expires: Option<Duration>,
    /// Whether it stands in the configuration. Such a key may make others.
    pub(super) is_configured: bool,
    /// Whether it was taken out of use.
    pub(super) is_banned: bool,
}

/// As it is stored.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    #[serde(rename = "type")]
    rights: String,
    target: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<u64>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    banned: bool,
}

impl ChannelKey {
    /// A key of the configuration: everything, everywhere but where a topic begins with `$`.
    pub(super) fn configured(id: KeyId) -> Self {
        let rights = Rights(u8::MAX).without(Right::Extend);
        let target = TopicFilter::try_from("#").expect("a filter");
        Self { id, rights, target, expires: None, is_configured: true, is_banned: false }
    }

    /// Whether its time is over.
    pub(super) fn is_over(&self, now: Duration) -> bool {
        self.expires.is_some_and(|at| at <= now)
    }

    /// Whether it lets its bearer do this to all that the filter catches.
    pub(super) fn allows(&self, right: Right, filter: &TopicFilter, now: Duration) -> Result<(), Fault> {
        if self.is_banned {
            return Err(Fault::new(401, BANNED));
        }
        if self.is_over(now) {
            return Err(Fault::new(401, EXPIRED));
        }
        if self.rights.has(Right::Extend) && right != Right::Extend {
            return Err(Fault::new(401, "a key with the right to extend (e) is for nothing else"));
        }
        if !self.rights.has(right) {
            return Err(Fault::new(401, format!("the key does not allow to {}", right.verb())));
        }
        if !covers(&self.target, filter) {
            return Err(Fault::new(401, format!("the key is not for the channel {}", shown(filter))));
        }
        Ok(())
    }

    pub(super) fn to_json(&self) -> Vec<u8> {
        let stored = Stored {
            rights: self.rights.letters(),
            target: shown(&self.target),
            expires: self.expires.map(|at| at.as_secs()),
            banned: self.is_banned,
        };
        serde_json::to_vec(&stored).expect("text and a number")
    }

    /// What [`ChannelKey::to_json`] wrote.
    pub(super) fn from_json(id: KeyId, json: &[u8]) -> Option<Self> {
        let stored: Stored = serde_json::from_slice(json).ok()?;
        Some(Self {
            id,
            rights: Rights::read(&stored.rights).ok()?,
            target: channel::exactly(&stored.target).ok()?,
            expires: stored.expires.map(Duration::from_secs),
            is_configured: false,
            is_banned: stored.banned,
        })
    }
}

/// A filter in Emitter's manner of writing.
pub(super) fn shown(filter: &TopicFilter) -> String {
    let text = filter.as_str();
    if text.ends_with('#') { format!("{text}/") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{ChannelKey, Right, Rights};
    use crate::emitter::KeyId;
    use crate::emitter::channel::exactly;
    use std::time::Duration;

    #[test]
    fn letters_are_rights() {
        let rights = Rights::read("pwr").unwrap();
        assert_eq!(rights.letters(), "rwp");
        assert!(rights.has(Right::Presence) && !rights.has(Right::Store));
        assert_eq!(rights.and(Rights::read("px").unwrap()).letters(), "p");
        assert_eq!(
            Rights::read("rq").unwrap_err().message,
            "type: `q` is no right; use letters of `rwslpex`"
        );
        assert_eq!(ChannelKey::configured(KeyId::of("demo")).rights.letters(), "rwslpx");
    }

    #[test]
    fn a_key_is_for_its_channels_and_its_time() {
        let now = Duration::from_secs(100);
        let id = KeyId::of("key");
        let key = |target, expires: Option<u64>| ChannelKey {
            id,
            rights: Rights::read("r").unwrap(),
            target: exactly(target).unwrap(),
            expires: expires.map(Duration::from_secs),
            is_configured: false,
            is_banned: false,
        };
        for (target, asked, fits) in [
            ("a/b/", "a/b/", true),
            ("a/b/", "a/b/#/", false),
            ("a/b/", "a/b/c/", false),
            ("a/#/", "a/b/c/", true),
            ("a/#/", "a/+/#/", true),
            ("a/+/", "a/b/", true),
            ("a/b/", "a/+/", false),
            ("#/", "x/", true),
            ("#/", "$SYS/x/", false),
        ] {
            let verdict = key(target, None).allows(Right::Read, &exactly(asked).unwrap(), now);
            assert_eq!(verdict.is_ok(), fits, "{target} {asked}");
        }
        let a = exactly("a/").unwrap();
        assert_eq!(key("a/", Some(101)).allows(Right::Read, &a, now), Ok(()));
        assert_eq!(key("a/", Some(100)).allows(Right::Read, &a, now).unwrap_err().status, 401);
        let refused = key("a/", None).allows(Right::Write, &a, now).unwrap_err();
        assert_eq!(refused.message, "the key does not allow to publish (w)");
        let kept = key("a/#/", Some(7));
        assert_eq!(kept.to_json(), br#"{"type":"r","target":"a/#/","expires":7}"#);
        assert_eq!(ChannelKey::from_json(id, &kept.to_json()), Some(kept));
        let banned = ChannelKey { is_banned: true, ..key("a/#/", Some(7)) };
        assert_eq!(banned.to_json(), br#"{"type":"r","target":"a/#/","expires":7,"banned":true}"#);
        assert_eq!(ChannelKey::from_json(id, &banned.to_json()), Some(banned));
    }
}
