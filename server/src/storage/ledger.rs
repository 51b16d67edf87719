//! From records to keys and values.

use super::changes::Changes;
use super::codec::{self, put_connected, put_message, put_option, put_text, put_time, put_will};
use super::key::{self, ClientNumber, Hash};
use bytes::BufMut;
use headcount_broker::{Message, Record};
use headcount_mqtt::{PacketId, QoS, RetainHandling, Subscription, Text, TopicFilter};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

mod channels;
mod entries;

use entries::Entries;

/// What the table holds of one realm, as far as later records need it.
#[derive(Debug)]
pub(super) struct Ledger {
    pub(super) realm: u16,
    pub(super) clients: HashMap<Text, Client>,
    pub(super) next_client: ClientNumber,
    /// How many sessions are to get a message.
    pub(super) messages: HashMap<u64, u32>,
    pub(super) next_message: u64,
    pub(super) oldest_event: Option<u64>,
    pub(super) entries: Entries,
    /// Messages of the batch in work by their address, which stays theirs as long as they are held here.
    shared: HashMap<usize, (Arc<Message>, u64)>,
}

/// A Client Identifier with a session or a connection.
#[derive(Debug, Default)]
pub(super) struct Client {
    pub(super) number: ClientNumber,
    pub(super) has_session: bool,
    pub(super) is_connected: bool,
    pub(super) has_will: bool,
    pub(super) filters: BTreeSet<Hash>,
    /// Messages on their way, by their numbers in the session.
    pub(super) deliveries: BTreeMap<u64, Delivery>,
    pub(super) received: BTreeSet<PacketId>,
}

/// A message on its way to one session.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Delivery {
    /// Its number among the messages; `None` once PUBREC came.
    pub(super) message: Option<u64>,
    pub(super) is_sent: bool,
}

impl Ledger {
    pub(super) fn new(realm: u16) -> Self {
        Self {
            realm,
            clients: HashMap::new(),
            next_client: 0,
            messages: HashMap::new(),
            next_message: 0,
            oldest_event: None,
            entries: Entries::default(),
            shared: HashMap::new(),
        }
    }

    /// The batch is complete: its messages need not be known any longer.
    pub(super) fn close_batch(&mut self) {
        self.shared = HashMap::new();
    }

    /// Adds what a record changes.
    pub(super) fn apply(&mut self, record: &Record, changes: &mut Changes) {
        let realm = self.realm;
        match record {
            Record::SessionSet { client_id, user_name, expiry, left_unix } => {
                let client = self.client(client_id);
                client.has_session = true;
                let key = key::of_client(realm, key::SESSION, client.number);
                changes.put(key, session(client_id, user_name.as_ref(), *expiry, *left_unix));
            }
            Record::SessionRemoved { client_id } => self.remove_session(client_id, changes),
            Record::Connected { client_id, connection } => {
                let client = self.client(client_id);
                client.is_connected = true;
                let mut value = Vec::new();
                put_connected(&mut value, client_id, connection);
                changes.put(key::of_client(realm, key::CONNECTED, client.number), value);
            }
            Record::Left { client_id } => {
                let Some(client) = self.clients.get_mut(client_id) else { return };
                client.is_connected = false;
                let key = key::of_client(realm, key::CONNECTED, client.number);
                changes.remove(key);
                self.forget_unless_needed(client_id);
            }
            Record::SubscriptionSet { client_id, subscription, identifier, emitter_key } => {
                let Some(client) = self.clients.get_mut(client_id) else { return };
                let hash = key::hash(subscription.filter.as_bytes());
                client.filters.insert(hash);
                let key = key::of_subscription(realm, client.number, &hash);
                changes.put(key, self::subscription(subscription, *identifier, emitter_key.as_ref()));
            }
            Record::SubscriptionRemoved { client_id, filter } => {
                let Some(client) = self.clients.get_mut(client_id) else { return };
                let hash = key::hash(filter.as_bytes());
                client.filters.remove(&hash);
                changes.remove(key::of_subscription(realm, client.number, &hash));
            }
            Record::WillSet { client_id, will, due_unix } => {
                let Some(client) = self.clients.get_mut(client_id) else { return };
                client.has_will = true;
                let mut value = Vec::new();
                put_time(&mut value, *due_unix);
                put_will(&mut value, will);
                changes.put(key::of_client(realm, key::WILL, client.number), value);
            }
            Record::WillCleared { client_id } => {
                let Some(client) = self.clients.get_mut(client_id) else { return };
                client.has_will = false;
                changes.remove(key::of_client(realm, key::WILL, client.number));
            }
            Record::RetainedSet { message, owner } => {
                let mut value = Vec::with_capacity(message.payload.len() + 64);
                put_option(&mut value, owner.as_ref(), put_text);
                put_message(&mut value, message);
                changes.put(key::of_retained(realm, &key::hash(message.topic.as_bytes())), value);
            }
            Record::RetainedCleared(topic) => {
                changes.remove(key::of_retained(realm, &key::hash(topic.as_bytes())));
            }
            Record::Event { seq, at_unix, account, json } => {
                self.oldest_event.get_or_insert(*seq);
                let mut value = Vec::with_capacity(json.len() + 32);
                put_time(&mut value, *at_unix);
                put_text(&mut value, account);
                value.put_slice(json);
                changes.put_new(key::of_number(realm, key::EVENT, *seq), value);
            }
            Record::EventsDropped { before } => {
                for seq in self.oldest_event.unwrap_or(*before)..*before {
                    changes.remove(key::of_number(realm, key::EVENT, seq));
                }
                self.oldest_event = Some(*before);
            }
            Record::SecuritySet { item, json } => {
                let (kind, name) = codec::security_item(item);
                let mut value = Vec::with_capacity(name.len() + json.len() + 2);
                put_text(&mut value, &name);
                value.put_slice(json);
                changes.put(key::of_security(realm, kind, &key::hash(name.as_bytes())), value);
            }
            Record::SecurityRemoved { item } => {
                let (kind, name) = codec::security_item(item);
                changes.remove(key::of_security(realm, kind, &key::hash(name.as_bytes())));
            }
            record => self.apply_to_devices(record, changes),
        }
    }

    /// What is on its way, in both directions.
    fn apply_to_messages(&mut self, record: &Record, changes: &mut Changes) {
        let realm = self.realm;
        match record {
            Record::Queued { client_id, number, message, qos, retain, identifiers, share } => {
                let stored = self.share_message(message, changes);
                let Some(client) = self.clients.get_mut(client_id) else { return };
                client.deliveries.insert(*number, Delivery { message: Some(stored), is_sent: false });
                let key = key::of_delivery(realm, key::QUEUED, client.number, *number);
                changes.put_new(key, queued(stored, *qos, *retain, identifiers, share.as_ref()));
            }
            Record::Sent { client_id, number, place } => {
                let Some(client) = self.clients.get_mut(client_id) else { return };
                let Some(delivery) = client.deliveries.get_mut(number) else { return };
                delivery.is_sent = true;
                changes
                    .put_new(key::of_delivery(realm, key::SENT, client.number, *number), sent(*place, false));
            }
            Record::Released { client_id, number, place } => {
                self.drop_message(client_id, *number, changes);
                let Some(client) = self.clients.get(client_id) else { return };
                changes.remove(key::of_delivery(realm, key::QUEUED, client.number, *number));
                changes.put(key::of_delivery(realm, key::SENT, client.number, *number), sent(*place, true));
            }
            Record::Ended { client_id, number } => {
                let Some(client) = self.clients.get_mut(client_id) else { return };
                let client_number = client.number;
                if let Some(delivery) = client.deliveries.remove(number) {
                    self.remove_delivery(client_number, *number, delivery, changes);
                }
            }
            Record::Received { client_id, packet_id } => {
                let Some(client) = self.clients.get_mut(client_id) else { return };
                client.received.insert(*packet_id);
                changes.put_new(key::of_received(realm, client.number, *packet_id), Vec::new());
            }
            Record::Completed { client_id, packet_id } => {
                let Some(client) = self.clients.get_mut(client_id) else { return };
                client.received.remove(packet_id);
                changes.remove(key::of_received(realm, client.number, *packet_id));
            }
            record => self.apply_to_emitter(record, changes),
        }
    }
}

impl Ledger {
    fn client(&mut self, client_id: &Text) -> &mut Client {
        let next = &mut self.next_client;
        self.clients.entry(client_id.clone()).or_insert_with(|| {
            let number = *next;
            *next += 1;
            Client { number, ..Client::default() }
        })
    }

    fn forget_unless_needed(&mut self, client_id: &Text) {
        if self.clients.get(client_id).is_some_and(|client| !client.has_session && !client.is_connected) {
            self.clients.remove(client_id);
        }
    }

    /// A session ends with all that belongs to it.
    fn remove_session(&mut self, client_id: &Text, changes: &mut Changes) {
        let realm = self.realm;
        let Some(client) = self.clients.get_mut(client_id) else { return };
        let number = client.number;
        client.has_session = false;
        changes.remove(key::of_client(realm, key::SESSION, number));
        if std::mem::take(&mut client.has_will) {
            changes.remove(key::of_client(realm, key::WILL, number));
        }
        for filter in std::mem::take(&mut client.filters) {
            changes.remove(key::of_subscription(realm, number, &filter));
        }
        for id in std::mem::take(&mut client.received) {
            changes.remove(key::of_received(realm, number, id));
        }
        for (at, delivery) in std::mem::take(&mut client.deliveries) {
            self.remove_delivery(number, at, delivery, changes);
        }
        self.forget_unless_needed(client_id);
    }

    /// The number under which a message is stored, once for all sessions of a batch that are to get it.
    fn share_message(&mut self, message: &Arc<Message>, changes: &mut Changes) -> u64 {
        let address = Arc::as_ptr(message).addr();
        if let Some((_, number)) = self.shared.get(&address)
            && let Some(count) = self.messages.get_mut(number)
        {
            *count += 1;
            return *number;
        }
        let number = self.next_message;
        self.next_message += 1;
        let mut value = Vec::with_capacity(message.payload.len() + 64);
        put_message(&mut value, message);
        changes.put_new(key::of_number(self.realm, key::MESSAGE, number), value);
        self.messages.insert(number, 1);
        self.shared.insert(address, (Arc::clone(message), number));
        number
    }

    /// A delivery needs its message no longer.
    fn drop_message(&mut self, client_id: &Text, number: u64, changes: &mut Changes) {
        let delivery = self.clients.get_mut(client_id).and_then(|client| client.deliveries.get_mut(&number));
        if let Some(message) = delivery.and_then(|delivery| delivery.message.take()) {
            self.release_message(message, changes);
        }
    }

    fn remove_delivery(
        &mut self,
        client: ClientNumber,
        number: u64,
        delivery: Delivery,
        changes: &mut Changes,
    ) {
        if let Some(message) = delivery.message {
            changes.remove(key::of_delivery(self.realm, key::QUEUED, client, number));
            self.release_message(message, changes);
        }
        if delivery.is_sent {
            changes.remove(key::of_delivery(self.realm, key::SENT, client, number));
        }
    }

    fn release_message(&mut self, message: u64, changes: &mut Changes) {
        let Some(count) = self.messages.get_mut(&message) else { return };
        *count -= 1;
        if *count == 0 {
            self.messages.remove(&message);
            changes.remove(key::of_number(self.realm, key::MESSAGE, message));
        }
    }
}

fn session(client_id: &Text, user_name: Option<&Text>, expiry: u32, left: Option<Duration>) -> Vec<u8> {
    let mut value = Vec::with_capacity(client_id.len() + 32);
    put_text(&mut value, client_id);
    put_option(&mut value, user_name, put_text);
    value.put_u32(expiry);
    put_option(&mut value, left, put_time);
    value
}

fn subscription(it: &Subscription, identifier: Option<u32>, emitter_key: Option<&[u8; 32]>) -> Vec<u8> {
    let mut value = Vec::with_capacity(it.filter.as_bytes().len() + 40);
    put_text(&mut value, it.filter.text());
    let handling = match it.retain_handling {
        RetainHandling::Send => 0,
        RetainHandling::SendIfNew => 1,
        RetainHandling::DoNotSend => 2,
    };
    // As in SUBSCRIBE (3.8.3.1).
    value.put_u8(
        it.qos as u8
            | u8::from(it.no_local) << 2
            | u8::from(it.retain_as_published) << 3
            | handling << 4
            | u8::from(emitter_key.is_some()) << 6,
    );
    value.put_u32(identifier.unwrap_or(0));
    value.put_slice(emitter_key.map_or(&[], |key| key.as_slice()));
    value
}

fn queued(message: u64, qos: QoS, retain: bool, identifiers: &[u32], share: Option<&TopicFilter>) -> Vec<u8> {
    let mut value = Vec::with_capacity(16 + 4 * identifiers.len());
    value.put_u64(message);
    value.put_u8(qos as u8 | u8::from(retain) << 2);
    put_option(&mut value, share.map(TopicFilter::text), put_text);
    for identifier in identifiers {
        value.put_u32(*identifier);
    }
    value
}

fn sent(place: u64, released: bool) -> Vec<u8> {
    let mut value = Vec::with_capacity(9);
    value.put_u64(place);
    value.put_u8(released.into());
    value
}

#[cfg(test)]
mod tests;
