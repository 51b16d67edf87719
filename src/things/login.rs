//! Who logs in to see their devices, and where: what becomes of it as CONNECT.

use headcount_mqtt::{ProtocolVersion, Text, client::Options};

use crate::store::settings::{Field, Realm, Settings};

/// The realm that a page's address asks for, as the Monitor's does (`address=`, `realm=`), of the broker that served it;
/// by itself `secure`, which has devices in the default configuration.
pub fn address(origin: &str, query: &str) -> String {
    let mut settings = Settings::preset(origin, 0, "");
    settings.set_realm(Realm::Secure);
    settings.take(query);
    settings.address
}

/// One login to a realm that knows accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Login {
    /// WebSocket address of the realm: `ws://127.0.0.1:8080/secure/mqtt`.
    pub address: String,
    /// The account.
    pub account: String,
    /// Its password; never stored.
    pub password: String,
}

impl Login {
    /// What is wrong with it, as a sentence for the user; none where one may connect. `page_is_secure`: the page came by
    /// HTTPS.
    pub fn error(&self, page_is_secure: bool) -> Option<String> {
        if self.account.is_empty() {
            return Some("Enter a name.".to_owned());
        }
        if self.password.is_empty() {
            return Some("Enter the password.".to_owned());
        }
        let settings = Settings { address: self.address.clone(), ..Settings::default() };
        let mut errors = settings.errors(page_is_secure).into_iter();
        errors.find(|error| error.field == Field::Address).map(|error| error.message)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_the_realm() {
        let of = |query| address("https://example.org", query);
        assert_eq!(of("?use=devices"), "wss://example.org/secure/mqtt");
        assert_eq!(of("?use=devices&realm=open"), "wss://example.org/mqtt");
        assert_eq!(of("?address=ws%3A%2F%2F127.0.0.1%3A9%2Fplant"), "ws://127.0.0.1:9/plant");
    }

    #[test]
    fn what_is_wrong_is_said() {
        let login = Login {
            address: "ws://192.0.2.7/plant".to_owned(),
            account: "vy".to_owned(),
            password: "test".to_owned(),
        };
        assert_eq!(login.error(false), None);
        assert!(login.error(true).unwrap().contains("wss://"));
        let elsewhere = Login { address: "mqtt://192.0.2.7".to_owned(), ..login.clone() };
        assert!(elsewhere.error(false).unwrap().contains("by WebSocket only"));
        assert_eq!(Login { password: String::new(), ..login }.error(false).unwrap(), "Enter the password.");
    }
}
