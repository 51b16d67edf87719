//! `[store]`

use super::error::Source;
use super::period::{Period, period};
use crate::storage::{Fsync, StoreConfig};
use serde::Deserialize;
use std::env::var_os;
use std::path::PathBuf;
use std::time::Duration;
use toml::Spanned;

/// Between two syncs with `fsync = "interval"`: what a loss of power may cost.
const FSYNC_INTERVAL: Duration = Duration::from_secs(1);
/// Room for what waits and for compaction: four write buffers.
const MIN_FREE: u64 = 32 << 20;

/// Where records are kept, before it is known whether they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoreSettings {
    /// `None`: where the system keeps a program's state.
    pub(crate) path: Option<PathBuf>,
    /// Nothing is kept.
    pub(crate) ephemeral: bool,
    /// What tells this server from others of the same user, where it is not the one of the embedded configuration:
    /// servers side by side have stores of their own.
    pub(crate) instance: Option<String>,
    fsync: Fsync,
    min_free: u64,
}

/// `[store]`, as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoreTable {
    path: Option<PathBuf>,
    #[serde(default)]
    ephemeral: bool,
    fsync: Option<Policy>,
    fsync_interval: Option<Spanned<Period>>,
    min_free: Option<u64>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Policy {
    Always,
    Interval,
    Never,
}

impl StoreTable {
    pub(super) fn check(self, source: &Source<'_>) -> StoreSettings {
        let interval = period(source, "fsync_interval", self.fsync_interval.as_ref(), 1..=3600)
            .map_or(FSYNC_INTERVAL, Duration::from_secs);
        let fsync = match self.fsync {
            None | Some(Policy::Always) => Fsync::Always,
            Some(Policy::Interval) => Fsync::Interval(interval),
            Some(Policy::Never) => Fsync::Never,
        };
        StoreSettings {
            path: self.path.map(|path| source.folder.join(path)),
            ephemeral: self.ephemeral,
            instance: None,
            fsync,
            min_free: self.min_free.unwrap_or(MIN_FREE),
        }
    }
}

impl StoreSettings {
    /// The store to use, if any.
    ///
    /// # Errors
    /// A sentence where no folder is named and the system has none.
    pub(crate) fn resolve(&self) -> Result<Option<StoreConfig>, String> {
        if self.ephemeral {
            return Ok(None);
        }
        let state_folder = || state_folder(self.instance.as_deref());
        let path = self.path.clone().or_else(state_folder).ok_or(
            "there is no folder for the store: neither STATE_DIRECTORY nor XDG_STATE_HOME nor HOME is set; name one \
             with --store (in the file: path of [store]), or go without by --ephemeral",
        )?;
        Ok(Some(StoreConfig { path, fsync: self.fsync, min_free: self.min_free }))
    }
}

/// systemd's, else where the XDG base directories put a user's programs' state.
fn state_folder(instance: Option<&str>) -> Option<PathBuf> {
    let named = |name| var_os(name).filter(|value| !value.is_empty());
    if let Some(folders) = named("STATE_DIRECTORY") {
        return std::env::split_paths(&folders).next();
    }
    let state = named("XDG_STATE_HOME").map(PathBuf::from);
    let state = state.or_else(|| Some(PathBuf::from(named("HOME")?).join(".local/state")))?;
    Some(
        state.join(
            instance.map_or_else(|| "headcount".to_owned(), |instance| format!("headcount-{instance}")),
        ),
    )
}
