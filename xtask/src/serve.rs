//! `cargo xtask serve`: everything from a fresh checkout to a running broker with its page.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};

use crate::page;
use crate::process::{cargo, run, say};
use crate::workspace::Workspace;

/// Builds the page and the server, then becomes the server.
pub(crate) fn serve(workspace: &Workspace, arguments: &[OsString]) -> Result<()> {
    page::build(workspace)?;
    build_server(workspace)?;
    say("server: starting");
    // The server takes this process over, so that each signal reaches it directly and its exit code is ours.
    let binary = workspace.server_binary();
    let error = Command::new(&binary).args(arguments).exec();
    Err(error).with_context(|| format!("starting {}", binary.display()))
}

/// Builds the server in release mode around the page in `dist/`.
pub(crate) fn build_server(workspace: &Workspace) -> Result<()> {
    say("server: building with Cargo");
    run(cargo(&workspace.root).args(["build", "--release", "--package=headcount"]))
}
