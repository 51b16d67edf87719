//! PUBLISH from a client (chapter 3.3).

use crate::account::Denial;
use crate::emitter::without;
use crate::events::{Action, Reason};
use crate::explain::Refusal;
use crate::key::SessionKey;
use crate::message::Message;
use crate::route::Keep;
use crate::subscriptions::Matches;
use crate::{Broker, ConnectionId, Now, Record, owned};
use headcount_mqtt::{
    Ack, Delivery, Packet, PacketId, ProtocolVersion, Publish, PublishProperties, QoS, ReasonCode, TopicName,
};
use std::sync::Arc;

/// Why a message is not passed on.
enum Fault {
    Denied(Denial),
    /// Its topic is too deep or too long; a line for people.
    Topic(String),
}

/// What a channel's options make of a message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    /// Whether its publisher gets it, too.
    pub(crate) echo: bool,
    /// For how many seconds it is stored for later subscribers.
    pub(crate) ttl: Option<u32>,
}

impl Manner {
    /// That of every ordinary topic.
    const PLAIN: Self = Self { echo: true, ttl: None };
}

impl Broker {
    /// A message from a client: judged, passed on, then acknowledged.
    pub(crate) fn publish(&mut self, now: Now, id: ConnectionId, mut publish: Publish) {
        self.stats.publishes_received += 1;
        self.stats.publish_bytes_received += publish.payload.len() as u64;
        let topic = match self.resolve_topic(id, &mut publish) {
            Ok(topic) => topic,
            Err(code) => return self.expel(now, id, code, Reason::of(code)),
        };
        let Some(link) = self.link(id) else { return };
        let (version, key, told) = (link.version, link.session, link.told);
        let is_device = self.gate.has_devices() && link.account.is_device();
        let delivery = publish.delivery;
        if version == ProtocolVersion::V5 {
            if delivery.qos() > told.max_qos {
                // [MQTT-3.2.2-11]
                return self.expel(now, id, ReasonCode::QoSNotSupported, Reason::ProtocolError);
            }
            if publish.retain && !told.retain_available {
                // [MQTT-3.2.2-14]
                return self.expel(now, id, ReasonCode::RetainNotSupported, Reason::ProtocolError);
            }
        }
        if let Delivery::ExactlyOnce(packet_id) = delivery {
            let most = usize::from(told.receive_maximum);
            let Some(session) = self.sessions.get(key.0) else { return };
            if session.received.contains(&packet_id.get()) {
                // [MQTT-4.3.3-10] the same message again: acknowledged, not passed on.
                self.promise(id);
                return self.send(id, &Packet::PubRec(Ack::new(packet_id)));
            }
            if version == ProtocolVersion::V5 && session.received.len() >= most {
                // [MQTT-3.3.4-7] more than Receive Maximum without an end.
                return self.expel(now, id, ReasonCode::ReceiveMaximumExceeded, Reason::QuotaExceeded);
            }
        }
        if let Delivery::AtLeastOnce(packet_id) = delivery
            && version == ProtocolVersion::V5
            && self.sessions.get(key.0).is_some_and(|session| session.received.contains(&packet_id.get()))
        {
            // [MQTT-2.2.1-3] it names a message of QoS 2 until PUBREL. 3.1.1 has no word for it.
            let said = "the Packet Identifier is that of an unfinished message of QoS 2";
            let refusal = Refusal::new(ReasonCode::PacketIdentifierInUse, said);
            self.promise(id);
            return self.send_ack_explained(id, packet_id, &refusal, Packet::PubAck);
        }
        if self.is_storage_full() && self.would_store(key, &topic, &publish) {
            let said = format!("storage is full: {}", self.without_key(&topic));
            self.report_throttled(now, key, &said);
            if version == ProtocolVersion::V311 && delivery.qos() > QoS::AtMostOnce {
                // It has no word for it; without an acknowledgement the message stays the client's.
                return self.expel(now, id, ReasonCode::QuotaExceeded, Reason::QuotaExceeded);
            }
            let refusal = Refusal::new(ReasonCode::QuotaExceeded, said);
            return self.acknowledge_publish(id, version, delivery, Err(refusal));
        }
        let taken = self.take_message(now, id, key, is_device, topic, publish);
        self.acknowledge_publish(id, version, delivery, taken);
    }

    /// Passes the message on, or says why not.
    fn take_message(
        &mut self,
        now: Now,
        id: ConnectionId,
        key: SessionKey,
        is_device: bool,
        topic: TopicName,
        mut publish: Publish,
    ) -> Result<(), Refusal> {
        let limits = &self.config.limits;
        if limits.max_payload_size.is_some_and(|most| publish.payload.len() > most) {
            let said = format!("payload of {} bytes to {}", publish.payload.len(), self.without_key(&topic));
            self.report_throttled(now, key, &said);
            return Err(Refusal::new(ReasonCode::QuotaExceeded, said));
        }
        let indicator = publish.properties.as_ref().and_then(|it| it.payload_format_indicator);
        if limits.check_payload_format && !has_its_format(indicator, &publish.payload) {
            let shown = self.without_key(&topic);
            let said = format!("payload to {shown} is no UTF-8, which its Payload Format Indicator says");
            self.report_mistake(now, id, &said);
            return Err(Refusal::new(ReasonCode::PayloadFormatInvalid, said)); // (3.3.2.3.2)
        }
        let bytes = topic.as_bytes();
        if is_device || self.served.may_be(bytes) || self.emitter.links.may_be(bytes) {
            publish = match self.serve_message(now, id, key, &topic, publish) {
                Ok(taken) => return taken,
                Err(ordinary) => ordinary,
            };
        }
        self.pass_message(now, id, key, topic, publish, Manner::PLAIN)
    }

    /// Serves a message to the broker itself; gives back what is an ordinary one.
    fn serve_message(
        &mut self,
        now: Now,
        id: ConnectionId,
        key: SessionKey,
        topic: &TopicName,
        publish: Publish,
    ) -> Result<Result<(), Refusal>, Publish> {
        if let Some(taken) = self.channel_publish(now, id, topic, &publish) {
            return Ok(taken);
        }
        if topic.as_bytes().starts_with(crate::request::PREFIX)
            && let Some(answered) = self.request(now, id, topic, &publish)
        {
            return Ok(answered);
        }
        if topic.as_bytes().starts_with(crate::dynsec::PREFIX)
            && let Some(taken) = self.security_request(now, id, topic, &publish)
        {
            return Ok(taken);
        }
        if self.emitter.may_speak(id, topic) {
            return self.emitter_publish(now, id, key, topic, publish);
        }
        Err(publish)
    }

    /// Gives the message to its subscribers, if the client may publish it.
    pub(crate) fn pass_message(
        &mut self,
        now: Now,
        id: ConnectionId,
        key: SessionKey,
        topic: TopicName,
        publish: Publish,
        manner: Manner,
    ) -> Result<(), Refusal> {
        // [MQTT-3.3.1-8] without RETAIN what is kept stays as it is.
        let retain = publish.retain && self.config.limits.retain_available;
        let matches = match self.permitted(id, &topic) {
            Ok(matches) => matches,
            Err(Fault::Denied(denial)) => {
                let said = self.report_denied(now, id, Action::Publish, topic.text(), &denial);
                return Err(Refusal::new(ReasonCode::NotAuthorized, said));
            }
            Err(Fault::Topic(line)) => {
                self.report_throttled(now, key, &line);
                return Err(Refusal::new(ReasonCode::TopicNameInvalid, line));
            }
        };
        let message = Message {
            topic,
            payload: publish.payload,
            qos: publish.delivery.qos().min(limits_qos(self)),
            properties: publish.properties,
            received: now.monotonic,
            received_unix: now.unix,
        };
        if retain && !self.account_may_retain(key, &message) {
            let said = format!("the account retains no more: {}", message.topic);
            self.report_throttled(now, key, &said);
            return Err(Refusal::new(ReasonCode::QuotaExceeded, said));
        }
        if retain && !self.has_room_to_retain(now, &message) {
            let said = format!("retained messages are full: {}", message.topic);
            self.report_throttled(now, key, &said);
            return Err(Refusal::new(ReasonCode::QuotaExceeded, said));
        }
        if let Some(ttl) = manner.ttl {
            self.store_message(now, &message, ttl);
        }
        let matches = if manner.echo { matches } else { without(&matches, key) };
        self.route(message, Keep::stored(retain), Some(key), &matches);
        Ok(())
    }

    /// Whom the message goes to, if the client may publish it. The last answer of a connection is kept.
    fn permitted(&mut self, id: ConnectionId, topic: &TopicName) -> Result<Arc<Matches>, Fault> {
        let generation = self.subscriptions.generation();
        let link = self.link(id).expect("a connected client");
        if let Some(memo) = &link.memo
            && memo.generation == generation
            && *memo.topic == *topic.as_bytes()
        {
            return Ok(Arc::clone(memo));
        }
        link.account.may_publish(topic).map_err(Fault::Denied)?;
        if let Some(line) = self.config.limits.topic_fault(topic.as_bytes()) {
            return Err(Fault::Topic(line));
        }
        let matches = self.matches(topic);
        if let Some(link) = self.link_mut(id) {
            link.memo = Some(Arc::clone(&matches));
        }
        Ok(matches)
    }

    /// PUBACK or PUBREC, as the QoS says [MQTT-3.3.4-1], of the same identifier [MQTT-2.2.1-5]. 3.1.1 has no word
    /// for a refusal: the message is acknowledged and gone.
    fn acknowledge_publish(
        &mut self,
        id: ConnectionId,
        version: ProtocolVersion,
        delivery: Delivery,
        taken: Result<(), Refusal>,
    ) {
        // [MQTT-3.3.5-2 (3.1.1)]
        let refusal = taken.err().filter(|_| version == ProtocolVersion::V5);
        match delivery {
            Delivery::AtMostOnce => {}
            Delivery::AtLeastOnce(packet_id) => {
                self.promise_own(id);
                // [MQTT-4.3.2-4] The identifier is free at once [MQTT-4.3.2-5].
                match refusal {
                    None => self.send(id, &Packet::PubAck(Ack::new(packet_id))),
                    Some(it) => {
                        self.send_ack_explained(id, packet_id, &it, Packet::PubAck);
                    }
                }
            }
            Delivery::ExactlyOnce(packet_id) => {
                if refusal.as_ref().is_none_or(|it| !it.code.is_error()) {
                    self.hold_identifier(id, packet_id);
                }
                self.promise_own(id);
                // [MQTT-4.3.3-8] [MQTT-4.3.3-9] a refused identifier is held for nothing.
                match refusal {
                    None => self.send(id, &Packet::PubRec(Ack::new(packet_id))),
                    Some(it) => {
                        self.send_ack_explained(id, packet_id, &it, Packet::PubRec);
                    }
                }
            }
        }
    }

    /// Until PUBREL the Packet Identifier names this message [MQTT-4.3.3-10].
    fn hold_identifier(&mut self, id: ConnectionId, packet_id: PacketId) {
        let Some(key) = self.link(id).map(|link| link.session) else { return };
        let Some(session) = self.sessions.get_mut(key.0) else { return };
        session.received.insert(packet_id.get());
        self.record_of(key, |client_id| Record::Received { client_id, packet_id });
    }

    /// PUBREL (chapter 3.6): the identifier is free again.
    pub(crate) fn pubrel(&mut self, id: ConnectionId, ack: &Ack) {
        let Some(key) = self.link(id).map(|link| link.session) else { return };
        let Some(session) = self.sessions.get_mut(key.0) else { return };
        let packet_id = ack.packet_id;
        let known = session.received.remove(&packet_id.get());
        if known {
            self.record_of(key, |client_id| Record::Completed { client_id, packet_id });
        }
        self.promise_own(id);
        // [MQTT-4.3.3-11] [MQTT-4.3.3-12]
        if known {
            return self.send(id, &Packet::PubComp(Ack::new(packet_id)));
        }
        let code = ReasonCode::PacketIdentifierNotFound;
        let refusal = Refusal::new(code, "no unfinished message of QoS 2 has this Packet Identifier");
        self.send_ack_explained(id, packet_id, &refusal, Packet::PubComp);
    }

    /// The Topic Name, by its alias where it has none of its own; the properties that belong to the connection alone
    /// are taken off.
    fn resolve_topic(&mut self, id: ConnectionId, publish: &mut Publish) -> Result<TopicName, ReasonCode> {
        let alias = publish.properties.as_mut().and_then(|properties| properties.topic_alias.take());
        if alias.is_some() && publish.properties.as_deref() == Some(&PublishProperties::default()) {
            publish.properties = None;
        }
        let Some(alias) = alias else { return publish.topic.take().ok_or(ReasonCode::ProtocolError) };
        // [MQTT-3.3.2-8] [MQTT-3.3.2-9]
        let link = self.link_mut(id).ok_or(ReasonCode::ProtocolError)?;
        if alias == 0 || alias > link.told.topic_alias_maximum {
            return Err(ReasonCode::TopicAliasInvalid);
        }
        let aliases = &mut link.aliases;
        match publish.topic.take() {
            Some(topic) => {
                // [MQTT-3.3.2-12] a known alias is given a new meaning.
                let copy = owned::topic(&topic);
                aliases.get_or_insert_default().insert(alias, copy);
                Ok(topic)
            }
            // 3.3.2.3.4: an alias without a meaning is a Protocol Error, not an invalid alias.
            None => aliases
                .as_ref()
                .and_then(|aliases| aliases.get(&alias).cloned())
                .ok_or(ReasonCode::ProtocolError),
        }
    }
}

/// Whether a payload that its Payload Format Indicator calls text is text.
pub(crate) fn has_its_format(indicator: Option<bool>, payload: &[u8]) -> bool {
    indicator != Some(true) || std::str::from_utf8(payload).is_ok()
}

fn limits_qos(broker: &Broker) -> QoS {
    broker.config.limits.max_qos
}
