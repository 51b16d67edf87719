//! Every script that fits a broker behind a socket against Debian's mosquitto, over TCP and WebSocket: what proves
//! the suite is that a second broker passes it, the listed differences aside, in which it has to fail.

use headcount_conformance::{Deviant, Place, Url, plays};
use libtest_mimic::{Arguments, Trial};
use std::fmt::Write as _;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Where Debian installs it, and where a path may find it.
const PROGRAMS: [&str; 2] = ["/usr/sbin/mosquitto", "mosquitto"];

/// How long it may take to listen.
const START: Duration = Duration::from_secs(10);

fn main() {
    let mut arguments = Arguments::from_args();
    // Plays mostly wait for the broker.
    arguments.test_threads = arguments.test_threads.or(Some(16));
    let broker = if arguments.list { None } else { Some(Mosquitto::start()) };
    let mut trials = Vec::new();
    for scheme in ["mqtt", "ws"] {
        let port = broker.as_ref().map_or(1, |broker| broker.port(scheme));
        let url = Url::parse(&format!("{scheme}://127.0.0.1:{port}/mqtt")).expect("a URL");
        let place = Place::Url(url);
        for play in plays("").into_iter().filter(|play| play.fits(&place)) {
            let place = place.clone();
            trials.push(Trial::test(format!("{scheme}::{}", play.name()), move || {
                let verdict = play.play(&place, Some(Deviant::Mosquitto));
                if verdict.is_right() { Ok(()) } else { Err(verdict.to_string().into()) }
            }));
        }
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    drop(broker);
    conclusion.exit();
}

/// A mosquitto of this test's own.
struct Mosquitto {
    child: Child,
    folder: PathBuf,
    tcp: u16,
    websocket: u16,
}

impl Mosquitto {
    fn start() -> Self {
        // mosquitto cannot be told port 0: a free port may be gone when it binds it, so try again.
        for attempt in 0..5 {
            let (tcp, websocket) = (free_port(), free_port());
            let folder =
                std::env::temp_dir().join(format!("headcount-mosquitto-{}-{attempt}", std::process::id()));
            std::fs::create_dir_all(&folder).expect("a folder for the configuration");
            let config = folder.join("mosquitto.conf");
            std::fs::write(&config, configuration(tcp, websocket)).expect("the configuration is written");
            let mut broker = Self { child: spawn(&config), folder, tcp, websocket };
            if broker.listens() {
                return broker;
            }
        }
        panic!("mosquitto does not listen: run it by hand with the two listeners of this test");
    }

    fn port(&self, scheme: &str) -> u16 {
        if scheme == "ws" { self.websocket } else { self.tcp }
    }

    fn listens(&mut self) -> bool {
        let until = Instant::now() + START;
        while Instant::now() < until {
            if self.child.try_wait().expect("a child process").is_some() {
                return false;
            }
            let open = |port| TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok();
            if open(self.tcp) && open(self.websocket) {
                return true;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        false
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn configuration(tcp: u16, websocket: u16) -> String {
    let mut text = String::from("per_listener_settings false\nallow_anonymous true\npersistence false\n");
    text.push_str("set_tcp_nodelay true\nlog_type error\n");
    let _ = writeln!(text, "listener {tcp} 127.0.0.1");
    let _ = writeln!(text, "listener {websocket} 127.0.0.1\nprotocol websockets");
    text
}

fn spawn(config: &std::path::Path) -> Child {
    for program in PROGRAMS {
        let child =
            Command::new(program).arg("-c").arg(config).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        if let Ok(child) = child {
            return child;
        }
    }
    panic!("mosquitto is not installed: run `apt-get install mosquitto`, or `cargo xtask test`, which does");
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}
