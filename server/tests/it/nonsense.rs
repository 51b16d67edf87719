//! Nothing that peers do takes the server down, slows a witness, or keeps a descriptor.

use crate::support::{BINARY, Client, Folder, PATIENCE, Server, Stream, Transport, bytes, connect, publish};
use headcount_mqtt::{Packet, ReasonCode};
use std::io::{ErrorKind, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// Bytes that look like nothing, the same in each run (xorshift, Marsaglia 2003).
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next().to_le_bytes()[7]).collect()
    }
}

/// Descriptors that the server has open.
pub(crate) fn descriptors(server: &Server) -> usize {
    std::fs::read_dir(format!("/proc/{}/fd", server.pid())).unwrap().count()
}

/// Waits until the server has no more descriptors open than `before`.
pub(crate) fn given_back(server: &Server, before: usize) {
    let begun = Instant::now();
    while descriptors(server) > before {
        assert!(begun.elapsed() < PATIENCE, "{} descriptors, {before} before", descriptors(server));
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A peer that may be cut off while it speaks.
fn throw(address: SocketAddr, bytes: &[u8]) {
    let mut stream = Stream::open(address);
    match stream.0.write_all(bytes) {
        Ok(()) => {}
        Err(error) if matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset) => {}
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn random_bytes_on_every_port() {
    let server = Server::start();
    let mut witness = Client::tcp(server.tcp("open"), "witness");
    let before = descriptors(&server);
    let mut noise = Noise(0x9E37_79B9_7F4A_7C15);
    for round in 0..300 {
        let length = usize::try_from(noise.next() % 2000).unwrap();
        let address = [server.tcp("open"), server.tcp("secure"), server.http()][round % 3];
        throw(address, &noise.bytes(length));
        // The same behind a CONNECT that is welcome, so that every packet's decoder meets it.
        let connect = bytes(&Packet::Connect(Box::new(connect("noise"))));
        throw(server.tcp("open"), &[&connect[..], &noise.bytes(length)].concat());
    }
    witness.prove();
    given_back(&server, before);
}

#[test]
fn packets_with_one_byte_changed() {
    let server = Server::start();
    let mut witness = Client::tcp(server.tcp("open"), "witness");
    let mut noise = Noise(42);
    let good =
        [bytes(&Packet::Connect(Box::new(connect("almost")))), bytes(&publish("a/b", "payload"))].concat();
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] = noise.next().to_le_bytes()[3];
        throw(server.tcp("open"), &bad);
    }
    witness.prove();
}

/// [MQTT-4.8.0-2 (3.1.1)]
#[test]
fn ten_thousand_connects_and_resets() {
    let server = Server::start();
    let mut witness = Client::tcp(server.tcp("open"), "witness");
    let before = descriptors(&server);
    let hello = bytes(&Packet::Connect(Box::new(connect("resetter"))));
    for count in 0..10_000 {
        let address = [server.tcp("open"), server.http()][count % 2];
        let mut stream = TcpStream::connect(address).unwrap();
        match count % 5 {
            0 => {}
            1 => stream.write_all(&hello[..hello.len() / 2]).unwrap(),
            _ => stream.write_all(&hello).unwrap(),
        }
        // Closing with a linger of zero sends a reset.
        rustix::net::sockopt::set_socket_linger(&stream, Some(Duration::ZERO)).unwrap();
        drop(stream);
        if count % 1000 == 0 {
            witness.prove();
        }
    }
    witness.prove();
    given_back(&server, before);
}

#[test]
fn half_open_connections_end_in_their_time() {
    let folder = Folder::with(&[(
        "headcount.toml",
        "[http]\nlisten = \"127.0.0.1:0\"\nheader_timeout = 1\n[[realm]]\nname = \"open\"\nlisten = \
         [\"127.0.0.1:0\"]\nwebsocket_paths = [\"/mqtt\"]\nallow_anonymous = true\nlimits.connect_timeout = 1\n",
    )]);
    let server = Server::with(["--config".as_ref(), folder.path("headcount.toml").as_os_str()]);
    let mut witness = Client::tcp(server.tcp("open"), "witness");
    let hello = bytes(&Packet::Connect(Box::new(connect("half"))));
    let open = |address, bytes: &[u8]| {
        let mut stream = Stream::open(address);
        stream.0.write_all(bytes).unwrap();
        stream
    };
    let mut halves = [
        ("silent on TCP", open(server.tcp("open"), b"")),
        ("half a CONNECT", open(server.tcp("open"), &hello[..5])),
        ("silent on HTTP", open(server.http(), b"")),
        ("half a request", open(server.http(), b"GET / HTTP/1.1\r\nHost: x\r\nX-")),
    ];
    let mut idle = Stream::open(server.http());
    idle.request("GET", "/", server.http(), &[]);
    assert_eq!(idle.response(false).status, 200);
    let web = crate::support::websocket(server.http(), "/mqtt");
    witness.prove();
    for (name, half) in &mut halves {
        if name.starts_with("half a request") {
            // It may be told of its time-out first.
            let mut rest = Vec::new();
            assert!(std::io::Read::read_to_end(&mut half.0, &mut rest).is_ok(), "{name}");
        } else {
            assert!(half.is_ended(), "{name}");
        }
    }
    assert!(idle.is_ended(), "idle between two requests");
    assert_eq!(Client::over(Transport::WebSocket(Box::new(web))).next(), None);
    witness.prove();
}

#[test]
fn a_subscriber_that_does_not_read_holds_nobody_up() {
    let server = Server::start();
    let mut deaf = Client::tcp(server.tcp("open"), "deaf");
    deaf.subscribe("flood/#");
    let mut deaf_web = Client::websocket(server.http(), "deaf-web");
    deaf_web.subscribe("flood/#");
    let mut hearing = Client::tcp(server.tcp("open"), "hearing");
    hearing.subscribe("flood/end");
    let mut publisher = Client::tcp(server.tcp("open"), "publisher");
    // 64 MiB: far more than the buffers of sockets and outboxes hold.
    for _ in 0..1024 {
        publisher.send(&publish("flood/water", vec![0; 64 * 1024]));
    }
    publisher.send(&publish("flood/end", "heard"));
    assert_eq!(hearing.receive_publish(), ("flood/end".to_owned(), "heard".into()));
    let resident = resident_kib(&server);
    assert!(resident < 48 * 1024, "{resident} KiB for two subscribers that do not read");
    // When they do read again, what they get is whole, and they are still served.
    let mut waters = 0;
    deaf.send(&Packet::PingReq);
    loop {
        match deaf.receive() {
            Packet::Publish(publish) => {
                assert!(publish.payload.len() == 64 * 1024 || publish.payload == "heard");
                waters += 1;
            }
            Packet::PingResp => break,
            other => panic!("{other:?}"),
        }
    }
    assert!(waters > 0);
}

/// Memory of the server.
fn resident_kib(server: &Server) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_packet_above_the_limit_is_refused_before_it_is_held() {
    let server = Server::start();
    let mut client = Client::tcp(server.tcp("open"), "large");
    // A PUBLISH of 256 MiB is announced.
    client.send_bytes(&[0x30, 0xFF, 0xFF, 0xFF, 0x7F, 0, 1]);
    client.receive_end(ReasonCode::PacketTooLarge);
}

#[test]
fn the_systems_limit_of_descriptors_is_kept() {
    // 100 descriptors, of which 64 are no connections.
    let server = Server::run("sh", ["-c", "ulimit -n 100; exec \"$0\" \"$@\"", BINARY, "--any-port"]);
    let mut witness = Client::tcp(server.tcp("open"), "witness");
    let mut crowd: Vec<_> = (0..200).map(|_| Stream::open(server.tcp("open"))).collect();
    assert!(crowd.iter_mut().skip(100).all(Stream::is_ended));
    witness.prove();
    crowd.clear();
    given_back(&server, 40);
    Client::tcp(server.tcp("open"), "next").prove();
}

#[test]
fn no_more_connections_than_configured() {
    let folder = Folder::with(&[(
        "headcount.toml",
        "max_connections = 2\n[[realm]]\nname = \"open\"\nlisten = [\"127.0.0.1:0\"]\nallow_anonymous = true\n",
    )]);
    let server = Server::with(["--config".as_ref(), folder.path("headcount.toml").as_os_str()]);
    let first = Client::tcp(server.tcp("open"), "first");
    let mut second = Client::tcp(server.tcp("open"), "second");
    assert!(Stream::open(server.tcp("open")).is_ended());
    drop(first);
    // The place is free as soon as the server has seen the end.
    let begun = Instant::now();
    loop {
        let mut third = Client::over(Transport::Tcp(Stream::open(server.tcp("open")).0));
        third.send(&Packet::Connect(Box::new(connect("third"))));
        if third.next().is_some() {
            break;
        }
        assert!(begun.elapsed() < PATIENCE);
    }
    second.prove();
}
