//! What stands behind the Fixed Header, packet by packet, in the order of the standards; CONNECT and CONNACK are in the
//! neighbouring file.

use super::walk::{Walk, Walked};
use super::{Sender, names, value};
use crate::packet::reason_is_allowed;
use crate::{
    AckProperties, AuthProperties, DisconnectProperties, PacketType, ProtocolVersion, PublishProperties,
    ReasonCode, TopicFilter, TopicName,
};
use bytes::Bytes;

impl Walk<'_> {
    pub(super) fn body(&mut self, packet: PacketType) -> Walked {
        match packet {
            PacketType::Connect => {
                self.group("Variable Header", Self::connect)?;
                self.group("Payload", Self::connect_payload)
            }
            PacketType::Publish => self.publish(),
            PacketType::Subscribe | PacketType::Unsubscribe => self.asking(packet),
            PacketType::SubAck | PacketType::UnsubAck => self.answering(packet),
            PacketType::PingReq | PacketType::PingResp => Ok(()),
            PacketType::ConnAck => self.group("Variable Header", Self::connack),
            PacketType::Disconnect => self.group("Variable Header", Self::disconnect),
            PacketType::Auth => self.group("Variable Header", Self::auth),
            PacketType::PubAck | PacketType::PubRec | PacketType::PubRel | PacketType::PubComp => {
                self.group("Variable Header", |walk| walk.ack(packet))
            }
        }
    }

    pub(super) fn is_v5(&self) -> bool {
        self.version == ProtocolVersion::V5
    }

    fn publish(&mut self) -> Walked {
        self.group("Variable Header", |walk| {
            let start = walk.at;
            let topic = walk.binary()?;
            let is_name = TopicName::try_from(Bytes::copy_from_slice(topic)).is_ok();
            if !(is_name || topic.is_empty() && walk.is_v5()) {
                walk.suspect(start);
            }
            walk.leaf("Topic Name", start, value::text(topic));
            if walk.first() & 0x06 != 0 {
                walk.packet_id()?;
            }
            if walk.is_v5() {
                walk.properties("Properties", &mut PublishProperties::default())?;
                if topic.is_empty() && !walk.has("Topic Alias") {
                    walk.suspect(start);
                }
            }
            Ok(())
        })?;
        let start = self.at;
        let payload = self.rest();
        self.leaf("Payload", start, value::text(payload));
        Ok(())
    }

    /// The code and the properties may be left out from the end.
    fn ack(&mut self, packet: PacketType) -> Walked {
        self.packet_id()?;
        if self.is_v5() && !self.is_empty() {
            self.reason(packet, "Reason Code")?;
            if !self.is_empty() {
                self.properties("Properties", &mut AckProperties::default())?;
            }
        }
        Ok(())
    }

    /// SUBSCRIBE and UNSUBSCRIBE.
    fn asking(&mut self, packet: PacketType) -> Walked {
        self.group("Variable Header", |walk| {
            walk.packet_id()?;
            walk.request_properties(packet)
        })?;
        self.group("Payload", |walk| {
            while !walk.is_empty() {
                walk.has_room()?;
                if packet == PacketType::Subscribe {
                    walk.group("Subscription", Self::subscription)?;
                } else {
                    walk.filter()?;
                }
            }
            Ok(())
        })
    }

    fn subscription(&mut self) -> Walked {
        let is_shared = self.filter()?;
        let start = self.at;
        let options = self.u8()?;
        if self.is_v5() {
            let handling = options >> 4 & 3;
            let no_local = options & 4 != 0;
            if options & 0xC0 != 0 || options & 3 == 3 || handling == 3 || (no_local && is_shared) {
                self.suspect(start);
            }
            self.leaf("Subscription Options", start, value::byte(options));
            self.bits("Reserved", 0xC0, options, "");
            let when = ["send", "send if new", "do not send", "not allowed"];
            self.bits("Retain Handling", 0x30, options, when[usize::from(handling)]);
            self.bits("Retain As Published", 0x08, options, value::yes(options & 8 != 0));
            self.bits("No Local", 0x04, options, value::yes(no_local));
            self.bits("Maximum QoS", 0x03, options, value::qos(options));
        } else {
            if options > 2 {
                self.suspect(start);
            }
            self.leaf("Requested QoS", start, value::byte(options));
            self.bits("Reserved", 0xFC, options, "");
            self.bits("QoS", 0x03, options, value::qos(options));
        }
        Ok(())
    }

    /// SUBACK and UNSUBACK.
    fn answering(&mut self, packet: PacketType) -> Walked {
        self.group("Variable Header", |walk| {
            walk.packet_id()?;
            if walk.is_v5() {
                walk.properties("Properties", &mut AckProperties::default())?;
            }
            Ok(())
        })?;
        if packet == PacketType::UnsubAck && !self.is_v5() {
            return Ok(());
        }
        self.group("Payload", |walk| {
            while !walk.is_empty() {
                walk.has_room()?;
                walk.reason(packet, if walk.is_v5() { "Reason Code" } else { "Return Code" })?;
            }
            Ok(())
        })
    }

    fn disconnect(&mut self) -> Walked {
        if !self.is_v5() || self.is_empty() {
            return Ok(());
        }
        self.reason(PacketType::Disconnect, "Disconnect Reason Code")?;
        if self.is_empty() {
            return Ok(());
        }
        self.properties("Properties", &mut DisconnectProperties::default())
    }

    fn auth(&mut self) -> Walked {
        if self.is_empty() {
            if self.from == Sender::Client {
                self.suspect(self.at);
            }
            return Ok(());
        }
        self.reason(PacketType::Auth, "Authenticate Reason Code")?;
        let start = self.at;
        self.properties("Properties", &mut AuthProperties::default())?;
        if !self.has("Authentication Method") {
            self.suspect(start);
        }
        Ok(())
    }

    fn packet_id(&mut self) -> Walked {
        let start = self.at;
        let id = self.number(2)?;
        if id == 0 {
            self.suspect(start);
        }
        self.leaf("Packet Identifier", start, id.to_string());
        Ok(())
    }

    pub(super) fn text_field(&mut self, name: &'static str) -> Walked {
        let start = self.at;
        let text = self.text()?;
        self.leaf(name, start, value::text(text));
        Ok(())
    }

    pub(super) fn topic(&mut self, name: &'static str) -> Walked {
        let start = self.at;
        let topic = self.binary()?;
        if TopicName::try_from(Bytes::copy_from_slice(topic)).is_err() {
            self.suspect(start);
        }
        self.leaf(name, start, value::text(topic));
        Ok(())
    }

    /// A Topic Filter; whether it is of a Shared Subscription.
    fn filter(&mut self) -> Walked<bool> {
        let start = self.at;
        let bytes = self.binary()?;
        let filter = TopicFilter::try_from(Bytes::copy_from_slice(bytes));
        if filter.is_err() {
            self.suspect(start);
        }
        self.leaf("Topic Filter", start, value::text(bytes));
        Ok(filter.is_ok_and(|filter| filter.shared().is_some()))
    }

    /// A Reason Code; whether it says that something failed.
    pub(super) fn reason(&mut self, packet: PacketType, name: &'static str) -> Walked<bool> {
        let start = self.at;
        let byte = self.u8()?;
        let reason = ReasonCode::from_u8(byte);
        let allowed = reason.is_some_and(|reason| reason_is_allowed(packet, self.version, self.from, reason));
        if !allowed {
            self.suspect(start);
        }
        let words = reason.map_or("not a Reason Code", |reason| names::reason(reason, packet, self.version));
        self.leaf(name, start, format!("{}, {words}", value::byte(byte)));
        Ok(byte != 0)
    }
}
