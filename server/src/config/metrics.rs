//! `[metrics]`: where Prometheus reads, and who may.

use super::address::{address, networks};
use super::error::{ConfigError, Source};
use crate::monitor::Readers;
use serde::Deserialize;
use std::net::SocketAddr;
use toml::Spanned;

/// Metrics, checked.
#[derive(Debug)]
pub(crate) struct MetricsConfig {
    /// A listener of their own; else they are on those of HTTP.
    pub(crate) listen: Option<SocketAddr>,
    pub(crate) path: String,
    pub(crate) readers: Readers,
}

/// As written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MetricsTable {
    listen: Option<Spanned<String>>,
    path: Option<Spanned<String>>,
    allow: Option<Vec<Spanned<String>>>,
}

impl MetricsTable {
    pub(super) fn check(&self, source: &Source<'_>) -> Result<MetricsConfig, ConfigError> {
        let listen = self.listen.as_ref().map(|text| address(source, text)).transpose()?;
        let path = self.path.as_ref().map_or("/metrics", |path| path.get_ref().as_str());
        if let Some(written) = self.path.as_ref().filter(|_| !path.starts_with('/') || path.len() < 2) {
            let sentence = format!("path: `{path}` is not a path; write it with a slash in front: /metrics");
            return Err(source.error(&written.span(), &sentence));
        }
        let allow = self.allow.as_ref().map(|texts| networks(source, "allow", texts)).transpose()?;
        let readers = match allow {
            Some(networks) => Readers::Networks(networks),
            None if listen.is_some() => Readers::Everybody,
            None => Readers::ThisMachine,
        };
        Ok(MetricsConfig { listen, path: path.to_owned(), readers })
    }
}
