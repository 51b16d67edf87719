//! A load: one thread sends and counts until every message was delivered to everyone it is for.

use crate::link::Link;
use crate::packets;
use crate::shape::{Group, Shape};
use anyhow::{Context, Result, ensure};
use mio::{Events, Interest, Poll, Token};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// A broker that delivers nothing for so long has lost something.
const SILENCE: Duration = Duration::from_secs(10);

/// Clients, connected and subscribed.
pub(crate) struct Load {
    poll: Poll,
    clients: Vec<Client>,
    groups: Vec<Traffic>,
    qos: u8,
    window: u64,
    scratch: Vec<u8>,
}

struct Client {
    link: Link,
    group: usize,
    role: Role,
}

enum Role {
    Publisher(Publisher),
    Subscriber {
        /// Messages that came.
        received: u64,
    },
}

struct Publisher {
    /// The PUBLISH, and where its Packet Identifier stands.
    packet: Vec<u8>,
    packet_id_at: usize,
    next_id: u16,
    /// Messages sent and not acknowledged to their end.
    open: u64,
}

/// What is on its way within a group.
struct Traffic {
    publishers: Vec<usize>,
    subscribers: Vec<usize>,
    /// The publisher whose turn it is.
    turn: usize,
    sent: u64,
    /// To be sent in this run, since the beginning.
    goal: u64,
}

impl Load {
    /// Connects and subscribes all clients of a shape.
    pub(crate) fn prepare(shape: Shape, address: SocketAddr) -> Result<Self> {
        let mut load = Self {
            poll: Poll::new()?,
            clients: Vec::new(),
            groups: Vec::new(),
            qos: shape.qos,
            window: shape.window(),
            scratch: vec![0; 64 * 1024],
        };
        for group in shape.fan.groups() {
            load.join(shape, address, &group)?;
        }
        for (index, client) in load.clients.iter_mut().enumerate() {
            let interest = Interest::READABLE | Interest::WRITABLE;
            load.poll.registry().register(&mut client.link.socket, Token(index), interest)?;
        }
        Ok(load)
    }

    fn join(&mut self, shape: Shape, address: SocketAddr, group: &Group) -> Result<()> {
        let number = self.groups.len();
        let mut traffic =
            Traffic { publishers: Vec::new(), subscribers: Vec::new(), turn: 0, sent: 0, goal: 0 };
        for _ in 0..group.subscribers {
            let mut link = self.open(shape, address)?;
            let answer = link.request(&packets::subscribe(&group.filter, shape.qos), 5)?;
            ensure!(answer[..2] == [0x90, 3] && answer[4] == shape.qos, "not granted: {answer:02x?}");
            traffic.subscribers.push(self.clients.len());
            self.clients.push(Client { link, group: number, role: Role::Subscriber { received: 0 } });
        }
        for topic in &group.topics {
            let link = self.open(shape, address)?;
            let publisher = Publisher {
                packet: packets::publish(topic, shape.qos),
                packet_id_at: packets::packet_id_at(topic),
                next_id: 1,
                open: 0,
            };
            traffic.publishers.push(self.clients.len());
            self.clients.push(Client { link, group: number, role: Role::Publisher(publisher) });
        }
        self.groups.push(traffic);
        Ok(())
    }

    fn open(&self, shape: Shape, address: SocketAddr) -> Result<Link> {
        let connect = packets::connect(&format!("bench-{}", self.clients.len()));
        Link::open(address, shape.transport, &connect)
    }

    /// Sends until `deliveries` more have come, each message to everyone it is for. Returns how many came.
    ///
    /// # Errors
    /// A message that never came, or came twice.
    pub(crate) fn run(&mut self, deliveries: u64) -> Result<u64> {
        let groups = self.groups.len() as u64;
        for group in &mut self.groups {
            let receivers = group.subscribers.len() as u64;
            let publishers = group.publishers.len() as u64;
            group.goal = group.sent + (deliveries / groups / receivers).next_multiple_of(publishers);
        }
        let before = self.received();
        let mut events = Events::with_capacity(1_024);
        let mut heard = Instant::now();
        for group in 0..self.groups.len() {
            self.refill(group)?;
        }
        while !self.is_done() {
            self.poll.poll(&mut events, Some(SILENCE)).context("waiting for the broker")?;
            ensure!(heard.elapsed() < SILENCE, "the broker fell silent: {}", self.account());
            let mut touched = Vec::new();
            for event in &events {
                let index = event.token().0;
                if event.is_readable() && self.take(index)? {
                    heard = Instant::now();
                }
                self.clients[index].link.flush()?;
                if !touched.contains(&self.clients[index].group) {
                    touched.push(self.clients[index].group);
                }
            }
            for group in touched {
                self.refill(group)?;
            }
        }
        let received = self.received() - before;
        ensure!(received == self.expected() - before, "lost or doubled: {}", self.account());
        Ok(received)
    }

    /// Reads all that came for a client and answers it; whether anything did.
    fn take(&mut self, index: usize) -> Result<bool> {
        let client = &mut self.clients[index];
        let mut any = false;
        loop {
            let more = client.link.read(&mut self.scratch)?;
            let mut at = 0;
            let mut answers = Vec::new();
            {
                let stream = client.link.incoming();
                while let Some(size) = whole(&stream[at..]) {
                    let packet = &stream[at..at + size];
                    client.role.hear(packet, &mut answers)?;
                    at += size;
                }
            }
            any |= at > 0;
            client.link.consume(at);
            for answer in answers {
                client.link.send(&answer);
            }
            if !more {
                return Ok(any);
            }
        }
    }

    /// Lets the publishers of a group send what its window has room for.
    fn refill(&mut self, group: usize) -> Result<()> {
        let traffic = &mut self.groups[group];
        let slowest = traffic
            .subscribers
            .iter()
            .map(|index| self.clients[*index].role.received())
            .min()
            .expect("each group has a subscriber");
        let share = self.window.div_ceil(traffic.publishers.len() as u64);
        for _ in 0..traffic.publishers.len() {
            let index = traffic.publishers[traffic.turn];
            traffic.turn = (traffic.turn + 1) % traffic.publishers.len();
            let client = &mut self.clients[index];
            let Role::Publisher(publisher) = &mut client.role else { unreachable!("listed as a publisher") };
            let mut burst = 0;
            while burst < share
                && traffic.sent < traffic.goal
                && traffic.sent - slowest < self.window
                && (self.qos == 0 || publisher.open < share)
            {
                publisher.publish(&mut client.link, self.qos);
                traffic.sent += 1;
                burst += 1;
            }
            client.link.flush()?;
        }
        Ok(())
    }

    fn is_done(&self) -> bool {
        self.received() >= self.expected()
            && self.clients.iter().all(|client| match &client.role {
                Role::Publisher(publisher) => publisher.open == 0,
                Role::Subscriber { .. } => true,
            })
    }

    fn received(&self) -> u64 {
        self.clients.iter().map(|client| client.role.received()).sum()
    }

    fn expected(&self) -> u64 {
        self.groups.iter().map(|group| group.goal * group.subscribers.len() as u64).sum()
    }

    fn account(&self) -> String {
        format!("{} of {} deliveries came", self.received(), self.expected())
    }
}

impl Role {
    fn received(&self) -> u64 {
        match self {
            Self::Publisher(_) => 0,
            Self::Subscriber { received } => *received,
        }
    }

    /// A packet came: counts it, and answers as a client has to.
    fn hear(&mut self, packet: &[u8], answers: &mut Vec<[u8; 4]>) -> Result<()> {
        let first = packet[0];
        match (self, first >> 4) {
            (Self::Subscriber { received }, 3) => {
                *received += 1;
                let qos = first >> 1 & 3;
                if qos > 0 {
                    let at = 4 + usize::from(packet[3]);
                    answers
                        .push(packets::ack(if qos == 1 { 0x40 } else { 0x50 }, [packet[at], packet[at + 1]]));
                }
            }
            (Self::Subscriber { .. }, 6) => answers.push(packets::ack(0x70, [packet[2], packet[3]])),
            (Self::Publisher(_), 5) => answers.push(packets::ack(0x62, [packet[2], packet[3]])),
            (Self::Publisher(publisher), 4 | 7) => publisher.open -= 1,
            (_, kind) => anyhow::bail!("the broker sent a packet of type {kind} that nobody asked for"),
        }
        Ok(())
    }
}

impl Publisher {
    fn publish(&mut self, link: &mut Link, qos: u8) {
        if qos > 0 {
            let at = self.packet_id_at;
            self.packet[at..at + 2].copy_from_slice(&self.next_id.to_be_bytes());
            self.next_id = self.next_id.checked_add(1).unwrap_or(1);
            self.open += 1;
        }
        link.send(&self.packet);
    }
}

/// Bytes of the first packet, if it is whole. Packets of the load have one length byte.
fn whole(stream: &[u8]) -> Option<usize> {
    let size = 2 + usize::from(*stream.get(1)?);
    (stream.len() >= size).then_some(size)
}
