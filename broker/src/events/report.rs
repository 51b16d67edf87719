//! What the core says when something happens. A word that nobody listens to is not even written, retained states and
//! the durable journal aside.

use super::event::{About, Action, Client, Counts, Event, Target, Told};
use super::{Reason, at, feed, state};
use crate::account::{ANONYMOUS, Account, Denial};
use crate::connection::{Connection, Link};
use crate::key::SessionKey;
use crate::message::Message;
use crate::route::Keep;
use crate::session::Session;
use crate::subscriptions::Matches;
use crate::system::level;
use crate::{Broker, ConnectionId, Now, Record, Transport};
use bytes::Bytes;
use headcount_mqtt::{Connect, ProtocolVersion, QoS, Text, TopicName};
use std::sync::Arc;

impl Broker {
    /// Publishes retained on behalf of the server itself, under `$headcount/` or `$SYS/`.
    ///
    /// A `topic` that is no Topic Name is passed over.
    pub fn publish_fact(&mut self, now: Now, topic: &str, payload: Bytes) {
        self.say(now, topic, Keep::InMemory, |_| payload);
    }

    /// A client was let in; `present`: to a session that was there, with what waits in it.
    pub(crate) fn report_connected(&mut self, now: Now, id: ConnectionId, present: bool) {
        let Some(link) = self.link(id) else { return };
        let (key, account) = (link.session, Arc::clone(&link.account));
        let outgoing = self.sessions.get(key.0).and_then(|session| session.outgoing.as_ref());
        let queued = outgoing.map_or(0, |out| out.queue.len() + out.inflight.len());
        let waiting = About::Taken { present, queued };
        self.feed(now, key, &account, "connected");
        let client_id = self.client_id(key);
        // Storage knows that it is connected; the state that is stored is one of its absence.
        self.say_stored(now, &state::topic(&account.level, client_id.as_str()), Keep::InMemory, |broker| {
            broker
                .with_client(id, |client, _| {
                    state::json("connected", &at(now.unix), client, None, Some(&waiting))
                })
                .into()
        });
        self.event(now, &account, |broker, at, seq| {
            broker.with_client(id, |client, _| {
                json(&Event { seq, session: Some(waiting), ..Event::new("connected", at, client) })
            })
        });
    }

    pub(crate) fn report_disconnected(&mut self, now: Now, id: ConnectionId, link: &Link, reason: Reason) {
        self.disconnects.count(reason);
        let counted = reason != Reason::ServerRestart;
        let (key, account, reason) = (link.session, Arc::clone(&link.account), Some(reason.as_str()));
        self.feed(now, key, &account, "disconnected");
        let client_id = self.client_id(key);
        let stays = self.sessions.get(key.0).is_some_and(|it| it.recorded && it.outlives_connection());
        let keep = if stays { Keep::Stored } else { Keep::InMemory };
        self.say_stored(now, &state::topic(&account.level, client_id.as_str()), keep, |broker| {
            let write = |client: &Client<'_>, _: &Connection| {
                state::json("disconnected", &at(now.unix), client, reason, None)
            };
            broker.with_client_of(id, link, write).into()
        });
        self.event(now, &account, |broker, said_at, seq| {
            broker.with_client_of(id, link, |client, connection| {
                let traffic = connection.traffic;
                let counts = counted.then(|| Counts {
                    packets_in: traffic.packets_in,
                    packets_out: traffic.packets_out,
                    bytes_in: traffic.bytes_in,
                    bytes_out: traffic.bytes_out + connection.outbox.waiting() as u64,
                });
                let session = About::Served { connected_at: &at(link.connected_unix), counts };
                let event = Event::new("disconnected", said_at, client);
                json(&Event { seq, reason, session: Some(session), ..event })
            })
        });
    }

    /// An attempt that failed; `connect` where it got so far.
    pub(crate) fn report_refused(
        &mut self,
        now: Now,
        id: ConnectionId,
        connect: Option<&Connect>,
        reason: Reason,
    ) {
        self.refusals.count(reason);
        let user_name = connect.and_then(|connect| connect.user_name.as_ref());
        let user_name = user_name.map_or(ANONYMOUS, Text::as_str);
        let account = self.owner_or(user_name).to_owned();
        self.event_of(now, &account, |broker, at, seq| {
            let Some(connection) = broker.connections.get(id.0) else { return Vec::new() };
            let client = Client {
                id: connect.map_or("", |connect| connect.client_id.as_str()),
                account: &account,
                address: &connection.peer.address,
                transport: transport(connection.peer.transport),
                protocol: connect.map(|connect| protocol(connect.version)),
                keep_alive: connect.map(|connect| connect.keep_alive),
                clean_start: connect.map(|connect| connect.clean_start),
                device: broker.device_name(user_name),
            };
            let event = Event::new("refused", at, &client);
            json(&Event { seq, reason: Some(reason.as_str()), ..event })
        });
    }

    /// A rule refused a publish or a subscription; the sentence that says so.
    pub(crate) fn report_denied(
        &mut self,
        now: Now,
        id: ConnectionId,
        action: Action,
        topic: &Text,
        denial: &Denial,
    ) -> String {
        let Some(link) = self.link(id) else { return String::new() };
        let account = Arc::clone(&link.account);
        let rule = self.gate.rule(denial);
        let verb = match action {
            Action::Subscribe => "subscribe",
            Action::Unsubscribe => "unsubscribe",
            _ => "publish",
        };
        let client_id = self.client_id(link.session);
        let denied = self.gate.denied_by(denial);
        let complaint = format!("{client_id} may not {verb} to {topic}: {denied}");
        self.complain(now, &account, "errors", complaint.clone());
        self.event(now, &account, |broker, at, seq| {
            broker.with_client(id, |client, _| {
                let (topic, rule) = (Some(topic.as_str()), Some(rule.as_str()));
                let event = Event::new("denied", at, client);
                json(&Event { seq, action: Some(action), topic, rule, ..event })
            })
        });
        complaint
    }

    /// Dynamic security did what a command says.
    pub(crate) fn report_security(&mut self, now: Now, id: ConnectionId, told: Told<'_>) {
        let Some(link) = self.link(id) else { return };
        let account = Arc::clone(&link.account);
        self.event(now, &account, |broker, at, seq| {
            broker.with_client(id, |client, _| {
                let event = Event::new("administered", at, client);
                json(&Event { seq, action: Some(Action::DynamicSecurity), command: Some(told), ..event })
            })
        });
    }

    /// An administrator acts: said before it does, as it may be its own connection that ends.
    pub(crate) fn report_administered(
        &mut self,
        now: Now,
        id: ConnectionId,
        action: Action,
        target: Target<'_>,
    ) {
        let Some(link) = self.link(id) else { return };
        let account = Arc::clone(&link.account);
        let (target, topic) = match target {
            Target::Client(client_id) => (Some(client_id), None),
            Target::Topic(topic) => (None, Some(topic)),
        };
        self.event(now, &account, |broker, at, seq| {
            broker.with_client(id, |client, _| {
                let event = Event::new("administered", at, client);
                json(&Event { seq, action: Some(action), target, topic, ..event })
            })
        });
    }

    /// A session ended: its state is not kept.
    pub(crate) fn forget_presence(&mut self, now: Now, session: &Session) {
        let topic = state::topic(&session.account.level, session.client_id.as_str());
        let keep = if session.recorded { Keep::Stored } else { Keep::InMemory };
        self.say_stored(now, &topic, keep, |_| Bytes::new());
    }

    fn feed(&mut self, now: Now, key: SessionKey, account: &Account, status: &'static str) {
        self.say_stored(now, &format!("{}/clients", account.level), Keep::No, |broker| {
            feed::line(status, &at(now.unix), broker.client_id(key).as_str()).into()
        });
    }

    pub(super) fn event(
        &mut self,
        now: Now,
        account: &Account,
        write: impl FnOnce(&Self, &str, u64) -> Vec<u8>,
    ) {
        self.event_of(now, account.name.as_str(), write);
    }

    pub(super) fn event_of(
        &mut self,
        now: Now,
        account: &str,
        write: impl FnOnce(&Self, &str, u64) -> Vec<u8>,
    ) {
        let seq = self.journal.next();
        let json: Bytes = write(self, &at(now.unix), seq).into();
        if json.is_empty() {
            return;
        }
        self.journal.push(seq, now.unix, account, json.clone());
        self.persist(|| {
            let (account, json) = (Text::try_from(account).expect("it was a User Name"), json.clone());
            Record::Event { seq, at_unix: now.unix, account, json }
        });
        self.trim_journal(now);
        self.say_stored(now, &format!("$headcount/{}/events", level(account)), Keep::No, |_| json);
    }

    pub(crate) fn trim_journal(&mut self, now: Now) {
        if let Some(before) = self.journal.trim(now.unix, &self.config.limits) {
            self.persist(|| Record::EventsDropped { before });
        }
    }

    /// Publishes what storage must not forget after it was seen: an event's number would be given twice.
    pub(crate) fn say_stored(
        &mut self,
        now: Now,
        topic: &str,
        keep: Keep,
        write: impl FnOnce(&Self) -> Bytes,
    ) {
        if self.stored < self.recorded {
            let Ok(topic) = TopicName::try_from(topic) else { return };
            let matches = self.matches(&topic);
            self.hold_back(&matches);
        }
        self.say(now, topic, keep, write);
    }

    /// What is appended from here on to the connections that this goes to promises all records so far.
    pub(crate) fn hold_back(&mut self, matches: &Matches) {
        if self.stored < self.recorded {
            let members = matches.shares.iter().filter_map(|share| self.subscriptions.group(*share));
            let members = members.flat_map(crate::shared::Share::sessions);
            let sessions: Vec<_> = matches.entries.iter().map(|entry| entry.session).chain(members).collect();
            for session in sessions {
                if let Some(id) = self.sessions.get(session.0).and_then(|session| session.connection) {
                    self.promise(id);
                }
            }
        }
    }

    /// Publishes at `QoS` 0, as the broker itself.
    pub(crate) fn say(&mut self, now: Now, topic: &str, keep: Keep, write: impl FnOnce(&Self) -> Bytes) {
        let Ok(topic) = TopicName::try_from(topic) else { return };
        let matches = self.matches(&topic);
        if keep == Keep::No && matches.entries.is_empty() && matches.shares.is_empty() {
            return;
        }
        let message = Message {
            payload: write(self),
            topic,
            qos: QoS::AtMostOnce,
            properties: None,
            received: now.monotonic,
            received_unix: now.unix,
        };
        self.route(message, keep, None, &matches);
    }

    pub(crate) fn client_id(&self, key: SessionKey) -> Text {
        self.sessions.get(key.0).map(|session| session.client_id.clone()).unwrap_or_default()
    }

    pub(super) fn with_client(
        &self,
        id: ConnectionId,
        write: impl FnOnce(&Client<'_>, &Connection) -> Vec<u8>,
    ) -> Vec<u8> {
        self.link(id).map_or_else(Vec::new, |link| self.with_client_of(id, link, write))
    }

    fn with_client_of(
        &self,
        id: ConnectionId,
        link: &Link,
        write: impl FnOnce(&Client<'_>, &Connection) -> Vec<u8>,
    ) -> Vec<u8> {
        let Some(connection) = self.connections.get(id.0) else { return Vec::new() };
        let client_id = self.client_id(link.session);
        let client = Client {
            id: client_id.as_str(),
            account: link.account.name.as_str(),
            address: &connection.peer.address,
            transport: transport(connection.peer.transport),
            protocol: Some(protocol(link.version)),
            keep_alive: Some(link.keep_alive),
            clean_start: Some(link.clean_start),
            device: link.account.device_name(),
        };
        write(&client, connection)
    }
}

pub(super) fn json(event: &Event<'_>) -> Vec<u8> {
    serde_json::to_vec(event).expect("strings and numbers alone")
}

pub(super) fn transport(transport: Transport) -> &'static str {
    match transport {
        Transport::Tcp => "tcp",
        Transport::Tls => "tls",
        Transport::WebSocket => "websocket",
        Transport::SecureWebSocket => "secure-websocket",
    }
}

fn protocol(version: ProtocolVersion) -> &'static str {
    match version {
        ProtocolVersion::V311 => "3.1.1",
        ProtocolVersion::V5 => "5.0",
    }
}
