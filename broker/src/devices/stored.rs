//! What of it survives a restart.

use super::book::{Channel, Device, Devices};
use crate::Record;
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
    pub(super) fn record(&self, channel: u32) -> Option<Record> {
        let owner = Text::try_from(self.owner.as_str()).ok()?;
        Some(Record::ChannelSet { channel, owner, entries: self.entries, last: self.last.clone() })
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
        self.restore_channel(channel, Channel { owner: owner.as_str().to_owned(), entries, last });
    }

    pub(crate) fn lose_channel(&mut self, channel: u32) {
        self.forget_channel(channel);
    }
}

fn read(json: &[u8]) -> Option<Device> {
    serde_json::from_slice(json).ok()
}
