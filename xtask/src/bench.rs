//! `cargo xtask bench`: Headcount beside Debian's Mosquitto.

use std::ffi::OsString;
use std::process::Command;

use anyhow::Result;

use crate::debian::{self, Program};
use crate::process::{cargo, run, say};
use crate::serve;
use crate::workspace::Workspace;

/// Where the table stands in the repository.
const TABLE: &str = "bench/TABLE.md";

/// Builds both programs in release mode and measures; the arguments are those of the bench.
pub(crate) fn bench(workspace: &Workspace, arguments: &[OsString]) -> Result<()> {
    debian::install(&[Program::Mosquitto])?;
    serve::build_server(workspace)?;
    run(cargo(&workspace.root).args(["build", "--release", "--package=headcount-bench"]))?;
    let server = workspace.server_binary();
    say("bench: measuring; other work on this machine makes it slower, and the ratios less steady");
    let mut command = Command::new(server.with_file_name("headcount-bench"));
    command.arg("--headcount").arg(&server).args(arguments).current_dir(&workspace.root);
    // A part of the rows is no table for the repository.
    if !arguments.iter().any(|argument| argument == "--rows" || argument == "--out") {
        command.args(["--out", TABLE]);
    }
    run(&mut command)
}
