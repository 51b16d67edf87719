//! Topics that the broker itself publishes to: who may read them, and how names stand in them.

use headcount_mqtt::{TopicFilter, TopicName};

/// Who may read a system topic.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Readers<'a> {
    Everybody,
    Observers,
    /// The account of this level, and observers.
    Account(&'a [u8]),
}

/// Whether the broker alone publishes there.
pub(crate) fn is_system(topic: &TopicName) -> bool {
    readers(topic.as_bytes()).is_some()
}

/// What the broker says of an account, one of the name `journal` too.
const OF_ACCOUNTS: [&[u8]; 6] = [b"clients", b"control", b"devices", b"events", b"journal", b"rules"];

/// The readers of a topic that the broker itself publishes to; `None` for all other topics.
pub(crate) fn readers(topic: &[u8]) -> Option<Readers<'_>> {
    let mut levels = topic.split(|b| *b == b'/');
    match (levels.next()?, levels.next(), levels.next()) {
        (b"$SYS", ..) | (b"$headcount", None, _) => Some(Readers::Observers),
        (b"$headcount", Some(b"server"), None) => Some(Readers::Everybody),
        // Answers of the journal of all that the asker may read: they go to the asker alone.
        (b"$headcount", Some(b"journal"), Some(asker))
            if levels.next().is_none() && !OF_ACCOUNTS.contains(&asker) =>
        {
            Some(Readers::Everybody)
        }
        (b"$headcount", Some(account), _) | (account, Some(b"clients" | b"errors" | b"throttle"), None) => {
            Some(Readers::Account(account))
        }
        _ => None,
    }
}

/// The same for all that a filter catches, where that is one answer.
pub(crate) fn readers_of_filter(filter: &TopicFilter) -> Option<Readers<'_>> {
    let behind_share = filter.shared().map_or(filter.as_bytes(), |shared| shared.filter);
    let mut levels = behind_share.split(|b| *b == b'/');
    match (levels.next()?, levels.next(), levels.next()) {
        (b"+" | b"#", ..) | (b"$headcount", Some(b"+" | b"#"), _) => None,
        _ => readers(behind_share),
    }
}

/// Whether a filter with wildcards may catch system topics beside others.
pub(crate) fn catches_system_topics(filter: &TopicFilter) -> bool {
    let mut levels = filter.levels();
    match (levels.next(), levels.next(), levels.next()) {
        (Some(b"$headcount" | b"#"), ..) | (_, Some(b"#"), _) => true,
        (_, Some(b"+" | b"clients" | b"errors" | b"throttle"), rest) => {
            rest.is_none_or(|level| level == b"#")
        }
        _ => false,
    }
}

/// An account's name as one level of a topic. A `$` in front would make a topic of the broker's own.
pub(crate) fn level(name: &str) -> String {
    match name.strip_prefix('$') {
        Some(rest) => format!("%24{}", percent_encoded(rest)),
        None => percent_encoded(name),
    }
}

/// A name without `/`, `+` and `#`, and without `%`, so that two names never meet.
pub(crate) fn percent_encoded(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '/' => encoded.push_str("%2F"),
            '+' => encoded.push_str("%2B"),
            '#' => encoded.push_str("%23"),
            '%' => encoded.push_str("%25"),
            c => encoded.push(c),
        }
    }
    encoded
}

/// The name that a level of a topic stands for; what was encoded by nobody stays as it is.
pub(crate) fn percent_decoded(level: &str) -> String {
    let mut decoded = String::with_capacity(level.len());
    let mut rest = level;
    while let Some(at) = rest.find('%') {
        decoded.push_str(&rest[..at]);
        let known = ["%2F", "%2B", "%23", "%25", "%24"].into_iter().zip(["/", "+", "#", "%", "$"]);
        let found = known.into_iter().find(|(code, _)| rest[at..].starts_with(code));
        let (code, text) = found.unwrap_or(("%", "%"));
        decoded.push_str(text);
        rest = &rest[at + code.len()..];
    }
    decoded.push_str(rest);
    decoded
}

#[cfg(test)]
mod tests {
    use super::{Readers, level, percent_decoded, readers};

    #[test]
    fn names_become_one_level() {
        for (name, expected) in
            [("alice", "alice"), ("a/b+c#d%", "a%2Fb%2Bc%23d%25"), ("$SYS", "%24SYS"), ("a$", "a$"), ("", "")]
        {
            assert_eq!(level(name), expected);
            assert_eq!(percent_decoded(expected), name);
        }
    }

    #[test]
    fn system_topics_have_their_readers() {
        for (topic, expected) in [
            ("alice/clients", Some(Readers::Account(b"alice"))),
            ("alice/throttle", Some(Readers::Account(b"alice"))),
            ("alice/clients/x", None),
            ("clients", None),
            ("a/b/clients", None),
            ("$headcount/server", Some(Readers::Everybody)),
            ("$headcount/server/events", Some(Readers::Account(b"server"))),
            ("$headcount/alice/clients/x", Some(Readers::Account(b"alice"))),
            ("$headcount/journal/a-client", Some(Readers::Everybody)),
            ("$headcount/journal/events", Some(Readers::Account(b"journal"))),
            ("$headcount/journal/clients/x", Some(Readers::Account(b"journal"))),
            ("$headcount", Some(Readers::Observers)),
            ("$SYS/uptime", Some(Readers::Observers)),
            ("$other/x", None),
        ] {
            assert_eq!(readers(topic.as_bytes()), expected, "{topic}");
        }
    }
}
