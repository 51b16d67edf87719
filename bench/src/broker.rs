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
    /// Starts it on processor 0, on free ports, with anonymous clients allowed, room for the load's messages in flight
    /// and all else as it comes.
    pub(crate) fn start(kind: Kind, programs: &Programs) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let (tcp, websocket) = (free_port()?, free_port()?);
        let mut command = Command::new("taskset");
        command.args(["--cpu-list", "0"]).stdout(Stdio::null()).stderr(Stdio::null());
        let config = folder.path().join("config");
        match kind {
            Kind::Mosquitto => {
                fs::write(&config, mosquitto(tcp, websocket))?;
                command.arg(&programs.mosquitto).arg("-c").arg(config);
            }
            Kind::Headcount => {
                fs::write(&config, headcount(tcp, websocket))?;
                command
                    .arg(&programs.headcount)
                    .arg("--config")
                    .arg(config)
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

/// Messages in flight to one client: more than a load has on its way, so that neither broker waits for a client's
/// acknowledgements. Mosquitto takes one packet of each socket in turn, so that those of one subscriber wait behind
/// fifty publishers; what it queues meanwhile it would drop, were its queue bounded as it is by default.
const IN_FLIGHT: u16 = 1_000;

fn mosquitto(tcp: SocketAddr, websocket: SocketAddr) -> String {
    let (tcp, websocket) = (tcp.port(), websocket.port());
    format!(
        "listener {tcp} 127.0.0.1\nlistener {websocket} 127.0.0.1\nprotocol websockets\nallow_anonymous true\n\
         max_inflight_messages {IN_FLIGHT}\nmax_queued_messages 0\nlog_type error\n"
    )
}

/// The open realm as it comes, feeds and all.
fn headcount(tcp: SocketAddr, websocket: SocketAddr) -> String {
    format!(
        "[http]\nlisten = \"{websocket}\"\n[[realm]]\nname = \"open\"\nlisten = [\"{tcp}\"]\n\
         websocket_paths = [\"/mqtt\"]\nallow_anonymous = true\ntrust_user_names = true\n\
         observers = \"everybody\"\n[realm.limits]\nmax_inflight_messages = {IN_FLIGHT}\n"
    )
}

/// A port that was free a moment ago.
fn free_port() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
