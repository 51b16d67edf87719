//! PUBACK, PUBREC and PUBCOMP from a client (chapters 3.4, 3.5 and 3.7).

use crate::explain::Refusal;
use crate::inflight::Flight;
use crate::key::SessionKey;
use crate::{Broker, ConnectionId, Now, Record};
use headcount_mqtt::{Ack, Packet, PacketId, QoS, ReasonCode};

/// What an identifier stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    AtLeastOnce,
    ExactlyOnce,
    Released,
    Unknown,
}

impl Broker {
    /// Ends a delivery at `QoS` 1, whatever its Reason Code [MQTT-4.4.0-2] [MQTT-4.8.2-6]. One that nobody knows
    /// may be late, after a resumed session: it is ignored.
    pub(crate) fn puback(&mut self, now: Now, id: ConnectionId, ack: &Ack) {
        match self.stage(id, ack.packet_id) {
            (Some(key), Stage::AtLeastOnce) => self.finish(now, key, ack.packet_id),
            (_, Stage::Unknown) => {}
            _ => self.protocol_error(now, id, "PUBACK answers no message of QoS 2 (4.3.3)"),
        }
    }

    /// `QoS` 2: the client has the message, or refuses it.
    pub(crate) fn pubrec(&mut self, now: Now, id: ConnectionId, ack: &Ack) {
        let packet_id = ack.packet_id;
        match self.stage(id, packet_id) {
            // [MQTT-4.3.3-4] an error ends the flow, without PUBREL.
            (Some(key), Stage::ExactlyOnce) if ack.reason.is_error() => self.finish(now, key, packet_id),
            (Some(key), Stage::ExactlyOnce) => {
                let Some(session) = self.sessions.get_mut(key.0) else { return };
                if let Some((flight, place)) = session.outgoing().inflight.release(packet_id) {
                    let number = flight.number();
                    if self.record_of(key, |client_id| Record::Released { client_id, number, place }) {
                        self.promise(id);
                    }
                }
                self.send(id, &Packet::PubRel(Ack::new(packet_id)));
            }
            // PUBREL was sent for it: the client asks again.
            (_, Stage::Released) => self.send(id, &Packet::PubRel(Ack::new(packet_id))),
            (_, Stage::Unknown) if ack.reason.is_error() => {}
            (_, Stage::Unknown) => {
                let code = ReasonCode::PacketIdentifierNotFound;
                let refusal = Refusal::new(code, "no message of QoS 2 was sent with this Packet Identifier");
                self.send_ack_explained(id, packet_id, &refusal, Packet::PubRel);
            }
            _ => self.protocol_error(now, id, "PUBREC answers no message of QoS 1 (4.3.2)"),
        }
    }

    /// Ends a delivery at `QoS` 2.
    pub(crate) fn pubcomp(&mut self, now: Now, id: ConnectionId, ack: &Ack) {
        match self.stage(id, ack.packet_id) {
            (Some(key), Stage::Released) => self.finish(now, key, ack.packet_id),
            (_, Stage::Unknown) => {}
            _ => self.protocol_error(now, id, "PUBCOMP answers PUBREL alone (4.3.3)"),
        }
    }

    fn stage(&self, id: ConnectionId, packet_id: PacketId) -> (Option<SessionKey>, Stage) {
        let Some(key) = self.link(id).map(|link| link.session) else { return (None, Stage::Unknown) };
        let flight =
            self.sessions.get(key.0).and_then(|session| session.outgoing.as_ref()?.inflight.get(packet_id));
        let stage = match flight {
            None => Stage::Unknown,
            Some(Flight::Released { .. }) => Stage::Released,
            Some(Flight::Published(pending)) if pending.qos == QoS::AtLeastOnce => Stage::AtLeastOnce,
            Some(Flight::Published(_)) => Stage::ExactlyOnce,
        };
        (Some(key), stage)
    }

    fn finish(&mut self, now: Now, key: SessionKey, packet_id: PacketId) {
        let Some(session) = self.sessions.get_mut(key.0) else { return };
        let out = session.outgoing();
        let number = match out.inflight.take(packet_id) {
            Some(flight) => flight.number(),
            None => return,
        };
        let more = !out.is_idle();
        self.record_ended(key, number);
        if more {
            self.pump(now, key);
        }
    }
}
