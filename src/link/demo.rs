//! The demo connection: a second client, which comes and goes when the user says so.

use std::{sync::Arc, time::Duration};

use headcount_mqtt::{
    ProtocolVersion,
    client::{Action, Cause, Client, Event},
};

use super::{moment::Moment, party::Party, session::options};
use crate::store::{
    LinkEvent, Settings, Store,
    connection::{Protocol, Refusal},
    link_event::Demo,
};

/// A client of the same broker and account as the page's own, under its own Client Identifier. It tries once.
#[derive(Debug)]
pub struct DemoClient {
    client: Client,
    client_id: Arc<str>,
}

impl DemoClient {
    /// A client `demo-<8 hex digits of random>` that begins to connect.
    ///
    /// # Errors
    /// Why the settings make no CONNECT, as a sentence without a full stop.
    pub fn new(now: Moment, settings: &Settings, protocol: Protocol, random: u32) -> Result<Self, String> {
        let version = match protocol {
            Protocol::V311 => ProtocolVersion::V311,
            Protocol::V5 => ProtocolVersion::V5,
        };
        let client_id = format!("demo-{random:08x}");
        let mut options = options(settings, version, &client_id)?;
        options.reconnect = None;
        let mut client = Client::new(options, u64::from(random)).map_err(|error| error.to_string())?;
        client.connect(now.monotonic);
        Ok(Self { client, client_id: client_id.into() })
    }

    /// Its Client Identifier.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Ends the connection with a DISCONNECT.
    pub fn disconnect(&mut self, now: Moment) {
        self.client.disconnect(now.monotonic);
    }
}

impl Party for DemoClient {
    type Store = Store;

    fn handle_opened(&mut self, now: Moment) {
        self.client.handle_opened(now.monotonic);
    }

    fn handle_bytes(&mut self, now: Moment, bytes: &[u8]) {
        self.client.handle_bytes(now.monotonic, bytes);
    }

    fn handle_closed(&mut self, now: Moment) {
        self.client.handle_closed(now.monotonic);
    }

    fn handle_timeout(&mut self, now: Moment) {
        self.client.handle_timeout(now.monotonic);
    }

    fn poll_timeout(&self) -> Option<Duration> {
        self.client.poll_timeout()
    }

    fn poll_action(&mut self) -> Option<Action> {
        self.client.poll_action()
    }

    fn tell(&mut self, now: Moment, store: &mut Store) {
        while let Some(event) = self.client.poll_event() {
            let client_id = &*self.client_id;
            let mut off = |why: &str| store.fold(now.unix, LinkEvent::Demo(Demo::Off { why }));
            match event {
                Event::Connected(_) => store.fold(now.unix, LinkEvent::Demo(Demo::Connected { client_id })),
                Event::Refused(refused) => off(&Refusal::new(refused.reason, "").words),
                Event::Disconnected { cause: Cause::Requested, .. } => off(""),
                Event::Disconnected { cause: Cause::Server { reason, .. }, .. } => {
                    off(&Refusal::new(reason, "").words);
                }
                Event::Disconnected { cause, .. } => off(&cause.to_string()),
                _ => {}
            }
        }
    }
}
