//! Records to keys and values and back.

use super::super::recall::Recall;
use super::*;
use bytes::Bytes;
use headcount_broker::{Connected, Now, Peer, SecurityItem, Transport};
use headcount_mqtt::{ProtocolVersion, PublishProperties, Will, WillProperties};

const NOW: Now =
    Now { monotonic: Duration::from_secs(2_000_000_000), unix: Duration::from_secs(2_000_000_000) };
const THEN: Duration = Duration::new(1_900_000_000, 123_456_789);

fn text(text: &str) -> Text {
    text.try_into().unwrap()
}

fn message(payload: &str, qos: QoS) -> Arc<Message> {
    let properties = PublishProperties {
        payload_format_indicator: Some(true),
        message_expiry_interval: Some(70),
        response_topic: Some("a/nswer".try_into().unwrap()),
        correlation_data: Some(Bytes::from_static(b"\0\xff")),
        user_properties: vec![(text("k"), text("1")), (text("k"), text("2"))],
        content_type: Some(text("text/plain")),
        ..PublishProperties::default()
    };
    Arc::new(Message {
        topic: "t/ö".try_into().unwrap(),
        payload: Bytes::copy_from_slice(payload.as_bytes()),
        qos,
        properties: Some(Box::new(properties)),
        received: THEN,
        received_unix: THEN,
    })
}

fn will() -> Box<Will> {
    Box::new(Will {
        topic: "w".try_into().unwrap(),
        payload: Bytes::from_static(b"gone\0"),
        qos: QoS::ExactlyOnce,
        retain: true,
        properties: WillProperties {
            will_delay_interval: Some(9),
            user_properties: vec![(text("k"), text("v"))],
            ..WillProperties::default()
        },
    })
}

fn connected(will: Option<Box<Will>>) -> Connected {
    Connected {
        user_name: Some(text("alice")),
        peer: Peer::new("[::1]:50000", Transport::SecureWebSocket),
        version: ProtocolVersion::V311,
        keep_alive: 60,
        clean_start: true,
        connected_unix: THEN,
        will,
    }
}

fn security(item: SecurityItem) -> Record {
    let json: &[u8] = match &item {
        SecurityItem::General => {
            br#"{"default_access":{"send":false,"receive":true,"subscribe":false,"unsubscribe":true}}"#
        }
        SecurityItem::Client(_) => br#"{"roles":[],"groups":[["g",-1]]}"#,
        SecurityItem::Group(_) => br#"{"roles":[["",7]]}"#,
        SecurityItem::Role(_) => br#"{"acls":[["publishClientSend","a/#",0,true]]}"#,
    };
    Record::SecuritySet { item, json: Bytes::from_static(json) }
}

fn device(client_id: &str) -> Record {
    let json = br#"{"owner":"vy","number":7,"name":"Lamp","description":"","hash":"$argon2id$","channels":
        [{"id":7,"publish":true,"subscribe":false}],"created":1,"rotated":2}"#;
    Record::DeviceSet { client_id: text(client_id), json: Bytes::from_static(json) }
}

fn channel(channel: u32, entries: u64, last: &'static str) -> Record {
    Record::ChannelSet { channel, owner: text("vy"), entries, last: last.into() }
}

fn entry(channel: u32, number: u64) -> Record {
    Record::EntrySet { channel, number, json: Bytes::from_static(b"{}") }
}

/// One of each kind, in the order in which a store tells them.
fn story() -> Vec<Record> {
    let (s, long) = (text("s"), text(&"l".repeat(65_535)));
    let shared: TopicFilter = "$share/g/t/+".try_into().unwrap();
    let subscription = Subscription {
        filter: shared.clone(),
        qos: QoS::ExactlyOnce,
        no_local: false,
        retain_as_published: true,
        retain_handling: RetainHandling::SendIfNew,
    };
    let queued = |number, message: &Arc<Message>, share: Option<&TopicFilter>| Record::Queued {
        client_id: s.clone(),
        number,
        message: Arc::clone(message),
        qos: QoS::ExactlyOnce,
        retain: number == 4,
        identifiers: if number == 4 { Box::new([7, 268_435_455]) } else { Box::default() },
        share: share.cloned(),
    };
    let (one, two) = (message("one", QoS::ExactlyOnce), message("", QoS::AtLeastOnce));
    let id = PacketId::new(65_535).unwrap();
    vec![
        Record::SessionSet { client_id: s.clone(), user_name: None, expiry: 0xFFFF_FFFF, left_unix: None },
        Record::SessionSet { client_id: long, user_name: Some(text("")), expiry: 5, left_unix: Some(THEN) },
        Record::SubscriptionSet {
            client_id: s.clone(),
            subscription,
            identifier: Some(1),
            emitter_key: Some([7; 32]),
        },
        queued(3, &one, Some(&shared)),
        queued(4, &two, None),
        queued(5, &one, None),
        Record::Received { client_id: s.clone(), packet_id: id },
        Record::WillSet { client_id: s.clone(), will: will(), due_unix: THEN },
        Record::RetainedSet { message: message("kept", QoS::AtMostOnce), owner: Some(text("alice")) },
        Record::Event { seq: 8, at_unix: THEN, account: text("alice"), json: Bytes::from_static(b"{}") },
        Record::Event { seq: 9, at_unix: THEN, account: text("bob"), json: Bytes::from_static(b"{1}") },
        Record::Connected { client_id: s.clone(), connection: Box::new(connected(Some(will()))) },
        Record::Connected { client_id: text("clean"), connection: Box::new(connected(None)) },
        security(SecurityItem::General),
        security(SecurityItem::Client("ö".repeat(32_767))),
        security(SecurityItem::Group("g".to_owned())),
        security(SecurityItem::Role(String::new())),
        device("dev-1"),
        channel(1, 0, ""),
        channel(u32::MAX, u64::MAX, r#"{"entry_id":18446744073709551615}"#),
        Record::EmitterKeySet {
            key: text("k"),
            json: Bytes::from_static(br#"{"type":"r","target":"a/#/"}"#),
        },
        Record::HistorySet { number: 3, until_unix: THEN, message: message("past", QoS::AtMostOnce) },
        entry(1, 12),
        entry(1, 13),
        entry(u32::MAX, u64::MAX - 1),
        Record::Sent { client_id: s.clone(), number: 5, place: 70_000 },
        Record::Released { client_id: s, number: 2, place: 70_001 },
    ]
}

/// The table after these batches.
#[derive(Default)]
struct Shelf(BTreeMap<Vec<u8>, Vec<u8>>);

impl Shelf {
    fn write(&mut self, ledger: &mut Ledger, records: &[Record]) {
        let mut changes = Changes::default();
        for record in records {
            ledger.apply(record, &mut changes);
        }
        ledger.close_batch();
        for (key, value) in changes.iter() {
            match value {
                Some(value) => drop(self.0.insert(key.clone(), value.to_vec())),
                None => assert!(self.0.remove(key).is_some(), "{key:?} is removed and was not there"),
            }
        }
    }

    fn read(&self) -> (Ledger, Vec<Record>) {
        let mut recall = Recall::new(7, NOW);
        for (key, value) in &self.0 {
            recall.entry(&key[2..], value).unwrap();
        }
        recall.finish()
    }
}

/// The story as the core tells it: the one that was released was queued and sent before.
fn told() -> Vec<Record> {
    let mut records = story();
    let message = message("released", QoS::ExactlyOnce);
    let (client_id, identifiers) = (text("s"), Box::default());
    let before = [
        Record::Queued {
            client_id: client_id.clone(),
            number: 2,
            message,
            qos: QoS::ExactlyOnce,
            retain: false,
            identifiers,
            share: None,
        },
        Record::Sent { client_id, number: 2, place: 70_001 },
    ];
    let at = records.len() - 1;
    records.splice(at..at, before);
    records
}

#[test]
fn every_record_comes_back_as_it_was() {
    for in_one_batch in [true, false] {
        let (mut shelf, mut ledger) = (Shelf::default(), Ledger::new(7));
        for batch in told().chunks(if in_one_batch { 99 } else { 1 }) {
            shelf.write(&mut ledger, batch);
        }
        let (_, records) = shelf.read();
        assert_eq!(records, story());
        let messages = shelf.0.keys().filter(|key| key[2] == key::MESSAGE).count();
        // What goes to several within a batch is stored once.
        assert_eq!(messages, if in_one_batch { 2 } else { 3 });
    }
}

#[test]
fn what_ends_leaves_nothing_behind() {
    let s = text("s");
    let end = [
        Record::Ended { client_id: s.clone(), number: 3 },
        Record::Ended { client_id: s.clone(), number: 2 },
        Record::Completed { client_id: s.clone(), packet_id: PacketId::new(65_535).unwrap() },
        Record::RetainedCleared("t/ö".try_into().unwrap()),
        Record::EventsDropped { before: 9 },
        Record::Left { client_id: s.clone() },
        Record::Left { client_id: text("clean") },
        // With two messages, a subscription and a Will.
        Record::SessionRemoved { client_id: s },
        Record::SessionRemoved { client_id: text(&"l".repeat(65_535)) },
        Record::SecurityRemoved { item: SecurityItem::General },
        Record::SecurityRemoved { item: SecurityItem::Client("ö".repeat(32_767)) },
        Record::SecurityRemoved { item: SecurityItem::Group("g".to_owned()) },
        Record::SecurityRemoved { item: SecurityItem::Role(String::new()) },
        Record::DeviceRemoved { client_id: text("dev-1") },
        Record::EntriesDropped { channel: 1, before: 13 },
        Record::ChannelRemoved { channel: 1 },
        Record::ChannelRemoved { channel: u32::MAX },
        Record::EmitterKeyRemoved { key: text("k") },
        Record::HistoryRemoved { number: 3 },
    ];
    for restarts in [false, true] {
        let (mut shelf, mut ledger) = (Shelf::default(), Ledger::new(7));
        shelf.write(&mut ledger, &told());
        for record in &end {
            if restarts {
                ledger = shelf.read().0;
            }
            shelf.write(&mut ledger, std::slice::from_ref(record));
        }
        assert_eq!(shelf.read().1, story()[10..11], "the newest event alone");
        assert!(ledger.clients.is_empty() && ledger.messages.is_empty(), "{ledger:?}");
    }
    // Within one batch only what carries the count is written.
    let (mut shelf, mut ledger) = (Shelf::default(), Ledger::new(7));
    let mut changes = Changes::default();
    for record in told().iter().chain(&end) {
        ledger.apply(record, &mut changes);
    }
    let put = changes.iter().filter(|(_, value)| value.is_some()).count();
    assert_eq!(put, 1);
    shelf.write(&mut ledger, &[]);
}

/// A channel that is made again within a batch has its new entries alone, and one that is flooded no more than it keeps.
#[test]
fn entries_follow_their_channels() {
    for batch in [1, 3, 100] {
        let (mut shelf, mut ledger) = (Shelf::default(), Ledger::new(7));
        let mut records = vec![channel(7, 0, ""), entry(7, 1), entry(7, 2), entry(7, 3)];
        records.extend([Record::ChannelRemoved { channel: 7 }, channel(7, 0, ""), entry(7, 1)]);
        for number in 2..=50 {
            records.extend([entry(7, number), Record::EntriesDropped { channel: 7, before: number - 1 }]);
        }
        for batch in records.chunks(batch) {
            shelf.write(&mut ledger, batch);
        }
        assert_eq!(shelf.read().1, [channel(7, 0, ""), entry(7, 49), entry(7, 50)], "{batch}");
    }
}

#[test]
fn a_value_that_is_cut_short_is_an_error_and_no_panic() {
    let (mut shelf, mut ledger) = (Shelf::default(), Ledger::new(7));
    shelf.write(&mut ledger, &told());
    for (key, value) in &shelf.0 {
        for cut in (0..value.len()).step_by(value.len() / 100 + 1) {
            let mut recall = Recall::new(7, NOW);
            for (other, value) in shelf.0.range::<Vec<u8>, _>(..key) {
                recall.entry(&other[2..], value).unwrap();
            }
            let read = recall.entry(&key[2..], &value[..cut]);
            // A payload, an entry's and an event's JSON may end anywhere, and identifiers after each of them.
            let may_end = matches!(
                key[2],
                key::MESSAGE
                    | key::RETAINED
                    | key::EVENT
                    | key::QUEUED
                    | key::CHANNEL
                    | key::HISTORY
                    | key::ENTRY
            );
            assert!(read.is_err() || may_end, "{key:?} cut to {cut}");
        }
    }
}
