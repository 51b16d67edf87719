//! The file's fields. Every check that needs more than one field's type is made here, at the field's place.

use super::address::{address, networks};
use super::error::{ConfigError, Source};
use super::listener::{ListenerConfig, OneOrMany, TlsTable, certificates, wanted};
use super::metrics::MetricsTable;
use super::period::{Period, period};
use super::realm::RealmTable;
use super::store::StoreTable;
use super::{Config, HttpConfig};
use crate::tls::Protocol;
use serde::Deserialize;
use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;
use toml::Spanned;

/// Long enough for a slow phone's request; a half-open connection costs a descriptor so long.
pub(crate) const HEADER_TIMEOUT: Duration = Duration::from_secs(10);

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileTable {
    #[serde(default)]
    max_connections: usize,
    #[serde(default)]
    trusted_proxies: Vec<Spanned<String>>,
    #[serde(default)]
    http: OneOrMany<HttpTable>,
    #[serde(default)]
    metrics: MetricsTable,
    #[serde(default)]
    store: StoreTable,
    realm: Vec<Spanned<RealmTable>>,
}

/// `[http]`, or several `[[http]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HttpTable {
    listen: Spanned<String>,
    tls: Option<Spanned<TlsTable>>,
    proxy_protocol: Option<Spanned<bool>>,
    #[serde(default)]
    allowed_origins: Vec<Spanned<String>>,
    page_dir: Option<PathBuf>,
    header_timeout: Option<Spanned<Period>>,
}

pub(super) fn read(source: &Source<'_>) -> Result<Config, ConfigError> {
    let file: FileTable = toml::from_str(source.text).map_err(|error| {
        let sentence = error.message().trim().replace('\n', ", ");
        source.error(&error.span().unwrap_or(0..0), &sentence)
    })?;
    if file.realm.is_empty() {
        return Err(ConfigError::whole(source.name, "there is no realm; add a [[realm]] table"));
    }
    let mut names = HashMap::new();
    let mut paths = HashMap::new();
    let has_http = !file.http.0.is_empty();
    for realm in &file.realm {
        realm.get_ref().check_unique(source, has_http, &mut names, &mut paths)?;
    }
    let (mut realms, mut https, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    for realm in file.realm {
        let checked = realm.into_inner().check(source);
        // In the order of the file, as far as it goes.
        errors.extend(source.noted.take());
        match checked {
            Ok(realm) => realms.push(realm),
            Err(error) => errors.push(error),
        }
    }
    for http in file.http.0 {
        match http.check(source) {
            Ok(http) => https.push(http),
            Err(error) => errors.push(error),
        }
    }
    let store = file.store.check(source);
    errors.extend(source.noted.take());
    if let Some(error) = ConfigError::all(errors) {
        return Err(error);
    }
    let http = https;
    if http.is_empty() && realms.iter().all(|realm| realm.listeners.is_empty()) {
        return Err(ConfigError::whole(
            source.name,
            "nothing would listen; add an [http] table, or `listen` to a realm",
        ));
    }
    let metrics = file.metrics.check(source)?;
    let trusted_proxies = networks(source, "trusted_proxies", &file.trusted_proxies)?;
    let listeners = realms.iter().flat_map(|realm| &realm.listeners);
    let mut listeners = listeners.chain(http.iter().map(|http| &http.listener));
    if let Some(place) = listeners.find_map(|listener| listener.proxy_protocol.clone())
        && trusted_proxies.is_empty()
    {
        let sentence = "proxy_protocol: needs trusted_proxies at the top of the file: the networks that may say whose connection it is";
        return Err(source.error(&place.0, sentence));
    }
    let max_connections = Some(file.max_connections).filter(|limit| *limit > 0);
    Ok(Config { max_connections, trusted_proxies, metrics, http, store, realms })
}

impl HttpTable {
    fn check(self, source: &Source<'_>) -> Result<HttpConfig, ConfigError> {
        for origin in &self.allowed_origins {
            let host = origin.get_ref().strip_prefix("https://").or(origin.get_ref().strip_prefix("http://"));
            if host.is_none_or(|host| host.is_empty() || host.contains('/')) {
                let sentence = format!(
                    "allowed_origins: `{}` is not an origin; write scheme, host and port as browsers do, without a \
                     path: https://example.org",
                    origin.get_ref()
                );
                return Err(source.error(&origin.span(), &sentence));
            }
        }
        let listen = address(source, &self.listen)?;
        let tls = self.tls.map(|tls| certificates(source, tls, Protocol::Http)).transpose()?;
        let header_timeout = period(source, "header_timeout", self.header_timeout.as_ref(), 1..=3600);
        Ok(HttpConfig {
            header_timeout: header_timeout.map_or(HEADER_TIMEOUT, Duration::from_secs),
            listener: ListenerConfig { listen, tls, proxy_protocol: wanted(self.proxy_protocol.as_ref()) },
            allowed_origins: self.allowed_origins.into_iter().map(Spanned::into_inner).collect(),
            page_dir: self.page_dir.map(|folder| source.folder.join(folder)),
        })
    }
}
