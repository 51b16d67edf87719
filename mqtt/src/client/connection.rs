//! One connection from the opening of its transport to its end, and the wait for the next.

use super::keep_alive::Due;
use super::{Action, Cause, Client, Event, KeepAlive, Options, Refused, Server, State};
use crate::{ConnAckProperties, DecodeError, Decoder, Disconnect, Packet, ProtocolVersion};
use std::time::Duration;

impl Client {
    /// The transport that [`Action::Open`] asked for is open.
    pub fn handle_opened(&mut self, now: Duration) {
        let State::Opening { until } = self.state else { return };
        let options = &self.options;
        let maximum = usize::try_from(options.maximum_packet_size.get()).unwrap_or(usize::MAX);
        self.decoder = Decoder::client(options.version, maximum);
        self.head.clear();
        self.keep_alive = KeepAlive::new(options.keep_alive, options.limits.ping_timeout, now);
        let connect = options.connect_packet(self.identifier.clone(), self.clean_start());
        self.state = State::Connecting { until };
        // The first packet, and the only one before CONNACK [MQTT-3.1.0-1].
        self.send(now, &connect);
    }

    /// The transport could not be opened, or ended without being asked to.
    pub fn handle_closed(&mut self, now: Duration) {
        let cause = match self.state {
            State::Disconnected | State::Waiting { .. } => return,
            State::Opening { .. } => Cause::OpenFailed,
            State::Connecting { .. } | State::Connected { .. } => Cause::ConnectionLost,
        };
        self.actions.clear();
        self.out.clear();
        self.end(now, cause, false);
    }

    /// When to call [`handle_timeout`](Self::handle_timeout), if nothing happens before.
    pub fn poll_timeout(&self) -> Option<Duration> {
        match self.state {
            State::Disconnected => None,
            State::Waiting { until, .. } | State::Opening { until } | State::Connecting { until } => {
                Some(until)
            }
            State::Connected { .. } => self.keep_alive.poll_timeout(),
        }
    }

    /// Does what has come due; early and late calls are fine.
    pub fn handle_timeout(&mut self, now: Duration) {
        match self.state {
            State::Waiting { until, .. } if until <= now => self.open(now),
            State::Opening { until } | State::Connecting { until } if until <= now => {
                self.drop_connection(now, Cause::ConnectTimeout, false);
            }
            State::Connected { .. } => match self.keep_alive.due(now) {
                Some(Due::Ping) => self.ping(now),
                Some(Due::Dead) => self.drop_connection(now, Cause::KeepAliveTimeout, false),
                None => {}
            },
            _ => {}
        }
    }

    pub(super) fn clean_start(&self) -> bool {
        let Options { version, clean_start, session_expiry_interval, .. } = self.options;
        let outlives = version == ProtocolVersion::V5 && session_expiry_interval > 0;
        clean_start && !(outlives && self.begun)
    }

    pub(super) fn depart(&mut self, now: Duration, disconnect: &Packet) {
        match self.state {
            State::Disconnected => return,
            State::Waiting { .. } => {}
            State::Opening { .. } => self.close(),
            State::Connecting { .. } | State::Connected { .. } => {
                self.send(now, disconnect);
                // [MQTT-3.14.4-1] [MQTT-3.14.4-2]
                self.close();
            }
        }
        self.end(now, Cause::Requested, true);
    }

    pub(super) fn open(&mut self, now: Duration) {
        self.actions.push_back(Action::Open);
        self.state = State::Opening { until: now.saturating_add(self.options.limits.connect_timeout) };
    }

    pub(super) fn close(&mut self) {
        self.flush();
        self.actions.push_back(Action::Close);
    }

    /// Closes without a word: nobody listens, or the server has spoken the last one.
    pub(super) fn drop_connection(&mut self, now: Duration, cause: Cause, terminal: bool) {
        self.out.clear();
        self.close();
        self.end(now, cause, terminal);
    }

    /// Closes because the server broke the protocol, and says so where the version lets a client do it
    /// (4.13.1) [MQTT-4.13.2-1]. In 3.1.1 a DISCONNECT would call the end a normal one.
    pub(super) fn reject(&mut self, now: Duration, error: DecodeError) {
        if self.options.version == ProtocolVersion::V5 {
            self.send(now, &Packet::Disconnect(Disconnect::with(error.reason())));
        }
        self.close();
        self.end(now, Cause::Violation(error), false);
    }

    pub(super) fn end(&mut self, now: Duration, cause: Cause, terminal: bool) {
        self.leave(now);
        let terminal = terminal || self.options.reconnect.is_none();
        self.events.push_back(Event::Disconnected { cause, terminal });
        if !terminal {
            self.retry(now);
        }
    }

    pub(super) fn refused(&mut self, now: Duration, refused: Refused) {
        self.out.clear();
        self.close();
        self.leave(now);
        let terminal = refused.terminal;
        self.events.push_back(Event::Refused(Box::new(refused)));
        if !terminal {
            self.retry(now);
        }
    }

    /// Forgets what belongs to one connection.
    pub(super) fn leave(&mut self, now: Duration) {
        if let (State::Connected { since }, Some(reconnect)) = (self.state, self.options.reconnect)
            && now.saturating_sub(since) >= reconnect.stable_after
        {
            self.schedule.reset();
        }
        for id in self.subscriptions.unsend() {
            self.ids.free(id);
        }
        self.server = Server::new(self.options.version, &ConnAckProperties::default());
        self.state = State::Disconnected;
    }

    pub(super) fn retry(&mut self, now: Duration) {
        let Some(reconnect) = self.options.reconnect else { return };
        let (attempt, delay) = self.schedule.next(&reconnect);
        let until = now.saturating_add(delay);
        self.state = State::Waiting { until, attempt };
        self.events.push_back(Event::Reconnecting { at: until, attempt });
    }
}
