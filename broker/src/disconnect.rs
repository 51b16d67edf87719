//! DISCONNECT (chapter 3.14) and all other ends of a connection.

use crate::connection::Phase;
use crate::events::Reason;
use crate::explain::{farewell, meaning};
use crate::{Broker, ConnectionId, Now, Output, Record};
use headcount_mqtt::{DecodeError, Disconnect, ProtocolVersion, ReasonCode};

impl Broker {
    /// The client's last packet.
    pub(crate) fn disconnect(&mut self, now: Now, id: ConnectionId, disconnect: &Disconnect) {
        let Some(link) = self.link(id) else { return };
        let (key, asked) = (link.session, link.asked_expiry);
        let wanted = disconnect.properties.as_ref().and_then(|p| p.session_expiry_interval);
        if let Some(wanted) = wanted {
            if asked == 0 && wanted > 0 {
                // 3.14.2.2.2: what CONNECT set to 0 stays 0.
                self.protocol_error(now, id, "a session that ends with its connection stays so (3.14.2.2.2)");
                return;
            }
            let cap = self.config.limits.max_session_expiry.unwrap_or(u32::MAX);
            if let Some(session) = self.sessions.get_mut(key.0) {
                session.expiry = wanted.min(cap);
            }
        }
        // [MQTT-3.1.2-10] [MQTT-3.14.4-3] Reason Code 0 takes the Will along, every other one leaves it.
        let normal = disconnect.reason == ReasonCode::Success;
        let reason = if normal { Reason::ClientDisconnect } else { Reason::ClientDisconnectWithWill };
        if normal && let Some(link) = self.link_mut(id) {
            link.will = None;
        }
        self.end(now, id, reason);
        self.close(id);
    }

    /// The connection's decoder gave up: says why to the client, then closes.
    ///
    /// `version` is what the decoder knows of it (`Decoder::version`): a CONNECT that is malformed behind its
    /// Protocol Version can still be answered.
    pub fn handle_decode_error(
        &mut self,
        now: Now,
        connection: ConnectionId,
        version: Option<ProtocolVersion>,
        error: DecodeError,
    ) {
        let Some(it) = self.connections.get(connection.0) else { return };
        let code = error.reason();
        if !matches!(it.phase, Phase::Opened) {
            self.expel_saying(now, connection, code, Reason::of(code), Some(&error.to_string()));
            return;
        }
        let said = error.to_string();
        self.report_refused(now, connection, None, Reason::of(code));
        match (error, version) {
            // [MQTT-3.1.2-2] a level below 5 speaks 3.1.1's CONNACK, a later one that of 5.0.
            (DecodeError::UnsupportedVersion { level: 0..=4 }, _) => {
                self.send_refusal(connection, ProtocolVersion::V311, code, None, usize::MAX);
            }
            (DecodeError::UnsupportedVersion { .. }, _) | (_, Some(ProtocolVersion::V5)) => {
                self.send_refusal(connection, ProtocolVersion::V5, code, Some(&said), usize::MAX);
            }
            // [MQTT-3.1.4-1] closed without a CONNACK; before any CONNECT there is no answer at all.
            _ => {}
        }
        self.close(connection);
    }

    /// The peer broke a rule of the transport, such as a text frame on a WebSocket: closes with this reason, which
    /// events then show.
    pub fn handle_transport_error(&mut self, now: Now, connection: ConnectionId, reason: ReasonCode) {
        self.expel(now, connection, reason, Reason::of(reason));
    }

    /// The transport ended or failed without a DISCONNECT: `connection-lost`.
    pub fn handle_closed(&mut self, now: Now, connection: ConnectionId) {
        self.end_pace(now, connection);
        self.end(now, connection, Reason::ConnectionLost);
        self.clear_timer(connection);
        self.connections.remove(connection.0);
    }

    /// Ends a client's connection by an administrator's wish; whether there was one.
    pub fn kick(&mut self, now: Now, client_id: &str) -> bool {
        let connection = headcount_mqtt::Text::try_from(client_id)
            .ok()
            .and_then(|id| self.sessions.get(self.clients.get(&id)?.0)?.connection);
        if let Some(connection) = connection {
            self.expel(now, connection, ReasonCode::AdministrativeAction, Reason::Kicked);
        }
        connection.is_some()
    }

    /// Ends every connection with Server shutting down (0x8B), and lets nobody in from here on.
    ///
    /// The clients did not disconnect, so their Wills are published, to each other as far as they are still there, to
    /// stored sessions and as retained messages.
    pub fn handle_shutdown(&mut self, now: Now) {
        self.shutting_down = true;
        let open: Vec<_> = self.connections.keys().map(ConnectionId).collect();
        for id in open {
            self.expel(now, id, ReasonCode::ServerShuttingDown, Reason::ServerShutdown);
        }
    }

    /// What the standard calls a Protocol Error, found past the decoder [MQTT-4.13.1-1].
    pub(crate) fn protocol_error(&mut self, now: Now, id: ConnectionId, rule: &str) {
        self.expel_saying(now, id, ReasonCode::ProtocolError, Reason::ProtocolError, Some(rule));
    }

    /// Ends a connection from this side: in 5.0 with a DISCONNECT that says why [MQTT-3.14.0-1]. The Will stays.
    pub(crate) fn expel(&mut self, now: Now, id: ConnectionId, code: ReasonCode, reason: Reason) {
        self.expel_saying(now, id, code, reason, meaning(code));
    }

    /// The same in these words.
    pub(crate) fn expel_saying(
        &mut self,
        now: Now,
        id: ConnectionId,
        code: ReasonCode,
        reason: Reason,
        said: Option<&str>,
    ) {
        let Some(it) = self.connections.get_mut(id.0) else { return };
        match &it.phase {
            Phase::Connected(link) => {
                let (version, most) = (link.version, link.max_packet_size);
                let said = said.filter(|_| link.wants_reasons);
                it.outbox.drop_promises();
                if version == ProtocolVersion::V5 {
                    self.send_explained_as(id, farewell(code, said), version, most);
                } else if reason == Reason::TakenOver {
                    self.tell_ousted(now, id);
                }
            }
            Phase::Authenticating(attempt) => {
                // The end came before the verdict: CONNACK has a narrower choice of words than DISCONNECT.
                let version = attempt.connect.version;
                let code =
                    if code == ReasonCode::QuotaExceeded { code } else { ReasonCode::ServerUnavailable };
                self.send_refusal(id, version, code, None, usize::MAX);
            }
            Phase::Opened | Phase::Closing => {}
        }
        self.end(now, id, reason);
        self.close(id);
    }

    /// A first packet that is no CONNECT: closed without an answer, as no version is known.
    pub(crate) fn abandon(&mut self, now: Now, id: ConnectionId) {
        self.report_refused(now, id, None, Reason::ProtocolError);
        self.close(id);
    }

    /// More packets behind a CONNECT than may wait.
    pub(crate) fn flooded(&mut self, now: Now, id: ConnectionId) {
        self.expel(now, id, ReasonCode::QuotaExceeded, Reason::QuotaExceeded);
    }

    /// Keep Alive, idleness or CONNECT: whichever the connection's state waits for.
    pub(crate) fn connection_timeout(&mut self, now: Now, id: ConnectionId) {
        let Some(it) = self.connections.get_mut(id.0) else { return };
        it.timer = None;
        let Some(link) = it.link() else {
            // (3.1.4) no CONNECT within a reasonable time, or no verdict on it.
            self.expel(now, id, ReasonCode::MaximumConnectTime, Reason::ConnectTimeout);
            return;
        };
        let silent = !link.patience.is_zero() && link.last_packet + link.patience <= now.monotonic;
        let idle =
            self.config.limits.idle_timeout.is_some_and(|most| link.last_active + most <= now.monotonic);
        if silent {
            // [MQTT-3.1.2-22] one and a half times the Keep Alive without a packet.
            self.expel(now, id, ReasonCode::KeepAliveTimeout, Reason::KeepAliveTimeout);
        } else if idle {
            self.expel(now, id, ReasonCode::AdministrativeAction, Reason::IdleTimeout);
        } else {
            self.watch(id);
        }
    }

    /// Sets the deadline of a connected client. Packets move it without touching the table: it is looked at again
    /// when the old one is due.
    pub(crate) fn watch(&mut self, id: ConnectionId) {
        let Some(link) = self.link(id) else { return };
        let alive = (!link.patience.is_zero()).then(|| link.last_packet + link.patience);
        let busy = self.config.limits.idle_timeout.map(|most| link.last_active + most);
        if let Some(at) = [alive, busy].into_iter().flatten().min() {
            self.set_timer(id, at);
        }
    }

    /// What an end means for session, Will and feeds; an attempt that never got to CONNACK is a refusal.
    pub(crate) fn end(&mut self, now: Now, id: ConnectionId, reason: Reason) {
        let Some(it) = self.connections.get_mut(id.0) else { return };
        match std::mem::replace(&mut it.phase, Phase::Closing) {
            Phase::Connected(mut link) => {
                let will = link.will.take();
                self.stats.clients -= 1;
                if let Some(session) = self.sessions.get(link.session.0).filter(|_| self.config.durable) {
                    let client_id = session.client_id.clone();
                    self.persist(|| Record::Left { client_id });
                }
                self.discount_connection(now, &link.account.name);
                self.report_disconnected(now, id, &link, reason);
                self.leave_session(now, id, &link, will);
            }
            Phase::Authenticating(attempt) => {
                self.report_refused(now, id, Some(&attempt.connect), reason);
            }
            // A port that was opened and closed again, by a scanner or a health check, is no attempt to connect.
            Phase::Opened if reason == Reason::ConnectionLost => {}
            Phase::Opened => self.report_refused(now, id, None, reason),
            Phase::Closing => {}
        }
    }

    /// Lets the last bytes leave, behind which nothing follows, then closes [MQTT-3.14.4-1] [MQTT-3.14.4-2]
    /// [MQTT-4.13.2-1].
    pub(crate) fn close(&mut self, id: ConnectionId) {
        self.clear_timer(id);
        let Some(it) = self.connections.get_mut(id.0) else { return };
        it.phase = Phase::Closing;
        it.outbox.drop_promises();
        self.outputs.push_back(Output::Close(id));
        if it.outbox.is_empty() {
            self.connections.remove(id.0);
        }
    }
}
