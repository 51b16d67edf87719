//! Random joins, leaves, kills and take-overs: presence equals the table of subscriptions at every step.

use super::{config, unsubscribe};
use crate::support::*;
use headcount_broker::ConnectionId;
use headcount_mqtt::{ReasonCode, TopicFilter, TopicName};
use std::collections::{BTreeMap, BTreeSet};

const STEPS: usize = 10_000;
const CLIENTS: usize = 12;

/// What is watched, as it is asked for with the key.
const WATCHED: [&str; 6] = ["a/", "a/b/", "b/", "a/+/", "b/#/", "+/b/"];

/// What is subscribed to, and the filter that the table then holds.
const SUBSCRIBED: [(&str, &str); 9] = [
    ("demo/a/", "a/#"),
    ("demo/a/b/", "a/b/#"),
    ("demo/b/", "b/#"),
    ("demo/b/?last=2", "b/#"),
    ("demo/+/b/", "+/b/#"),
    ("a/b/", "a/b/"),
    ("b/+/", "b/+/"),
    ("$share/g/a/b/", "$share/g/a/b/"),
    ("#", "#"),
];

/// A client as the test knows it, without asking the broker.
#[derive(Default)]
struct Known {
    connection: Option<ConnectionId>,
    lasts: bool,
    filters: BTreeSet<&'static str>,
}

/// xorshift, the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }
}

/// By sample topics, not by the comparison of filters that the broker makes.
fn hears(filter: &str, channel: &str) -> bool {
    let behind_share = filter.strip_prefix("$share/g/").unwrap_or(filter);
    let filter = TopicFilter::try_from(behind_share).unwrap();
    let topics: &[&str] = match channel {
        "a/+/" => &["a//", "a/b/", "a/z/"],
        "b/#/" => &["b", "b/", "b/b/", "b/z/", "b/z/z/"],
        "+/b/" => &["a/b/", "b/b/", "z/b/"],
        channel => &[channel],
    };
    topics.iter().any(|topic| filter.matches(&TopicName::try_from(*topic).unwrap()))
}

fn on(known: &BTreeMap<usize, Known>, channel: &str) -> BTreeSet<String> {
    let here = known
        .iter()
        .filter(|(_, it)| it.connection.is_some() && it.filters.iter().any(|filter| hears(filter, channel)));
    here.map(|(at, _)| name(*at)).collect()
}

fn name(at: usize) -> String {
    format!("client-{at:02}")
}

struct Trial {
    net: Net,
    dice: Dice,
    known: BTreeMap<usize, Known>,
}

impl Trial {
    fn step(&mut self) {
        let at = self.dice.below(CLIENTS);
        let known = self.known.entry(at).or_default();
        let Some(id) = known.connection else { return self.come(at) };
        match self.dice.below(10) {
            0 => self.come(at),
            1 => {
                self.net.lose(id);
                self.left(at);
            }
            2 => {
                self.net.disconnect(id, ReasonCode::Success);
                self.left(at);
            }
            3 => {
                self.net.act(|broker, now| assert!(broker.kick(now, &name(at))));
                self.left(at);
            }
            4..=6 => {
                let (asked, held) = SUBSCRIBED[self.dice.below(SUBSCRIBED.len())];
                self.net.try_subscribe(id, asked);
                self.known.get_mut(&at).unwrap().filters.insert(held);
            }
            _ => {
                let (asked, held) = SUBSCRIBED[self.dice.below(SUBSCRIBED.len())];
                unsubscribe(&mut self.net, id, asked.split('?').next().unwrap());
                self.known.get_mut(&at).unwrap().filters.remove(held);
            }
        }
    }

    /// Connects, which takes over where the client is there.
    fn come(&mut self, at: usize) {
        let clean = self.dice.below(4) == 0;
        let lasts = self.dice.below(2) == 0;
        let mut packet = lasting(&name(at), if lasts { 3600 } else { 0 });
        packet.clean_start = clean;
        let known = self.known.entry(at).or_default();
        // The old connection ends before the new one begins.
        if clean || !known.lasts {
            known.filters.clear();
        }
        let (id, ack) = self.net.connect_with(packet);
        assert_eq!(ack.reason, ReasonCode::Success);
        let known = self.known.get_mut(&at).unwrap();
        known.lasts = lasts;
        if let Some(old) = known.connection.replace(id) {
            self.net.forget(old);
        }
    }

    fn left(&mut self, at: usize) {
        let known = self.known.get_mut(&at).unwrap();
        self.net.forget(known.connection.take().unwrap());
        if !known.lasts {
            known.filters.clear();
        }
    }
}

#[test]
fn occupancy_is_the_subscription_table_and_every_join_has_its_leave() {
    let mut trial =
        Trial { net: Net::new(config()), dice: Dice(0x9E37_79B9_7F4A_7C15), known: BTreeMap::new() };
    let watcher = trial.net.connect("watcher");
    let asker = trial.net.connect("asker");
    for channel in WATCHED {
        let json = format!(r#"{{"key":"demo","channel":"{channel}"}}"#);
        trial.net.publish(watcher, "emitter/presence/", &json);
    }
    trial.net.messages(watcher);
    let mut present: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (mut joins, mut leaves) = (0, 0);
    for step in 0..STEPS {
        trial.step();
        for json in trial.net.payloads(watcher) {
            let said: serde_json::Value = serde_json::from_str(&json).unwrap();
            let (channel, who) = (said["channel"].as_str().unwrap(), said["who"].as_str().unwrap());
            let here = present.entry(channel.to_owned()).or_default();
            if said["event"] == "subscribe" {
                joins += 1;
                assert!(here.insert(who.to_owned()), "step {step}: {json} but is there");
            } else {
                leaves += 1;
                assert!(here.remove(who), "step {step}: {json} but is not there");
            }
            assert_eq!(said["occupancy"], here.len(), "step {step}: {json}");
        }
        for channel in WATCHED {
            let here = present.get(channel).cloned().unwrap_or_default();
            assert_eq!(here, on(&trial.known, channel), "step {step}, {channel}");
        }
        // What is said to whoever asks afresh is the same.
        let channel = WATCHED[step % WATCHED.len()];
        let json = format!(r#"{{"key":"demo","channel":"{channel}","changes":false}}"#);
        let status: serde_json::Value =
            serde_json::from_str(&super::ask(&mut trial.net, asker, "presence", &json)).unwrap();
        let here = on(&trial.known, channel);
        assert_eq!(status["occupancy"], here.len());
        assert_eq!(status["who"], serde_json::json!(here));
    }
    let inside: usize = present.values().map(BTreeSet::len).sum();
    assert_eq!(joins, leaves + inside);
    assert!(leaves > 1_000, "too few of {STEPS} steps were leaves: {leaves}");
}
