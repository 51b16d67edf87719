//! The record: a bounded ring of packets, oldest first.

use std::{collections::VecDeque, sync::Arc};

use super::{
    flow::Flows,
    packet::{Packet, Raw},
};

/// Packets kept: half an hour of a busy chat, or seconds of a flood.
pub const PACKETS_MAX: usize = 5_000;
/// Bytes kept, of packets with what a row says of each.
pub const BYTES_MAX: usize = 8 << 20;

/// Packets, bounded in number and in bytes; the oldest go first.
#[derive(Debug, Default)]
pub struct Record {
    packets: VecDeque<Arc<Packet>>,
    flows: Flows,
    bytes: usize,
    next: u64,
    trimmed: u64,
}

impl Record {
    /// Adds a packet. `named` is its topic where something else knows it: what gave its Topic Alias a name may be gone.
    pub(super) fn push(&mut self, raw: Raw, named: Option<&str>) -> Arc<Packet> {
        let mut packet = Packet::new(raw, self.next);
        self.next += 1;
        self.flows.join(&mut packet);
        if let (true, Some(named)) = (packet.topic.is_empty(), named) {
            named.clone_into(&mut packet.topic);
        }
        let packet = Arc::new(packet);
        self.bytes += packet.weight();
        self.packets.push_back(Arc::clone(&packet));
        while self.packets.len() > PACKETS_MAX || (self.bytes > BYTES_MAX && self.packets.len() > 1) {
            let gone = self.packets.pop_front();
            self.bytes -= gone.map_or(0, |gone| gone.weight());
            self.trimmed += 1;
        }
        packet
    }

    /// Oldest first.
    pub fn packets(&self) -> impl DoubleEndedIterator<Item = &Arc<Packet>> {
        self.packets.iter()
    }

    /// A packet by its number, if it is kept.
    pub fn get(&self, number: u64) -> Option<&Arc<Packet>> {
        let place = number.checked_sub(self.trimmed)?;
        self.packets.get(usize::try_from(place).ok()?)
    }

    /// The packets that belong together with this one, itself among them; none where it stands alone.
    pub fn flow_of(&self, packet: &Packet) -> Vec<Arc<Packet>> {
        let Some(flow) = packet.flow else { return Vec::new() };
        self.packets().filter(|other| other.flow == Some(flow)).cloned().collect()
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        self.packets.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.packets.is_empty()
    }

    /// How many were let go.
    pub fn trimmed(&self) -> u64 {
        self.trimmed
    }
}
