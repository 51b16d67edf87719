//! Packets as tests write them.

use bytes::Bytes;
use headcount_mqtt::{
    Ack, Connect, ConnectProperties, Delivery, Packet, PacketId, ProtocolVersion, Publish, PublishProperties,
    QoS, Subscribe, Subscription, Will, WillProperties,
};

pub(crate) use ProtocolVersion::{V5, V311};
pub(crate) use QoS::{AtLeastOnce, AtMostOnce, ExactlyOnce};

/// A CONNECT with Clean Start, without Keep Alive.
pub(crate) fn connect(client_id: &str, version: ProtocolVersion) -> Connect {
    Connect {
        version,
        clean_start: true,
        keep_alive: 0,
        client_id: client_id.try_into().unwrap(),
        will: None,
        user_name: None,
        password: None,
        properties: ConnectProperties::default(),
    }
}

/// A session that stays for this many seconds.
pub(crate) fn lasting(client_id: &str, seconds: u32) -> Connect {
    let mut connect = connect(client_id, V5);
    connect.clean_start = false;
    connect.properties.session_expiry_interval = Some(seconds);
    connect
}

pub(crate) fn named(mut connect: Connect, user_name: &str) -> Connect {
    connect.user_name = Some(user_name.try_into().unwrap());
    connect
}

pub(crate) fn with_will(mut connect: Connect, topic: &str, delay: u32) -> Connect {
    let mut will = Will {
        topic: topic.try_into().unwrap(),
        payload: Bytes::from_static(b"will"),
        qos: AtMostOnce,
        retain: false,
        properties: WillProperties::default(),
    };
    will.properties.will_delay_interval = Some(delay);
    connect.will = Some(will);
    connect
}

pub(crate) fn subscription(filter: &str, qos: QoS) -> Subscription {
    Subscription::new(filter.try_into().unwrap(), qos)
}

pub(crate) fn publish(topic: &str, payload: &str, delivery: Delivery) -> Packet {
    Packet::Publish(Publish {
        dup: false,
        delivery,
        retain: false,
        topic: Some(topic.try_into().unwrap()),
        payload: Bytes::copy_from_slice(payload.as_bytes()),
        properties: None,
    })
}

pub(crate) fn retained(topic: &str, payload: &str) -> Packet {
    let Packet::Publish(mut publish) = publish(topic, payload, Delivery::AtMostOnce) else { unreachable!() };
    publish.retain = true;
    Packet::Publish(publish)
}

pub(crate) fn expiring(topic: &str, payload: &str, seconds: u32) -> Packet {
    let id = PacketId::new(78).unwrap();
    let Packet::Publish(mut publish) = publish(topic, payload, Delivery::AtLeastOnce(id)) else {
        unreachable!()
    };
    let properties = PublishProperties { message_expiry_interval: Some(seconds), ..Default::default() };
    publish.properties = Some(Box::new(properties));
    Packet::Publish(publish)
}

pub(crate) fn ack(id: PacketId) -> Ack {
    Ack::new(id)
}

/// Small changes of a CONNECT.
pub(crate) trait ConnectExt {
    fn into_packet(self) -> Packet;
    fn unclean(self) -> Self;
    fn version_311(self) -> Self;
}

impl ConnectExt for Connect {
    fn into_packet(self) -> Packet {
        Packet::Connect(Box::new(self))
    }

    fn unclean(mut self) -> Self {
        self.clean_start = false;
        self
    }

    fn version_311(mut self) -> Self {
        self.version = V311;
        self
    }
}

pub(crate) fn subscribe_packet(subscriptions: Vec<Subscription>) -> Packet {
    Packet::Subscribe(Subscribe {
        packet_id: PacketId::new(9).unwrap(),
        subscription_identifier: None,
        user_properties: Vec::new(),
        subscriptions,
    })
}
