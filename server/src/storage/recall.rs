//! From keys and values to records, when a store is opened.

use super::codec::{self, Damaged, Reader};
use super::key::{self, ClientNumber};
use super::ledger::{Delivery, Ledger};
use headcount_broker::{Message, Now, Record};
use headcount_mqtt::{PacketId, QoS, RetainHandling, Subscription, Text, TopicFilter};
use std::collections::HashMap;
use std::sync::Arc;

/// Reads a realm's keys in their order, which puts sessions before what belongs to them.
pub(super) struct Recall {
    ledger: Ledger,
    now: Now,
    names: HashMap<ClientNumber, Text>,
    messages: HashMap<u64, Arc<Message>>,
    /// What was sent, to be told in the order of places.
    sent: Vec<(ClientNumber, u64, Record)>,
    records: Vec<Record>,
}

impl Recall {
    pub(super) fn new(realm: u16, now: Now) -> Self {
        Self {
            ledger: Ledger::new(realm),
            now,
            names: HashMap::new(),
            messages: HashMap::new(),
            sent: Vec::new(),
            records: Vec::new(),
        }
    }

    /// One entry; `key` without the realm.
    ///
    /// # Errors
    /// [`Damaged`] where this version of the store writes no such entry.
    pub(super) fn entry(&mut self, key: &[u8], value: &[u8]) -> Result<(), Damaged> {
        let mut key = Reader(key);
        let tag = key.u8()?;
        let mut value = Reader(value);
        match tag {
            key::SESSION => self.session(key.u32()?, &mut value),
            key::SUBSCRIPTION => self.subscription(key.u32()?, key.take(16)?, &mut value),
            key::MESSAGE => {
                let number = key.u64()?;
                self.ledger.next_message = number + 1;
                self.messages.insert(number, Arc::new(codec::message(value.0, self.now)?));
                Ok(())
            }
            key::QUEUED => self.queued(key.u32()?, key.u64()?, &mut value),
            key::SENT => self.sent(key.u32()?, key.u64()?, &mut value),
            key::RECEIVED => {
                let (client_id, packet_id) =
                    (self.name(key.u32()?)?, PacketId::new(key.u16()?).ok_or(Damaged)?);
                self.ledger.clients.get_mut(&client_id).ok_or(Damaged)?.received.insert(packet_id);
                self.records.push(Record::Received { client_id, packet_id });
                Ok(())
            }
            key::WILL => {
                let client_id = self.name(key.u32()?)?;
                self.ledger.clients.get_mut(&client_id).ok_or(Damaged)?.has_will = true;
                let due_unix = value.time()?;
                let will = codec::will(&mut value)?;
                self.records.push(Record::WillSet { client_id, will, due_unix });
                value.end()
            }
            key::RETAINED => {
                let owner = value.option(Reader::text)?;
                let message = Arc::new(codec::message(value.0, self.now)?);
                self.records.push(Record::RetainedSet { message, owner });
                Ok(())
            }
            key::EVENT => {
                let seq = key.u64()?;
                self.ledger.oldest_event.get_or_insert(seq);
                let (at_unix, account) = (value.time()?, value.text()?);
                self.records.push(Record::Event { seq, at_unix, account, json: value.0.to_vec().into() });
                Ok(())
            }
            key::CONNECTED => {
                let number = key.u32()?;
                let (client_id, connection) = codec::connected(value.0)?;
                self.meet(number, &client_id).is_connected = true;
                self.records.push(Record::Connected { client_id, connection });
                Ok(())
            }
            key::SECURITY => {
                let item = codec::security_item_of(key.u8()?, &value.text()?)?;
                if !item.reads(value.0) {
                    return Err(Damaged);
                }
                self.records.push(Record::SecuritySet { item, json: value.0.to_vec().into() });
                Ok(())
            }
            key::DEVICE => {
                let client_id = value.text()?;
                if !headcount_broker::reads_device(value.0) {
                    return Err(Damaged);
                }
                self.records.push(Record::DeviceSet { client_id, json: value.0.to_vec().into() });
                Ok(())
            }
            key::CHANNEL => {
                let (channel, owner, entries) = (key.u32()?, value.text()?, value.u64()?);
                let last = value.0.to_vec().into();
                self.records.push(Record::ChannelSet { channel, owner, entries, last });
                Ok(())
            }
            key::ENTRY => {
                let (channel, number) = (key.u32()?, key.u64()?);
                self.ledger.entries.meet(channel, number);
                let json = value.0.to_vec().into();
                self.records.push(Record::EntrySet { channel, number, json });
                Ok(())
            }
            key::EMITTER_KEY => {
                let key = value.text()?;
                if !headcount_broker::reads_emitter_key(value.0) {
                    return Err(Damaged);
                }
                self.records.push(Record::EmitterKeySet { key, json: value.0.to_vec().into() });
                Ok(())
            }
            key::HISTORY => {
                let (number, until_unix) = (key.u64()?, value.time()?);
                let message = Arc::new(codec::message(value.0, self.now)?);
                self.records.push(Record::HistorySet { number, until_unix, message });
                Ok(())
            }
            _ => Err(Damaged),
        }
    }

    /// What was read: the records to restore from, and what later ones build on.
    pub(super) fn finish(mut self) -> (Ledger, Vec<Record>) {
        self.sent.sort_by_key(|(client, place, _)| (*client, *place));
        self.records.extend(self.sent.into_iter().map(|(.., record)| record));
        (self.ledger, self.records)
    }

    fn session(&mut self, number: ClientNumber, value: &mut Reader<'_>) -> Result<(), Damaged> {
        let client_id = value.text()?;
        let user_name = value.option(Reader::text)?;
        let expiry = value.u32()?;
        let left_unix = value.option(Reader::time)?;
        self.meet(number, &client_id).has_session = true;
        self.names.insert(number, client_id.clone());
        self.records.push(Record::SessionSet { client_id, user_name, expiry, left_unix });
        value.end()
    }

    fn subscription(
        &mut self,
        number: ClientNumber,
        hash: &[u8],
        value: &mut Reader<'_>,
    ) -> Result<(), Damaged> {
        let client_id = self.name(number)?;
        let hash = hash.try_into().map_err(|_| Damaged)?;
        self.ledger.clients.get_mut(&client_id).ok_or(Damaged)?.filters.insert(hash);
        let filter = TopicFilter::new(value.text()?).map_err(|_| Damaged)?;
        let options = value.u8()?;
        let subscription = Subscription {
            filter,
            qos: QoS::from_u8(options & 3).ok_or(Damaged)?,
            no_local: options & 4 != 0,
            retain_as_published: options & 8 != 0,
            retain_handling: match options >> 4 & 3 {
                0 => RetainHandling::Send,
                1 => RetainHandling::SendIfNew,
                2 => RetainHandling::DoNotSend,
                _ => return Err(Damaged),
            },
        };
        let identifier = Some(value.u32()?).filter(|identifier| *identifier > 0);
        let emitter_key = match options >> 6 {
            0 => None,
            1 => Some(value.array()?),
            _ => return Err(Damaged),
        };
        self.records.push(Record::SubscriptionSet { client_id, subscription, identifier, emitter_key });
        value.end()
    }

    fn queued(&mut self, client: ClientNumber, number: u64, value: &mut Reader<'_>) -> Result<(), Damaged> {
        let client_id = self.name(client)?;
        let stored = value.u64()?;
        let message = Arc::clone(self.messages.get(&stored).ok_or(Damaged)?);
        *self.ledger.messages.entry(stored).or_default() += 1;
        let delivery = Delivery { message: Some(stored), is_sent: false };
        self.ledger.clients.get_mut(&client_id).ok_or(Damaged)?.deliveries.insert(number, delivery);
        let flags = value.u8()?;
        let share = value.option(|value| TopicFilter::new(value.text()?).map_err(|_| Damaged))?;
        let mut identifiers = Vec::new();
        while !value.0.is_empty() {
            identifiers.push(value.u32()?);
        }
        self.records.push(Record::Queued {
            client_id,
            number,
            message,
            qos: QoS::from_u8(flags & 3).ok_or(Damaged)?,
            retain: flags & 4 != 0,
            identifiers: identifiers.into(),
            share,
        });
        Ok(())
    }

    fn sent(&mut self, client: ClientNumber, number: u64, value: &mut Reader<'_>) -> Result<(), Damaged> {
        let client_id = self.name(client)?;
        let deliveries = &mut self.ledger.clients.get_mut(&client_id).ok_or(Damaged)?.deliveries;
        deliveries.entry(number).or_default().is_sent = true;
        let place = value.u64()?;
        let record = match value.u8()? {
            0 => Record::Sent { client_id, number, place },
            1 => Record::Released { client_id, number, place },
            _ => return Err(Damaged),
        };
        self.sent.push((client, place, record));
        value.end()
    }

    fn name(&self, number: ClientNumber) -> Result<Text, Damaged> {
        self.names.get(&number).cloned().ok_or(Damaged)
    }

    fn meet(&mut self, number: ClientNumber, client_id: &Text) -> &mut super::ledger::Client {
        self.ledger.next_client = self.ledger.next_client.max(number + 1);
        let client = self.ledger.clients.entry(client_id.clone()).or_default();
        client.number = number;
        client
    }
}
