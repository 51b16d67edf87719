//! The entries that channels keep, and the bounds of an account's.

use super::book::Devices;
use crate::channels::History;
use crate::{Broker, DeviceLimits, Record};
use bytes::Bytes;
use std::collections::{BTreeMap, BTreeSet};

/// What the channels of one account keep.
#[derive(Debug, Default)]
pub(super) struct Kept {
    bytes: usize,
    /// By their sizes, those that have more than their newest entry.
    givers: BTreeSet<(usize, u32)>,
}

impl Kept {
    pub(super) fn add(&mut self, id: u32, history: &History) {
        self.bytes += history.bytes();
        if history.can_give() {
            self.givers.insert((history.bytes(), id));
        }
    }

    pub(super) fn remove(&mut self, id: u32, history: &History) {
        self.bytes -= history.bytes();
        self.givers.remove(&(history.bytes(), id));
    }

    /// The largest channel, where all of them are too large together: whoever floods one loses the past of that one.
    fn giver(&self, most: usize) -> Option<u32> {
        self.givers.last().filter(|_| self.bytes > most).map(|(_, id)| *id)
    }
}

impl Devices {
    /// The entries that a channel keeps.
    pub(crate) fn history(&self, id: u32) -> Option<&History> {
        self.channels.get(&id).map(|channel| &channel.history)
    }

    /// Adds an entry, which `write` writes with its number, and forgets what it makes too many; with the records of that.
    /// `None` where there is no such channel.
    pub(crate) fn enter(
        &mut self,
        id: u32,
        limits: &DeviceLimits,
        write: impl FnOnce(u64) -> Bytes,
    ) -> Option<(Bytes, Vec<Record>)> {
        let channel = self.channels.get(&id)?;
        let number = channel.history.numbered().checked_add(1)?;
        let owner = channel.owner.clone();
        let json = write(number);
        let mut firsts = BTreeMap::from([(id, channel.history.first())]);
        self.change_history(id, |history| {
            history.push(number, json.clone());
            history.trim(limits.max_channel_entries, limits.max_channel_bytes);
        });
        self.trim_account(&owner, limits, &mut firsts);
        let mut records = vec![Record::EntrySet { channel: id, number, json: json.clone() }];
        records.extend(self.dropped(&firsts));
        Some((json, records))
    }

    /// Forgets what is beyond the bounds; the records of that.
    fn trim(&mut self, limits: &DeviceLimits) -> Vec<Record> {
        let firsts = self.channels.iter().map(|(id, channel)| (*id, channel.history.first()));
        let mut firsts: BTreeMap<_, _> = firsts.collect();
        for id in self.channels.keys().copied().collect::<Vec<_>>() {
            self.change_history(id, |history| {
                history.trim(limits.max_channel_entries, limits.max_channel_bytes);
            });
        }
        for owner in self.owners.keys().cloned().collect::<Vec<_>>() {
            self.trim_account(&owner, limits, &mut firsts);
        }
        self.dropped(&firsts)
    }

    /// Notes in `firsts` where the entries of a channel began before.
    fn trim_account(&mut self, owner: &str, limits: &DeviceLimits, firsts: &mut BTreeMap<u32, u64>) {
        let most = limits.max_account_entry_bytes;
        while let Some(id) = self.owners.get(owner).and_then(|holding| holding.kept.giver(most)) {
            let first = self.history(id).map_or(0, History::first);
            firsts.entry(id).or_insert(first);
            self.change_history(id, History::give);
        }
    }

    /// Channels whose entries begin later than they did.
    fn dropped(&self, firsts: &BTreeMap<u32, u64>) -> Vec<Record> {
        let firsts = firsts.iter().filter_map(|(id, old)| Some((*id, *old, self.history(*id)?.first())));
        let later = firsts.filter(|(_, old, first)| old < first);
        later.map(|(channel, _, before)| Record::EntriesDropped { channel, before }).collect()
    }

    /// All that changes a history goes this way, so that its account knows what it keeps.
    pub(super) fn change_history(&mut self, id: u32, change: impl FnOnce(&mut History)) {
        let Some(channel) = self.channels.get_mut(&id) else { return };
        let Some(holding) = self.owners.get_mut(&channel.owner) else { return };
        holding.kept.remove(id, &channel.history);
        change(&mut channel.history);
        holding.kept.add(id, &channel.history);
    }
}

impl Broker {
    /// Forgets entries that other limits leave no room for.
    pub(crate) fn trim_channels(&mut self) {
        let limits = self.config.limits.devices;
        for record in self.devices.trim(&limits) {
            self.persist(|| record);
        }
    }
}
