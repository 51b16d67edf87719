//! Keys are kept as their hashes, and shown to nobody.

use super::{ask, config, config_of_many_keys, make};
use crate::support::*;
use headcount_broker::{Broker, Record};
use headcount_mqtt::{Packet, ReasonCode, Text};

#[test]
fn no_key_is_stored_or_shown() {
    let mut config = config_of_many_keys();
    config.durable = true;
    config.limits.max_payload_size = Some(200);
    let mut net = Net::new(config);
    let watcher = net.connect("watcher");
    net.subscribe(watcher, "anonymous/+", AtMostOnce);
    net.subscribe(watcher, "$headcount/#", AtMostOnce);
    let id = net.connect("one");
    let key = make(&mut net, id, "a/#/", "rwslp", 600);
    let (lasting, _) = net.connect_with(with_will(lasting("away", 3600), &format!("{key}/a/?ttl=50"), 60));
    net.subscribe(lasting, &format!("{key}/a/"), AtLeastOnce);
    ask(&mut net, id, "link", &format!(r#"{{"key":"{key}","channel":"a/","name":"a0"}}"#));
    ask(&mut net, id, "presence", &format!(r#"{{"key":"{key}","channel":"a/"}}"#));
    net.publish(id, &format!("{key}/a/"), &"x".repeat(201));
    net.publish(id, &format!("{key}/no-channel"), "x");
    net.publish(id, &format!("{key}/b/"), "x");
    net.publish(id, &format!("{key}/a/?ttl=5"), "x");
    net.try_subscribe(id, &format!("{key}/b/"));
    net.lose(lasting);
    let heard = net.messages(watcher);
    assert!(heard.iter().any(|(_, line)| line == "one: payload of 201 bytes to a/"), "{heard:?}");
    let stored: Vec<_> = net.records.iter().map(|(_, record)| record).collect();
    assert!(stored.iter().any(|record| matches!(record, Record::WillSet { .. })));
    assert!(
        stored.iter().any(|record| matches!(record, Record::EmitterKeySet { key, .. } if key.len() == 64))
    );
    for shown in [format!("{stored:?}"), format!("{heard:?}"), format!("{:?}", net.broker)] {
        assert!(!shown.contains(&key), "{shown}");
    }
    // The Will has its key all the same.
    net.subscribe(watcher, "a/#", AtMostOnce);
    net.messages(watcher);
    net.seconds(61);
    let heard = net.messages(watcher);
    assert!(heard.contains(&("a/".to_owned(), "will".to_owned())), "{heard:?}");
}

#[test]
fn a_stores_older_keys_are_hashed_when_it_is_opened() {
    let mut config = config();
    config.durable = true;
    let old = "WlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpa";
    let record = Record::EmitterKeySet {
        key: Text::try_from(old).unwrap(),
        json: br#"{"type":"r","target":"a/#/"}"#.as_slice().into(),
    };
    let gone = Record::EmitterKeySet {
        key: Text::try_from("gonegonegonegonegonegonegonegone").unwrap(),
        json: br#"{"type":"r","target":"a/#/"}"#.as_slice().into(),
    };
    let Record::EmitterKeySet { key: gone_key, .. } = &gone else { unreachable!() };
    let gone_again = Record::EmitterKeyRemoved { key: gone_key.clone() };
    let now = Net::new(config.clone()).now();
    let broker = Broker::restore(config.clone(), now, [record, gone, gone_again]).unwrap();
    let mut net = Net::of(broker, now);
    net.settle();
    let records: Vec<_> = net.records.drain(..).map(|(_, record)| record).collect();
    assert_eq!(records.len(), 2, "{records:?}");
    assert!(matches!(&records[0], Record::EmitterKeyRemoved { key } if key.as_str() == old));
    assert!(!format!("{:?}", records[1]).contains(old));
    let mut again = Net::of(Broker::restore(config, now, records).unwrap(), now);
    again.settle();
    assert_eq!(again.records.len(), 0, "it is done once");
    for net in [&mut net, &mut again] {
        let id = net.connect("one");
        assert_eq!(net.subscribe(id, &format!("{old}/a/"), AtMostOnce), ReasonCode::Success);
    }
}

#[test]
fn the_hash_of_a_key_opens_nothing() {
    let mut config = config_of_many_keys();
    config.durable = true;
    let mut net = Net::new(config);
    let id = net.connect("one");
    make(&mut net, id, "a/#/", "rwp", 600);
    let hash = net.records.iter().find_map(|(_, record)| match record {
        Record::EmitterKeySet { key, .. } => Some(key.as_str().to_owned()),
        _ => None,
    });
    let hash = hash.unwrap();
    net.subscribe(id, "#", AtMostOnce);
    for will in [format!("emitter/will/{hash}/a/"), format!("{hash}/a/")] {
        let (thief, _) = net.connect_with(with_will(connect("thief", V5), &will, 0));
        net.lose(thief);
        let heard = net.messages(id);
        assert!(heard.iter().all(|(topic, _)| topic != "a/"), "{heard:?}");
    }
    let asked = format!(r#"{{"key":"{hash}","channel":"a/"}}"#);
    net.publish(id, "emitter/presence/", &asked);
    assert!(matches!(net.take(id), Some(Packet::Publish(it)) if it.payload.starts_with(br#"{"status":401"#)));
}
