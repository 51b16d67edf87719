//! A real browser against the real program: the journeys, and the pictures of the README.

use std::cmp::Reverse;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::debian::{self, Program};
use crate::page;
use crate::peers;
use crate::process::{on_path, run};
use crate::serve;
use crate::steps::files;
use crate::tally::{Tally, run_tests_beside};
use crate::workspace::Workspace;

/// Those that wait for Wills, graces and Keep Alives rather than for the machine.
const WAITING: [&str; 2] = ["presence", "presence_crowd"];

/// Every journey of `e2e/journeys`: two files at a time, since CI has two cores, and beside them those that wait.
pub(crate) fn run_all(workspace: &Workspace, tally: &mut Tally) -> Result<()> {
    let node = node(workspace)?;
    let (mut busy, mut waiting) = (node(), node());
    let folder = workspace.root.join("e2e/journeys");
    let mut journeys = files(&folder, "", ".test.mjs")?;
    ensure!(!journeys.is_empty(), "e2e/journeys holds no journey (*.test.mjs)");
    // The longest first, so that none is left over at the end. What is long to read is long to run.
    journeys.sort_by_cached_key(|name| {
        let size = fs::metadata(folder.join(format!("{name}.test.mjs"))).map_or(0, |file| file.len());
        Reverse(size)
    });
    let (mut at_once, mut beside) = (Vec::new(), Vec::new());
    for name in journeys {
        let lane = if WAITING.contains(&&*name) { &mut beside } else { &mut at_once };
        lane.push(format!("journeys/{name}.test.mjs"));
    }
    busy.args(["--test", "--test-reporter=spec", "--test-concurrency=2"]).args(at_once);
    waiting.args(["--test", "--test-reporter=spec", "--test-concurrency=1"]).args(beside);
    run_tests_beside(&mut busy, &mut waiting, tally)
}

/// The pictures of `docs/`, taken anew.
pub(crate) fn take_pictures(workspace: &Workspace) -> Result<()> {
    debian::install(&[Program::Pngquant])?;
    run(node(workspace)?().args(["--test", "--test-reporter=spec", "pictures/pictures.mjs"]))
}

/// Starts Node.js in `e2e/`, told where everything is that a journey needs; what is missing is built or installed.
fn node(workspace: &Workspace) -> Result<impl Fn() -> Command> {
    debian::install(&[Program::Chromium, Program::Mosquitto, Program::MosquittoClients, Program::Python])?;
    peers::npm_peers(workspace)?;
    let python = peers::python(workspace)?;
    page::build(workspace)?;
    serve::build_server(workspace)?;
    let chromium = on_path("chromium").context("chromium is not on PATH")?;
    Ok(move || {
        let mut command = Command::new("node");
        command
            .current_dir(workspace.root.join("e2e"))
            .env("HEADCOUNT_BINARY", workspace.server_binary())
            .env("HEADCOUNT_WORKER", workspace.worker_binary())
            .env("HEADCOUNT_PYTHON", &python)
            .env("HEADCOUNT_CHROMIUM", &chromium);
        command
    })
}
