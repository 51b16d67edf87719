//! What is answered is stored, and what is stored comes back.

use super::*;
use crate::town::Dice;
use headcount_broker::{Broker, Now, Record};
use std::time::Duration;

fn durable() -> Config {
    realm(|config| config.durable = true)
}

fn reborn(net: &Net, records: Vec<Record>) -> Net {
    let unix = net.now().unix + Duration::from_secs(1);
    let now = Now { monotonic: unix, unix };
    let mut again = Net::of(Broker::restore(durable(), now, records).unwrap(), now);
    again.settle();
    again
}

fn records(net: &Net) -> Vec<Record> {
    net.records.iter().map(|(_, record)| record.clone()).collect()
}

/// A broker that dies anywhere goes on with all that it answered and counted.
#[test]
fn each_answer_holds_after_a_crash() {
    let mut dice = Dice(3);
    let mut net = Net::new(durable());
    let mut past: Vec<Record> = Vec::new();
    let mut entries = std::collections::BTreeMap::<u32, u64>::new();
    let (mut names, mut published) = (0, 0);
    for _ in 0..120 {
        let vy = desk(&mut net, "vy");
        let list = ask(&mut net, vy, "list", &json!({}));
        let devices = list["devices"].as_array().unwrap();
        let device = devices.get(dice.roll(devices.len().max(1))).map(|it| it["id"].clone());
        let channel = u32::try_from(dice.roll(4) + 1).unwrap();
        match dice.roll(6) {
            0 => {
                // Names rise from broker to broker, as those that are made by chance never come twice.
                net.publish(
                    vy,
                    "$headcount/vy/devices/add",
                    &json!({"name": "a", "channels": [both(channel)]}).to_string(),
                );
                let job = net.wanted.remove(0);
                names += 1;
                let made = Credentials {
                    client_id: format!("n-{names}"),
                    password: String::new(),
                    hash: "h".to_owned(),
                };
                net.act(|broker, now| broker.handle_credentials(now, job, Ok(made)));
                net.messages(vy);
            }
            1 => drop(ask(&mut net, vy, "remove", &json!({"id": device.unwrap_or_default()}))),
            2 => {
                let request = json!({"id": device.unwrap_or_default(), "channels": [both(channel)]});
                ask(&mut net, vy, "update", &request);
            }
            3 => {
                let removed = ask(&mut net, vy, "remove", &json!({"channel": channel}));
                if removed.get("error").is_none() {
                    entries.remove(&channel);
                }
            }
            _ => {
                net.publish_qos1(vy, &format!("channels/{channel}/publish"), "field1=1&status=ok");
                if net.take_ack(vy) == ReasonCode::Success {
                    *entries.entry(channel).or_default() += 1;
                    published += 1;
                }
            }
        }
        let before = ask(&mut net, vy, "list", &json!({}));
        for channel in before["channels"].as_array().unwrap() {
            let id = u32::try_from(channel["id"].as_u64().unwrap()).unwrap();
            assert_eq!(channel["entries"], entries.get(&id).copied().unwrap_or(0));
        }
        past.extend(records(&net));
        net = reborn(&net, past.clone());
        let vy = desk(&mut net, "vy");
        assert_eq!(ask(&mut net, vy, "list", &json!({})), before);
        net.disconnect(vy, ReasonCode::Success);
    }
    assert!(names > 10 && published > 20, "{names} {published}");
}

/// The password itself is in no record; what a device is known by is.
#[test]
fn an_answer_waits_and_no_password_is_stored() {
    let mut net = Net::new(durable());
    let (vy, _) = try_enter(&mut net, named(lasting("desk-vy", 3_600), "vy"));
    net.subscribe(vy, "$headcount/vy/devices/+/desk-vy", AtLeastOnce);
    net.store = false;
    net.publish_qos1(vy, "$headcount/vy/devices/add", r#"{"name":"a"}"#);
    make(&mut net);
    net.take_ack(vy);
    assert_eq!(net.take(vy), None);
    let set = net.records.iter().position(|(_, it)| matches!(it, Record::DeviceSet { .. })).unwrap();
    net.persisted(net.records[set - 1].0);
    assert_eq!(net.take(vy), None, "before the device is stored nobody hears its password");
    net.persisted(net.records.last().unwrap().0);
    assert!(net.payloads(vy)[0].contains("secret-1"));
    let all = format!("{:?}", net.records);
    assert!(!all.contains("secret") && all.contains("hash-1"), "{all}");
}

/// Nobody hears of an entry, at any QoS, before its number is stored: after a crash it is given to another.
#[test]
fn no_number_is_given_twice() {
    let mut net = Net::new(durable());
    let vy = desk(&mut net, "vy");
    let device = add(&mut net, vy, &json!([both(7)]));
    let lamp = plug_in(&mut net, &device, V5);
    net.subscribe(vy, "channels/7/subscribe", AtMostOnce);
    net.store = false;
    let stored = records(&net);
    net.publish(lamp, "channels/7/publish", "field1=1");
    assert_eq!(net.messages(vy), []);
    net.publish_qos1(lamp, "channels/7/publish", "field1=2");
    assert_eq!((net.take(lamp), net.messages(vy)), (None, vec![]));
    // The first entry is stored, the second is not.
    let first =
        net.records.iter().rposition(|(_, it)| matches!(it, Record::EntrySet { number: 1, .. })).unwrap();
    net.persisted(net.records[first].0);
    assert_eq!((net.take(lamp), net.payloads(vy).len()), (None, 1));
    let mut again = reborn(&net, records(&net)[..=first].to_vec());
    let vy = desk(&mut again, "vy");
    again.subscribe(vy, "channels/7/subscribe", AtMostOnce);
    again.publish(vy, "channels/7/publish", "field1=3");
    assert!(again.payloads(vy)[0].contains(r#""entry_id":2,"field1":"3""#));
    assert!(stored.len() <= first);
}

/// A device whose broker died is told off as its owner's, and its session goes on.
#[test]
fn a_device_outlives_its_broker() {
    let mut net = Net::new(durable());
    let vy = desk(&mut net, "vy");
    let device = add(&mut net, vy, &json!([both(7)]));
    let (lamp, _) = try_enter(&mut net, named(lasting(&device, 3_600), &device));
    net.subscribe(lamp, "channels/7/subscribe", AtLeastOnce);
    // As a store tells them: sessions first, then the devices.
    let (mut later, mut told): (Vec<_>, Vec<_>) = records(&net).into_iter().partition(|it| {
        matches!(it, Record::DeviceSet { .. } | Record::ChannelSet { .. } | Record::EntrySet { .. })
    });
    told.append(&mut later);
    let mut again = reborn(&net, told);
    let vy = desk(&mut again, "vy");
    again.subscribe(vy, "$headcount/vy/journal/desk-vy", AtMostOnce);
    again.publish(vy, "$headcount/vy/journal", "{}");
    let (_, journal) = again.messages(vy).pop().unwrap();
    assert!(journal.contains(r#""device":"Lamp""#) && journal.contains("server-restart"), "{journal}");
    again.publish_qos1(vy, "channels/7/publish", "field1=1");
    again.take_ack(vy);
    let (lamp, _) = try_enter(&mut again, named(lasting(&device, 3_600), &device));
    assert_eq!(again.payloads(lamp).len(), 1);
}

/// Nothing is added and counted where it could not be stored; what ends things still works.
#[test]
fn a_full_storage_refuses_in_words() {
    let mut net = Net::new(durable());
    let vy = desk(&mut net, "vy");
    let device = add(&mut net, vy, &json!([both(7)]));
    net.act(|broker, now| broker.handle_storage(now, headcount_broker::Storage::Full));
    let full = json!({"error": "Storage is full; nothing was changed."});
    for (verb, request) in [
        ("add", json!({"name": "a"})),
        ("update", json!({"id": device, "name": "b"})),
        ("rotate", json!({"id": device})),
    ] {
        assert_eq!(ask(&mut net, vy, verb, &request), full, "{verb}");
    }
    net.publish_qos1(vy, "channels/7/publish", "field1=1");
    assert_eq!(net.take_ack(vy), ReasonCode::QuotaExceeded);
    assert_eq!(ask(&mut net, vy, "remove", &json!({"id": device})), json!({"removed": device}));
}
