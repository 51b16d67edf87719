//! What of it survives a restart.

use super::book::{Channel, Device, Devices};
use crate::Record;
use crate::channels::History;
use bytes::Bytes;
use headcount_mqtt::Text;

/// Whether JSON is that of [`Record::DeviceSet`]. A store that holds another is damaged.
pub fn reads_device(json: &[u8]) -> bool {
    read(json).is_some()
}

impl Device {
    pub(super) fn record(&self, client_id: &str) -> Option<Record> {
        let json = serde_json::to_vec(self).expect("text, numbers and flags").into();
        Some(Record::DeviceSet { client_id: Text::try_from(client_id).ok()?, json })
    }
}

impl Channel {
    /// Of a new one.
    pub(super) fn record(&self, channel: u32) -> Option<Record> {
        let owner = Text::try_from(self.owner.as_str()).ok()?;
        Some(Record::ChannelSet { channel, owner, entries: 0, last: Bytes::new() })
    }
}

impl Devices {
    /// Takes back what storage remembers of a device, if it can be read ([`reads_device`]).
    pub(crate) fn remember_device(&mut self, client_id: &Text, json: &[u8]) {
        if let Some(device) = read(json) {
            self.restore_device(client_id.as_str(), device);
        }
    }

    pub(crate) fn lose_device(&mut self, client_id: &Text) {
        self.forget_device(client_id.as_str());
    }

    /// The same of a channel.
    pub(crate) fn remember_channel(&mut self, channel: u32, owner: &Text, entries: u64, last: Bytes) {
        let history = History::begun(entries, last);
        self.restore_channel(channel, Channel { owner: owner.as_str().to_owned(), history });
    }

    pub(crate) fn lose_channel(&mut self, channel: u32) {
        self.forget_channel(channel);
    }

    /// The same of an entry.
    pub(crate) fn remember_entry(&mut self, channel: u32, number: u64, json: Bytes) {
        self.change_history(channel, |history| history.push(number, json));
    }

    pub(crate) fn lose_entries(&mut self, channel: u32, before: u64) {
        self.change_history(channel, |history| history.drop_before(before));
    }
}

fn read(json: &[u8]) -> Option<Device> {
    serde_json::from_slice(json).ok()
}
