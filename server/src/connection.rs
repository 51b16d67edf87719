//! One Network Connection: bytes to packets to the core, and back.

use crate::outbox::Outbox;
use crate::realm::{Fault, Realm, Wake};
use crate::storage::Parked;
use crate::wire::{Arrival, Wire};
use bytes::BytesMut;
use headcount_broker::{ConnectionId, Peer};
use headcount_mqtt::{Decoder, Packet, ReasonCode};
use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, Sleep};

/// The write time-out for a connection that is being closed: what is left is a DISCONNECT and its reason.
const LAST_WRITE_TIMEOUT: Duration = Duration::from_secs(5);
/// The same when the server ends: whoever asked for that is waiting, and a peer that reads at all goes on reading.
const ENDING_WRITE_TIMEOUT: Duration = Duration::from_secs(1);
/// How long a peer may take to close its side after ours. Long enough for a round trip around the world.
const FAREWELL_TIMEOUT: Duration = Duration::from_secs(1);
/// The same when the server ends: long enough for a round trip nearby.
const LAST_FAREWELL_TIMEOUT: Duration = Duration::from_millis(200);
/// While a peer accepts no bytes, one read in this time still serves its PINGREQ; with the write time-out it bounds
/// what it can make the core owe it.
const STALLED_READ_INTERVAL: Duration = Duration::from_secs(1);

thread_local! {
    /// The packets of one read; kept for its capacity.
    static BATCH: RefCell<Vec<Packet>> = const { RefCell::new(Vec::new()) };
}

/// Serves one connection from its opening to its end.
pub(crate) async fn serve<W: Wire>(realm: Arc<Realm>, wire: W, peer: Peer) {
    if realm.admit(&peer).await {
        serve_admitted(realm, wire, peer).await;
    }
}

/// The same where the realm's door was passed before.
pub(crate) async fn serve_admitted<W: Wire>(realm: Arc<Realm>, wire: W, peer: Peer) {
    let address = peer.address.clone();
    let (id, wake) = realm.open(peer);
    tracing::debug!(realm = realm.name(), connection = id.0, %address, "opened");
    let decoder = Decoder::server(realm.max_packet_size());
    let outbox = Outbox::default();
    let mut connection = Connection {
        realm,
        id,
        wake,
        wire,
        decoder,
        outbox,
        reading: true,
        held: None,
        greeted: false,
        taken: false,
        lingered: false,
        parked: Parked::default(),
        stall: None,
    };
    let end = poll_fn(|cx| connection.poll(cx)).await;
    if matches!(end, End::Told) {
        let farewell = poll_fn(|cx| connection.wire.poll_farewell(cx));
        // A peer that does not close its side is left behind.
        let patience = if connection.realm.is_ending() { LAST_FAREWELL_TIMEOUT } else { FAREWELL_TIMEOUT };
        let _ = tokio::time::timeout(patience, farewell).await;
    }
    tracing::debug!(realm = connection.realm.name(), connection = id.0, ?end, "ended");
}

struct Connection<W> {
    realm: Arc<Realm>,
    id: ConnectionId,
    wake: Arc<Wake>,
    wire: W,
    decoder: Decoder,
    outbox: Outbox,
    /// Whether the input is still of interest: not after the end of the stream or an error in it.
    reading: bool,
    /// What stands behind a CONNECT that the core was still busy with: the decoder may hold whole packets.
    held: Option<Arrival>,
    /// Whether a first packet was handed over.
    greeted: bool,
    /// Whether the last bytes of a closing connection were fetched.
    taken: bool,
    /// Whether this task has let others go first since there was something to take.
    lingered: bool,
    /// When reading waited for storage.
    parked: Parked,
    /// Runs while the peer accepts nothing. Boxed: rare, and a timer is large.
    stall: Option<Box<Stall>>,
}

struct Stall {
    since: Instant,
    /// When the next look is due: a read is allowed then, or the time is up.
    next: Pin<Box<Sleep>>,
    /// Whether a read is allowed although the peer owes us some.
    may_read: bool,
}

/// How a connection ended.
#[derive(Debug)]
enum End {
    /// The core said so, and everything it had to say was written.
    Told,
    /// The peer went away.
    Gone,
    /// The peer accepted nothing for too long.
    Stalled,
}

impl<W: Wire> Connection<W> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        self.wake.register(cx);
        // Others put something into the outbox: their neighbours that are ready as well may put more behind it before
        // it leaves in one write.
        self.lingered = !self.lingered && self.wake.is_ready();
        if self.lingered {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        loop {
            if let Poll::Ready(end) = self.poll_send(cx) {
                return Poll::Ready(end);
            }
            if let Poll::Ready(end) = self.poll_stall(cx) {
                return Poll::Ready(end);
            }
            if !self.may_read() || self.realm.is_behind(&mut self.parked, cx) {
                return Poll::Pending;
            }
            if let Some(arrival) = self.held.take() {
                if let Poll::Ready(end) = self.arrived(0, arrival) {
                    return Poll::Ready(end);
                }
                continue;
            }
            let held = self.decoder.buffer().len();
            let Poll::Ready(arrival) = self.wire.poll_read(cx, self.decoder.buffer()) else {
                self.rest();
                return Poll::Pending;
            };
            if let Some(stall) = &mut self.stall {
                stall.may_read = false;
            }
            let received = self.decoder.buffer().len() - held;
            if let Poll::Ready(end) = self.arrived(received, arrival) {
                return Poll::Ready(end);
            }
        }
    }

    fn arrived(&mut self, received: usize, arrival: Arrival) -> Poll<End> {
        let mut received = received;
        if !self.greeted {
            // What stands behind CONNECT would have to wait in the core while the credentials are checked.
            self.greet(&mut received);
            if self.wake.is_paused() {
                self.held = Some(arrival);
                return Poll::Pending;
            }
        }
        match arrival {
            Arrival::Bytes => self.receive(received, None),
            Arrival::Broken(reason) => self.receive(received, Some(reason)),
            Arrival::End => {
                self.receive(received, None);
                return Poll::Ready(End::Gone);
            }
        }
        Poll::Pending
    }

    /// Hands the first packet over by itself.
    fn greet(&mut self, received: &mut usize) {
        // An error stays in the decoder.
        if let Ok(Some(packet)) = self.decoder.decode() {
            self.greeted = true;
            self.realm.receive(self.id, std::mem::take(received), std::iter::once(packet), None);
        }
    }

    /// Takes from the core and writes until nothing is left or the peer accepts no more.
    fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        loop {
            // Read before the bytes are taken: what the core puts out before it closes is then among them.
            let closing = self.wake.is_closing();
            if self.outbox.is_empty() && (self.wake.take_ready() || (closing && !self.taken)) {
                self.taken = closing;
                self.realm.take_send(self.id, self.outbox.chunks());
            }
            let mut progress = false;
            let written = self.wire.poll_write(cx, &mut self.outbox, &mut progress);
            if progress {
                self.stall = None;
            }
            match written {
                Poll::Ready(Err(_)) => return Poll::Ready(End::Gone),
                Poll::Ready(Ok(())) if self.wake.is_ready() => {}
                Poll::Ready(Ok(())) if self.wake.is_closing() && self.taken => return Poll::Ready(End::Told),
                Poll::Ready(Ok(())) if self.wake.is_closing() => {}
                Poll::Ready(Ok(())) => {
                    self.stall = None;
                    return Poll::Pending;
                }
                Poll::Pending => {
                    self.stall.get_or_insert_with(|| Box::new(Stall::begin()));
                    return Poll::Pending;
                }
            }
        }
    }

    fn poll_stall(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        let Some(stall) = &mut self.stall else { return Poll::Pending };
        let patience = match (self.wake.is_closing(), self.realm.is_ending()) {
            (false, _) => self.realm.write_timeout(),
            (true, false) => LAST_WRITE_TIMEOUT,
            (true, true) => ENDING_WRITE_TIMEOUT,
        };
        while stall.next.as_mut().poll(cx).is_ready() {
            if stall.since.elapsed() >= patience {
                return Poll::Ready(End::Stalled);
            }
            stall.may_read = true;
            stall.next.as_mut().reset(Instant::now() + STALLED_READ_INTERVAL);
        }
        Poll::Pending
    }

    /// A peer that takes nothing while more is waiting for it is read slowly, so that what it asks for stays bounded.
    fn may_read(&self) -> bool {
        let owed = self.stall.as_ref().is_some_and(|stall| !stall.may_read) && self.wake.is_ready();
        self.reading && !self.wake.is_closing() && !self.wake.is_paused() && !owed
    }

    /// Decodes what has come and hands it to the core as one batch. `broken` is the transport's error behind it.
    fn receive(&mut self, received: usize, broken: Option<ReasonCode>) {
        let mut batch = BATCH.take();
        let error = loop {
            match self.decoder.decode() {
                Ok(Some(packet)) => batch.push(packet),
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        if let Some(error) = &error {
            tracing::debug!(realm = self.realm.name(), connection = self.id.0, %error, "cannot be decoded");
        }
        let fault = match (error, broken) {
            (Some(error), _) => Some(Fault::Packet(self.decoder.version(), error)),
            (None, Some(reason)) => Some(Fault::Transport(reason)),
            (None, None) => None,
        };
        self.reading = fault.is_none();
        let mut packets = batch.drain(..);
        if received > 0 || !packets.as_slice().is_empty() || fault.is_some() {
            self.realm.receive(self.id, received, &mut packets, fault);
        }
        drop(packets);
        BATCH.set(batch);
    }

    /// Gives the read buffer back while the peer is silent.
    fn rest(&mut self) {
        let buffer = self.decoder.buffer();
        if buffer.is_empty() {
            *buffer = BytesMut::new();
        }
    }
}

impl<W> Drop for Connection<W> {
    /// However the task ends, a panic included, the core hears of it, and no other connection
    /// [MQTT-4.8.0-2 (3.1.1)]. One that it closed itself is unknown to it.
    fn drop(&mut self) {
        if self.wake.is_closing() && !self.taken {
            self.realm.take_send(self.id, self.outbox.chunks());
        }
        self.realm.closed(self.id);
    }
}

impl Stall {
    fn begin() -> Self {
        let next = Box::pin(tokio::time::sleep(STALLED_READ_INTERVAL));
        Self { since: Instant::now(), next, may_read: true }
    }
}

#[cfg(test)]
mod tests;
