//! A script on both: the packets that the step sends, and the answers that have to come.

use crate::clients::Clients;
use crate::filter::split;
use crate::model::Model;
use crate::session::{Testament, Word};
use crate::step::{FILTERS, LastWords, Options, Step, TOPICS};
use headcount_mqtt::{
    Ack, Connect, ConnectProperties, Delivery, Disconnect, DisconnectProperties, Packet, PacketId,
    ProtocolVersion, Publish, PublishProperties, QoS, ReasonCode, RetainHandling, Subscribe, Subscription,
    Unsubscribe, Will, WillProperties,
};
use std::time::Duration;

/// Each step takes so long, so that no two deadlines fall on one moment.
const TICK: Duration = Duration::from_millis(1);

/// The core and the model side by side.
pub(crate) struct Play {
    pub(crate) clients: Clients,
    pub(crate) model: Model,
    /// Answers that have to come in this step, in their order.
    pub(crate) answers: std::collections::VecDeque<Answer>,
    pub(crate) heard: usize,
}

/// An answer to the client that acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    ConnAck { resumed: bool },
    SubAck(Vec<ReasonCode>),
    UnsubAck(Vec<ReasonCode>),
    PubAck(u16, ReasonCode),
    PubRec(u16),
    PubRel(u16),
    PubComp(u16, ReasonCode),
    Disconnect(ReasonCode),
}

/// Plays a script; how many messages clients got.
///
/// # Errors
/// What was otherwise than the model says, and at which step.
pub(crate) fn play(script: &[Step]) -> Result<usize, String> {
    let (clients, model) = (Clients::new(), Model::default());
    let mut play = Play { clients, model, answers: std::collections::VecDeque::new(), heard: 0 };
    for (at, step) in script.iter().enumerate() {
        play.pass(TICK)
            .and_then(|()| play.step(*step))
            .map_err(|why| format!("step {at}, {step:?}: {why}"))?;
    }
    Ok(play.heard)
}

impl Play {
    fn step(&mut self, step: Step) -> Result<(), String> {
        let connected = |client| self.model.links.contains_key(&client);
        let actor = match step {
            Step::Connect { client, .. } => {
                self.connect(step)?;
                client
            }
            Step::Wait { seconds } => return self.pass(Duration::from_secs(seconds.into())),
            Step::Crash => {
                self.model.crash();
                self.clients.crash();
                return self.check(None);
            }
            Step::Lose { client }
            | Step::Disconnect { client, .. }
            | Step::Subscribe { client, .. }
            | Step::Unsubscribe { client, .. }
            | Step::Publish { client, .. }
            | Step::Release { client, .. }
            | Step::Ack { client, .. }
                if !connected(client) =>
            {
                return Ok(());
            }
            Step::Lose { client } => {
                self.model.leave(client);
                self.clients.lose(client);
                return self.check(None);
            }
            Step::Disconnect { client, with_will, expiry } => {
                self.disconnect(client, with_will, expiry);
                client
            }
            Step::Subscribe { client, filter, qos, options } => {
                self.subscribe(client, FILTERS[usize::from(filter)], qos, options);
                client
            }
            Step::Unsubscribe { client, filter } => {
                self.unsubscribe(client, FILTERS[usize::from(filter)]);
                client
            }
            Step::Publish { client, .. } => {
                self.publish(step);
                client
            }
            Step::Release { client, id } => {
                self.release(client, id);
                client
            }
            Step::Ack { client, which, error } => {
                self.acknowledge(client, which, error);
                client
            }
        };
        self.check(Some(actor))
    }

    /// Lets time pass, from one thing that is due to the next.
    fn pass(&mut self, time: Duration) -> Result<(), String> {
        let end = self.model.now + time;
        loop {
            let dues = [self.clients.next_due(), self.model.next_due()];
            let Some(due) = dues.into_iter().flatten().min().filter(|due| *due <= end) else { break };
            let now = due.max(self.model.now);
            (self.model.now, self.clients.now) = (now, now);
            self.model.do_due();
            self.clients.do_due();
            self.check(None)?;
        }
        (self.model.now, self.clients.now) = (end, end);
        Ok(())
    }

    fn connect(&mut self, step: Step) -> Result<(), String> {
        let Step::Connect { client, v5, clean, expiry, window, will } = step else { return Ok(()) };
        let old = self.clients.connection(client).map(|id| (id, self.model.links[&client].v5));
        self.model.leave(client);
        let will = will.map(|words| Testament { words, payload: self.model.payload() });
        let resumed = self.model.connect(client, (v5, clean, expiry, window), will.clone());
        self.answers.push_back(Answer::ConnAck { resumed });
        let version = if v5 { ProtocolVersion::V5 } else { ProtocolVersion::V311 };
        self.clients.open(client, version);
        let properties = ConnectProperties {
            session_expiry_interval: Some(expiry),
            receive_maximum: Some(window),
            ..ConnectProperties::default()
        };
        let connect = Connect {
            version,
            clean_start: if v5 { clean } else { expiry == 0 },
            keep_alive: 0,
            client_id: format!("c{client}").as_str().try_into().expect("a text"),
            will: will.map(|it| last_words(it.words, &it.payload, v5)),
            user_name: None,
            password: None,
            properties: if v5 { properties } else { ConnectProperties::default() },
        };
        self.clients.send(client, Packet::Connect(Box::new(connect)));
        let Some((old, told)) = old else { return Ok(()) };
        let (packets, closed) = self.clients.take(old);
        let last = packets.last().is_some_and(
            |packet| matches!(packet, Packet::Disconnect(it) if it.reason == ReasonCode::SessionTakenOver),
        );
        let right = closed && last == told && packets.len() == usize::from(told);
        if right { Ok(()) } else { Err(format!("the older connection got {packets:?}, closed: {closed}")) }
    }

    fn disconnect(&mut self, client: u8, with_will: bool, expiry: Option<u32>) {
        let link = self.model.links.get_mut(&client).expect("it is connected");
        let expiry = expiry.filter(|_| link.v5);
        let reason =
            if with_will && link.v5 { ReasonCode::DisconnectWithWillMessage } else { ReasonCode::Success };
        let refused = expiry.is_some_and(|seconds| link.asked_expiry == 0 && seconds > 0);
        if refused {
            self.answers.push_back(Answer::Disconnect(ReasonCode::ProtocolError));
        } else {
            if reason == ReasonCode::Success {
                link.will = None;
            }
            if let Some(seconds) = expiry {
                self.model.sessions.get_mut(&client).expect("it is connected").expiry = seconds;
            }
        }
        self.model.leave(client);
        let properties = expiry.map(|seconds| {
            Box::new(DisconnectProperties {
                session_expiry_interval: Some(seconds),
                ..DisconnectProperties::default()
            })
        });
        self.clients.send(client, Packet::Disconnect(Disconnect { reason, properties }));
    }

    fn subscribe(&mut self, client: u8, filter: &'static str, qos: u8, options: Options) {
        let v5 = self.model.links[&client].v5;
        let mut options = if v5 { options } else { Options::default() };
        options.no_local &= split(filter).0.is_none();
        self.model.subscribe(client, filter, qos, options);
        self.answers.push_back(Answer::SubAck(vec![
            [ReasonCode::Success, ReasonCode::GrantedQoS1, ReasonCode::GrantedQoS2][usize::from(qos)],
        ]));
        let subscription = Subscription {
            no_local: options.no_local,
            retain_as_published: options.retain_as_published,
            retain_handling: match options.retain_handling {
                0 => RetainHandling::Send,
                1 => RetainHandling::SendIfNew,
                _ => RetainHandling::DoNotSend,
            },
            ..Subscription::new(filter.try_into().expect("a filter"), level(qos))
        };
        let packet = Subscribe {
            packet_id: id(9),
            subscription_identifier: options.identifier,
            user_properties: Vec::new(),
            subscriptions: vec![subscription],
        };
        self.clients.send(client, Packet::Subscribe(packet));
    }

    fn unsubscribe(&mut self, client: u8, filter: &'static str) {
        let session = self.model.sessions.get_mut(&client).expect("it is connected");
        let known = session.subscriptions.remove(filter).is_some();
        self.model.leave_group(client, filter);
        let code = if known { ReasonCode::Success } else { ReasonCode::NoSubscriptionExisted };
        let v5 = self.model.links[&client].v5;
        self.answers.push_back(Answer::UnsubAck(v5.then_some(code).into_iter().collect()));
        let filters = vec![filter.try_into().expect("a filter")];
        let packet = Unsubscribe { packet_id: id(9), user_properties: Vec::new(), filters };
        self.clients.send(client, Packet::Unsubscribe(packet));
    }

    fn publish(&mut self, step: Step) {
        let Step::Publish { client, topic, qos, retain, empty, expiry, id: number } = step else { return };
        let v5 = self.model.links[&client].v5;
        let expiry = expiry.filter(|_| v5);
        let payload = if empty { String::new() } else { self.model.payload() };
        let topic = TOPICS[usize::from(topic)];
        let properties = expiry.map(|interval| {
            let message_expiry_interval = Some(interval);
            Box::new(PublishProperties { message_expiry_interval, ..PublishProperties::default() })
        });
        let received = &mut self.model.sessions.get_mut(&client).expect("it is connected").received;
        let known = received.contains(&number);
        let taken = match qos {
            0 => true,
            1 if v5 && known => {
                self.answers.push_back(Answer::PubAck(number, ReasonCode::PacketIdentifierInUse));
                false
            }
            1 => {
                self.answers.push_back(Answer::PubAck(number, ReasonCode::Success));
                true
            }
            _ => {
                self.answers.push_back(Answer::PubRec(number));
                received.insert(number)
            }
        };
        if taken {
            let word = Word { topic, payload: payload.clone(), qos, expiry, at: self.model.now };
            self.model.publish(client, &word, retain);
        }
        let packet = Publish {
            dup: known && qos == 2,
            delivery: delivery(qos, number),
            retain,
            topic: Some(topic.try_into().expect("a topic")),
            payload: payload.into_bytes().into(),
            properties,
        };
        self.clients.send(client, Packet::Publish(packet));
    }

    fn release(&mut self, client: u8, number: u16) {
        let v5 = self.model.links[&client].v5;
        let received = &mut self.model.sessions.get_mut(&client).expect("it is connected").received;
        let known = received.remove(&number) || !v5;
        let code = if known { ReasonCode::Success } else { ReasonCode::PacketIdentifierNotFound };
        self.answers.push_back(Answer::PubComp(number, code));
        self.clients.send(client, Packet::PubRel(Ack::new(id(number))));
    }

    /// PUBACK, PUBREC or PUBCOMP, whichever is next for one of the messages on their way.
    fn acknowledge(&mut self, client: u8, which: u8, error: bool) {
        let v5 = self.model.links[&client].v5;
        let session = self.model.sessions.get_mut(&client).expect("it is connected");
        let sent: Vec<usize> = (0..session.flights.len()).filter(|at| session.flights[*at].sent).collect();
        if sent.is_empty() {
            return;
        }
        let at = sent[usize::from(which) % sent.len()];
        let number = session.flights[at].id;
        let refused = Ack::with(id(number), ReasonCode::ImplementationSpecificError);
        let ack = if error && v5 { refused } else { Ack::new(id(number)) };
        let flight = &mut session.flights[at];
        let packet = match (flight.copy.qos, flight.released) {
            (1, _) => {
                session.flights.remove(at);
                Packet::PubAck(ack)
            }
            (_, false) if ack.reason.is_error() => {
                session.flights.remove(at);
                Packet::PubRec(ack)
            }
            (_, false) => {
                flight.released = true;
                self.answers.push_back(Answer::PubRel(number));
                Packet::PubRec(ack)
            }
            (_, true) if error => {
                // The client did not see PUBREL, and asks again.
                self.answers.push_back(Answer::PubRel(number));
                Packet::PubRec(Ack::new(id(number)))
            }
            (_, true) => {
                session.flights.remove(at);
                Packet::PubComp(Ack::new(id(number)))
            }
        };
        self.clients.send(client, packet);
    }
}

fn id(number: u16) -> PacketId {
    PacketId::new(number).expect("not zero")
}

fn level(qos: u8) -> QoS {
    QoS::from_u8(qos).expect("0, 1 or 2")
}

fn delivery(qos: u8, number: u16) -> Delivery {
    match qos {
        0 => Delivery::AtMostOnce,
        1 => Delivery::AtLeastOnce(id(number)),
        _ => Delivery::ExactlyOnce(id(number)),
    }
}

fn last_words(words: LastWords, payload: &str, v5: bool) -> Will {
    Will {
        topic: TOPICS[usize::from(words.topic)].try_into().expect("a topic"),
        payload: payload.as_bytes().to_vec().into(),
        qos: level(words.qos),
        retain: words.retain,
        properties: WillProperties {
            will_delay_interval: (v5 && words.delay > 0).then_some(words.delay),
            ..WillProperties::default()
        },
    }
}
