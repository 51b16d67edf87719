//! Devices and channels with their entries, and what Emitter's interface keeps.

use super::Ledger;
use crate::storage::changes::Changes;
use crate::storage::codec::{put_message, put_text, put_time};
use crate::storage::key;
use bytes::BufMut;
use headcount_broker::Record;

impl Ledger {
    /// Devices and channels.
    pub(super) fn apply_to_devices(&mut self, record: &Record, changes: &mut Changes) {
        let realm = self.realm;
        match record {
            Record::DeviceSet { client_id, json } => {
                let mut value = Vec::with_capacity(client_id.len() + json.len() + 2);
                put_text(&mut value, client_id);
                value.put_slice(json);
                changes.put(key::of_device(realm, &key::hash(client_id.as_bytes())), value);
            }
            Record::DeviceRemoved { client_id } => {
                changes.remove(key::of_device(realm, &key::hash(client_id.as_bytes())));
            }
            Record::ChannelSet { channel, owner, entries, last } => {
                let mut value = Vec::with_capacity(owner.len() + last.len() + 10);
                put_text(&mut value, owner);
                value.put_u64(*entries);
                value.put_slice(last);
                changes.put(key::of_channel(realm, *channel), value);
            }
            Record::ChannelRemoved { channel } => {
                changes.remove(key::of_channel(realm, *channel));
                for number in self.entries.drop_all(*channel) {
                    changes.remove(key::of_entry(realm, *channel, number));
                }
            }
            Record::EntrySet { channel, number, json } => {
                self.entries.meet(*channel, *number);
                changes.put_new(key::of_entry(realm, *channel, *number), json.to_vec());
            }
            Record::EntriesDropped { channel, before } => {
                for number in self.entries.drop_before(*channel, *before) {
                    changes.remove(key::of_entry(realm, *channel, number));
                }
            }
            record => self.apply_to_messages(record, changes),
        }
    }

    /// Keys for channels, and what was stored for those who subscribe later.
    pub(super) fn apply_to_emitter(&mut self, record: &Record, changes: &mut Changes) {
        let realm = self.realm;
        match record {
            Record::EmitterKeySet { key, json } => {
                let mut value = Vec::with_capacity(key.len() + json.len() + 2);
                put_text(&mut value, key);
                value.put_slice(json);
                changes.put(key::of_emitter_key(realm, &key::hash(key.as_bytes())), value);
            }
            Record::EmitterKeyRemoved { key } => {
                changes.remove(key::of_emitter_key(realm, &key::hash(key.as_bytes())));
            }
            Record::HistorySet { number, until_unix, message } => {
                let mut value = Vec::with_capacity(message.payload.len() + 64);
                put_time(&mut value, *until_unix);
                put_message(&mut value, message);
                changes.put_new(key::of_number(realm, key::HISTORY, *number), value);
            }
            Record::HistoryRemoved { number } => {
                changes.remove(key::of_number(realm, key::HISTORY, *number));
            }
            _ => {}
        }
    }
}
