//! What the broker says of an account's devices.

use std::sync::Arc;

use crate::store::{Millis, json::Json};

/// A device, as the broker lists it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// Its Client Identifier and user name.
    pub id: Arc<str>,
    /// What people call it.
    pub name: Arc<str>,
    /// What people wrote about it; perhaps empty.
    pub description: Arc<str>,
    /// What it may do, in the order of the list.
    pub channels: Vec<Right>,
    /// When it was added.
    pub created_at: Option<Millis>,
    /// When its password was made.
    pub rotated_at: Option<Millis>,
}

/// What a device may do with a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Right {
    /// Number of the channel; none for one that is to be made.
    pub id: Option<u32>,
    /// Allow publish.
    pub publish: bool,
    /// Allow subscribe.
    pub subscribe: bool,
}

/// What a device connects with. Only the device and its owner ever have the password.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Client Identifier.
    pub client_id: Arc<str>,
    /// User Name.
    pub user_name: Arc<str>,
    /// Password.
    pub password: Arc<str>,
}

/// How much an account may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Devices of an account.
    pub devices: u32,
    /// Channels of a device.
    pub channels: u32,
}

impl Default for Limits {
    /// The broker's own defaults, until it says what holds.
    fn default() -> Self {
        Self { devices: 100, channels: 10 }
    }
}

/// A password is not for a log.
impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials")
    }
}

impl Device {
    /// Reads one of the broker's list.
    pub(super) fn read(json: &Json<'_>) -> Result<Self, String> {
        let text = |name| json.text(name).map(|text| text.unwrap_or_default().into());
        let moment = |name| json.text(name).map(|text| text.and_then(Millis::from_rfc3339));
        Ok(Self {
            id: json.text("id")?.ok_or("the device has no \"id\"")?.into(),
            name: text("name")?,
            description: text("description")?,
            channels: json.list("channels")?.iter().map(Right::read).collect::<Result<_, _>>()?,
            created_at: moment("created_at")?,
            rotated_at: moment("rotated_at")?,
        })
    }

    /// The channel that a snippet publishes to: the first that it may.
    pub fn publishes_to(&self) -> Option<u32> {
        self.channels.iter().find(|right| right.publish)?.id
    }

    /// Whether it may subscribe to the channel that a snippet publishes to.
    pub fn hears_itself(&self) -> bool {
        self.channels.iter().find(|right| right.publish).is_some_and(|right| right.subscribe)
    }
}

impl Right {
    fn read(json: &Json<'_>) -> Result<Self, String> {
        Ok(Self {
            id: json.number("id")?,
            publish: json.flag("publish")?.unwrap_or_default(),
            subscribe: json.flag("subscribe")?.unwrap_or_default(),
        })
    }

    /// `may publish and subscribe`
    pub fn words(self) -> &'static str {
        match (self.publish, self.subscribe) {
            (true, true) => "may publish and subscribe",
            (true, false) => "may publish",
            (false, true) => "may subscribe",
            (false, false) => "may do nothing",
        }
    }
}

impl Credentials {
    pub(super) fn read(json: &Json<'_>) -> Result<Option<Self>, String> {
        let Some(json) = json.object("credentials")? else { return Ok(None) };
        let text =
            |name| json.text(name)?.map(Arc::from).ok_or(format!("the credentials have no \"{name}\""));
        Ok(Some(Self {
            client_id: text("client_id")?,
            user_name: text("user_name")?,
            password: text("password")?,
        }))
    }
}
