//! PUBLISH from the caller and its acknowledgements from the server (4.3 of both standards).

use super::outgoing::{Next, Received};
use super::{Client, Event, GivenUp, Message, PublishError, State, Token};
use crate::{Ack, DecodeError, Delivery, Packet, PacketId, ProtocolVersion, Publish, QoS, ReasonCode, Text};
use std::time::Duration;

impl Client {
    /// Publishes a message. At `QoS` 1 and 2 it is taken at any time, and sent when the connection and the server's
    /// Receive Maximum allow; at `QoS` 0 only when `Connected`. [`Event::Published`] or [`Event::GivenUp`] answers.
    ///
    /// # Errors
    /// [`PublishError`]; nothing was sent or queued.
    pub fn publish(&mut self, now: Duration, message: Message) -> Result<Token, PublishError> {
        if let Some(properties) = &message.properties {
            // [MQTT-3.2.2-17] [MQTT-3.2.2-18] [MQTT-3.3.2-9] aliases are for servers to say here.
            if properties.topic_alias.is_some() {
                return Err(PublishError::Property("Topic Alias"));
            }
            // [MQTT-3.3.4-6]
            if !properties.subscription_identifiers.is_empty() {
                return Err(PublishError::Property("Subscription Identifier"));
            }
        }
        let publish = Publish {
            // [MQTT-3.3.1-1] [MQTT-3.3.1-2]
            dup: false,
            delivery: unnumbered(message.qos),
            retain: message.retain,
            topic: Some(message.topic),
            payload: message.payload,
            properties: message.properties,
        };
        let size = self.server.takes_publish(&publish)?;
        let token = Token(self.last_token + 1);
        if message.qos == QoS::AtMostOnce {
            if !self.is_connected() {
                return Err(PublishError::NotConnected);
            }
            if self.out.len().saturating_add(size) > self.options.limits.queued_bytes {
                return Err(PublishError::QueueFull);
            }
            self.send(now, &Packet::Publish(publish));
            self.published(token, ReasonCode::Success, None);
        } else {
            self.outgoing.queue(token, publish, size, &self.options.limits)?;
            self.pump(now);
        }
        self.last_token = token.0;
        Ok(token)
    }

    /// Sends what the server's Receive Maximum and our own limit leave room for.
    pub(super) fn pump(&mut self, now: Duration) {
        if !self.is_connected() {
            return;
        }
        let window = self.server.receive_maximum.min(self.options.limits.in_flight);
        while let Some(next) = self.outgoing.next(window) {
            match next {
                Next::Again(publish) => match self.server.takes_publish(&publish) {
                    Ok(_) => {
                        self.outgoing.sent_again();
                        self.send(now, &Packet::Publish(publish));
                    }
                    Err(why) => {
                        let Some((id, token)) = self.outgoing.drop_again() else { return };
                        self.ids.free(id);
                        self.events.push_back(Event::GivenUp { token, why: GivenUp::Refused(why) });
                    }
                },
                Next::First => {
                    let verdict = self.outgoing.first().map(|publish| self.server.takes_publish(publish));
                    if let Some(Err(why)) = verdict {
                        let Some(token) = self.outgoing.drop_first() else { return };
                        self.events.push_back(Event::GivenUp { token, why: GivenUp::Refused(why) });
                        continue;
                    }
                    let Some(id) = self.ids.take() else { return };
                    let Some(publish) = self.outgoing.send_first(id) else { return };
                    self.send(now, &Packet::Publish(publish));
                }
            }
        }
    }

    pub(super) fn on_puback(&mut self, now: Duration, ack: Ack) -> Result<(), DecodeError> {
        if let Some(token) = self.outgoing.puback(ack.packet_id)? {
            self.finish(now, token, ack);
        }
        Ok(())
    }

    pub(super) fn on_pubrec(&mut self, now: Duration, ack: Ack) -> Result<(), DecodeError> {
        match self.outgoing.pubrec(ack.packet_id, ack.reason)? {
            Received::Release => self.send(now, &Packet::PubRel(Ack::new(ack.packet_id))),
            Received::Ended(token) => self.finish(now, token, ack),
            // The server's flow ends too; an error has ended it already.
            Received::Unknown if ack.reason.is_error() => {}
            Received::Unknown => self.send(now, &Packet::PubRel(self.not_found(ack.packet_id))),
        }
        Ok(())
    }

    pub(super) fn on_pubcomp(&mut self, now: Duration, ack: Ack) -> Result<(), DecodeError> {
        if let Some(token) = self.outgoing.pubcomp(ack.packet_id)? {
            self.finish(now, token, ack);
        }
        Ok(())
    }

    /// 0x92; in 3.1.1, which has no Reason Codes, a plain acknowledgement.
    pub(super) fn not_found(&self, id: PacketId) -> Ack {
        match self.options.version {
            ProtocolVersion::V5 => Ack::with(id, ReasonCode::PacketIdentifierNotFound),
            ProtocolVersion::V311 => Ack::new(id),
        }
    }

    pub(super) fn is_connected(&self) -> bool {
        matches!(self.state, State::Connected { .. })
    }

    fn finish(&mut self, now: Duration, token: Token, ack: Ack) {
        self.ids.free(ack.packet_id);
        self.published(token, ack.reason, ack.properties.and_then(|p| p.reason_string));
        self.pump(now);
    }

    fn published(&mut self, token: Token, reason: ReasonCode, reason_string: Option<Text>) {
        self.events.push_back(Event::Published { token, reason, reason_string });
    }
}

/// A place for the identifier, which is taken when the message is sent: it has the same size.
fn unnumbered(qos: QoS) -> Delivery {
    let id = PacketId::new(1).expect("1 is not 0");
    match qos {
        QoS::AtMostOnce => Delivery::AtMostOnce,
        QoS::AtLeastOnce => Delivery::AtLeastOnce(id),
        QoS::ExactlyOnce => Delivery::ExactlyOnce(id),
    }
}
