//! How a client connects.

use crate::client::Client;
use crate::{Bench, Message};
use bytes::Bytes;
use headcount_mqtt::{ConnAck, Connect, ConnectProperties, Packet, ReasonCode, Text, Will};

/// A CONNECT in the making.
pub struct Connecting {
    bench: Bench,
    name: &'static str,
    connect: Connect,
}

impl Connecting {
    pub(crate) fn new(bench: &Bench, name: &'static str) -> Self {
        let connect = Connect {
            version: bench.version(),
            clean_start: true,
            keep_alive: 60,
            client_id: text(&bench.client_id(name)),
            will: None,
            user_name: None,
            password: None,
            properties: ConnectProperties::default(),
        };
        Self { bench: bench.clone(), name, connect }
    }

    /// With another Client Identifier than the client's name, used as it is.
    pub fn client_id(mut self, id: &str) -> Self {
        self.connect.client_id = text(id);
        self
    }

    /// Goes on with the session where there is one; in 5.0 it ends with the connection unless it is [`Self::kept`].
    pub fn resuming(mut self) -> Self {
        self.connect.clean_start = false;
        self
    }

    /// Goes on with the session where there is one, and leaves it behind: Clean Session 0, or an hour of Session Expiry.
    pub fn kept(self) -> Self {
        self.resuming().kept_for(3_600)
    }

    /// Leaves the session behind for so many seconds, in 5.0; alone it starts clean.
    pub fn kept_for(mut self, seconds: u32) -> Self {
        self.connect.properties.session_expiry_interval = Some(seconds);
        self
    }

    /// Keep Alive in seconds.
    pub fn keep_alive(mut self, seconds: u16) -> Self {
        self.connect.keep_alive = seconds;
        self
    }

    /// With a Will.
    pub fn will(mut self, will: &Message) -> Self {
        self.connect.will = Some(will.will(&self.bench));
        self
    }

    /// With a Will that is sent so many seconds after the end; at once in 3.1.1.
    pub fn delayed_will(mut self, will: &Message, seconds: u32) -> Self {
        let mut will: Will = will.will(&self.bench);
        will.properties.will_delay_interval = Some(seconds);
        self.connect.will = Some(will);
        self
    }

    /// With a User Name.
    pub fn user_name(mut self, name: &str) -> Self {
        self.connect.user_name = Some(text(name));
        self
    }

    /// With a Password.
    pub fn password(mut self, password: &[u8]) -> Self {
        self.connect.password = Some(Bytes::copy_from_slice(password));
        self
    }

    /// With properties; they are left out in 3.1.1.
    pub fn with(mut self, set: impl FnOnce(&mut ConnectProperties)) -> Self {
        set(&mut self.connect.properties);
        self
    }

    /// The packet as it stands.
    pub fn packet(&self) -> Packet {
        Packet::Connect(Box::new(self.connect.clone()))
    }

    /// Opens a connection and sends CONNECT; the answer is left to be read.
    pub fn sent(self) -> Client {
        let client = self.bench.open(self.name);
        client.send(&self.packet());
        client
    }

    /// Opens a connection that is accepted, whatever the Session Present.
    pub fn accepted(self) -> (Client, ConnAck) {
        let bench = self.bench.clone();
        let client = self.sent();
        let ack = client.expect_connack();
        let accepted = ack.reason == ReasonCode::Success;
        bench.check(accepted, &format!("{}: CONNECT is refused with {:?}", client.name(), ack.reason));
        client.connected();
        (client, ack)
    }

    /// Opens a connection that is accepted with a new session.
    pub fn open(self) -> Client {
        let bench = self.bench.clone();
        let (client, ack) = self.accepted();
        let name = client.name();
        bench.check(
            !ack.session_present,
            &format!("{name}: Session Present is set for a new session [MQTT-3.2.2-3]"),
        );
        client
    }

    /// Opens a connection that is accepted with the stored session.
    pub fn resumed(self) -> Client {
        let bench = self.bench.clone();
        let (client, ack) = self.accepted();
        let name = client.name();
        bench.check(
            ack.session_present,
            &format!("{name}: Session Present is clear for a stored session [MQTT-3.2.2-3]"),
        );
        client
    }

    /// Opens a connection that is refused with a CONNACK and closed.
    pub fn refused(self, reason: ReasonCode) {
        let bench = self.bench.clone();
        let client = self.sent();
        let ack = client.expect_connack();
        let name = client.name();
        bench.check(ack.reason == reason, &format!("{name}: CONNACK {:?}, not {reason:?}", ack.reason));
        bench.check(!ack.session_present, &format!("{name}: Session Present with a refusal [MQTT-3.2.2-6]"));
        client.expect_closed();
    }
}

pub(crate) fn text(text: &str) -> Text {
    Text::try_from(text).expect("scripts send bad text as bytes")
}
