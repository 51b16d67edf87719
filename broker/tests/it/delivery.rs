//! Messages from publisher to subscriber.

use crate::support::*;
use headcount_mqtt::{Delivery, Packet, PacketId, ReasonCode};

#[test]
fn a_message_reaches_its_subscriber_at_each_qos() {
    for version in [V311, V5] {
        let mut net = Net::open();
        let (subscriber, _) = net.connect_with(connect("s", version));
        net.subscribe(subscriber, "a/#", ExactlyOnce);
        let publisher = net.connect("p");
        net.publish(publisher, "a/0", "zero");
        net.publish_qos1(publisher, "a/1", "one");
        assert!(matches!(net.take(publisher), Some(Packet::PubAck(it)) if it.reason == ReasonCode::Success));
        let two = PacketId::new(5).unwrap();
        net.send(publisher, publish("a/2", "two", Delivery::ExactlyOnce(two)));
        assert_eq!(net.take(publisher), Some(Packet::PubRec(ack(two))));
        net.send(publisher, Packet::PubRel(ack(two)));
        assert_eq!(net.take(publisher), Some(Packet::PubComp(ack(two))));

        assert_eq!(net.take_publish(subscriber).delivery, Delivery::AtMostOnce);
        let one = net.take_publish(subscriber).delivery;
        net.send(subscriber, Packet::PubAck(ack(one.packet_id().unwrap())));
        let Delivery::ExactlyOnce(id) = net.take_publish(subscriber).delivery else { panic!() };
        net.send(subscriber, Packet::PubRec(ack(id)));
        assert_eq!(net.take(subscriber), Some(Packet::PubRel(ack(id))));
        net.send(subscriber, Packet::PubComp(ack(id)));
        assert_eq!(net.take(subscriber), None);
    }
}
