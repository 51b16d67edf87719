//! A real browser against the real program: the journeys, and the pictures of the README.

use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::debian::{self, Program};
use crate::page;
use crate::peers;
use crate::process::{on_path, run};
use crate::serve;
use crate::steps::files;
use crate::tally::{Tally, run_tests};
use crate::workspace::Workspace;

/// Every journey of `e2e/journeys`.
pub(crate) fn run_all(workspace: &Workspace, tally: &mut Tally) -> Result<()> {
    let mut command = node(workspace)?;
    let journeys = files(&workspace.root.join("e2e/journeys"), "", ".test.mjs")?;
    ensure!(!journeys.is_empty(), "e2e/journeys holds no journey (*.test.mjs)");
    command
        // Two files at a time: most of a journey waits for a broker or for a clock, and CI has two cores.
        .args(["--test", "--test-reporter=spec", "--test-concurrency=2"])
        .args(journeys.iter().map(|name| format!("journeys/{name}.test.mjs")));
    run_tests(&mut command, tally)
}

/// The pictures of `docs/`, taken anew.
pub(crate) fn take_pictures(workspace: &Workspace) -> Result<()> {
    debian::install(&[Program::Pngquant])?;
    run(node(workspace)?.args(["--test", "--test-reporter=spec", "pictures/pictures.mjs"]))
}

/// Node.js in `e2e/`, told where everything is that a journey needs; what is missing is built or installed.
fn node(workspace: &Workspace) -> Result<Command> {
    debian::install(&[Program::Chromium, Program::Mosquitto, Program::MosquittoClients, Program::Python])?;
    peers::npm_peers(workspace)?;
    let python = peers::python(workspace)?;
    page::build(workspace)?;
    serve::build_server(workspace)?;
    let mut command = Command::new("node");
    command
        .current_dir(workspace.root.join("e2e"))
        .env("HEADCOUNT_BINARY", workspace.server_binary())
        .env("HEADCOUNT_WORKER", workspace.worker_binary())
        .env("HEADCOUNT_PYTHON", python)
        .env("HEADCOUNT_CHROMIUM", on_path("chromium").context("chromium is not on PATH")?);
    Ok(command)
}
