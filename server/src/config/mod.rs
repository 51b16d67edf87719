//! The configuration: what the file says, checked, with the place of every mistake.

mod account_limits;
mod address;
mod emitter;
mod error;
mod file;
mod guard;
mod limits;
mod listener;
mod metrics;
mod period;
mod realm;
mod store;

pub(crate) use error::ConfigError;
pub(crate) use file::HEADER_TIMEOUT;
pub(crate) use guard::{Guard, Sources};
pub(crate) use listener::ListenerConfig;
pub(crate) use metrics::MetricsConfig;
pub(crate) use realm::RealmConfig;
pub(crate) use store::StoreSettings;

use crate::network::Networks;
use error::Source;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The configuration without a file.
pub(crate) const DEFAULT: &str = include_str!("../../default/headcount.toml");
/// The chat demo's rules, which a configuration calls `:chat.acl`.
const CHAT_ACL: &str = include_str!("../../default/chat.acl");

/// What the server is to do; everything in it is checked.
#[derive(Debug)]
pub(crate) struct Config {
    /// Connections at a time over all listeners; `None`: as the system allows.
    pub(crate) max_connections: Option<usize>,
    /// Who is believed about the address of a client.
    pub(crate) trusted_proxies: Networks,
    pub(crate) metrics: MetricsConfig,
    /// Listeners for the page and WebSocket.
    pub(crate) http: Vec<HttpConfig>,
    /// Where what survives a restart is kept.
    pub(crate) store: StoreSettings,
    /// At least one; names and WebSocket paths are unique.
    pub(crate) realms: Vec<RealmConfig>,
}

/// A listener for the page and WebSocket.
#[derive(Debug)]
pub(crate) struct HttpConfig {
    pub(crate) listener: ListenerConfig,
    /// For a request's header, and for the pause between two requests.
    pub(crate) header_timeout: Duration,
    /// `Origin` values beside the server's own.
    pub(crate) allowed_origins: Vec<String>,
    /// A folder to serve instead of the page inside the binary.
    pub(crate) page_dir: Option<PathBuf>,
}

impl Config {
    /// The configuration in `path`, or the embedded one.
    ///
    /// # Errors
    /// [`ConfigError`], which names file, line, column and what to do.
    pub(crate) fn load(path: Option<&Path>) -> Result<Self, ConfigError> {
        let Some(path) = path else {
            return file::read(&Source::new("the embedded default", Path::new("."), DEFAULT));
        };
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| {
            ConfigError::whole(&name, &format!("cannot be read: {error}; --config names the file"))
        })?;
        let folder = path.parent().unwrap_or(Path::new("."));
        file::read(&Source::new(&name, folder, &text))
    }
}
