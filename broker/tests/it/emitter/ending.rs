//! What ends with a key, and with the right to watch.

use super::{ask, config, config_of_many_keys, make};
use crate::support::*;
use headcount_broker::{Access, Broker, ConnectionId};
use headcount_mqtt::ReasonCode;
use std::time::Duration;

const PRESENCE: &str = "emitter/presence/";

fn watch(net: &mut Net, id: ConnectionId, key: &str, channel: &str) {
    let status = ask(net, id, "presence", &format!(r#"{{"key":"{key}","channel":"{channel}"}}"#));
    assert!(status.starts_with(r#"{"event":"status""#), "{status}");
}

/// What was told where, in order.
fn told(net: &mut Net, id: ConnectionId) -> Vec<String> {
    net.messages(id).into_iter().map(|(topic, payload)| format!("{topic} {payload}")).collect()
}

#[test]
fn a_subscription_and_a_watch_last_as_long_as_their_key() {
    let mut net = Net::new(config_of_many_keys());
    let (one, two, outside) = (net.connect("one"), net.connect("two"), net.connect("outside"));
    net.subscribe(outside, "anonymous/errors", AtMostOnce);
    let short = make(&mut net, one, "a/#/", "rp", 60);
    let long = make(&mut net, one, "a/#/", "rp", 600);
    watch(&mut net, outside, "demo", "a/");
    watch(&mut net, two, &short, "a/");
    for (id, filter) in [(one, format!("{short}/a/")), (two, format!("{long}/a/"))] {
        assert_eq!(net.try_subscribe(id, &filter), ReasonCode::Success);
    }
    net.messages(outside);
    net.messages(two);
    net.advance(Duration::from_secs(61));
    assert_eq!(
        told(&mut net, one),
        [
            r#"emitter/error/ {"status":401,"message":"the subscription to a/#/ has ended: the key has expired"}"#
        ]
    );
    let ended = r#"{"status":401,"message":"the watch of a/ has ended: the key has expired"}"#;
    let gone = r#"{"event":"unsubscribe","channel":"a/","occupancy":1,"time":1508861379,"who":"one"}"#;
    assert_eq!(told(&mut net, two), [format!("{PRESENCE} {ended}")]);
    assert_eq!(
        told(&mut net, outside),
        [
            "anonymous/errors two: the watch of a/ has ended: the key has expired".to_owned(),
            format!("{PRESENCE} {gone}"),
            "anonymous/errors one may not subscribe to a/#: denied by channel-key; the key has expired"
                .to_owned(),
        ]
    );
    net.publish(outside, "demo/a/?me=0", "x");
    assert_eq!((net.payloads(one), net.payloads(two)), (vec![], vec!["x".to_owned()]));
    // It is not there any more, and can be made anew by what still holds.
    assert_eq!(super::unsubscribe(&mut net, one, "a/#"), ReasonCode::NoSubscriptionExisted);
    assert_eq!(net.try_subscribe(one, &format!("{short}/a/")), ReasonCode::NotAuthorized);
    assert_eq!(net.try_subscribe(one, &format!("{long}/a/")), ReasonCode::Success);
}

#[test]
fn the_last_way_to_subscribe_is_the_one_that_counts() {
    let mut net = Net::new(config_of_many_keys());
    let id = net.connect("one");
    let short = make(&mut net, id, "a/#/", "r", 60);
    let long = make(&mut net, id, "a/#/", "r", 120);
    for filter in [format!("{short}/a/"), format!("{long}/a/")] {
        net.try_subscribe(id, &filter);
    }
    net.seconds(61);
    net.publish(id, "demo/a/", "by the longer key");
    assert_eq!(net.payloads(id), ["by the longer key"]);
    // Without a key, under the account's own rights.
    net.try_subscribe(id, "a/#");
    net.seconds(100);
    net.publish(id, "demo/a/", "by none");
    assert_eq!(net.payloads(id), ["by none"]);
}

#[test]
fn a_link_and_a_session_that_is_away_end_too() {
    let mut config = config_of_many_keys();
    config.durable = true;
    let mut net = Net::new(config.clone());
    let id = net.connect("one");
    let key = make(&mut net, id, "a/#/", "rw", 60);
    let link = format!(r#"{{"key":"{key}","channel":"a/","name":"a0","subscribe":true}}"#);
    ask(&mut net, id, "link", &link);
    let (away, _) = net.connect_with(lasting("away", 3600));
    net.subscribe(away, &format!("{key}/a/"), AtLeastOnce);
    net.lose(away);
    net.subscribe(id, "anonymous/errors", AtMostOnce);
    let records: Vec<_> = net.records.iter().map(|(_, record)| record.clone()).collect();
    let then = net.now();

    // In a broker that lives on.
    net.seconds(61);
    let said = net.payloads(id);
    assert!(
        said.contains(&"away: the subscription to a/#/ has ended: the key has expired".to_owned()),
        "{said:?}"
    );
    net.publish(id, "a0", "x");
    assert!(net.payloads(id)[0].contains("the key has expired"));
    net.publish_qos1(id, "demo/a/", "x");
    net.take_ack(id);
    let (away, ack) = net.connect_with(lasting("away", 3600));
    assert!(ack.session_present);
    assert_eq!(net.payloads(away), Vec::<String>::new());

    // And in one that starts again, before and behind the end.
    for (seconds, hears) in [(30, true), (90, false)] {
        let now = headcount_broker::Now {
            monotonic: then.monotonic + Duration::from_secs(seconds),
            unix: then.unix + Duration::from_secs(seconds),
        };
        let broker = Broker::restore(config.clone(), now, records.clone()).unwrap();
        let mut again = Net::of(broker, now);
        again.settle();
        let (away, ack) = again.connect_with(lasting("away", 3600));
        assert!(ack.session_present);
        let other = again.connect("other");
        again.publish(other, "demo/a/", "x");
        assert_eq!(again.payloads(away).len(), usize::from(hears), "behind {seconds} s");
        again.seconds(60);
        again.messages(away);
        again.publish(other, "demo/a/", "x");
        assert_eq!(again.payloads(away), Vec::<String>::new());
    }
}

#[test]
fn a_key_can_be_taken_out_of_use_and_back() {
    let mut net = Net::new(config_of_many_keys());
    let id = net.connect("one");
    let key = make(&mut net, id, "a/#/", "rwp", 0);
    let other = make(&mut net, id, "a/#/", "rwp", 0);
    net.try_subscribe(id, &format!("{key}/a/"));
    watch(&mut net, id, &key, "a/");
    let ban = |secret: &str, target: &str, banned: bool| {
        format!(r#"{{"secret":"{secret}","target":"{target}","banned":{banned}}}"#)
    };
    for (secret, target, status) in
        [("nokey", &*key, 401), (&*other, &*key, 401), ("demo", "demo", 403), ("demo", "nokey", 404)]
    {
        let refused = ask(&mut net, id, "keyban", &ban(secret, target, true));
        assert!(refused.starts_with(&format!(r#"{{"status":{status},"message":"#)), "{refused}");
    }
    net.publish(id, "emitter/keyban/", &ban("demo", &key, true));
    let said = told(&mut net, id);
    assert_eq!(said[0], r#"emitter/keyban/ {"status":200,"banned":true}"#);
    assert!(
        said.iter().any(|it| it.contains("the subscription to a/#/ has ended: the key was taken out of use"))
    );
    assert!(said.iter().any(|it| it.contains("the watch of a/ has ended: the key was taken out of use")));
    for topic in [format!("{key}/a/"), format!("{other}/a/")] {
        net.publish(id, &topic, "x");
    }
    let said = net.payloads(id);
    assert_eq!(said, [r#"{"status":401,"message":"the key was taken out of use"}"#]);
    assert_eq!(ask(&mut net, id, "keyban", &ban("demo", &key, false)), r#"{"status":200,"banned":false}"#);
    assert_eq!(net.try_subscribe(id, &format!("{key}/a/")), ReasonCode::Success);
}

#[test]
fn a_reload_ends_what_its_keys_made_and_what_its_rules_forbid() {
    let mut config = config();
    config.access.emitter_keys = Some(vec!["demo".to_owned(), "second".to_owned()].into());
    config.access.observers = Some(Vec::new());
    let mut net = Net::new(config.clone());
    let (one, two) = (net.connect("one"), net.connect("two"));
    watch(&mut net, one, "second", "a/");
    watch(&mut net, two, "demo", "a/");
    watch(&mut net, two, "", "plain/b");
    net.try_subscribe(one, "second/a/");
    net.messages(two);
    let mut access = config.access.clone();
    access.emitter_keys = Some(vec!["demo".to_owned()].into());
    net.act(|broker, now| broker.set_access(now, access.clone()).unwrap());
    let said = told(&mut net, one);
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].ends_with(r#""message":"the watch of a/ has ended: the key is gone"}"#), "{said:?}");
    assert!(
        said[1].ends_with(r#""message":"the subscription to a/#/ has ended: the key is gone"}"#),
        "{said:?}"
    );
    assert!(told(&mut net, two)[0].contains(r#""event":"unsubscribe""#));

    // Rules that forbid one of two.
    access.acl = Some("topic readwrite a/#\n".to_owned());
    net.act(|broker, now| broker.set_access(now, access.clone()).unwrap());
    assert_eq!(
        told(&mut net, two),
        [
            r#"emitter/presence/ {"status":403,"message":"the watch of plain/b has ended: the account may not subscribe to plain/b: denied by default; no rule allows it, one would stand at acl:1"}"#
        ]
    );
    net.try_subscribe(one, "a/#");
    assert_eq!(told(&mut net, two).len(), 1);
    net.try_subscribe(one, "plain/b");
    assert_eq!(told(&mut net, two), Vec::<String>::new());

    // The interface is closed: who is told nothing more hears so.
    access.emitter_keys = None;
    access.acl = None;
    net.act(|broker, now| broker.set_access(now, access).unwrap());
    let said = told(&mut net, two);
    assert!(
        said[0].contains("the watch of a/ has ended: this realm speaks Emitter's interface no more"),
        "{said:?}"
    );
    net.lose(one);
    assert_eq!(told(&mut net, two), Vec::<String>::new());
}

#[test]
fn rules_that_cannot_be_read_end_nothing() {
    let mut net = Net::new(config());
    let id = net.connect("one");
    watch(&mut net, id, "demo", "a/");
    let broken = Access { acl: Some("foo".to_owned()), emitter_keys: None, ..Access::open() };
    net.act(|broker, now| assert!(broker.set_access(now, broken).is_err()));
    net.connect("two");
    net.try_subscribe(id, "a/");
    // Its own joining, told by the watch that goes on.
    let again = net.connect("three");
    net.try_subscribe(again, "demo/a/");
    assert!(net.payloads(id).last().unwrap().contains(r#""occupancy":2"#));
}

/// The clock of tests begins within a second.
#[test]
fn a_key_of_a_second_is_good_for_a_second() {
    let mut net = Net::new(config_of_many_keys());
    let id = net.connect("one");
    let key = make(&mut net, id, "a/", "r", 1);
    net.advance(Duration::from_millis(999));
    assert_eq!(net.try_subscribe(id, &format!("{key}/a/")), ReasonCode::Success);
    net.advance(Duration::from_secs(1));
    assert!(told(&mut net, id)[0].contains("the key has expired"));
}
