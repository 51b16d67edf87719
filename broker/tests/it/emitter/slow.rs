//! A watcher that reads slowly misses changes, and is told how things stand as soon as it reads.

use super::{ask, config};
use crate::support::*;
use headcount_broker::ConnectionId;
use headcount_mqtt::ReasonCode;
use std::collections::BTreeSet;

/// A few changes fit.
const OUTBOX: usize = 500;

fn net() -> Net {
    let mut config = config();
    config.limits.max_outbox_bytes = OUTBOX;
    Net::new(config)
}

/// What a watcher knows who takes a status for the truth and changes for changes of it.
fn fold(known: &mut BTreeSet<String>, json: &str) {
    let said: serde_json::Value = serde_json::from_str(json).unwrap();
    let name = || said["who"].as_str().unwrap().to_owned();
    match said["event"].as_str().unwrap() {
        "status" => *known = serde_json::from_value(said["who"].clone()).unwrap(),
        "subscribe" => assert!(known.insert(name()), "{json}"),
        _ => assert!(known.remove(&name()), "{json}"),
    }
    assert_eq!(said["occupancy"], known.len(), "{json}");
}

#[test]
fn what_was_missed_is_made_good_by_a_status() {
    let mut net = net();
    let watcher = net.connect("watcher");
    let mut known = BTreeSet::new();
    for channel in ["a/", "b/"] {
        ask(&mut net, watcher, "presence", &format!(r#"{{"key":"demo","channel":"{channel}"}}"#));
    }
    net.stop_reading(watcher);
    let guests: Vec<_> = (0..50).map(|at| net.connect(&format!("guest-{at:02}"))).collect();
    for id in &guests {
        net.subscribe(*id, "demo/a/", AtMostOnce);
    }
    for id in &guests[10..] {
        net.disconnect(*id, ReasonCode::Success);
    }
    let dropped = net.broker.stats().dropped;
    net.go_on_reading(watcher);
    let said = net.payloads(watcher);
    assert!(said.len() < 20, "what waits is bounded: {}", said.len());
    for json in &said {
        fold(&mut known, json);
    }
    assert_eq!(known.len(), 10);
    assert_eq!(said.iter().filter(|json| json.contains("status")).count(), 1, "of the channel that changed");
    assert_eq!(net.broker.stats().dropped, dropped, "nothing is left to be dropped");
    // From here on changes come one by one.
    net.disconnect(guests[0], ReasonCode::Success);
    let said = net.payloads(watcher);
    assert_eq!(said.len(), 1);
    fold(&mut known, &said[0]);
    assert_eq!(known.len(), 9);
}

#[test]
fn whoever_leaves_or_stops_watching_is_owed_nothing() {
    let mut net = net();
    let (one, two) = (net.connect("one"), net.connect("two"));
    for id in [one, two] {
        ask(&mut net, id, "presence", r#"{"key":"demo","channel":"a/"}"#);
        net.stop_reading(id);
    }
    for at in 0..30 {
        let id = net.connect(&format!("guest-{at:02}"));
        net.subscribe(id, "demo/a/", AtMostOnce);
    }
    net.publish(one, "emitter/presence/", r#"{"key":"demo","channel":"a/","status":false,"changes":false}"#);
    net.lose(two);
    net.go_on_reading(one);
    assert!(net.payloads(one).iter().all(|json| !json.contains("status")));
}

/// xorshift, the same each time.
fn next(seed: &mut u64, bound: usize) -> usize {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    usize::try_from(*seed % bound as u64).unwrap()
}

/// Whenever the watcher has read all, it knows exactly who is there.
#[test]
fn a_watcher_that_reads_now_and_then_is_never_wrong_for_good() {
    let mut net = net();
    let mut seed = 0x2545_F491_4F6C_DD1D;
    let watcher = net.connect("watcher");
    ask(&mut net, watcher, "presence", r#"{"key":"demo","channel":"a/"}"#);
    let mut known = BTreeSet::new();
    let mut here: Vec<Option<ConnectionId>> = vec![None; 40];
    let (mut statuses, mut changes) = (0, 0);
    for _ in 0..300 {
        net.stop_reading(watcher);
        for _ in 0..next(&mut seed, 25) {
            let at = next(&mut seed, here.len());
            match here[at].take() {
                Some(id) if next(&mut seed, 2) == 0 => net.lose(id),
                Some(id) => net.disconnect(id, ReasonCode::Success),
                None => {
                    let id = net.connect(&format!("guest-{at:02}"));
                    net.subscribe(id, "demo/a/", AtMostOnce);
                    here[at] = Some(id);
                }
            }
        }
        net.go_on_reading(watcher);
        for json in net.payloads(watcher) {
            if json.contains("status") {
                statuses += 1;
            } else {
                changes += 1;
            }
            fold(&mut known, &json);
        }
        let truth = here.iter().enumerate().filter(|(_, id)| id.is_some());
        let truth: BTreeSet<_> = truth.map(|(at, _)| format!("guest-{at:02}")).collect();
        assert_eq!(known, truth);
    }
    assert!(statuses > 50 && changes > 500, "{statuses} and {changes}");
}
