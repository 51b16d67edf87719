//! Debian's packages that the tests use: the browser with its driver, Mosquitto, Python.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process::{executable, on_path, output, run, say};

/// A program that a test needs, and the package that brings it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Program {
    Chromium,
    Chromedriver,
    Mosquitto,
    MosquittoClients,
    /// Compiles the sketch that the page shows for a device.
    Gxx,
    /// Python with what makes virtual environments, which Debian packages apart.
    Python,
    /// Makes the README's pictures small.
    Pngquant,
    /// Judges the unit.
    Systemd,
}

impl Program {
    fn package(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Chromedriver => "chromium-driver",
            Self::Mosquitto => "mosquitto",
            Self::MosquittoClients => "mosquitto-clients",
            Self::Gxx => "g++",
            Self::Python => "python3-venv",
            Self::Pngquant => "pngquant",
            Self::Systemd => "systemd",
        }
    }

    fn is_there(self) -> bool {
        match self {
            Self::Chromium => on_path("chromium").is_some(),
            Self::Chromedriver => on_path("chromedriver").is_some(),
            // A user's PATH often lacks /usr/sbin.
            Self::Mosquitto => on_path("mosquitto").is_some() || executable(Path::new("/usr/sbin/mosquitto")),
            Self::MosquittoClients => on_path("mosquitto_sub").is_some(),
            Self::Gxx => on_path("g++").is_some(),
            Self::Pngquant => on_path("pngquant").is_some(),
            Self::Systemd => on_path("systemd-analyze").is_some(),
            Self::Python => Command::new("python3")
                .args(["-c", "import venv, ensurepip"])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| status.success()),
        }
    }
}

/// Installs the packages of what is missing, as root; else the error says what to type.
pub(crate) fn install(programs: &[Program]) -> Result<()> {
    let missing: Vec<Program> = programs.iter().copied().filter(|program| !program.is_there()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().map(|program| program.package()).collect();
    let names = packages.join(" ");
    if on_path("apt-get").is_none() {
        bail!("the tests need what Debian calls {names}; install it with this system's package manager");
    }
    if output(Command::new("id").arg("-u"))? != "0" {
        bail!("the tests need more of Debian's packages; as root, type: apt-get install {names}");
    }
    say(format!("Debian's packages {names}: installing with apt-get"));
    apt(&["update"])?;
    let install = ["install", "--yes", "--no-install-recommends"];
    apt(&[&install[..], &packages].concat())?;
    if missing.contains(&Program::Mosquitto) {
        stop_mosquitto();
    }
    if let Some(program) = missing.iter().find(|program| !program.is_there()) {
        bail!("apt-get installed {}, but its program cannot be found", program.package());
    }
    Ok(())
}

fn apt(arguments: &[&str]) -> Result<()> {
    run(Command::new("apt-get")
        .args(["--quiet=2", "-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=120"])
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdout(Stdio::null()))
    .context("installing Debian's packages")
}

/// Debian starts a broker on port 1883 as soon as its package is there. It was not there before, so nobody relies
/// on it, and Headcount's own listener wants the port. Where there is no service to stop, nothing is lost.
fn stop_mosquitto() {
    let mut command = if Path::new("/run/systemd/system").is_dir() {
        let mut systemctl = Command::new("systemctl");
        systemctl.args(["disable", "--now", "mosquitto"]);
        systemctl
    } else {
        let mut service = Command::new("service");
        service.args(["mosquitto", "stop"]);
        service
    };
    let stopped = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    if stopped.is_ok_and(|status| status.success()) {
        say("mosquitto: its service is stopped, which would hold port 1883; the tests start it themselves");
    }
}
