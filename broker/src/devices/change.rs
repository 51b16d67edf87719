//! What requests change: of a device, of a channel, for all who are connected.

use super::answer::{Answer, DeviceEntry, Shown};
use super::book::Device;
use super::credentials::Credentials;
use super::fields::{self, Draft, Wrong};
use super::request::Asked;
use crate::events::{Action, Reason, Target};
use crate::route::Keep;
use crate::system::level;
use crate::{Broker, Now, Record};
use bytes::Bytes;
use headcount_mqtt::{ReasonCode, Text};
use serde_json::Value;

impl Broker {
    pub(super) fn add_device(
        &mut self,
        now: Now,
        asked: &Asked<'_>,
        draft: &Draft,
        made: Credentials,
    ) -> Result<(), Wrong> {
        self.has_room_for_devices()?;
        draft.judge(asked.owner, None, &self.devices, &self.config.limits.devices)?;
        let device = Device {
            owner: asked.owner.to_owned(),
            by_certificate: !self.is_account(asked.owner),
            number: self.devices.number(),
            name: draft.name.clone().unwrap_or_default(),
            description: draft.description.clone().unwrap_or_default(),
            hash: made.hash,
            channels: draft.channels(&self.devices).unwrap_or_default(),
            created: milliseconds(now),
            rotated: milliseconds(now),
        };
        let id = made.client_id.as_str();
        let json = self.told_once(asked, id, &device, &made.password)?;
        self.report_administered(now, asked.id, Action::AddDevice, Target::Client(id));
        let records = self.devices.set(id, device);
        self.store_devices(now, asked.owner, records);
        self.answer_devices(now, asked, &json);
        self.tell_devices(now, asked.owner);
        Ok(())
    }

    pub(super) fn rotate_device(
        &mut self,
        now: Now,
        asked: &Asked<'_>,
        id: &str,
        made: &Credentials,
    ) -> Result<(), Wrong> {
        self.has_room_for_devices()?;
        let old = self.known(asked.owner, id)?;
        let device = Device { hash: made.hash.clone(), rotated: milliseconds(now), ..old.clone() };
        let json = self.told_once(asked, id, &device, &made.password)?;
        self.report_administered(now, asked.id, Action::RotateDevice, Target::Client(id));
        let records = self.devices.set(id, device);
        self.store_devices(now, asked.owner, records);
        self.answer_devices(now, asked, &json);
        self.tell_devices(now, asked.owner);
        self.expel_device(now, id, "the device has a new password");
        Ok(())
    }

    pub(super) fn update_device(
        &mut self,
        now: Now,
        asked: &Asked<'_>,
        id: &str,
        draft: &Draft,
    ) -> Result<(), Wrong> {
        let old = self.known(asked.owner, id)?.clone();
        draft.judge(asked.owner, Some(&old), &self.devices, &self.config.limits.devices)?;
        self.has_room_for_devices()?;
        let device = Device {
            name: draft.name.clone().unwrap_or(old.name),
            description: draft.description.clone().unwrap_or(old.description),
            channels: draft.channels(&self.devices).unwrap_or(old.channels),
            ..old
        };
        let answer = Answer::Device { device: DeviceEntry::of(id, &device), credentials: None }.json();
        self.report_administered(now, asked.id, Action::UpdateDevice, Target::Client(id));
        let records = self.devices.set(id, device);
        self.store_devices(now, asked.owner, records);
        self.answer_devices(now, asked, &answer);
        self.tell_devices(now, asked.owner);
        Ok(())
    }

    pub(super) fn remove_device(&mut self, now: Now, asked: &Asked<'_>, id: &str) -> Result<(), Wrong> {
        self.known(asked.owner, id)?;
        self.report_administered(now, asked.id, Action::RemoveDevice, Target::Client(id));
        // First, so that its end is still told as a device's.
        self.expel_device(now, id, "the device was removed");
        let session = Text::try_from(id).ok().and_then(|name| self.clients.get(&name).copied());
        if let Some(key) = session {
            self.remove_session(now, key);
        }
        let record = self.devices.remove(id);
        self.store_devices(now, asked.owner, record);
        self.answer_devices(now, asked, &Answer::Removed { removed: id.into() }.json());
        self.tell_devices(now, asked.owner);
        Ok(())
    }

    pub(super) fn remove_channel(&mut self, now: Now, asked: &Asked<'_>, value: &Value) -> Result<(), Wrong> {
        let channel = fields::channel(value);
        let is_its = |id: &u32| self.devices.channels.get(id).is_some_and(|it| it.owner == asked.owner);
        let Some(channel) = channel.filter(is_its) else {
            return Err(Wrong::at("channel", "The account has no such channel."));
        };
        if let Some(device) = self.devices.user_of(asked.owner, channel) {
            let error =
                format!("The device {} uses channel {channel}; take it away there first.", device.name);
            return Err(Wrong::at("channel", error));
        }
        let topic = format!("channels/{channel}");
        self.report_administered(now, asked.id, Action::RemoveChannel, Target::Topic(&topic));
        let record = self.devices.remove_channel(channel);
        self.store_devices(now, asked.owner, [record]);
        self.answer_devices(now, asked, &Answer::Removed { removed: channel.into() }.json());
        self.tell_devices(now, asked.owner);
        Ok(())
    }

    /// The answer with a password, if the asker can take one of its size.
    pub(super) fn told_once(
        &self,
        asked: &Asked<'_>,
        id: &str,
        device: &Device,
        password: &str,
    ) -> Result<Vec<u8>, Wrong> {
        let credentials = Some(Shown::of(id, password));
        let json = Answer::Device { device: DeviceEntry::of(id, device), credentials }.json();
        let room = self.answer_to(asked.id, &asked.to, asked.publish).map_or(0, |(_, room)| room);
        if json.len() > room {
            return Err(Wrong::new("The answer is larger than this client's Maximum Packet Size."));
        }
        Ok(json)
    }

    pub(super) fn known(&self, owner: &str, id: &str) -> Result<&Device, Wrong> {
        self.devices.of(owner, id).ok_or_else(|| Wrong::at("id", "The account has no device of this id."))
    }

    /// Whoever adds devices to an account that is none gives them to nobody.
    pub(super) fn knows_owner(&self, asked: &Asked<'_>) -> Result<(), Wrong> {
        let is_own = self.link(asked.id).is_some_and(|link| link.account.name.as_str() == asked.owner);
        if is_own || self.is_account(asked.owner) {
            return Ok(());
        }
        Err(Wrong::new(format!("There is no account {}.", asked.owner)))
    }

    pub(super) fn has_room_for_devices(&self) -> Result<(), Wrong> {
        let is_full = self.config.durable && self.is_storage_full();
        if is_full { Err(Wrong::new("Storage is full; nothing was changed.")) } else { Ok(()) }
    }

    pub(super) fn is_name_taken(&self, client_id: &str) -> bool {
        let has_session = Text::try_from(client_id).is_ok_and(|name| self.clients.contains_key(&name));
        has_session || self.devices.has(client_id) || self.is_account(client_id)
    }

    /// Lets what was changed hold for everybody who is connected.
    pub(super) fn store_devices(&mut self, now: Now, owner: &str, records: impl IntoIterator<Item = Record>) {
        for record in records {
            self.persist(|| record);
        }
        self.renew_owner(now, owner);
    }

    /// Answers once all that was changed is stored.
    pub(super) fn answer_devices(&mut self, now: Now, asked: &Asked<'_>, json: &[u8]) {
        self.promise_own(asked.id);
        let json = Bytes::copy_from_slice(json);
        self.answer_asker(now, asked.id, asked.to.clone(), asked.publish, json);
    }

    pub(super) fn tell_devices(&mut self, now: Now, owner: &str) {
        let topic = format!("$headcount/{}/devices", level(owner));
        self.say_stored(now, &topic, Keep::No, |_| Bytes::from_static(b"{\"changed\":true}"));
    }

    pub(super) fn expel_device(&mut self, now: Now, id: &str, why: &str) {
        let connection = Text::try_from(id).ok();
        let connection = connection.and_then(|id| self.sessions.get(self.clients.get(&id)?.0)?.connection);
        if let Some(connection) = connection {
            self.expel_saying(now, connection, ReasonCode::AdministrativeAction, Reason::Kicked, Some(why));
        }
    }
}

fn milliseconds(now: Now) -> u64 {
    u64::try_from(now.unix.as_millis()).unwrap_or(u64::MAX)
}
