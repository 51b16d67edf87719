//! Messages on their way to the server: the client's half of the Session State (4.1 and 4.3 of both standards).

use super::{Limits, PublishError, Token};
use crate::{DecodeError, Delivery, PacketId, PacketType, Publish, QoS, ReasonCode};
use std::collections::VecDeque;

/// Outgoing messages of `QoS` 1 and 2, by how far they got.
#[derive(Debug, Default)]
pub(super) struct Outgoing {
    /// Without a Packet Identifier yet.
    queued: VecDeque<Queued>,
    queued_bytes: usize,
    /// Sent and unanswered, in the order of their first PUBLISH, which is the order they are sent again in
    /// [MQTT-4.6.0-1].
    published: VecDeque<Flight>,
    /// How many of `published`, from the front, went out on this connection.
    sent: usize,
    /// Received by the server at `QoS` 2, PUBCOMP awaited, in the order of PUBREC, which is the order of PUBREL
    /// [MQTT-4.6.0-4].
    released: Vec<(PacketId, Token)>,
}

#[derive(Debug)]
struct Queued {
    token: Token,
    /// Its Packet Identifier stands for none.
    publish: Publish,
    size: usize,
}

#[derive(Debug)]
struct Flight {
    id: PacketId,
    token: Token,
    publish: Publish,
    size: usize,
}

/// A message to send next.
pub(super) enum Next {
    /// Once more, with DUP and its old identifier.
    Again(Publish),
    /// [`first`](Outgoing::first), which wants an identifier.
    First,
}

impl Outgoing {
    /// `size` counts against the limit in bytes until the message is sent.
    pub(super) fn queue(
        &mut self,
        token: Token,
        publish: Publish,
        size: usize,
        limits: &Limits,
    ) -> Result<(), PublishError> {
        let bytes = self.queued_bytes.saturating_add(size);
        if self.queued.len() >= limits.queued_messages || bytes > limits.queued_bytes {
            return Err(PublishError::QueueFull);
        }
        self.queued_bytes = bytes;
        self.queued.push_back(Queued { token, publish, size });
        Ok(())
    }

    /// What may be sent, while fewer than `window` messages are unfinished [MQTT-3.3.4-7]; other packets do not ask
    /// [MQTT-3.3.4-8]. Those that the server has received at `QoS` 2 count until PUBCOMP, also on a connection that
    /// follows.
    pub(super) fn next(&self, window: u16) -> Option<Next> {
        if self.sent + self.released.len() >= usize::from(window) {
            return None;
        }
        match self.published.get(self.sent) {
            Some(flight) => Some(Next::Again(flight.publish.clone())),
            None => (!self.queued.is_empty()).then_some(Next::First),
        }
    }

    /// The message that [`Next::Again`] speaks of is out.
    pub(super) fn sent_again(&mut self) {
        self.sent += 1;
    }

    /// The message that [`Next::Again`] speaks of cannot be sent to this server.
    pub(super) fn drop_again(&mut self) -> Option<(PacketId, Token)> {
        self.published.remove(self.sent).map(|flight| (flight.id, flight.token))
    }

    /// The first queued message under its new identifier, as sent.
    pub(super) fn send_first(&mut self, id: PacketId) -> Option<Publish> {
        let Queued { token, mut publish, size } = self.take_first()?;
        publish.delivery = match publish.delivery.qos() {
            QoS::ExactlyOnce => Delivery::ExactlyOnce(id),
            _ => Delivery::AtLeastOnce(id),
        };
        let mut again = publish.clone();
        // [MQTT-3.3.1-1]
        again.dup = true;
        self.published.push_back(Flight { id, token, publish: again, size });
        self.sent += 1;
        Some(publish)
    }

    /// Takes the first queued message back: the server does not take it.
    pub(super) fn drop_first(&mut self) -> Option<Token> {
        self.take_first().map(|queued| queued.token)
    }

    /// The first queued message, to look at.
    pub(super) fn first(&self) -> Option<&Publish> {
        self.queued.front().map(|queued| &queued.publish)
    }

    fn take_first(&mut self) -> Option<Queued> {
        let queued = self.queued.pop_front()?;
        self.queued_bytes -= queued.size;
        Some(queued)
    }

    /// PUBACK: the flow of `QoS` 1 ends, error or not. `None` for an identifier that is not in flight.
    pub(super) fn puback(&mut self, id: PacketId) -> Result<Option<Token>, DecodeError> {
        if self.is_released(id) || self.qos(id) == Some(QoS::ExactlyOnce) {
            return Err(wrong_flow(PacketType::PubAck));
        }
        Ok(self.remove(id).map(|flight| flight.token))
    }

    /// PUBREC. With an error the flow ends, and its token comes back; else PUBREL is due
    /// [MQTT-4.3.3-4].
    pub(super) fn pubrec(&mut self, id: PacketId, reason: ReasonCode) -> Result<Received, DecodeError> {
        match self.qos(id) {
            Some(QoS::ExactlyOnce) => {}
            Some(_) => return Err(wrong_flow(PacketType::PubRec)),
            // A PUBREC that came twice: PUBREL again.
            None if self.is_released(id) => return Ok(Received::Release),
            None => return Ok(Received::Unknown),
        }
        let Some(flight) = self.remove(id) else { return Ok(Received::Unknown) };
        if reason.is_error() {
            return Ok(Received::Ended(flight.token));
        }
        // The payload goes: from here on the server has the message, and no PUBLISH follows [MQTT-4.3.3-6].
        self.released.push((id, flight.token));
        Ok(Received::Release)
    }

    /// PUBCOMP: the flow of `QoS` 2 ends.
    pub(super) fn pubcomp(&mut self, id: PacketId) -> Result<Option<Token>, DecodeError> {
        if self.qos(id).is_some() {
            return Err(wrong_flow(PacketType::PubComp));
        }
        let at = self.released.iter().position(|(released, _)| *released == id);
        Ok(at.map(|at| self.released.remove(at).1))
    }

    /// A connection on which the server resumed the session: everything unanswered goes out again, PUBRELs first
    /// [MQTT-4.4.0-1].
    pub(super) fn resume(&mut self) -> Vec<PacketId> {
        self.sent = 0;
        self.released.iter().map(|(id, _)| *id).collect()
    }

    /// A connection on which the server knows nothing: messages that it has not confirmed are published anew, before
    /// the queued ones. Returns the identifiers that fell free, and the tokens of those it had received and not
    /// completed.
    pub(super) fn start_over(&mut self) -> (Vec<PacketId>, Vec<Token>) {
        self.sent = 0;
        let mut free = Vec::with_capacity(self.published.len() + self.released.len());
        while let Some(Flight { id, token, mut publish, size }) = self.published.pop_back() {
            free.push(id);
            publish.dup = false;
            self.queued_bytes += size;
            self.queued.push_front(Queued { token, publish, size });
        }
        let lost = std::mem::take(&mut self.released);
        free.extend(lost.iter().map(|(id, _)| *id));
        (free, lost.into_iter().map(|(_, token)| token).collect())
    }

    /// Messages without their last acknowledgement.
    pub(super) fn len(&self) -> usize {
        self.queued.len() + self.published.len() + self.released.len()
    }

    fn qos(&self, id: PacketId) -> Option<QoS> {
        self.published.iter().find(|flight| flight.id == id).map(|flight| flight.publish.delivery.qos())
    }

    fn is_released(&self, id: PacketId) -> bool {
        self.released.iter().any(|(released, _)| *released == id)
    }

    fn remove(&mut self, id: PacketId) -> Option<Flight> {
        let at = self.published.iter().position(|flight| flight.id == id)?;
        if at < self.sent {
            self.sent -= 1;
        }
        self.published.remove(at)
    }
}

/// What a PUBREC means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Received {
    Release,
    Ended(Token),
    Unknown,
}

fn wrong_flow(packet: PacketType) -> DecodeError {
    DecodeError::Protocol {
        packet,
        rule: "it does not answer the QoS of the PUBLISH with its Packet Identifier [MQTT-4.3.2-1] [MQTT-4.3.3-1]",
        reason: ReasonCode::ProtocolError,
    }
}
