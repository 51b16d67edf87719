//! What clients got in a step, against what the model says they have to get.

use crate::model::Model;
use crate::play::{Answer, Play};
use crate::session::{Copy, Flight};
use crate::step::CLIENTS;
use headcount_mqtt::{Packet, Publish};

/// Why something is wrong.
type Wrong = Result<(), String>;

impl Play {
    /// Reads what came. `actor` is the client that the answers go to.
    pub(crate) fn check(&mut self, actor: Option<u8>) -> Wrong {
        for client in 0..CLIENTS {
            let Some(id) = self.clients.connection(client) else { continue };
            let (packets, closed) = self.clients.take(id);
            for packet in packets {
                self.packet(client, actor == Some(client), packet)
                    .map_err(|why| format!("c{client}: {why}"))?;
            }
            if closed {
                self.clients.forget(client);
            }
            let open = self.model.links.contains_key(&client);
            if open == closed {
                return Err(format!("c{client}: closed {closed}, expected {}", !open));
            }
        }
        if !self.answers.is_empty() {
            return Err(format!("no answer came: {:?}", self.answers));
        }
        for client in 0..CLIENTS {
            self.model.settle(client).map_err(|why| format!("c{client}: {why}"))?;
        }
        self.model.settle_offers()
    }

    fn packet(&mut self, client: u8, acts: bool, packet: Packet) -> Wrong {
        let answer = match packet {
            Packet::Publish(publish) => {
                let own =
                    publish.topic.as_ref().is_some_and(|topic| topic.as_str().starts_with("anonymous/"));
                if own {
                    return Ok(()); // The feeds are another chapter.
                }
                self.heard += 1;
                return self.model.receive(client, &publish);
            }
            Packet::PubRel(ack) => {
                let number = ack.packet_id.get();
                if self.model.resent_release(client, number) {
                    return Ok(());
                }
                Answer::PubRel(number)
            }
            Packet::ConnAck(ack) => Answer::ConnAck { resumed: ack.session_present },
            Packet::SubAck(ack) => Answer::SubAck(ack.reasons),
            Packet::UnsubAck(ack) => Answer::UnsubAck(ack.reasons),
            Packet::PubAck(ack) => Answer::PubAck(ack.packet_id.get(), ack.reason),
            Packet::PubRec(ack) => Answer::PubRec(ack.packet_id.get()),
            Packet::PubComp(ack) => Answer::PubComp(ack.packet_id.get(), ack.reason),
            Packet::Disconnect(it) => Answer::Disconnect(it.reason),
            other => return Err(format!("{other:?} came")),
        };
        match self.answers.pop_front() {
            Some(expected) if acts && expected == answer => Ok(()),
            expected => Err(format!("{answer:?} came, expected {expected:?}")),
        }
    }
}

impl Model {
    /// A PUBLISH came to a client.
    fn receive(&mut self, client: u8, publish: &Publish) -> Wrong {
        let came = || format!("{publish:?} came");
        let now = self.now;
        let Some(link) = self.links.get(&client) else { return Err(came()) };
        let (v5, window) = (link.v5, link.window);
        let is_it = |copy: &Copy| is_copy(copy, publish, v5, now);
        let session = self.sessions.get_mut(&client).expect("a connection serves one");
        let qos = publish.delivery.qos() as u8;
        if qos == 0 {
            let link = self.links.get_mut(&client).expect("found above");
            if link.due.front().is_some_and(is_it) {
                link.due.pop_front();
                return Ok(());
            }
            if self.next_retained(client).as_ref().is_some_and(is_it) {
                self.sessions.get_mut(&client).expect("found above").backlog.pop_front();
                return Ok(());
            }
            return self.accept(client, is_it).map(drop).ok_or_else(came);
        }
        let id = publish.delivery.packet_id().expect("above QoS 0").get();
        if session.unfinished() >= window {
            return Err(format!("{} beyond Receive Maximum {window}", came()));
        }
        if let Some(next) = session.flights.iter_mut().find(|flight| !flight.sent) {
            let right = publish.dup && !next.released && next.id == id && is_it(&next.copy);
            next.sent = true;
            return if right { Ok(()) } else { Err(format!("{}, expected again {next:?}", came())) };
        }
        if publish.dup || session.flights.iter().any(|flight| flight.id == id) {
            return Err(format!("{} as another with its identifier is on its way", came()));
        }
        let copy = self.take_next(client, is_it).ok_or_else(came)?;
        let session = self.sessions.get_mut(&client).expect("found above");
        session.flights.push(Flight { id, copy, released: false, sent: true, left: false });
        Ok(())
    }

    /// The message of QoS 1 or 2 that is next: retained ones first, then what waits, or one of a group.
    fn take_next(&mut self, client: u8, is_it: impl Fn(&Copy) -> bool) -> Option<Copy> {
        let retained = self.next_retained(client);
        let now = self.now;
        let session = self.sessions.get_mut(&client)?;
        if let Some(copy) = retained {
            session.backlog.pop_front();
            return Some(copy).filter(|copy| is_it(copy));
        }
        session.drop_expired(now);
        if session.queue.front().is_some_and(&is_it) {
            return session.queue.pop_front();
        }
        self.accept(client, is_it)
    }

    /// PUBREL that is sent again on a new connection.
    fn resent_release(&mut self, client: u8, id: u16) -> bool {
        let Some(session) = self.sessions.get_mut(&client) else { return false };
        let next = session.flights.iter_mut().find(|flight| !flight.sent);
        next.filter(|flight| flight.released && flight.id == id).map(|flight| flight.sent = true).is_some()
    }

    /// Nothing that could have been sent was held back.
    fn settle(&mut self, client: u8) -> Wrong {
        let Some(link) = self.links.get(&client) else { return Ok(()) };
        let window = link.window;
        if let Some(missing) = link.due.front() {
            return Err(format!("{missing:?} did not come"));
        }
        let now = self.now;
        let session = self.sessions.get_mut(&client).expect("a connection serves one");
        session.drop_expired(now);
        let room = session.unfinished() < window;
        if !session.is_resent() {
            return if room { Err("what was unfinished is not sent again".to_owned()) } else { Ok(()) };
        }
        if let Some(copy) = self.next_retained(client) {
            return Err(format!("{copy:?} is not sent"));
        }
        let session = self.sessions.get_mut(&client).expect("found above");
        match session.queue.front() {
            Some(copy) if room && session.backlog.is_empty() => Err(format!("{copy:?} is not sent")),
            _ => Ok(()),
        }
    }
}

/// Whether a PUBLISH is this copy.
fn is_copy(copy: &Copy, publish: &Publish, v5: bool, now: std::time::Duration) -> bool {
    let properties = publish.properties.as_deref();
    let identifiers = properties.map_or(&[][..], |it| &it.subscription_identifiers);
    let (mut mine, mut theirs) = (copy.identifiers.clone(), identifiers.to_vec());
    mine.sort_unstable();
    theirs.sort_unstable();
    // What is sent again is sent to its end, over or not.
    let left =
        if publish.dup { copy.word.left(now).unwrap_or(Some(0)) } else { copy.word.left(now).ok().flatten() };
    let expiry = properties.and_then(|it| it.message_expiry_interval);
    publish.topic.as_ref().is_some_and(|topic| topic.as_str() == copy.word.topic)
        && publish.payload == copy.word.payload
        && publish.delivery.qos() as u8 == copy.qos
        && publish.retain == copy.retain
        // In 3.1.1 a client's own copy and that of its group look the same: whose came first is not known.
        && (!v5 || ((publish.dup || mine == theirs) && expiry == left))
}
