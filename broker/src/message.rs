//! A message between its publisher and its subscribers.

use crate::owned;
use bytes::{Bytes, BytesMut};
use headcount_mqtt::{
    Delivery, EncodedPublish, PacketId, ProtocolVersion, Publish, PublishProperties, QoS, TopicName,
};
use std::sync::Arc;
use std::time::Duration;

/// An Application Message with all that is passed on unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Topic Name.
    pub topic: TopicName,
    /// Application Message.
    pub payload: Bytes,
    /// `QoS` it was published with.
    pub qos: QoS,
    /// Properties without Topic Alias and Subscription Identifiers, which belong to one connection. They are passed on
    /// as they came: Payload Format Indicator [MQTT-3.3.2-4], Response Topic [MQTT-3.3.2-15], Correlation Data
    /// [MQTT-3.3.2-16], User Properties [MQTT-3.3.2-17] [MQTT-3.3.2-18], Content Type [MQTT-3.3.2-20]. No alias is
    /// ever sent [MQTT-3.1.2-26] [MQTT-3.1.2-27] [MQTT-3.3.2-11].
    pub properties: Option<Box<PublishProperties>>,
    /// When it came, on the monotonic clock: its Message Expiry Interval counts from here.
    pub received: Duration,
    /// The same on the calendar, for storage.
    pub received_unix: Duration,
}

/// Up to this many bytes a message that stays is copied, so that it does not keep the buffer alive into which it was
/// read with many others; above it the buffer is at most some dozen times as large.
const COPIED_TO_STAY: usize = 4096;

impl Message {
    /// The Message Expiry Interval that is left in seconds; `Some(None)` where there is none, `None` when it is over.
    #[allow(clippy::option_option, reason = "over, endless and so many seconds are three answers")]
    pub(crate) fn expiry(&self, now: Duration) -> Option<Option<u32>> {
        let Some(interval) = self.properties.as_ref().and_then(|p| p.message_expiry_interval) else {
            return Some(None);
        };
        let waited = now.saturating_sub(self.received);
        if waited >= Duration::from_secs(interval.into()) {
            return None;
        }
        // [MQTT-3.3.2-6] the interval as received minus the time that it waited here.
        let waited = u32::try_from(waited.as_secs()).expect("less than the interval");
        Some(Some(interval - waited))
    }

    /// Bytes that it holds, near enough for a bound.
    pub(crate) fn size(&self) -> usize {
        let properties = self.properties.as_ref().map_or(0, |p| {
            let users: usize =
                p.user_properties.iter().map(|(name, value)| name.len() + value.len() + 64).sum();
            users
                + p.content_type.as_ref().map_or(0, headcount_mqtt::Text::len)
                + p.response_topic.as_ref().map_or(0, |topic| topic.as_bytes().len())
                + p.correlation_data.as_ref().map_or(0, Bytes::len)
                + size_of::<PublishProperties>()
        });
        size_of::<Self>() + self.topic.as_bytes().len() + self.payload.len() + properties
    }

    /// The same message without ties to the buffer it was read into.
    pub(crate) fn to_stay(&self) -> Self {
        let mut copy = self.clone();
        let topic = self.topic.as_bytes();
        if topic.len() + self.payload.len() <= COPIED_TO_STAY {
            let mut buffer = BytesMut::with_capacity(topic.len() + self.payload.len());
            buffer.extend_from_slice(topic);
            buffer.extend_from_slice(&self.payload);
            let mut buffer = buffer.freeze();
            let topic = buffer.split_to(topic.len());
            copy.payload = buffer;
            copy.topic = TopicName::try_from(topic).expect("copied from a Topic Name");
        }
        if let Some(properties) = &mut copy.properties {
            **properties = owned::properties(properties);
        }
        copy
    }

    /// As a packet.
    pub(crate) fn to_publish(
        &self,
        shape: Shape,
        expiry: Option<u32>,
        identifiers: &[u32],
        dup: bool,
        packet_id: PacketId,
    ) -> Publish {
        let mut properties = self.properties.clone();
        if shape.version == ProtocolVersion::V5 {
            if let Some(properties) = &mut properties {
                properties.message_expiry_interval = expiry;
            }
            if !identifiers.is_empty() {
                // [MQTT-3.3.4-3] [MQTT-3.3.4-4] [MQTT-3.3.4-5] all identifiers of the subscriptions that matched.
                properties.get_or_insert_default().subscription_identifiers = identifiers.to_vec();
            }
        }
        let delivery = match shape.qos {
            QoS::AtMostOnce => Delivery::AtMostOnce,
            QoS::AtLeastOnce => Delivery::AtLeastOnce(packet_id),
            QoS::ExactlyOnce => Delivery::ExactlyOnce(packet_id),
        };
        Publish {
            dup,
            delivery,
            retain: shape.retain,
            topic: Some(self.topic.clone()),
            payload: self.payload.clone(),
            properties,
        }
    }
}

/// What tells two encodings of one message apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) version: ProtocolVersion,
    pub(crate) qos: QoS,
    pub(crate) retain: bool,
}

/// A message on its way to all its subscribers in one turn.
#[derive(Debug)]
pub(crate) struct Routed {
    pub(crate) message: Message,
    stored: Option<Arc<Message>>,
    encodings: Vec<Encoding>,
}

#[derive(Debug)]
struct Encoding {
    shape: Shape,
    identifiers: Vec<u32>,
    /// `None`: too large for a Control Packet.
    bytes: Option<EncodedPublish>,
}

impl Routed {
    pub(crate) fn new(message: Message) -> Self {
        Self { message, stored: None, encodings: Vec::new() }
    }

    /// The message for a queue or the in-flight table, one for all sessions.
    pub(crate) fn stored(&mut self) -> &Arc<Message> {
        self.stored.get_or_insert_with(|| Arc::new(self.message.to_stay()))
    }

    /// The bytes in this shape, made once; `made` counts what is made.
    pub(crate) fn encoded(
        &mut self,
        shape: Shape,
        identifiers: &[u32],
        made: &mut u64,
    ) -> Option<&EncodedPublish> {
        // Subscription Identifiers are as a rule the same for all or different for each: only the last made is tried.
        let at = if identifiers.is_empty() || shape.version == ProtocolVersion::V311 {
            self.encodings.iter().position(|it| it.shape == shape && it.identifiers.is_empty())
        } else {
            let last = self.encodings.len().wrapping_sub(1);
            self.encodings
                .get(last)
                .filter(|it| it.shape == shape && it.identifiers == identifiers)
                .map(|_| last)
        };
        let at = at.unwrap_or_else(|| {
            *made += 1;
            let bytes = encode(&self.message, shape, self.message_expiry(), identifiers);
            let identifiers =
                if shape.version == ProtocolVersion::V311 { Vec::new() } else { identifiers.to_vec() };
            if !identifiers.is_empty() {
                self.encodings.retain(|it| it.identifiers.is_empty());
            }
            self.encodings.push(Encoding { shape, identifiers, bytes });
            self.encodings.len() - 1
        });
        self.encodings[at].bytes.as_ref()
    }

    /// A message that is passed on in the turn it came waited no second.
    fn message_expiry(&self) -> Option<u32> {
        self.message.properties.as_ref().and_then(|p| p.message_expiry_interval)
    }
}

/// One encoding; `None` where the message with these identifiers is too large for a Control Packet.
pub(crate) fn encode(
    message: &Message,
    shape: Shape,
    expiry: Option<u32>,
    identifiers: &[u32],
) -> Option<EncodedPublish> {
    let place = PacketId::new(1).expect("not zero");
    // [MQTT-3.3.1-3] [MQTT-4.3.1-1] [MQTT-4.3.2-2] [MQTT-4.3.3-2] DUP is not passed on.
    EncodedPublish::new(&message.to_publish(shape, expiry, identifiers, false, place), shape.version).ok()
}
