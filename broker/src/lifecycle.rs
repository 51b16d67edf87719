//! A session's life: left, taken up again, ended.

use crate::connection::Link;
use crate::inflight::Pending;
use crate::key::SessionKey;
use crate::session::FOREVER;
use crate::timers::Timer;
use crate::{Broker, ConnectionId, Now, Record};
use headcount_mqtt::{QoS, TopicFilter, Will};
use std::time::Duration;

impl Broker {
    /// The connection of a session ended.
    pub(crate) fn leave_session(&mut self, now: Now, id: ConnectionId, link: &Link, will: Option<Box<Will>>) {
        let key = link.session;
        let Some(session) = self.sessions.get_mut(key.0) else { return };
        session.connection = None;
        if let Some(out) = &mut session.outgoing {
            // A retained message at QoS 0 that was not sent is not part of the session (4.1.0).
            out.backlog.retain(|it| it.qos > QoS::AtMostOnce);
        }
        let expiry = session.expiry;
        self.presence_left(now, id, key);
        // [MQTT-3.1.2-12 (3.1.1)] without a Will nothing is said.
        if let Some(will) = will {
            self.leave_will(now, key, will);
        }
        if expiry == 0 {
            self.remove_session(now, key); // [MQTT-4.1.0-2]
            return;
        }
        if expiry < FOREVER {
            let at = now.monotonic + Duration::from_secs(expiry.into());
            let session = self.sessions.get_mut(key.0).expect("it outlives its connection");
            session.ends = Some(at);
            self.timers.set(at, Timer::Session(key));
        }
        self.record_session(key, Some(now.unix));
    }

    /// Ends a session: its Will, its subscriptions, and what a group may give to another member.
    pub(crate) fn remove_session(&mut self, now: Now, key: SessionKey) {
        // A Will is not held back beyond its session (3.1.3.2.2).
        self.publish_pending_will(now, key);
        let Some(mut session) = self.sessions.remove(key.0) else { return };
        self.clients.remove(&session.client_id);
        if let Some(at) = session.ends {
            self.timers.clear(at, Timer::Session(key));
        }
        let shares: Vec<(TopicFilter, _)> = session
            .subscriptions
            .keys()
            .filter(|filter| filter.shared().is_some())
            .filter_map(|filter| Some((filter.clone(), self.subscriptions.share_of(filter)?)))
            .collect();
        for filter in session.subscriptions.keys() {
            self.subscriptions.remove(filter, key);
        }
        self.emitter.bonds.forget(key);
        if session.recorded {
            let client_id = session.client_id.clone();
            self.persist(|| Record::SessionRemoved { client_id });
        }
        self.forget_presence(now, &session);
        let Some(outgoing) = session.outgoing.take() else { return };
        for (sent, pending) in outgoing.into_unreceived() {
            // [MQTT-4.8.2-5] what was sent at QoS 2 is for nobody else.
            let movable = !sent || pending.qos == QoS::AtLeastOnce;
            if movable && shares.iter().any(|(_, share)| Some(*share) == pending.share) {
                self.pass_on(now, pending);
            }
        }
    }

    /// Gives a message of a group to another member.
    fn pass_on(&mut self, now: Now, pending: Pending) {
        let Some(share) = pending.share else { return };
        let Some(member) = self.choose(share, &pending.message.topic, pending.message.qos) else { return };
        let qos = pending.message.qos.min(member.options.qos);
        let retain = pending.retain && member.options.retain_as_published;
        let identifiers = member.options.identifier.into_iter().collect();
        let (key, message, share) = (member.session, pending.message, Some(share));
        if qos > QoS::AtMostOnce {
            self.enqueue(key, message, qos, retain, identifiers, share);
            return self.pump(now, key);
        }
        let connection = self.sessions.get(key.0).and_then(|session| session.connection);
        if let Some(id) = connection.filter(|_| message.expiry(now.monotonic).is_some()) {
            let pending = Pending { message, qos, retain, identifiers, share, number: 0 };
            self.send_at_most_once(now, key, id, &pending);
        }
    }

    /// A new connection took the session up: its member of a group too [MQTT-4.8.2-4]. Unfinished messages are sent
    /// again, then what waits [MQTT-4.4.0-1].
    pub(crate) fn resume(&mut self, now: Now, key: SessionKey) {
        if let Some(out) = self.sessions.get_mut(key.0).and_then(|session| session.outgoing.as_mut()) {
            out.inflight.rewind();
            self.pump(now, key);
        }
    }

    /// Records the state of a session that outlives its connection, or did so when storage heard of it.
    pub(crate) fn record_session(&mut self, key: SessionKey, left_unix: Option<Duration>) {
        let durable = self.config.durable;
        let Some(session) = self.sessions.get_mut(key.0) else { return };
        if !durable || !(session.recorded || session.outlives_connection()) {
            return;
        }
        session.recorded = true;
        let record = Record::SessionSet {
            client_id: session.client_id.clone(),
            user_name: session.account.user_name().cloned(),
            expiry: session.expiry,
            left_unix,
        };
        self.persist(|| record);
    }
}
