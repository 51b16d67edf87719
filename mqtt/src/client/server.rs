//! What the server said in CONNACK that it takes; without word from it, everything.

use super::{PublishError, SubscribeError};
use crate::{
    ConnAckProperties, EncodeError, Packet, ProtocolVersion, Publish, QoS, ReasonCode, Subscription,
    encoded_len_from_client,
};

#[derive(Debug)]
pub(super) struct Server {
    version: ProtocolVersion,
    /// Of our `QoS` 1 and 2 messages.
    pub(super) receive_maximum: u16,
    /// Of whole packets, in bytes.
    pub(super) maximum_packet_size: usize,
    maximum_qos: QoS,
    retain: bool,
    wildcards: bool,
    shared: bool,
    identifiers: bool,
}

impl Server {
    pub(super) fn new(version: ProtocolVersion, said: &ConnAckProperties) -> Self {
        Self {
            version,
            receive_maximum: said.receive_maximum.unwrap_or(u16::MAX),
            maximum_packet_size: said
                .maximum_packet_size
                .map_or(usize::MAX, |bytes| usize::try_from(bytes).unwrap_or(usize::MAX)),
            maximum_qos: said.maximum_qos.unwrap_or(QoS::ExactlyOnce),
            retain: said.retain_available.unwrap_or(true),
            wildcards: said.wildcard_subscription_available.unwrap_or(true),
            shared: said.shared_subscription_available.unwrap_or(true),
            identifiers: said.subscription_identifiers_available.unwrap_or(true),
        }
    }

    /// The packet's size in bytes, if the server takes so many [MQTT-3.2.2-15].
    pub(super) fn takes(&self, packet: &Packet) -> Result<usize, EncodeError> {
        let size = encoded_len_from_client(packet, self.version)?;
        let maximum = self.maximum_packet_size;
        if size > maximum { Err(EncodeError::TooLarge { size, maximum }) } else { Ok(size) }
    }

    /// The size of a PUBLISH that the server takes. A message is turned down rather than sent at a lower `QoS` or
    /// without RETAIN, which would promise less than was asked.
    pub(super) fn takes_publish(&self, publish: &Publish) -> Result<usize, PublishError> {
        // [MQTT-3.2.2-11]
        if publish.delivery.qos() > self.maximum_qos {
            return Err(PublishError::Unsupported(ReasonCode::QoSNotSupported));
        }
        // [MQTT-3.2.2-14]
        if publish.retain && !self.retain {
            return Err(PublishError::Unsupported(ReasonCode::RetainNotSupported));
        }
        self.takes(&Packet::Publish(publish.clone())).map_err(PublishError::Encode)
    }

    /// Whether the server takes such subscriptions (3.2.2.3.11 to 3.2.2.3.13 of MQTT 5.0).
    pub(super) fn takes_subscriptions(
        &self,
        subscriptions: &[Subscription],
        identifier: Option<u32>,
    ) -> Result<(), SubscribeError> {
        if identifier.is_some() && !self.identifiers {
            return Err(SubscribeError::Unsupported(ReasonCode::SubscriptionIdentifiersNotSupported));
        }
        for Subscription { filter, .. } in subscriptions {
            if !self.shared && filter.shared().is_some() {
                return Err(SubscribeError::Unsupported(ReasonCode::SharedSubscriptionsNotSupported));
            }
            if !self.wildcards && filter.levels().any(|level| matches!(level, b"+" | b"#")) {
                return Err(SubscribeError::Unsupported(ReasonCode::WildcardSubscriptionsNotSupported));
            }
        }
        Ok(())
    }
}
