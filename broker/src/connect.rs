//! CONNECT (chapter 3.1) and its answer.

use crate::connection::{Authenticating, Link, Phase, Told};
use crate::events::Reason;
use crate::explain::{self, meaning};
use crate::key::SessionKey;
use crate::publish::has_its_format;
use crate::session::{FOREVER, Session, expiry};
use crate::timers::Timer;
use crate::{Broker, Connected, ConnectionId, Now, Output, Record, Storage, owned};
use headcount_mqtt::{ConnAck, ConnAckProperties, Connect, Packet, ProtocolVersion, QoS, ReasonCode, Text};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

impl Broker {
    /// The first packet of a connection.
    pub(crate) fn connect(&mut self, now: Now, id: ConnectionId, mut connect: Box<Connect>) {
        let proved = self.connections.get(id.0).and_then(|it| it.peer.account.clone());
        let is_proved = proved.is_some();
        if is_proved && connect.user_name.is_some() && connect.user_name != proved {
            // Its certificate says who it is: no other name can.
            let why = "the certificate names another account";
            return self.refuse_because(now, id, &connect, ReasonCode::NotAuthorized, why);
        }
        connect.user_name = proved.or(connect.user_name);
        if self.storage == Storage::Failing {
            // Not even an event is stored of it.
            self.send_refusal(id, connect.version, ReasonCode::QuotaExceeded, None, usize::MAX);
            return self.close(id);
        }
        if let Err(code) = self.admit(&connect) {
            self.refuse(now, id, &connect, code);
            return;
        }
        match &connect.user_name {
            None if self.gate.access().allow_anonymous => self.accept(now, id, &connect),
            None => {
                let why = "a user name is wanted here (allow_anonymous)";
                self.refuse_because(now, id, &connect, ReasonCode::NotAuthorized, why);
            }
            Some(_) if is_proved || self.gate.access().trust_user_names => self.accept(now, id, &connect),
            Some(user_name) => {
                let (user_name, password) = (user_name.clone(), connect.password.clone());
                let comparison = self.comparison(user_name.as_str());
                let Some(it) = self.connections.get_mut(id.0) else { return };
                it.phase = Phase::Authenticating(Box::new(Authenticating {
                    connect,
                    comparison: comparison.clone(),
                    waiting: VecDeque::new(),
                }));
                self.outputs.push_back(Output::Authenticate {
                    connection: id,
                    user_name,
                    password,
                    comparison,
                });
            }
        }
    }

    /// The answer to [`Output::Authenticate`]: `Ok` makes the User Name the account.
    ///
    /// An `Err` is the reason to refuse with: `BadUserNameOrPassword`, `NotAuthorized`, `Banned`, `ServerBusy`.
    pub fn handle_authenticated(
        &mut self,
        now: Now,
        connection: ConnectionId,
        verdict: Result<(), ReasonCode>,
    ) {
        self.handle_login(now, connection, verdict.map_err(|code| (code, None)));
    }

    /// The same with a sentence for the account that was named, which says where it stands that this is refused. The
    /// client does not hear it.
    pub fn handle_login(
        &mut self,
        now: Now,
        connection: ConnectionId,
        verdict: Result<(), (ReasonCode, Option<String>)>,
    ) {
        let Some(it) = self.connections.get_mut(connection.0) else { return };
        if !matches!(it.phase, Phase::Authenticating(_)) {
            return;
        }
        let Phase::Authenticating(attempt) = std::mem::replace(&mut it.phase, Phase::Opened) else {
            unreachable!("matched above")
        };
        match verdict {
            // It may have got another password meanwhile.
            Ok(()) if self.comparison_changed(&attempt) => {
                let code = ReasonCode::BadUserNameOrPassword;
                self.refuse(now, connection, &attempt.connect, code);
            }
            Ok(()) => self.accept(now, connection, &attempt.connect),
            Err((code, Some(why))) => {
                let why = self.why_device_is_refused(&attempt, code).unwrap_or(&why);
                self.refuse_because(now, connection, &attempt.connect, code, why);
            }
            Err((code, None)) => self.refuse(now, connection, &attempt.connect, code),
        }
        for packet in attempt.waiting {
            self.handle_packet(now, connection, packet);
        }
    }

    /// What can be judged before the credentials.
    fn admit(&self, connect: &Connect) -> Result<(), ReasonCode> {
        let limits = &self.config.limits;
        if connect.properties.authentication_method.is_some() {
            // No method of enhanced authentication is spoken [MQTT-4.12.0-1].
            return Err(ReasonCode::BadAuthenticationMethod);
        }
        if connect.client_id.is_empty() {
            // [MQTT-3.1.3-8 (3.1.1)] an empty identifier of 3.1.1 needs Clean Session 1.
            let nameless = connect.version == ProtocolVersion::V5 || connect.clean_start;
            // [MQTT-3.1.3-8]
            if !nameless || !limits.allow_empty_client_id {
                return Err(ReasonCode::ClientIdentifierNotValid);
            }
        }
        if let Some(will) = &connect.will {
            if will.qos > limits.max_qos {
                return Err(ReasonCode::QoSNotSupported); // [MQTT-3.2.2-12]
            }
            if will.retain && !limits.retain_available {
                return Err(ReasonCode::RetainNotSupported); // [MQTT-3.2.2-13]
            }
            let indicator = will.properties.payload_format_indicator;
            if limits.check_payload_format && !has_its_format(indicator, &will.payload) {
                return Err(ReasonCode::PayloadFormatInvalid); // (3.1.3.2.3)
            }
            if limits.topic_fault(will.topic.as_bytes()).is_some() {
                return Err(ReasonCode::TopicNameInvalid);
            }
        }
        if self.shutting_down {
            return Err(ReasonCode::ServerUnavailable);
        }
        if self.connections.len() > limits.max_connections {
            return Err(ReasonCode::ServerBusy);
        }
        Ok(())
    }

    fn refuse(&mut self, now: Now, id: ConnectionId, connect: &Connect, code: ReasonCode) {
        let why = meaning(code).unwrap_or(Reason::of(code).as_str());
        self.refuse_because(now, id, connect, code, why);
    }

    fn refuse_because(&mut self, now: Now, id: ConnectionId, connect: &Connect, code: ReasonCode, why: &str) {
        self.report_refusal(now, id, connect, why);
        self.turn_away(now, id, connect, code);
    }

    /// CONNACK with an error, then the end [MQTT-3.1.4-2] [MQTT-3.2.2-7].
    fn turn_away(&mut self, now: Now, id: ConnectionId, connect: &Connect, code: ReasonCode) {
        self.report_refused(now, id, Some(connect), Reason::of(code));
        let wanted = connect.properties.request_problem_information.unwrap_or(true);
        let said = meaning(code).filter(|_| wanted);
        let most = connect.properties.maximum_packet_size.map_or(usize::MAX, |size| size as usize);
        self.send_refusal(id, connect.version, code, said, most);
        self.close(id);
    }

    /// A CONNACK with an error, in the words of the version.
    pub(crate) fn send_refusal(
        &mut self,
        id: ConnectionId,
        version: ProtocolVersion,
        code: ReasonCode,
        said: Option<&str>,
        most: usize,
    ) {
        let reason = match (version, code) {
            // 3.1.1 has five return codes; what has none of its own says that it is the server's affair.
            (ProtocolVersion::V311, ReasonCode::Banned | ReasonCode::BadAuthenticationMethod) => {
                ReasonCode::NotAuthorized
            }
            (
                ProtocolVersion::V311,
                ReasonCode::UnsupportedProtocolVersion
                | ReasonCode::ClientIdentifierNotValid
                | ReasonCode::BadUserNameOrPassword
                | ReasonCode::NotAuthorized,
            )
            | (ProtocolVersion::V5, _) => code,
            (ProtocolVersion::V311, _) => ReasonCode::ServerUnavailable,
        };
        self.send_explained_as(id, explain::connack(reason, said), version, most);
    }

    /// Lets a client in whose account is known.
    fn accept(&mut self, now: Now, id: ConnectionId, connect: &Connect) {
        self.turn = self.recorded;
        // [MQTT-3.1.3-6] a name of its own, and [MQTT-3.1.3-5] any other as it is. It names the session
        // [MQTT-3.1.3-2].
        let assigned = connect.client_id.is_empty().then(|| self.make_client_id(now, id));
        let client_id = assigned.clone().unwrap_or_else(|| owned::text(&connect.client_id));
        if let Some(why) = self.barred(connect.user_name.as_ref(), &client_id) {
            return self.refuse_because(now, id, connect, ReasonCode::NotAuthorized, why);
        }
        if let Some((code, why)) = self.bars_device(connect.user_name.as_ref(), &client_id) {
            return self.refuse_because(now, id, connect, code, why);
        }
        let account =
            Arc::new(self.gate.account(connect.user_name.as_ref(), &client_id, &self.dynsec, &self.devices));
        let known = self.clients.get(&client_id).and_then(|key| self.sessions.get(key.0));
        let again =
            known.is_some_and(|it| it.account.user_name() == account.user_name() && it.connection.is_some());
        if let Err((code, line)) = self.may_connect(now, &account, again) {
            let line = format!("{client_id} is refused: {line}");
            self.complain_of_limit(now, &account, line);
            return self.turn_away(now, id, connect, code);
        }
        if let Some(key) = self.clients.get(&client_id).copied() {
            let session = self.sessions.get(key.0).expect("named by its client");
            if session.account.user_name() != account.user_name() {
                // A Client Identifier belongs to the account that has a session under it: another one can neither
                // read that session nor end it. A client without a name is not the user `anonymous` either.
                let why = "this Client Identifier has a session of another account";
                return self.refuse_because(now, id, connect, ReasonCode::ClientIdentifierNotValid, why);
            }
            if let Some(old) = session.connection {
                self.take_over(now, id, old, &client_id); // [MQTT-3.1.4-3]
            }
        }
        if connect.clean_start
            && let Some(key) = self.clients.get(&client_id).copied()
        {
            self.remove_session(now, key); // [MQTT-3.1.2-4] [MQTT-3.1.4-4]
        }
        let stored = self.clients.get(&client_id).copied();
        let limits = &self.config.limits;
        let given = connect.properties.session_expiry_interval;
        let lasts = expiry(connect.version, connect.clean_start, given, limits) > 0;
        let is_full = self.sessions.len() >= limits.max_sessions || (lasts && self.is_storage_full());
        if stored.is_none() && is_full {
            self.refuse(now, id, connect, ReasonCode::QuotaExceeded);
            return;
        }
        // [MQTT-3.1.2-5] [MQTT-3.1.2-6] a stored session is taken up, otherwise a new one begins.
        let key = stored.unwrap_or_else(|| {
            let session = Session::new(client_id.clone(), Arc::clone(&account));
            let key = SessionKey(self.sessions.insert(session));
            self.clients.insert(client_id, key);
            key
        });
        self.cancel_will(key);
        self.attach(now, id, connect, key, account);
        self.acknowledge(id, connect, stored.is_some(), assigned);
        self.record_connected(id);
        self.report_connected(now, id, stored.is_some());
        self.presence_connected(now, key);
        self.resume(now, key);
    }

    /// Joins connection and session.
    fn attach(
        &mut self,
        now: Now,
        id: ConnectionId,
        connect: &Connect,
        key: SessionKey,
        account: Arc<crate::account::Account>,
    ) {
        let limits = &self.config.limits;
        let given = &connect.properties;
        let asked_expiry = given.session_expiry_interval.unwrap_or(0);
        let expiry = expiry(connect.version, connect.clean_start, given.session_expiry_interval, limits);
        // [MQTT-3.2.2-22]
        let keep_alive = self.server_keep_alive(connect).unwrap_or(connect.keep_alive);
        let link = Link {
            version: connect.version,
            session: key,
            account: Arc::clone(&account),
            wants_reasons: given.request_problem_information.unwrap_or(true),
            max_packet_size: given.maximum_packet_size.map_or(usize::MAX, |size| size as usize),
            window: given
                .receive_maximum
                .unwrap_or(u16::MAX)
                .min(account.limits.max_inflight_messages.max(1)),
            patience: Duration::from_secs(keep_alive.into()) * 3 / 2,
            last_packet: now.monotonic,
            last_active: now.monotonic,
            // [MQTT-3.1.2-7]
            will: connect.will.as_ref().map(|will| Box::new(self.kept_will(will))),
            aliases: None,
            memo: None,
            asked_expiry,
            keep_alive: connect.keep_alive,
            clean_start: connect.clean_start,
            connected_unix: now.unix,
            told: Told::of(limits),
            is_paced: self.is_paced(&account),
            waiting: None,
        };
        self.count_connection(&account.name);
        let session = self.sessions.get_mut(key.0).expect("found or made by the caller");
        session.connection = Some(id);
        session.account = account;
        session.expiry = expiry;
        if let Some(at) = session.ends.take() {
            self.timers.clear(at, Timer::Session(key));
        }
        self.clear_timer(id);
        if let Some(it) = self.connections.get_mut(id.0) {
            it.phase = Phase::Connected(Box::new(link));
        }
        self.count_client();
        self.watch(id);
        self.record_session(key, None);
    }

    /// CONNACK, once [MQTT-3.2.0-2], with what the server does otherwise than asked [MQTT-3.1.4-5] [MQTT-3.2.0-1] [MQTT-3.2.2-2]
    /// [MQTT-3.2.2-3].
    fn acknowledge(&mut self, id: ConnectionId, connect: &Connect, resumed: bool, assigned: Option<Text>) {
        let limits = &self.config.limits;
        let asked = connect.properties.session_expiry_interval.unwrap_or(0);
        let used = asked.min(limits.max_session_expiry.unwrap_or(FOREVER));
        let properties = ConnAckProperties {
            session_expiry_interval: (used != asked).then_some(used),
            receive_maximum: Some(limits.receive_maximum.max(1)),
            maximum_qos: (limits.max_qos < QoS::ExactlyOnce).then_some(limits.max_qos), // [MQTT-3.2.2-9]
            retain_available: (!limits.retain_available).then_some(false),
            maximum_packet_size: Some(u32::try_from(limits.max_packet_size).unwrap_or(u32::MAX)),
            assigned_client_identifier: assigned, // [MQTT-3.1.3-7] [MQTT-3.2.2-16]
            topic_alias_maximum: Some(limits.topic_alias_maximum),
            server_keep_alive: self.server_keep_alive(connect), // [MQTT-3.2.2-21]
            // No Response Information, asked for or not [MQTT-3.1.2-28]; no Authentication Method [MQTT-4.12.0-6].
            ..ConnAckProperties::default()
        };
        self.promise_own(id);
        let ack = ConnAck { session_present: resumed, reason: ReasonCode::Success, properties };
        self.send(id, &Packet::ConnAck(Box::new(ack)));
    }

    /// From here on a broker that starts again owes this client its end.
    fn record_connected(&mut self, id: ConnectionId) {
        let Some(it) = self.connections.get(id.0).filter(|_| self.config.durable) else { return };
        let Some(link) = it.link() else { return };
        let Some(session) = self.sessions.get(link.session.0) else { return };
        let client_id = session.client_id.clone();
        let connection = Box::new(Connected {
            user_name: link.account.user_name().cloned(),
            peer: it.peer.as_ref().clone(),
            version: link.version,
            keep_alive: link.keep_alive,
            clean_start: link.clean_start,
            connected_unix: link.connected_unix,
            will: link.will.clone(),
        });
        self.persist(|| Record::Connected { client_id, connection });
    }

    /// The Keep Alive that the client must use instead of its own; 3.1.1 has no word for it.
    fn server_keep_alive(&self, connect: &Connect) -> Option<u16> {
        let greatest = self.config.limits.max_keep_alive;
        let longer = connect.keep_alive == 0 || connect.keep_alive > greatest;
        (connect.version == ProtocolVersion::V5 && greatest > 0 && longer).then_some(greatest)
    }

    /// An identifier that nobody has, 32 bytes at most so that the feeds show it whole.
    fn make_client_id(&self, now: Now, id: ConnectionId) -> Text {
        let mut salt = 0u32;
        loop {
            let name = format!("auto-{:x}-{:x}", now.unix.as_millis(), id.0.wrapping_add(salt.into()));
            let name = Text::try_from(name).expect("hexadecimal digits");
            if !self.clients.contains_key(&name) {
                return name;
            }
            salt += 1;
        }
    }

    /// Ends the connection that serves the session before the new one is acknowledged.
    fn take_over(&mut self, now: Now, new: ConnectionId, old: ConnectionId, client_id: &Text) {
        self.report_take_over(now, new, old, client_id);
        self.expel(now, old, ReasonCode::SessionTakenOver, Reason::TakenOver);
    }
}
