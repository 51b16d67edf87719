//! Files that are read again at SIGHUP, and when they change.

use notify::{RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// A change is looked at so long after it was first noticed: files that belong together (a certificate and its key)
/// are written one behind the other.
const SETTLING_TIME: Duration = Duration::from_millis(250);

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
    fn reload(&self) -> Result<(), String>;
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
    let watcher = watch(&items, &bell).inspect_err(
        |error| tracing::warn!(%error, "changed files are not noticed; send SIGHUP after a change"),
    );
    let mut hangups =
        signal(SignalKind::hangup()).map_err(|error| format!("SIGHUP cannot be awaited: {error}"))?;
    Ok(async move {
        // It watches as long as it is kept.
        let _watcher = watcher;
        loop {
            let all = tokio::select! {
                () = stop.cancelled() => return,
                _ = hangups.recv() => true,
                () = bell.notified() => {
                    tokio::time::sleep(SETTLING_TIME).await;
                    false
                }
            };
            // Files are read on a thread where waiting is allowed.
            let turn = tokio::task::spawn_blocking(move || {
                reload(&mut items, all);
                items
            });
            items = match turn.await {
                Ok(items) => items,
                Err(error) => return tracing::error!(%error, "nothing is read again from here on"),
            };
        }
    })
}

/// Reloads what has changed, or everything.
fn reload(items: &mut [Item], all: bool) {
    for item in items {
        let marks = marks(&item.what.paths());
        if !all && marks == item.marks {
            continue;
        }
        item.marks = marks;
        let name = item.what.name();
        match item.what.reload() {
            Ok(()) => tracing::info!(%name, "read again"),
            Err(sentence) => tracing::error!(%name, "not read again, the old one stays: {sentence}"),
        }
    }
}

/// Rings `bell` when something changes in a folder that holds one of the files. Folders, because editors and
/// certificate tools put a new file in the old one's place.
fn watch(items: &[Item], bell: &Arc<Notify>) -> notify::Result<notify::RecommendedWatcher> {
    let bell = Arc::clone(bell);
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // Reading them is an event as well, and would ring for ever.
        if !event.is_ok_and(|event| event.kind.is_access()) {
            bell.notify_one();
        }
    })?;
    let paths: Vec<_> = items.iter().flat_map(|item| item.what.paths()).collect();
    let folders: BTreeSet<_> = paths.iter().filter_map(|path| path.parent()).map(named).collect();
    for folder in folders {
        watcher.watch(folder, RecursiveMode::NonRecursive)?;
    }
    Ok(watcher)
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
