//! From a session to its connection: packets, the queue, and sending again.

use crate::inflight::{Flight, Pending};
use crate::key::SessionKey;
use crate::key::ShareKey;
use crate::message::{Message, Shape, encode};
use crate::{Broker, ConnectionId, Now, Output, Record};
use headcount_mqtt::{Ack, Packet, PacketId, ProtocolVersion, QoS};
use std::sync::Arc;

/// What [`Broker::pump`] found to do.
enum Step {
    /// Sent or dropped one; there may be more.
    Done,
    /// Nothing waits, or nothing may leave.
    Rest,
}

impl Broker {
    /// Sends a packet in the version of its connection.
    pub(crate) fn send(&mut self, id: ConnectionId, packet: &Packet) {
        let Some(link) = self.link(id) else { return };
        let (version, most) = (link.version, link.max_packet_size);
        self.send_as(id, packet, version, most);
    }

    /// Sends a packet, unless it has no bytes in this version or more than `most` [MQTT-3.1.2-24].
    pub(crate) fn send_as(
        &mut self,
        id: ConnectionId,
        packet: &Packet,
        version: ProtocolVersion,
        most: usize,
    ) {
        let Some(it) = self.connections.get_mut(id.0) else { return };
        let sent = it.outbox.append(|out| {
            let start = out.len();
            let fits = headcount_mqtt::encode(packet, version, out).is_ok() && out.len() - start <= most;
            if !fits {
                out.truncate(start);
            }
            fits
        });
        if sent {
            it.traffic.packets_out += 1;
            self.stats.packets_sent += 1;
            if it.outbox.announce() {
                self.outputs.push_back(Output::Ready(id));
            }
        }
    }

    /// Numbers a message for a session.
    pub(crate) fn pending(
        &mut self,
        key: SessionKey,
        message: Arc<Message>,
        qos: QoS,
        retain: bool,
        identifiers: Box<[u32]>,
        share: Option<ShareKey>,
    ) -> Pending {
        let number = self.sessions.get_mut(key.0).map_or(0, crate::session::Session::number);
        Pending { message, qos, retain, identifiers, share, number }
    }

    /// Keeps a message of `QoS` 1 or 2 for a session.
    pub(crate) fn enqueue(
        &mut self,
        key: SessionKey,
        message: Arc<Message>,
        qos: QoS,
        retain: bool,
        identifiers: Box<[u32]>,
        share: Option<ShareKey>,
    ) {
        let pending = self.pending(key, message, qos, retain, identifiers, share);
        let Some(session) = self.sessions.get_mut(key.0) else { return };
        if session.connection.is_none() && !session.outlives_connection() {
            return;
        }
        let limits = session.account.limits;
        let recorded = (self.config.durable && session.recorded).then(|| pending.clone());
        match session.outgoing().queue.push(pending, &limits) {
            Ok(()) => {
                if let Some(pending) = recorded {
                    self.record_queued(key, &pending);
                }
            }
            Err(_) => self.stats.dropped += 1,
        }
    }

    /// Sends what the Receive Maximum and the outbox have room for: first what is sent again, then retained messages
    /// of new subscriptions, then what waits.
    pub(crate) fn pump(&mut self, now: Now, key: SessionKey) {
        while let Step::Done = self.step(now, key) {}
    }

    fn step(&mut self, now: Now, key: SessionKey) -> Step {
        let Some(session) = self.sessions.get_mut(key.0) else { return Step::Rest };
        let (Some(id), Some(out)) = (session.connection, session.outgoing.as_mut()) else {
            return Step::Rest;
        };
        if out.is_idle() {
            return Step::Rest;
        }
        let Some(it) = self.connections.get(id.0) else { return Step::Rest };
        let Some(link) = it.link() else { return Step::Rest };
        if it.outbox.waiting() > self.config.limits.max_outbox_bytes {
            return Step::Rest;
        }
        let window = link.window;
        if let Some((packet_id, flight)) = out.inflight.resend(window) {
            let again = match flight {
                Flight::Published(pending) => Some(pending.clone()),
                Flight::Released { .. } => None,
            };
            match again {
                // [MQTT-3.3.1-1] with DUP.
                Some(pending) => self.send_pending(now, key, id, &pending, packet_id, true),
                None => self.send(id, &Packet::PubRel(Ack::new(packet_id))),
            }
            return Step::Done;
        }
        if out.inflight.must_resend() {
            return Step::Rest;
        }
        let room = out.inflight.has_room(window);
        if let Some(next) = out.backlog.front() {
            if next.qos > QoS::AtMostOnce && !room {
                return Step::Rest;
            }
            let next = out.backlog.pop_front().expect("just seen");
            self.send_retained(now, key, id, &next);
            return Step::Done;
        }
        if !room {
            return Step::Rest;
        }
        let Some(pending) = out.queue.pop() else { return Step::Rest };
        // Rights may have been revoked since, and the message may be over [MQTT-3.3.2-5].
        let stands = session.account.may_read(&pending.message.topic)
            && pending.message.expiry(now.monotonic).is_some();
        if stands {
            self.send_pending_first(now, key, id, &pending);
        } else {
            self.stats.dropped += 1;
            self.record_ended(key, pending.number);
        }
        Step::Done
    }

    /// A retained message for a new subscription: the topic's present one, if it is still there.
    fn send_retained(&mut self, now: Now, key: SessionKey, id: ConnectionId, next: &crate::queue::Retained) {
        let Some(message) = self.retained.get(&next.topic).cloned() else { return };
        let Some(session) = self.sessions.get(key.0) else { return };
        if message.expiry(now.monotonic).is_none() || !session.account.may_read(&next.topic) {
            return;
        }
        let qos = next.qos.min(message.qos);
        let identifiers: Box<[u32]> = next.identifier.into_iter().collect();
        // (3.3.1.3) [MQTT-3.3.1-8 (3.1.1)] RETAIN is set for a new subscription.
        if qos > QoS::AtMostOnce {
            let pending = self.pending(key, message, qos, true, identifiers, None);
            self.record_queued(key, &pending);
            self.send_pending_first(now, key, id, &pending);
            return;
        }
        let pending = Pending { message, qos, retain: true, identifiers, share: None, number: 0 };
        self.send_at_most_once(now, key, id, &pending);
    }

    /// Sends a message at `QoS` 0, which is neither queued nor in flight.
    pub(crate) fn send_at_most_once(
        &mut self,
        now: Now,
        key: SessionKey,
        id: ConnectionId,
        pending: &Pending,
    ) {
        let place = PacketId::new(1).expect("not zero");
        self.send_pending(now, key, id, pending, place, false);
    }

    fn send_pending_first(&mut self, now: Now, key: SessionKey, id: ConnectionId, pending: &Pending) {
        let number = pending.number;
        let Some(session) = self.sessions.get_mut(key.0) else { return };
        let (packet_id, place) = session.outgoing().inflight.push(pending.clone());
        if self.record_sent(key, number, place) && pending.qos == QoS::ExactlyOnce {
            self.promise(id);
        }
        self.send_pending(now, key, id, pending, packet_id, false);
    }

    /// Encodes for this client alone and sends; what is too large for it is done with.
    fn send_pending(
        &mut self,
        now: Now,
        key: SessionKey,
        id: ConnectionId,
        pending: &Pending,
        packet_id: PacketId,
        dup: bool,
    ) {
        let Some(it) = self.connections.get_mut(id.0) else { return };
        let Some(link) = it.link() else { return };
        let (most, version) = (link.max_packet_size, link.version);
        let shape = Shape { version, qos: pending.qos, retain: pending.retain };
        // [MQTT-4.3.3-7] [MQTT-4.3.3-13] what was sent once goes on to its end, expired or not.
        let expiry = pending.message.expiry(now.monotonic).unwrap_or(Some(0));
        self.stats.encoded += 1;
        let encoded = encode(&pending.message, shape, expiry, &pending.identifiers);
        if let Some(bytes) = encoded.filter(|bytes| bytes.len() <= most) {
            let packet_id = (pending.qos > QoS::AtMostOnce).then_some(packet_id);
            it.outbox.append_publish(&bytes, dup, packet_id);
            it.traffic.packets_out += 1;
            self.stats.packets_sent += 1;
            self.stats.publishes_sent += 1;
            self.stats.publish_bytes_sent += pending.message.payload.len() as u64;
            if it.outbox.announce() {
                self.outputs.push_back(Output::Ready(id));
            }
            return;
        }
        // [MQTT-3.1.2-25]
        self.stats.dropped += 1;
        if pending.qos > QoS::AtMostOnce
            && let Some(session) = self.sessions.get_mut(key.0)
        {
            session.outgoing().inflight.take(packet_id);
            self.record_ended(key, pending.number);
        }
    }

    pub(crate) fn record_queued(&mut self, key: SessionKey, pending: &Pending) {
        if !self.is_recorded(key) {
            return;
        }
        let share = pending.share.and_then(|share| {
            let filters = self.sessions.get(key.0)?.subscriptions.keys();
            filters.into_iter().find(|filter| self.subscriptions.share_of(filter) == Some(share)).cloned()
        });
        self.record_of(key, |client_id| Record::Queued {
            client_id,
            number: pending.number,
            message: Arc::clone(&pending.message),
            qos: pending.qos,
            retain: pending.retain,
            identifiers: pending.identifiers.clone(),
            share,
        });
    }

    /// Whether the session is one that is recorded.
    pub(crate) fn record_sent(&mut self, key: SessionKey, number: u64, place: u64) -> bool {
        self.record_of(key, |client_id| Record::Sent { client_id, number, place })
    }

    pub(crate) fn record_ended(&mut self, key: SessionKey, number: u64) {
        self.record_of(key, |client_id| Record::Ended { client_id, number });
    }

    /// Whether storage knows the session: what happens to it is put out.
    pub(crate) fn is_recorded(&self, key: SessionKey) -> bool {
        self.config.durable && self.sessions.get(key.0).is_some_and(|session| session.recorded)
    }

    /// A record of a session that storage knows; whether it is one.
    pub(crate) fn record_of(
        &mut self,
        key: SessionKey,
        record: impl FnOnce(headcount_mqtt::Text) -> Record,
    ) -> bool {
        if !self.config.durable {
            return false;
        }
        let Some(session) = self.sessions.get(key.0).filter(|session| session.recorded) else { return false };
        let client_id = session.client_id.clone();
        self.persist(|| record(client_id));
        true
    }
}
