//! A broker as a process: started for the measurement, watched, and ended.

use crate::link::Transport;
use anyhow::{Context, Result, bail};
use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Which broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Headcount,
    Mosquitto,
}

/// A running broker. It ends with this value.
pub(crate) struct Broker {
    process: Child,
    tcp: SocketAddr,
    websocket: SocketAddr,
    _folder: TempDir,
}

/// The programs.
pub(crate) struct Programs {
    pub(crate) headcount: PathBuf,
    pub(crate) mosquitto: PathBuf,
}

/// Brokers listen within two seconds; a machine that builds something else beside takes longer.
const START: Duration = Duration::from_secs(20);

impl Kind {
    pub(crate) const BOTH: [Self; 2] = [Self::Mosquitto, Self::Headcount];
}

impl Broker {
    /// Starts it on processor 0, on free ports, with anonymous clients allowed and all else as it comes.
    pub(crate) fn start(kind: Kind, programs: &Programs) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let (tcp, websocket) = (free_port()?, free_port()?);
        let mut command = Command::new("taskset");
        command.args(["--cpu-list", "0"]).stdout(Stdio::null()).stderr(Stdio::null());
        match kind {
            Kind::Mosquitto => {
                let config = folder.path().join("mosquitto.conf");
                fs::write(
                    &config,
                    format!(
                        "listener {} 127.0.0.1\nlistener {} 127.0.0.1\nprotocol websockets\n\
                         allow_anonymous true\nlog_type error\n",
                        tcp.port(),
                        websocket.port()
                    ),
                )?;
                command.arg(&programs.mosquitto).arg("-c").arg(config);
            }
            Kind::Headcount => {
                command
                    .arg(&programs.headcount)
                    .arg("--any-port")
                    .arg(format!("--listen-http={websocket}"))
                    .arg(format!("--listen-tcp=open={tcp}"))
                    .env("XDG_STATE_HOME", folder.path())
                    .env_remove("STATE_DIRECTORY");
            }
        }
        let process = command.spawn().with_context(|| format!("starting {kind:?}"))?;
        let mut broker = Self { process, tcp, websocket, _folder: folder };
        broker.await_listeners().with_context(|| format!("waiting for {kind:?}"))?;
        Ok(broker)
    }

    pub(crate) fn address(&self, transport: Transport) -> SocketAddr {
        match transport {
            Transport::Tcp => self.tcp,
            Transport::WebSocket => self.websocket,
        }
    }

    /// CPU time of all its threads so far, as the scheduler counts it.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        let mut nanoseconds = 0;
        for task in fs::read_dir(self.proc().join("task"))? {
            let text = fs::read_to_string(task?.path().join("schedstat"))?;
            let running = text.split(' ').next().and_then(|count| count.parse::<u64>().ok());
            nanoseconds += running.context("/proc tells no CPU time")?;
        }
        Ok(Duration::from_nanos(nanoseconds))
    }

    /// KiB of memory of its own.
    pub(crate) fn memory(&self) -> Result<u64> {
        let text = fs::read_to_string(self.proc().join("status"))?;
        let line = text.lines().find_map(|line| line.strip_prefix("RssAnon:")).context("no RssAnon")?;
        line.trim().trim_end_matches(" kB").parse().context("RssAnon is no number")
    }

    fn proc(&self) -> PathBuf {
        Path::new("/proc").join(self.process.id().to_string())
    }

    fn await_listeners(&mut self) -> Result<()> {
        let begun = Instant::now();
        for address in [self.tcp, self.websocket] {
            while TcpStream::connect(address).is_err() {
                if let Some(status) = self.process.try_wait()? {
                    bail!("it ended: {status}");
                }
                if begun.elapsed() > START {
                    bail!("nothing listens on {address}");
                }
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        Ok(())
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A port that was free a moment ago.
fn free_port() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
