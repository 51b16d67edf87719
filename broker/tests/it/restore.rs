//! Each kind of state, before a broker dies and after another one goes on from its records.

use crate::support::*;
use crate::town::rebased;
use headcount_broker::{Broker, ConnectionId, Now, Record};
use headcount_mqtt::{
    Connect, ConnectProperties, Delivery, Packet, PacketId, QoS, RetainHandling, Subscribe, Unsubscribe,
};
use std::time::Duration;

/// A durable realm that has stored everything so far.
fn durable() -> Net {
    Net::with(|config| config.durable = true)
}

/// Another broker in the place of this one, `down` later, on a clock of its own origin.
fn restarted(net: Net, down: u64) -> Net {
    let unix = net.now().unix + Duration::from_secs(down);
    let now = Now { monotonic: unix, unix };
    let mut config = headcount_broker::Config::open("open");
    config.durable = true;
    let mut past = net.past;
    past.extend(net.records.into_iter().map(|(_, record)| record));
    let records: Vec<Record> = past.iter().map(|record| rebased(record.clone(), now)).collect();
    let mut again = Net::of(Broker::restore(config, now, records).unwrap(), now);
    again.past = past;
    again.settle();
    again
}

fn back(net: &mut Net, client_id: &str) -> (ConnectionId, bool) {
    let (id, ack) = net.connect_with(lasting(client_id, 1_000));
    (id, ack.session_present)
}

fn kept() -> (Net, ConnectionId) {
    let mut net = durable();
    let (id, _) = net.connect_with(lasting("s", 1_000));
    (net, id)
}

#[test]
fn subscriptions_keep_options_and_identifiers() {
    let (mut net, id) = kept();
    let mut wanted = subscription("a/+", ExactlyOnce);
    (wanted.no_local, wanted.retain_as_published) = (true, true);
    wanted.retain_handling = RetainHandling::DoNotSend;
    net.send(
        id,
        Packet::Subscribe(Subscribe {
            packet_id: PacketId::new(9).unwrap(),
            subscription_identifier: Some(7),
            user_properties: Vec::new(),
            subscriptions: vec![wanted],
        }),
    );
    net.take(id);
    net.subscribe(id, "gone", AtLeastOnce);
    let filters = vec!["gone".try_into().unwrap()];
    let packet_id = PacketId::new(10).unwrap();
    net.send(id, Packet::Unsubscribe(Unsubscribe { packet_id, filters, user_properties: Vec::new() }));
    let mut net = restarted(net, 1);
    assert_eq!(net.broker.stats().subscriptions, 1);
    let (id, present) = back(&mut net, "s");
    assert!(present);
    let publisher = net.connect("p");
    net.send(publisher, retained_at("a/b", "x", Delivery::ExactlyOnce(PacketId::new(3).unwrap())));
    let got = net.take_publish(id);
    assert_eq!((got.delivery.qos(), got.retain), (ExactlyOnce, true));
    assert_eq!(got.properties.unwrap().subscription_identifiers, [7]);
    net.publish_qos1(id, "a/b", "own");
    net.take_ack(id);
    assert_eq!(net.take(id), None, "No Local");
}

#[test]
fn what_was_on_its_way_comes_again_in_order_under_its_identifier() {
    let (mut net, id) = kept();
    net.subscribe(id, "t", ExactlyOnce);
    let publisher = net.connect("p");
    for (n, qos) in [(1, AtLeastOnce), (2, ExactlyOnce), (3, ExactlyOnce), (4, AtLeastOnce)] {
        let packet = PacketId::new(n).unwrap();
        let delivery =
            if qos == AtLeastOnce { Delivery::AtLeastOnce(packet) } else { Delivery::ExactlyOnce(packet) };
        net.send(publisher, publish("t", &n.to_string(), delivery));
    }
    let sent: Vec<_> = (0..4).map(|_| net.take_publish(id)).collect();
    let ids: Vec<_> = sent.iter().map(|it| it.delivery.packet_id().unwrap()).collect();
    net.send(id, Packet::PubRec(ack(ids[1])));
    net.send(id, Packet::PubAck(ack(ids[3])));
    let mut net = restarted(net, 5);
    let (id, _) = back(&mut net, "s");
    let first = net.take_publish(id);
    assert_eq!((first.dup, first.delivery.packet_id()), (true, Some(ids[0])));
    assert_eq!(net.take(id), Some(Packet::PubRel(ack(ids[1]))), "received, so it is released");
    let third = net.take_publish(id);
    assert_eq!((third.dup, &third.payload[..]), (true, &b"3"[..]));
    // New identifiers go on behind the old ones.
    let publisher = net.connect("p");
    net.publish_qos1(publisher, "t", "5");
    let fresh = net.take_publish(id);
    assert!(!ids[..3].contains(&fresh.delivery.packet_id().unwrap()));
}

#[test]
fn a_message_at_qos_2_that_came_is_known_again() {
    let mut net = durable();
    let (publisher, _) = net.connect_with(lasting("p", 1_000));
    let (subscriber, _) = net.connect_with(lasting("s", 1_000));
    net.subscribe(subscriber, "t", AtLeastOnce);
    let id = PacketId::new(9).unwrap();
    net.send(publisher, publish("t", "x", Delivery::ExactlyOnce(id)));
    let mut net = restarted(net, 1);
    let (publisher, _) = back(&mut net, "p");
    net.send(publisher, publish("t", "x", Delivery::ExactlyOnce(id)));
    assert_eq!(net.take(publisher), Some(Packet::PubRec(ack(id))));
    net.send(publisher, Packet::PubRel(ack(id)));
    assert_eq!(net.take(publisher), Some(Packet::PubComp(ack(id))));
    let (subscriber, _) = back(&mut net, "s");
    assert_eq!(net.payloads(subscriber), ["x"], "once");
    let mut net = restarted(net, 1);
    let (publisher, _) = back(&mut net, "p");
    net.send(publisher, publish("t", "y", Delivery::ExactlyOnce(id)));
    let (subscriber, _) = back(&mut net, "s");
    assert_eq!(net.payloads(subscriber), ["x", "y"], "the identifier was free again");
}

#[test]
fn time_goes_on_while_the_broker_is_down() {
    let (mut net, id) = kept();
    net.subscribe(id, "t", AtLeastOnce);
    net.lose(id);
    let publisher = net.connect("p");
    net.send(publisher, expiring("t", "short", 10));
    net.send(publisher, expiring("t", "long", 100));
    net.send(publisher, retained("r", "kept"));
    let mut net = restarted(net, 30);
    let (id, present) = back(&mut net, "s");
    assert!(present);
    let got = net.take_publish(id);
    assert_eq!(&got.payload[..], b"long", "the short one is over");
    assert_eq!(got.properties.unwrap().message_expiry_interval, Some(70));
    assert_eq!(net.take(id), None);
    net.lose(id);
    let mut net = restarted(net, 999);
    assert_eq!(net.broker.stats().sessions, 1, "a second is left");
    net.seconds(2);
    assert_eq!(net.broker.stats().sessions, 0);
    assert_eq!(net.broker.stats().retained_messages, 1);
    let net = restarted(net, 1);
    assert_eq!(net.broker.stats().sessions, 0, "an ended session leaves nothing behind");
}

#[test]
fn a_pending_will_waits_for_what_is_left_of_its_delay() {
    for (down, comes_back, published) in [(3, false, 1), (3, true, 0), (60, false, 1)] {
        let mut net = durable();
        let (observer, _) = net.connect_with(lasting("o", 1_000));
        net.subscribe(observer, "w", AtLeastOnce);
        let mut will = with_will(lasting("c", 1_000), "w", 10);
        will.will.as_mut().unwrap().qos = QoS::AtLeastOnce;
        let (client, _) = net.connect_with(will);
        net.lose(client);
        let mut net = restarted(net, down);
        if comes_back {
            back(&mut net, "c");
        }
        if down < 10 {
            net.seconds(6);
            let (observer, _) = back(&mut net, "o");
            assert_eq!(net.take(observer), None, "ten seconds are not over");
            net.lose(observer);
        }
        net.seconds(2);
        let (observer, _) = back(&mut net, "o");
        assert_eq!(net.payloads(observer).len(), published, "down for {down}");
    }
}

#[test]
fn the_will_of_a_connected_client_is_published_after_a_restart() {
    for (clean, delay, comes_back, published) in [
        (true, 0, false, 1),
        (false, 0, true, 1),
        (false, 10, true, 0),
        (false, 10, false, 1),
        (true, 10, true, 1),
    ] {
        let mut net = durable();
        let (observer, _) = net.connect_with(lasting("o", 1_000));
        net.subscribe(observer, "w", AtLeastOnce);
        let base = if clean { connect("c", V5) } else { lasting("c", 1_000) };
        let mut will = with_will(base, "w", delay);
        will.will.as_mut().unwrap().qos = QoS::AtLeastOnce;
        net.connect_with(will);
        let mut net = restarted(net, 1);
        if comes_back {
            back(&mut net, "c");
        }
        net.seconds(11);
        let (observer, _) = back(&mut net, "o");
        let what = format!("clean {clean}, delay {delay}, back {comes_back}");
        assert_eq!(net.payloads(observer).len(), published, "{what}");
    }
}

#[test]
fn a_client_that_left_in_order_left_no_will() {
    let mut net = durable();
    let (observer, _) = net.connect_with(lasting("o", 1_000));
    net.subscribe(observer, "w", AtLeastOnce);
    let (client, _) = net.connect_with(with_will(lasting("c", 1_000), "w", 0));
    net.disconnect(client, headcount_mqtt::ReasonCode::Success);
    let mut net = restarted(net, 1);
    let (observer, _) = back(&mut net, "o");
    assert_eq!(net.take(observer), None);
}

#[test]
fn whoever_was_connected_is_told_off_once_with_server_restart() {
    let mut net = durable();
    net.connect_with(named(connect("clean", V311), "alice"));
    net.connect_with(named(lasting("kept", 1_000), "alice"));
    let (left, _) = net.connect_with(named(lasting("left", 1_000), "alice"));
    net.lose(left);
    let net = restarted(net, 1);
    // A second restart has nothing more to tell.
    let mut net = restarted(net, 1);
    let (observer, _) = net.connect_with(connect("o", V5));
    net.subscribe(observer, "$headcount/+/clients/+", AtMostOnce);
    let states = net.messages(observer);
    let state = |id: &str| {
        let topic = format!("$headcount/alice/clients/{id}");
        states.iter().find(|(it, _)| *it == topic).map(|(_, payload)| payload.clone())
    };
    assert_eq!(state("clean"), None, "its session ended with the broker");
    assert!(state("kept").unwrap().contains(r#""reason":"server-restart""#), "{:?}", state("kept"));
    assert!(state("left").unwrap().contains(r#""reason":"connection-lost""#), "{:?}", state("left"));
    net.subscribe(observer, "$headcount/journal/o", AtMostOnce);
    net.publish(observer, "$headcount/journal", r#"{"after":0,"limit":100}"#);
    let events = net.payloads(observer).remove(0);
    let events: serde_json::Value = serde_json::from_str(&events).unwrap();
    let story: Vec<String> = events
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            format!("{} {} {} {}", it["seq"], it["event"], it["client"]["id"], it["reason"]).replace('"', "")
        })
        .collect();
    assert_eq!(
        story,
        [
            "1 connected clean null",
            "2 connected kept null",
            "3 connected left null",
            "4 disconnected left connection-lost",
            "5 disconnected clean server-restart",
            "6 disconnected kept server-restart",
            "7 connected o null",
        ]
    );
    assert!(events[4]["session"]["connected_at"].is_string() && events[4]["session"]["packets_in"].is_null());
    assert_eq!(events[4]["client"]["protocol"], "3.1.1");
}

#[test]
fn a_group_goes_on_and_gives_on_what_a_member_leaves() {
    let mut net = durable();
    for member in ["a", "b"] {
        let (id, _) = net.connect_with(lasting(member, if member == "a" { 5 } else { 1_000 }));
        net.subscribe(id, "$share/g/t", AtLeastOnce);
        net.lose(id);
    }
    let publisher = net.connect("p");
    for n in 0..4 {
        net.publish_qos1(publisher, "t", &n.to_string());
    }
    let mut net = restarted(net, 1);
    net.seconds(10);
    let (b, _) = back(&mut net, "b");
    let mut got = net.payloads(b);
    got.sort();
    assert_eq!(got, ["0", "1", "2", "3"], "a's part came to b when a's session ended");
}

#[test]
fn a_session_taken_up_without_expiry_ends_with_the_broker() {
    let (mut net, id) = kept();
    net.subscribe(id, "t", AtLeastOnce);
    net.lose(id);
    let connect =
        Connect { clean_start: false, properties: ConnectProperties::default(), ..connect("s", V5) };
    let (_, ack) = net.connect_with(connect);
    assert!(ack.session_present);
    let mut net = restarted(net, 1);
    assert_eq!(net.broker.stats().sessions, 0);
    assert!(!back(&mut net, "s").1);
    // The same by DISCONNECT.
    let (mut net, id) = kept();
    net.send(id, farewell(0));
    assert_eq!(restarted(net, 1).broker.stats().sessions, 0);
}

fn farewell(expiry: u32) -> Packet {
    let mut packet = headcount_mqtt::Disconnect::default();
    packet.properties.get_or_insert_default().session_expiry_interval = Some(expiry);
    Packet::Disconnect(packet)
}

fn retained_at(topic: &str, payload: &str, delivery: Delivery) -> Packet {
    let Packet::Publish(mut publish) = publish(topic, payload, delivery) else { unreachable!() };
    publish.retain = true;
    Packet::Publish(publish)
}
