//! Topic Names and Topic Filters (chapter 4.7; 4.8.2 of 5.0).

use crate::vector::{filter, topic};
use headcount_mqtt::{InvalidTopic, TopicFilter, TopicName};

fn check(pattern: &str, name: &str, expected: bool) {
    assert_eq!(filter(pattern).matches(&topic(name)), expected, "{pattern} and {name}");
}

/// The patterns of a published introduction to MQTT, which all match one topic.
#[test]
fn patterns_that_match_the_hallway() {
    for pattern in [
        "room/hallway/temperature",
        "room/hallway/+",
        "room/+/temperature",
        "room/+/+",
        "+/+/+",
        "room/#",
        "#",
    ] {
        check(pattern, "room/hallway/temperature", true);
    }
    for pattern in ["room/hallway", "room/+", "+/+", "+/+/+/+", "room/hallway/temperature/+", "Room/#"] {
        check(pattern, "room/hallway/temperature", false);
    }
}

/// And those that are invalid [MQTT-4.7.1-1] [MQTT-4.7.1-2] [MQTT-4.7.1-2 (3.1.1)] [MQTT-4.7.1-3 (3.1.1)].
#[test]
fn patterns_that_are_none() {
    for (pattern, error) in [
        ("room/#/temperature", InvalidTopic::MultiLevel),
        ("room/#/#", InvalidTopic::MultiLevel),
        ("room/hall+/temperature", InvalidTopic::SingleLevel),
        ("room/hall+", InvalidTopic::SingleLevel),
        ("room#", InvalidTopic::MultiLevel),
        ("+room", InvalidTopic::SingleLevel),
        ("", InvalidTopic::Empty),
    ] {
        assert_eq!(TopicFilter::try_from(pattern), Err(error), "{pattern}");
    }
}

/// Names hold no wildcard and at least one character [MQTT-4.7.0-1] [MQTT-4.7.1-1 (3.1.1)]
/// [MQTT-4.7.3-1].
#[test]
fn names() {
    for name in ["room/hallway/temperature", "/", "//", "a//b", " ", "$SYS/x", "chat/messages/jos%C3%A9/ü"] {
        assert!(TopicName::try_from(name).is_ok(), "{name}");
    }
    assert_eq!(TopicName::try_from(""), Err(InvalidTopic::Empty));
    for name in ["#", "+", "a/+/b", "abcdefgh#", "ü+", "12345678901234567+"] {
        assert_eq!(TopicName::try_from(name), Err(InvalidTopic::WildcardInName), "{name}");
    }
}

/// The examples of chapters 4.7.1.2, 4.7.1.3 and 4.7.3.
#[test]
fn levels() {
    check("sport/tennis/player1/#", "sport/tennis/player1", true);
    check("sport/tennis/player1/#", "sport/tennis/player1/ranking", true);
    check("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true);
    check("sport/tennis/player1/#", "sport/tennis/player12", false);
    check("sport/#", "sport", true);
    check("sport/tennis/+", "sport/tennis/player1", true);
    check("sport/tennis/+", "sport/tennis/player1/ranking", false);
    check("sport/+", "sport", false);
    check("sport/+", "sport/", true);
    check("+/+", "/finance", true);
    check("/+", "/finance", true);
    check("+", "/finance", false);
    check("+/", "a/", true);
    check("+", "a/", false);
    check("/#", "/", true);
    check("a//b", "a/b", false);
    // No case is folded and nothing normalized [MQTT-4.7.3-4].
    check("ACCOUNTS", "Accounts", false);
    check("\u{C5}", "A\u{30A}", false);
}

/// A leading wildcard does not match a `$` [MQTT-4.7.2-1].
#[test]
fn dollar() {
    check("#", "$SYS/monitor/Clients", false);
    check("+/monitor/Clients", "$SYS/monitor/Clients", false);
    check("$SYS/#", "$SYS/monitor/Clients", true);
    check("$SYS/monitor/+", "$SYS/monitor/Clients", true);
    check("+", "$SYS", false);
    check("#", "a/$SYS", true);
    check("a/+", "a/$SYS", true);
    check("$share/g/#", "$SYS/monitor/Clients", false);
    check("$share/g/$SYS/#", "$SYS/monitor/Clients", true);
}

/// A Shared Subscription matches by the filter behind the Share Name [MQTT-4.8.2-1] [MQTT-4.8.2-2].
#[test]
fn shared() {
    let shared = filter("$share/consumer//finance");
    let parts = shared.shared().expect("shared");
    assert_eq!((parts.name, parts.filter), (&b"consumer"[..], &b"/finance"[..]));
    check("$share/consumer//finance", "/finance", true);
    check("$share/consumer/sport/tennis/+", "sport/tennis/x", true);
    check("$share/consumer/sport", "$share/consumer/sport", false);
    assert_eq!(filter("$shared/g/t").shared(), None);
    assert_eq!(filter("share/g/t").shared(), None);
    for invalid in ["$share", "$share/", "$share/g", "$share/g/", "$share//t", "$share/+/t", "$share/g#/t"] {
        assert_eq!(TopicFilter::try_from(invalid), Err(InvalidTopic::Share), "{invalid}");
    }
    assert_eq!(TopicFilter::try_from("$share/g/a+"), Err(InvalidTopic::SingleLevel));
}

/// The deepest topic that fits: matching walks it once and does not recurse.
#[test]
fn as_deep_as_can_be() {
    let slashes = "/".repeat(65_535);
    check(&slashes, &slashes, true);
    check("#", &slashes, true);
    check(&format!("{}#", "+/".repeat(32_767)), &"a/".repeat(32_767), true);
    check(&format!("{}+", "+/".repeat(32_767)), &"/".repeat(32_766), false);
    assert!(TopicName::try_from("a".repeat(65_535)).is_ok());
    // [MQTT-4.7.3-3]
    assert!(TopicName::try_from("a".repeat(65_536)).is_err());
    assert!(TopicFilter::try_from("a".repeat(65_536)).is_err());
}
