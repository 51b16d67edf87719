//! The store's folder: whose it is, of which version, and that one process uses it at a time.

use super::table::{Fjall, sentence};
use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Of the layout in the head of [`super`].
const VERSION: u32 = 1;
const NAME: &str = "headcount store";

/// A folder that is ours until it is dropped.
#[derive(Debug)]
pub(super) struct Folder {
    /// Locked.
    _lock: File,
}

impl Folder {
    /// Takes the folder, makes it where there is none, and opens the table in it.
    ///
    /// # Errors
    /// A sentence that names the path and what to do. A folder that is not a store of this version is not touched.
    pub(super) fn take(path: &Path) -> Result<(Self, Fjall), String> {
        let shown = path.display();
        let ways =
            "choose another folder with --store (in the file: path of [store]), or go without by --ephemeral";
        std::fs::create_dir_all(path)
            .map_err(|error| format!("the store's folder {shown} cannot be made: {error}; {ways}"))?;
        let cannot = |error: io::Error| format!("the store in {shown} cannot be used: {error}; {ways}");
        let store = path.join("store");
        match version(&store.join("version")).map_err(cannot)? {
            Some(VERSION) => {}
            Some(other) => {
                return Err(format!(
                    "the store in {shown} is of version {other}, and this headcount writes version {VERSION}: run \
                     the headcount that wrote it; or {ways}"
                ));
            }
            None if is_foreign(path).map_err(cannot)? => {
                return Err(format!("{shown} is not a store of headcount, and not empty; {ways}"));
            }
            None => {}
        }
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path.join("lock"))
            .map_err(cannot)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(format!(
                    "the store in {shown} is in use by another process: stop that one; or {ways}"
                ));
            }
            Err(TryLockError::Error(error)) => return Err(cannot(error)),
        }
        if !store.exists() {
            make(path, &store)?;
        }
        let table = Fjall::open(&store.join("table")).map_err(|error| {
            format!(
                "the store in {shown} cannot be read: {}; restore it from a copy, or {ways}",
                sentence(&error)
            )
        })?;
        Ok((Self { _lock: lock }, table))
    }
}

/// Makes a store that is there as a whole or not at all, whenever the process dies.
fn make(path: &Path, store: &Path) -> Result<(), String> {
    let cannot =
        |error: &dyn std::fmt::Display| format!("the store in {} cannot be made: {error}", path.display());
    let making: PathBuf = path.join("making");
    match std::fs::remove_dir_all(&making) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(cannot(&error)),
        _ => {}
    }
    std::fs::create_dir(&making).map_err(|error| cannot(&error))?;
    drop(Fjall::open(&making.join("table")).map_err(|error| cannot(&sentence(&error)))?);
    let finish = || {
        let mut version = File::create(making.join("version"))?;
        writeln!(version, "{NAME} {VERSION}")?;
        version.sync_all()?;
        File::open(&making)?.sync_all()?;
        std::fs::rename(&making, store)?;
        File::open(path)?.sync_all()
    };
    finish().map_err(|error: io::Error| cannot(&error))
}

/// The version of the store; `None` where there is none.
fn version(file: &Path) -> io::Result<Option<u32>> {
    match std::fs::read_to_string(file) {
        Ok(text) => {
            let number = text.trim_end().strip_prefix(NAME).and_then(|number| number.trim().parse().ok());
            number.map(Some).ok_or_else(|| io::Error::other(format!("{} is damaged", file.display())))
        }
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Whether there is anything that a process of ours would not leave behind.
fn is_foreign(path: &Path) -> io::Result<bool> {
    for entry in std::fs::read_dir(path)? {
        let name = entry?.file_name();
        if name != "lock" && name != "making" {
            return Ok(true);
        }
    }
    Ok(false)
}
