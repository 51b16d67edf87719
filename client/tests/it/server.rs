//! The broker's own program, as a process.

use serde_json::Value;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Once;

/// A running broker; killed when the test ends.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    addresses: Value,
}

impl Server {
    /// With these options, keeping nothing unless they say where; returns once every listener is open.
    pub(crate) fn start<S: AsRef<OsStr>>(options: impl IntoIterator<Item = S>) -> Self {
        let options: Vec<_> = options.into_iter().map(|option| option.as_ref().to_owned()).collect();
        let keeps = options.iter().any(|option| option == "--store");
        let mut child = Command::new(binary())
            .args(options)
            .args((!keeps).then_some("--ephemeral"))
            .args(["--any-port", "--print-addresses", "json", "--log", "warn"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let addresses = serde_json::from_str(&line).expect("the broker starts and prints its addresses");
        Self { child, addresses }
    }

    /// The port of a realm's first TCP listener.
    pub(crate) fn port(&self, realm: &str) -> u16 {
        let listeners = self.addresses["listeners"].as_array().unwrap();
        let found = listeners
            .iter()
            .find(|at| at["realm"] == realm && matches!(at["transport"].as_str(), Some("tcp" | "tls")));
        u16::try_from(found.unwrap()["port"].as_u64().unwrap()).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Beside this test. A run of the whole workspace has built it; else it is built once.
fn binary() -> PathBuf {
    static BUILT: Once = Once::new();
    let own = std::env::current_exe().unwrap();
    let binary = own.ancestors().nth(2).unwrap().join("headcount");
    BUILT.call_once(|| {
        if !binary.is_file() {
            let built =
                Command::new(env!("CARGO")).args(["build", "--quiet", "--package=headcount"]).status();
            assert!(built.unwrap().success());
        }
    });
    binary
}
