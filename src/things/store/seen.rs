//! How the clients of an account are, as the broker tells it, and what happened to them last.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use crate::store::{
    Millis,
    event::{Event, Kind, Transport},
    json::Json,
};

/// Clients that are kept track of: all devices that an account may have ten times over, since pages and people's own
/// clients are among them.
const CLIENTS_MAX: usize = 1_000;

/// Events kept of each: what a card has room for.
pub const EVENTS_MAX: usize = 5;

/// How a client is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// Nothing was heard of it, neither at present nor in the journal.
    #[default]
    Unseen,
    /// Connected, since when and from where.
    Online(Option<Millis>, Option<Arc<str>>),
    /// Not connected, since when and why.
    Offline(Option<Millis>, Option<Arc<str>>),
}

/// Everything of one client.
#[derive(Debug, Default)]
struct Client {
    state: State,
    /// Oldest first.
    events: VecDeque<Arc<Event>>,
}

/// All of them, by Client Identifier.
#[derive(Debug, Default)]
pub(super) struct Seen(BTreeMap<Arc<str>, Client>);

impl Seen {
    /// How a client is.
    pub(super) fn state(&self, id: &str) -> State {
        let Some(client) = self.0.get(id) else { return State::Unseen };
        match (&client.state, client.events.back()) {
            // The state of a session that ended is gone; its last event says the rest.
            (State::Offline(None, _), Some(last)) if last.kind == Kind::Disconnected => {
                State::Offline(Some(last.at), last.reason.as_deref().map(Arc::from))
            }
            (State::Unseen, Some(last)) => {
                State::Offline(Some(last.at), last.reason.as_deref().map(Arc::from))
            }
            (state, _) => state.clone(),
        }
    }

    /// What happened to it last, newest first.
    pub(super) fn events(&self, id: &str) -> Vec<Arc<Event>> {
        self.0.get(id).map(|client| client.events.iter().rev().cloned().collect()).unwrap_or_default()
    }

    /// The retained state of a client: empty where its session ended.
    pub(super) fn take_state(&mut self, id: &str, payload: &[u8]) -> Result<(), String> {
        let state =
            if payload.is_empty() { State::Offline(None, None) } else { read(&Json::read(payload)?)? };
        if let Some(client) = self.client(id) {
            client.state = state;
        }
        Ok(())
    }

    /// An event, live or from the journal; each is kept once, in its order.
    pub(super) fn take_event(&mut self, event: Event) {
        let id = Arc::clone(&event.client.id);
        let Some(client) = self.client(&id) else { return };
        let at = client.events.partition_point(|known| known.seq <= event.seq);
        let is_known = at.checked_sub(1).is_some_and(|before| client.events[before].seq == event.seq);
        if is_known && event.seq.is_some() {
            return;
        }
        client.events.insert(at, Arc::new(event));
        if client.events.len() > EVENTS_MAX {
            client.events.pop_front();
        }
    }

    /// The retained states come anew.
    pub(super) fn restart(&mut self) {
        for client in self.0.values_mut() {
            client.state = State::Unseen;
        }
    }

    fn client(&mut self, id: &str) -> Option<&mut Client> {
        if !self.0.contains_key(id) {
            if self.0.len() >= CLIENTS_MAX {
                return None;
            }
            self.0.insert(id.into(), Client::default());
        }
        self.0.get_mut(id)
    }
}

fn read(json: &Json<'_>) -> Result<State, String> {
    let at = json.text("at")?.and_then(Millis::from_rfc3339);
    if json.text("status")? == Some("connected") {
        let client = json.object("client")?;
        let text = |name| client.map_or(Ok(None), |client| client.text(name));
        let transport = text("transport")?.map(|name| Transport::from_name(name).label().to_owned());
        let from = match (transport, text("address")?) {
            (Some(transport), Some(address)) => Some(format!("{transport}, {address}").into()),
            (transport, address) => transport.as_deref().or(address).map(Arc::from),
        };
        return Ok(State::Online(at, from));
    }
    Ok(State::Offline(at, json.text("reason")?.map(Arc::from)))
}
