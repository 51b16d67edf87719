//! `$SYS/broker/…` on a virtual clock.

use crate::support::*;
use std::collections::BTreeMap;
use std::time::Duration;

fn net() -> Net {
    let mut net = Net::with(|config| config.sys_interval = Some(Duration::from_secs(10)));
    net.seconds(0);
    net
}

/// What came under `$SYS/broker/` since the last look, by name.
fn said(net: &mut Net, watcher: headcount_broker::ConnectionId) -> BTreeMap<String, String> {
    let mut said = BTreeMap::new();
    for (topic, payload) in net.messages(watcher) {
        let name = topic.strip_prefix("$SYS/broker/").unwrap().to_owned();
        assert_eq!(said.insert(name, payload), None, "{topic} twice");
    }
    said
}

fn watch(net: &mut Net) -> headcount_broker::ConnectionId {
    let watcher = net.connect("watcher");
    net.subscribe(watcher, "$SYS/#", AtMostOnce);
    watcher
}

#[test]
fn says_all_at_once_and_then_what_has_changed() {
    let mut net = net();
    let watcher = watch(&mut net);
    let first = said(&mut net, watcher);
    assert_eq!(first["version"], format!("headcount version {}", env!("CARGO_PKG_VERSION")));
    assert_eq!(first["uptime"], "0 seconds");
    assert_eq!(first["clients/connected"], "0");
    assert_eq!(first["load/messages/received/15min"], "0.00");
    assert_eq!(first["retained messages/count"], "0");
    net.seconds(9);
    assert_eq!(said(&mut net, watcher).len(), 0);
    net.seconds(1);
    let second = said(&mut net, watcher);
    assert_eq!(second["uptime"], "10 seconds");
    assert_eq!(second["clients/connected"], "1");
    assert_eq!(second["subscriptions/count"], "1");
    for unchanged in ["version", "clients/expired", "messages/stored", "load/publish/dropped/1min"] {
        assert!(!second.contains_key(unchanged), "{unchanged} has not changed");
    }
}

#[test]
fn counts_what_happens() {
    let mut net = net();
    let watcher = watch(&mut net);
    said(&mut net, watcher);
    let mut kept = connect("kept", V5);
    kept.properties.session_expiry_interval = Some(15);
    let (kept, _) = net.connect_with(kept);
    net.subscribe(kept, "lamp/#", AtLeastOnce);
    net.subscribe(kept, "$share/group/fan", AtMostOnce);
    net.lose(kept);
    let publisher = net.connect("publisher");
    net.publish_qos1(publisher, "lamp/a", "12345");
    net.publish(publisher, "nobody", "123");
    net.send(publisher, retained("kept/topic", "1234567"));
    net.seconds(10);
    let values = said(&mut net, watcher);
    let check = |name: &str, expected: &str| assert_eq!(values[name], expected, "{name}");
    check("clients/total", "3");
    check("clients/connected", "2");
    check("clients/disconnected", "1");
    check("clients/maximum", "2");
    check("subscriptions/count", "2");
    check("shared_subscriptions/count", "1");
    check("publish/messages/received", "3");
    check("publish/bytes/received", "15");
    check("retained messages/count", "1");
    // The retained one, and the one that waits.
    check("messages/stored", "2");
    net.seconds(10);
    let values = said(&mut net, watcher);
    assert_eq!(values["clients/expired"], "1");
    assert_eq!(values["clients/disconnected"], "0");
    assert_eq!(values["messages/stored"], "1");
}

/// After ten seconds of ten messages: 60 a minute, seen through a window of 60 seconds: 60 (1 - e^(-1/6)).
#[test]
fn rates_are_smoothed_as_mosquitto_does() {
    let mut net = net();
    let watcher = watch(&mut net);
    said(&mut net, watcher);
    let publisher = net.connect("publisher");
    for _ in 0..10 {
        net.publish(publisher, "x", "y");
    }
    net.seconds(10);
    let values = said(&mut net, watcher);
    assert_eq!(values["load/publish/received/1min"], "9.21");
    assert_eq!(values["load/publish/received/5min"], "1.97");
    assert_eq!(values["load/publish/received/15min"], "0.66");
    net.seconds(10);
    assert_eq!(said(&mut net, watcher)["load/publish/received/1min"], "7.80");
}

#[test]
fn says_nothing_without_an_interval() {
    let mut net = Net::open();
    let watcher = watch(&mut net);
    net.seconds(3600);
    assert_eq!(said(&mut net, watcher).len(), 0);
}
