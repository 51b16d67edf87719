//! Whatever the line does, `QoS` 2 arrives exactly once and `QoS` 1 at least once, in order, both ways.
//!
//! Bytes travel through two pipes that are emptied piece by piece, in any interleaving with calls, answers and time;
//! a cut loses what is in them.

mod server;

use crate::script::{V5, V311, kept, secs};
use bytes::{Buf, Bytes, BytesMut};
use headcount_mqtt::client::{Action, Client, Event, GivenUp, Limits, Message, Options, Token};
use headcount_mqtt::{ProtocolVersion, QoS, TopicName};
use proptest::prelude::*;
use server::Server;
use std::collections::BTreeMap;
use std::num::NonZeroU16;
use std::time::Duration;

#[derive(Debug, Clone)]
enum Step {
    ClientPublishes(QoS),
    ServerPublishes(QoS),
    /// So many bytes reach the other end.
    ToServer(usize),
    ToClient(usize),
    /// The server sends so many of the answers it owes.
    Answer(usize),
    /// Both pipes are lost.
    Cut,
    /// The server loses every session, and the connection.
    Forget,
    Advance(Duration),
}

fn step() -> impl Strategy<Value = Step> {
    let qos = prop_oneof![Just(QoS::AtLeastOnce), Just(QoS::ExactlyOnce)];
    prop_oneof![
        3 => qos.clone().prop_map(Step::ClientPublishes),
        3 => qos.prop_map(Step::ServerPublishes),
        6 => (1..60_usize).prop_map(Step::ToServer),
        6 => (1..60_usize).prop_map(Step::ToClient),
        6 => (1..6_usize).prop_map(Step::Answer),
        1 => Just(Step::Cut),
        3 => (0..40_000_u64).prop_map(|ms| Step::Advance(Duration::from_millis(ms))),
    ]
}

fn forgetful_step() -> impl Strategy<Value = Step> {
    prop_oneof![20 => step(), 1 => Just(Step::Forget)]
}

struct World {
    client: Client,
    now: Duration,
    server: Server,
    open: bool,
    to_server: BytesMut,
    to_client: BytesMut,
    published: Vec<(Token, QoS, u32)>,
    /// How often each token was answered, and by what.
    answered: BTreeMap<Token, Vec<Event>>,
    received: Vec<(QoS, u32)>,
    sent_by_server: Vec<(QoS, u32)>,
}

impl World {
    fn new(version: ProtocolVersion, client_window: u16, server_window: u16) -> Self {
        let options = Options {
            // With Clean Start, losing the first CONNACK would rightly drop what the server had begun.
            clean_start: false,
            receive_maximum: NonZeroU16::new(client_window).expect("not zero"),
            limits: Limits { in_flight: server_window, ..Limits::default() },
            ..kept(version)
        };
        let mut client = Client::new(options, 3).expect("options are valid");
        client.connect(Duration::ZERO);
        let mut world = Self {
            client,
            now: Duration::ZERO,
            server: Server::new(version, usize::from(client_window), server_window),
            open: false,
            to_server: BytesMut::new(),
            to_client: BytesMut::new(),
            published: Vec::new(),
            answered: BTreeMap::new(),
            received: Vec::new(),
            sent_by_server: Vec::new(),
        };
        world.drain();
        world
    }

    fn step(&mut self, step: &Step) {
        match *step {
            Step::ClientPublishes(qos) => {
                let number = u32::try_from(self.published.len()).expect("few");
                let message = Message { qos, ..Message::new(name(), payload(number)) };
                let token = self.client.publish(self.now, message).expect("far below every limit");
                self.published.push((token, qos, number));
            }
            Step::ServerPublishes(qos) => {
                let number = u32::try_from(self.sent_by_server.len()).expect("few");
                self.sent_by_server.push((qos, number));
                self.server.publish(qos, number);
            }
            Step::ToServer(size) => {
                let piece = self.to_server.split_to(size.min(self.to_server.len()));
                self.server.receive(&piece);
            }
            Step::ToClient(size) => {
                let piece = self.to_client.split_to(size.min(self.to_client.len()));
                self.client.handle_bytes(self.now, &piece);
            }
            Step::Answer(count) => self.server.answer(count),
            Step::Cut => self.cut(),
            Step::Forget => {
                self.server.forget();
                self.cut();
            }
            Step::Advance(by) => {
                let target = self.now + by;
                while let Some(at) = self.client.poll_timeout().filter(|at| *at <= target) {
                    self.now = self.now.max(at);
                    self.client.handle_timeout(self.now);
                    self.drain();
                }
                self.now = target;
            }
        }
        self.drain();
    }

    fn cut(&mut self) {
        if self.open {
            self.hang_up();
            self.client.handle_closed(self.now);
        }
    }

    fn hang_up(&mut self) {
        self.open = false;
        self.to_server.clear();
        self.to_client.clear();
        self.server.hang_up();
    }

    fn drain(&mut self) {
        while let Some(action) = self.client.poll_action() {
            match action {
                Action::Open => {
                    self.open = true;
                    self.server.accept();
                    self.client.handle_opened(self.now);
                }
                Action::Send(bytes) => self.to_server.extend_from_slice(&bytes),
                Action::Close => self.hang_up(),
            }
        }
        self.to_client.extend_from_slice(&self.server.take_bytes());
        while let Some(event) = self.client.poll_event() {
            match event {
                Event::Message(message) => {
                    let number = message.payload.clone().get_u32();
                    self.received.push((message.qos, number));
                }
                Event::Published { token, .. } | Event::GivenUp { token, .. } => {
                    self.answered.entry(token).or_default().push(event);
                }
                Event::Disconnected { cause: headcount_mqtt::client::Cause::Violation(error), .. } => {
                    panic!("the model server breaks no rule: {error}");
                }
                _ => {}
            }
        }
    }

    /// A line without losses, until nothing is left to do.
    fn settle(&mut self) {
        for _ in 0..2_000 {
            self.step(&Step::ToServer(usize::MAX));
            self.step(&Step::Answer(usize::MAX));
            self.step(&Step::ToClient(usize::MAX));
            let quiet = self.to_server.is_empty() && self.to_client.is_empty() && self.server.is_done();
            if quiet && self.client.unacknowledged() == 0 {
                return;
            }
            if !self.open {
                self.step(&Step::Advance(secs(60)));
            }
        }
        panic!("no end: {:?}", self.client);
    }

    fn outgoing(&self, of: QoS) -> Vec<u32> {
        self.published.iter().filter(|(_, qos, _)| *qos == of).map(|(_, _, number)| *number).collect()
    }
}

fn of(qos: QoS, messages: &[(QoS, u32)]) -> Vec<u32> {
    messages.iter().filter(|(q, _)| *q == qos).map(|(_, number)| *number).collect()
}

/// In the order in which each came first.
fn first_of_each(numbers: Vec<u32>) -> Vec<u32> {
    let mut first = Vec::new();
    for number in numbers {
        if !first.contains(&number) {
            first.push(number);
        }
    }
    first
}

fn name() -> TopicName {
    TopicName::try_from("t").expect("a valid Topic Name")
}

fn payload(number: u32) -> Bytes {
    Bytes::copy_from_slice(&number.to_be_bytes())
}

proptest! {
    // [MQTT-4.3.2-1] [MQTT-4.3.3-1] [MQTT-4.4.0-1] [MQTT-4.6.0-1] [MQTT-3.3.4-7] [MQTT-3.3.4-9]
    #[test]
    fn nothing_is_lost_or_doubled_over_connections_that_end_anywhere(
        v5: bool,
        client_window in 1..5_u16,
        server_window in 1..5_u16,
        steps in prop::collection::vec(step(), 1..200),
    ) {
        let mut world = World::new(if v5 { V5 } else { V311 }, client_window, server_window);
        for step in &steps {
            world.step(step);
        }
        world.settle();
        prop_assert_eq!(of(QoS::ExactlyOnce, &world.server.delivered), world.outgoing(QoS::ExactlyOnce));
        let at_least_once = first_of_each(of(QoS::AtLeastOnce, &world.server.delivered));
        prop_assert_eq!(at_least_once, world.outgoing(QoS::AtLeastOnce));
        prop_assert_eq!(of(QoS::ExactlyOnce, &world.received), of(QoS::ExactlyOnce, &world.sent_by_server));
        let at_least_once = first_of_each(of(QoS::AtLeastOnce, &world.received));
        prop_assert_eq!(at_least_once, of(QoS::AtLeastOnce, &world.sent_by_server));
        for (token, _, _) in &world.published {
            let answers = world.answered.get(token).map_or(&[][..], Vec::as_slice);
            prop_assert!(matches!(answers, [Event::Published { .. }]), "{:?}: {:?}", token, answers);
        }
    }

    #[test]
    fn a_server_that_forgets_costs_no_message_from_the_client(
        v5: bool,
        window in 1..5_u16,
        steps in prop::collection::vec(forgetful_step(), 1..200),
    ) {
        let mut world = World::new(if v5 { V5 } else { V311 }, window, window);
        for step in &steps {
            world.step(step);
        }
        world.settle();
        for (token, qos, number) in &world.published {
            prop_assert!(world.server.delivered.contains(&(*qos, *number)));
            let answers = world.answered.get(token).map_or(&[][..], Vec::as_slice);
            let lost = matches!(answers, [Event::GivenUp { why: GivenUp::SessionLost, .. }]);
            let answered = matches!(answers, [Event::Published { .. }]);
            prop_assert!(answered || (lost && *qos == QoS::ExactlyOnce), "{:?}: {:?}", token, answers);
        }
    }
}
