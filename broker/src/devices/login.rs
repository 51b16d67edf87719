//! What devices mean for those who come in.

use crate::account::Account;
use crate::connection::Authenticating;
use crate::{Broker, Comparison};
use headcount_mqtt::{ReasonCode, Text};

impl Broker {
    /// What a device's password is compared with. A name that is no device's costs what an account's costs, as names of
    /// devices are made by chance: there are too many to be tried.
    pub(crate) fn device_comparison(&self, user_name: &str) -> Option<Comparison> {
        let device = self.devices.all.get(user_name).filter(|_| self.gate.has_devices())?;
        Some(Comparison { hash: device.hash.clone(), counts: true })
    }

    /// The same as a sentence for the owner where the password was wrong.
    pub(crate) fn why_device_is_refused(
        &self,
        attempt: &Authenticating,
        code: ReasonCode,
    ) -> Option<&'static str> {
        let user_name = attempt.connect.user_name.as_ref()?;
        let is_wrong = code == ReasonCode::BadUserNameOrPassword && attempt.connect.password.is_some();
        (is_wrong && self.devices.has(user_name.as_str()))
            .then_some("the password is not the one that this device was given last")
    }

    /// Why this client may not come in, whatever its password, as far as devices are concerned.
    pub(crate) fn bars_device(
        &self,
        user_name: Option<&Text>,
        client_id: &Text,
    ) -> Option<(ReasonCode, &'static str)> {
        if self.devices.is_empty() {
            return None;
        }
        let user_name = user_name.map_or("", Text::as_str);
        let Some(device) = self.devices.all.get(user_name) else {
            let is_taken = self.gate.has_devices() && self.devices.has(client_id.as_str());
            let why = "this Client Identifier is a device's, whose credentials have to come with it";
            return is_taken.then_some((ReasonCode::ClientIdentifierNotValid, why));
        };
        let refused = |why| Some((ReasonCode::NotAuthorized, why));
        if !self.gate.has_devices() {
            return refused("this realm has no devices (devices = true)");
        }
        if user_name != client_id.as_str() {
            return refused(
                "these credentials hold for the device's own Client Identifier, which is its User Name",
            );
        }
        if !device.by_certificate && !self.is_account(&device.owner) {
            return refused("the account that the device belongs to is gone");
        }
        let is_disabled = self.gate.access().has_dynamic_security() && self.dynsec.is_disabled(&device.owner);
        if is_disabled { refused("the account that the device belongs to is disabled") } else { None }
    }

    /// Whose client this is in feeds and events: a device's owner speaks for it.
    pub(crate) fn owner_or<'a>(&'a self, user_name: &'a str) -> &'a str {
        self.devices.owner(user_name).unwrap_or(user_name)
    }

    /// The name of the device that a User Name stands for.
    pub(crate) fn device_name(&self, user_name: &str) -> Option<&str> {
        self.devices.all.get(user_name).map(|device| device.name.as_str())
    }

    /// Whether an account of this name can come in with a password.
    pub(crate) fn is_account(&self, name: &str) -> bool {
        let access = self.gate.access();
        access.accounts.contains_key(name) || access.has_dynamic_security() && self.dynsec.has_password(name)
    }

    /// Whether a device stays when accounts are others: as long as its own does, and the realm has devices.
    pub(crate) fn keeps_device(&self, account: &Account, is_account: impl Fn(&str) -> bool) -> bool {
        let device = account.user_name().and_then(|id| self.devices.all.get(id.as_str()));
        let Some(device) = device.filter(|_| self.gate.has_devices()) else { return false };
        device.by_certificate || is_account(&device.owner)
    }
}
