//! Channels, keys and the other requests.

use super::{ask, config, fault, net};
use crate::support::*;
use headcount_mqtt::{Packet, ReasonCode};

/// What 24 bytes of 0x5a are as a key.
const MADE: &str = "WlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpa";

#[test]
fn a_message_goes_to_the_channel_without_its_key() {
    let mut net = net();
    let (one, two) = (net.connect("one"), net.connect("two"));
    for id in [one, two] {
        assert_eq!(net.subscribe(id, "demo/a/b/", AtMostOnce), ReasonCode::Success);
    }
    net.publish(one, "demo/a/b/?me=1", "to all");
    net.publish(one, "demo/a/b/?me=0", "to others");
    net.publish(one, "demo/a/b/", "to all again");
    // Those above hear what is below.
    net.publish(one, "demo/a/b/c/", "deeper");
    let of = |payload: &str| ("a/b/".to_owned(), payload.to_owned());
    let deeper = ("a/b/c/".to_owned(), "deeper".to_owned());
    assert_eq!(net.messages(one), [of("to all"), of("to all again"), deeper.clone()]);
    assert_eq!(net.messages(two), [of("to all"), of("to others"), of("to all again"), deeper]);
}

#[test]
fn every_other_topic_is_an_ordinary_one() {
    let mut net = net();
    let id = net.connect("plain");
    net.subscribe(id, "#", AtMostOnce);
    for topic in ["demo", "demo/temperature", "demos/a/", "/demo/a/", "x/?me=0", "demo//", "ab"] {
        net.publish(id, topic, "x");
        assert_eq!(net.messages(id), [(topic.to_owned(), "x".to_owned())]);
    }
    // Where the interface is closed, all of them are.
    let mut net = Net::open();
    let id = net.connect("plain");
    net.subscribe(id, "#", AtMostOnce);
    net.publish(id, "demo/a/?me=0", "x");
    net.publish(id, "emitter/me/", "");
    let topics: Vec<_> = net.messages(id).into_iter().map(|(topic, _)| topic).collect();
    assert_eq!(topics, ["demo/a/?me=0", "emitter/me/"]);
}

#[test]
fn a_made_key_allows_what_it_was_made_for() {
    let mut net = net();
    let id = net.connect("one");
    let json = r#"{"key":"demo","channel":"a/#/","type":"wp","ttl":60}"#;
    let answer = ask(&mut net, id, "keygen", json);
    assert_eq!(answer, format!(r#"{{"status":200,"key":"{MADE}","channel":"a/#/"}}"#));
    net.subscribe(id, "demo/a/", AtMostOnce);
    net.publish(id, &format!("{MADE}/a/b/?me=1"), "x");
    assert_eq!(net.messages(id), [("a/b/".to_owned(), "x".to_owned())]);

    net.publish(id, &format!("{MADE}/b/"), "x");
    assert_eq!(fault(&mut net, id), r#"{"status":401,"message":"the key is not for the channel b/"}"#);
    assert_eq!(net.try_subscribe(id, &format!("{MADE}/a/")), ReasonCode::NotAuthorized);
    let (watcher, _) = net.connect_with(connect("watcher", V5));
    net.subscribe(watcher, "anonymous/errors", AtMostOnce);
    net.send(id, subscribe_packet(vec![subscription(&format!("{MADE}/a/"), AtMostOnce)]));
    assert_eq!(fault(&mut net, id), r#"{"status":401,"message":"the key does not allow to subscribe (r)"}"#);
    // Nobody reads the key in what is said of it.
    let complaints = net.payloads(watcher);
    assert_eq!(
        complaints,
        ["one may not subscribe to a/: denied by channel-key; the key does not allow to subscribe (r)"]
    );
    let Some(Packet::SubAck(ack)) = net.take(id) else { panic!("no SUBACK") };
    assert_eq!(ack.reasons, [ReasonCode::NotAuthorized]);

    // What stands behind it and is no channel would carry the key to others.
    net.publish(id, &format!("{MADE}/a"), "x");
    assert!(fault(&mut net, id).starts_with(r#"{"status":400,"message":"a channel ends with a slash"#));
    // No key from this key.
    let json = format!(r#"{{"key":"{MADE}","channel":"a/","type":"w"}}"#);
    let refused = ask(&mut net, id, "keygen", &json);
    assert_eq!(refused, r#"{"status":401,"message":"the key does not allow to extend (e)"}"#);

    net.seconds(61);
    net.publish(id, &format!("{MADE}/a/"), "late");
    assert_eq!(fault(&mut net, id), r#"{"status":401,"message":"the key has expired"}"#);
}

#[test]
fn a_key_for_one_channel_hears_nothing_below() {
    let mut net = net();
    let id = net.connect("one");
    ask(&mut net, id, "keygen", r#"{"key":"demo","channel":"a/","type":"r","ttl":0}"#);
    assert_eq!(net.subscribe(id, &format!("{MADE}/a/"), AtMostOnce), ReasonCode::Success);
    net.publish(id, "demo/a/b/", "deeper");
    net.publish(id, "demo/a/", "here");
    assert_eq!(net.payloads(id), ["here"]);
    assert_eq!(net.try_subscribe(id, &format!("{MADE}/a/b/")), ReasonCode::NotAuthorized);
    assert_eq!(net.try_subscribe(id, &format!("{MADE}/+/")), ReasonCode::NotAuthorized);
}

#[test]
fn a_key_that_extends_makes_private_channels() {
    let mut net = net();
    let id = net.connect("lamp/1");
    ask(&mut net, id, "keygen", r#"{"key":"demo","channel":"a/#/","type":"rwe"}"#);
    // The second key takes the first one's place: both are made of the same bytes.
    let json = format!(r#"{{"key":"{MADE}","channel":"a/b/","type":"rwpe"}}"#);
    let answer = ask(&mut net, id, "keygen", &json);
    assert_eq!(answer, format!(r#"{{"status":200,"key":"{MADE}","channel":"a/b/lamp%2F1/"}}"#));
    assert_eq!(net.subscribe(id, &format!("{MADE}/a/b/lamp%2F1/"), AtMostOnce), ReasonCode::Success);
    // Not more than its parent.
    let asked = format!(r#"{{"key":"{MADE}","channel":"a/b/lamp%2F1/"}}"#);
    assert!(ask(&mut net, id, "presence", &asked).starts_with(r#"{"status":401,"#));
}

#[test]
fn keys_are_bounded_in_number_and_age() {
    let mut config = config();
    config.limits.emitter.max_keys = 1;
    config.limits.emitter.max_key_age = Some(std::time::Duration::from_secs(100));
    let mut net = Net::new(config);
    let id = net.connect("one");
    let json = r#"{"key":"demo","channel":"a/","type":"w","ttl":1000}"#;
    assert!(ask(&mut net, id, "keygen", json).starts_with(r#"{"status":200,"#));
    let full = ask(&mut net, id, "keygen", json);
    assert_eq!(full, r#"{"status":429,"message":"1 keys are all that is kept here; let some expire"}"#);
    net.seconds(101);
    net.publish(id, &format!("{MADE}/a/"), "late");
    assert!(fault(&mut net, id).contains("expired"));
    assert!(ask(&mut net, id, "keygen", json).starts_with(r#"{"status":200,"#));
}

#[test]
fn what_is_no_wish_for_a_key_is_explained() {
    let mut net = net();
    let id = net.connect("one");
    for (json, said) in [
        (r#"{"key":"demo","channel":"a","type":"r"}"#, r#"{"status":400,"message":"channel: it ends with"#),
        (r#"{"key":"demo","channel":"a/","type":"rq"}"#, r#"{"status":400,"message":"type: `q` is no right"#),
        (r#"{"key":"demo","channel":"a/"}"#, r#"{"status":400,"message":"type: a key has to allow"#),
        (r#"{"key":"no","channel":"a/","type":"r"}"#, r#"{"status":401,"message":"there is no such key"}"#),
        (r#"{"key":"demo","channel":"/","type":"r"}"#, r#"{"status":400,"message":"channel: it ends with"#),
    ] {
        let answer = ask(&mut net, id, "keygen", json);
        assert!(answer.starts_with(said), "{json}: {answer}");
    }
    let mut config = config();
    config.random = headcount_broker::no_random;
    let mut net = Net::new(config);
    let id = net.connect("one");
    let answer = ask(&mut net, id, "keygen", r#"{"key":"demo","channel":"a/","type":"r"}"#);
    assert!(answer.starts_with(r#"{"status":501,"#), "{answer}");
}

#[test]
fn accounts_are_bound_by_their_own_rules_too() {
    let mut config = config();
    config.access.acl = Some("user jenny\ntopic write a/#\ntopic read b/#\n".to_owned());
    let mut net = Net::new(config);
    let jenny = net.connect_with(named(connect("one", V5), "jenny")).0;
    assert_eq!(net.try_subscribe(jenny, "demo/a/x/"), ReasonCode::NotAuthorized);
    assert_eq!(net.try_subscribe(jenny, "demo/b/x/"), ReasonCode::Success);
    net.publish_qos1(jenny, "demo/b/", "x");
    assert_eq!(net.take_ack(jenny), ReasonCode::NotAuthorized);
    net.publish_qos1(jenny, "demo/a/", "x");
    assert_eq!(net.take_ack(jenny), ReasonCode::Success);
}

#[test]
fn a_client_is_told_who_it_is() {
    let mut net = net();
    let nobody = net.connect("one");
    assert_eq!(ask(&mut net, nobody, "me", ""), r#"{"status":200,"id":"one"}"#);
    let jenny = net.connect_with(named(connect("two", V311), "jenny")).0;
    assert_eq!(ask(&mut net, jenny, "me", ""), r#"{"status":200,"id":"two","username":"jenny"}"#);
}

#[test]
fn a_link_is_a_short_name_for_its_connection() {
    let mut net = net();
    let (one, two) = (net.connect("one"), net.connect("two"));
    net.subscribe(two, "#", AtMostOnce);
    let json = r#"{"key":"demo","channel":"a/b/?me=0","name":"a0","private":false,"subscribe":true}"#;
    assert_eq!(ask(&mut net, one, "link", json), r#"{"status":200,"name":"a0","channel":"a/b/?me=0"}"#);
    net.publish(one, "a0", "short");
    net.publish(two, "a0", "ordinary");
    net.publish(two, "demo/a/b/", "back");
    assert_eq!(net.payloads(one), ["back"]);
    let topics: Vec<_> = net.messages(two).into_iter().map(|(topic, _)| topic).collect();
    assert_eq!(topics, ["a/b/", "a0", "a/b/"]);
    let me = r#"{"status":200,"id":"one","links":{"a0":"a/b/?me=0"}}"#;
    assert_eq!(ask(&mut net, one, "me", ""), me);
    for json in [
        r#"{"key":"demo","channel":"a/","name":"abc"}"#,
        r#"{"key":"demo","channel":"a/+/","name":"a"}"#,
        r#"{"key":"demo","channel":"a","name":"a"}"#,
        r#"{"key":"demo","name":"a"}"#,
    ] {
        assert!(ask(&mut net, one, "link", json).starts_with(r#"{"status":400,"#), "{json}");
    }
    let json = r#"{"key":"nobody","channel":"a/","name":"a"}"#;
    assert!(ask(&mut net, one, "link", json).starts_with(r#"{"status":401,"#));
}

#[test]
fn a_will_may_go_to_a_channel() {
    let mut net = net();
    let watcher = net.connect("watcher");
    net.subscribe(watcher, "demo/a/", AtMostOnce);
    let (id, _) = net.connect_with(with_will(connect("one", V5), "demo/a/b/", 0));
    net.lose(id);
    assert_eq!(net.messages(watcher), [("a/b/".to_owned(), "will".to_owned())]);
    // Not as an answer of the broker's own.
    net.subscribe(watcher, "emitter/#", AtMostOnce);
    net.subscribe(watcher, "anonymous/errors", AtMostOnce);
    let (id, _) = net.connect_with(with_will(connect("two", V5), "emitter/presence/", 0));
    net.lose(id);
    let said = net.payloads(watcher);
    assert_eq!(said.len(), 1);
    assert!(said[0].contains("denied by channel-key; a Will asks for nothing"), "{said:?}");
}
