//! The tools that build the page, each of an exact version: the one on `PATH` where it is right, else one of our own.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::lock::locked_version;
use crate::npm;
use crate::process::{cargo, executable, on_path, output, run, say, watched};
use crate::workspace::Workspace;

/// Trunk 0.22 needs a newer rustc than the workspace does.
const TRUNK: &str = "0.21.14";
const CARGO_DEB: &str = "3.8.0";
const WASM: &str = "wasm32-unknown-unknown";

/// Tools run for seconds and are built for minutes: optimise them little, and on all cores.
const QUICK_PROFILE: [(&str, &str); 3] = [
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
];

/// A program that Cargo installs.
struct Tool<'a> {
    package: &'static str,
    binary: &'static str,
    version: &'a str,
    /// Whether to build with the versions its authors locked.
    locked: bool,
}

/// What Trunk needs to build the page.
pub(crate) struct PageTools {
    pub(crate) trunk: PathBuf,
    /// Shortens scripts.
    pub(crate) terser: PathBuf,
    /// A `PATH` on which Trunk finds everything in the right version, so that it downloads nothing.
    pub(crate) path: OsString,
    /// Tells these tools from others in a fingerprint.
    pub(crate) versions: String,
}

pub(crate) fn page_tools(workspace: &Workspace) -> Result<PageTools> {
    wasm_target()?;
    let trunk = Tool { package: "trunk", binary: "trunk", version: TRUNK, locked: true }.find(workspace)?;
    let bindgen = wasm_bindgen(workspace)?;
    let from_npm = npm::page_tools(workspace)?;
    let terser = from_npm.join("terser");
    let versions = [&trunk, &bindgen, &from_npm.join("wasm-opt"), &terser]
        .into_iter()
        .map(|tool| output(Command::new(tool).arg("--version")))
        .collect::<Result<Vec<_>>>()?
        .join(", ");
    let folders = [folder(&bindgen)?.to_owned(), from_npm];
    let inherited = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths(folders.into_iter().chain(env::split_paths(&inherited)))
        .context("putting the tools' folders on PATH")?;
    Ok(PageTools { trunk, terser, path, versions })
}

/// Packs for Debian.
pub(crate) fn cargo_deb(workspace: &Workspace) -> Result<PathBuf> {
    Tool { package: "cargo-deb", binary: "cargo-deb", version: CARGO_DEB, locked: true }.find(workspace)
}

/// The runner that takes tests built for wasm32 into a browser.
pub(crate) fn wasm_test_runner(workspace: &Workspace) -> Result<PathBuf> {
    wasm_target()?;
    let bindgen = wasm_bindgen(workspace)?;
    let runner = folder(&bindgen)?.join("wasm-bindgen-test-runner");
    ensure!(executable(&runner), "{} is missing beside {}", runner.display(), bindgen.display());
    Ok(runner)
}

fn folder(tool: &Path) -> Result<&Path> {
    tool.parent().with_context(|| format!("{} lies in no folder", tool.display()))
}

/// wasm-bindgen's library and tool speak a private format, so the versions must be the same to the last digit.
fn wasm_bindgen(workspace: &Workspace) -> Result<PathBuf> {
    let lock = fs::read_to_string(workspace.root.join("Cargo.lock")).context("reading Cargo.lock")?;
    let version = locked_version(&lock, "wasm-bindgen")?;
    // Not locked: its lock file names versions that a registry's mirror may not have yet.
    Tool { package: "wasm-bindgen-cli", binary: "wasm-bindgen", version, locked: false }.find(workspace)
}

pub(crate) fn wasm_target() -> Result<()> {
    let library = output(Command::new("rustc").args(["--print", "target-libdir", "--target", WASM]))?;
    if Path::new(&library).is_dir() {
        return Ok(());
    }
    say(format!("Rust target {WASM}: installing with rustup"));
    run(Command::new("rustup").args(["target", "add", WASM]))
        .with_context(|| format!("the page is built for {WASM}, which this Rust toolchain lacks"))
}

impl Tool<'_> {
    /// The program's path, after installing it where neither `PATH` nor the cache has it.
    fn find(&self, workspace: &Workspace) -> Result<PathBuf> {
        if let Some(found) = on_path(self.binary).filter(|found| self.is_right(found)) {
            return Ok(found);
        }
        let root = workspace.cache.join(format!("{}-{}", self.binary, self.version));
        let own = root.join("bin").join(self.binary);
        if !self.is_right(&own) {
            self.install(workspace, &root)?;
            ensure!(self.is_right(&own), "{} does not call itself version {}", own.display(), self.version);
        }
        Ok(own)
    }

    fn is_right(&self, program: &Path) -> bool {
        executable(program)
            && output(Command::new(program).arg("--version"))
                .is_ok_and(|text| version_in(&text) == Some(self.version))
    }

    fn install(&self, workspace: &Workspace, root: &Path) -> Result<()> {
        let Self { package, version, .. } = self;
        say(format!("{package} {version}: building it into {} (once; some minutes)", root.display()));
        // A build folder that survives an interruption; `cargo install` would begin again in a temporary one.
        let build = workspace.cache.join("build").join(package);
        let mut command = cargo(&workspace.root);
        command.args(["install", "--force"]).arg(format!("{package}@{version}"));
        command.arg("--root").arg(root).arg("--target-dir").arg(&build).envs(QUICK_PROFILE);
        if self.locked {
            command.arg("--locked");
        }
        if !watched() {
            command.arg("--quiet");
        }
        run(&mut command)?;
        fs::remove_dir_all(&build).with_context(|| format!("removing {}", build.display()))?;
        say(format!("{package} {version}: installed"));
        Ok(())
    }
}

/// The version in `trunk 0.21.14` or `wasm-bindgen 0.2.130 (abcdef)`.
fn version_in(text: &str) -> Option<&str> {
    text.split_whitespace().nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_version_is_the_second_word() {
        assert_eq!(version_in("trunk 0.21.14"), Some("0.21.14"));
        assert_eq!(version_in("wasm-bindgen 0.2.130 (a1b2c3)\n"), Some("0.2.130"));
        assert_eq!(version_in("trunk"), None);
    }

    #[test]
    fn a_tool_of_another_version_is_not_taken() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("trunk");
        let tool = Tool { package: "trunk", binary: "trunk", version: "0.21.14", locked: true };
        assert!(!tool.is_right(&program), "not there");
        for (version, right) in [("0.21.14", true), ("0.21.1", false), ("0.21.14-beta", false)] {
            fs::write(&program, format!("#!/bin/sh\necho trunk {version}\n")).unwrap();
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
            assert_eq!(tool.is_right(&program), right, "{version}");
        }
        fs::set_permissions(&program, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(!tool.is_right(&program), "not executable");
    }
}
