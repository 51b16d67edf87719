//! Topics of channels, and what filters catch of them.

use headcount_mqtt::TopicFilter;

/// What all their topics begin with.
pub(crate) const PREFIX: &[u8] = b"channels/";

/// Fields of an entry, as ThingSpeak has them: `field1` to `field8`.
pub(crate) const FIELDS: usize = 8;

/// What a topic of channels is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// A body with fields.
    Publish(u32),
    /// The value of one field, counted from 0.
    PublishField(u32, usize),
    /// What the broker relays.
    Subscribe(u32),
    /// A request for past entries.
    Feeds(u32),
    /// The answer to one client's.
    Answer(u32),
}

/// Whose messages a filter can catch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// No channel's.
    Nothing,
    /// One channel's.
    Channel(u32),
    /// Those of any channel.
    Any,
}

/// What a topic is for; `None` where it is no channel's.
pub(crate) fn target(topic: &str) -> Option<Target> {
    let mut levels = topic.strip_prefix("channels/")?.split('/');
    let channel = number(levels.next()?)?;
    let end = [levels.next(), levels.next(), levels.next(), levels.next()];
    match end {
        [Some("publish"), None, ..] => Some(Target::Publish(channel)),
        [Some("subscribe"), None, ..] => Some(Target::Subscribe(channel)),
        [Some("feeds"), None, ..] => Some(Target::Feeds(channel)),
        [Some("feeds"), Some(_), None, ..] => Some(Target::Answer(channel)),
        [Some("publish"), Some("fields"), Some(name), None] => {
            field(name).map(|at| Target::PublishField(channel, at))
        }
        [Some("subscribe"), Some("fields"), Some(name), None] => {
            field(name).map(|_| Target::Subscribe(channel))
        }
        _ => None,
    }
}

/// Whose messages a filter can catch; behind a share it is the same.
pub(crate) fn reach(filter: &TopicFilter) -> Reach {
    let mut levels = filter.levels();
    match levels.next() {
        Some(b"#") => return Reach::Any,
        Some(b"channels" | b"+") => {}
        _ => return Reach::Nothing,
    }
    let reach = match levels.next() {
        Some(b"#") => return Reach::Any,
        Some(b"+") => Reach::Any,
        Some(level) => match std::str::from_utf8(level).ok().and_then(number) {
            Some(channel) => Reach::Channel(channel),
            None => return Reach::Nothing,
        },
        None => return Reach::Nothing,
    };
    let rest = [levels.next(), levels.next(), levels.next(), levels.next()];
    let catches = match rest {
        [Some(b"#"), ..]
        | [Some(b"subscribe" | b"+"), None | Some(b"#"), ..]
        | [Some(b"feeds" | b"+"), Some(_), None | Some(b"#"), ..] => true,
        [Some(b"subscribe" | b"+"), Some(b"fields" | b"+"), Some(name), None | Some(b"#")] => {
            matches!(name, b"+" | b"#") || std::str::from_utf8(name).is_ok_and(|name| field(name).is_some())
        }
        _ => false,
    };
    if catches { reach } else { Reach::Nothing }
}

/// A field's name as its place.
pub(crate) fn field(name: &str) -> Option<usize> {
    let place: usize = name.strip_prefix("field")?.parse().ok()?;
    (name.len() == "field1".len() && (1..=FIELDS).contains(&place)).then(|| place - 1)
}

/// A channel's number as a topic writes it: without a sign and without zeros in front.
fn number(level: &str) -> Option<u32> {
    let is_plain = level.bytes().all(|byte| byte.is_ascii_digit()) && !level.starts_with('0');
    level.parse().ok().filter(|_| is_plain)
}

#[cfg(test)]
mod tests {
    use super::{Reach, Target, reach, target};
    use headcount_mqtt::TopicFilter;

    #[test]
    fn topics_have_one_meaning() {
        for (topic, expected) in [
            ("channels/7/publish", Some(Target::Publish(7))),
            ("channels/4294967295/publish", Some(Target::Publish(u32::MAX))),
            ("channels/7/publish/fields/field1", Some(Target::PublishField(7, 0))),
            ("channels/7/publish/fields/field8", Some(Target::PublishField(7, 7))),
            ("channels/7/subscribe", Some(Target::Subscribe(7))),
            ("channels/7/subscribe/fields/field3", Some(Target::Subscribe(7))),
            ("channels/7/feeds", Some(Target::Feeds(7))),
            ("channels/7/feeds/desk", Some(Target::Answer(7))),
            ("channels/7/feeds/desk/x", None),
            ("channels/07/feeds", None),
            ("channels/0/publish", None),
            ("channels/07/publish", None),
            ("channels/+7/publish", None),
            ("channels/4294967296/publish", None),
            ("channels/7", None),
            ("channels/7/publish/", None),
            ("channels/7/publish/fields", None),
            ("channels/7/publish/fields/field0", None),
            ("channels/7/publish/fields/field9", None),
            ("channels/7/publish/fields/field01", None),
            ("channels/7/publish/fields/field+1", None),
            ("channels/7/publish/fields/field1/x", None),
            ("other/7/publish", None),
        ] {
            assert_eq!(target(topic), expected, "{topic}");
        }
    }

    #[test]
    fn filters_catch_what_they_match() {
        for (filter, expected) in [
            ("channels/7/subscribe", Reach::Channel(7)),
            ("$share/g/channels/7/subscribe", Reach::Channel(7)),
            ("channels/7/subscribe/#", Reach::Channel(7)),
            ("channels/7/#", Reach::Channel(7)),
            ("channels/7/+", Reach::Channel(7)),
            ("channels/7/subscribe/fields/field2", Reach::Channel(7)),
            ("channels/7/subscribe/fields/+", Reach::Channel(7)),
            ("channels/7/subscribe/fields/#", Reach::Channel(7)),
            ("channels/+/subscribe", Reach::Any),
            ("channels/+/subscribe/fields/field1", Reach::Any),
            ("channels/#", Reach::Any),
            ("+/+/subscribe", Reach::Any),
            ("#", Reach::Any),
            ("channels/7/feeds/desk", Reach::Channel(7)),
            ("channels/7/feeds/#", Reach::Channel(7)),
            ("channels/+/feeds/desk", Reach::Any),
            ("channels/7/feeds", Reach::Nothing),
            ("channels/7/feeds/desk/x", Reach::Nothing),
            ("channels/7", Reach::Nothing),
            ("channels/7/publish", Reach::Nothing),
            ("channels/7/subscribe/fields", Reach::Nothing),
            ("channels/7/subscribe/fields/field9", Reach::Nothing),
            ("channels/x/subscribe", Reach::Nothing),
            ("lamp/7/subscribe", Reach::Nothing),
        ] {
            assert_eq!(reach(&TopicFilter::try_from(filter).unwrap()), expected, "{filter}");
        }
    }
}
