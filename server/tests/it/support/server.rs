//! The server as a process.

use super::{Folder, PATIENCE};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_headcount");

/// A running server; killed when the test ends.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    addresses: Value,
    /// Reads the log all the time, so that the server never waits for it.
    reader: Option<JoinHandle<()>>,
    log: Arc<Mutex<String>>,
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

    /// On ports of the system's choice, with its store in this folder.
    pub(crate) fn stored(folder: &Path) -> Self {
        Self::with(["--any-port".as_ref(), "--store".as_ref(), folder.as_os_str()])
    }

    /// By a program that becomes the server with these arguments, and what is added to them. Without a store of its
    /// own it has none.
    pub(crate) fn run<S: AsRef<OsStr>>(program: &str, arguments: impl IntoIterator<Item = S>) -> Self {
        let arguments: Vec<_> = arguments.into_iter().map(|it| it.as_ref().to_owned()).collect();
        let has_store = arguments.iter().any(|it| it == "--store");
        let mut child = Command::new(program)
            .args(arguments)
            .args((!has_store).then_some("--ephemeral"))
            .args(["--print-addresses", "json", "--log", "debug"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let log = Arc::new(Mutex::new(String::new()));
        let lines = Arc::clone(&log);
        let reader = std::thread::spawn(move || {
            let mut line = String::new();
            while stderr.read_line(&mut line).is_ok_and(|length| length > 0) {
                lines.lock().unwrap().push_str(&line);
                line.clear();
            }
        });
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let Ok(addresses) = serde_json::from_str(&line) else {
            reader.join().unwrap();
            panic!("the server did not start: {}", log.lock().unwrap());
        };
        Self { child, addresses, reader: Some(reader), log }
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
        self.listener(realm, "tcp")
    }

    /// The address of a realm's first listener of this transport.
    pub(crate) fn listener(&self, realm: &str, transport: &str) -> SocketAddr {
        let listeners = self.addresses["listeners"].as_array().unwrap();
        let mut of_realm = listeners.iter().filter(|at| at["realm"] == realm);
        let found = of_realm.find(|at| at["transport"] == transport).unwrap();
        let ip = found["address"].as_str().unwrap().parse().unwrap();
        SocketAddr::new(ip, u16::try_from(found["port"].as_u64().unwrap()).unwrap())
    }

    /// By this configuration, from a file in the folder.
    pub(crate) fn configured(folder: &Folder, text: &str) -> Self {
        let file = folder.path("headcount.toml");
        std::fs::write(&file, text).unwrap();
        Self::with(["--config".as_ref(), file.as_os_str()])
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits until this was logged.
    pub(crate) fn until_logged(&self, text: &str) {
        let begun = Instant::now();
        while !self.log.lock().unwrap().contains(text) {
            assert!(begun.elapsed() < PATIENCE, "{text:?} is not in {}", self.log.lock().unwrap());
            std::thread::sleep(Duration::from_millis(5));
        }
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
        self.reader.take().unwrap().join().unwrap();
        (status, std::mem::take(&mut self.log.lock().unwrap()))
    }

    /// Ends it as a crash does, and waits until the process is gone.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
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
