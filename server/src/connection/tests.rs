//! Peers that take nothing, on a virtual clock.

use super::*;
use crate::accounts::Accounts;
use crate::clock::Clock;
use crate::door::DoorLimits;
use bytes::BytesMut;
use headcount_broker::{Config, Transport};
use headcount_mqtt::{Connect, ConnectProperties, ProtocolVersion, encode};
use std::io;

/// A peer that sends CONNECT, then a PINGREQ whenever it is read, and from the start takes no byte.
struct Deaf {
    sent: usize,
    /// How often it was read after CONNECT.
    reads: Arc<std::sync::atomic::AtomicUsize>,
}

impl Wire for Deaf {
    fn poll_read(&mut self, _: &mut Context<'_>, stream: &mut BytesMut) -> Poll<Arrival> {
        self.sent += 1;
        let packet = if self.sent == 1 { connect() } else { Packet::PingReq };
        self.reads.store(self.sent - 1, std::sync::atomic::Ordering::Relaxed);
        encode(&packet, ProtocolVersion::V5, stream).unwrap();
        Poll::Ready(Arrival::Bytes)
    }

    fn poll_write(&mut self, _: &mut Context<'_>, outbox: &mut Outbox, _: &mut bool) -> Poll<io::Result<()>> {
        if outbox.is_empty() { Poll::Ready(Ok(())) } else { Poll::Pending }
    }

    fn poll_farewell(&mut self, _: &mut Context<'_>) -> Poll<()> {
        panic!("a peer that takes nothing cannot be told the end")
    }
}

fn connect() -> Packet {
    Packet::Connect(Box::new(Connect {
        version: ProtocolVersion::V5,
        clean_start: true,
        keep_alive: 0,
        client_id: "deaf".try_into().unwrap(),
        will: None,
        user_name: None,
        password: None,
        properties: ConnectProperties::default(),
    }))
}

fn realm() -> Arc<Realm> {
    Arc::new(
        Realm::new(Config::open("open"), DoorLimits::default(), Accounts::default(), Clock::start(), None)
            .unwrap(),
    )
}

fn peer() -> Peer {
    Peer::new("127.0.0.1:1", Transport::Tcp)
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_takes_nothing_is_read_slowly_and_then_left() {
    let reads = Arc::default();
    let begun = Instant::now();
    serve(realm(), Deaf { sent: 0, reads: Arc::clone(&reads) }, peer()).await;
    let seconds = begun.elapsed().as_secs();
    assert_eq!(seconds, DoorLimits::default().write_timeout.as_secs());
    let reads = reads.load(std::sync::atomic::Ordering::Relaxed);
    assert!((30..=65).contains(&reads), "{reads} reads in {seconds} s");
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_closed_waits_less() {
    let realm = realm();
    let begun = Instant::now();
    let serving = serve(Arc::clone(&realm), Deaf { sent: 0, reads: Arc::default() }, peer());
    let ending = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        realm.shut_down();
    };
    tokio::join!(serving, ending);
    assert!(begun.elapsed() <= LAST_WRITE_TIMEOUT + STALLED_READ_INTERVAL, "{:?}", begun.elapsed());
}
