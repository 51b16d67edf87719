//! A room's session: its client, what it subscribes to, and what it publishes.

use headcount_mqtt::{
    ProtocolVersion, QoS, ReasonCode, Subscription, Text, TopicFilter, TopicName,
    client::{Event, Message, Options, Token},
};

use super::store::{Outgoing, Room, Told};
use crate::{
    link::{
        caller::Caller,
        dial::{Dial, Dialled},
        moment::Moment,
    },
    store::{connection::Refusal, settings::VersionChoice},
};

/// One connection that is wanted, over as many attempts as it takes.
#[derive(Debug)]
pub struct Session {
    dial: Dial,
    client_id: String,
    /// Filters that the client was told.
    asked: Vec<String>,
    /// Messages without an answer, by the store's number.
    in_hand: Vec<(Token, u64)>,
}

impl Session {
    /// A session at rest. `seed` spreads reconnects out.
    ///
    /// # Errors
    /// Why this makes no CONNECT, as a sentence without a full stop.
    pub fn new(client_id: &str, seed: u64) -> Result<Self, String> {
        let text = Text::try_from(client_id).map_err(|error| error.to_string())?;
        let options = Options::new(ProtocolVersion::V5, text);
        let dial = Dial::new(options, VersionChoice::Auto, seed)?;
        Ok(Self { dial, client_id: client_id.to_owned(), asked: Vec::new(), in_hand: Vec::new() })
    }

    /// Begins to connect, also after a refusal; an attempt that waits begins at once.
    pub fn connect(&mut self, now: Moment) {
        self.dial.connect(now);
    }

    /// Ends the connection.
    pub fn disconnect(&mut self, now: Moment) {
        self.dial.leave(now, false);
    }

    fn take(&mut self, now: Moment, dialled: Dialled, room: &mut Room) {
        match dialled {
            Dialled::Step(step, attempt) => room.fold(now.unix, Told::Step(step, attempt)),
            Dialled::Lost(why, attempt, at) => {
                room.fold(now.unix, Told::Lost(&why, attempt, now.unix_at(at)));
            }
            Dialled::Refused(refusal) => room.fold(now.unix, Told::Refused(refusal)),
            Dialled::TakenOver => room.fold(now.unix, Told::TakenOver),
            Dialled::Ended => room.fold(now.unix, Told::Ended),
            Dialled::Event(event) => self.event(now, event, room),
        }
    }

    fn event(&mut self, now: Moment, event: Event, room: &mut Room) {
        match event {
            // The client asks again by itself for what it was granted before.
            Event::Connected(_) => {
                room.fold(now.unix, Told::Connected(self.dial.protocol(), &self.client_id));
            }
            Event::Subscribed(subscribed) => {
                for (filter, reason) in &subscribed.results {
                    let said = subscribed.reason_string.as_ref().map_or("", Text::as_str);
                    let refused = reason.is_error().then(|| words(*reason, said));
                    room.fold(now.unix, Told::Subscribed(filter.as_str(), refused.as_deref()));
                }
            }
            Event::Message(message) => {
                let (topic, payload, retain) = (message.topic.as_str(), &*message.payload, message.retain);
                room.fold(now.unix, Told::Message { topic, payload, retain });
            }
            Event::Published { token, reason, reason_string } => {
                let said = reason_string.as_ref().map_or("", Text::as_str);
                let refused = reason.is_error().then(|| words(reason, said));
                self.answered(now, token, refused.as_deref(), room);
            }
            Event::GivenUp { token, .. } => {
                self.answered(now, token, Some("the broker does not take messages like this"), room);
            }
            _ => {}
        }
    }

    fn answered(&mut self, now: Moment, token: Token, refused: Option<&str>, room: &mut Room) {
        if let Some(at) = self.in_hand.iter().position(|(known, _)| *known == token) {
            let (_, serial) = self.in_hand.remove(at);
            room.fold(now.unix, Told::Published(serial, refused));
        }
    }

    /// Subscribes to what is wanted and not yet asked for, and unsubscribes from what is wanted no longer.
    fn follow(&mut self, now: Moment, room: &mut Room) {
        let wanted = room.wanted();
        if wanted == self.asked {
            return;
        }
        let filter = |text: &String| TopicFilter::try_from(text.as_str()).ok();
        let gone: Vec<_> = self.asked.iter().filter(|old| !wanted.contains(old)).filter_map(filter).collect();
        if !gone.is_empty() {
            // At worst it goes on coming, and matches nothing that is shown.
            let _ = self.dial.client().unsubscribe(now.monotonic, gone);
        }
        for text in wanted.iter().filter(|new| !self.asked.contains(new)) {
            let Some(filter) = filter(text) else { continue };
            let subscription = Subscription::new(filter, QoS::AtLeastOnce);
            if let Err(error) = self.dial.client().subscribe(now.monotonic, vec![subscription], None) {
                room.fold(now.unix, Told::Subscribed(text, Some(&error.to_string())));
            }
        }
        self.asked = wanted;
    }

    fn publish(&mut self, now: Moment, outgoing: Outgoing, room: &mut Room) {
        let Outgoing { serial, topic, payload } = outgoing;
        let token = TopicName::try_from(topic).map_err(|error| error.to_string()).and_then(|topic| {
            let mut message = Message::new(topic, payload.into());
            message.qos = QoS::AtLeastOnce;
            self.dial.client().publish(now.monotonic, message).map_err(|error| error.to_string())
        });
        match token {
            Ok(token) => self.in_hand.push((token, serial)),
            Err(why) => room.fold(now.unix, Told::Published(serial, Some(&why))),
        }
    }
}

impl Caller for Session {
    type Store = Room;

    fn dial(&self) -> &Dial {
        &self.dial
    }

    fn dial_mut(&mut self) -> &mut Dial {
        &mut self.dial
    }

    fn tell(&mut self, now: Moment, room: &mut Room) {
        while let Some(dialled) = self.dial.poll(now) {
            self.take(now, dialled, room);
        }
        // Only then: a client of the other version that takes this one's place knows nothing of them.
        if self.dial.is_connected() {
            self.follow(now, room);
            while let Some(outgoing) = room.take_outgoing() {
                self.publish(now, outgoing, room);
            }
        }
    }
}

fn words(reason: ReasonCode, said: &str) -> String {
    Refusal::new(reason, said).words.to_string()
}
