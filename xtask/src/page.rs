//! The page: built by Trunk in release mode, compressed, weighed; and left alone while nothing it is made of changes.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::budget;
use crate::compress;
use crate::fingerprint::{Fingerprint, collect};
use crate::names;
use crate::process::{cargo, output, run, say};
use crate::tools::{self, PageTools};
use crate::workspace::Workspace;

const WASM: &str = "wasm32-unknown-unknown";

/// Leaves the built and compressed page in `dist/`.
///
/// # Errors
/// Where a tool is missing and cannot be installed, the build fails, or the page is over its budget.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    let tools = tools::page_tools(workspace)?;
    let inputs = inputs(workspace, &tools)?;
    let stamp = workspace.target.join("xtask/page");
    // The stamp is the word of both ends: a `trunk serve` in between leaves a development build in `dist/`.
    if fs::read_to_string(&stamp)
        .is_ok_and(|found| outputs(workspace).is_ok_and(|dist| found == inputs.clone() + &dist))
    {
        say("page: unchanged");
        return Ok(());
    }
    say("page: building with Trunk");
    run(trunk(workspace, &tools)?.args(["build", "--release"])).context("building the page")?;
    shorten_scripts(&workspace.root.join("dist"), &tools)?;
    shorten_inline_scripts(&workspace.root.join("dist/index.html"), &tools)?;
    say("page: compressing");
    let assets = compress::assets(&workspace.root.join("dist"))?;
    let report = budget::weigh(&assets);
    eprint!("{}", report.table);
    report.verdict?;
    fs::create_dir_all(workspace.target.join("xtask")).context("creating a folder for the page's stamp")?;
    fs::write(&stamp, inputs + &outputs(workspace)?)
        .with_context(|| format!("writing {}", stamp.display()))?;
    say("page: built");
    Ok(())
}

/// Shortens the scripts of the built page in place. Trunk's own minifier leaves wasm-bindgen's as it is.
fn shorten_scripts(dist: &Path, tools: &PageTools) -> Result<()> {
    let mut files = BTreeSet::new();
    collect(dist, &mut files)?;
    for script in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "js")) {
        let stem = script.file_stem().unwrap_or_default().display();
        let module = script.with_file_name(format!("{stem}_bg.wasm"));
        if files.contains(&module) {
            names::simplify(script, &module)?;
        }
        run(Command::new(&tools.terser)
            .args(["--module", "--compress", "passes=2", "--mangle", "--output"])
            .args([script, script]))
        .with_context(|| format!("shortening {}", script.display()))?;
    }
    Ok(())
}

/// Shortens the scripts that stand in the document, whose newer syntax Trunk's minifier leaves as it is.
fn shorten_inline_scripts(document: &Path, tools: &PageTools) -> Result<()> {
    let html = fs::read_to_string(document).with_context(|| format!("reading {}", document.display()))?;
    let mut pieces = html.split("<script>");
    let mut short = pieces.next().unwrap_or_default().to_owned();
    let file = document.with_extension("script.js");
    for piece in pieces {
        let (script, rest) =
            piece.split_once("</script>").context("index.html: a <script> without its end")?;
        fs::write(&file, script).with_context(|| format!("writing {}", file.display()))?;
        let script =
            output(Command::new(&tools.terser).arg(&file).args(["--compress", "passes=2", "--mangle"]))
                .context("shortening a script of index.html")?;
        short.extend(["<script>", &script, "</script>", rest]);
        fs::remove_file(&file).with_context(|| format!("removing {}", file.display()))?;
    }
    fs::write(document, short).with_context(|| format!("writing {}", document.display()))
}

/// Becomes Trunk, for whoever changes the page: `trunk serve` builds it anew at each change.
pub(crate) fn become_trunk(workspace: &Workspace, arguments: &[OsString]) -> Result<()> {
    let tools = tools::page_tools(workspace)?;
    let error = trunk(workspace, &tools)?.args(arguments).exec();
    Err(error).with_context(|| format!("starting {}", tools.trunk.display()))
}

/// Trunk without the network, so that it can never put a download in the place of a tool; the crates come first.
fn trunk(workspace: &Workspace, tools: &PageTools) -> Result<Command> {
    run(cargo(&workspace.root).args(["fetch", "--quiet", "--target", WASM]))
        .context("fetching the page's crates")?;
    let mut trunk = Command::new(&tools.trunk);
    trunk
        .args(["--offline", "true", "--skip-version-check"])
        .current_dir(&workspace.root)
        .env("PATH", &tools.path)
        // Trunk reads it as a flag and refuses the usual value 1.
        .env_remove("NO_COLOR");
    Ok(trunk)
}

/// All that decides what the page becomes.
fn inputs(workspace: &Workspace, tools: &PageTools) -> Result<String> {
    let root = &workspace.root;
    let mut fingerprint = Fingerprint::default();
    fingerprint.text(&tools.versions);
    fingerprint.text(&output(Command::new("rustc").arg("--version").current_dir(root))?);
    let packages = output(cargo(root).args([
        "tree",
        "--quiet",
        "--package=headcount-page",
        "--edges=normal,build",
        "--prefix=none",
        "--format={p} {f}",
        "--target",
        WASM,
    ]))
    .context("listing what the page depends on")?;
    // Without the checkout's own place, which changes nothing.
    fingerprint.text(&packages.replace(&root.display().to_string(), ""));
    // xtask shortens and compresses what Trunk has built.
    for path in
        ["Cargo.toml", ".cargo", "Trunk.toml", "index.html", "src", "style", "xtask/src"].map(PathBuf::from)
    {
        fingerprint.path(root, &path)?;
    }
    for member in local_packages(&packages, root) {
        fingerprint.path(root, &member.join("Cargo.toml"))?;
        fingerprint.path(root, &member.join("src"))?;
    }
    let html = fs::read_to_string(root.join("index.html")).context("reading index.html")?;
    for linked in linked_files(&html) {
        fingerprint.path(root, Path::new(linked))?;
    }
    Ok(fingerprint.digits())
}

fn outputs(workspace: &Workspace) -> Result<String> {
    let mut fingerprint = Fingerprint::default();
    fingerprint.path(&workspace.root, Path::new("dist"))?;
    Ok(fingerprint.digits())
}

/// The workspace's packages in `cargo tree`'s lines, as folders relative to the root; the page itself is left out.
fn local_packages(tree: &str, root: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = tree
        .lines()
        .filter_map(|line| line.split_once(" (")?.1.split_once(')'))
        .filter_map(|(place, _)| Path::new(place).strip_prefix(root).ok())
        .filter(|folder| !folder.as_os_str().is_empty())
        .map(PathBuf::from)
        .collect();
    folders.sort();
    folders.dedup();
    folders
}

/// What `index.html` has Trunk take in beside the Rust code: stylesheets, icons, folders.
fn linked_files(html: &str) -> impl Iterator<Item = &str> {
    ["href=\"", "src=\""]
        .into_iter()
        .flat_map(|attribute| html.split(attribute).skip(1))
        .filter_map(|rest| rest.split_once('"'))
        .map(|(file, _)| file)
        .filter(|file| !file.contains(':') && !file.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_packages_are_found_among_all() {
        let tree = "headcount-page v0.1.0 (/house) \n\
                    headcount-mqtt v0.1.0 (/house/mqtt) \n\
                    serde_derive v1.0.229 (proc-macro) default\n\
                    bytes v1.12.0 default,std\n\
                    headcount-mqtt v0.1.0 (/house/mqtt) (*)\n\
                    elsewhere v0.1.0 (/other) ";
        assert_eq!(local_packages(tree, Path::new("/house")), [PathBuf::from("mqtt")]);
    }

    #[test]
    fn the_links_of_the_page_are_files_of_ours() {
        let html = r#"<link data-trunk rel="css" href="style/tokens.css"><a href="https://mqtt.org">x</a>
            <img src="logo.svg"><a href="/absolute"></a>"#;
        assert_eq!(linked_files(html).collect::<Vec<_>>(), ["style/tokens.css", "logo.svg"]);
    }
}
