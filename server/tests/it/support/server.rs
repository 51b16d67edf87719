//! The server as a process.

use super::PATIENCE;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_headcount");

/// A running server; killed when the test ends.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    addresses: Value,
    /// Reads the log all the time, so that the server never waits for it.
    log: Option<JoinHandle<String>>,
}

impl Server {
    /// The embedded default on ports of the system's choice.
    pub(crate) fn start() -> Self {
        Self::with(["--any-port"])
    }

    /// With these options; returns once every listener is open.
    pub(crate) fn with<S: AsRef<OsStr>>(options: impl IntoIterator<Item = S>) -> Self {
        Self::run(BINARY, options)
    }

    /// By a program that becomes the server with these arguments, and what is added to them.
    pub(crate) fn run<S: AsRef<OsStr>>(program: &str, arguments: impl IntoIterator<Item = S>) -> Self {
        let mut child = Command::new(program)
            .args(arguments)
            .args(["--print-addresses", "json", "--log", "debug"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut log = String::new();
            let _ = stderr.read_to_string(&mut log);
            log
        });
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let Ok(addresses) = serde_json::from_str(&line) else {
            panic!("the server did not start: {}", log.join().unwrap());
        };
        Self { child, addresses, log: Some(log) }
    }

    pub(crate) fn addresses(&self) -> &Value {
        &self.addresses
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The address of the page and of WebSocket.
    pub(crate) fn http(&self) -> SocketAddr {
        let page = self.addresses["page"].as_str().unwrap();
        page.trim_start_matches("http://").trim_end_matches('/').parse().unwrap()
    }

    /// The address of a realm's TCP listener.
    pub(crate) fn tcp(&self, realm: &str) -> SocketAddr {
        let listeners = self.addresses["listeners"].as_array().unwrap();
        let found = listeners.iter().find(|at| at["realm"] == realm && at["transport"] == "tcp").unwrap();
        found["url"].as_str().unwrap().trim_start_matches("mqtt://").parse().unwrap()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits for the end: the status, and everything that was logged.
    pub(crate) fn ended(mut self) -> (ExitStatus, String) {
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(begun.elapsed() < PATIENCE, "the server did not end");
            std::thread::sleep(Duration::from_millis(5));
        };
        (status, self.log.take().unwrap().join().unwrap())
    }

    /// Ends it in order; everything that was logged.
    pub(crate) fn stop(self) -> String {
        self.signal(Signal::TERM);
        let begun = Instant::now();
        let (status, log) = self.ended();
        assert!(status.success(), "{status} after {:?}", begun.elapsed());
        log
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
