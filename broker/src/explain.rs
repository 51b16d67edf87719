//! Words for the client: a Reason String with each refusal, where the client wants them and has room.

use crate::{Broker, ConnectionId};
use headcount_mqtt::{
    Ack, AckProperties, ConnAck, ConnAckProperties, Disconnect, DisconnectProperties, Packet, PacketId,
    ProtocolVersion, ReasonCode, Text,
};
use std::borrow::Cow;

/// A refused action of a client that stays connected.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) code: ReasonCode,
    pub(crate) said: Cow<'static, str>,
}

impl Refusal {
    pub(crate) fn new(code: ReasonCode, said: impl Into<Cow<'static, str>>) -> Self {
        Self { code, said: said.into() }
    }
}

impl Broker {
    /// An acknowledgement with an error and the sentence that explains it.
    pub(crate) fn send_ack_explained(
        &mut self,
        id: ConnectionId,
        packet_id: PacketId,
        refusal: &Refusal,
        packet: fn(Ack) -> Packet,
    ) {
        let properties = self.ack_properties(id, &refusal.said).map(Box::new);
        self.send_explained(id, packet(Ack { packet_id, reason: refusal.code, properties }));
    }

    /// Properties with a sentence; `None` where the client wants none: Request Problem Information 0 leaves PUBLISH,
    /// CONNACK and DISCONNECT alone, and here none of the three is left [MQTT-3.1.2-29].
    pub(crate) fn ack_properties(&self, id: ConnectionId, said: &str) -> Option<AckProperties> {
        let link = self.link(id)?;
        let wanted = link.version == ProtocolVersion::V5 && link.wants_reasons;
        wanted.then(|| AckProperties { reason_string: text(said), ..AckProperties::default() })
    }

    /// Sends a packet, and where its Reason String makes it too large for the client, without that: PUBACK
    /// [MQTT-3.4.2-2], PUBREC [MQTT-3.5.2-2], PUBREL [MQTT-3.6.2-2], PUBCOMP [MQTT-3.7.2-2], SUBACK [MQTT-3.9.2-1],
    /// UNSUBACK [MQTT-3.11.2-1]. User Properties the broker has none to say [MQTT-3.4.2-3] [MQTT-3.5.2-3]
    /// [MQTT-3.6.2-3] [MQTT-3.7.2-3] [MQTT-3.9.2-2] [MQTT-3.11.2-2].
    pub(crate) fn send_explained(&mut self, id: ConnectionId, packet: Packet) {
        let Some(link) = self.link(id) else { return };
        let (version, most) = (link.version, link.max_packet_size);
        self.send_explained_as(id, packet, version, most);
    }

    /// The same where the version and the client's Maximum Packet Size are not known from a session: CONNACK
    /// [MQTT-3.2.2-19] [MQTT-3.2.2-20], DISCONNECT [MQTT-3.14.2-3] [MQTT-3.14.2-4].
    pub(crate) fn send_explained_as(
        &mut self,
        id: ConnectionId,
        mut packet: Packet,
        version: ProtocolVersion,
        most: usize,
    ) {
        let fits = headcount_mqtt::encoded_len(&packet, version).is_ok_and(|length| length <= most);
        if !fits {
            be_brief(&mut packet);
        }
        self.send_as(id, &packet, version, most);
    }
}

/// A CONNACK that refuses.
pub(crate) fn connack(reason: ReasonCode, said: Option<&str>) -> Packet {
    let properties = ConnAckProperties { reason_string: said.and_then(text), ..ConnAckProperties::default() };
    // [MQTT-3.2.2-6] Session Present is 0 with an error.
    Packet::ConnAck(Box::new(ConnAck { session_present: false, reason, properties }))
}

/// A DISCONNECT from the server; with 0x83 where the code is one of other packets. It says nothing of the session's
/// expiry [MQTT-3.14.2-2].
pub(crate) fn farewell(code: ReasonCode, said: Option<&str>) -> Packet {
    let properties = said
        .and_then(text)
        .map(|said| Box::new(DisconnectProperties { reason_string: Some(said), ..Default::default() }));
    let packet = Packet::Disconnect(Disconnect { reason: code, properties });
    match headcount_mqtt::encoded_len(&packet, ProtocolVersion::V5) {
        Ok(_) => packet,
        Err(_) => farewell(ReasonCode::ImplementationSpecificError, said),
    }
}

/// What a code that ends a connection means here; `None` where the code says it all.
pub(crate) fn meaning(code: ReasonCode) -> Option<&'static str> {
    Some(match code {
        ReasonCode::NotAuthorized => "this client may not connect",
        ReasonCode::ClientIdentifierNotValid => {
            "the Client Identifier is empty and must not be, or belongs to another account"
        }
        ReasonCode::UnsupportedProtocolVersion => "MQTT 3.1.1 and 5.0 are spoken here",
        ReasonCode::ServerBusy => "the server has as many connections as it takes",
        ReasonCode::BadAuthenticationMethod => {
            "no Authentication Method is offered: use a user name and password"
        }
        ReasonCode::QuotaExceeded => "a limit of the server is used up",
        ReasonCode::QoSNotSupported => "the QoS is above the Maximum QoS of the server",
        ReasonCode::RetainNotSupported => "nothing is retained here",
        ReasonCode::ReceiveMaximumExceeded => {
            "more unfinished messages than the Receive Maximum of the server"
        }
        ReasonCode::TopicAliasInvalid => {
            "the Topic Alias is 0 or above the Topic Alias Maximum of the server"
        }
        ReasonCode::KeepAliveTimeout => "no packet came within one and a half times the Keep Alive",
        ReasonCode::ProtocolError => "a packet that the protocol does not allow here",
        _ => return None,
    })
}

fn text(said: &str) -> Option<Text> {
    Text::try_from(said).ok()
}

/// Takes the Reason String off.
fn be_brief(packet: &mut Packet) {
    match packet {
        Packet::ConnAck(ack) => ack.properties.reason_string = None,
        Packet::PubAck(ack) | Packet::PubRec(ack) | Packet::PubRel(ack) | Packet::PubComp(ack) => {
            ack.properties = None;
        }
        Packet::SubAck(ack) => ack.properties.reason_string = None,
        Packet::UnsubAck(ack) => ack.properties.reason_string = None,
        Packet::Disconnect(disconnect) => disconnect.properties = None,
        _ => {}
    }
}
