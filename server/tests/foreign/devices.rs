//! Devices of an account, each in a channel of its own, for clients that nobody here wrote.

use crate::place::Place;
use crate::support::{Client, Stream, Transport, connect, publish};
use headcount_mqtt::{Connect, ReasonCode};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

/// What a device comes in with.
pub(crate) struct Device {
    pub(crate) id: String,
    pub(crate) password: String,
}

/// A client of the account that owns the devices.
pub(crate) struct Desk {
    client: Client,
    name: String,
}

impl Desk {
    pub(crate) fn new(place: &Place) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("desk-{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let mut client = Client::over(Transport::Tcp(Stream::open(place.tcp("secure")).0));
        let answer = client.connect(Connect {
            user_name: Some("peter".try_into().unwrap()),
            password: Some("test".into()),
            ..connect(&name)
        });
        assert_eq!(answer.reason, ReasonCode::Success);
        client.subscribe(&format!("$headcount/peter/devices/+/{name}"));
        Self { client, name }
    }

    fn ask(&mut self, verb: &str, request: &Value) -> Value {
        let topic = format!("$headcount/peter/devices/{verb}");
        self.client.send(&publish(&topic, request.to_string()));
        let (to, answer) = self.client.receive_publish();
        assert_eq!(to, format!("{topic}/{}", self.name));
        serde_json::from_slice(&answer).unwrap()
    }

    /// Adds a device with both rights in this channel, or in a new one; with the channel's number.
    pub(crate) fn add(&mut self, channel: Option<u64>) -> (Device, u64) {
        let channels = json!([{"id": channel, "publish": true, "subscribe": true}]);
        let answer = self.ask("add", &json!({"name": "Lamp", "channels": channels}));
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        let credentials = &answer["credentials"];
        let device = Device { id: text(&credentials["client_id"]), password: text(&credentials["password"]) };
        (device, answer["device"]["channels"][0]["id"].as_u64().unwrap())
    }

    /// Hears a channel from here on.
    pub(crate) fn listen(mut self, channel: u64) -> Client {
        self.client.subscribe(&format!("channels/{channel}/subscribe"));
        self.client
    }
}
