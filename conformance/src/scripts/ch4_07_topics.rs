//! 4.7 Topic Names and Topic Filters.

use crate::{BOTH, Bench, Script, message, script};
use headcount_mqtt::QoS::AtMostOnce;

pub(crate) const SCRIPTS: &[Script] = &[
    script!(filters_match, BOTH, ["MQTT-3.3.2-3", "MQTT-4.7.1-1", "MQTT-4.7.1-2", "MQTT-4.7.3-4"]),
    script!(filters_do_not_match, BOTH, ["MQTT-4.7.1-1", "MQTT-4.7.1-2", "MQTT-4.7.3-4"]),
    script!(a_wildcard_first_does_not_match_dollar_topics, BOTH, ["MQTT-4.7.2-1"]),
    script!(a_dollar_topic_is_matched_by_its_own_letters, BOTH, ["MQTT-4.7.2-1"]),
    script!(names_are_told_apart_by_letter, BOTH, ["MQTT-4.7.3-4"]),
    script!(names_of_any_letters, BOTH, ["MQTT-4.7.3-2", "MQTT-1.5.4-3"]),
    script!(a_name_of_65_535_bytes, BOTH, ["MQTT-4.7.3-3"]),
    script!(very_deep_names, BOTH, ["MQTT-4.7.3-3"]),
];

/// Filters and names that they match. `{}` is the play's own prefix.
const MATCHES: &[(&str, &str)] = &[
    ("{}/a", "{}/a"),
    ("{}/a/b/c", "{}/a/b/c"),
    ("{}/#", "{}"),
    ("{}/#", "{}/"),
    ("{}/#", "{}/a"),
    ("{}/#", "{}/a/b/c"),
    ("{}/a/#", "{}/a"),
    ("{}/+", "{}/a"),
    ("{}/+", "{}/"),
    ("{}/+/c", "{}/b/c"),
    ("{}/+/c", "{}//c"),
    ("{}/+/+", "{}/b/c"),
    ("{}/+/+", "{}//"),
    ("{}/a/+/c/+", "{}/a/b/c/d"),
    ("{}/a/+/#", "{}/a/b"),
    ("{}/a/+/#", "{}/a/b/c/d"),
    ("+/{}", "/{}"),
    ("/+/{}", "/x/{}"),
    ("/{}", "/{}"),
    ("/{}/#", "/{}"),
    ("+/{}/#", "x/{}"),
    ("+/+/{}", "//{}"),
    ("{}/a/", "{}/a/"),
    ("{}//b", "{}//b"),
    ("{}/ ", "{}/ "),
    ("{}/$a", "{}/$a"),
    ("{}/+", "{}/$SYS"),
    ("{}/#", "{}/$SYS/x"),
];

/// Filters and names that they do not match.
const MISSES: &[(&str, &str)] = &[
    ("{}", "/{}"),
    ("{}", "{}/"),
    ("{}/", "{}"),
    ("{}/a", "{}/A"),
    ("{}/a", "{}/a/"),
    ("{}/a", "{}/ab"),
    ("{}/ab", "{}/a"),
    ("{}/a/b", "{}/a"),
    ("{}/+", "{}"),
    ("{}/+", "{}/a/b"),
    ("{}/+", "{}/a/"),
    ("{}/+/c", "{}/c"),
    ("{}/+/c", "{}/a/b/c"),
    ("{}/a/#", "{}/b"),
    ("{}/a/#", "{}/ab"),
    ("+/{}", "{}"),
    ("+/{}", "a/b/{}"),
    ("{}/a/+", "{}/a"),
    ("{}//b", "{}/b"),
    ("{}/ ", "{}/"),
];

fn filters_match(b: &Bench) {
    let p = b.connect("p");
    for (filter, topic) in MATCHES {
        let s = b.connect("s");
        s.subscribe(filter, AtMostOnce);
        p.publish(&message(topic, "x"));
        s.receive(&message(topic, "x"));
        s.expect_nothing();
        s.disconnect();
    }
}

fn filters_do_not_match(b: &Bench) {
    let p = b.connect("p");
    for (filter, topic) in MISSES {
        let s = b.connect("s");
        s.subscribe(filter, AtMostOnce);
        p.publish(&message(topic, "x"));
        s.expect_nothing();
        s.disconnect();
    }
}

fn a_wildcard_first_does_not_match_dollar_topics(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("+/{}", AtMostOnce);
    s.subscribe("+/{}/#", AtMostOnce);
    b.connect("p").publish(&message("$test/{}", "x"));
    s.expect_nothing();
}

fn a_dollar_topic_is_matched_by_its_own_letters(b: &Bench) {
    let s = b.connect("s");
    let p = b.connect("p");
    let pairs = [("$test/{}", "$test/{}"), ("$test/+/{}", "$test/x/{}"), ("$test/{}/#", "$test/{}/x")];
    for (filter, topic) in pairs {
        s.subscribe(filter, AtMostOnce);
        p.publish(&message(topic, "x"));
        s.receive(&message(topic, "x"));
        s.unsubscribe(&[filter]);
    }
}

fn names_are_told_apart_by_letter(b: &Bench) {
    let s = b.connect("s");
    // The same to the eye: one composed, one decomposed.
    s.subscribe("\u{E9}", AtMostOnce);
    let p = b.connect("p");
    p.publish(&message("e\u{301}", "x"));
    p.publish(&message("\u{C9}", "x"));
    s.expect_nothing();
    p.publish(&message("\u{E9}", "x"));
    s.receive(&message("\u{E9}", "x"));
}

fn names_of_any_letters(b: &Bench) {
    let s = b.connect("s");
    let p = b.connect("p");
    for topic in ["日本/語", "a b", "\u{FEFF}a", "\u{10FFFD}", "a\"b\\c%d", "𝄞", "~"] {
        s.subscribe(topic, AtMostOnce);
        p.publish(&message(topic, "x"));
        s.receive(&message(topic, "x"));
    }
}

fn a_name_of_65_535_bytes(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("#", AtMostOnce);
    let rest = 65_535 - b.topic("").len();
    let topic = "x".repeat(rest);
    b.connect("p").publish(&message(&topic, "x"));
    s.receive(&message(&topic, "x"));
}

fn very_deep_names(b: &Bench) {
    let (wild, exact) = (b.connect("wild"), b.connect("exact"));
    let deep = ["a"; 150].join("/");
    wild.subscribe("#", AtMostOnce);
    exact.subscribe(&deep, AtMostOnce);
    b.connect("p").publish(&message(&deep, "x"));
    wild.receive(&message(&deep, "x"));
    exact.receive(&message(&deep, "x"));
    // Thousands of levels may be refused, and must not hurt anybody.
    let bottomless = "/".repeat(30_000);
    let risky = b.connect("risky");
    risky.send(&headcount_mqtt::Packet::Publish(risky.publish_packet(&message(&bottomless, "x"))));
    let _ = risky.is_closed();
    b.connect("witness").expect_open();
}
