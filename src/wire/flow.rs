//! Which packets belong together: a PUBLISH and its acknowledgements, a request and its answer.

use std::collections::VecDeque;

use headcount_mqtt::{PacketType, dissect::Sender};

use super::packet::Packet;

/// Flows that are open at once. Receive Maximum is 65,535, and yet some dozens are much; the oldest is forgotten.
const OPEN_MAX: usize = 1_024;
/// Topic Aliases that are remembered at once.
const ALIASES_MAX: usize = 256;

/// What is under way, by connection, who began it, and Packet Identifier. CONNECT and PINGREQ, which have none and wait
/// for nothing else, take 0, which is none.
#[derive(Debug, Default)]
pub(super) struct Flows {
    open: VecDeque<(Key, u64)>,
    aliases: VecDeque<((u32, Sender, u16), String)>,
}

type Key = (u32, Sender, u16);

impl Flows {
    /// Finds out what a packet belongs to.
    pub(super) fn join(&mut self, packet: &mut Packet) {
        let own = packet.from;
        let Some(packet_type) = packet.packet_type else { return };
        if packet_type == PacketType::Publish {
            self.name(packet);
        }
        let other = if own == Sender::Client { Sender::Server } else { Sender::Client };
        let key = |side: Sender| (packet.connection, side, packet.id.unwrap_or_default());
        match packet_type {
            PacketType::Connect => {
                // What an earlier connection of this number left open has nothing to do with this one.
                self.open.retain(|((connection, ..), _)| *connection != packet.connection);
                packet.flow = Some(self.begin(key(own), packet.number));
            }
            PacketType::Publish if packet.id.is_none() => {}
            // Sent again, it is the same message.
            PacketType::Publish => {
                let found = self.find(key(own));
                packet.flow = Some(found.unwrap_or_else(|| self.begin(key(own), packet.number)));
            }
            PacketType::Subscribe | PacketType::Unsubscribe | PacketType::PingReq => {
                packet.flow = Some(self.begin(key(own), packet.number));
            }
            PacketType::PubRec => packet.flow = self.find(key(other)),
            PacketType::PubRel => packet.flow = self.find(key(own)),
            PacketType::ConnAck
            | PacketType::PubAck
            | PacketType::PubComp
            | PacketType::SubAck
            | PacketType::UnsubAck
            | PacketType::PingResp => packet.flow = self.end(key(other)),
            PacketType::Disconnect | PacketType::Auth => {}
        }
    }

    fn begin(&mut self, key: Key, number: u64) -> u64 {
        self.end(key);
        if self.open.len() == OPEN_MAX {
            self.open.pop_front();
        }
        self.open.push_back((key, number));
        number
    }

    fn find(&self, key: Key) -> Option<u64> {
        self.open.iter().find(|(open, _)| *open == key).map(|(_, number)| *number)
    }

    fn end(&mut self, key: Key) -> Option<u64> {
        let place = self.open.iter().position(|(open, _)| *open == key)?;
        self.open.remove(place).map(|(_, number)| number)
    }

    /// Gives a PUBLISH with a Topic Alias alone the name that the alias was given.
    fn name(&mut self, packet: &mut Packet) {
        let Some(alias) = packet.alias else { return };
        let key = (packet.connection, packet.from, alias);
        let place = self.aliases.iter().position(|(known, _)| *known == key);
        if packet.topic.is_empty() {
            if let Some(place) = place {
                packet.topic.clone_from(&self.aliases[place].1);
            }
            return;
        }
        place.map(|place| self.aliases.remove(place));
        if self.aliases.len() == ALIASES_MAX {
            self.aliases.pop_front();
        }
        self.aliases.push_back((key, packet.topic.clone()));
    }
}
