//! Answers, with their keys in this order.

use super::book::{Authorised, Device, Devices};
use super::fields::Wrong;
use crate::DeviceLimits;
use crate::events::at;
use serde::Serialize;
use serde_json::{Value, value::RawValue};
use std::time::Duration;

/// The answer to a request.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Answer<'a> {
    Device {
        device: DeviceEntry<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        credentials: Option<Shown<'a>>,
    },
    List {
        devices: Vec<DeviceEntry<'a>>,
        channels: Vec<ChannelEntry<'a>>,
        limits: Bounds,
    },
    Removed {
        removed: Value,
    },
    Refused {
        error: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        field: Option<&'a str>,
    },
}

#[derive(Debug, Serialize)]
pub(super) struct DeviceEntry<'a> {
    id: &'a str,
    name: &'a str,
    description: &'a str,
    channels: &'a [Authorised],
    created_at: String,
    rotated_at: String,
}

/// What is said once.
#[derive(Serialize)]
pub(super) struct Shown<'a> {
    client_id: &'a str,
    user_name: &'a str,
    password: &'a str,
}

#[derive(Debug, Serialize)]
pub(super) struct ChannelEntry<'a> {
    id: u32,
    entries: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<&'a RawValue>,
}

#[derive(Debug, Serialize)]
pub(super) struct Bounds {
    devices: usize,
    channels: usize,
}

impl std::fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shown").finish_non_exhaustive()
    }
}

impl<'a> DeviceEntry<'a> {
    pub(super) fn of(id: &'a str, device: &'a Device) -> Self {
        Self {
            id,
            name: &device.name,
            description: &device.description,
            channels: &device.channels,
            created_at: at(Duration::from_millis(device.created)),
            rotated_at: at(Duration::from_millis(device.rotated)),
        }
    }
}

impl<'a> Shown<'a> {
    pub(super) fn of(client_id: &'a str, password: &'a str) -> Self {
        Self { client_id, user_name: client_id, password }
    }
}

impl<'a> Answer<'a> {
    pub(super) fn refused(wrong: &'a Wrong) -> Self {
        Self::Refused { error: &wrong.error, field: wrong.field.as_deref() }
    }

    pub(super) fn json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("text, numbers and flags")
    }
}

impl Devices {
    /// All that an account has, or one device with its channels; without the newest entries where `is_brief`.
    pub(super) fn list(
        &self,
        owner: &str,
        only: Option<&str>,
        limits: &DeviceLimits,
        is_brief: bool,
    ) -> Vec<u8> {
        let devices: Vec<_> =
            self.all_of(owner).filter(|(id, _)| only.is_none_or(|only| only == *id)).collect();
        let is_wanted = |id: u32| {
            only.is_none() || devices.iter().any(|(_, it)| it.channels.iter().any(|channel| channel.id == id))
        };
        let channels = self.channels_of(owner).filter(|(id, _)| is_wanted(*id)).map(|(id, channel)| {
            let last = if is_brief { None } else { serde_json::from_slice(channel.history.last()).ok() };
            ChannelEntry { id, entries: channel.history.numbered(), last }
        });
        let channels = channels.collect();
        let limits = Bounds { devices: limits.max_devices, channels: limits.max_device_channels };
        let devices = devices.iter().map(|(id, device)| DeviceEntry::of(id, device)).collect();
        Answer::List { devices, channels, limits }.json()
    }
}
