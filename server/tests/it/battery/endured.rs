//! Much of what is allowed: it is served or refused packet by packet, and its connection stays.

use super::doors::{Door, Doors};
use super::witness::Witness;
use crate::support::{Client, connect, publish};
use bytes::BytesMut;
use headcount_mqtt::{
    Packet, PacketId, ProtocolVersion, QoS, ReasonCode, Subscribe, Subscription, Unsubscribe, encode,
};

/// A client that is told nothing but answers, beside a witness, over each transport.
fn beside_a_witness(abuse: impl Fn(&mut Client)) {
    let doors = Doors::open();
    let witness = Witness::begin(&doors);
    for door in [Door::Tcp, Door::Tls, Door::WebSocket, Door::SecureWebSocket] {
        let mut client = doors.enter(door, ProtocolVersion::V5).0;
        assert_eq!(client.connect(connect("abuser")).reason, ReasonCode::Success);
        abuse(&mut client);
        client.prove();
    }
    assert!(witness.end() > 0);
}

fn id() -> PacketId {
    PacketId::new(7).unwrap()
}

fn subscribe(filters: impl Iterator<Item = String>) -> Packet {
    Packet::Subscribe(Subscribe {
        packet_id: id(),
        subscription_identifier: None,
        user_properties: Vec::new(),
        subscriptions: filters
            .map(|filter| Subscription::new(filter.as_str().try_into().unwrap(), QoS::AtMostOnce))
            .collect(),
    })
}

fn codes(client: &mut Client, packet: &Packet) -> Vec<ReasonCode> {
    client.send(packet);
    match client.receive() {
        Packet::SubAck(ack) => ack.reasons,
        Packet::UnsubAck(ack) => ack.reasons,
        other => panic!("{other:?} instead of an acknowledgement"),
    }
}

/// [MQTT-3.12.4-1]
#[test]
fn ten_thousand_pings_in_one_piece() {
    beside_a_witness(|client| {
        let mut ping = BytesMut::new();
        encode(&Packet::PingReq, ProtocolVersion::V5, &mut ping).unwrap();
        client.send_bytes(&ping.repeat(10_000));
        for _ in 0..10_000 {
            assert_eq!(client.receive(), Packet::PingResp);
        }
    });
}

/// [MQTT-3.8.4-6] [MQTT-3.9.3-1]: each filter has its code, those beyond the bound a refusal.
#[test]
fn more_filters_in_one_packet_than_a_session_may_have() {
    beside_a_witness(|client| {
        let granted = codes(client, &subscribe((0..5_002).map(|n| format!("bomb/{n}"))));
        let refused = granted.iter().filter(|code| **code == ReasonCode::QuotaExceeded).count();
        assert_eq!((granted.len(), refused), (5_002, 2));
        let filters = (0..5_002).map(|n| format!("bomb/{n}").as_str().try_into().unwrap()).collect();
        let packet =
            Packet::Unsubscribe(Unsubscribe { packet_id: id(), user_properties: Vec::new(), filters });
        let gone = codes(client, &packet);
        assert_eq!(gone.iter().filter(|code| **code == ReasonCode::NoSubscriptionExisted).count(), 2);
    });
}

/// [MQTT-4.7.3-3]
#[test]
fn filters_and_topics_of_thirty_thousand_levels() {
    beside_a_witness(|client| {
        let deep = "/".repeat(30_000);
        assert_eq!(
            codes(client, &subscribe([format!("{deep}+")].into_iter())),
            [ReasonCode::TopicFilterInvalid]
        );
        for _ in 0..100 {
            client.send(&publish(&deep, "deep"));
        }
    });
}
