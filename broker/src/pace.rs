//! Publishing no faster than the account and the realm allow.
//!
//! Who is above the rate loses nothing and is told nothing that a client could stumble over: its packets wait here, in
//! their order, and the caller reads no more of it until they were served. Acknowledgements and PINGREQ do not wait,
//! so that what is sent *to* the client goes on.

use crate::timers::Timer;
use crate::{Broker, ConnectionId, Now, Output};
use headcount_mqtt::Packet;
use std::collections::VecDeque;

/// Packets that may wait: a read of 64 KiB holds half as many at most.
const MAX_WAITING: usize = 65_536;

impl Broker {
    /// Takes a packet of a client that publishes under a rate: serves it, or lets it wait.
    pub(crate) fn paced_packet(&mut self, now: Now, id: ConnectionId, packet: Packet) {
        let waits_not =
            matches!(packet, Packet::PingReq | Packet::PubAck(_) | Packet::PubRec(_) | Packet::PubComp(_));
        let Some(link) = self.link_mut(id) else { return };
        match &mut link.waiting {
            Some(waiting) if !waits_not => {
                waiting.push_back(packet);
                if waiting.len() > MAX_WAITING {
                    self.flooded(now, id);
                }
            }
            _ => {
                if let Some(packet) = self.served(now, id, packet) {
                    let Some(link) = self.link_mut(id) else { return };
                    link.waiting = Some(VecDeque::from([packet]));
                    self.outputs.push_back(Output::Pause(id));
                }
            }
        }
    }

    /// The time of a packet that waited has come: serves it, and those behind it as far as they may.
    pub(crate) fn resume_pace(&mut self, now: Now, id: ConnectionId) {
        while let Some(link) = self.link_mut(id) {
            let Some(waiting) = &mut link.waiting else { return };
            let Some(packet) = waiting.pop_front() else {
                link.waiting = None;
                self.outputs.push_back(Output::Resume(id));
                return;
            };
            if let Some(packet) = self.served(now, id, packet) {
                if let Some(waiting) = self.link_mut(id).and_then(|link| link.waiting.as_mut()) {
                    waiting.push_front(packet);
                }
                return;
            }
        }
    }

    /// The connection is gone: what came before its end is served all the same, on credit.
    pub(crate) fn end_pace(&mut self, now: Now, id: ConnectionId) {
        let Some(waiting) = self.link_mut(id).and_then(|link| link.waiting.take()) else { return };
        for packet in waiting {
            self.packet(now, id, packet);
        }
    }

    /// Serves a packet, or gives it back where its time has not come; the timer is set then.
    fn served(&mut self, now: Now, id: ConnectionId, packet: Packet) -> Option<Packet> {
        if matches!(packet, Packet::Publish(_)) {
            let link = self.link(id)?;
            let (account, key) = (std::sync::Arc::clone(&link.account), link.session);
            if let Err((due, line)) = self.spend_publish(now, &account) {
                let link = self.link_mut(id)?;
                // While we do not read, the client's silence is ours.
                link.last_packet = link.last_packet.max(due);
                if link.waiting.is_none() {
                    self.report_throttled(now, key, &line);
                }
                self.timers.set(due, Timer::Pace(id));
                return Some(packet);
            }
        }
        self.packet(now, id, packet);
        None
    }
}
