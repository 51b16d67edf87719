//! A server of one session, which answers when told to and checks what a client owes it.

use super::{name, payload};
use bytes::{Buf, Bytes, BytesMut};
use headcount_mqtt::{
    Ack, ConnAck, ConnAckProperties, Decoder, Delivery, Packet, PacketId, ProtocolVersion, Publish, QoS,
    encode,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub(super) struct Server {
    version: ProtocolVersion,
    client_window: usize,
    window: u16,
    /// Everything that was taken for publication, in order.
    pub(super) delivered: Vec<(QoS, u32)>,

    // The session.
    session: bool,
    unreleased: BTreeMap<PacketId, u32>,
    backlog: VecDeque<(QoS, u32)>,
    flying: VecDeque<Flight>,
    released: VecDeque<PacketId>,
    last_id: u16,

    // The connection.
    decoder: Option<Decoder>,
    connected: bool,
    /// `QoS` 1 and 2 messages of this connection without PUBACK or PUBCOMP.
    open: BTreeSet<PacketId>,
    answers: VecDeque<Packet>,
    out: BytesMut,
}

struct Flight {
    id: PacketId,
    qos: QoS,
    number: u32,
    sent_here: bool,
}

impl Server {
    pub(super) fn new(version: ProtocolVersion, client_window: usize, window: u16) -> Self {
        Self {
            version,
            client_window,
            window,
            delivered: Vec::new(),
            session: false,
            unreleased: BTreeMap::new(),
            backlog: VecDeque::new(),
            flying: VecDeque::new(),
            released: VecDeque::new(),
            last_id: 0,
            decoder: None,
            connected: false,
            open: BTreeSet::new(),
            answers: VecDeque::new(),
            out: BytesMut::new(),
        }
    }

    pub(super) fn accept(&mut self) {
        self.hang_up();
        self.decoder = Some(Decoder::server(1 << 20));
    }

    pub(super) fn hang_up(&mut self) {
        self.decoder = None;
        self.connected = false;
        self.open.clear();
        self.answers.clear();
        self.out.clear();
        self.flying.iter_mut().for_each(|flight| flight.sent_here = false);
    }

    /// Loses the session; what nobody was sent yet stays to be sent.
    pub(super) fn forget(&mut self) {
        self.session = false;
        self.unreleased.clear();
        self.flying.clear();
        self.released.clear();
    }

    pub(super) fn take_bytes(&mut self) -> Bytes {
        self.out.split().freeze()
    }

    pub(super) fn is_done(&self) -> bool {
        self.answers.is_empty()
            && self.backlog.is_empty()
            && self.flying.is_empty()
            && self.released.is_empty()
            && self.unreleased.is_empty()
    }

    pub(super) fn publish(&mut self, qos: QoS, number: u32) {
        self.backlog.push_back((qos, number));
        self.pump();
    }

    pub(super) fn receive(&mut self, piece: &[u8]) {
        let Some(mut decoder) = self.decoder.take() else { return };
        decoder.feed(piece);
        while let Some(packet) = decoder.decode().expect("the client breaks no rule") {
            self.on_packet(packet);
        }
        self.decoder = Some(decoder);
        self.pump();
    }

    pub(super) fn answer(&mut self, count: usize) {
        for packet in self.answers.drain(..count.min(self.answers.len())) {
            if let Packet::PubAck(ack) | Packet::PubComp(ack) = &packet {
                self.open.remove(&ack.packet_id);
            }
            encode(&packet, self.version, &mut self.out).expect("it has bytes");
        }
    }

    fn on_packet(&mut self, packet: Packet) {
        match packet {
            Packet::Connect(connect) => self.on_connect(connect.clean_start),
            Packet::Publish(publish) => self.on_publish(&publish),
            Packet::PubRel(ack) => {
                self.unreleased.remove(&ack.packet_id);
                self.answers.push_back(Packet::PubComp(Ack::new(ack.packet_id)));
            }
            Packet::PubAck(ack) => {
                let flight = self.land(ack.packet_id).expect("PUBACK answers a PUBLISH");
                assert_eq!(flight.qos, QoS::AtLeastOnce);
            }
            Packet::PubRec(ack) => {
                if let Some(flight) = self.land(ack.packet_id) {
                    assert_eq!(flight.qos, QoS::ExactlyOnce);
                    self.released.push_back(flight.id);
                }
                assert!(self.released.contains(&ack.packet_id), "PUBREC answers a PUBLISH");
                self.answers.push_back(Packet::PubRel(Ack::new(ack.packet_id)));
            }
            Packet::PubComp(ack) => self.released.retain(|id| *id != ack.packet_id),
            Packet::PingReq => self.answers.push_back(Packet::PingResp),
            other => panic!("not expected: {other:?}"),
        }
    }

    fn on_connect(&mut self, clean_start: bool) {
        let session_present = self.session && !clean_start;
        if !session_present {
            self.forget();
        }
        self.session = true;
        self.connected = true;
        let receive_maximum = (self.version == ProtocolVersion::V5).then_some(self.window);
        let properties = ConnAckProperties { receive_maximum, ..Default::default() };
        self.send(&Packet::ConnAck(Box::new(ConnAck { session_present, properties, ..Default::default() })));
        for id in self.released.clone() {
            self.send(&Packet::PubRel(Ack::new(id)));
        }
    }

    fn on_publish(&mut self, publish: &Publish) {
        let number = publish.payload.clone().get_u32();
        let id = publish.delivery.packet_id().expect("QoS 1 or 2");
        self.open.insert(id);
        assert!(self.open.len() <= usize::from(self.window), "beyond Receive Maximum [MQTT-3.3.4-7]");
        if let Delivery::AtLeastOnce(_) = publish.delivery {
            self.delivered.push((QoS::AtLeastOnce, number));
            self.answers.push_back(Packet::PubAck(Ack::new(id)));
            return;
        }
        if let Some(known) = self.unreleased.insert(id, number) {
            assert_eq!(known, number, "an identifier in use was given to another message");
        } else {
            self.delivered.push((QoS::ExactlyOnce, number));
        }
        self.answers.push_back(Packet::PubRec(Ack::new(id)));
    }

    /// Sends what the client's Receive Maximum leaves room for, old messages first.
    fn pump(&mut self) {
        while self.connected {
            let unfinished = self.released.len() + self.flying.iter().filter(|f| f.sent_here).count();
            if unfinished >= self.client_window {
                return;
            }
            if let Some(flight) = self.flying.iter_mut().find(|flight| !flight.sent_here) {
                flight.sent_here = true;
                let packet = publish(flight, true);
                self.send(&packet);
            } else if let Some((qos, number)) = self.backlog.pop_front() {
                self.last_id = self.last_id % u16::MAX + 1;
                let id = PacketId::new(self.last_id).expect("not zero");
                let flight = Flight { id, qos, number, sent_here: true };
                self.send(&publish(&flight, false));
                self.flying.push_back(flight);
            } else {
                return;
            }
        }
    }

    fn land(&mut self, id: PacketId) -> Option<Flight> {
        let at = self.flying.iter().position(|flight| flight.id == id)?;
        self.flying.remove(at)
    }

    fn send(&mut self, packet: &Packet) {
        encode(packet, self.version, &mut self.out).expect("it has bytes");
    }
}

fn publish(flight: &Flight, dup: bool) -> Packet {
    Packet::Publish(Publish {
        dup,
        delivery: match flight.qos {
            QoS::ExactlyOnce => Delivery::ExactlyOnce(flight.id),
            _ => Delivery::AtLeastOnce(flight.id),
        },
        retain: false,
        topic: Some(name()),
        payload: payload(flight.number),
        properties: None,
    })
}
