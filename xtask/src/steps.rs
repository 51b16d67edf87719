//! The steps of `cargo xtask test`. Each installs what it needs itself, so that one alone runs on a fresh machine.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};

use crate::debian::{self, Program};
use crate::journeys;
use crate::page;
use crate::peers;
use crate::process::{cargo, on_path, run, say};
use crate::tally::{Tally, run_tests};
use crate::tools;
use crate::workspace::Workspace;

const WASM: &str = "--target=wasm32-unknown-unknown";

/// The packages that reach the browser, each with its folder.
const IN_BROWSER: [(&str, &str); 3] =
    [("headcount-mqtt", "mqtt"), ("headcount-broker", "broker"), ("headcount-page", ".")];

/// One check of the suite.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) run: fn(&Workspace, &mut Tally) -> Result<()>,
}

/// In order: what fails fastest comes first, and what each builds serves the next.
pub(crate) static ALL: [Step; 7] = [
    Step { name: "fmt", what: "formatting", run: fmt },
    Step { name: "lint", what: "lints of all packages, on this machine's target", run: lint },
    Step { name: "lint-wasm", what: "lints of what reaches the browser, built for it", run: lint_wasm },
    Step { name: "rust", what: "all Rust tests", run: rust },
    Step { name: "wasm", what: "tests built for wasm32, in headless Chromium", run: wasm },
    Step { name: "page", what: "the page in release mode, within its budget", run: page },
    Step {
        name: "journeys",
        what: "browser journeys against the real server, with foreign clients",
        run: journeys::run_all,
    },
];

pub(crate) fn named(name: &str) -> Result<&'static Step> {
    ALL.iter().find(|step| step.name == name).ok_or_else(|| {
        let names: Vec<&str> = ALL.iter().map(|step| step.name).collect();
        anyhow!("unknown step `{name}`; the steps are {}", names.join(", "))
    })
}

fn fmt(workspace: &Workspace, _: &mut Tally) -> Result<()> {
    run(cargo(&workspace.root).args(["fmt", "--all", "--check"])).context("`cargo fmt --all` mends it")
}

fn lint(workspace: &Workspace, _: &mut Tally) -> Result<()> {
    let arguments = ["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny=warnings"];
    run(cargo(&workspace.root).args(arguments))
}

/// Without the tests made for this machine's target, whose dependencies don't build for the browser.
fn lint_wasm(workspace: &Workspace, _: &mut Tally) -> Result<()> {
    tools::wasm_target()?;
    for (package, folder) in IN_BROWSER {
        let folder = workspace.root.join(folder);
        let mut command = cargo(&workspace.root);
        command.args(["clippy", "--quiet", WASM, "--package", package, "--bins"]);
        if folder.join("src/lib.rs").is_file() {
            command.arg("--lib");
        }
        for test in browser_tests(&folder)? {
            command.args(["--test", &test]);
        }
        run(command.args(["--", "--deny=warnings"]))?;
    }
    Ok(())
}

fn rust(workspace: &Workspace, tally: &mut Tally) -> Result<()> {
    // The conformance scripts also drive Mosquitto, mqtt-packet is one of the codec's oracles, and clients of other
    // people's speak to the server.
    debian::install(&[
        Program::Mosquitto,
        Program::MosquittoClients,
        Program::Gxx,
        Program::Python,
        Program::Systemd,
    ])?;
    peers::npm_peers(workspace)?;
    let python = peers::python(workspace)?;
    let mut command = cargo(&workspace.root);
    command.args(["test", "--workspace", "--no-fail-fast"]).env("HEADCOUNT_PYTHON", python);
    run_tests(&mut command, tally)
}

fn wasm(workspace: &Workspace, tally: &mut Tally) -> Result<()> {
    debian::install(&[Program::Chromium, Program::Chromedriver])?;
    let runner = tools::wasm_test_runner(workspace)?;
    let driver = on_path("chromedriver").context("chromedriver is not on PATH")?;
    let mut any = false;
    for (package, folder) in IN_BROWSER {
        for test in browser_tests(&workspace.root.join(folder))? {
            any = true;
            say(format!("wasm: {package}, {test}"));
            let mut command = cargo(&workspace.root);
            command
                .args(["test", WASM, "--package", package, "--test", &test])
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", &runner)
                .env("CHROMEDRIVER", &driver)
                .env("WASM_BINDGEN_USE_BROWSER", "1")
                .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", workspace.root.join("xtask/webdriver.json"))
                // Seconds. A debug build on a busy machine of two cores is slow, and none of these tests waits.
                .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
            run_tests(&mut command, tally)?;
        }
    }
    ensure!(any, "no package has a test for the browser (tests/wasm*.rs)");
    Ok(())
}

fn page(workspace: &Workspace, _: &mut Tally) -> Result<()> {
    page::build(workspace)
}

/// The integration tests of a package that are made for the browser: `tests/wasm*.rs`.
fn browser_tests(package: &Path) -> Result<Vec<String>> {
    files(&package.join("tests"), "wasm", ".rs")
}

/// The names, without their ending, of the files in a folder that begin and end so; none where there is no folder.
pub(crate) fn files(folder: &Path, start: &str, end: &str) -> Result<Vec<String>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let name = entry?.file_name();
        let Some(name) = name.to_str().and_then(|name| name.strip_suffix(end)) else { continue };
        if name.starts_with(start) {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_by_both_ends_in_order() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["wasm_vectors.rs", "wasm.rs", "oracle.rs", "wasm.md"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(files(folder.path(), "wasm", ".rs").unwrap(), ["wasm", "wasm_vectors"]);
        assert!(files(&folder.path().join("tests"), "wasm", ".rs").unwrap().is_empty());
    }

    #[test]
    fn an_unknown_step_is_answered_with_the_known_ones() {
        assert_eq!(named("wasm").unwrap().name, "wasm");
        let error = named("clippy").err().unwrap().to_string();
        assert!(error.contains("fmt, lint, lint-wasm, rust"), "{error}");
    }
}
