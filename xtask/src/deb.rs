//! `cargo xtask build` and `cargo xtask deb`: the program with its page, and Debian's package of it.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::page;
use crate::process::{cargo, output, run, say};
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
    let folder = workspace.target.join("deb");
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    for (arguments, name) in PRINTED {
        let text = output(Command::new(workspace.server_binary()).args(arguments))?;
        let file = folder.join(name);
        fs::write(&file, text + "\n").with_context(|| format!("writing {}", file.display()))?;
    }
    say("package: packing with cargo-deb");
    // As Cargo starts its subcommands: with the variables that tell it where everything is.
    let mut command = cargo(&workspace.root);
    let variables: Vec<_> =
        command.get_envs().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned()))).collect();
    command = Command::new(cargo_deb);
    command.current_dir(&workspace.root).envs(variables);
    command.args(["--package=headcount", "--no-build"]).env("CARGO_TARGET_DIR", &workspace.target);
    run(&mut command)
}
