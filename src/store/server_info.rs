//! `$headcount/server`: what the broker says of itself.

use super::{json::Json, settings::Settings};

/// The broker's name, version and listeners.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerInfo {
    /// `headcount`.
    pub name: String,
    /// Version number.
    pub version: String,
    /// Where it listens.
    pub listeners: Vec<Listener>,
}

/// A listener.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listener {
    /// `open`, `secure`.
    pub realm: String,
    /// `tcp`, `websocket`, ….
    pub transport: String,
    /// Address it is bound to, perhaps `0.0.0.0` or `::`.
    pub address: String,
    /// Port.
    pub port: u16,
    /// Path of a WebSocket: `/mqtt`; empty for other transports.
    pub path: String,
}

impl Listener {
    /// Whether it is bound to every address of its machine.
    pub(crate) fn is_everywhere(&self) -> bool {
        matches!(self.address.as_str(), "" | "0.0.0.0" | "::" | "[::]" | "*")
    }
}

impl ServerInfo {
    /// Reads the retained payload.
    pub(crate) fn read(payload: &[u8]) -> Result<Self, String> {
        let json = Json::read(payload)?;
        let text = |of: &Json<'_>, name| of.text(name).map(|text| text.unwrap_or_default().to_owned());
        let listener = |listener: &Json<'_>| {
            Ok(Listener {
                realm: text(listener, "realm")?,
                transport: text(listener, "transport")?,
                address: text(listener, "address")?,
                port: listener.number("port")?.unwrap_or_default(),
                path: text(listener, "path")?,
            })
        };
        Ok(Self {
            name: text(&json, "name")?,
            version: text(&json, "version")?,
            listeners: json.list("listeners")?.iter().map(listener).collect::<Result<_, String>>()?,
        })
    }

    /// Host and port of the TCP listener of the settings' realm. A listener bound to every address is reached by the
    /// host that the page itself uses.
    pub(crate) fn tcp(&self, settings: &Settings) -> Option<(String, u16)> {
        let realm = settings.realm().map(super::settings::Realm::name);
        let tcp = || self.listeners.iter().filter(|listener| listener.transport == "tcp");
        let listener =
            tcp().find(|listener| Some(listener.realm.as_str()) == realm).or_else(|| tcp().next())?;
        let host = if listener.is_everywhere() { settings.host()? } else { &listener.address };
        Some((host.to_owned(), listener.port))
    }
}
