//! Messages on their way to one client, between PUBLISH and its last acknowledgement.

use crate::{key::ShareKey, message::Message};
use headcount_mqtt::{PacketId, QoS};
use std::collections::VecDeque;
use std::sync::Arc;

/// What one session is to get, with all that its subscriptions decided.
#[derive(Debug, Clone)]
pub(crate) struct Pending {
    pub(crate) message: Arc<Message>,
    /// 1 or 2 in flight; also 0 while a retained message waits for room.
    pub(crate) qos: QoS,
    pub(crate) retain: bool,
    pub(crate) identifiers: Box<[u32]>,
    /// The Shared Subscription it came through.
    pub(crate) share: Option<ShareKey>,
    /// Its number among the session's messages, as records name it.
    pub(crate) number: u64,
}

/// How far a message got.
#[derive(Debug)]
pub(crate) enum Flight {
    /// Waits for PUBACK [MQTT-4.3.2-3] or PUBREC [MQTT-4.3.3-3].
    Published(Pending),
    /// `QoS` 2: PUBREC came, PUBREL went out, waits for PUBCOMP [MQTT-4.3.3-5]. The message is the client's.
    Released {
        /// As [`Pending::number`].
        number: u64,
    },
}

impl Flight {
    /// As records name it.
    pub(crate) fn number(&self) -> u64 {
        match self {
            Self::Published(pending) => pending.number,
            Self::Released { number } => *number,
        }
    }
}

/// A ring whose places are Packet Identifiers. The order is that of sending, and so is the order of sending again
/// [MQTT-4.6.0-1] [MQTT-4.6.0-6].
#[derive(Debug, Default)]
pub(crate) struct InFlight {
    ring: VecDeque<Option<Flight>>,
    /// The number of the ring's first place; it counts all messages ever sent in this session.
    base: u64,
    /// Places before it were sent on the present connection.
    cursor: u64,
    /// Of those, how many have not ended.
    outstanding: usize,
}

/// Places between the oldest message without an end and the newest: a client that acknowledges all but one message
/// cannot make the ring grow further, and identifiers in use never meet.
const SPAN: usize = 16_384;

const IDENTIFIERS: u64 = u16::MAX as u64;

impl InFlight {
    /// Messages without an end.
    pub(crate) fn len(&self) -> usize {
        self.ring.iter().flatten().count()
    }

    /// Whether one more may be sent to a client with this Receive Maximum [MQTT-3.3.4-9] [MQTT-4.9.0-1]
    /// [MQTT-4.9.0-2]. No other packet asks here [MQTT-3.3.4-10] [MQTT-4.9.0-3].
    pub(crate) fn has_room(&self, window: u16) -> bool {
        self.outstanding < usize::from(window) && self.ring.len() < SPAN && !self.must_resend()
    }

    /// Whether there are places that the present connection has not seen.
    pub(crate) fn must_resend(&self) -> bool {
        self.cursor < self.end()
    }

    /// Takes a message that is sent at once; its Packet Identifier is none that is in use [MQTT-2.2.1-4] [MQTT-4.3.2-1]
    /// [MQTT-4.3.3-1]. With it
    /// comes its place among all that was ever sent.
    pub(crate) fn push(&mut self, pending: Pending) -> (PacketId, u64) {
        let place = self.end();
        self.ring.push_back(Some(Flight::Published(pending)));
        self.cursor = self.end();
        self.outstanding += 1;
        (packet_id(place), place)
    }

    /// Puts a flight that storage remembers back to its place. Places come in order.
    pub(crate) fn restore(&mut self, place: u64, flight: Flight) {
        if self.ring.is_empty() {
            self.base = place;
        }
        while self.end() < place {
            self.ring.push_back(None);
        }
        self.ring.push_back(Some(flight));
        self.rewind();
    }

    /// The Packet Identifier under which a message is on its way.
    pub(crate) fn find(&self, number: u64) -> Option<PacketId> {
        let at =
            self.ring.iter().position(|flight| flight.as_ref().is_some_and(|it| it.number() == number))?;
        Some(packet_id(self.base + at as u64))
    }

    /// A new connection: everything is to be sent again.
    pub(crate) fn rewind(&mut self) {
        self.cursor = self.base;
        self.outstanding = 0;
    }

    /// The next place to send again, if the Receive Maximum allows.
    pub(crate) fn resend(&mut self, window: u16) -> Option<(PacketId, &Flight)> {
        while self.must_resend() {
            let number = self.cursor;
            let ended = self.ring[self.index(number)].is_none();
            // What has ended needs no room: passed by, it holds nobody up.
            if !ended && self.outstanding >= usize::from(window) {
                return None;
            }
            self.cursor += 1;
            if !ended {
                self.outstanding += 1;
                let flight = self.ring[self.index(number)].as_ref();
                return flight.map(|flight| (packet_id(number), flight));
            }
        }
        None
    }

    pub(crate) fn get(&self, id: PacketId) -> Option<&Flight> {
        self.ring.get(self.index(self.number(id)?))?.as_ref()
    }

    /// PUBREC came: the message makes place for its release, and is not sent again [MQTT-4.3.3-6]. With what was there comes its place.
    pub(crate) fn release(&mut self, id: PacketId) -> Option<(Flight, u64)> {
        let place = self.number(id)?;
        let index = self.index(place);
        let flight = self.ring.get_mut(index)?.as_mut()?;
        let number = flight.number();
        Some((std::mem::replace(flight, Flight::Released { number }), place))
    }

    /// Ends a flight.
    pub(crate) fn take(&mut self, id: PacketId) -> Option<Flight> {
        let number = self.number(id)?;
        let index = self.index(number);
        let flight = self.ring.get_mut(index)?.take()?;
        if number < self.cursor {
            self.outstanding -= 1;
        }
        while let Some(None) = self.ring.front() {
            self.ring.pop_front();
            self.base += 1;
        }
        self.cursor = self.cursor.max(self.base);
        if self.ring.is_empty() {
            // A single PUBLISH a minute should not hold a ring for good.
            self.ring = VecDeque::new();
        }
        Some(flight)
    }

    /// All flights, oldest first.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = Flight> {
        std::mem::take(&mut self.ring).into_iter().flatten()
    }

    fn end(&self) -> u64 {
        self.base + self.ring.len() as u64
    }

    /// The number in the ring that has this identifier; `None` where it would lie behind the end.
    fn number(&self, id: PacketId) -> Option<u64> {
        let wanted = u64::from(id.get()) - 1;
        let number = self.base + (wanted + IDENTIFIERS - self.base % IDENTIFIERS) % IDENTIFIERS;
        (number < self.end()).then_some(number)
    }

    fn index(&self, number: u64) -> usize {
        usize::try_from(number - self.base).expect("a place in the ring")
    }
}

/// Numbers run through 1 to 65,535 again and again; the ring is shorter than one round.
fn packet_id(number: u64) -> PacketId {
    let id = u16::try_from(number % IDENTIFIERS + 1).expect("at most 65,535");
    PacketId::new(id).expect("at least 1")
}

#[cfg(test)]
mod tests {
    use super::{Flight, InFlight, Pending, SPAN};
    use crate::message::Message;
    use bytes::Bytes;
    use headcount_mqtt::{PacketId, QoS};
    use std::collections::BTreeSet;
    use std::sync::Arc;
    use std::time::Duration;

    fn pending(number: u64) -> Pending {
        let message = Message {
            topic: "t".try_into().unwrap(),
            payload: Bytes::new(),
            qos: QoS::AtLeastOnce,
            properties: None,
            received: Duration::ZERO,
            received_unix: Duration::ZERO,
        };
        Pending {
            message: Arc::new(message),
            qos: QoS::AtLeastOnce,
            retain: false,
            identifiers: Box::default(),
            share: None,
            number,
        }
    }

    /// [MQTT-2.2.1-4]: never zero, never one in use, round after round, with one message that is never acknowledged
    /// for long.
    #[test]
    fn identifiers_in_use_never_meet() {
        let mut flights = InFlight::default();
        let mut used = BTreeSet::new();
        let mut held = flights.push(pending(0)).0;
        used.insert(held);
        for number in 1..200_000 {
            while !flights.has_room(20) {
                assert!(flights.take(held).is_some());
                used.remove(&held);
                held = *used.first().unwrap();
            }
            let id = flights.push(pending(number)).0;
            assert!(used.insert(id), "{id:?} is in use");
            if used.len() > 2 {
                let other = *used.iter().find(|it| **it != held).unwrap();
                assert!(flights.take(other).is_some());
                used.remove(&other);
            }
            assert!(flights.ring.len() <= SPAN);
        }
    }

    #[test]
    fn resending_keeps_order_and_window() {
        let mut flights = InFlight::default();
        let ids: Vec<_> = (0..5).map(|number| flights.push(pending(number)).0).collect();
        flights.take(ids[1]);
        flights.release(ids[0]);
        flights.rewind();
        let mut seen = Vec::new();
        while let Some((id, flight)) = flights.resend(2) {
            seen.push((id, matches!(flight, Flight::Released { .. })));
        }
        assert_eq!(seen, [(ids[0], true), (ids[2], false)]);
        assert!(!flights.has_room(100), "the rest goes first");
        flights.take(ids[0]);
        assert_eq!(flights.resend(2).map(|(id, _)| id), Some(ids[3]));
        assert_eq!(flights.resend(2).map(|(id, _)| id), None);
    }

    #[test]
    fn an_unknown_identifier_finds_nothing() {
        let mut flights = InFlight::default();
        assert!(flights.get(PacketId::new(1).unwrap()).is_none());
        let id = flights.push(pending(0)).0;
        assert!(flights.take(PacketId::new(id.get() + 1).unwrap()).is_none());
        assert!(flights.take(id).is_some());
        assert!(flights.take(id).is_none());
    }
}
