//! A client on its WebSocket.

use std::time::Duration;

use headcount_mqtt::client::Action;

use super::{
    moment::Moment,
    party::Party,
    socket::{Heard, Socket},
};

/// A client, the address it goes to, and the socket it has at present.
pub(super) struct Line<P> {
    pub(super) party: P,
    address: String,
    socket: Option<Socket>,
}

impl<P: Party> Line<P> {
    pub(super) fn new(party: P, address: &str) -> Self {
        Self { party, address: address.trim().to_owned(), socket: None }
    }

    pub(super) fn hear(&mut self, now: Moment, heard: Heard) {
        match heard {
            Heard::Opened => self.party.handle_opened(now),
            Heard::Bytes(bytes) => self.party.handle_bytes(now, &bytes),
            Heard::Closed => {
                self.socket = None;
                self.party.handle_closed(now);
            }
        }
    }

    pub(super) fn poll_timeout(&self) -> Option<Duration> {
        self.party.poll_timeout()
    }

    /// Tells the store what happened and does what the client asks for. `hear` hears the socket that is opened.
    pub(super) fn pump<H>(&mut self, now: Moment, store: &mut P::Store, hear: impl Fn() -> H)
    where
        H: Fn(Heard) + 'static,
    {
        self.party.tell(now, store);
        while let Some(action) = self.party.poll_action() {
            match action {
                Action::Open => match Socket::open(&self.address, hear()) {
                    Ok(socket) => self.socket = Some(socket),
                    Err(_) => self.party.handle_closed(now),
                },
                Action::Send(bytes) => {
                    if let Some(socket) = &self.socket {
                        socket.send(&bytes);
                    }
                }
                Action::Close => self.socket = None,
            }
            self.party.tell(now, store);
        }
    }
}
