//! Bytes from the server: what each packet means in each state.

use super::incoming::Answer;
use super::{Cause, Client, Connected, Event, GivenUp, Refused, Server, State, reconnect};
use crate::{
    Ack, ConnAck, DecodeError, Disconnect, Packet, PacketType, ProtocolVersion, Publish, ReasonCode,
};
use std::time::Duration;

impl Client {
    /// Bytes came in, cut anywhere. Without effect unless `Connecting` or `Connected`.
    pub fn handle_bytes(&mut self, now: Duration, bytes: &[u8]) {
        if !self.has_connection() {
            return;
        }
        self.keep_alive.received(now);
        let missing = OLD_REFUSAL.len().saturating_sub(self.head.len());
        self.head.extend(bytes.iter().take(missing));
        self.decoder.feed(bytes);
        while self.has_connection() {
            match self.decoder.decode() {
                Ok(None) => return,
                Ok(Some(packet)) => {
                    if let Err(error) = self.on_packet(now, packet) {
                        self.reject(now, error);
                    }
                }
                Err(_) if self.is_old_refusal() => {
                    self.on_refusal(
                        now,
                        ConnAck { reason: ReasonCode::UnsupportedProtocolVersion, ..ConnAck::default() },
                    );
                }
                Err(error) => self.reject(now, error),
            }
        }
    }

    fn has_connection(&self) -> bool {
        matches!(self.state, State::Connecting { .. } | State::Connected { .. })
    }

    /// Whether what cannot be decoded is the refusal of a server that speaks 3.1.1 alone, in its own tongue
    /// [MQTT-3.1.2-2].
    fn is_old_refusal(&self) -> bool {
        matches!(self.state, State::Connecting { .. }) && self.head == OLD_REFUSAL
    }

    fn on_packet(&mut self, now: Duration, packet: Packet) -> Result<(), DecodeError> {
        let kind = packet.packet_type();
        let wrong =
            |rule| Err(DecodeError::Protocol { packet: kind, rule, reason: ReasonCode::ProtocolError });
        if let State::Connecting { .. } = self.state {
            return match packet {
                Packet::ConnAck(connack) => self.on_connack(now, *connack),
                // AUTH may come first only to a client that named an Authentication Method, as this one never does.
                _ => wrong("the server's first packet is CONNACK [MQTT-3.2.0-1]"),
            };
        }
        match packet {
            Packet::Publish(publish) => self.on_publish(now, publish),
            Packet::PubAck(ack) => self.on_puback(now, ack),
            Packet::PubRec(ack) => self.on_pubrec(now, ack),
            Packet::PubRel(ack) => {
                self.on_pubrel(now, &ack);
                Ok(())
            }
            Packet::PubComp(ack) => self.on_pubcomp(now, ack),
            Packet::SubAck(suback) => self.on_suback(suback),
            Packet::UnsubAck(unsuback) => self.on_unsuback(unsuback),
            Packet::PingResp => {
                self.keep_alive.ponged();
                Ok(())
            }
            Packet::Disconnect(disconnect) if self.options.version == ProtocolVersion::V5 => {
                self.on_disconnect(now, disconnect)
            }
            Packet::ConnAck(_) => wrong("CONNACK comes once [MQTT-3.2.0-2]"),
            Packet::Auth(_) => wrong("CONNECT named no Authentication Method [MQTT-4.12.0-6]"),
            Packet::Connect(_)
            | Packet::Subscribe(_)
            | Packet::Unsubscribe(_)
            | Packet::PingReq
            | Packet::Disconnect(_) => wrong("a packet that only clients send (table 2-1)"),
        }
    }

    fn on_connack(&mut self, now: Duration, connack: ConnAck) -> Result<(), DecodeError> {
        let wrong = |rule| {
            Err(DecodeError::Protocol {
                packet: PacketType::ConnAck,
                rule,
                reason: ReasonCode::ProtocolError,
            })
        };
        if connack.reason != ReasonCode::Success {
            self.on_refusal(now, connack);
            return Ok(());
        }
        if connack.session_present && self.clean_start() {
            return wrong("Session Present after Clean Start [MQTT-3.2.2-2] [MQTT-3.2.2-4]");
        }
        if connack.properties.authentication_method.is_some() {
            return wrong("an Authentication Method that CONNECT did not name (3.2.2.3.17)");
        }
        let ConnAck { session_present, properties, .. } = connack;
        if let Some(assigned) = &properties.assigned_client_identifier {
            if !self.identifier.is_empty() {
                return wrong("an Assigned Client Identifier beside the client's own (3.2.2.3.7)");
            }
            self.identifier = assigned.clone();
        }
        // [MQTT-3.1.2-21]
        let keep_alive = properties.server_keep_alive.unwrap_or(self.options.keep_alive);
        self.keep_alive.set_interval(keep_alive);
        self.server = Server::new(self.options.version, &properties);
        self.state = State::Connected { since: now };
        self.begun = true;
        let client_id = self.identifier.clone();
        self.events.push_back(Event::Connected(Box::new(Connected {
            session_present,
            client_id,
            keep_alive,
            properties,
        })));
        self.begin(now, session_present);
        Ok(())
    }

    /// Brings the session onto a new connection.
    fn begin(&mut self, now: Duration, session_present: bool) {
        self.incoming.begin(session_present);
        if session_present {
            // [MQTT-4.4.0-1]: PUBREL here, PUBLISH as the window allows.
            for id in self.outgoing.resume() {
                self.send(now, &Packet::PubRel(Ack::new(id)));
            }
        } else {
            // [MQTT-3.2.2-5]
            let (free, lost) = self.outgoing.start_over();
            for id in free {
                self.ids.free(id);
            }
            let given_up = lost.into_iter().map(|token| Event::GivenUp { token, why: GivenUp::SessionLost });
            self.events.extend(given_up);
            self.subscriptions.start_over(self.server.maximum_packet_size);
        }
        self.pump_requests(now);
        self.pump(now);
    }

    fn on_refusal(&mut self, now: Duration, connack: ConnAck) {
        let terminal = reconnect::refusal_is_terminal(connack.reason);
        self.refused(
            now,
            Refused {
                reason: connack.reason,
                terminal,
                reason_string: connack.properties.reason_string,
                server_reference: connack.properties.server_reference,
            },
        );
    }

    fn on_publish(&mut self, now: Duration, publish: Publish) -> Result<(), DecodeError> {
        // Answered in the order they come [MQTT-4.6.0-2] [MQTT-4.6.0-3], whatever the caller makes of it
        // [MQTT-4.5.0-2].
        let (message, answer) = self.incoming.publish(publish)?;
        self.events.extend(message.map(Event::Message));
        match answer {
            Answer::Nothing => {}
            // [MQTT-4.3.2-4] (3.1.1: [MQTT-4.3.2-2])
            Answer::PubAck(id) => self.send(now, &Packet::PubAck(Ack::new(id))),
            // [MQTT-4.3.3-8] (3.1.1: [MQTT-4.3.3-2])
            Answer::PubRec(id) => self.send(now, &Packet::PubRec(Ack::new(id))),
        }
        Ok(())
    }

    fn on_pubrel(&mut self, now: Duration, ack: &Ack) {
        let known = self.incoming.release(ack.packet_id);
        let answer = if known { Ack::new(ack.packet_id) } else { self.not_found(ack.packet_id) };
        // [MQTT-4.3.3-11] (3.1.1: [MQTT-4.3.3-2])
        self.send(now, &Packet::PubComp(answer));
    }

    fn on_disconnect(&mut self, now: Duration, disconnect: Disconnect) -> Result<(), DecodeError> {
        let properties = disconnect.properties.map(|boxed| *boxed).unwrap_or_default();
        if properties.session_expiry_interval.is_some() {
            return Err(DecodeError::Protocol {
                packet: PacketType::Disconnect,
                rule: "a server sends no Session Expiry Interval [MQTT-3.14.2-2]",
                reason: ReasonCode::ProtocolError,
            });
        }
        let terminal = reconnect::disconnect_is_terminal(disconnect.reason);
        let cause = Cause::Server {
            reason: disconnect.reason,
            reason_string: properties.reason_string,
            server_reference: properties.server_reference,
        };
        // [MQTT-3.14.4-1]: nothing more is sent.
        self.drop_connection(now, cause, terminal);
        Ok(())
    }
}

/// CONNACK of 3.1.1 with return code 1, unacceptable protocol version.
const OLD_REFUSAL: [u8; 4] = [0x20, 0x02, 0x00, 0x01];
