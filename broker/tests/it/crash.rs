//! The broker dies at random moments, and nothing that was acknowledged is lost or said twice.

use crate::town::Town;
use headcount_broker::Record;
use headcount_mqtt::client::Message;
use headcount_mqtt::{ProtocolVersion, QoS};
use std::collections::BTreeMap;

const PUBLISHERS: usize = 2;

fn town(seed: u64) -> Town {
    let mut town = Town::new(seed);
    town.settle_citizen("p0", ProtocolVersion::V5, &[]);
    town.settle_citizen("p1", ProtocolVersion::V311, &[]);
    town.settle_citizen("s0", ProtocolVersion::V5, &[("once/#", QoS::ExactlyOnce)]);
    town.settle_citizen("s1", ProtocolVersion::V311, &[("#", QoS::ExactlyOnce)]);
    town.settle_citizen("s2", ProtocolVersion::V5, &[("least/+", QoS::AtLeastOnce)]);
    town.rest();
    town
}

/// Publishes the next number to a topic of this publisher alone, so that the order is known.
fn publish(town: &mut Town, at: usize, sent: &mut BTreeMap<String, u64>) {
    let (kind, qos) = match town.dice.roll(2) {
        0 => ("once", QoS::ExactlyOnce),
        _ => ("least", QoS::AtLeastOnce),
    };
    let topic = format!("{kind}/{at}");
    let number = sent.entry(topic.clone()).or_default();
    *number += 1;
    let mut message = Message::new(topic.as_str().try_into().unwrap(), number.to_string().into());
    message.qos = qos;
    let time = town.time;
    town.citizens[at].session.publish(time, message).unwrap();
    town.speak(at);
}

fn run(seed: u64, steps: usize) -> usize {
    let mut town = town(seed);
    let mut sent = BTreeMap::new();
    for _ in 0..steps {
        let at = town.dice.roll(town.citizens.len());
        match town.dice.roll(100) {
            0..=19 => publish(&mut town, at % PUBLISHERS, &mut sent),
            20..=79 => drop(town.step(at)),
            80..=91 => {
                let turns = 1 + town.dice.roll(4);
                town.store(turns);
            }
            92..=95 => town.connect(at),
            96..=97 => town.lose(at),
            _ => town.crash(),
        }
    }
    town.rest();
    let what = format!("seed {seed}, {} crashes", town.crashes);
    let total: u64 = sent.values().sum();
    let confirmed: usize = town.citizens.iter().map(|citizen| citizen.published).sum();
    assert_eq!(confirmed as u64, total, "{what}: every message was acknowledged");
    for (at, filters) in [(2, &["once"][..]), (3, &["once", "least"]), (4, &["least"])] {
        for (topic, count) in &sent {
            let kind = topic.split('/').next().unwrap();
            if filters.contains(&kind) {
                check(&town, at, topic, *count, kind == "once", &what);
            }
        }
    }
    check_events(&town.disk, &what);
    town.crashes
}

/// What a subscriber got of one topic: everything, in order, and at `QoS` 2 once.
fn check(town: &Town, at: usize, topic: &str, count: u64, once: bool, what: &str) {
    let got: Vec<u64> =
        town.citizens[at].got.iter().filter(|(it, _)| it == topic).map(|(_, number)| *number).collect();
    let expected: Vec<u64> = (1..=count).collect();
    if once {
        assert_eq!(got, expected, "{what}: {topic} at QoS 2 to subscriber {at}");
        return;
    }
    // [MQTT-4.6.0-6] sent again, but never an earlier one for the first time behind a later one.
    let mut first = Vec::new();
    for number in got {
        if first.last().is_none_or(|last| *last < number) {
            first.push(number);
        }
    }
    assert_eq!(first, expected, "{what}: {topic} at QoS 1 to subscriber {at}");
}

/// The journal: numbered without a gap, and each `connected` with its `disconnected`.
fn check_events(disk: &[Record], what: &str) {
    let mut last = 0;
    let mut present: BTreeMap<String, bool> = BTreeMap::new();
    for record in disk {
        let Record::Event { seq, json, .. } = record else { continue };
        assert_eq!(*seq, last + 1, "{what}");
        last = *seq;
        let event: serde_json::Value = serde_json::from_slice(json).unwrap();
        let is_connected = match event["event"].as_str().unwrap() {
            "connected" => true,
            "disconnected" => false,
            _ => continue,
        };
        let client = event["client"]["id"].as_str().unwrap().to_owned();
        let before = present.insert(client.clone(), is_connected).unwrap_or(false);
        assert_ne!(before, is_connected, "{what}: {client} in event {last}");
    }
}

#[test]
fn nothing_acknowledged_is_lost_and_nothing_comes_twice() {
    let crashes: usize = (0..24).map(|seed| run(seed, 1_500)).sum();
    assert!(crashes > 500, "{crashes}");
}
