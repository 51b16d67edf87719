//! Who stands beside it: a client that publishes a beat and hears it, and one that reads the events.

use super::doors::{Door, Doors};
use crate::support::{Client, connect, publish};
use headcount_mqtt::{ProtocolVersion, ReasonCode};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// From beat to beat.
const BEAT: Duration = Duration::from_millis(10);

/// How long a beat may take: four batteries and a build may share two cores.
const LATE: Duration = Duration::from_secs(5);

/// A client whose every beat comes back, in order and in time.
pub(super) struct Witness {
    over: Arc<AtomicBool>,
    heart: JoinHandle<u64>,
}

impl Witness {
    pub(super) fn begin(doors: &Doors) -> Self {
        let mut client = doors.enter(Door::Tcp, ProtocolVersion::V5).0;
        assert_eq!(client.connect(connect("witness")).reason, ReasonCode::Success);
        client.subscribe("beat");
        let over = Arc::new(AtomicBool::new(false));
        let is_over = Arc::clone(&over);
        let heart = std::thread::spawn(move || {
            let mut beats = 0_u64;
            while !is_over.load(Ordering::Relaxed) {
                let begun = Instant::now();
                client.send(&publish("beat", beats.to_string()));
                assert_eq!(client.receive_publish(), ("beat".to_owned(), beats.to_string().into()));
                assert!(begun.elapsed() < LATE, "a beat took {:?}", begun.elapsed());
                beats += 1;
                std::thread::sleep(BEAT);
            }
            beats
        });
        Self { over, heart }
    }

    /// The beats that came back: all.
    pub(super) fn end(self) -> u64 {
        self.over.store(true, Ordering::Relaxed);
        self.heart.join().expect("the witness noticed something")
    }
}

/// Reads the feed of events.
pub(super) struct Watcher(Client);

impl Watcher {
    pub(super) fn begin(doors: &Doors) -> Self {
        let mut client = doors.enter(Door::Tcp, ProtocolVersion::V5).0;
        assert_eq!(client.connect(connect("watcher")).reason, ReasonCode::Success);
        client.subscribe("$headcount/+/events");
        Self(client)
    }

    /// The reason of this event about whoever came from there.
    pub(super) fn reason(&mut self, event: &str, address: SocketAddr) -> Result<String, String> {
        let address = address.to_string();
        loop {
            let (_, payload) = self.0.receive_publish();
            let told: serde_json::Value = serde_json::from_slice(&payload).unwrap();
            if told["client"]["address"] != address.as_str() || told["event"] == "connected" {
                continue;
            }
            let reason = told["reason"].as_str().map(str::to_owned);
            return reason.filter(|_| told["event"] == event).ok_or_else(|| format!("{told}, no {event}"));
        }
    }
}
