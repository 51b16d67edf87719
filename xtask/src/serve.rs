//! `cargo xtask serve`: everything from a fresh checkout to a running broker with its page and its workers.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::page;
use crate::process::{cargo, run, say};
use crate::workspace::Workspace;

/// Options of the server that place its listeners elsewhere, or end it at once.
const ELSEWHERE: [&str; 11] = [
    "-c",
    "--config",
    "--listen-tcp",
    "--any-port",
    "--print-default-config",
    "-h",
    "--help",
    "-V",
    "--version",
    "check",
    "passwd",
];

/// Builds the page and the server, then becomes the server.
pub(crate) fn serve(workspace: &Workspace, arguments: &[OsString]) -> Result<()> {
    page::build(workspace)?;
    build_server(workspace)?;
    start_workers(workspace, arguments)?;
    say("server: starting");
    // The server takes this process over, so that each signal reaches it directly and its exit code is ours.
    let binary = workspace.server_binary();
    let error = Command::new(&binary).args(arguments).exec();
    Err(error).with_context(|| format!("starting {}", binary.display()))
}

/// Builds the server in release mode around the page in `dist/`, and the workers beside it.
pub(crate) fn build_server(workspace: &Workspace) -> Result<()> {
    say("server: building with Cargo");
    let packages = ["--package=headcount", "--package=headcount-worker"];
    run(cargo(&workspace.root).args(["build", "--release"]).args(packages))
}

/// Starts what answers in the demos: it waits for the server, and ends with this process, which becomes the server.
fn start_workers(workspace: &Workspace, arguments: &[OsString]) -> Result<()> {
    if is_elsewhere(arguments) {
        say(
            "workers: not started, since only you know where this server listens; for the demos with workers:",
        );
        say(
            "workers: headcount-worker all --open mqtt://HOST:PORT --secure mqtt://backend:backend@HOST:PORT",
        );
        return Ok(());
    }
    let binary = workspace.worker_binary();
    // The system takes the process in when both are gone.
    Command::new(&binary)
        .args(["all", "--with-parent", "--log", "warn"])
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("starting {}", binary.display()))?;
    say("workers: started beside the server, and ending with it: chat (words.txt), auctions, tasks");
    Ok(())
}

fn is_elsewhere(arguments: &[OsString]) -> bool {
    arguments.iter().filter_map(|argument| argument.to_str()).any(|argument| {
        let name = argument.split('=').next().unwrap_or(argument);
        ELSEWHERE.contains(&name) || argument.starts_with("-c") && !argument.starts_with("--")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_start_where_the_server_listens_as_they_expect() {
        let check = |arguments: &[&str], expect: bool| {
            let given: Vec<_> = arguments.iter().map(OsString::from).collect();
            assert_eq!(is_elsewhere(&given), expect, "{arguments:?}");
        };
        check(&[], false);
        check(&["--log", "debug", "--listen-http", "127.0.0.1:9000"], false);
        check(&["--config", "my.toml"], true);
        check(&["--config=my.toml"], true);
        check(&["-cmy.toml"], true);
        check(&["--any-port"], true);
        check(&["--help"], true);
    }
}
