//! Acknowledgements and the storage behind them.

use crate::support::*;
use headcount_broker::{Broker, Config, Record, RecordId};
use headcount_mqtt::{Delivery, Packet, PacketId, ReasonCode};

/// A durable realm whose storage is as late as the test wants.
fn late() -> Net {
    let mut config = Config::open("open");
    config.durable = true;
    let mut net = Net::new(config);
    net.store = false;
    net
}

fn last(net: &Net) -> RecordId {
    net.records.last().expect("something was recorded").0
}

fn store_all(net: &mut Net) {
    let id = last(net);
    net.persisted(id);
}

/// A durable realm with a connected publisher and a subscriber whose session lasts.
fn pair() -> (Net, headcount_broker::ConnectionId, headcount_broker::ConnectionId) {
    let mut net = late();
    net.store = true;
    let (subscriber, _) = net.connect_with(lasting("s", 100));
    net.subscribe(subscriber, "t", ExactlyOnce);
    let (publisher, _) = net.connect_with(lasting("p", 100));
    net.records.clear();
    net.store = false;
    (net, publisher, subscriber)
}

#[test]
fn puback_waits_for_the_message_to_be_stored() {
    let (mut net, publisher, _) = pair();
    net.publish_qos1(publisher, "t", "x");
    assert_eq!(net.take(publisher), None, "a failing storage acknowledges nothing");
    let queued = net.records.iter().position(|(_, it)| matches!(it, Record::Queued { .. })).unwrap();
    let before = RecordId(net.records[queued].0.0 - 1);
    net.persisted(before);
    assert_eq!(net.take(publisher), None, "what is stored is not this message");
    store_all(&mut net);
    assert_eq!(net.take_ack(publisher), ReasonCode::Success);
}

/// Every packet that promises something, with what it promises.
#[test]
fn each_promise_waits_and_order_is_kept() {
    let mut net = late();
    let client = net.attach(V5);
    net.send(client, lasting("c", 100).into_packet());
    assert_eq!(net.take(client), None, "CONNACK promises the session");
    store_all(&mut net);
    assert!(matches!(net.take(client), Some(Packet::ConnAck(_))));

    net.send(client, subscribe_packet(vec![subscription("t", AtLeastOnce)]));
    net.send(client, Packet::PingReq);
    assert_eq!(net.take(client), None, "SUBACK promises the subscription, and PINGRESP is behind it");
    store_all(&mut net);
    assert!(matches!(net.take(client), Some(Packet::SubAck(_))));
    assert_eq!(net.take(client), Some(Packet::PingResp));

    let id = PacketId::new(7).unwrap();
    net.send(client, publish("other", "x", Delivery::ExactlyOnce(id)));
    assert_eq!(net.take(client), None, "PUBREC promises to know the identifier");
    store_all(&mut net);
    assert_eq!(net.take(client), Some(Packet::PubRec(ack(id))));

    net.send(client, Packet::PubRel(ack(id)));
    assert_eq!(net.take(client), None, "PUBCOMP promises that it is free");
    store_all(&mut net);
    assert_eq!(net.take(client), Some(Packet::PubComp(ack(id))));
}

/// After a restart a PUBREL must not be a PUBLISH again.
#[test]
fn exactly_once_to_a_subscriber_waits_at_each_step() {
    let (mut net, publisher, subscriber) = pair();
    let id = PacketId::new(1).unwrap();
    net.send(publisher, publish("t", "x", Delivery::ExactlyOnce(id)));
    assert_eq!(net.take(subscriber), None, "the identifier is not stored");
    store_all(&mut net);
    let sent = net.take_publish(subscriber).delivery.packet_id().unwrap();
    net.send(subscriber, Packet::PubRec(ack(sent)));
    assert_eq!(net.take(subscriber), None, "that it was received is not stored");
    assert!(matches!(net.records.last(), Some((_, Record::Released { .. }))));
    store_all(&mut net);
    assert_eq!(net.take(subscriber), Some(Packet::PubRel(ack(sent))));
}

/// A message sent again before its first copy was stored is not acknowledged either, on a new connection too.
#[test]
fn a_second_copy_is_no_way_round() {
    let (mut net, publisher, _) = pair();
    let id = PacketId::new(1).unwrap();
    net.send(publisher, publish("t", "x", Delivery::ExactlyOnce(id)));
    net.lose(publisher);
    let publisher = net.attach(V5);
    net.send(publisher, lasting("p", 100).into_packet());
    net.send(publisher, publish("t", "x", Delivery::ExactlyOnce(id)));
    assert_eq!(net.take(publisher), None);
    store_all(&mut net);
    assert!(matches!(net.take(publisher), Some(Packet::ConnAck(_))));
    assert_eq!(net.take(publisher), Some(Packet::PubRec(ack(id))));
}

/// The server's last word does not wait, and takes no acknowledgement along that was not earned.
#[test]
fn the_last_word_leaves_without_storage() {
    let (mut net, publisher, _) = pair();
    net.publish_qos1(publisher, "t", "x");
    net.act(Broker::handle_shutdown);
    assert!(
        matches!(net.take(publisher), Some(Packet::Disconnect(it)) if it.reason == ReasonCode::ServerShuttingDown)
    );
    assert_eq!(net.take(publisher), None);
}

#[test]
fn qos_0_and_pingresp_wait_for_nothing() {
    let (mut net, publisher, subscriber) = pair();
    net.publish(publisher, "t", "x");
    net.send(publisher, Packet::PingReq);
    assert_eq!(net.payloads(subscriber), ["x"]);
    assert_eq!(net.take(publisher), Some(Packet::PingResp));
    assert_eq!(net.records, []);
}

/// What has to be stored for one message, one session and one Will.
#[test]
fn records_tell_the_whole_story() {
    let mut net = late();
    net.store = true;
    let (client, _) = net.connect_with(with_will(lasting("c", 100), "w", 10));
    net.subscribe(client, "t", AtLeastOnce);
    net.publish_qos1(client, "t", "x");
    let id = net.take_publish(client).delivery.packet_id().unwrap();
    net.take_ack(client);
    net.send(client, Packet::PubAck(ack(id)));
    net.send(client, retained("r", "1"));
    net.send(client, retained("r", ""));
    net.lose(client);
    net.seconds(10);
    net.seconds(90);
    let story: Vec<_> = net.records.iter().map(|(_, record)| name(record)).collect();
    assert_eq!(
        story,
        [
            "SessionSet",
            "Connected",
            "Event",
            "SubscriptionSet",
            "Queued",
            "Sent",
            "Ended",
            "RetainedSet",
            "RetainedCleared",
            "Left",
            // Its present state, which a late subscriber sees.
            "RetainedSet",
            "Event",
            "WillSet",
            "SessionSet",
            "WillCleared",
            "SessionRemoved",
            "RetainedCleared"
        ]
    );
}

/// A session that ends with its connection leaves nothing to store but that it was there, and the journal's events.
#[test]
fn a_clean_session_is_not_recorded() {
    let mut net = late();
    net.store = true;
    let client = net.connect("c");
    net.subscribe(client, "t", AtLeastOnce);
    net.publish_qos1(client, "t", "x");
    net.lose(client);
    let story: Vec<_> = net.records.iter().map(|(_, record)| name(record)).collect();
    assert_eq!(story, ["Connected", "Event", "Left", "Event"]);
}

#[test]
fn a_realm_in_memory_records_nothing() {
    let mut net = Net::open();
    let (client, _) = net.connect_with(lasting("c", 100));
    net.subscribe(client, "t", AtLeastOnce);
    net.send(client, retained("t", "x"));
    net.lose(client);
    net.seconds(200);
    assert_eq!(net.records, []);
}

fn name(record: &Record) -> String {
    let text = format!("{record:?}");
    text.split(|c: char| !c.is_alphabetic()).next().unwrap().to_owned()
}
