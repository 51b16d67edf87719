//! The foreign programs that journeys and tests use: MQTT.js, the broker Aedes, clients of Sparkplug and Homie and the
//! browser's driver from npm; paho, aiomqtt and gmqtt for Python.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::fingerprint::Fingerprint;
use crate::npm;
use crate::process::{run, say};
use crate::workspace::Workspace;

/// Installs the npm packages of `e2e/`.
pub(crate) fn npm_peers(workspace: &Workspace) -> Result<()> {
    npm::install(&workspace.root.join("e2e"), "browser driver and MQTT peers")
}

/// A Python that has the packages of `e2e/requirements.txt`, in a virtual environment of its own.
pub(crate) fn python(workspace: &Workspace) -> Result<PathBuf> {
    let requirements = workspace.root.join("e2e/requirements.txt");
    let mut fingerprint = Fingerprint::default();
    fingerprint.path(&workspace.root, Path::new("e2e/requirements.txt"))?;
    let environment = workspace.cache.join(format!("python-{}", fingerprint.digits()));
    let python = environment.join("bin/python3");
    // Written last, so that an interrupted installation is not taken for a whole one.
    let stamp = environment.join("complete");
    if stamp.is_file()
        && Command::new(&python).arg("--version").output().is_ok_and(|done| done.status.success())
    {
        return Ok(python);
    }
    say(format!("Python MQTT clients: installing with pip into {}", environment.display()));
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))
        .context("making a virtual environment")?;
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
        .arg(&requirements))
    .with_context(|| format!("installing {}", requirements.display()))?;
    fs::write(&stamp, "").with_context(|| format!("writing {}", stamp.display()))?;
    Ok(python)
}
