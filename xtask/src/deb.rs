//! `cargo xtask build` and `cargo xtask deb`: the program with its page, and Debian's package of it.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::page;
use crate::process::{output, run, say};
use crate::serve::build_server;
use crate::tools;
use crate::workspace::Workspace;

/// What the program prints for the package, and its name there.
const PRINTED: [(&[&str], &str); 4] = [
    (&["man"], "headcount.1"),
    (&["completions", "bash"], "headcount.bash"),
    (&["completions", "zsh"], "_headcount"),
    (&["completions", "fish"], "headcount.fish"),
];

/// The page, then the server around it, in release mode.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    page::build(workspace)?;
    build_server(workspace)
}

/// The package, in `<target>/debian/`.
pub(crate) fn deb(workspace: &Workspace) -> Result<()> {
    let cargo_deb = tools::cargo_deb(workspace)?;
    build(workspace)?;
    let folder = workspace.root.join("deploy/generated");
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    for (arguments, name) in PRINTED {
        let text = output(Command::new(workspace.server_binary()).args(arguments))?;
        let file = folder.join(name);
        fs::write(&file, text + "\n").with_context(|| format!("writing {}", file.display()))?;
    }
    say("package: packing with cargo-deb");
    let mut command = Command::new(cargo_deb);
    command.current_dir(&workspace.root).args(["--package=headcount", "--no-build"]);
    command.env("CARGO_TARGET_DIR", &workspace.target);
    run(&mut command)
}
