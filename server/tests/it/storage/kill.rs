//! kill -9 at random moments, of the server and of clients' connections.

use crate::support::{Folder, PATIENCE, Server, Session};
use headcount_mqtt::{ProtocolVersion, QoS};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

const KILLS: usize = 100;
const SEED: u64 = 0x6865_6164_636f_756e;
/// Messages of a publisher that are not acknowledged at one time.
const WINDOW: usize = 40;

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// Two publishers and three subscribers with kept sessions, of both versions.
struct Town {
    publishers: Vec<Session>,
    subscribers: Vec<(Session, &'static [&'static str])>,
    sent: BTreeMap<String, u64>,
}

impl Town {
    fn new() -> Self {
        let mut all = Session::kept(ProtocolVersion::V5, "all");
        all.subscribe("#", QoS::ExactlyOnce);
        let mut once = Session::kept(ProtocolVersion::V311, "once");
        once.subscribe("once/+", QoS::ExactlyOnce);
        let mut least = Session::kept(ProtocolVersion::V5, "least");
        least.subscribe("least/+", QoS::AtLeastOnce);
        Self {
            publishers: vec![
                Session::kept(ProtocolVersion::V5, "p5"),
                Session::kept(ProtocolVersion::V311, "p311"),
            ],
            subscribers: vec![(all, &["once", "least"]), (once, &["once"]), (least, &["least"])],
            sent: BTreeMap::new(),
        }
    }

    fn step(&mut self, server: &Server, dice: &mut Dice) {
        let address = server.tcp("open");
        for (at, publisher) in self.publishers.iter_mut().enumerate() {
            if publisher.unacknowledged() < WINDOW {
                for _ in 0..dice.roll(8) {
                    let (kind, qos) = match dice.roll(2) {
                        0 => ("once", QoS::ExactlyOnce),
                        _ => ("least", QoS::AtLeastOnce),
                    };
                    let topic = format!("{kind}/{at}");
                    let number = self.sent.entry(topic.clone()).or_default();
                    *number += 1;
                    publisher.publish(&topic, number.to_string(), qos);
                }
            }
            publisher.step(address);
        }
        for (subscriber, _) in &mut self.subscribers {
            subscriber.step(address);
        }
    }

    /// Lets everything that was published arrive.
    fn rest(&mut self, server: &Server) {
        let address = server.tcp("open");
        let begun = Instant::now();
        loop {
            for session in self.sessions() {
                session.step(address);
            }
            let unacknowledged: usize = self.publishers.iter().map(Session::unacknowledged).sum();
            let sent = &self.sent;
            let is_complete = |(session, kinds): &(Session, &[&str])| {
                sent.iter()
                    .filter(|(topic, _)| kinds.iter().any(|kind| topic.starts_with(kind)))
                    .all(|(topic, last)| numbers(session, topic).last() == Some(last))
            };
            if unacknowledged == 0 && self.subscribers.iter().all(is_complete) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "messages were lost, or wait for good");
        }
    }

    fn sessions(&mut self) -> impl Iterator<Item = &mut Session> {
        self.publishers.iter_mut().chain(self.subscribers.iter_mut().map(|(session, _)| session))
    }

    fn check(&self) {
        for (session, kinds) in &self.subscribers {
            for (topic, count) in &self.sent {
                let (kind, _) = topic.split_once('/').unwrap();
                if !kinds.contains(&kind) {
                    continue;
                }
                let mut got = numbers(session, topic);
                if kind == "least" {
                    let mut last = 0;
                    // Sent again, but never an earlier one for the first time behind a later one.
                    got.retain(|number| {
                        let is_new = *number > last;
                        last = last.max(*number);
                        is_new
                    });
                }
                let expected: Vec<_> = (1..=*count).collect();
                assert!(got == expected, "{topic}: {count} were published, and these came: {got:?}");
            }
        }
    }
}

fn numbers(session: &Session, topic: &str) -> Vec<u64> {
    let of_topic = session.got.iter().filter(|message| message.topic.as_str() == topic);
    of_topic.map(|message| str::from_utf8(&message.payload).unwrap().parse().unwrap()).collect()
}

/// Starts on the port that was there before, so that clients find it again.
fn start_again(store: &Path, tcp: SocketAddr) -> Server {
    let open = format!("open={tcp}");
    Server::with([
        "--any-port".as_ref(),
        "--listen-tcp".as_ref(),
        open.as_ref(),
        "--store".as_ref(),
        store.as_os_str(),
    ])
}

#[test]
fn a_hundred_kills_lose_nothing_and_double_nothing() {
    println!("seed {SEED:#x}");
    let mut dice = Dice(SEED);
    let folder = Folder::with(&[]);
    let mut server = Server::stored(&folder.path("store"));
    let mut town = Town::new();
    let begun = Instant::now();
    while town.subscribers.iter().any(|(session, _)| session.subscribed == 0) {
        town.sessions().for_each(|session| session.step(server.tcp("open")));
        assert!(begun.elapsed() < PATIENCE);
    }
    for _ in 0..KILLS {
        let end = Instant::now() + Duration::from_millis(5 + dice.roll(60));
        while Instant::now() < end {
            town.step(&server, &mut dice);
            if dice.roll(20) == 0 {
                let victim = usize::try_from(dice.roll(5)).unwrap();
                town.sessions().nth(victim).unwrap().lose();
            }
        }
        let tcp = server.tcp("open");
        server.kill();
        server = start_again(&folder.path("store"), tcp);
        town.sessions().for_each(Session::lose);
    }
    town.rest(&server);
    town.check();
    for session in town.sessions() {
        assert!(session.present.iter().skip(1).all(|present| *present), "{:?}", session.present);
        assert_eq!(session.refused, []);
    }
    let count: u64 = town.sent.values().sum();
    println!("{count} messages in {:?}", begun.elapsed());
    assert!(count > 1_000, "{count} messages are no load");
}
