//! What dynamic security has to say when a client comes in.

use super::Comparison;
use crate::Broker;
use crate::connection::Authenticating;
use headcount_mqtt::Text;

impl Broker {
    /// What a password is compared with that no file has: a device's, or one of dynamic security.
    pub(crate) fn comparison(&self, user_name: &str) -> Option<Comparison> {
        if let Some(comparison) = self.device_comparison(user_name) {
            return Some(comparison);
        }
        let access = self.gate.access();
        let is_ours = access.has_dynamic_security() && !access.accounts.contains_key(user_name);
        is_ours.then(|| self.dynsec.comparison(user_name, access.accounts.len())).flatten()
    }

    /// Whether the right password of an attempt is right no longer, or never was.
    pub(crate) fn comparison_changed(&self, attempt: &Authenticating) -> bool {
        let Some(was) = &attempt.comparison else { return false };
        let user_name = attempt.connect.user_name.as_ref();
        let is = user_name.and_then(|name| self.comparison(name.as_str()));
        !was.counts || is.as_ref() != Some(was)
    }

    /// Why this client may not come in, whatever its password.
    pub(crate) fn barred(&self, user_name: Option<&Text>, client_id: &Text) -> Option<&'static str> {
        let user_name = user_name.filter(|_| self.gate.access().has_dynamic_security())?;
        self.dynsec.bars(user_name.as_str(), client_id.as_str())
    }
}
