//! Packet Identifiers of what this client sends: PUBLISH at `QoS` 1 and 2, SUBSCRIBE and UNSUBSCRIBE share one range
//! (2.2.1 of MQTT 5.0, 2.3.1 of 3.1.1).

use super::set::Set;
use crate::PacketId;

#[derive(Debug, Default)]
pub(super) struct PacketIds {
    used: Set<PacketId>,
    last: u16,
}

impl PacketIds {
    /// An identifier that is not in use [MQTT-2.2.1-3] [MQTT-2.3.1-2 (3.1.1)]; `None` while all 65,535 are.
    pub(super) fn take(&mut self) -> Option<PacketId> {
        if self.used.len() == usize::from(u16::MAX) {
            return None;
        }
        loop {
            self.last = self.last.wrapping_add(1);
            if let Some(id) = PacketId::new(self.last)
                && self.used.insert(id)
            {
                return Some(id);
            }
        }
    }

    /// Gives one back, once its exchange is complete (2.2.1).
    pub(super) fn free(&mut self, id: PacketId) {
        self.used.remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::{Client, Message, Options};
    use crate::{
        Ack, AckProperties, ConnAck, ConnAckProperties, Packet, ProtocolVersion, QoS, ReasonCode, SubAck,
        Subscription, Text, TopicFilter, TopicName, UnsubAck, encode,
    };
    use bytes::{Bytes, BytesMut};
    use std::time::Duration;

    const NOW: Duration = Duration::ZERO;

    fn client() -> Client {
        let mut options = Options::new(ProtocolVersion::V5, Text::try_from("c").expect("valid"));
        options.session_expiry_interval = 60;
        let mut client = Client::new(options, 0).expect("valid options");
        client.connect(NOW);
        client.handle_opened(NOW);
        connack(&mut client, ConnAck::default());
        client
    }

    fn connack(client: &mut Client, connack: ConnAck) {
        receive(client, &Packet::ConnAck(Box::new(connack)));
    }

    fn receive(client: &mut Client, packet: &Packet) {
        let mut bytes = BytesMut::new();
        encode(packet, ProtocolVersion::V5, &mut bytes).expect("valid");
        client.handle_bytes(NOW, &bytes);
    }

    fn message(qos: QoS) -> Message {
        let topic = TopicName::try_from("t").expect("valid");
        Message { qos, retain: true, ..Message::new(topic, Bytes::new()) }
    }

    fn filter() -> TopicFilter {
        TopicFilter::try_from("t").expect("valid")
    }

    fn reconnect(client: &mut Client, answer: ConnAck) {
        client.handle_closed(NOW);
        client.connect(NOW);
        client.handle_opened(NOW);
        connack(client, answer);
    }

    #[test]
    fn every_kind_of_exchange_gives_its_identifier_back() {
        let (first, properties) = (PacketId::new(1).expect("not zero"), AckProperties::default());
        let mut client = client();
        client.publish(NOW, message(QoS::AtLeastOnce)).expect("taken");
        receive(&mut client, &Packet::PubAck(Ack::new(first)));
        assert_eq!(client.ids.used.len(), 0);

        let second = PacketId::new(2).expect("not zero");
        client.publish(NOW, message(QoS::ExactlyOnce)).expect("taken");
        receive(&mut client, &Packet::PubRec(Ack::new(second)));
        assert!(client.ids.used.contains(&second));
        receive(&mut client, &Packet::PubComp(Ack::new(second)));
        assert_eq!(client.ids.used.len(), 0);

        let packet_id = PacketId::new(3).expect("not zero");
        client.publish(NOW, message(QoS::ExactlyOnce)).expect("taken");
        receive(&mut client, &Packet::PubRec(Ack::with(packet_id, ReasonCode::QuotaExceeded)));
        assert_eq!(client.ids.used.len(), 0);

        let packet_id = PacketId::new(4).expect("not zero");
        let subscriptions = vec![Subscription::new(filter(), QoS::AtMostOnce)];
        client.subscribe(NOW, subscriptions, None).expect("taken");
        let reasons = vec![ReasonCode::Success];
        receive(&mut client, &Packet::SubAck(SubAck { packet_id, reasons, properties: properties.clone() }));
        assert_eq!(client.ids.used.len(), 0);

        let packet_id = PacketId::new(5).expect("not zero");
        client.unsubscribe(NOW, vec![filter()]).expect("taken");
        let reasons = vec![ReasonCode::Success];
        receive(&mut client, &Packet::UnsubAck(UnsubAck { packet_id, reasons, properties }));
        assert_eq!(client.ids.used.len(), 0);
    }

    #[test]
    fn connections_that_end_give_identifiers_back() {
        // A request without an answer.
        let mut requesting = client();
        requesting.unsubscribe(NOW, vec![filter()]).expect("taken");
        assert_eq!(requesting.ids.used.len(), 1);
        requesting.handle_closed(NOW);
        assert_eq!(requesting.ids.used.len(), 0);

        // A lost session: both are published anew, each under one new identifier.
        let mut publishing = client();
        publishing.publish(NOW, message(QoS::AtLeastOnce)).expect("taken");
        publishing.publish(NOW, message(QoS::AtLeastOnce)).expect("taken");
        reconnect(&mut publishing, ConnAck::default());
        let ids = [3, 4].map(|id| PacketId::new(id).expect("not zero"));
        assert_eq!(publishing.ids.used.take(), ids);

        // A resumed one with a server that takes them no longer.
        let properties = ConnAckProperties { retain_available: Some(false), ..Default::default() };
        reconnect(&mut publishing, ConnAck { session_present: true, properties, ..Default::default() });
        assert_eq!(publishing.ids.used.len(), 0);
    }

    // [MQTT-2.2.1-3] [MQTT-2.3.1-1 (3.1.1)]
    #[test]
    fn identifiers_are_unique_and_never_zero_and_come_back_when_freed() {
        let mut ids = PacketIds::default();
        let all: Set<_> = std::iter::from_fn(|| ids.take()).collect();
        assert_eq!(all.len(), 65_535);
        assert_eq!(ids.take(), None);
        let freed = PacketId::new(777).expect("not zero");
        ids.free(freed);
        assert_eq!(ids.take(), Some(freed));
        assert_eq!(ids.take(), None);
    }
}
