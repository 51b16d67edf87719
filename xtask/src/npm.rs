//! Packages from npm, exactly as their committed lock file has them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::fingerprint::Fingerprint;
use crate::process::{output, run, say};
use crate::workspace::Workspace;

/// The oldest Node.js with a test runner and module loader as the journeys use them.
const NODE_MAJOR: u32 = 20;
/// Written last, so that an interrupted installation is not taken for a whole one.
const STAMP: &str = "node_modules/.headcount-lock";

/// The folder that holds npm's `wasm-opt` and `terser`, in the cache: they are large and the same for each checkout.
pub(crate) fn page_tools(workspace: &Workspace) -> Result<PathBuf> {
    let source = workspace.root.join("xtask/page-tools");
    let folder = workspace.cache.join(format!("page-tools-{}", lock_digits(&source)?));
    fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
    for file in ["package.json", "package-lock.json"] {
        fs::copy(source.join(file), folder.join(file))
            .with_context(|| format!("copying {file} to {}", folder.display()))?;
    }
    install(&folder, "wasm-opt (binaryen) and terser")?;
    Ok(folder.join("node_modules/.bin"))
}

/// Installs what the lock file in `folder` holds, unless that has been done.
pub(crate) fn install(folder: &Path, what: &str) -> Result<()> {
    let digits = lock_digits(folder)?;
    let stamp = folder.join(STAMP);
    if fs::read_to_string(&stamp).is_ok_and(|found| found == digits) {
        return Ok(());
    }
    check_node()?;
    say(format!("{what}: installing with npm into {}", folder.join("node_modules").display()));
    // No package of ours needs a script at installation, so none gets to run one.
    run(Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(folder))
    .with_context(|| format!("installing the npm packages of {}", folder.display()))?;
    fs::write(&stamp, digits).with_context(|| format!("writing {}", stamp.display()))
}

fn lock_digits(folder: &Path) -> Result<String> {
    let mut fingerprint = Fingerprint::default();
    for file in ["package.json", "package-lock.json"] {
        ensure!(folder.join(file).is_file(), "{} has no {file}", folder.display());
        fingerprint.path(folder, Path::new(file))?;
    }
    Ok(fingerprint.digits())
}

fn check_node() -> Result<()> {
    let version = output(Command::new("node").arg("--version"))
        .with_context(|| format!("Node.js {NODE_MAJOR} or newer, with npm, is needed; install it first"))?;
    ensure!(
        major(&version).is_some_and(|major| major >= NODE_MAJOR),
        "Node.js {version} is too old; install {NODE_MAJOR} or newer"
    );
    Ok(())
}

fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_of_node() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("v8.0.0"), Some(8));
        assert_eq!(major("20"), None);
    }

    #[test]
    fn a_change_of_the_lock_file_asks_for_a_new_installation() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("package.json"), "{}").unwrap();
        assert!(lock_digits(folder.path()).is_err(), "no lock file");
        let lock = folder.path().join("package-lock.json");
        fs::write(&lock, "1").unwrap();
        let first = lock_digits(folder.path()).unwrap();
        fs::write(&lock, "2").unwrap();
        assert_ne!(lock_digits(folder.path()).unwrap(), first);
    }

    #[test]
    fn lock_files_hold_no_download_address() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        for folder in ["e2e", "xtask/page-tools"] {
            let lock = fs::read_to_string(root.join(folder).join("package-lock.json")).unwrap();
            assert!(lock.contains("\"integrity\""), "{folder}: a lock file names what it expects");
            assert!(!lock.contains("\"resolved\""), "{folder}: set omit-lockfile-registry-resolved for npm");
        }
    }
}
