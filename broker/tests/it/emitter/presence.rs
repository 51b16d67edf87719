//! `emitter/presence/`

use super::{ask, net, unsubscribe};
use crate::support::*;
use headcount_broker::ConnectionId;
use headcount_mqtt::ReasonCode;

const ROOM: &str = "presence-demo/8758f6d3/";

/// The clock of tests begins at this second.
const TIME: u64 = 1_508_861_318;

fn request(channel: &str) -> String {
    format!(r#"{{"key":"demo","channel":"{channel}","status":true,"changes":true}}"#)
}

fn status(channel: &str, who: &[&str]) -> String {
    let names: Vec<_> = who.iter().map(|name| format!("\"{name}\"")).collect();
    let (occupancy, names) = (who.len(), names.join(","));
    format!(
        r#"{{"event":"status","channel":"{channel}","occupancy":{occupancy},"time":{TIME},"who":[{names}]}}"#
    )
}

fn change(event: &str, channel: &str, occupancy: usize, who: &str) -> String {
    format!(
        r#"{{"event":"{event}","channel":"{channel}","occupancy":{occupancy},"time":{TIME},"who":"{who}"}}"#
    )
}

/// Connects, and subscribes to the room.
fn join(net: &mut Net, name: &str) -> ConnectionId {
    let id = net.connect(name);
    net.subscribe(id, &format!("demo/{ROOM}"), AtMostOnce);
    id
}

#[test]
fn nobody_then_alan_then_margaret_then_alan_leaves() {
    let mut net = net();
    let watcher = net.connect("watcher");
    net.publish(watcher, "emitter/presence/", &request(ROOM));
    let alan = join(&mut net, "Alan");
    join(&mut net, "Margaret");
    net.disconnect(alan, ReasonCode::Success);
    let said = net.messages(watcher);
    assert!(said.iter().all(|(topic, _)| topic == "emitter/presence/"));
    assert_eq!(
        said.into_iter().map(|(_, json)| json).collect::<Vec<_>>(),
        [
            status(ROOM, &[]),
            change("subscribe", ROOM, 1, "Alan"),
            change("subscribe", ROOM, 2, "Margaret"),
            change("unsubscribe", ROOM, 1, "Alan"),
        ]
    );
}

#[test]
fn the_asker_alone_hears_and_only_for_as_long_as_it_wants() {
    let mut net = net();
    let (watcher, other) = (net.connect("watcher"), net.connect("other"));
    net.subscribe(other, "emitter/#", AtMostOnce);
    let alan = join(&mut net, "Alan");
    assert_eq!(ask(&mut net, watcher, "presence", &request(ROOM)), status(ROOM, &["Alan"]));
    // Once more is no second watch.
    assert_eq!(ask(&mut net, watcher, "presence", &request(ROOM)), status(ROOM, &["Alan"]));
    assert_eq!(unsubscribe(&mut net, alan, &format!("demo/{ROOM}")), ReasonCode::Success);
    assert_eq!(net.payloads(watcher), [change("unsubscribe", ROOM, 0, "Alan")]);
    let quiet = format!(r#"{{"key":"demo","channel":"{ROOM}","changes":false,"status":false}}"#);
    net.publish(watcher, "emitter/presence/", &quiet);
    join(&mut net, "Margaret");
    assert_eq!(net.messages(watcher), []);
    assert_eq!(net.messages(other), []);
}

#[test]
fn both_are_wanted_where_nothing_is_said_and_the_slash_may_be_left_out() {
    let mut net = net();
    let watcher = net.connect("watcher");
    let json = r#"{"key":"demo","channel":"a/b"}"#;
    assert_eq!(ask(&mut net, watcher, "presence", json), status("a/b/", &[]));
    let alan = net.connect("Alan");
    net.subscribe(alan, "demo/a/b/", AtMostOnce);
    assert_eq!(net.payloads(watcher), [change("subscribe", "a/b/", 1, "Alan")]);
}

#[test]
fn a_client_joins_once_and_leaves_once() {
    let mut net = net();
    let watcher = net.connect("watcher");
    ask(&mut net, watcher, "presence", &request("a/b/"));
    let alan = net.connect("Alan");
    for filter in ["demo/a/b/", "demo/a/", "a/b/", "a/+/", "$share/g/a/b/", "#"] {
        net.subscribe(alan, filter, AtMostOnce);
    }
    net.subscribe(alan, "demo/a/b/", AtLeastOnce);
    assert_eq!(net.payloads(watcher), [change("subscribe", "a/b/", 1, "Alan")]);
    for filter in ["demo/a/b/", "demo/a/", "a/b/", "#", "$share/g/a/b/"] {
        assert_eq!(unsubscribe(&mut net, alan, filter), ReasonCode::Success);
    }
    assert_eq!(net.payloads(watcher), Vec::<String>::new());
    assert_eq!(unsubscribe(&mut net, alan, "a/+/"), ReasonCode::Success);
    assert_eq!(net.payloads(watcher), [change("unsubscribe", "a/b/", 0, "Alan")]);
}

#[test]
fn those_above_a_channel_are_on_it_and_those_below_are_not() {
    let mut net = net();
    let watcher = net.connect("watcher");
    for (name, filter) in [("above", "demo/a/"), ("here", "demo/a/b/"), ("below", "demo/a/b/c/")] {
        let id = net.connect(name);
        net.subscribe(id, filter, AtMostOnce);
    }
    let mut asked = |channel| ask(&mut net, watcher, "presence", &request(channel));
    assert_eq!(asked("a/b/"), status("a/b/", &["above", "here"]));
    assert_eq!(asked("a/b/#/"), status("a/b/#/", &["above", "below", "here"]));
    assert_eq!(asked("+/b/"), status("+/b/", &["above", "here"]));
    assert_eq!(asked("x/"), status("x/", &[]));
}

#[test]
fn wildcards_tell_of_all_that_they_catch() {
    let mut net = net();
    let watcher = net.connect("watcher");
    ask(&mut net, watcher, "presence", &request("rooms/+/"));
    ask(&mut net, watcher, "presence", &request("rooms/#/"));
    let alan = net.connect("Alan");
    net.subscribe(alan, "demo/rooms/7/", AtMostOnce);
    net.subscribe(alan, "demo/rooms/8/", AtMostOnce);
    let both = [change("subscribe", "rooms/+/", 1, "Alan"), change("subscribe", "rooms/#/", 1, "Alan")];
    assert_eq!(net.payloads(watcher), both);
    unsubscribe(&mut net, alan, "demo/rooms/7/");
    assert_eq!(net.payloads(watcher), Vec::<String>::new());
    net.lose(alan);
    assert_eq!(net.payloads(watcher).len(), 2);
}

#[test]
fn ordinary_topics_have_presence_without_a_key() {
    let mut net = net();
    let watcher = net.connect("watcher");
    let json = r#"{"channel":"chat/room1"}"#;
    assert_eq!(ask(&mut net, watcher, "presence", json), status("chat/room1", &[]));
    let alan = net.connect("Alan");
    net.subscribe(alan, "chat/+", AtMostOnce);
    assert_eq!(net.payloads(watcher), [change("subscribe", "chat/room1", 1, "Alan")]);
}

#[test]
fn a_request_is_judged_by_the_accounts_own_rules() {
    let mut config = super::config();
    config.access.acl = Some("user jenny\ntopic read a/#\nuser boss\ntopic readwrite #\n".to_owned());
    config.access.observers = Some(vec!["boss".to_owned()]);
    let mut net = Net::new(config);
    let jenny = net.connect_with(named(connect("jenny", V5), "jenny")).0;
    let boss = net.connect_with(named(connect("boss", V5), "boss")).0;
    for json in [r#"{"channel":"b/"}"#, r#"{"key":"demo","channel":"b/"}"#] {
        let refused = ask(&mut net, jenny, "presence", json);
        let expected = "the account may not subscribe to b/: denied by default";
        assert!(refused.starts_with(&format!(r#"{{"status":403,"message":"{expected}"#)), "{refused}");
    }
    assert_eq!(ask(&mut net, jenny, "presence", r#"{"channel":"a/"}"#), status("a/", &[]));
    let wild = r#"{"channel":"a/+"}"#;
    assert!(ask(&mut net, jenny, "presence", wild).starts_with(r#"{"status":403,"#));
    assert_eq!(ask(&mut net, boss, "presence", wild), status("a/+", &[]));
}

#[test]
fn whoever_is_away_is_not_there() {
    let mut net = net();
    let watcher = net.connect("watcher");
    ask(&mut net, watcher, "presence", &request("a/"));
    let (alan, _) = net.connect_with(lasting("Alan", 60));
    net.subscribe(alan, "demo/a/", AtLeastOnce);
    assert_eq!(net.payloads(watcher), [change("subscribe", "a/", 1, "Alan")]);
    net.lose(alan);
    assert_eq!(net.payloads(watcher), [change("unsubscribe", "a/", 0, "Alan")]);
    // The session is taken up again with its subscriptions.
    let (again, _) = net.connect_with(lasting("Alan", 60));
    assert_eq!(net.payloads(watcher), [change("subscribe", "a/", 1, "Alan")]);
    // A take-over is an end and a beginning.
    let (third, _) = net.connect_with(lasting("Alan", 60));
    assert!(net.is_closed(again));
    let both = [change("unsubscribe", "a/", 0, "Alan"), change("subscribe", "a/", 1, "Alan")];
    assert_eq!(net.payloads(watcher), both);
    net.act(|broker, now| assert!(broker.kick(now, "Alan")));
    assert!(net.is_closed(third));
    assert_eq!(net.payloads(watcher), [change("unsubscribe", "a/", 0, "Alan")]);
    // The session's end is nobody's leaving.
    net.seconds(61);
    assert_eq!(net.payloads(watcher), Vec::<String>::new());
}

#[test]
fn a_watcher_that_is_gone_is_forgotten() {
    let mut net = super::net();
    let (first, _) = net.connect_with(lasting("watcher", 60));
    ask(&mut net, first, "presence", &request("a/"));
    net.lose(first);
    let (second, _) = net.connect_with(lasting("watcher", 60));
    let alan = net.connect("Alan");
    net.subscribe(alan, "demo/a/", AtMostOnce);
    assert_eq!(net.messages(second), []);
}

#[test]
fn watches_and_names_are_bounded() {
    let mut config = super::config();
    let limits = &mut config.limits.emitter;
    (limits.max_client_watches, limits.max_watches, limits.max_presence_names) = (2, 3, 2);
    let mut net = Net::new(config);
    let (one, two) = (net.connect("one"), net.connect("two"));
    for (id, channel, more) in [
        (one, "a/", true),
        (one, "b/", true),
        (one, "a/", true),
        (one, "c/", false),
        (two, "a/", true),
        (two, "b/", false),
    ] {
        let said = ask(&mut net, id, "presence", &request(channel));
        assert_eq!(said.contains("\"event\""), more, "{channel}: {said}");
        assert_eq!(said.starts_with(r#"{"status":429,"#), !more);
    }
    // Without changes there is nothing to keep.
    let silent = r#"{"key":"demo","channel":"c/","changes":false}"#;
    assert_eq!(ask(&mut net, one, "presence", silent), status("c/", &[]));
    for name in ["z", "x", "y"] {
        let id = net.connect(name);
        net.subscribe(id, "demo/c/", AtMostOnce);
    }
    let who = format!(r#"{{"event":"status","channel":"c/","occupancy":3,"time":{TIME},"who":["x","y"]}}"#);
    assert_eq!(ask(&mut net, one, "presence", silent), who);
}

#[test]
fn an_answer_fits_the_clients_packets() {
    let mut net = net();
    for name in ["a", "b", "c"] {
        let id = net.connect(&name.repeat(40));
        net.subscribe(id, "demo/a/", AtMostOnce);
    }
    let mut small = connect("small", V5);
    small.properties.maximum_packet_size = Some(450);
    let (small, _) = net.connect_with(small);
    let said = ask(&mut net, small, "presence", &request("a/"));
    assert!(said.contains(r#""occupancy":3"#), "{said}");
    assert_eq!(said.matches("aaaa").count(), 10, "{said}");
    assert!(!said.contains("bbb"), "{said}");
}

#[test]
fn what_is_no_request_is_explained() {
    let mut net = net();
    let id = net.connect("asker");
    for (payload, start) in [
        ("", r#"{"status":400,"message":"EOF while parsing"#),
        ("{}", r#"{"status":400,"message":"missing field `channel`"#),
        (r#"{"channel":""}"#, r#"{"status":400,"message":" is no channel: empty"#),
        (r#"{"key":"demo","channel":"a/#/b"}"#, r#"{"status":400,"message":"a/#/b/ is no channel"#),
        (r#"{"key":"nobody","channel":"a/"}"#, r#"{"status":401,"message":"there is no such key"}"#),
        (r#"{"channel":"$SYS/x"}"#, r#"{"event":"status","channel":"$SYS/x""#),
        (r#"{"key":"demo","channel":"$SYS/x"}"#, r#"{"status":401,"message":"the key is not for"#),
    ] {
        let said = ask(&mut net, id, "presence", payload);
        assert!(said.starts_with(start), "{payload}: {said}");
    }
    net.publish(id, "emitter/pleasure/", "{}");
    assert!(super::fault(&mut net, id).starts_with(r#"{"status":404,"#));
}
