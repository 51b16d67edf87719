//! Where everything is: the checkout, Cargo's target folder, and the cache of tools.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};

/// The three folders that every command works with.
pub(crate) struct Workspace {
    /// The checkout: the folder of the root `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Cargo's target folder.
    pub(crate) target: PathBuf,
    /// Tools of exact versions, shared by every checkout of this user; a user's other versions are left alone.
    pub(crate) cache: PathBuf,
}

impl Workspace {
    pub(crate) fn discover() -> Result<Self> {
        // Cargo sets the variable for what it runs; the compiled-in value may be of another checkout that shares
        // the target folder.
        let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = PathBuf::from(manifest)
            .parent()
            .map(PathBuf::from)
            .context("xtask lies in a folder of the workspace")?;
        // This program is `<target>/debug/xtask`, whatever configuration or variable has set the target folder.
        let own = env::current_exe().context("finding xtask's own path")?;
        let target = own
            .ancestors()
            .nth(2)
            .map(PathBuf::from)
            .with_context(|| format!("{} does not lie in a target folder", own.display()))?;
        let cache = cache_folder(
            env::var_os("HEADCOUNT_CACHE").map(PathBuf::from),
            env::var_os("XDG_CACHE_HOME").map(PathBuf::from),
            env::var_os("HOME").map(PathBuf::from),
        )?;
        Ok(Self { root, target, cache })
    }

    /// The server as `cargo build --release` leaves it.
    pub(crate) fn server_binary(&self) -> PathBuf {
        self.target.join("release/headcount")
    }

    /// The workers, likewise.
    pub(crate) fn worker_binary(&self) -> PathBuf {
        self.target.join("release/headcount-worker")
    }
}

/// A relative `$XDG_CACHE_HOME` is ignored, as the XDG Base Directory Specification demands; a relative
/// `$HEADCOUNT_CACHE` would make a cache for each folder, so it is refused.
fn cache_folder(own: Option<PathBuf>, xdg: Option<PathBuf>, home: Option<PathBuf>) -> Result<PathBuf> {
    if let Some(own) = own.filter(|path| !path.as_os_str().is_empty()) {
        anyhow::ensure!(own.is_absolute(), "HEADCOUNT_CACHE={} is not an absolute path", own.display());
        return Ok(own);
    }
    if let Some(xdg) = xdg.filter(|path| path.is_absolute()) {
        return Ok(xdg.join("headcount"));
    }
    let home = home.context("no HOME to keep tools in; set HEADCOUNT_CACHE to a folder")?;
    Ok(home.join(".cache/headcount"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(own: &str, xdg: &str, expect: Option<&str>) {
        let given = |text: &str| (!text.is_empty()).then(|| PathBuf::from(text));
        let found = cache_folder(given(own), given(xdg), Some("/home/minh".into()));
        assert_eq!(found.ok(), expect.map(PathBuf::from), "own `{own}`, xdg `{xdg}`");
    }

    #[test]
    fn the_cache_is_where_the_user_says() {
        check("/fast/disk", "/xdg", Some("/fast/disk"));
        check("", "/xdg", Some("/xdg/headcount"));
        check("", "relative", Some("/home/minh/.cache/headcount"));
        check("", "", Some("/home/minh/.cache/headcount"));
        check("relative", "/xdg", None);
    }

    #[test]
    fn without_any_folder_the_error_names_the_variable() {
        let error = cache_folder(None, None, None).unwrap_err();
        assert!(error.to_string().contains("HEADCOUNT_CACHE"), "{error}");
    }
}
