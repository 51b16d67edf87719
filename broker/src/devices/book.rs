//! All devices and channels of a realm.

use super::kept::Kept;
use super::request::Waiting;
use super::rights::Rights;
use crate::Record;
use crate::channels::History;
use headcount_mqtt::Text;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Everything that is known of devices.
#[derive(Debug, Default)]
pub(crate) struct Devices {
    /// By Client Identifier.
    pub(super) all: BTreeMap<String, Device>,
    pub(super) channels: BTreeMap<u32, Channel>,
    pub(super) owners: BTreeMap<String, Holding>,
    /// The number of the device that was added last.
    numbered: u64,
    /// Of accounts that have no channels.
    nothing: Arc<Rights>,
    /// Requests that wait for credentials, by their jobs.
    pub(super) waiting: BTreeMap<u64, Waiting>,
    pub(super) jobs: u64,
}

/// A device, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Device {
    /// User Name of its account.
    pub(super) owner: String,
    /// Whether that account is known by certificates alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) by_certificate: bool,
    /// Rises from device to device: the order of creation.
    pub(super) number: u64,
    pub(super) name: String,
    pub(super) description: String,
    /// Of its password.
    pub(super) hash: String,
    pub(super) channels: Vec<Authorised>,
    /// Milliseconds since 1970.
    pub(super) created: u64,
    /// The same of its password.
    pub(super) rotated: u64,
}

/// What a device may do in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Authorised {
    pub(super) id: u32,
    pub(super) publish: bool,
    pub(super) subscribe: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Channel {
    pub(super) owner: String,
    pub(super) history: History,
}

/// What one account has.
#[derive(Debug, Default)]
pub(super) struct Holding {
    /// By their numbers.
    devices: BTreeMap<u64, String>,
    channels: BTreeSet<u32>,
    pub(super) kept: Kept,
}

impl Devices {
    pub(crate) fn is_empty(&self) -> bool {
        self.owners.is_empty()
    }

    /// Whose device a client of this name is.
    pub(crate) fn owner(&self, client_id: &str) -> Option<&str> {
        self.all.get(client_id).map(|device| device.owner.as_str())
    }

    pub(super) fn has(&self, client_id: &str) -> bool {
        self.all.contains_key(client_id)
    }

    /// A device of this account.
    pub(super) fn of(&self, owner: &str, client_id: &str) -> Option<&Device> {
        self.all.get(client_id).filter(|device| device.owner == owner)
    }

    /// An account's devices in the order of their creation.
    pub(super) fn all_of(&self, owner: &str) -> impl Iterator<Item = (&str, &Device)> {
        let holding = self.owners.get(owner).into_iter();
        let ids = holding.flat_map(|it| it.devices.values());
        ids.filter_map(|id| Some((id.as_str(), self.all.get(id)?)))
    }

    pub(super) fn count_of(&self, owner: &str) -> usize {
        self.owners.get(owner).map_or(0, |it| it.devices.len())
    }

    /// An account's channels in the order of their numbers.
    pub(super) fn channels_of(&self, owner: &str) -> impl Iterator<Item = (u32, &Channel)> {
        let holding = self.owners.get(owner).into_iter();
        let ids = holding.flat_map(|it| it.channels.iter());
        ids.filter_map(|id| Some((*id, self.channels.get(id)?)))
    }

    /// A number that no channel has, and that is not among these.
    pub(super) fn free_channel(&self, taken: &BTreeSet<u32>) -> Option<u32> {
        let mut wanted = 1;
        for used in self.channels.keys() {
            while wanted < *used {
                if !taken.contains(&wanted) {
                    return Some(wanted);
                }
                wanted += 1;
            }
            wanted = used.checked_add(1)?;
        }
        (wanted..=u32::MAX).find(|id| !taken.contains(id))
    }

    /// A device that uses a channel.
    pub(super) fn user_of(&self, owner: &str, channel: u32) -> Option<&Device> {
        let uses = |device: &&Device| device.channels.iter().any(|it| it.id == channel);
        self.all_of(owner).map(|(_, device)| device).find(uses)
    }

    /// The number of the next device.
    pub(super) fn number(&self) -> u64 {
        self.numbered + 1
    }

    /// Adds a device or puts another in its place, with the channels that it names; the records of all that.
    pub(super) fn set(&mut self, client_id: &str, device: Device) -> Vec<Record> {
        let mut records = Vec::new();
        for authorised in &device.channels {
            if !self.channels.contains_key(&authorised.id) {
                let channel = Channel { owner: device.owner.clone(), history: History::default() };
                records.extend(channel.record(authorised.id));
                self.restore_channel(authorised.id, channel);
            }
        }
        records.extend(device.record(client_id));
        self.restore_device(client_id, device);
        records
    }

    /// Forgets a device; its channels stay.
    pub(super) fn remove(&mut self, client_id: &str) -> Option<Record> {
        self.forget_device(client_id);
        Some(Record::DeviceRemoved { client_id: Text::try_from(client_id).ok()? })
    }

    /// Forgets a channel with its entries.
    pub(super) fn remove_channel(&mut self, channel: u32) -> Record {
        self.forget_channel(channel);
        Record::ChannelRemoved { channel }
    }

    /// What an account may do in channels.
    pub(crate) fn rights_of_account(&self, owner: &str) -> Arc<Rights> {
        match self.owners.get(owner).filter(|it| !it.channels.is_empty()) {
            Some(holding) => Arc::new(Rights::of_account(holding.channels.iter().copied())),
            None => Arc::clone(&self.nothing),
        }
    }

    /// What a device may do, and whose it is.
    pub(crate) fn rights_of_device(&self, client_id: &Text) -> Option<(&str, Arc<Rights>)> {
        let device = self.all.get(client_id.as_str())?;
        Some((&device.owner, Arc::new(Rights::of_device(client_id, device))))
    }

    pub(super) fn restore_device(&mut self, client_id: &str, device: Device) {
        self.forget_device(client_id);
        self.numbered = self.numbered.max(device.number);
        let holding = self.owners.entry(device.owner.clone()).or_default();
        holding.devices.insert(device.number, client_id.to_owned());
        self.all.insert(client_id.to_owned(), device);
    }

    pub(super) fn restore_channel(&mut self, id: u32, channel: Channel) {
        self.forget_channel(id);
        let holding = self.owners.entry(channel.owner.clone()).or_default();
        holding.channels.insert(id);
        holding.kept.add(id, &channel.history);
        self.channels.insert(id, channel);
    }

    pub(super) fn forget_device(&mut self, client_id: &str) {
        let Some(device) = self.all.remove(client_id) else { return };
        self.let_go(&device.owner, |holding| drop(holding.devices.remove(&device.number)));
    }

    pub(super) fn forget_channel(&mut self, id: u32) {
        let Some(channel) = self.channels.remove(&id) else { return };
        self.let_go(&channel.owner, |holding| {
            holding.channels.remove(&id);
            holding.kept.remove(id, &channel.history);
        });
    }

    fn let_go(&mut self, owner: &str, change: impl FnOnce(&mut Holding)) {
        let Some(holding) = self.owners.get_mut(owner) else { return };
        change(holding);
        if holding.devices.is_empty() && holding.channels.is_empty() {
            self.owners.remove(owner);
        }
    }
}
