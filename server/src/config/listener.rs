//! A listener's options: where it listens, and what stands between TCP and MQTT or HTTP.

use super::address::address;
use super::error::{ConfigError, Source};
use crate::tls::{Certificates, Protocol, TlsFiles};
use serde::Deserialize;
use std::net::SocketAddr;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use toml::Spanned;

/// Where the file says something. All places look alike: a setting that moves stays the same.
#[derive(Clone)]
pub(crate) struct Place(pub(super) Range<usize>);

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Place")
    }
}

/// A listener, checked.
#[derive(Debug)]
pub(crate) struct ListenerConfig {
    pub(crate) listen: SocketAddr,
    pub(crate) tls: Option<Arc<Certificates>>,
    /// Whether each connection begins with a header of the PROXY protocol.
    pub(crate) proxy_protocol: Option<Place>,
}

impl ListenerConfig {
    /// Plain TCP.
    pub(crate) fn plain(listen: SocketAddr) -> Self {
        Self { listen, tls: None, proxy_protocol: None }
    }
}

/// `[[realm.listener]]`, as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListenerTable {
    listen: Spanned<String>,
    tls: Option<Spanned<TlsTable>>,
    proxy_protocol: Option<Spanned<bool>>,
}

impl ListenerTable {
    pub(super) fn check(self, source: &Source<'_>) -> Result<ListenerConfig, ConfigError> {
        let listen = address(source, &self.listen)?;
        let tls = self.tls.map(|tls| certificates(source, tls, Protocol::Mqtt)).transpose()?;
        Ok(ListenerConfig { listen, tls, proxy_protocol: wanted(self.proxy_protocol.as_ref()) })
    }
}

/// The place of an option that is on.
pub(super) fn wanted(option: Option<&Spanned<bool>>) -> Option<Place> {
    option.filter(|option| *option.get_ref()).map(|option| Place(option.span()))
}

/// `[http.tls]`, `[realm.listener.tls]`. The options are Mosquitto's.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TlsTable {
    certfile: PathBuf,
    keyfile: PathBuf,
    cafile: Option<PathBuf>,
    crlfile: Option<PathBuf>,
    #[serde(default)]
    require_certificate: bool,
    #[serde(default)]
    use_identity_as_username: bool,
    tls_version: Option<Spanned<String>>,
}

/// Reads what the table names.
pub(super) fn certificates(
    source: &Source<'_>,
    table: Spanned<TlsTable>,
    protocol: Protocol,
) -> Result<Arc<Certificates>, ConfigError> {
    let span = table.span();
    let table = table.into_inner();
    let only_tls13 = match table.tls_version.as_ref().map(|version| version.get_ref().as_str()) {
        None | Some("tlsv1.2") => false,
        Some("tlsv1.3") => true,
        Some(other) => {
            let sentence = format!(
                "tls_version: `{other}` is not spoken here; write the oldest that is welcome, \"tlsv1.2\" or \"tlsv1.3\""
            );
            return Err(source.error(&table.tls_version.expect("matched above").span(), &sentence));
        }
    };
    let asks = [
        (table.require_certificate, "require_certificate"),
        (table.use_identity_as_username, "use_identity_as_username"),
        (table.crlfile.is_some(), "crlfile"),
    ];
    if let Some((_, option)) = asks.into_iter().find(|(is_asked, _)| *is_asked && table.cafile.is_none()) {
        let sentence =
            format!("{option}: needs cafile, the authorities whose client certificates are accepted");
        return Err(source.error(&span, &sentence));
    }
    let place = |path: PathBuf| source.folder.join(path);
    let files = TlsFiles {
        certfile: place(table.certfile),
        keyfile: place(table.keyfile),
        cafile: table.cafile.map(place),
        crlfile: table.crlfile.map(place),
        require_certificate: table.require_certificate,
        use_identity_as_username: table.use_identity_as_username,
        only_tls13,
    };
    Certificates::load(files, protocol).map(Arc::new).map_err(|sentence| source.error(&span, &sentence))
}

/// One table, or a list of them.
#[derive(Debug)]
pub(super) struct OneOrMany<T>(pub(super) Vec<T>);

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// By hand: serde's untagged enums forget the places of what they hold.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor<T>(std::marker::PhantomData<T>);

        impl<'de, T: Deserialize<'de>> serde::de::Visitor<'de> for Visitor<T> {
            type Value = OneOrMany<T>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a table, or several")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let one = T::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
                Ok(OneOrMany(vec![one]))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut many = Vec::new();
                while let Some(one) = seq.next_element()? {
                    many.push(one);
                }
                Ok(OneOrMany(many))
            }
        }

        deserializer.deserialize_any(Visitor(std::marker::PhantomData))
    }
}
