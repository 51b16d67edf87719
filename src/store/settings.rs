//! The connect form: what the user may set, where it is preset from, and what is wrong with it.

use super::query;

/// The connect form's fields as they stand, valid or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// WebSocket address: `ws://127.0.0.1:8080/mqtt`.
    pub address: String,
    /// Client Identifier; empty lets the server assign one.
    pub client_id: String,
    /// User name; empty sends none.
    pub user_name: String,
    /// Password; empty sends none. Never written to an address or to storage.
    pub password: String,
    /// Which protocol version to speak.
    pub version: VersionChoice,
    /// Names of adapters to ask at every broker, commas between: `tasmota,homie`. `off` asks none by itself.
    pub feeds: String,
}

/// Which protocol version to speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VersionChoice {
    /// MQTT 5.0, and 3.1.1 where the broker does not speak 5.0.
    #[default]
    Auto,
    /// MQTT 5.0 only.
    V5,
    /// MQTT 3.1.1 only.
    V311,
}

/// The two realms of a Headcount broker without a configuration file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Realm {
    /// `/mqtt`: anonymous clients are welcome and everybody is an observer.
    Open,
    /// `/secure/mqtt`: user name and password.
    Secure,
}

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// [`Settings::address`]
    Address,
    /// [`Settings::client_id`]
    ClientId,
    /// [`Settings::user_name`]
    UserName,
    /// [`Settings::password`]
    Password,
}

/// What is wrong with a field and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field.
    pub field: Field,
    /// A sentence for the user.
    pub message: String,
}

impl VersionChoice {
    /// Value in the form and in the query string: `auto`, `5`, `3.1.1`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::V5 => "5",
            Self::V311 => "3.1.1",
        }
    }

    /// The choice of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Auto, Self::V5, Self::V311].into_iter().find(|choice| choice.name() == name)
    }
}

impl Realm {
    /// Value in the form and in the query string: `open`, `secure`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Secure => "secure",
        }
    }

    /// The realm of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Open, Self::Secure].into_iter().find(|realm| realm.name() == name)
    }

    /// The path of the realm's WebSocket.
    pub fn path(self) -> &'static str {
        match self {
            Self::Open => "/mqtt",
            Self::Secure => "/secure/mqtt",
        }
    }
}

impl Settings {
    /// The form as the page opens: the broker that served it (`origin`, such as `http://127.0.0.1:8080`), a Client
    /// Identifier with eight digits of `random`, then what the page's address says.
    pub fn preset(origin: &str, random: u32, query: &str) -> Self {
        let (scheme, rest) = split_scheme(origin).unwrap_or(("http", "127.0.0.1:8080"));
        let scheme = if scheme == "https" { "wss" } else { "ws" };
        let mut settings = Self {
            address: format!("{scheme}://{rest}{}", Realm::Open.path()),
            client_id: format!("{MADE_UP}{random:08x}"),
            ..Self::default()
        };
        settings.take(query);
        settings
    }

    /// The realm that the address names, if it is one of Headcount's.
    pub fn realm(&self) -> Option<Realm> {
        match self.parts()?.path.split(['?', '#']).next()? {
            "" | "/" | "/mqtt" => Some(Realm::Open),
            "/secure/mqtt" => Some(Realm::Secure),
            _ => None,
        }
    }

    /// Points the address at a realm of the same broker.
    pub fn set_realm(&mut self, realm: Realm) {
        if let Some(Parts { scheme, authority, .. }) = self.parts() {
            self.address = format!("{scheme}://{authority}{}", realm.path());
        }
    }

    /// The host in the address, without brackets; none where the address is not one.
    pub fn host(&self) -> Option<&str> {
        self.parts()?.host()
    }

    /// The account whose topics the page may read for certain.
    pub fn account(&self) -> &str {
        if self.user_name.is_empty() { "anonymous" } else { &self.user_name }
    }

    /// The text of a field.
    pub fn text(&self, field: Field) -> &str {
        match field {
            Field::Address => &self.address,
            Field::ClientId => &self.client_id,
            Field::UserName => &self.user_name,
            Field::Password => &self.password,
        }
    }

    /// The text of a field, to change it.
    pub fn text_mut(&mut self, field: Field) -> &mut String {
        match field {
            Field::Address => &mut self.address,
            Field::ClientId => &mut self.client_id,
            Field::UserName => &mut self.user_name,
            Field::Password => &mut self.password,
        }
    }

    /// What is wrong, field by field; empty where one may connect. `page_is_secure`: the page came by HTTPS.
    pub fn errors(&self, page_is_secure: bool) -> Vec<FieldError> {
        let checks = [
            (Field::Address, self.address_error(page_is_secure)),
            (Field::ClientId, text_error("client id", &self.client_id)),
            (Field::UserName, text_error("user name", &self.user_name)),
            (Field::Password, self.password_error()),
        ];
        checks.into_iter().filter_map(|(field, error)| Some(FieldError { field, message: error? })).collect()
    }

    /// What may stand in the page's address: everything except the credentials, and what else `beside`
    /// says. A Client Identifier that [`Settings::preset`] made up is left out: two pages with one would fight over it.
    pub fn to_query(&self, beside: &str) -> String {
        let others: Vec<(String, String)> =
            query::parse(beside).into_iter().filter(|(name, _)| !NAMES.contains(&name.as_str())).collect();
        let mut pairs = vec![("address", self.address.as_str()), ("version", self.version.name())];
        if !self.client_id.starts_with(MADE_UP) {
            pairs.push(("client", &self.client_id));
        }
        if !self.feeds.is_empty() {
            pairs.push(("feeds", &self.feeds));
        }
        query::format(
            pairs.into_iter().chain(others.iter().map(|(name, value)| (name.as_str(), value.as_str()))),
        )
    }

    /// Takes what a query string says; names that are not the form's are left alone, and so are credentials.
    pub(crate) fn take(&mut self, text: &str) {
        for (name, value) in query::parse(text) {
            match name.as_str() {
                "address" => self.address = value,
                "client" => self.client_id = value,
                "feeds" => self.feeds = value,
                "version" => self.version = VersionChoice::from_name(&value).unwrap_or(self.version),
                "realm" => {
                    if let Some(realm) = Realm::from_name(&value) {
                        self.set_realm(realm);
                    }
                }
                _ => {}
            }
        }
    }

    fn parts(&self) -> Option<Parts<'_>> {
        let (scheme, rest) = split_scheme(&self.address)?;
        let (authority, path) = rest.split_at_checked(rest.find(['/', '?', '#']).unwrap_or(rest.len()))?;
        Some(Parts { scheme, authority, path })
    }

    fn address_error(&self, page_is_secure: bool) -> Option<String> {
        let address = self.address.as_str();
        if address.is_empty() {
            return Some(
                "Enter the broker's WebSocket address, such as ws://127.0.0.1:8080/mqtt.".to_owned(),
            );
        }
        let Some(parts) = self.parts() else {
            return Some("The address begins with ws:// or wss://.".to_owned());
        };
        let scheme = parts.scheme;
        match scheme {
            "ws" | "wss" => {}
            "mqtt" | "mqtts" | "tcp" | "ssl" => {
                return Some(format!(
                    "A browser reaches a broker by WebSocket only: use the broker's ws:// or wss:// address instead of {scheme}://."
                ));
            }
            "http" => return Some("Use ws instead of http.".to_owned()),
            "https" => return Some("Use wss instead of https.".to_owned()),
            _ => return Some(format!("The address begins with ws:// or wss://, not {scheme}://.")),
        }
        let host = parts.host().unwrap_or_default();
        if host.is_empty() || address.contains(char::is_whitespace) {
            return Some("The address names no host: write ws://host:port/path.".to_owned());
        }
        if parts.authority.as_bytes().contains(&b'@') {
            return Some(
                "Enter the user name and password in their own fields, not in the address.".to_owned(),
            );
        }
        if address.as_bytes().contains(&b'#') {
            return Some("A WebSocket address has no # part.".to_owned());
        }
        if let Some(port) = parts.port().filter(|port| !port.parse::<u16>().is_ok_and(|port| port > 0)) {
            return Some(format!("The port is a number from 1 to 65535, not \u{201c}{port}\u{201d}."));
        }
        let loopback =
            matches!(host, "localhost" | "::1") || host.starts_with("127.") || host.ends_with(".localhost");
        (page_is_secure && scheme == "ws" && !loopback)
            .then(|| "This page came by HTTPS, from where a browser opens wss:// addresses only.".to_owned())
    }

    /// [MQTT-3.1.2-22]: 3.1.1 has no password without a user name; a server of 3.1.1 is what `Auto` may meet.
    fn password_error(&self) -> Option<String> {
        if self.password.is_empty() {
            return None;
        }
        if self.user_name.is_empty() && self.version != VersionChoice::V5 {
            return Some(
                "MQTT 3.1.1 sends a password only with a user name: enter one, or choose MQTT 5.".to_owned(),
            );
        }
        (self.password.len() > STRING_MAX).then(|| "The password is longer than 65,535 bytes.".to_owned())
    }
}

/// An address in its parts: `ws`, `127.0.0.1:8080`, `/mqtt`.
struct Parts<'a> {
    scheme: &'a str,
    authority: &'a str,
    path: &'a str,
}

impl<'a> Parts<'a> {
    /// Without brackets.
    fn host(&self) -> Option<&'a str> {
        match self.authority.strip_prefix('[') {
            Some(v6) => v6.split(']').next(),
            None => self.authority.split(':').next(),
        }
    }

    fn port(&self) -> Option<&'a str> {
        self.authority.rsplit(']').next()?.split_once(':').map(|(_, port)| port)
    }
}

/// What stands before and behind `://`.
fn split_scheme(address: &str) -> Option<(&str, &str)> {
    address
        .match_indices(':')
        .find_map(|(at, _)| Some((address.get(..at)?, address.get(at..)?.strip_prefix("://")?)))
}

/// What Client Identifiers begin with that the page makes up.
pub(super) const MADE_UP: &str = "headcount-page-";

/// Names in a query string that are the form's.
const NAMES: [&str; 5] = ["address", "client", "version", "realm", "feeds"];

/// Longest UTF-8 Encoded String and Binary Data of MQTT [MQTT-1.5.4].
const STRING_MAX: usize = 65_535;

fn text_error(what: &str, text: &str) -> Option<String> {
    if text.len() > STRING_MAX {
        return Some(format!("The {what} is longer than 65,535 bytes."));
    }
    // [MQTT-1.5.4-2]
    text.as_bytes().contains(&0).then(|| format!("The {what} contains U+0000, which MQTT forbids."))
}
