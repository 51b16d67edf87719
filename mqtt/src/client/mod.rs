//! The sans-IO client session: one client of one server, over as many connections as it takes.
//!
//! The caller owns the transport, the clock and the random seed. It tells what happened (`handle_*`) and then does
//! what is asked, until nothing is left: [`poll_action`](Client::poll_action) (open, send or close, in the order
//! given), [`poll_event`](Client::poll_event) (what to show or do) and [`poll_timeout`](Client::poll_timeout) (when to
//! call [`handle_timeout`](Client::handle_timeout)). What is not fetched piles up: fetch it before the next bytes.
//! Times are durations since an origin of the caller's choice and never run backwards.
//!
//! | state | leaves it by | to |
//! | --- | --- | --- |
//! | `Disconnected` | `connect` | `Opening` |
//! | `Waiting` | its time, `connect`, `reconnect_now` | `Opening` |
//! | | `disconnect` | `Disconnected` |
//! | `Opening` | `handle_opened` | `Connecting`, CONNECT is sent |
//! | `Connecting` | CONNACK, accepting | `Connected` |
//! | any of the last three | its end by the server, the transport or time | `Waiting`, or `Disconnected` where that is terminal |
//! | | `disconnect` | `Disconnected` |
//!
//! After [`Action::Close`] a transport is over for the client: the caller reports nothing more of it.
//!
//! The session outlives connections: messages of `QoS` 1 and 2 and subscriptions are kept. Where the server resumes
//! the session, what was unanswered is sent again; where it does not, messages that it had not confirmed are published
//! anew under new identifiers, which at `QoS` 2 may double one that it had published before it lost the session, and
//! what it had granted is subscribed again.

mod connection;
mod error;
mod event;
mod incoming;
mod keep_alive;
mod options;
mod outgoing;
mod packet_ids;
mod publishing;
#[cfg(feature = "manual-acks")]
mod receipts;
mod receiving;
mod reconnect;
mod server;
mod set;
mod subscribing;
mod subscriptions;

pub use error::{DisconnectError, PublishError, SubscribeError};
pub use event::{Action, Cause, Connected, Event, GivenUp, Message, Refused, State, Subscribed, Token};
pub use options::{InvalidOptions, Limits, Options, Reconnect};
#[cfg(feature = "manual-acks")]
pub use receipts::Receipt;

use crate::{ConnAckProperties, Decoder, Disconnect, Packet, Text, Will, encode_from_client};
use bytes::{Bytes, BytesMut};
use incoming::Incoming;
use keep_alive::KeepAlive;
use outgoing::Outgoing;
use packet_ids::PacketIds;
use reconnect::Schedule;
use server::Server;
use std::collections::VecDeque;
use std::time::Duration;
use subscriptions::Subscriptions;

/// A client session. See the [module](self) for how to drive it.
#[derive(Debug)]
pub struct Client {
    options: Options,
    state: State,
    /// The options' own, or the one that the server assigned.
    identifier: Text,
    /// Whether a connection was accepted: from then on Clean Start would drop what this client itself began.
    begun: bool,
    schedule: Schedule,
    last_token: u64,

    actions: VecDeque<Action>,
    /// Bytes behind the last of `actions`.
    out: BytesMut,
    events: VecDeque<Event>,

    ids: PacketIds,
    outgoing: Outgoing,
    incoming: Incoming,
    subscriptions: Subscriptions,

    // Of one connection.
    decoder: Decoder,
    /// The first bytes of the server, for [`receiving::is_old_refusal`].
    head: Vec<u8>,
    keep_alive: KeepAlive,
    server: Server,
}

impl Client {
    /// A client at rest. `seed` feeds the jitter of reconnects: draw it at random, so that clients differ.
    ///
    /// # Errors
    /// [`InvalidOptions`].
    pub fn new(options: Options, seed: u64) -> Result<Self, InvalidOptions> {
        options.check()?;
        let maximum = usize::try_from(options.maximum_packet_size.get()).unwrap_or(usize::MAX);
        Ok(Self {
            state: State::Disconnected,
            identifier: options.client_id.clone(),
            begun: false,
            schedule: Schedule::new(seed),
            last_token: 0,
            actions: VecDeque::new(),
            out: BytesMut::new(),
            events: VecDeque::new(),
            ids: PacketIds::default(),
            outgoing: Outgoing::default(),
            incoming: Incoming::new(&options),
            subscriptions: Subscriptions::default(),
            decoder: Decoder::client(options.version, maximum),
            head: Vec::new(),
            keep_alive: KeepAlive::new(0, options.limits.ping_timeout, Duration::ZERO),
            server: Server::new(options.version, &ConnAckProperties::default()),
            options,
        })
    }

    /// Where the client is.
    pub fn state(&self) -> State {
        self.state
    }

    /// What it was told.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Client Identifier: the options' own, or the one that the server assigned.
    pub fn client_id(&self) -> &Text {
        &self.identifier
    }

    /// Messages of `QoS` 1 and 2 that were not answered to the end, those that wait included.
    pub fn unacknowledged(&self) -> usize {
        self.outgoing.len()
    }

    /// Replaces the Will, from the next CONNECT on.
    ///
    /// # Errors
    /// [`InvalidOptions::Connect`]; the old Will stays.
    pub fn set_will(&mut self, will: Option<Will>) -> Result<(), InvalidOptions> {
        self.set_options(Options { will, ..self.options.clone() })
    }

    /// Replaces User Name and Password, from the next CONNECT on.
    ///
    /// # Errors
    /// [`InvalidOptions`]; the old ones stay.
    pub fn set_credentials(
        &mut self,
        user_name: Option<Text>,
        password: Option<Bytes>,
    ) -> Result<(), InvalidOptions> {
        self.set_options(Options { user_name, password, ..self.options.clone() })
    }

    fn set_options(&mut self, options: Options) -> Result<(), InvalidOptions> {
        options.check()?;
        self.options = options;
        Ok(())
    }

    /// Begins to connect, at once and with the reconnect schedule reset. Without effect unless `Disconnected` or
    /// `Waiting`.
    pub fn connect(&mut self, now: Duration) {
        if matches!(self.state, State::Disconnected | State::Waiting { .. }) {
            self.schedule.reset();
            self.open(now);
        }
    }

    /// Ends the wait for the next attempt (a button, the network's return), and leaves the schedule as it is. Without
    /// effect unless `Waiting`.
    pub fn reconnect_now(&mut self, now: Duration) {
        if matches!(self.state, State::Waiting { .. }) {
            self.open(now);
        }
    }

    /// Sends PINGREQ ahead of time, to learn within the ping time-out whether the connection still stands (the machine
    /// woke up, the network changed). Without effect unless `Connected`.
    pub fn ping(&mut self, now: Duration) {
        if matches!(self.state, State::Connected { .. }) {
            self.send(now, &Packet::PingReq);
            self.keep_alive.pinged(now);
        }
    }

    /// Ends the connection, or the attempts for one, with a DISCONNECT of Normal disconnection where CONNECT was sent:
    /// the server then drops the Will. Without effect when `Disconnected`.
    pub fn disconnect(&mut self, now: Duration) {
        self.depart(now, &Packet::Disconnect(Disconnect::default()));
    }

    /// The same with another Reason Code (`DisconnectWithWillMessage`) or Session Expiry Interval.
    ///
    /// # Errors
    /// [`DisconnectError`]; nothing happened.
    pub fn disconnect_with(&mut self, now: Duration, disconnect: &Disconnect) -> Result<(), DisconnectError> {
        let expiry = disconnect.properties.as_ref().and_then(|p| p.session_expiry_interval).unwrap_or(0);
        if expiry != 0 && self.options.session_expiry_interval == 0 {
            return Err(DisconnectError::SessionExpiry);
        }
        let packet = Packet::Disconnect(disconnect.clone());
        self.server.takes(&packet).map_err(DisconnectError::Encode)?;
        self.depart(now, &packet);
        Ok(())
    }

    /// What to do to the transport next.
    pub fn poll_action(&mut self) -> Option<Action> {
        if self.actions.is_empty() {
            self.flush();
        }
        self.actions.pop_front()
    }

    /// What happened next.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    fn send(&mut self, now: Duration, packet: &Packet) {
        encode_from_client(packet, self.options.version, &mut self.out)
            .unwrap_or_else(|_| unreachable!("measured when the caller handed it in"));
        self.keep_alive.sent(now);
    }

    fn flush(&mut self) {
        if !self.out.is_empty() {
            self.actions.push_back(Action::Send(self.out.split().freeze()));
        }
    }
}
