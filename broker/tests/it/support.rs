//! A broker, its clients and a clock that moves when told.

pub(crate) use crate::packets::*;
use headcount_broker::{
    Broker, Chunks, Comparison, Config, ConnectionId, Now, Output, Peer, Record, RecordId, Transport,
};
use headcount_mqtt::{
    ConnAck, Connect, DecodeError, Decoder, Delivery, Disconnect, Packet, PacketId, ProtocolVersion, Publish,
    QoS, ReasonCode,
};
use std::collections::BTreeMap;
use std::time::Duration;

/// 2017-10-24T16:08:38.552Z, the first instant of every test.
const START: Duration = Duration::from_millis(1_508_861_318_552);

/// The monotonic clock begins away from zero, so that nothing takes zero for "never".
const ORIGIN: Duration = Duration::from_secs(1_000);

/// A broker with its connections.
pub(crate) struct Net {
    pub(crate) broker: Broker,
    pub(crate) monotonic: Duration,
    /// Where the monotonic clock begins, since 1970.
    origin: Duration,
    /// Records of brokers before this one.
    pub(crate) past: Vec<Record>,
    clients: BTreeMap<ConnectionId, Client>,
    /// Records put out and not yet taken.
    pub(crate) records: Vec<(RecordId, Record)>,
    /// Whether records are stored as soon as they come.
    pub(crate) store: bool,
    /// Questions about credentials, oldest first.
    pub(crate) questions: Vec<ConnectionId>,
    /// What their passwords are to be compared with, beside the password file.
    pub(crate) comparisons: Vec<Option<Comparison>>,
    /// Passwords to be hashed, oldest first.
    pub(crate) jobs: Vec<(u64, Vec<bytes::Bytes>)>,
    /// Credentials to be made, oldest first.
    pub(crate) wanted: Vec<u64>,
    /// A client that publishes whenever time passes, so that it is never idle.
    pub(crate) busy: Option<ConnectionId>,
}

struct Client {
    decoder: Decoder,
    inbox: Vec<Packet>,
    closed: bool,
    /// Whether it fetches what is sent to it.
    reads: bool,
    ready: bool,
    /// Whether the core reads no more of it for a while.
    paused: bool,
}

impl Net {
    pub(crate) fn new(config: Config) -> Self {
        let now = Now { monotonic: ORIGIN, unix: START };
        Self::of(Broker::new(config, now).expect("a valid configuration"), now)
    }

    /// With this broker, at this moment.
    pub(crate) fn of(broker: Broker, now: Now) -> Self {
        Self {
            broker,
            monotonic: now.monotonic,
            origin: now.unix.checked_sub(now.monotonic).expect("the clock began after 1970"),
            past: Vec::new(),
            clients: BTreeMap::new(),
            records: Vec::new(),
            store: true,
            questions: Vec::new(),
            comparisons: Vec::new(),
            jobs: Vec::new(),
            wanted: Vec::new(),
            busy: None,
        }
    }

    pub(crate) fn open() -> Self {
        Self::new(Config::open("open"))
    }

    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::open("open");
        change(&mut config);
        Self::new(config)
    }

    pub(crate) fn now(&self) -> Now {
        Now { monotonic: self.monotonic, unix: self.origin + self.monotonic }
    }

    /// Lets time pass, stopping at each deadline.
    pub(crate) fn advance(&mut self, time: Duration) {
        let end = self.monotonic + time;
        while let Some(due) = self.broker.poll_timeout()
            && due <= end
        {
            self.monotonic = self.monotonic.max(due);
            let now = self.now();
            self.broker.handle_timeout(now);
            self.settle();
        }
        self.monotonic = end;
    }

    pub(crate) fn seconds(&mut self, seconds: u64) {
        if let Some(busy) = self.busy {
            self.publish(busy, "busy", "");
        }
        self.advance(Duration::from_secs(seconds));
    }

    /// Calls the core itself, then does what it asks for.
    pub(crate) fn act(&mut self, act: impl FnOnce(&mut Broker, Now)) {
        let now = self.now();
        act(&mut self.broker, now);
        self.settle();
    }

    pub(crate) fn answer(&mut self, id: ConnectionId, verdict: Result<(), ReasonCode>) {
        self.act(|broker, now| broker.handle_authenticated(now, id, verdict));
    }

    /// The decoder of a connection of MQTT 5.0 gives up.
    pub(crate) fn fault(&mut self, id: ConnectionId, error: DecodeError) {
        self.act(|broker, now| broker.handle_decode_error(now, id, Some(V5), error));
    }

    pub(crate) fn attach(&mut self, version: ProtocolVersion) -> ConnectionId {
        self.arrive(version, None)
    }

    /// A client of MQTT 5.0 whose transport has proved this account.
    pub(crate) fn attach_as(&mut self, account: &str) -> ConnectionId {
        self.arrive(V5, Some(account))
    }

    fn arrive(&mut self, version: ProtocolVersion, account: Option<&str>) -> ConnectionId {
        let port = 50_000 + self.clients.len();
        let peer = Peer {
            account: account.map(|name| name.try_into().unwrap()),
            ..Peer::new(format!("127.0.0.1:{port}"), Transport::Tcp)
        };
        let id = self.broker.handle_open(self.now(), peer);
        let decoder = Decoder::client(version, 1 << 20);
        let client =
            Client { decoder, inbox: Vec::new(), closed: false, reads: true, ready: false, paused: false };
        self.clients.insert(id, client);
        id
    }

    /// Sends a packet and settles everything.
    pub(crate) fn send(&mut self, id: ConnectionId, packet: Packet) {
        self.broker.handle_packet(self.now(), id, packet);
        self.settle();
    }

    /// Connects and takes the CONNACK.
    pub(crate) fn connect_with(&mut self, connect: Connect) -> (ConnectionId, ConnAck) {
        let id = self.attach(connect.version);
        self.send(id, Packet::Connect(Box::new(connect)));
        match self.take(id) {
            Some(Packet::ConnAck(ack)) => (id, *ack),
            other => panic!("expected CONNACK, got {other:?}"),
        }
    }

    /// Connects a clean client of MQTT 5.0.
    pub(crate) fn connect(&mut self, client_id: &str) -> ConnectionId {
        let (id, ack) = self.connect_with(connect(client_id, V5));
        assert_eq!(ack.reason, ReasonCode::Success);
        id
    }

    pub(crate) fn subscribe(&mut self, id: ConnectionId, filter: &str, qos: QoS) -> ReasonCode {
        self.send(id, subscribe_packet(vec![subscription(filter, qos)]));
        match self.take(id) {
            Some(Packet::SubAck(ack)) => ack.reasons[0],
            other => panic!("expected SUBACK, got {other:?}"),
        }
    }

    /// The same for a client that gets messages too, among them the complaint about a refusal: they are dropped.
    pub(crate) fn try_subscribe(&mut self, id: ConnectionId, filter: &str) -> ReasonCode {
        self.send(id, subscribe_packet(vec![subscription(filter, AtMostOnce)]));
        let inbox = std::mem::take(&mut self.clients.get_mut(&id).unwrap().inbox);
        let code = inbox.into_iter().find_map(|packet| match packet {
            Packet::SubAck(ack) => Some(ack.reasons[0]),
            _ => None,
        });
        code.expect("a SUBACK")
    }

    /// Publishes at `QoS` 0.
    pub(crate) fn publish(&mut self, id: ConnectionId, topic: &str, payload: &str) {
        self.send(id, publish(topic, payload, Delivery::AtMostOnce));
    }

    pub(crate) fn publish_qos1(&mut self, id: ConnectionId, topic: &str, payload: &str) {
        self.send(id, publish(topic, payload, Delivery::AtLeastOnce(PacketId::new(77).unwrap())));
    }

    /// Ends the transport without a DISCONNECT.
    pub(crate) fn lose(&mut self, id: ConnectionId) {
        self.broker.handle_closed(self.now(), id);
        self.clients.get_mut(&id).unwrap().closed = true;
        self.settle();
    }

    pub(crate) fn disconnect(&mut self, id: ConnectionId, reason: ReasonCode) {
        self.send(id, Packet::Disconnect(Disconnect::with(reason)));
    }

    /// Drops what is known of a connection that is over, so that the many of a long test cost nothing.
    pub(crate) fn forget(&mut self, id: ConnectionId) {
        assert!(self.clients.remove(&id).is_some_and(|client| client.closed), "{id:?} is not over");
    }

    pub(crate) fn stop_reading(&mut self, id: ConnectionId) {
        self.clients.get_mut(&id).unwrap().reads = false;
    }

    pub(crate) fn go_on_reading(&mut self, id: ConnectionId) {
        let client = self.clients.get_mut(&id).unwrap();
        client.reads = true;
        client.ready = true;
        self.settle();
    }

    /// The next packet that the client got.
    pub(crate) fn take(&mut self, id: ConnectionId) -> Option<Packet> {
        let inbox = &mut self.clients.get_mut(&id).unwrap().inbox;
        (!inbox.is_empty()).then(|| inbox.remove(0))
    }

    pub(crate) fn take_publish(&mut self, id: ConnectionId) -> Publish {
        match self.take(id) {
            Some(Packet::Publish(publish)) => publish,
            other => panic!("expected PUBLISH, got {other:?}"),
        }
    }

    /// All messages that the client got: topics with payloads.
    pub(crate) fn messages(&mut self, id: ConnectionId) -> Vec<(String, String)> {
        std::mem::take(&mut self.clients.get_mut(&id).unwrap().inbox)
            .into_iter()
            .map(|packet| match packet {
                Packet::Publish(publish) => (
                    publish.topic.unwrap().as_str().to_owned(),
                    String::from_utf8(publish.payload.to_vec()).unwrap(),
                ),
                other => panic!("expected PUBLISH, got {other:?}"),
            })
            .collect()
    }

    /// The reason of the PUBACK or PUBREC that came.
    pub(crate) fn take_ack(&mut self, id: ConnectionId) -> ReasonCode {
        match self.take(id) {
            Some(Packet::PubAck(ack) | Packet::PubRec(ack)) => ack.reason,
            other => panic!("expected an acknowledgement, got {other:?}"),
        }
    }

    /// Payloads up to the server's DISCONNECT, if it came.
    pub(crate) fn payloads_until_closed(&mut self, id: ConnectionId) -> Vec<String> {
        let inbox = &mut self.clients.get_mut(&id).unwrap().inbox;
        if let Some(Packet::Disconnect(_)) = inbox.last() {
            inbox.pop();
        }
        self.payloads(id)
    }

    pub(crate) fn payloads(&mut self, id: ConnectionId) -> Vec<String> {
        self.messages(id).into_iter().map(|(_, payload)| payload).collect()
    }

    pub(crate) fn is_closed(&self, id: ConnectionId) -> bool {
        self.clients[&id].closed
    }

    pub(crate) fn is_paused(&self, id: ConnectionId) -> bool {
        self.clients[&id].paused
    }

    pub(crate) fn persisted(&mut self, id: RecordId) {
        self.broker.handle_persisted(id);
        self.settle();
    }

    /// Does what the core asks for until it asks for nothing.
    pub(crate) fn settle(&mut self) {
        loop {
            let mut quiet = true;
            while let Some(output) = self.broker.poll_output() {
                quiet = false;
                self.obey(output);
            }
            let ready: Vec<_> =
                self.clients.iter().filter(|(_, it)| it.ready && it.reads).map(|(id, _)| *id).collect();
            for id in ready {
                quiet = false;
                self.fetch(id);
            }
            if quiet {
                return;
            }
        }
    }

    fn obey(&mut self, output: Output) {
        match output {
            Output::Ready(id) => {
                let client = self.clients.get_mut(&id).unwrap();
                assert!(!client.ready, "{id:?} is announced twice");
                client.ready = true;
            }
            Output::Close(id) => {
                self.fetch(id);
                self.clients.get_mut(&id).unwrap().closed = true;
            }
            Output::Authenticate { connection, comparison, .. } => {
                self.questions.push(connection);
                self.comparisons.push(comparison);
            }
            Output::Hash { job, passwords, .. } => self.jobs.push((job, passwords)),
            Output::Credentials { job, .. } => self.wanted.push(job),
            Output::Pause(id) => self.clients.get_mut(&id).unwrap().paused = true,
            Output::Resume(id) => self.clients.get_mut(&id).unwrap().paused = false,
            Output::Persist(id, record) => {
                if let Some((last, _)) = self.records.last() {
                    assert!(last.0 < id.0, "records rise");
                }
                self.records.push((id, record));
                if self.store {
                    self.broker.handle_persisted(id);
                }
            }
        }
    }

    fn fetch(&mut self, id: ConnectionId) {
        let now = self.now();
        let client = self.clients.get_mut(&id).unwrap();
        client.ready = false;
        let mut chunks = Chunks::new();
        self.broker.take_send(now, id, &mut chunks);
        for chunk in chunks {
            client.decoder.feed(&chunk);
        }
        while let Some(packet) = client.decoder.decode().expect("the core's bytes are well-formed") {
            client.inbox.push(packet);
        }
    }
}
