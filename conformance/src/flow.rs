//! Whole flows in one line of a script: subscribe, publish, receive, part.

use crate::transcript::describe;
use crate::{Bench, Client, Message};
use headcount_mqtt::{
    Ack, ConnAck, Disconnect, Packet, PacketId, ProtocolVersion, Publish, QoS, ReasonCode, Subscribe,
    Subscription, Text, Unsubscribe,
};

impl Client {
    /// CONNACK comes next, whatever it says.
    pub fn expect_connack(&self) -> ConnAck {
        match self.next("CONNACK") {
            Packet::ConnAck(ack) => *ack,
            other => self.fail(&format!("{} came; CONNACK was expected", describe(&other))),
        }
    }

    /// Subscribes, and is granted just this `QoS`.
    pub fn subscribe(&self, filter: &str, qos: QoS) {
        self.subscribe_with(filter, qos, |_| {});
    }

    /// Subscribes with options, and is granted just this `QoS`.
    pub fn subscribe_with(&self, filter: &str, qos: QoS, options: impl FnOnce(&mut Subscription)) {
        let mut subscription = Subscription::new(self.bench.filter(filter), qos);
        options(&mut subscription);
        let codes = self.subscribe_all(vec![subscription], None);
        self.bench.check(
            codes.first().is_some_and(|code| *code as u8 == qos as u8),
            &format!("{}: SUBACK grants {codes:?} for {qos:?} [MQTT-3.8.4-7]", self.name()),
        );
    }

    /// Subscribes with a Subscription Identifier.
    pub fn subscribe_identified(&self, filter: &str, qos: QoS, identifier: u32) {
        self.subscribe_all(vec![Subscription::new(self.bench.filter(filter), qos)], Some(identifier));
    }

    /// Subscribes to all of these in one packet, and returns the codes; messages that come before are left to be read.
    pub fn subscribe_all(
        &self,
        subscriptions: Vec<Subscription>,
        identifier: Option<u32>,
    ) -> Vec<ReasonCode> {
        let wanted = subscriptions.len();
        let id = self.id();
        self.send(&Packet::Subscribe(Subscribe {
            packet_id: id,
            subscription_identifier: identifier,
            user_properties: Vec::new(),
            subscriptions,
        }));
        match self.next_past_messages("SUBACK", |packet| matches!(packet, Packet::SubAck(_))) {
            Packet::SubAck(ack) => {
                self.bench.check(ack.packet_id == id, "SUBACK with another Packet Identifier [MQTT-3.8.4-2]");
                self.bench
                    .check(ack.reasons.len() == wanted, "SUBACK: not a code for each filter [MQTT-3.8.4-5]");
                ack.reasons
            }
            _ => unreachable!("only SUBACK was picked"),
        }
    }

    /// Unsubscribes, and returns the codes: none in 3.1.1.
    pub fn unsubscribe(&self, filters: &[&str]) -> Vec<ReasonCode> {
        let id = self.id();
        let filters = filters.iter().map(|filter| self.bench.filter(filter)).collect();
        self.send(&Packet::Unsubscribe(Unsubscribe { packet_id: id, user_properties: Vec::new(), filters }));
        match self.next_past_messages("UNSUBACK", |packet| matches!(packet, Packet::UnsubAck(_))) {
            Packet::UnsubAck(ack) => {
                self.bench
                    .check(ack.packet_id == id, "UNSUBACK with another Packet Identifier [MQTT-3.10.4-4]");
                ack.reasons
            }
            _ => unreachable!("only UNSUBACK was picked"),
        }
    }

    /// Sends a PUBLISH and nothing more; returns its Packet Identifier (1 at `QoS` 0, where it has none).
    pub fn send_message(&self, message: &Message) -> PacketId {
        let publish = self.publish_packet(message);
        let id = publish.delivery.packet_id();
        self.send(&Packet::Publish(publish));
        id.unwrap_or(PacketId::new(1).expect("one is not zero"))
    }

    /// A message as a packet of this client.
    pub fn publish_packet(&self, message: &Message) -> Publish {
        message.packet(&self.bench, || self.next_id())
    }

    /// Publishes, to the end of the flow; every answer has to be a success. Messages that come are left to be read.
    pub fn publish(&self, message: &Message) {
        let publish = self.publish_packet(message);
        let delivery = publish.delivery;
        self.send(&Packet::Publish(publish));
        let Some(id) = delivery.packet_id() else { return };
        if delivery.qos() == QoS::AtLeastOnce {
            self.expect_puback(id);
        } else {
            self.expect_pubrec(id);
            self.send(&Packet::PubRel(Ack::new(id)));
            self.expect_pubcomp(id);
        }
    }

    /// PUBACK for this identifier comes, and is a success.
    pub fn expect_puback(&self, id: PacketId) {
        let packet = self.next_past_messages("PUBACK", |packet| matches!(packet, Packet::PubAck(_)));
        self.check_ack(&packet, id);
    }

    /// PUBREC for this identifier comes, and is a success.
    pub fn expect_pubrec(&self, id: PacketId) {
        let packet = self.next_past_messages("PUBREC", |packet| matches!(packet, Packet::PubRec(_)));
        self.check_ack(&packet, id);
    }

    /// PUBCOMP for this identifier comes, and is a success.
    pub fn expect_pubcomp(&self, id: PacketId) {
        let packet = self.next_past_messages("PUBCOMP", |packet| matches!(packet, Packet::PubComp(_)));
        self.check_ack(&packet, id);
    }

    /// An acknowledgement with this reason comes next; its Reason String.
    pub fn expect_ack(&self, id: PacketId, reason: ReasonCode) -> Option<Text> {
        let packet =
            self.next_past_messages("an acknowledgement", |packet| !matches!(packet, Packet::Publish(_)));
        let (Packet::PubAck(ack) | Packet::PubRec(ack) | Packet::PubRel(ack) | Packet::PubComp(ack)) = packet
        else {
            self.fail(&format!("{} came; an acknowledgement was expected", describe(&packet)))
        };
        let is_it = ack.packet_id == id && ack.reason == reason;
        self.bench.check(is_it, &format!("{ack:?} came; {id:?} with {reason:?} was expected"));
        ack.properties.and_then(|properties| properties.reason_string)
    }

    /// This message comes next; it is not acknowledged. A Packet Identifier that the script left open may be any.
    pub fn expect_message(&self, message: &Message) -> Publish {
        match self.next("a PUBLISH") {
            Packet::Publish(publish) => {
                if let Some(wrong) = message.mismatch(&self.bench, &publish) {
                    self.fail(&format!("the PUBLISH has {wrong}"));
                }
                publish
            }
            other => self.fail(&format!("{} came; a PUBLISH was expected", describe(&other))),
        }
    }

    /// This message comes next, and is acknowledged to the end of its flow.
    pub fn receive(&self, message: &Message) -> Publish {
        let publish = self.expect_message(message);
        self.acknowledge(&publish);
        publish
    }

    /// Acknowledges a message to the end of its flow.
    pub fn acknowledge(&self, publish: &Publish) {
        let Some(id) = publish.delivery.packet_id() else { return };
        if publish.delivery.qos() == QoS::AtLeastOnce {
            return self.send(&Packet::PubAck(Ack::new(id)));
        }
        self.send(&Packet::PubRec(Ack::new(id)));
        self.expect_pubrel(id);
        self.send(&Packet::PubComp(Ack::new(id)));
    }

    /// PUBREL for this identifier comes; messages that come before it are left to be read.
    pub fn expect_pubrel(&self, id: PacketId) {
        let packet = self.next_past_messages("PUBREL", |packet| matches!(packet, Packet::PubRel(_)));
        self.check_ack(&packet, id);
    }

    /// Sends DISCONNECT; the broker has closed the connection when this returns.
    pub fn disconnect(&self) {
        self.disconnect_with(Disconnect::default());
    }

    /// Sends DISCONNECT with a reason and properties; the broker has closed the connection when this returns.
    pub fn disconnect_with(&self, disconnect: Disconnect) {
        self.send(&Packet::Disconnect(disconnect));
        self.expect_closed_past_messages();
    }

    /// The broker closes the connection; in 5.0 it says before, by DISCONNECT, one of these reasons.
    pub fn expect_refusal(&self, reasons: &[ReasonCode]) {
        if self.version() == ProtocolVersion::V5 {
            match self.next("DISCONNECT") {
                Packet::Disconnect(disconnect) if reasons.contains(&disconnect.reason) => {}
                other => {
                    self.fail(&format!("{} came; DISCONNECT with {reasons:?} was expected", describe(&other)))
                }
            }
        }
        self.expect_closed();
    }

    /// The connection is open and served.
    pub fn expect_open(&self) {
        self.expect_nothing();
    }

    fn expect_closed_past_messages(&self) {
        loop {
            match self.next_or_closed("a closed connection") {
                None => return,
                Some(Packet::Publish(_)) => {}
                Some(other) => {
                    self.fail(&format!("{} came after DISCONNECT [MQTT-3.14.4-1]", describe(&other)))
                }
            }
        }
    }

    fn id(&self) -> PacketId {
        PacketId::new(self.next_id()).expect("counted from one")
    }

    fn check_ack(&self, packet: &Packet, id: PacketId) {
        let (Packet::PubAck(ack) | Packet::PubRec(ack) | Packet::PubRel(ack) | Packet::PubComp(ack)) = packet
        else {
            self.fail(&format!("{packet:?} is no acknowledgement"));
        };
        if ack.packet_id != id {
            self.fail(&format!(
                "{} for id {}; id {} was expected",
                packet.packet_type(),
                ack.packet_id.get(),
                id.get()
            ));
        }
        if ack.reason.is_error() {
            self.fail(&format!("{} with {:?}; success was expected", packet.packet_type(), ack.reason));
        }
    }
}

/// The options of a subscription, for tables.
pub fn subscription(bench: &Bench, filter: &str, qos: QoS) -> Subscription {
    Subscription::new(bench.filter(filter), qos)
}
