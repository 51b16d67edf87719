//! rumqttc as the independent client.

use crate::process::PATIENCE;
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::{Packet, PubAckReason};
use rumqttc::v5::{Client, Event, MqttOptions};
use serde_json::Value;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// A client of MQTT 5.0.
pub(crate) struct Peer {
    client: Client,
    messages: Receiver<Heard>,
    acks: Receiver<PubAckReason>,
}

/// A message that came.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Heard {
    pub(crate) topic: String,
    /// `Null` where it is no JSON.
    pub(crate) json: Value,
    pub(crate) payload: Vec<u8>,
    pub(crate) retain: bool,
}

impl Peer {
    /// Connected, and subscribed at `QoS` 1; `user` is a user with the password `test`.
    pub(crate) fn new(port: u16, client_id: &str, user: Option<&str>, filters: &[&str]) -> Self {
        let mut options = MqttOptions::new(client_id, "127.0.0.1", port);
        options.set_keep_alive(Duration::from_mins(1)).set_connection_timeout(PATIENCE.as_secs());
        if let Some(user) = user {
            options.set_credentials(user, "test");
        }
        let (client, mut connection) = Client::new(options, 2_000);
        let (heard, messages) = channel();
        let (acked, acks) = channel();
        let (granted, subscribed) = channel();
        std::thread::spawn(move || {
            // Until the connection ends: with the peer, or with the broker.
            for event in connection.iter() {
                match event {
                    Ok(Event::Incoming(Packet::Publish(publish))) => {
                        let _ = heard.send(Heard {
                            topic: String::from_utf8(publish.topic.to_vec()).unwrap(),
                            json: serde_json::from_slice(&publish.payload).unwrap_or(Value::Null),
                            payload: publish.payload.to_vec(),
                            retain: publish.retain,
                        });
                    }
                    Ok(Event::Incoming(Packet::PubAck(ack))) => drop(acked.send(ack.reason)),
                    Ok(Event::Incoming(Packet::SubAck(_))) => drop(granted.send(())),
                    Ok(_) => {}
                    Err(_) => return,
                }
            }
        });
        for filter in filters {
            client.subscribe(*filter, QoS::AtLeastOnce).unwrap();
            subscribed.recv_timeout(PATIENCE).expect("the broker answers");
        }
        Self { client, messages, acks }
    }

    /// Publishes at `QoS` 1.
    #[allow(clippy::needless_pass_by_value, reason = "a test reads better without references")]
    pub(crate) fn publish(&self, topic: &str, payload: impl ToString) {
        self.client.publish(topic.to_owned(), QoS::AtLeastOnce, false, payload.to_string()).unwrap();
    }

    /// The broker's word on the next unanswered message.
    pub(crate) fn acknowledged(&self) -> PubAckReason {
        self.acks.recv_timeout(PATIENCE).expect("the broker answers")
    }

    pub(crate) fn next(&self) -> Heard {
        self.messages.recv_timeout(PATIENCE).expect("a message comes")
    }

    /// One that is there already.
    pub(crate) fn try_next(&self) -> Option<Heard> {
        self.messages.try_recv().ok()
    }

    /// The first message that fits.
    pub(crate) fn until(&self, what: &str, fits: impl Fn(&Heard) -> bool) -> Heard {
        let begun = Instant::now();
        loop {
            assert!(begun.elapsed() < PATIENCE, "{what} did not come");
            if let Some(heard) = Some(self.next()).filter(&fits) {
                return heard;
            }
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.client.disconnect();
    }
}
