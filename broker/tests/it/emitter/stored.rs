//! Messages with a `ttl`, and `last`.

use super::{ask, config, fault, net};
use crate::support::*;
use headcount_broker::ConnectionId;

fn hear(net: &mut Net, filter: &str) -> Vec<String> {
    let name = format!("late-{filter}").replace(['/', '?', '=', '&'], "-");
    let id = net.connect(&name);
    net.subscribe(id, filter, AtMostOnce);
    let heard = net.payloads(id);
    net.disconnect(id, headcount_mqtt::ReasonCode::Success);
    heard
}

fn say(net: &mut Net, id: ConnectionId, what: &[&str]) {
    for what in what {
        net.publish(id, "demo/a/b/?ttl=60", what);
        net.seconds(1);
    }
}

#[test]
fn the_last_messages_are_kept_for_as_long_as_they_say() {
    let mut net = net();
    let id = net.connect("one");
    net.publish(id, "demo/a/b/", "not kept");
    say(&mut net, id, &["1", "2", "3"]);
    net.publish(id, "demo/c/?ttl=600", "elsewhere");
    assert_eq!(hear(&mut net, "demo/a/b/?last=2"), ["2", "3"]);
    assert_eq!(hear(&mut net, "demo/a/?last=10"), ["1", "2", "3"]);
    assert_eq!(hear(&mut net, "demo/a/b/?last=0"), Vec::<String>::new());
    // One stands for MQTT's retained message.
    assert_eq!(hear(&mut net, "demo/a/b/"), ["3"]);
    assert_eq!(hear(&mut net, "a/b/"), Vec::<String>::new());
    let second = 1_508_861_318;
    let span = |from, until| format!("demo/a/b/?last=9&from={from}&until={until}");
    assert_eq!(hear(&mut net, &span(second + 1, second + 2)), ["2"]);
    net.seconds(57);
    assert_eq!(hear(&mut net, "demo/a/?last=10"), ["2", "3"]);
    net.seconds(10);
    assert_eq!(hear(&mut net, "demo/a/?last=10"), Vec::<String>::new());
    assert_eq!(hear(&mut net, "demo/c/?last=10"), ["elsewhere"]);
}

#[test]
fn what_is_kept_is_bounded_in_all_ways() {
    let mut config = config();
    config.limits.emitter.max_history_messages = 2;
    config.limits.emitter.max_history_age = Some(std::time::Duration::from_secs(30));
    let mut net = Net::new(config);
    let id = net.connect("one");
    say(&mut net, id, &["1", "2", "3"]);
    assert_eq!(hear(&mut net, "demo/a/?last=9"), ["2", "3"]);
    net.seconds(31);
    assert_eq!(hear(&mut net, "demo/a/?last=9"), Vec::<String>::new());
    net.act(|broker, now| {
        let mut limits = headcount_broker::Limits::default();
        limits.emitter.max_history_bytes = 1_000;
        broker.set_limits(now, limits, std::collections::BTreeMap::new());
    });
    net.publish(id, "demo/a/b/?ttl=60", &"x".repeat(1_000));
    say(&mut net, id, &[&"y".repeat(600), &"z".repeat(600)]);
    assert_eq!(hear(&mut net, "demo/a/?last=9"), ["z".repeat(600)]);
}

#[test]
fn storing_and_loading_are_rights() {
    let mut net = net();
    let id = net.connect("one");
    let json = r#"{"key":"demo","channel":"a/#/","type":"rw"}"#;
    ask(&mut net, id, "keygen", json);
    let key = "WlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpa";
    net.publish(id, &format!("{key}/a/?ttl=5"), "x");
    assert_eq!(fault(&mut net, id), r#"{"status":401,"message":"the key does not allow to store (s)"}"#);
    net.send(id, retained(&format!("{key}/a/"), "x"));
    assert!(fault(&mut net, id).contains("store (s)"));
    net.publish(id, "demo/a/?ttl=5", "kept");
    net.subscribe(id, &format!("{key}/a/"), AtMostOnce);
    assert_eq!(net.messages(id), []);
    // Whoever asks is told; the subscription stands.
    net.send(id, subscribe_packet(vec![subscription(&format!("{key}/a/?last=1"), AtMostOnce)]));
    assert!(fault(&mut net, id).contains("load stored messages (l)"));
}
