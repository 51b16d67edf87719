//! Topics that the broker itself publishes to: nobody else does, and not everybody reads.

use crate::support::*;
use headcount_mqtt::ReasonCode;

fn observed() -> Net {
    Net::with(|config| config.access.observers = Some(vec!["admin".to_owned()]))
}

#[test]
fn nobody_publishes_to_system_topics() {
    let mut net = Net::open();
    let (alice, _) = net.connect_with(named(connect("a", V5), "alice"));
    for topic in [
        "alice/clients",
        "bob/clients",
        "alice/errors",
        "alice/throttle",
        "$SYS/x",
        "$SYS",
        "$headcount/alice/events",
        "$headcount/server",
        "$headcount",
    ] {
        net.publish_qos1(alice, topic, "x");
        assert_eq!(net.take_ack(alice), ReasonCode::NotAuthorized, "{topic}");
    }
    net.publish_qos1(alice, "alice/clients/of/mine", "x");
    assert_eq!(net.take_ack(alice), ReasonCode::Success);
}

#[test]
fn an_account_subscribes_to_its_own_and_observers_to_all() {
    let mut net = observed();
    let (alice, _) = net.connect_with(named(connect("a", V5), "alice"));
    let (admin, _) = net.connect_with(named(connect("o", V5), "admin"));
    let (old, _) = net.connect_with(named(connect("old", V311), "alice"));
    for (filter, allowed) in [
        ("alice/clients", true),
        ("$headcount/alice/#", true),
        ("$headcount/alice/clients/+", true),
        ("$headcount/server", true),
        ("bob/clients", false),
        ("bob/errors", false),
        ("$headcount/bob/events", false),
        ("$headcount/bob/#", false),
        ("$share/g/bob/clients", false),
        ("$SYS/#", false),
        // Wider ones are judged message by message.
        ("#", true),
        ("+/clients", true),
        ("$headcount/#", true),
        ("$headcount/+/events", true),
        ("bob/#", true),
    ] {
        let code = if allowed { ReasonCode::Success } else { ReasonCode::NotAuthorized };
        assert_eq!(net.try_subscribe(alice, filter), code, "{filter}");
        assert_eq!(net.try_subscribe(admin, filter), ReasonCode::Success, "{filter}");
    }
    assert_eq!(net.subscribe(old, "bob/clients", AtMostOnce), ReasonCode::UnspecifiedError);
}

/// No filter, however wide, and no group shows one account's feed to another.
#[test]
fn feeds_do_not_leak() {
    let mut net = observed();
    let (alice, _) = net.connect_with(named(connect("a", V5), "alice"));
    for filter in ["#", "+/clients", "+/+", "$headcount/#", "$headcount/+/events", "$share/g/+/clients"] {
        net.subscribe(alice, filter, AtMostOnce);
        net.messages(alice);
    }
    let (admin, _) = net.connect_with(named(connect("o", V5), "admin"));
    net.subscribe(admin, "bob/clients", AtMostOnce);
    let (bob, _) = net.connect_with(named(connect("b", V5), "bob"));
    net.publish(bob, "$SYS/x", "");
    net.disconnect(bob, ReasonCode::Success);
    assert_eq!(net.messages(alice), []);
    assert_eq!(net.messages(admin).len(), 2);
    // Its own it does see, once for each kind of topic.
    net.connect_with(named(connect("a2", V5), "alice"));
    let topics: Vec<_> = net.messages(alice).into_iter().map(|(topic, _)| topic).collect();
    let state = "$headcount/alice/clients/a2";
    assert_eq!(topics, ["alice/clients", "alice/clients", state, "$headcount/alice/events"]);
}

#[test]
fn facts_of_the_server_are_retained_and_for_everybody() {
    let mut net = observed();
    net.act(|broker, now| broker.publish_fact(now, "$headcount/server", r#"{"name":"headcount"}"#.into()));
    net.act(|broker, now| broker.publish_fact(now, "$SYS/broker/uptime", "1".into()));
    let (alice, _) = net.connect_with(named(connect("a", V5), "alice"));
    net.subscribe(alice, "$headcount/server", AtMostOnce);
    let fact = net.take_publish(alice);
    assert!(fact.retain);
    assert_eq!(fact.payload, r#"{"name":"headcount"}"#);
    let (admin, _) = net.connect_with(named(connect("o", V5), "admin"));
    net.subscribe(admin, "$SYS/#", AtMostOnce);
    assert_eq!(net.payloads(admin), ["1"]);
}

/// [MQTT-4.7.2-1] `#` shows nothing of it, even to an observer.
#[test]
fn wildcards_in_front_do_not_match_dollar_topics() {
    let mut net = Net::open();
    let client = net.connect("c");
    net.act(|broker, now| broker.publish_fact(now, "$SYS/x", "old".into()));
    net.subscribe(client, "#", AtMostOnce);
    net.subscribe(client, "+/x", AtMostOnce);
    net.act(|broker, now| broker.publish_fact(now, "$SYS/x", "new".into()));
    assert_eq!(net.messages(client), []);
}
