//! Messages as scripts write them.

use crate::Bench;
use bytes::Bytes;
use headcount_mqtt::{Delivery, PacketId, Publish, PublishProperties, QoS, TopicName, Will, WillProperties};

/// A message to send or to expect. Topics are relative to the play; see [`Bench::topic`].
#[derive(Debug, Clone)]
pub struct Message {
    topic: String,
    payload: Bytes,
    qos: QoS,
    id: Option<u16>,
    dup: bool,
    retain: bool,
    properties: PublishProperties,
}

/// A message at `QoS` 0, not retained.
pub fn message(topic: &str, payload: impl AsRef<[u8]>) -> Message {
    Message {
        topic: topic.to_owned(),
        payload: Bytes::copy_from_slice(payload.as_ref()),
        qos: QoS::AtMostOnce,
        id: None,
        dup: false,
        retain: false,
        properties: PublishProperties::default(),
    }
}

impl Message {
    /// Sets the `QoS`.
    pub fn qos(mut self, qos: QoS) -> Self {
        self.qos = qos;
        self
    }

    /// At `QoS` 1.
    pub fn at_least_once(self) -> Self {
        self.qos(QoS::AtLeastOnce)
    }

    /// At `QoS` 2.
    pub fn exactly_once(self) -> Self {
        self.qos(QoS::ExactlyOnce)
    }

    /// Sets the Packet Identifier; without it one is chosen when it is sent, and any is right when it is expected.
    pub fn id(mut self, id: u16) -> Self {
        self.id = Some(id);
        self
    }

    /// Sets DUP.
    pub fn dup(mut self) -> Self {
        self.dup = true;
        self
    }

    /// Sets RETAIN.
    pub fn retain(mut self) -> Self {
        self.retain = true;
        self
    }

    /// Sets properties; they are left out in 3.1.1.
    pub fn with(mut self, set: impl FnOnce(&mut PublishProperties)) -> Self {
        set(&mut self.properties);
        self
    }

    /// As a Will.
    pub fn will(&self, bench: &Bench) -> Will {
        Will {
            topic: name(&bench.topic(&self.topic)),
            payload: self.payload.clone(),
            qos: self.qos,
            retain: self.retain,
            properties: WillProperties {
                will_delay_interval: None,
                payload_format_indicator: self.properties.payload_format_indicator,
                message_expiry_interval: self.properties.message_expiry_interval,
                content_type: self.properties.content_type.clone(),
                response_topic: self.properties.response_topic.clone(),
                correlation_data: self.properties.correlation_data.clone(),
                user_properties: self.properties.user_properties.clone(),
            },
        }
    }

    /// As a packet to send; `next_id` is asked for a Packet Identifier where it needs one and none was set.
    pub(crate) fn packet(&self, bench: &Bench, next_id: impl FnOnce() -> u16) -> Publish {
        let id = match self.qos {
            QoS::AtMostOnce => 1,
            _ => self.id.unwrap_or_else(next_id),
        };
        let id = PacketId::new(id).expect("scripts send identifiers of zero as bytes");
        let topic = (!self.topic.is_empty()).then(|| name(&bench.topic(&self.topic)));
        Publish {
            dup: self.dup,
            delivery: match self.qos {
                QoS::AtMostOnce => Delivery::AtMostOnce,
                QoS::AtLeastOnce => Delivery::AtLeastOnce(id),
                QoS::ExactlyOnce => Delivery::ExactlyOnce(id),
            },
            retain: self.retain,
            topic,
            payload: self.payload.clone(),
            properties: (bench.is_v5() && self.properties != PublishProperties::default())
                .then(|| Box::new(self.properties.clone())),
        }
    }

    /// What is different in a packet that came; `None` where it is this message.
    pub(crate) fn mismatch(&self, bench: &Bench, got: &Publish) -> Option<String> {
        let expected = self.packet(bench, || got.delivery.packet_id().map_or(1, PacketId::get));
        if expected.topic != got.topic {
            return Some(format!("topic {:?}, not {:?}", got.topic, expected.topic));
        }
        if expected.payload != got.payload {
            let (got, expected) = (got.payload.len(), expected.payload.len());
            return Some(format!("another payload ({got} bytes; {expected} were expected)"));
        }
        if expected.delivery != got.delivery {
            return Some(format!("{:?}, not {:?}", got.delivery, expected.delivery));
        }
        if expected.retain != got.retain {
            return Some(format!("RETAIN {}", got.retain));
        }
        if expected.dup != got.dup {
            return Some(format!("DUP {}", got.dup));
        }
        let none = PublishProperties::default();
        let (mine, theirs) =
            (expected.properties.as_deref().unwrap_or(&none), got.properties.as_deref().unwrap_or(&none));
        (mine != theirs).then(|| format!("properties {theirs:?}, not {mine:?}"))
    }
}

fn name(text: &str) -> TopicName {
    TopicName::try_from(text).expect("scripts send bad names as bytes")
}
