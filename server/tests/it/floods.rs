//! Floods from one address: they slow that address, and nobody else.

use crate::support::{Client, Folder, PATIENCE, Server, Transport, bytes, connect, publish};
use headcount_mqtt::{Connect, Packet, ReasonCode};
use rustix::net::{AddressFamily, SocketType};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Bounds low enough to be reached at once.
const CONFIG: &str = "[[realm]]\nname = \"home\"\nlisten = [\"127.0.0.1:0\"]\nallow_anonymous = true\n\
                      password_file = \"users\"\n[realm.limits]\naddress_failure_rate = 6\n\
                      address_pending_logins = 8\n";
/// How long all rounds of a witness may take, on a machine that builds something else meanwhile. A witness that shared
/// the flooding address's bounds would be turned away, or wait ten seconds in each round.
const UNDISTURBED: Duration = Duration::from_mins(1);

struct House {
    _folder: Folder,
    server: Server,
    stop: Arc<AtomicBool>,
    floods: Vec<JoinHandle<()>>,
}

impl House {
    fn start(limit: &str) -> Self {
        let folder = Folder::with(&[("headcount.toml", &format!("{CONFIG}{limit}\n"))]);
        let made = std::process::Command::new(crate::support::BINARY)
            .args(["passwd", "-c", "-b"])
            .arg(folder.path("users"))
            .args(["peter", "right"])
            .status();
        assert!(made.unwrap().success());
        let server = Server::with(["--config".as_ref(), folder.path("headcount.toml").as_os_str()]);
        Self { _folder: folder, server, stop: Arc::new(AtomicBool::new(false)), floods: Vec::new() }
    }

    /// Sends this packet on new connections from 127.0.0.1, and counts what was answered with this CONNACK. So many
    /// threads beside hang up without waiting for an answer, hundreds of times a second.
    fn flood(&mut self, first: Connect, answer: ReasonCode, hasty: usize) -> Arc<AtomicUsize> {
        let answered = Arc::new(AtomicUsize::new(0));
        let packet = bytes(&Packet::Connect(Box::new(first)));
        for number in 0..2 + hasty {
            let (stop, count, packet) = (Arc::clone(&self.stop), Arc::clone(&answered), packet.clone());
            let address = self.server.tcp("home");
            self.floods.push(std::thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let Ok(mut stream) = TcpStream::connect(address) else { continue };
                    let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
                    let mut connack = [0; 5];
                    let sent = stream.write_all(&packet).is_ok();
                    if number >= 2 {
                        std::thread::sleep(Duration::from_millis(2));
                    } else if sent
                        && stream.read_exact(&mut connack).is_ok()
                        && ReasonCode::from_u8(connack[3]) == Some(answer)
                    {
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                }
            }));
        }
        answered
    }

    /// A client that hears of limits that were hit.
    fn listener(&self) -> Client {
        let mut listener = Client::tcp(self.server.tcp("home"), "listener");
        listener.subscribe("anonymous/throttle");
        listener
    }

    /// Clients from 127.0.0.2 come, log in, publish and hear, undisturbed.
    fn witness(&self) {
        let begun = Instant::now();
        for round in 0..20 {
            let mut client = Client::over(Transport::Tcp(from_another_address(self.server.tcp("home"))));
            let answer = client.connect(account(&format!("witness{round}"), "right"));
            assert_eq!(answer.reason, ReasonCode::Success);
            client.subscribe("w");
            client.send(&publish("w", "x"));
            client.receive_publish();
        }
        assert!(begun.elapsed() < UNDISTURBED, "{:?}", begun.elapsed());
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for flood in self.floods.drain(..) {
            let _ = flood.join();
        }
    }
}

fn account(client_id: &str, password: &'static str) -> Connect {
    Connect {
        user_name: Some("peter".try_into().unwrap()),
        password: Some(password.into()),
        ..connect(client_id)
    }
}

/// A connection from 127.0.0.2, which is this machine as well.
fn from_another_address(to: SocketAddr) -> TcpStream {
    let socket = rustix::net::socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
    rustix::net::bind(&socket, &SocketAddr::from(([127, 0, 0, 2], 0))).unwrap();
    rustix::net::connect(&socket, &to).unwrap();
    let stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

#[test]
fn a_flood_of_connections_slows_its_own_address_only() {
    let mut house = House::start("address_connection_rate = 20");
    let mut listener = house.listener();
    let begun = Instant::now();
    let welcome = house.flood(connect("flood"), ReasonCode::Success, 1);
    house.witness();
    let seconds = usize::try_from(begun.elapsed().as_secs()).unwrap() + 1;
    let most = 20 * (10 + seconds + 2);
    let let_in = welcome.load(Ordering::Relaxed);
    assert!(let_in <= most, "{let_in} connections in {seconds} s, of {most}");
    let said = "127.0.0.1: more than 20 connections a second, they wait";
    assert_eq!(listener.receive_publish(), ("anonymous/throttle".to_owned(), said.into()));
}

#[test]
fn a_flood_of_wrong_passwords_slows_its_own_address_only() {
    let mut house = House::start("");
    let mut listener = house.listener();
    let begun = Instant::now();
    let refused = house.flood(account("guess", "wrong"), ReasonCode::BadUserNameOrPassword, 0);
    house.witness();
    let seconds = usize::try_from(begun.elapsed().as_secs()).unwrap() + 1;
    // A minute's worth at once, one each ten seconds from then on, and one for each thread that checks.
    let most = 6 + seconds + 8;
    let guesses = refused.load(Ordering::Relaxed);
    assert!(guesses > 0 && guesses <= most, "{guesses} guesses in {seconds} s, of {most}");
    let said = "127.0.0.1: more than 6 wrong passwords a minute, its logins wait";
    // A fast machine's flood meets the bound of connections, too.
    assert!((0..30).any(|_| listener.receive_publish().1.starts_with(said.as_bytes())));
}
