//! The fields of a request, judged one by one so that an error can name the one that is wrong.

use super::book::{Authorised, Device, Devices};
use crate::DeviceLimits;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Characters of a name: a line on a small screen.
const MAX_NAME: usize = 100;
/// Characters of a description: a short paragraph.
const MAX_DESCRIPTION: usize = 250;

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    /// A sentence that says what to do.
    pub(super) error: String,
    /// Where it is wrong: `channels[3].id`.
    pub(super) field: Option<String>,
}

/// A device as it is to be. What is absent stays as it is.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) channels: Option<Vec<Wanted>>,
}

/// A channel as it is to be; without a number, a new one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    id: Option<u32>,
    publish: bool,
    subscribe: bool,
}

impl Wrong {
    pub(super) fn new(error: impl Into<String>) -> Self {
        Self { error: error.into(), field: None }
    }

    pub(super) fn at(field: impl Into<String>, error: impl Into<String>) -> Self {
        Self { error: error.into(), field: Some(field.into()) }
    }
}

/// A request's object, with no fields but these.
pub(super) fn object(payload: &[u8], known: &[&str]) -> Result<Map<String, Value>, Wrong> {
    // An empty payload asks for what needs no fields.
    let payload = if payload.is_empty() { b"{}" } else { payload };
    let value: Value = serde_json::from_slice(payload)
        .map_err(|error| Wrong::new(format!("The request is not JSON: {error}.")))?;
    let Value::Object(fields) = value else {
        return Err(Wrong::new("The request is not a JSON object; write {…}."));
    };
    only(&fields, known, "")?;
    Ok(fields)
}

/// The Client Identifier of a device.
pub(super) fn id(fields: &Map<String, Value>) -> Result<&str, Wrong> {
    let id = fields.get("id").and_then(Value::as_str);
    id.ok_or_else(|| Wrong::at("id", "Name the device by its id, as list gives it."))
}

impl Draft {
    pub(super) fn of(fields: &Map<String, Value>) -> Result<Self, Wrong> {
        let channels = fields.get("channels").map(|value| {
            let list = value.as_array();
            let list =
                list.ok_or_else(|| Wrong::at("channels", "Write a list of channels: [{\"id\":7}]."))?;
            list.iter().enumerate().map(|(at, value)| wanted(at, value)).collect()
        });
        Ok(Self {
            name: text(fields, "name", MAX_NAME)?,
            description: text(fields, "description", MAX_DESCRIPTION)?,
            channels: channels.transpose()?,
        })
    }

    /// Whether a device of this account can be so.
    pub(super) fn judge(
        &self,
        owner: &str,
        old: Option<&Device>,
        devices: &Devices,
        limits: &DeviceLimits,
    ) -> Result<(), Wrong> {
        match &self.name {
            Some(name) if name.trim().is_empty() => return Err(Wrong::at("name", "Give the device a name.")),
            None if old.is_none() => return Err(Wrong::at("name", "Give the device a name.")),
            _ => {}
        }
        if old.is_none() && devices.count_of(owner) >= limits.max_devices {
            let most = limits.max_devices;
            return Err(Wrong::new(format!(
                "The account has {most} devices, which is the most (max_devices); remove one first."
            )));
        }
        let Some(channels) = &self.channels else { return Ok(()) };
        let most = limits.max_device_channels;
        if channels.len() > most {
            let error = format!(
                "{} channels are too many: {most} are the most (max_device_channels).",
                channels.len()
            );
            return Err(Wrong::at(format!("channels[{most}]"), error));
        }
        let mut named = BTreeSet::new();
        let mut new = 0;
        for (at, wanted) in channels.iter().enumerate() {
            let field = || format!("channels[{at}].id");
            let Some(id) = wanted.id else {
                new += 1;
                continue;
            };
            if !named.insert(id) {
                return Err(Wrong::at(field(), format!("Channel {id} is there twice.")));
            }
            match devices.channels.get(&id) {
                Some(channel) if channel.owner != owner => {
                    let error = format!(
                        "Channel {id} belongs to another account; take another number, or none for a new channel."
                    );
                    return Err(Wrong::at(field(), error));
                }
                Some(_) => {}
                None => new += 1,
            }
        }
        let most = limits.max_devices.saturating_mul(limits.max_device_channels);
        if new > 0 && devices.channels_of(owner).count() + new > most {
            let error = format!("The account has room for {most} channels; remove one that no device uses.");
            return Err(Wrong::at("channels", error));
        }
        Ok(())
    }

    /// The channels with a number each; `None` where none was named, or where no number is free.
    pub(super) fn channels(&self, devices: &Devices) -> Option<Vec<Authorised>> {
        let wanted = self.channels.as_ref()?;
        let mut taken: BTreeSet<u32> = wanted.iter().filter_map(|it| it.id).collect();
        let number = |it: &Wanted| {
            let id = it.id.or_else(|| devices.free_channel(&taken))?;
            taken.insert(id);
            Some(Authorised { id, publish: it.publish, subscribe: it.subscribe })
        };
        wanted.iter().map(number).collect()
    }
}

/// A channel's number, as requests write it.
pub(super) fn channel(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|id| u32::try_from(id).ok()).filter(|id| *id > 0)
}

fn wanted(at: usize, value: &Value) -> Result<Wanted, Wrong> {
    let field = format!("channels[{at}]");
    let Some(fields) = value.as_object() else {
        return Err(Wrong::at(field, "Write a channel as {\"id\":7,\"publish\":true,\"subscribe\":false}."));
    };
    only(fields, &["id", "publish", "subscribe"], &format!("{field}."))?;
    let id = match fields.get("id") {
        None | Some(Value::Null) => None,
        Some(value) => Some(channel(value).ok_or_else(|| {
            let error = "A channel's id is a whole number from 1 to 4294967295.";
            Wrong::at(format!("{field}.id"), error)
        })?),
    };
    let flag = |name: &str| match fields.get(name) {
        None => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(_) => Err(Wrong::at(format!("{field}.{name}"), "Write true or false.")),
    };
    Ok(Wanted { id, publish: flag("publish")?, subscribe: flag("subscribe")? })
}

fn text(fields: &Map<String, Value>, name: &str, most: usize) -> Result<Option<String>, Wrong> {
    let Some(value) = fields.get(name) else { return Ok(None) };
    let Some(text) = value.as_str() else { return Err(Wrong::at(name, "Write a text.")) };
    let length = text.chars().count();
    if length > most {
        let error = format!("The {name} has {length} characters; {most} are the most.");
        return Err(Wrong::at(name, error));
    }
    // A description may have lines; a name stands in the lines of others.
    if text.chars().any(|c| c.is_control() && (c != '\n' || name == "name")) {
        return Err(Wrong::at(name, format!("The {name} holds a control character.")));
    }
    Ok(Some(text.to_owned()))
}

fn only(fields: &Map<String, Value>, known: &[&str], place: &str) -> Result<(), Wrong> {
    let unknown = fields.keys().find(|key| !known.contains(&key.as_str()));
    match unknown {
        Some(key) if known.is_empty() => Err(Wrong::at(format!("{place}{key}"), "There are no fields here.")),
        Some(key) => {
            let error = format!("There is no such field; the fields are {}.", known.join(", "));
            Err(Wrong::at(format!("{place}{key}"), error))
        }
        None => Ok(()),
    }
}
