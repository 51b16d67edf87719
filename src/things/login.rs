//! Who logs in to see their devices, and where: what becomes of it as CONNECT.

use headcount_mqtt::{ProtocolVersion, Text, client::Options};

use crate::store::settings::Realm;

/// One login to the realm `secure`, which knows accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Login {
    /// WebSocket address of the broker, without a path: `ws://127.0.0.1:8080`.
    pub host: String,
    /// The account.
    pub account: String,
    /// Its password; never stored.
    pub password: String,
}

impl Login {
    /// What is wrong with it, as a sentence for the user; none where one may connect.
    pub fn error(&self) -> Option<&'static str> {
        if self.account.is_empty() {
            return Some("Enter a name.");
        }
        self.password.is_empty().then_some("Enter the password.")
    }

    /// The address of the realm's WebSocket.
    pub fn address(&self) -> String {
        format!("{}{}", self.host, Realm::Secure.path())
    }

    /// CONNECT. Each page is a client of its own, so that two tabs of an account do not take over from each other.
    ///
    /// # Errors
    /// What MQTT cannot say, as a sentence without a full stop.
    pub fn options(&self, client_id: &str) -> Result<Options, String> {
        let text = |text: &str| Text::try_from(text).map_err(|error| format!("the name: {error}"));
        let mut options = Options::new(ProtocolVersion::V5, text(client_id)?);
        options.user_name = Some(text(&self.account)?);
        options.password = Some(self.password.clone().into_bytes().into());
        Ok(options)
    }
}
