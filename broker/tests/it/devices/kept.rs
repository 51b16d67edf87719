//! What channels keep, against a naive model, over crashes and other limits.

use super::*;
use crate::town::Dice;
use headcount_broker::{Broker, DeviceLimits, Now, Record};
use std::collections::BTreeSet;
use std::time::Duration;

/// Each channel's entries, all that were ever made: number and JSON; and where what is kept begins.
#[derive(Default)]
struct Model(BTreeMap<u32, (Vec<(u64, String)>, usize)>);

impl Model {
    fn size(&self, channel: u32) -> usize {
        let (all, from) = &self.0[&channel];
        all[*from..].iter().map(|(_, json)| json.len()).sum()
    }

    fn gives(&self, channel: u32) -> bool {
        let (all, from) = &self.0[&channel];
        from + 1 < all.len()
    }

    /// One after the other, the oldest of whichever has most.
    fn trim(&mut self, limits: &DeviceLimits) {
        for channel in self.0.keys().copied().collect::<Vec<_>>() {
            while self.gives(channel)
                && (self.0[&channel].0.len() - self.0[&channel].1 > limits.max_channel_entries
                    || self.size(channel) > limits.max_channel_bytes)
            {
                self.0.get_mut(&channel).unwrap().1 += 1;
            }
        }
        while self.0.keys().map(|it| self.size(*it)).sum::<usize>() > limits.max_account_entry_bytes {
            let givers = self.0.keys().copied().filter(|it| self.gives(*it));
            let Some(largest) = givers.max_by_key(|it| (self.size(*it), *it)) else { break };
            self.0.get_mut(&largest).unwrap().1 += 1;
        }
    }

    fn kept(&self) -> BTreeMap<u32, Vec<(u64, String)>> {
        self.0.iter().map(|(channel, (all, from))| (*channel, all[*from..].to_vec())).collect()
    }
}

fn config(limits: DeviceLimits) -> Config {
    realm(|config| {
        config.durable = true;
        config.limits.devices = limits;
    })
}

fn reborn(net: &Net, limits: DeviceLimits, records: Vec<Record>) -> Net {
    let unix = net.now().unix + Duration::from_secs(1);
    let now = Now { monotonic: unix, unix };
    let mut again = Net::of(Broker::restore(config(limits), now, records).unwrap(), now);
    again.settle();
    again
}

/// A shorter story that ends the same: what a store has after all these.
fn shorter(records: &[Record]) -> Vec<Record> {
    let mut left: Vec<Record> = Vec::new();
    for record in records {
        match record {
            Record::EntriesDropped { channel, before } => left.retain(|it| {
                !matches!(it, Record::EntrySet { channel: its, number, .. } if its == channel && number < before)
            }),
            Record::ChannelRemoved { channel } => left.retain(|it| match it {
                Record::EntrySet { channel: its, .. } | Record::ChannelSet { channel: its, .. } => its != channel,
                _ => true,
            }),
            record => left.push(record.clone()),
        }
    }
    // As a store tells them.
    left.sort_by_key(|it| matches!(it, Record::EntrySet { .. }));
    left
}

fn kept(
    net: &mut Net,
    vy: ConnectionId,
    channels: impl Iterator<Item = u32>,
) -> BTreeMap<u32, Vec<(u64, String)>> {
    let mut all = BTreeMap::new();
    for channel in channels {
        net.publish(vy, &format!("channels/{channel}/feeds"), r#"{"results":8000}"#);
        let answer: Value = serde_json::from_str(&net.payloads(vy).pop().unwrap()).unwrap();
        let feeds = answer["feeds"].as_array().unwrap();
        let entries: Vec<_> =
            feeds.iter().map(|it| (it["entry_id"].as_u64().unwrap(), it["field1"].to_string())).collect();
        let first =
            entries.first().map_or(answer["channel"]["last_entry_id"].as_u64().unwrap() + 1, |it| it.0);
        assert_eq!((&answer["channel"]["first_entry_id"], &answer["more"]), (&json!(first), &json!(false)));
        all.insert(channel, entries);
    }
    all
}

#[test]
fn what_is_kept_is_what_a_naive_model_keeps() {
    let mut dice = Dice(11);
    let mut limits = DeviceLimits { max_device_channels: 10, ..DeviceLimits::default() };
    let mut net = Net::new(config(limits));
    let mut model = Model::default();
    let mut past: Vec<Record> = Vec::new();
    let (mut trimmed, mut removed) = (0, 0);
    let mut vy = desk(&mut net, "vy");
    for round in 0..1_500 {
        let channel = u32::try_from(dice.roll(5) + 1).unwrap();
        match dice.roll(24) {
            0 => {
                let answer = ask(&mut net, vy, "remove", &json!({"channel": channel}));
                assert_eq!(answer.get("error").is_none(), model.0.remove(&channel).is_some());
                removed += 1;
            }
            1 | 2 if !model.0.contains_key(&channel) => {
                let device = add(&mut net, vy, &json!([both(channel)]));
                ask(&mut net, vy, "remove", &json!({"id": device}));
                model.0.insert(channel, Default::default());
            }
            3 => {
                limits.max_channel_entries = dice.roll(30) + 1;
                limits.max_channel_bytes = 1_000 + 500 * dice.roll(20);
                limits.max_account_entry_bytes = 1_000 + 1_000 * dice.roll(20);
                net.act(|broker, now| broker.set_limits(now, config(limits).limits, BTreeMap::new()));
                model.trim(&limits);
            }
            4 => {
                past.extend(net.records.drain(..).map(|(_, record)| record));
                past = if round % 2 == 0 { shorter(&past) } else { past };
                let entries = |it: &&Record| matches!(it, Record::EntrySet { .. });
                if round % 2 == 0 {
                    let wanted: usize = model.kept().values().map(Vec::len).sum();
                    assert_eq!(past.iter().filter(entries).count(), wanted, "a store holds no more");
                }
                limits.max_channel_entries = dice.roll(30) + 1;
                net = reborn(&net, limits, past.clone());
                model.trim(&limits);
                vy = desk(&mut net, "vy");
            }
            _ => {
                let Some((all, _)) = model.0.get_mut(&channel) else { continue };
                let value = "x".repeat(dice.roll(200));
                net.subscribe(vy, "channels/+/subscribe", AtMostOnce);
                net.publish(vy, &format!("channels/{channel}/publish/fields/field1"), &value);
                let (_, json) = net.messages(vy).pop().unwrap();
                let entry: Value = serde_json::from_str(&json).unwrap();
                let number = all.last().map_or(1, |(number, _)| number + 1);
                assert_eq!(entry["entry_id"], number);
                all.push((number, json));
                let before: usize = model.0.values().map(|(_, from)| *from).sum();
                model.trim(&limits);
                trimmed += model.0.values().map(|(_, from)| *from).sum::<usize>() - before;
            }
        }
        if round % 7 == 0 {
            net.subscribe(vy, "channels/+/feeds/desk-vy", AtMostOnce);
            let channels: BTreeSet<_> = model.0.keys().copied().collect();
            let values = |(number, json): &(u64, String)| {
                (*number, serde_json::from_str::<Value>(json).unwrap()["field1"].to_string())
            };
            let wanted: BTreeMap<_, Vec<_>> =
                model.kept().iter().map(|(id, all)| (*id, all.iter().map(values).collect())).collect();
            assert_eq!(kept(&mut net, vy, channels.into_iter()), wanted, "round {round}");
        }
    }
    assert!(trimmed > 300 && removed > 20, "{trimmed} {removed}");
}

/// A store from before channels kept their entries has the newest beside the count.
#[test]
fn an_older_store_goes_on() {
    let mut net = Net::new(config(DeviceLimits::default()));
    let vy = desk(&mut net, "vy");
    add(&mut net, vy, &json!([both(7)]));
    let last = r#"{"channel_id":7,"created_at":"2026-11-21T12:00:00Z","entry_id":12,"field1":"old"}"#;
    let old = |record: &Record| match record {
        Record::ChannelSet { channel, owner, .. } => {
            Record::ChannelSet { channel: *channel, owner: owner.clone(), entries: 12, last: last.into() }
        }
        other => other.clone(),
    };
    let records: Vec<_> = net.records.iter().map(|(_, record)| old(record)).collect();
    let mut again = reborn(&net, DeviceLimits::default(), records);
    let vy = desk(&mut again, "vy");
    again.subscribe(vy, "channels/+/feeds/desk-vy", AtMostOnce);
    let old = (12, "\"old\"".to_owned());
    assert_eq!(kept(&mut again, vy, [7].into_iter())[&7], std::slice::from_ref(&old));
    assert_eq!(ask(&mut again, vy, "list", &json!({}))["channels"][0]["entries"], 12);
    again.publish(vy, "channels/7/publish", "field1=new");
    assert_eq!(kept(&mut again, vy, [7].into_iter())[&7], [old, (13, "\"new\"".to_owned())]);
}
