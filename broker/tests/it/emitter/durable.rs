//! Keys and stored messages after a restart.

use super::{ask, config};
use crate::support::*;
use headcount_broker::Broker;
use headcount_mqtt::ReasonCode;

#[test]
fn keys_and_stored_messages_survive() {
    let mut config = config();
    config.durable = true;
    let mut net = Net::new(config.clone());
    let id = net.connect("one");
    let made = ask(&mut net, id, "keygen", r#"{"key":"demo","channel":"a/#/","type":"rl","ttl":60}"#);
    let made: serde_json::Value = serde_json::from_str(&made).unwrap();
    let key = made["key"].as_str().unwrap();
    net.publish(id, "demo/a/?ttl=100", "1");
    net.publish(id, "demo/a/?ttl=100", "2");
    let records: Vec<_> = net.records.drain(..).map(|(_, record)| record).collect();

    let now = net.now();
    let broker = Broker::restore(config, now, records.clone()).unwrap();
    let mut again = Net::of(broker, now);
    again.settle();
    let id = again.connect("two");
    again.send(id, subscribe_packet(vec![subscription(&format!("{key}/a/?last=5"), AtMostOnce)]));
    again.take(id);
    assert_eq!(again.payloads(id), ["1", "2"]);
    assert_eq!(again.try_subscribe(id, &format!("{key}/b/")), ReasonCode::NotAuthorized);
    // The numbers go on.
    again.publish(id, "demo/a/?ttl=100&me=0", "3");
    let late = again.connect("three");
    again.send(late, subscribe_packet(vec![subscription("demo/a/?last=2", AtMostOnce)]));
    again.take(late);
    assert_eq!(again.payloads(late), ["2", "3"]);
    again.seconds(61);
    assert_eq!(again.try_subscribe(late, &format!("{key}/a/")), ReasonCode::NotAuthorized);
}

#[test]
fn a_key_leaves_once_it_is_stored() {
    let mut config = config();
    config.durable = true;
    let mut net = Net::new(config);
    let id = net.connect("one");
    net.store = false;
    net.publish(id, "emitter/keygen/", r#"{"key":"demo","channel":"a/","type":"r"}"#);
    assert_eq!(net.messages(id), []);
    let last = net.records.last().unwrap().0;
    net.persisted(last);
    assert_eq!(net.messages(id).len(), 1);
}
