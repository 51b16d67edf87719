//! Files that are read again at SIGHUP, and when they change.

mod fixed;
mod realms;

use crate::service;
pub(crate) use realms::{Load, Realms};

use notify::{RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// A change is looked at once all is quiet for so long: files that belong together (a certificate and its key) are
/// written one behind the other, and a program that writes one in several steps leaves pauses of milliseconds.
const SETTLING_TIME: Duration = Duration::from_millis(250);
/// When a folder that is never quiet is looked at all the same.
const PATIENCE: Duration = Duration::from_secs(3);

/// Why something is read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// SIGHUP.
    Signal,
    /// One of its files changed.
    Files,
}

/// Something made of files, at work while they change.
pub(crate) trait Reload: Send + Sync + std::fmt::Debug {
    /// As the log calls it.
    fn name(&self) -> String;

    /// What it is made of.
    fn paths(&self) -> Vec<PathBuf>;

    /// Takes what the files say in the place of what they said, as a whole.
    ///
    /// # Errors
    /// A sentence that names the file and what to do. Nothing has changed then.
    fn reload(&self, cause: Cause) -> Result<(), String>;
}

/// What stands at a path, without reading it. A link is what it leads to.
type Mark = Option<(u64, u64, u64, i64, i64)>;

struct Item {
    what: Arc<dyn Reload>,
    marks: Vec<Mark>,
}

/// Reloads each of `items` at SIGHUP and after its files changed, until `stop`. Whatever happens from this call on is
/// noticed, by the future that it returns.
///
/// # Errors
/// A sentence where the system lets no signal be awaited.
pub(crate) fn keep_current(
    items: Vec<Arc<dyn Reload>>,
    stop: CancellationToken,
) -> Result<impl Future<Output = ()> + Send, String> {
    let mut items: Vec<_> =
        items.into_iter().map(|what| Item { marks: marks(&what.paths()), what }).collect();
    let bell = Arc::new(Notify::new());
    let mut places = folders(&items);
    let mut watcher = watch(&places, &bell);
    let mut hangups =
        signal(SignalKind::hangup()).map_err(|error| format!("SIGHUP cannot be awaited: {error}"))?;
    Ok(async move {
        loop {
            let cause = tokio::select! {
                () = stop.cancelled() => return,
                _ = hangups.recv() => Cause::Signal,
                () = bell.notified() => {
                    settle(&bell).await;
                    Cause::Files
                }
            };
            if cause == Cause::Signal {
                service::reloading();
            }
            // Files are read on a thread where waiting is allowed.
            let turn = tokio::task::spawn_blocking(move || {
                reload(&mut items, cause);
                items
            });
            items = match turn.await {
                Ok(items) => items,
                Err(error) => return tracing::error!(%error, "nothing is read again from here on"),
            };
            if cause == Cause::Signal {
                service::ready();
            }
            // A new configuration may name other files.
            let wanted = folders(&items);
            if wanted != places {
                // It watches as long as it is kept.
                drop(watcher);
                watcher = watch(&wanted, &bell);
                places = wanted;
            }
        }
    })
}

/// Reloads what has changed, or everything.
fn reload(items: &mut [Item], cause: Cause) {
    for item in items {
        let marks = marks(&item.what.paths());
        if cause == Cause::Files && marks == item.marks {
            continue;
        }
        item.marks = marks;
        let name = item.what.name();
        match item.what.reload(cause) {
            Ok(()) => tracing::info!(%name, "read again"),
            Err(sentence) => tracing::error!(%name, "not read again, the old one stays: {sentence}"),
        }
    }
}

/// Returns when the bell was not rung for a while.
async fn settle(bell: &Notify) {
    let quiet = async { while tokio::time::timeout(SETTLING_TIME, bell.notified()).await.is_ok() {} };
    let _ = tokio::time::timeout(PATIENCE, quiet).await;
}

/// Where the files are.
fn folders(items: &[Item]) -> BTreeSet<PathBuf> {
    let paths = items.iter().flat_map(|item| item.what.paths());
    paths.filter_map(|path| path.parent().map(|folder| named(folder).to_owned())).collect()
}

/// Rings `bell` when something changes in one of the folders. Folders, because editors and certificate tools put a
/// new file in the old one's place.
fn watch(folders: &BTreeSet<PathBuf>, bell: &Arc<Notify>) -> Option<notify::RecommendedWatcher> {
    let bell = Arc::clone(bell);
    let ring = move |event: notify::Result<notify::Event>| {
        // Reading them is an event as well, and would ring for ever.
        if !event.is_ok_and(|event| event.kind.is_access()) {
            bell.notify_one();
        }
    };
    let watcher = notify::recommended_watcher(ring).and_then(|mut watcher| {
        folders.iter().try_for_each(|folder| watcher.watch(folder, RecursiveMode::NonRecursive))?;
        Ok(watcher)
    });
    watcher
        .inspect_err(
            |error| tracing::warn!(%error, "changed files are not noticed; send SIGHUP after a change"),
        )
        .ok()
}

/// The folder of `name` without a slash is the one that we are in.
fn named(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

fn marks(paths: &[PathBuf]) -> Vec<Mark> {
    let mark = |path: &PathBuf| {
        let found = std::fs::metadata(path).ok()?;
        Some((found.dev(), found.ino(), found.len(), found.mtime(), found.mtime_nsec()))
    };
    paths.iter().map(mark).collect()
}
