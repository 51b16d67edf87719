//! The rules in force, and what a refusal says.

use crate::support::*;
use headcount_broker::ConnectionId;
use headcount_mqtt::ReasonCode;
use serde_json::{Value, json};

const RULES: &str = "\
topic read news/#

user bob
  topic  deny  chat/secret
topic chat/rooms/#

pattern write chat/%u/%c
";

fn guarded() -> Net {
    Net::with(|config| {
        config.access.acl = Some(RULES.to_owned());
        "chat.acl".clone_into(&mut config.access.acl_name);
        config.access.observers = Some(vec!["admin".to_owned()]);
    })
}

fn enter(net: &mut Net, user_name: &str, client_id: &str) -> ConnectionId {
    net.connect_with(named(connect(client_id, V5), user_name)).0
}

/// Asks for an account's rules.
fn ask(net: &mut Net, id: ConnectionId, level: &str) -> Value {
    net.subscribe(id, &format!("$headcount/{level}/rules/#"), AtMostOnce);
    net.publish(id, &format!("$headcount/{level}/rules"), "");
    let answer = net.take_publish(id);
    serde_json::from_slice(&answer.payload).unwrap()
}

#[test]
fn the_rules_are_told_in_order_of_judgement() {
    let mut net = guarded();
    let bob = enter(&mut net, "bob", "a/lamp");
    net.subscribe(bob, "$headcount/bob/rules/a%2Flamp", AtMostOnce);
    net.publish(bob, "$headcount/bob/rules", "{}");
    let answer = net.take_publish(bob);
    assert_eq!(
        str::from_utf8(&answer.payload).unwrap(),
        concat!(
            r#"{"account":"bob","client":"a/lamp","rules":["#,
            r#"{"rule":"chat.acl:4","text":"topic  deny  chat/secret","topic":"chat/secret","action":"readwrite","allow":false,"source":"acl_file"},"#,
            r#"{"rule":"chat.acl:5","text":"topic chat/rooms/#","topic":"chat/rooms/#","action":"readwrite","allow":true,"source":"acl_file"}],"#,
            r#""default":{"rule":"default","publish":false,"read":false,"subscribe":false,"unsubscribe":true}}"#
        ),
        "a name with a slash fills no pattern"
    );
}

#[test]
fn an_observer_asks_for_others_and_nobody_else_does() {
    let mut net = guarded();
    let admin = enter(&mut net, "admin", "desk");
    let rules = ask(&mut net, admin, "b%2Fb");
    assert_eq!(rules["account"], "b/b");
    let rules = ask(&mut net, admin, "bob");
    assert_eq!((&rules["client"], &rules["rules"][2]["topic"]), (&json!("%c"), &json!("chat/bob/%c")));
    let rules = ask(&mut net, admin, "anonymous");
    assert_eq!(rules["rules"].as_array().unwrap().len(), 1, "without a name there is no %u: {rules}");
    let bob = enter(&mut net, "bob", "lamp");
    net.publish_qos1(bob, "$headcount/admin/rules", "");
    assert_eq!(net.take_ack(bob), ReasonCode::NotAuthorized);
}

#[test]
fn without_a_file_everything_is_allowed() {
    let mut net = Net::open();
    let lamp = net.connect("lamp");
    let rules = ask(&mut net, lamp, "anonymous");
    let default = json!({"rule":"default","publish":true,"read":true,"subscribe":true,"unsubscribe":true});
    assert_eq!(rules, json!({"account":"anonymous","client":"lamp","rules":[],"default":default}));
}

#[test]
fn an_answer_too_large_for_its_asker_is_explained() {
    let mut net = Net::with(|config| {
        config.access.acl = Some("topic read a/long/topic/of/no/use\n".repeat(100));
    });
    let mut small = connect("small", V5);
    small.properties.maximum_packet_size = Some(2000);
    let (small, _) = net.connect_with(small);
    net.subscribe(small, "$headcount/anonymous/rules/#", AtMostOnce);
    net.subscribe(small, "anonymous/errors", AtMostOnce);
    net.publish(small, "$headcount/anonymous/rules", "");
    let line =
        "small: the answer to $headcount/anonymous/rules is larger than this client's Maximum Packet Size";
    assert_eq!(net.payloads(small), [line]);
}

/// The same name in the rules, on the account's `errors` and in the event.
#[test]
fn a_refusal_names_topic_and_rule() {
    let mut net = guarded();
    let bob = enter(&mut net, "bob", "lamp");
    let watcher = enter(&mut net, "admin", "desk");
    net.subscribe(watcher, "bob/errors", AtMostOnce);
    net.subscribe(watcher, "$headcount/bob/events", AtMostOnce);
    for (topic, rule, line) in [
        ("chat/secret", "chat.acl:4", "denied by chat.acl:4"),
        ("news/today", "default", "denied by default; no rule allows it, one would stand at chat.acl:3"),
    ] {
        net.publish(bob, topic, "");
        let said = net.payloads(watcher);
        assert_eq!(said[0], format!("lamp may not publish to {topic}: {line}"));
        let event: Value = serde_json::from_str(&said[1]).unwrap();
        assert_eq!((&event["rule"], &event["topic"]), (&json!(rule), &json!(topic)));
    }
}

/// A client that comes back is said to have so much waiting: what came meanwhile, and what it did not acknowledge.
#[test]
fn a_return_says_what_waits() {
    let mut net = Net::open();
    let watcher = net.connect("watcher");
    let (lamp, _) = net.connect_with(lasting("lamp", 3600));
    net.subscribe(lamp, "q", AtLeastOnce);
    net.publish_qos1(watcher, "q", "in flight");
    net.take(watcher);
    net.lose(lamp);
    for _ in 0..3 {
        net.publish_qos1(watcher, "q", "queued");
        net.take(watcher);
    }
    net.subscribe(watcher, "$headcount/anonymous/events", AtMostOnce);
    net.subscribe(watcher, "$headcount/anonymous/clients/lamp", AtMostOnce);
    net.payloads(watcher);
    let (_, ack) = net.connect_with(lasting("lamp", 3600));
    assert!(ack.session_present);
    let said = net.payloads(watcher);
    assert_eq!(said.len(), 2);
    for json in said {
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["session"], json!({"present":true,"queued":4}), "{json}");
    }
}
