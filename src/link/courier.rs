//! A client that carries messages both ways: what its store wants to read, and what it wants to say.

use std::marker::PhantomData;

use headcount_mqtt::{
    ProtocolVersion, PublishProperties, QoS, ReasonCode, Subscription, Text, TopicFilter, TopicName,
    client::{Event, Message, Options, Token},
};

use super::{
    caller::Caller,
    dial::{Dial, Dialled},
    moment::Moment,
};
use crate::store::{
    Millis,
    connection::{Protocol, Refusal, Step},
    settings::VersionChoice,
};

/// A store that a [`Courier`] serves.
pub trait Addressee {
    /// Filters that should be subscribed.
    fn wanted(&self) -> Vec<String>;

    /// The next message to publish.
    fn take_outgoing(&mut self) -> Option<Outgoing>;

    /// Takes in what the courier tells.
    fn fold(&mut self, now: Millis, told: Told<'_>);
}

/// A message to publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// By which its answer is told.
    pub serial: u64,
    /// Topic Name.
    pub topic: String,
    /// What it says.
    pub payload: String,
    /// Where the answer to a request should come to. A request goes out at `QoS` 0: sent again after a lost connection,
    /// it could be carried out twice. Anything else goes out at `QoS` 1.
    pub answer_to: Option<String>,
}

/// What the courier tells.
#[derive(Debug)]
pub enum Told<'a> {
    /// A step on the way has begun; the number of the attempt counts retries.
    Step(Step, u32),
    /// CONNACK.
    Connected(Protocol, &'a str),
    /// A filter was granted, or refused with these words.
    Subscribed(&'a str, Option<&'a str>),
    /// A message came.
    Message {
        /// Topic Name.
        topic: &'a str,
        /// As it came.
        payload: &'a [u8],
        /// Whether it was there before this subscription.
        retain: bool,
        /// The number of the request that it answers, where it says so (MQTT 5).
        answers: Option<u64>,
    },
    /// The broker has a message, or refuses it with these words.
    Published(u64, Option<&'a str>),
    /// The connection ended or did not come about: why, the next attempt and its time.
    Lost(&'a str, u32, Millis),
    /// The broker said no for good.
    Refused(Refusal),
    /// Another client with the same identifier came.
    TakenOver,
    /// The user ended it.
    Ended,
}

/// One connection that is wanted, over as many attempts as it takes.
#[derive(Debug)]
pub struct Courier<S> {
    dial: Dial,
    client_id: String,
    /// Filters that the client was told.
    asked: Vec<String>,
    /// Messages without an answer, by the store's number.
    in_hand: Vec<(Token, u64)>,
    _store: PhantomData<fn(&mut S)>,
}

impl<S: Addressee> Courier<S> {
    /// A client at rest, without a name. `seed` spreads reconnects out.
    ///
    /// # Errors
    /// Why this makes no CONNECT, as a sentence without a full stop.
    pub fn new(client_id: &str, seed: u64) -> Result<Self, String> {
        let text = Text::try_from(client_id).map_err(|error| error.to_string())?;
        Self::with(Options::new(ProtocolVersion::V5, text), VersionChoice::Auto, seed)
    }

    /// A client at rest that connects with these options.
    ///
    /// # Errors
    /// Why they make no CONNECT, as a sentence without a full stop.
    pub fn with(options: Options, version: VersionChoice, seed: u64) -> Result<Self, String> {
        let client_id = options.client_id.as_str().to_owned();
        let dial = Dial::new(options, version, seed)?;
        Ok(Self { dial, client_id, asked: Vec::new(), in_hand: Vec::new(), _store: PhantomData })
    }

    /// Begins to connect, also after a refusal; an attempt that waits begins at once.
    pub fn connect(&mut self, now: Moment) {
        self.dial.connect(now);
    }

    /// Ends the connection.
    pub fn disconnect(&mut self, now: Moment) {
        self.dial.leave(now, false);
    }

    fn take(&mut self, now: Moment, dialled: Dialled, store: &mut S) {
        match dialled {
            Dialled::Step(step, attempt) => store.fold(now.unix, Told::Step(step, attempt)),
            Dialled::Lost(why, attempt, at) => {
                store.fold(now.unix, Told::Lost(&why, attempt, now.unix_at(at)));
            }
            Dialled::Refused(refusal) => store.fold(now.unix, Told::Refused(refusal)),
            Dialled::TakenOver => store.fold(now.unix, Told::TakenOver),
            Dialled::Ended => store.fold(now.unix, Told::Ended),
            Dialled::Event(event) => self.event(now, event, store),
        }
    }

    fn event(&mut self, now: Moment, event: Event, store: &mut S) {
        match event {
            // The client asks again by itself for what it was granted before.
            Event::Connected(_) => {
                store.fold(now.unix, Told::Connected(self.dial.protocol(), &self.client_id));
            }
            Event::Subscribed(subscribed) => {
                for (filter, reason) in &subscribed.results {
                    let said = subscribed.reason_string.as_ref().map_or("", Text::as_str);
                    let refused = reason.is_error().then(|| words(*reason, said));
                    store.fold(now.unix, Told::Subscribed(filter.as_str(), refused.as_deref()));
                }
            }
            Event::Message(message) => {
                let (topic, payload, retain) = (message.topic.as_str(), &*message.payload, message.retain);
                let answers = message.properties.as_ref().and_then(|known| {
                    let data: &[u8] = known.correlation_data.as_deref()?;
                    data.try_into().ok().map(u64::from_be_bytes)
                });
                store.fold(now.unix, Told::Message { topic, payload, retain, answers });
            }
            Event::Published { token, reason, reason_string } => {
                let said = reason_string.as_ref().map_or("", Text::as_str);
                let refused = reason.is_error().then(|| words(reason, said));
                self.answered(now, token, refused.as_deref(), store);
            }
            Event::GivenUp { token, .. } => {
                self.answered(now, token, Some("the broker does not take messages like this"), store);
            }
            _ => {}
        }
    }

    fn answered(&mut self, now: Moment, token: Token, refused: Option<&str>, store: &mut S) {
        if let Some(at) = self.in_hand.iter().position(|(known, _)| *known == token) {
            let (_, serial) = self.in_hand.remove(at);
            store.fold(now.unix, Told::Published(serial, refused));
        }
    }

    /// Subscribes to what is wanted and not yet asked for, and unsubscribes from what is wanted no longer.
    fn follow(&mut self, now: Moment, store: &mut S) {
        let wanted = store.wanted();
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
                store.fold(now.unix, Told::Subscribed(text, Some(&error.to_string())));
            }
        }
        self.asked = wanted;
    }

    fn publish(&mut self, now: Moment, outgoing: Outgoing, store: &mut S) {
        let Outgoing { serial, topic, payload, answer_to } = outgoing;
        let name = |text: String| TopicName::try_from(text).map_err(|error| error.to_string());
        let token = name(topic).and_then(|topic| {
            let mut message = Message::new(topic, payload.into());
            match answer_to {
                None => message.qos = QoS::AtLeastOnce,
                Some(answer_to) if self.dial.protocol() == Protocol::V5 => {
                    let properties = PublishProperties {
                        response_topic: Some(name(answer_to)?),
                        correlation_data: Some(serial.to_be_bytes().to_vec().into()),
                        ..PublishProperties::default()
                    };
                    message.properties = Some(Box::new(properties));
                }
                Some(_) => {}
            }
            self.dial.client().publish(now.monotonic, message).map_err(|error| error.to_string())
        });
        match token {
            Ok(token) => self.in_hand.push((token, serial)),
            Err(why) => store.fold(now.unix, Told::Published(serial, Some(&why))),
        }
    }
}

impl<S: Addressee> Caller for Courier<S> {
    type Store = S;

    fn dial(&self) -> &Dial {
        &self.dial
    }

    fn dial_mut(&mut self) -> &mut Dial {
        &mut self.dial
    }

    fn tell(&mut self, now: Moment, store: &mut S) {
        while let Some(dialled) = self.dial.poll(now) {
            self.take(now, dialled, store);
        }
        // Only then: a client of the other version that takes this one's place knows nothing of them.
        if self.dial.is_connected() {
            self.follow(now, store);
            while let Some(outgoing) = store.take_outgoing() {
                self.publish(now, outgoing, store);
            }
        }
    }
}

fn words(reason: ReasonCode, said: &str) -> String {
    Refusal::new(reason, said).words.to_string()
}
